"""What is answered about what people did: a resolution, and the log."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from hosts.model import AuditEntry, Host
from languages import Locale
from slack.command import LONGEST_SUGGESTION, Forget, UsageError
from slack.phrases import cut, lasting, person, when
from slack.replies import fit, standing
from slack.text import code, inert, to_type


def resolved(
    hosts: Iterable[Host],
    now: datetime,
    locale: Locale,
    *,
    doubt_after: timedelta,
) -> str:
    """The same for the one who resolved it and for whoever asks again."""
    return fit([_resolved(host, now, locale, doubt_after) for host in hosts], locale)


def _resolved(host: Host, now: datetime, locale: Locale, doubt_after: timedelta) -> str:
    name, last = code(host.name), host.closed[-1] if host.closed else None
    if host.open:  # Google has said so again meanwhile
        return standing(host, now, locale, doubt_after)
    if last is None or last.ended is None or last.resolved_by is None:
        return f"👌 {locale.language.nothing_to_resolve(name)}"
    count = sum(i.resolved_by is not None and i.ended == last.ended for i in host.closed)
    who, at = person(last.resolved_by, locale), when(last.ended, locale)
    return f"☑️ {locale.language.resolved(name, count, who, at)}"


def check_closed(hosts: Iterable[Host], locale: Locale) -> None:
    """Raises UsageError while something is open: such a host cannot be forgotten."""
    for host in hosts:
        if host.open:
            raise UsageError(locale.language.still_open(code(host.name), to_type(f"resolve {host.name}")))


def check_heard_of(hosts: Iterable[Host], locale: Locale) -> None:
    """Raises UsageError for a host that only stands in the configuration."""
    for host in hosts:
        if not host.was_heard_of:
            raise UsageError(locale.language.nothing_to_forget(code(host.name)))


def would_be_forgotten(command: Forget, hosts: Sequence[Host], locale: Locale, *, muted: bool) -> str:
    """What would be lost, and what to type all the same. A problem, for `usage`. `muted`: one of them is."""
    names = " ".join(code(cut(host.name)) for host in hosts)
    closed = [incident.started for host in hosts for incident in host.closed]
    since = min([*closed, *(host.known_since for host in hosts if host.known_since)])
    lost = locale.language.history_lost(len(closed), when(since, locale), muted=muted)
    return locale.language.confirm_forget(
        names, lost, to_type(cut(f"forget! {command.typed}", LONGEST_SUGGESTION))
    )


def forgotten(names: Iterable[str], watched: Collection[str], locale: Locale) -> str:
    """`watched` are the hosts of the configuration: they are known all the same."""
    lines = []
    for name in names:
        lines.append(f"🗑️ {locale.language.forgotten(code(name))}")
        lines += [f"↳ {locale.language.still_watched}"] if name in watched else []
    return fit(lines, locale)


def log(deeds: Sequence[AuditEntry], locale: Locale, *, of: Sequence[str] = ()) -> str:
    """The latest first, as many as fit. `of`: the hosts and patterns that were asked for, if any were."""
    language = locale.language
    if not deeds:
        return (
            language.nothing_logged_of(", ".join(map(code, map(cut, of)))) if of else language.nothing_logged
        )
    return fit([language.log_title, *(_row(deed, locale) for deed in reversed(deeds))], locale)


def _row(deed: AuditEntry, locale: Locale) -> str:
    who, what = person(deed.by, locale), code(cut(deed.what))
    parts = [locale.language.audit_entry(deed.did, who, what, when(deed.at, locale))]
    parts += [lasting(deed, locale)] if deed.until or deed.until_up else []
    parts += [locale.language.reason(inert(deed.reason))] if deed.reason else []
    return f"• {' · '.join(parts)}"
