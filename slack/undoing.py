"""Works out what to type to undo one's last change."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from hosts.model import Action, AuditEntry, Mute
from hosts.mutes import active, open_incidents
from hosts.patterns import is_pattern
from languages import Locale
from slack.audit_replies import entry_row
from slack.command import CommandContext
from slack.host_arguments import MOST_HOSTS, typed_names
from slack.replies import fit
from slack.suggestions import LONGEST_SUGGESTION
from slack.text import cut, one_line, to_type

MOST_NAMED = 5  # changes of one request that the reply names


def undo(user_id: str, context: CommandContext) -> str:
    """Returns the commands to type, each on its own line."""
    language, done = context.language, _last_change(user_id, context.state.log)
    if not done:
        return language.nothing_to_undo
    titled = [entry._replace(target=context.title(entry.target)) for entry in done[:MOST_NAMED]]
    named = ", ".join(entry_row(entry, context.locale) for entry in titled)
    more = len(done) - MOST_NAMED
    said = f"{named} {language.and_more_hosts(more)}" if more > 0 else named
    if done[0].action not in (Action.REMOVE, Action.RESTORE):
        return language.cannot_be_undone(said)
    commands = [to_type(command) for command in _commands(done, context)]
    if not commands:
        return language.is_undone_already(said)
    typed = "\n".join(["", *commands]) if len(commands) > 1 else f" {commands[0]}"
    return fit(language.to_undo(done=said, command=typed).splitlines(), context.locale)


def _last_change(user_id: str, log: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Returns the audit entries of the last request in which a user changed something."""
    own = [entry for entry in log if user_id and entry.by.id == user_id]
    return [e for e in own if (e.at, e.request, e.action) == (own[-1].at, own[-1].request, own[-1].action)]


def _commands(done: Sequence[AuditEntry], context: CommandContext) -> Iterator[str]:
    """Yields commands that restore earlier mutes, with end and reason, and unmute the rest."""
    verbs, muted = context.language.mute_verbs[0], active(context.state, context.now)
    names: dict[tuple[str, str], list[str]] = {}
    for entry in done:
        before = _mute_before(entry, context.state.log)
        if before and _would_last(before, context):
            names.setdefault((verbs.mute, _typed_end(before, context.locale)), []).append(entry.target)
        elif entry.action is Action.REMOVE and entry.target in muted:
            names.setdefault((verbs.unmute, ""), []).append(entry.target)
        elif entry.action is Action.RESTORE and before is None:
            names.setdefault((verbs.mute, ""), []).append(entry.target)
    for (verb, end), targets in names.items():
        titles = [*map(context.title, targets)]
        mark = "!" if verb == verbs.mute and any(map(is_pattern, titles)) else ""  # confirms a pattern
        yield from _typed(f"{verb}{mark}", titles, end)


def _mute_before(entry: AuditEntry, log: Sequence[AuditEntry]) -> AuditEntry | None:
    """Returns the entry of the mute that a change replaced or ended; None if the log has none."""
    earlier = [other for other in log[: log.index(entry)] if other.target == entry.target]
    last = earlier[-1] if earlier else None
    if last is None or last.action is not Action.REMOVE or (last.until and last.until <= entry.at):
        return None
    return last


def _would_last(entry: AuditEntry, context: CommandContext) -> bool:
    mute = Mute(entry.target, *entry.by, entry.at, entry.until, entry.until_up)
    if mute.until_up:
        return bool(open_incidents(mute, context.state))
    return mute.until is None or mute.until > context.now


def _typed_end(mute: AuditEntry, locale: Locale) -> str:
    """Returns an end as it is typed, rounded up to the minute."""
    language, end = locale.language, ""
    if mute.until:
        until = (mute.until + timedelta(seconds=59)).astimezone(locale.zone)
        end = language.until_then(f"{until:%Y-%m-%d %H:%M}")
    elif mute.until_up:
        end = language.typed_until_up
    if not mute.reason:
        return end
    return f"{end or language.typed_endless}: {one_line(mute.reason)}"


def _typed(verb: str, hosts: Sequence[str], end: str) -> Iterator[str]:
    """Yields commands: several if there is too much for one."""
    command, count = "", 0
    for host in typed_names(hosts):
        if command and (count == MOST_HOSTS or len(command) + len(host) + len(end) + 2 > LONGEST_SUGGESTION):
            yield f"{command} {end}".strip()
            command = ""
        command, count = f"{command or verb} {host}", count + 1 if command else 1
    yield cut(f"{command} {end}".strip(), LONGEST_SUGGESTION)
