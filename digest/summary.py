"""A state and an instant -> the digest of that instant."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from digest.model import Digest, Down, Muted, Recovery, Warned
from state.model import Host, Incident, Kind, State, Status

# Google closes an incident without data by itself after 7 days unless told otherwise.
DOUBT_AFTER = timedelta(days=7)


def summarize(  # noqa: PLR0913 - what a digest depends on
    state: State,
    now: datetime,
    *,
    next_at: datetime | None = None,
    problems: Collection[str] = (),
    doubt_after: timedelta = DOUBT_AFTER,
    hosts: Collection[str] = (),
) -> Digest:
    """How everything stands. What is new or recovered is so since the last digest that Slack took.

    `hosts` are known to be watched: they are up until something else is heard.
    """
    covers = state.digest.covers
    troubled, changed, up = _sifted(state)
    up += [name for name in hosts if name not in state.hosts and name not in state.mutes]
    down = [_down(host, covers, now - doubt_after) for host in troubled if host.status is Status.DOWN]
    warned = [_warned(host, covers) for host in troubled if host.status is Status.WARNING]
    recovered = [_recovery(host, covers) for host in changed if _has_recovered(host, covers)]
    return Digest(
        at=now,
        down=tuple(sorted(down, key=lambda entry: (entry.since, entry.host.name))),
        recovered=tuple(sorted(recovered, key=lambda entry: (entry.at, entry.host), reverse=True)),
        warnings=tuple(sorted(warned, key=lambda entry: (entry.since, entry.host.name))),
        up=tuple(sorted(up)),
        muted=tuple(
            Muted(mute, state.hosts.get(name, Host(name)).status)
            for name, mute in sorted(state.mutes.items())
        ),
        received=bool(state.hosts),
        problems=tuple(problems),
        next_at=next_at,
    )


def _sifted(state: State) -> tuple[list[Host], list[Host], list[str]]:
    """Hosts with open incidents, hosts that changed since the last digest, names of hosts up.

    Few of many are troubled or changed: only they are looked at closely.
    """
    troubled, changed, up = [], [], []
    covers, mutes = state.digest.covers, state.mutes
    for name, host in state.hosts.items():
        if name in mutes:
            continue
        if host.open:
            troubled.append(host)
        else:
            up.append(name)
        if host.edition > covers:
            changed.append(host)
    return troubled, changed, up


def together(incidents: Iterable[Incident], now: datetime) -> timedelta:
    """How long any of the incidents was open: time that overlaps counts once."""
    total, reached = timedelta(), None
    for incident in sorted(incidents, key=lambda i: i.started):
        ended = incident.ended or now
        begun = incident.started if reached is None else max(incident.started, reached)
        total += max(ended - begun, timedelta())
        reached = ended if reached is None else max(ended, reached)
    return total


def _down(host: Host, covers: int, doubtful_before: datetime) -> Down:
    outages = [i for i in host.open if i.kind is Kind.DOWNTIME]
    return Down(
        host,
        since=min(i.started for i in outages),
        new=all(i.edition > covers for i in outages),
        doubtful=all(i.started < doubtful_before for i in outages),
    )


def _warned(host: Host, covers: int) -> Warned:
    since = min(i.started for i in host.open)
    return Warned(host, since, new=all(i.edition > covers for i in host.open))


def _has_recovered(host: Host, covers: int) -> bool:
    return host.status is not Status.DOWN and bool(_ended(host, covers))


def _ended(host: Host, covers: int) -> list[Incident]:
    return [i for i in host.past if i.edition > covers and i.kind is Kind.DOWNTIME]


def _recovery(host: Host, covers: int) -> Recovery:
    ended = _ended(host, covers)
    at = max(i.ended or i.started for i in ended)
    return Recovery(
        host.name,
        at=at,
        lasted=together(ended, at),
        outages=len(ended),
        cancelled=all(i.cancelled for i in ended),
    )
