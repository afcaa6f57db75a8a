"""What is answered about what people did: a resolution, and the log."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from hosts.model import AuditEntry, Host
from hosts.outages import DOUBT_AFTER
from languages import ENGLISH, Language
from slack.command import TYPED_BACK, Forget, UsageError
from slack.phrases import cut, lasting, person, when
from slack.replies import fit, standing
from slack.text import code, inert, to_type


def resolved(
    hosts: Iterable[Host],
    zone: tzinfo,
    now: datetime,
    language: Language = ENGLISH,
    doubt_after: timedelta = DOUBT_AFTER,
) -> str:
    """The same for the one who resolved it and for whoever asks again."""
    return fit([_resolved(host, zone, now, language, doubt_after) for host in hosts], language)


def _resolved(host: Host, zone: tzinfo, now: datetime, language: Language, doubt_after: timedelta) -> str:
    name, last = code(host.name), host.closed[-1] if host.closed else None
    if host.open:  # Google has said so again meanwhile
        return standing(host, now, language, doubt_after)
    if last is None or last.ended is None or last.resolved_by is None:
        return f"👌 {language.nothing_to_resolve(name)}"
    count = sum(i.resolved_by is not None and i.ended == last.ended for i in host.closed)
    who, at = person(last.resolved_by, language), when(last.ended, zone, language)
    return f"☑️ {language.resolved(name, count, who, at)}"


def check_closed(hosts: Iterable[Host], language: Language = ENGLISH) -> None:
    """Raises UsageError while something is open: such a host cannot be forgotten."""
    for host in hosts:
        if host.open:
            raise UsageError(language.still_open(code(host.name), to_type(f"resolve {host.name}")))


def check_heard_of(hosts: Iterable[Host], language: Language = ENGLISH) -> None:
    """Raises UsageError for a host that only stands in the configuration."""
    for host in hosts:
        if not host.was_ever_reported:
            raise UsageError(language.nothing_to_forget(code(host.name)))


def would_be_forgotten(
    command: Forget, hosts: Sequence[Host], zone: tzinfo, language: Language = ENGLISH, *, muted: bool
) -> str:
    """What would be lost, and what to type all the same. A problem, for `usage`. `muted`: one of them is."""
    names = " ".join(code(cut(host.name)) for host in hosts)
    closed = [incident.started for host in hosts for incident in host.closed]
    since = min([*closed, *(host.known_since for host in hosts if host.known_since)])
    lost = language.lost(len(closed), when(since, zone, language), muted=muted)
    return language.would_be_forgotten(names, lost, to_type(cut(f"forget! {command.typed}", TYPED_BACK)))


def forgotten(names: Iterable[str], watched: Collection[str], language: Language = ENGLISH) -> str:
    """`watched` are the hosts of the configuration: they are known all the same."""
    lines = []
    for name in names:
        lines.append(f"🗑️ {language.forgotten(code(name))}")
        lines += [f"↳ {language.still_watched}"] if name in watched else []
    return fit(lines, language)


def log(
    deeds: Sequence[AuditEntry], zone: tzinfo, language: Language = ENGLISH, *, of: Sequence[str] = ()
) -> str:
    """The latest first, as many as fit. `of`: the hosts and patterns that were asked for, if any were."""
    if not deeds:
        return (
            language.nothing_logged_of(", ".join(map(code, map(cut, of)))) if of else language.nothing_logged
        )
    return fit([language.log_title, *(_row(deed, zone, language) for deed in reversed(deeds))], language)


def _row(deed: AuditEntry, zone: tzinfo, language: Language) -> str:
    who, target = person(deed.by, language), code(cut(deed.target))
    parts = [language.deed(deed.action, who, target, when(deed.at, zone, language))]
    parts += [lasting(deed, zone, language)] if deed.until or deed.until_up else []
    parts += [language.because(inert(deed.reason))] if deed.reason else []
    return f"• {' · '.join(parts)}"
