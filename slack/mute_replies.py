"""What is answered when hosts are taken off the list and put back: mrkdwn, as in `replies`."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from digest.model import Muted
from hosts.model import Host, Mute, Status
from hosts.mutes import is_pattern
from languages import Locale
from slack import phrases
from slack.phrases import cut, lasting, names
from slack.replies import fit, removed_by, standing
from slack.text import code, inert, to_type

UNDO = 300  # characters of the command that undoes
_STATUSES = tuple(Status)


class Removed(NamedTuple):
    """A mute, and the hosts that it means now."""

    mute: Mute
    hosts: Sequence[Host]


class Restored(NamedTuple):
    """A host or pattern that was to be restored, the hosts that it stands for, and what hides it `still`."""

    name: str
    hosts: Sequence[Host]
    still: Mute | None = None


def removed(found: Sequence[Removed], locale: Locale) -> str:
    """The same for the one who removed them and for whoever asks again."""
    language = locale.language
    (mute, hosts), *others = found
    until, by = lasting(mute, locale), removed_by(mute, locale)
    undo = _undo([mute.host for mute, _ in found])
    if others or is_pattern(mute.host):
        lines = [f"🔕 {language.hosts_muted(until, by, undo)}"]
        rows = [_removed_row(mute, hosts, locale) for mute, hosts in found]
    else:
        stands = (
            language.status_now(language.statuses[hosts[0].status])
            if hosts[0].was_heard_of
            else language.unheard
        )
        lines, rows = [f"🔕 {language.host_muted(code(mute.host), until, by, stands, undo)}"], []
    lines += [language.reason(inert(mute.reason))] if mute.reason else []
    return fit([*lines, *rows], locale)


def _removed_row(mute: Mute, hosts: Sequence[Host], locale: Locale) -> str:
    language = locale.language
    if not is_pattern(mute.host):
        return f"• {code(cut(mute.host))} — {phrases.status(hosts[0], locale)}"
    if not hosts:
        return f"• {code(mute.host)} — {language.matches_none}"
    shown, count = next(names([host.name for host in hosts]))
    rest = f" {language.headings.muted.more(len(hosts) - count)}" if count < len(hosts) else ""
    return f"• {code(mute.host)} — {language.matches(len(hosts))}: {shown}{rest}"


def _undo(hosts: Sequence[str]) -> str:
    typed = " ".join(f'"{host}"' if " " in host and len(hosts) > 1 else host for host in hosts)
    return to_type(f"restore {typed if len(typed) <= UNDO else 'HOST'}")


def removed_list(muted: Sequence[Muted], locale: Locale) -> str:
    if not muted:
        return locale.language.no_mutes
    rows = [f"• {code(cut(entry.mute.host))} — {_listed(entry, locale)}" for entry in muted]
    return fit([locale.language.mute_count(len(muted)), *rows], locale)


def _listed(entry: Muted, locale: Locale) -> str:
    language = locale.language
    stands = language.status_now(language.statuses[entry.status]) if entry.heard_of else language.unheard
    if is_pattern(entry.mute.host):
        stands = language.status_now(language.hosts_and_down(entry.hosts, entry.down))
    parts = [language.mute_row(removed_by(entry.mute, locale), stands)]
    parts += [lasting(entry.mute, locale)]
    parts += [language.reason(inert(entry.mute.reason))] if entry.mute.reason else []
    return " · ".join(parts)


def restored(
    found: Sequence[Restored],
    now: datetime,
    locale: Locale,
    *,
    doubt_after: timedelta,
) -> str:
    """What is in trouble comes first."""
    first = sorted(found, key=lambda entry: _STATUSES.index(_worst(entry.hosts)))
    return fit([line for entry in first for line in _restored(entry, now, locale, doubt_after)], locale)


def _restored(entry: Restored, now: datetime, locale: Locale, doubt_after: timedelta) -> Iterator[str]:
    language = locale.language
    name = code(entry.name)
    if entry.still:
        by = entry.still.host
        yield f"🔕 {language.still_muted(name, code(by), _undo([by]))}"
    elif is_pattern(entry.name):
        down = sum(host.status is Status.DOWN for host in entry.hosts)
        yield f"🔔 {language.pattern_restored(name, language.hosts_and_down(len(entry.hosts), down))}"
        yield from (standing(host, now, locale, doubt_after) for host in entry.hosts if host.open)
    else:
        yield from (
            f"🔔 {language.host_restored(name)} {standing(host, now, locale, doubt_after)}"
            for host in entry.hosts
        )


def _worst(hosts: Sequence[Host]) -> Status:
    return min((host.status for host in hosts), key=_STATUSES.index, default=Status.UP)
