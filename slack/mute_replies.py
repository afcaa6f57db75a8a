"""Renders the replies to `remove`, `removed` and `restore`."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.model import Muted
from hosts.incident import Person
from hosts.model import Host, Mute, Status
from hosts.mutes import is_pattern
from languages import Locale
from slack.phrases import cut, display_name, mute_end, name_lines, status_now, when
from slack.replies import fit, status_line
from slack.rows import muted_by
from slack.text import code, inert, to_type

MAX_UNDO = 300  # characters of the command that undoes
_WORST_FIRST = tuple(Status)


class MutedHosts(NamedTuple):
    """A new mute, and the hosts that it hides now."""

    mute: Mute
    hosts: Sequence[Host]


class RestoredHosts(NamedTuple):
    """A restored host or pattern, and the hosts that it stands for.

    Attributes:
        still: the pattern's mute that hides the host all the same.
    """

    name: str
    hosts: Sequence[Host]
    still: Mute | None = None


def muted(
    found: Sequence[MutedHosts],
    now: datetime,
    locale: Locale,
    *,
    doubt_after: timedelta,
    verb: str = "restore",
) -> str:
    """The same for a repeated request as for the one that muted them. `verb` is the one that undoes it."""
    (mute, hosts), *others = found
    language = locale.language
    until, by = mute_end(mute, locale), _by(mute, locale)
    undo = _undo([each.mute.host for each in found], verb)
    if others or is_pattern(mute.host):
        title = language.hosts_muted(until, by, undo)
        rows = [_muted_row(each, now, locale, doubt_after) for each in found]
    else:
        status = ", ".join(status_now(hosts[0], now, locale, doubt_after))
        title, rows = language.host_muted(code(mute.host), until, by, status, undo), []
    reason = [language.reason(inert(mute.reason))] if mute.reason else []
    return fit([f"🔕 {title}", *reason, *rows], locale)


def _by(mute: Mute, locale: Locale) -> str:
    who = display_name(Person(mute.by, mute.by_name), locale)
    return locale.language.by(who, when(mute.at, locale))


def _muted_row(found: MutedHosts, now: datetime, locale: Locale, doubt_after: timedelta) -> str:
    (mute, hosts), language = found, locale.language
    if not is_pattern(mute.host):
        return f"• {code(cut(mute.host))} — {', '.join(status_now(hosts[0], now, locale, doubt_after))}"
    if not hosts:
        return f"• {code(mute.host)} — {language.matches_none}"
    shown, count = next(name_lines([host.name for host in hosts]))
    rest = f" {language.headings.muted.more(len(hosts) - count)}" if count < len(hosts) else ""
    return f"• {code(mute.host)} — {language.matches(len(hosts))}: {shown}{rest}"


def _undo(hosts: Sequence[str], verb: str) -> str:
    names = " ".join(f'"{host}"' if " " in host and len(hosts) > 1 else host for host in hosts)
    return to_type(f"{verb} {names if len(names) <= MAX_UNDO else 'HOST'}")


def muted_list(entries: Sequence[Muted], now: datetime, locale: Locale, *, doubt_after: timedelta) -> str:
    if not entries:
        return locale.language.no_mutes
    rows = [_list_row(entry, now, locale, doubt_after) for entry in entries]
    return fit([locale.language.mute_count(len(entries)), *rows], locale)


def _list_row(entry: Muted, now: datetime, locale: Locale, doubt_after: timedelta) -> str:
    mute, language = entry.mute, locale.language
    if entry.host:
        status = ", ".join(status_now(entry.host, now, locale, doubt_after))
    else:
        status = language.status_now(language.hosts_and_down(entry.host_count, entry.down_count))
    parts = [f"{muted_by(mute, now, locale, starts=True)} ({status})"]
    parts += [language.reason(inert(mute.reason))] if mute.reason else []
    return f"• {code(cut(mute.host))} — {' · '.join(parts)}"


def restored(
    found: Sequence[RestoredHosts],
    now: datetime,
    locale: Locale,
    *,
    doubt_after: timedelta,
    verb: str = "restore",
) -> str:
    """Hosts that are down come first. `verb` is the one that was typed."""
    entries = sorted(found, key=lambda entry: min(map(_rank, entry.hosts), default=len(_WORST_FIRST) - 1))
    return fit(
        [line for entry in entries for line in _restored(entry, now, locale, doubt_after, verb)], locale
    )


def still_muted(name: str, other: str, locale: Locale, *, verb: str) -> str:
    """`name` is the code span of a host, `other` the name of a mute that hides it all the same."""
    return f"🔕 {locale.language.still_muted(name, code(other), _undo([other], verb))}"


def _rank(host: Host) -> int:
    return _WORST_FIRST.index(host.status)


def _restored(
    entry: RestoredHosts, now: datetime, locale: Locale, doubt_after: timedelta, verb: str
) -> Iterator[str]:
    language, name = locale.language, code(entry.name)
    if entry.still:
        yield still_muted(name, entry.still.host, locale, verb=verb)
    elif is_pattern(entry.name):
        down = sum(host.status is Status.DOWN for host in entry.hosts)
        yield f"🔔 {language.pattern_unmuted(name, language.hosts_and_down(len(entry.hosts), down))}"
        yield from (status_line(host, now, locale, doubt_after) for host in entry.hosts if host.open)
    else:
        for host in entry.hosts:
            yield f"🔔 {language.host_unmuted(name)} {status_line(host, now, locale, doubt_after)}"
