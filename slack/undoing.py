"""Works out what to type to undo one's last change."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from hosts.model import Action, AuditEntry, Mute
from hosts.mutes import active, is_over
from hosts.patterns import is_pattern
from languages import Locale, word_for
from slack.audit_replies import entry_row
from slack.command import CommandContext
from slack.host_lists import typed_commands
from slack.moments import moment_to_type
from slack.replies import fit
from slack.text import one_line, quoted, to_type

MOST_NAMED = 5  # changes of one request that the reply names


def undo(
    user_id: str, log: Sequence[AuditEntry], context: CommandContext, *, asked: Sequence[str] = ()
) -> str:
    """Returns the commands to type, each on its own line, and what others have changed since.

    `log` has the entries that it is about; `asked` are the hosts and patterns it was limited to.
    """
    language, done = context.language, _last_change(user_id, log)
    if not done:
        names = ", ".join(map(quoted, asked))
        return language.nothing_to_undo_of(names) if asked else language.nothing_to_undo
    said = _named(done, context)
    if done[0].action not in (Action.REMOVE, Action.RESTORE):
        return language.cannot_be_undone(said)
    since = _changed_since(done, log)
    left = [entry for entry in done if entry.target not in since]
    commands = [to_type(command) for command in _commands(left, context)]
    typed = "\n".join(["", *commands]) if len(commands) > 1 else f" {''.join(commands)}"
    answer = language.to_undo(done=said, command=typed) if commands else language.is_undone_already(said)
    stays = [f"↳ {language.replaced_since(_named([*since.values()], context))}"] if since else []
    by_host = to_type(f"{word_for('undo', language)} HOST")
    hint = f" · {language.undo_of_one(by_host)}"
    return fit([*answer.splitlines(), *stays], context.locale, hint=hint)


def _named(entries: Sequence[AuditEntry], context: CommandContext) -> str:
    """Names the first changes and counts the others."""
    titled = map(context.titled_entry, entries[:MOST_NAMED])
    named = ", ".join(entry_row(entry, context.locale) for entry in titled)
    more = len(entries) - MOST_NAMED
    return f"{named} {context.language.and_more_hosts(more)}" if more > 0 else named


def _last_change(user_id: str, log: Sequence[AuditEntry]) -> list[AuditEntry]:
    """Returns the audit entries of the last request in which a user changed something."""
    own = [entry for entry in log if user_id and entry.by.id == user_id]
    return [e for e in own if (e.at, e.request, e.action) == (own[-1].at, own[-1].request, own[-1].action)]


def _changed_since(done: Sequence[AuditEntry], log: Sequence[AuditEntry]) -> dict[str, AuditEntry]:
    """Returns the last later change of each mute, by target: only others can have made one."""
    targets, later = {entry.target for entry in done}, log[log.index(done[-1]) + 1 :]
    return {e.target: e for e in later if e.target in targets and e.action is not Action.RESOLVE}


def _commands(done: Sequence[AuditEntry], context: CommandContext) -> Iterator[str]:
    """Yields commands that bring the replaced mutes back, with end and reason, and unmute the rest."""
    verbs, muted = context.language.mute_verbs[0], active(context.state, context.now)
    names: dict[tuple[str, str], list[str]] = {}
    for entry in done:
        before, is_mute = entry.replaced, entry.action is Action.REMOVE
        # One "until up" replaces another if more has happened since: no command brings that one back.
        is_alike = before and is_mute and _expiry(before) == _expiry(entry)
        if before and not is_alike and not is_over(before, context.state, context.now):
            names.setdefault((verbs.mute, _typed_end(before, context.locale)), []).append(entry.target)
        elif is_mute and entry.target in muted:
            names.setdefault((verbs.unmute, ""), []).append(entry.target)
    for (verb, end), targets in names.items():
        titles = [*map(context.title, targets)]
        # Confirms the mute of a pattern; unmutes nothing else that it matches.
        mark = "!" if any(map(is_pattern, titles)) else ""
        yield from (command for command, _ in typed_commands(f"{verb}{mark}", titles, end))


def _expiry(of: Mute | AuditEntry) -> tuple[datetime | None, bool, str]:
    return of.until, of.until_up, of.reason


def _typed_end(mute: Mute, locale: Locale) -> str:
    """Returns an end and a reason as they are typed."""
    language, end = locale.language, ""
    if mute.until:
        end = language.until_then(moment_to_type(mute.until, locale.zone))
    elif mute.until_up:
        end = language.typed_until_up
    if not mute.reason:
        return end
    return f"{end or language.typed_endless}: {one_line(mute.reason)}"
