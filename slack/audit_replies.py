"""Renders the replies to `resolve`, `forget` and `log`."""

from collections.abc import Collection, Iterable, Sequence

from hosts.model import AuditEntry, Host
from languages import Locale, word_for
from slack.command import Forget, UsageError, suggested
from slack.phrases import Context, display_name, mute_end, reason, when
from slack.replies import fit, status_line
from slack.text import code, quoted, to_type


def resolved(hosts: Iterable[Host], context: Context, *, unchanged: Collection[str] = ()) -> str:
    """`unchanged` are the hosts on which nothing was open, so no resolution of theirs is shown."""
    rows = [_resolved(host, context, had_open=host.name not in unchanged) for host in hosts]
    return fit(rows, context.locale)


def _resolved(host: Host, context: Context, *, had_open: bool) -> str:
    name, locale = code(host.name), context.locale
    last = host.closed[-1] if host.closed else None
    if host.open:  # Google has reopened it meanwhile
        return status_line(host, context)
    if not had_open or last is None or last.ended is None or last.resolved_by is None:
        return f"👌 {locale.language.nothing_to_resolve(name)}"
    count = sum(i.resolved_by is not None and i.ended == last.ended for i in host.closed)
    who, at = display_name(last.resolved_by, locale), when(last.ended, locale)
    return f"☑️ {locale.language.resolved(host=name, incidents=count, who=who, at=at)}"


def check_forgettable(hosts: Iterable[Host], locale: Locale) -> None:
    """Raises UsageError if anything is open, and for a host known only from `hosts:` or its checks."""
    language = locale.language
    for host in hosts:
        name, resolve = code(host.name), to_type(f"{word_for('resolve', language)} {host.name}")
        if host.open:
            raise UsageError(language.still_open(host=name, resolve=resolve))
        if not host.has_history:
            is_checked = host.watch is not None and not host.is_gone
            why_known = language.still_checked if is_checked else language.perhaps_configured
            raise UsageError(f"{language.nothing_to_forget(name)} {why_known}")


def confirm_forget(command: Forget, hosts: Sequence[Host], locale: Locale, *, has_mute: bool) -> str:
    """What would be lost, and what to type to go on; the text of a UsageError."""
    names = " ".join(quoted(host.name) for host in hosts)
    started = [incident.started for host in hosts for incident in host.closed]
    since = min([*started, *(host.dropped_until for host in hosts if host.dropped_until)])
    lost = locale.language.history_lost(len(started), when(since, locale), muted=has_mute)
    again = suggested(f"{command.verb}! {command.typed}")
    return locale.language.confirm_forget(hosts=names, lost=lost, command=again)


def forgotten(
    names: Iterable[str], configured: Collection[str], checked: Collection[str], locale: Locale
) -> str:
    """`configured` hosts and those that an uptime check watches stay known."""
    lines = []
    for name in names:
        lines.append(f"🗑️ {locale.language.forgotten(code(name))}")
        lines += [f"↳ {locale.language.still_watched}"] if name in configured else []
        lines += [f"↳ {locale.language.still_checked}"] if name in checked else []
    return fit(lines, locale)


def log(entries: Sequence[AuditEntry], locale: Locale, *, asked: Sequence[str] = ()) -> str:
    """As many entries as fit, the latest first. `asked` are the hosts and patterns it was limited to."""
    language = locale.language
    if entries:
        rows = (f"• {entry_row(entry, locale)}" for entry in reversed(entries))
        return fit([language.log_title, *rows], locale)
    return language.nothing_logged_of(", ".join(map(quoted, asked))) if asked else language.nothing_logged


def entry_row(entry: AuditEntry, locale: Locale) -> str:
    """Returns a line of the log: who did what and when and, for a mute, until when and why."""
    did = locale.language.did(entry.action, display_name(entry.by, locale), quoted(entry.target))
    parts = [f"{when(entry.at, locale)}: {did}"]
    parts += [mute_end(entry, locale)] if entry.until or entry.until_up else []
    return " · ".join([*parts, *reason(entry, locale)])
