"""Commands that change nothing: parse, look up the hosts, reply."""

from collections.abc import Iterable, Sequence

from digest.google_view import GoogleView
from digest.job import DigestJob
from hosts.model import AuditEntry, Host, Status
from hosts.mutes import mute_lookup, mutes_lookup, outlasting
from hosts.outages import Period, newest_outages
from hosts.patterns import ALL_HOSTS, is_pattern
from hosts.uptime import uptimes
from slack import audit_replies, doctor_replies, mute_replies, replies
from slack.command import (
    Check,
    CommandContext,
    Doctor,
    Down,
    Help,
    History,
    HostQuery,
    Log,
    Query,
    Removed,
    Undo,
    Version,
)
from slack.digest_message import down_list, render_text
from slack.help_replies import help_text, instead_of_help
from slack.host_arguments import finding_concerned, finding_named, parsing_logged
from slack.mute_requests import parsing_removed
from slack.offers import checking
from slack.replies import MAX_OUTAGES_SHOWN
from slack.undoing import undo
from turns import Steps, in_turns
from version import VERSION


def finding_outages(hosts: Iterable[Host]) -> Steps[list[Period]]:
    """Return the outages that `history` shows, the latest first."""
    found: list[Period] = []
    for host in hosts:
        yield
        found = newest_outages([host], MAX_OUTAGES_SHOWN, found)
    return found


class Queries:
    """Answers the commands that change nothing."""

    def __init__(self, job: DigestJob, google: GoogleView) -> None:
        self._job = job
        self._google = google

    async def answer(self, query: Query, context: CommandContext, user_id: str = "") -> str:
        """Return the reply to a user in mrkdwn. Raises UsageError."""
        match query:
            case Help():
                return await _help(query, context)
            case Doctor():
                return doctor_replies.report(self._google, context.now, context.locale)
            case Version():
                return f"`uptime-check-manager` {VERSION}"  # a line that begins with "uptime" is a command
            case Check(typed=None, status=status):
                return await self._overview(status, context)
            case _:
                return await self._about_hosts(query, context, user_id)

    async def _about_hosts(self, query: HostQuery, context: CommandContext, user_id: str) -> str:
        match query:
            case Check():
                return await self._check(query, context)
            case History():
                return await _history(query, context)
            case Down():
                return await self._down(query, context)
            case Removed():
                return await self._removed(query, context)
            case Log():
                return await _log(query, context)
            case Undo():
                return await _undo(query, context, user_id)

    async def _overview(
        self, status: Status | None, context: CommandContext, hosts: tuple[str, ...] = ALL_HOSTS
    ) -> str:
        digest = await self._job.current(hosts)
        if status is None:
            return render_text(digest, context.locale)
        return replies.hosts_by_status(digest, status, context)

    async def _check(self, query: Check, context: CommandContext) -> str:
        """Report each host; for patterns, a digest of the hosts they match.

        With a status, hosts of another one are left out, unless only one host was asked for.
        """
        names, hosts = await in_turns(finding_named(query, context))
        if len(hosts) == 1:
            return _report(hosts[0], context)
        if query.status or any(map(is_pattern, names)):
            return await self._overview(query.status, context, tuple(names))
        reports = "\n".join(_report(host, context) for host in hosts)
        return replies.fit(reports.splitlines(), context.locale)

    async def _down(self, query: Down, context: CommandContext) -> str:
        """A single host gets its whole report, whether it is down or not."""
        if not query.typed:
            return down_list(await self._job.current(), context.locale)
        names, hosts = await in_turns(finding_named(query, context))
        if len(hosts) == 1:
            return _report(hosts[0], context)
        return down_list(await self._job.current(tuple(names)), context.locale, with_muted=True)

    async def _removed(self, query: Removed, context: CommandContext) -> str:
        wanted = await in_turns(parsing_removed(query, context)) if query.typed else context.state.mutes
        muted = (await self._job.current()).muted
        return mute_replies.muted_list([entry for entry in muted if entry.key in wanted], context)


async def _help(query: Help, context: CommandContext) -> str:
    manual = help_text(query, context.locale)
    if not query.ignored:
        return manual
    return f"{manual}\n{await in_turns(checking(instead_of_help(query, context.locale), context))}"


async def _log(query: Log, context: CommandContext) -> str:
    log, asked = await _logged(query, context)
    return audit_replies.log([*map(context.titled_entry, log)], context.locale, asked=asked)


async def _undo(query: Undo, context: CommandContext, user_id: str) -> str:
    log, asked = await _logged(query, context)
    return undo(user_id, log, context, asked=asked)


async def _logged(query: Log | Undo, context: CommandContext) -> tuple[Sequence[AuditEntry], list[str]]:
    """Return the entries about the hosts and patterns typed, and their titles; else all."""
    log = context.state.log
    names = await in_turns(parsing_logged(query, context)) if query.typed else []
    if names:
        targets = {entry.target for entry in log}
        wanted = await in_turns(finding_concerned(names, targets, context.hosts))
        log = tuple(entry for entry in log if entry.target in wanted)
    return log, [*map(context.title, names)]


def _report(host: Host, context: CommandContext) -> str:
    mutes = mutes_lookup(context.state, context.now)(host.name)
    mute = mutes[0] if mutes else None
    return replies.host_report(
        context.titled(host.name),
        mute and context.titled_mute(mute),
        context,
        figures=uptimes(host, context.now),
        also=[*map(context.titled_mute, outlasting(mute, mutes))] if mute else (),
        key=host.name,
    )


async def _history(query: History, context: CommandContext) -> str:
    mute_of, title = mute_lookup(context.state, context.now), context.title
    hosts = [*context.state.hosts.values()]
    if query.typed:
        _, hosts = await in_turns(finding_named(query, context))
    outages = await in_turns(finding_outages(hosts))
    mutes = {title(outage.host.name): mute_of(outage.host.name) for outage in outages}
    shown = [o._replace(host=o.host._replace(name=title(o.host.name))) for o in outages]
    return replies.history(shown, mutes.get, context)
