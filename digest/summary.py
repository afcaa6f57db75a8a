"""A state and an instant -> the digest of that instant."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from digest.model import Digest, Down, Recovery, Warned
from digest.muting import muted, returned
from digest.weekly import Weekly
from state.incident import Incident, Kind
from state.model import DEFAULT, Host, State
from state.mutes import Hides, hiding

# Google closes an incident without data by itself after 7 days unless told otherwise.
DOUBT_AFTER = timedelta(days=7)

_longest_first = attrgetter("since", "host.name")
_latest_first = attrgetter("at", "host.name")  # in reverse


def summarize(  # noqa: PLR0913 - what a digest depends on
    state: State,
    now: datetime,
    *,
    next_at: datetime | None = None,
    problems: Collection[str] = (),
    doubt_after: timedelta = DOUBT_AFTER,
    hosts: Collection[str] = (),
    channel: str = DEFAULT,
    shows: Callable[[str], object] = bool,
    weekly: Weekly | None = None,
) -> Digest:
    """How everything stands. What is new or recovered is so since the last digest that `channel` took.

    `hosts` are known to be watched: they are up until something else is heard. Only those count of
    whose name `shows` says something true.
    """
    covers = state.record(channel).covers
    hides = hiding(state, now)
    troubled, changed, up = _sifted(state, covers, shows, hides)
    down, warned = _troubled(troubled, covers, now - doubt_after)
    is_down = {entry.host.name for entry in down}
    recovered = _recovered([host for host in changed if host.name not in is_down], covers)
    silent = [n for n in hosts if n not in state.hosts and shows(n)]
    up += [n for n in silent if not hides(n)]
    return Digest(
        at=now,
        down=tuple(sorted(down, key=_longest_first)),
        recovered=tuple(sorted(recovered, key=_latest_first, reverse=True)),
        warnings=tuple(sorted(warned, key=_longest_first)),
        up=tuple(sorted(up)),
        returned=returned(state, now, covers, shows),
        muted=muted(state, now, silent, shows),
        received=bool(state.hosts),
        problems=tuple(problems),
        next_at=next_at,
        weekly=weekly,
    )


def _sifted(
    state: State, covers: int, shows: Callable[[str], object], hides: Hides
) -> tuple[list[Host], list[Host], list[str]]:
    """Hosts with open incidents, hosts that changed since the last digest, names of hosts up.

    Few of many are troubled or changed: only they are looked at closely.
    """
    troubled, changed, up = [], [], []
    all_shown = shows is bool
    for name, host in state.hosts.items():
        if hides(name) or not (all_shown or shows(name)):
            continue
        if host.open:
            troubled.append(host)
        else:
            up.append(name)
        if host.edition > covers:
            changed.append(host)
    return troubled, changed, up


def _troubled(
    hosts: Iterable[Host], covers: int, doubtful_before: datetime
) -> tuple[list[Down], list[Warned]]:
    down, warned = [], []
    downtime = Kind.DOWNTIME  # to look it up costs more than to compare with it
    for host in hosts:
        if outages := [i for i in host.open if i.kind is downtime]:
            began, latest, edition = _extremes(outages)
            down.append(Down(host, began, edition > covers, latest < doubtful_before))
        else:
            began, _, edition = _extremes(host.open)
            warned.append(Warned(host, began, edition > covers))
    return down, warned


def _extremes(incidents: Sequence[Incident]) -> tuple[datetime, datetime, int]:
    """When the first began, when the last began, and the earliest edition."""
    if len(incidents) == 1:  # nearly always: with thousands down, the general way is felt
        only = incidents[0]
        return only.started, only.started, only.edition
    started = [incident.started for incident in incidents]
    return min(started), max(started), min(incident.edition for incident in incidents)


def _recovered(hosts: Iterable[Host], covers: int) -> list[Recovery]:
    downtime = Kind.DOWNTIME
    ended = [(host, [i for i in host.past.after(covers) if i.kind is downtime]) for host in hosts]
    return [recovery_of(host, outages) for host, outages in ended if outages]


def recovery_of(host: Host, ended: Sequence[Incident]) -> Recovery:
    """Of incidents in the order of their ends."""
    at = ended[-1].ended or ended[-1].started  # the latest, as `past` is ordered
    last = [i for i in ended if i.ended == at]
    resolved_by = next((i.resolved_by for i in last if i.resolved_by), None)
    return Recovery(host, at, ended, any(i.cancelled for i in last), resolved_by)
