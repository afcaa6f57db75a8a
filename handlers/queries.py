"""What is answered to those who ask and change nothing."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from digest.job import DigestJob
from digest.model import Digest
from hosts.identity import Titles
from hosts.model import Host
from hosts.mutes import mute_lookup
from hosts.outages import Period, newest_outages
from hosts.patterns import ALL_HOSTS
from hosts.uptime import uptimes
from languages import Language
from slack import audit_replies, mute_replies, replies
from slack.command import Check, Down, Help, History, Log, Question, Removed, UsageError
from slack.digest_message import down_list, render_text
from slack.host_arguments import concerning, hosts_alone, hosts_in, meant
from slack.host_names import Names
from slack.mute_requests import meant_now
from slack.phrases import cut
from slack.replies import history
from slack.text import code
from state.store import Store

MOST_OUTAGES = 20  # in one history
LOOKED_AT_ONCE = 200  # hosts: a few milliseconds at worst


async def last_outages(hosts: Sequence[Host]) -> list[Period]:
    """The last `MOST_OUTAGES`, the latest first. Yields to the event loop in between."""
    found: list[Period] = []
    for at in range(0, len(hosts), LOOKED_AT_ONCE):
        found = newest_outages(hosts[at : at + LOOKED_AT_ONCE], MOST_OUTAGES, found)
        await asyncio.sleep(0)
    return found


class Queries:
    def __init__(  # noqa: PLR0913 - what an answer depends on
        self,
        store: Store,
        job: DigestJob,
        *,
        known: Callable[[], Mapping[str, Host]],
        zone: tzinfo,
        language: Language,
        doubt_after: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._job = job
        self._known = known
        self._zone = zone
        self._language = language
        self._now = now
        self._doubt_after = doubt_after

    async def to(self, question: Question) -> str:
        """Raises UsageError."""
        match question:
            case Help(command=about):
                return replies.help_text(about, self._language)
            case Check(host=typed):
                return self._report(typed) if typed else await self._overview()
            case History(typed=typed):
                return await self._history(typed)
            case Down(typed=typed):
                return await self._down(typed) if typed else await self._all_down()
            case Removed(typed=typed):
                return await self._removed(typed)
            case Log(typed=typed):
                return self._log(typed)

    def _titles(self) -> Titles:
        return Titles(self._store.state.hosts)

    async def _overview(self) -> str:
        return render_text(await self._current(), self._zone, self._language)

    async def _all_down(self) -> str:
        return down_list(await self._current(), self._zone, self._language)

    async def _down(self, typed: str) -> str:
        """Of one host everything is told, be it down or not."""
        asked, hosts = self._meant("down", typed)
        if not hosts:
            raise UsageError(replies.unknown(cut(typed), [], self._language))
        if len(hosts) == 1:
            return self._report_of(hosts[0])
        return down_list(await self._current(tuple(asked)), self._zone, self._language, with_muted=True)

    async def _removed(self, typed: str | None) -> str:
        muted = (await self._current()).muted
        if typed:
            mutes, titles = self._store.state.mutes, self._titles()
            asked = hosts_in(typed, "removed", (*self._known(), *mutes), self._language)
            about = set(map(titles, concerning(asked, mutes)))
            muted = tuple(entry for entry in muted if entry.mute.host in about)
            if not muted:
                named = ", ".join(code(cut(titles(name))) for name in asked)
                raise UsageError(self._language.none_removed_matches(named))
        return mute_replies.removed_list(muted, self._zone, self._language)

    def _log(self, typed: str | None) -> str:
        log, titles, asked = self._store.state.log, self._titles(), list[str]()
        if typed:
            names = {deed.target for deed in log}
            asked = hosts_in(typed, "log", (*self._known(), *names), self._language)
            about = concerning(asked, names)
            log = tuple(deed for deed in log if deed.target in about)
        shown = [deed._replace(target=titles(deed.target)) for deed in log]
        return audit_replies.log(shown, self._zone, self._language, of=[*map(titles, asked)])

    async def _current(self, hosts: tuple[str, ...] = ALL_HOSTS) -> Digest:
        """Others get a turn before it is put into words."""
        digest = self._job.current(hosts)
        await asyncio.sleep(0)
        return digest

    def _report(self, typed: str) -> str:
        known = self._known()
        reports = [
            self._report_of(known[name]) for name in hosts_alone("check", typed, known, self._language)
        ]
        if len(reports) == 1:
            return reports[0]
        return replies.fit("\n".join(reports).splitlines(), self._language)

    def _report_of(self, host: Host) -> str:
        now, titles = self._now(), self._titles()
        mute = mute_lookup(self._store.state, now)(host.name)
        mute = mute and mute._replace(host=titles(mute.host))
        known = uptimes(host, now)
        shown = host._replace(name=titles(host.name))
        return replies.host_report(
            shown, mute, self._zone, now, self._language, known=known, doubt_after=self._doubt_after
        )

    async def _history(self, typed: str | None) -> str:
        now, hides = self._now(), mute_lookup(self._store.state, self._now())
        hosts = self._meant("history", typed)[1] if typed else [*self._store.state.hosts.values()]
        titles = self._titles()
        outages = await last_outages(hosts)
        mute_replies = {titles(outage.host.name): hides(outage.host.name) for outage in outages}
        shown = [o._replace(host=o.host._replace(name=titles(o.host.name))) for o in outages]
        zone, language = self._zone, self._language
        return history(shown, mute_replies.get, zone, now, language, doubt_after=self._doubt_after)

    def _meant(self, verb: str, typed: str) -> tuple[list[str], list[Host]]:
        """The names and patterns typed, and the hosts that they stand for now."""
        known = self._known()
        names = Names(known)
        asked = meant(typed, f"{verb} {typed}", names, self._language)
        found = (meant_now(name, names) for name in asked)
        return asked, [known[name] for name in dict.fromkeys(name for each in found for name in each)]
