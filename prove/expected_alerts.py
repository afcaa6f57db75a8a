"""What the next alert must say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from prove.expected_hosts import over_text
from prove.oracle import Mute, Resolve, Span, World, matches
from prove.values import Maybe, OneOf, Value, lasting, subsets


@dataclass
class Alerted:
    """The alerts so far: for each outage, the incidents that it consisted of then."""

    down: list[frozenset[str]] = field(default_factory=list)
    still: list[frozenset[str]] = field(default_factory=list)
    over: list[frozenset[str]] = field(default_factory=list)
    excused: set[str] = field(default_factory=set)  # of outages that ended while their host was muted


@dataclass(frozen=True)
class Hold:
    hosts: Collection[str]
    hold: int
    escalate_after: int


def alerts(
    world: World, told: Alerted, hold: Hold, patterns: Collection[str] = ()
) -> dict[str, dict[str, Value]]:
    """What the next alert must say: `down`, `still` and `over`."""
    hosts = [h for h in world.shown(patterns) if any(matches(p, h) for p in hold.hosts)]
    outages = {host: world.outages(host) for host in hosts}
    going_on = {host: outage for host in hosts if (outage := world.outage(host))}
    others_to_come = [o for o in going_on.values() if o.lasts(world.now) < hold.hold]
    said: dict[str, dict[str, Value]] = {"down": {}, "still": {}, "over": {}}
    for host, outage in going_on.items():
        lasts = outage.lasts(world.now)
        row = {"lasting": lasting(lasts)}
        if _is_among(outage, told.over):
            said["down"][host] = said["still"][host] = Maybe(row)  # Google has reopened it
        elif outage.start > world.now + hold.hold:
            said["down"][host] = Maybe(row)  # by a clock that was ahead, so nobody knows how long it lasts
        elif not _is_among(outage, told.down) and lasts >= hold.hold:
            waits = others_to_come and lasts < 2 * hold.hold
            said["down"][host] = Maybe(row) if waits else row
        elif _is_among(outage, told.down) and not _was_told_as(host, outage, told.down):
            said["down"][host] = said["still"][host] = Maybe(row)  # it was alerted under another name
        elif _is_due_again(host, outage, told, lasts >= hold.escalate_after):
            said["still"][host] = row
    for host in (host for host in hosts if host not in going_on):  # what is over is said once it is up again
        over = [o for o in outages[host] if _end_is_due(o, told, hold)]
        was_renamed = any(_is_among(o, told.down) and not _was_told_as(host, o, told.down) for o in over)
        over += [o for o in outages[host] if was_renamed or _is_corrected_at_once(world, o, told)]
        if over:  # the alert may include shorter ones
            over += [o for o in outages[host] if o.over is not None and not _is_among(o, told.over)]
        open_to_doubt = [
            outage
            for outage in dict.fromkeys(over)
            if _may_be_left_out(world, outage, told)
            or not _end_is_due(outage, told, hold)
            or (_is_among(outage, told.down) and not _was_told_as(host, outage, told.down))
        ]
        sure = [outage for outage in dict.fromkeys(over) if outage not in open_to_doubt]
        rows = [
            over_text(world, host, [*sure, *some])["told"] for some in subsets(open_to_doubt) if sure or some
        ]
        if rows:
            any_of_them = OneOf([text for row in rows if isinstance(row, OneOf) for text in row.values])
            said["over"][host] = any_of_them if sure else Maybe(any_of_them)
    return said


def excuse(world: World, told: Alerted) -> None:
    """Outages that ended while their host was muted need no alert."""
    for host in world.hosts:
        if world.is_muted(host):
            told.excused.update(
                i for outage in world.outages(host) if outage.over is not None for i in outage.ids
            )


def _is_due_again(host: str, outage: Span, told: Alerted, lasts_long: bool) -> bool:
    return lasts_long and _was_told_as(host, outage, told.down) and not _was_told_as(host, outage, told.still)


def _was_told_as(host: str, outage: Span, alerts: Iterable[frozenset[str]]) -> bool:
    return any(outage.ids & ids and by_name(host) in ids for ids in alerts)


def by_name(host: str) -> str:
    """An entry beside the ids of an alert, for the name of the host in it."""
    return f"host {host}"


def _end_is_due(outage: Span, told: Alerted, hold: Hold) -> bool:
    if outage.over is None or _is_among(outage, told.over):
        return False
    return _is_among(outage, told.down) or outage.over - outage.start >= hold.hold


def _may_be_left_out(world: World, outage: Span, told: Alerted) -> bool:
    is_excused = bool(outage.ids & told.excused) or _ended_while_muted(world, outage)
    return is_excused or _is_about(world, outage) or _is_among(outage, told.over)


def _ended_while_muted(world: World, outage: Span) -> bool:
    """Whether somebody muted its host for a time within which it ended, whenever that became known."""
    mutes = (fact for fact in world.facts if isinstance(fact, Mute) and fact.until is not None)
    hosts = {incident.host for incident in outage.incidents}
    return outage.over is not None and any(
        mute.at <= outage.over <= (mute.until or 0) and any(matches(mute.name, host) for host in hosts)
        for mute in mutes
    )


def _is_corrected_at_once(world: World, outage: Span, told: Alerted) -> bool:
    """Whether its recovery was alerted, but it went on, or Google's close corrects a person's resolution."""
    if outage.over is None or not _is_among(outage, told.over):
        return False
    was_resolved = any(isinstance(fact, Resolve) for fact in world.facts)
    return was_resolved or not any(outage.ids <= ids for ids in told.over)


def _is_among(outage: Span, told: Iterable[frozenset[str]]) -> bool:
    return any(outage.ids & ids for ids in told)


def _is_about(world: World, outage: Span) -> bool:
    """Whether somebody muted its host until this outage is over."""
    return any(isinstance(fact, Mute) and fact.about & outage.ids for fact in world.facts)
