"""What is answered when hosts are taken off the list and put back: mrkdwn, as in `replies`."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from digest.model import Muted
from hosts.model import Host, Mute, Status
from hosts.mutes import is_pattern
from hosts.outages import DOUBT_AFTER
from languages import ENGLISH, Language
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


def removed(found: Sequence[Removed], zone: tzinfo, language: Language = ENGLISH) -> str:
    """The same for the one who removed them and for whoever asks again."""
    (mute, hosts), *others = found
    until, by = lasting(mute, zone, language), removed_by(mute, zone, language)
    undo = _undo([mute.host for mute, _ in found])
    if others or is_pattern(mute.host):
        lines = [f"🔕 {language.removed_many(until, by, undo)}"]
        rows = [_removed_row(mute, hosts, language) for mute, hosts in found]
    else:
        stands = (
            language.now(language.statuses[hosts[0].status])
            if hosts[0].was_ever_reported
            else language.unheard
        )
        lines, rows = [f"🔕 {language.removed(code(mute.host), until, by, stands, undo)}"], []
    lines += [language.because(inert(mute.reason))] if mute.reason else []
    return fit([*lines, *rows], language)


def _removed_row(mute: Mute, hosts: Sequence[Host], language: Language) -> str:
    if not is_pattern(mute.host):
        return f"• {code(cut(mute.host))} — {phrases.status(hosts[0], language)}"
    if not hosts:
        return f"• {code(mute.host)} — {language.matches_none}"
    shown, count = next(names([host.name for host in hosts]))
    rest = f" {language.headings.muted.more(len(hosts) - count)}" if count < len(hosts) else ""
    return f"• {code(mute.host)} — {language.matches(len(hosts))}: {shown}{rest}"


def _undo(hosts: Sequence[str]) -> str:
    typed = " ".join(f'"{host}"' if " " in host and len(hosts) > 1 else host for host in hosts)
    return to_type(f"restore {typed if len(typed) <= UNDO else 'HOST'}")


def removed_list(muted: Sequence[Muted], zone: tzinfo, language: Language = ENGLISH) -> str:
    if not muted:
        return language.none_removed
    rows = [f"• {code(cut(entry.mute.host))} — {_listed(entry, zone, language)}" for entry in muted]
    return fit([language.removed_count(len(muted)), *rows], language)


def _listed(entry: Muted, zone: tzinfo, language: Language) -> str:
    stands = language.now(language.statuses[entry.status]) if entry.is_known else language.unheard
    if is_pattern(entry.mute.host):
        stands = language.now(language.hosts_and_down(entry.host_count, entry.down_count))
    parts = [language.removed_row(removed_by(entry.mute, zone, language), stands)]
    parts += [lasting(entry.mute, zone, language)]
    parts += [language.because(inert(entry.mute.reason))] if entry.mute.reason else []
    return " · ".join(parts)


def restored(
    found: Sequence[Restored],
    now: datetime,
    language: Language = ENGLISH,
    doubt_after: timedelta = DOUBT_AFTER,
) -> str:
    """What is in trouble comes first."""
    first = sorted(found, key=lambda entry: _STATUSES.index(_worst(entry.hosts)))
    return fit([line for entry in first for line in _restored(entry, now, language, doubt_after)], language)


def _restored(entry: Restored, now: datetime, language: Language, doubt_after: timedelta) -> Iterator[str]:
    name = code(entry.name)
    if entry.still:
        by = entry.still.host
        yield f"🔕 {language.still_hidden(name, code(by), _undo([by]))}"
    elif is_pattern(entry.name):
        down = sum(host.status is Status.DOWN for host in entry.hosts)
        yield f"🔔 {language.pattern_restored(name, language.hosts_and_down(len(entry.hosts), down))}"
        yield from (standing(host, now, language, doubt_after) for host in entry.hosts if host.open)
    else:
        yield from (
            f"🔔 {language.restored(name)} {standing(host, now, language, doubt_after)}"
            for host in entry.hosts
        )


def _worst(hosts: Sequence[Host]) -> Status:
    return min((host.status for host in hosts), key=_STATUSES.index, default=Status.UP)
