"""What must be said about one host, wherever it appears."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hosts import model
from hosts.incident import Ending
from prove.oracle import DAY, REPEATED, Incident, Kind, Mute, Span, Status, World, open_incidents
from prove.values import PERSON, WORDS, OneOf, Told, Value, lasting, moment

DOUBT = 365 * DAY  # an outage open for longer may be over, its close having been lost
FLAPPING = 3  # outages that began within a day


@dataclass(frozen=True)
class Retention:
    per_host: int = 100
    days: int = 90


def status(world: World, host: str) -> str:
    if not world.of(host):
        return WORDS.never_reported
    return WORDS.statuses[model.Status(world.status(host).value)]


def stands(world: World, host: str) -> str:
    return WORDS.status_now(status(world, host)) if world.of(host) else WORDS.never_reported


def standing(world: World, host: str, *, may_be_unknown: bool = False) -> Value:
    if not world.of(host):
        return WORDS.has_no_status(host)
    going_on = world.going_on(host)
    if going_on:
        say = WORDS.is_down if world.status(host) is Status.DOWN else WORDS.has_warning
        return say(host=host, duration=lasting(going_on.lasts(world.now)))
    since = world.since(host)
    said = WORDS.is_up(host, "" if since is None else lasting(max(0, world.now - since)))
    if may_be_unknown or ended_by_an_edit(world, host):
        return OneOf([said, WORDS.is_up(host, "")])
    return said


def is_perhaps_lost(world: World, host: str) -> bool:
    """Whether all that keeps the host down has been open for so long that its close may have been lost."""
    still = [i.start for i in open_incidents(world, host) if i.kind is Kind.DOWNTIME]
    return bool(still) and max(still) < world.now - DOUBT


def flapping(world: World, host: str) -> str | OneOf:
    """Outages closed by an edit of a policy do not count; those closed by one in part may or may not."""
    begun = [outage for outage in world.outages(host) if outage.start >= world.now - DAY]
    sure = [o for o in begun if not any(i.cancelled for i in o.incidents) and o.start > world.now - DAY]
    open_to_doubt = [o for o in begun if o not in sure and not all(i.cancelled for i in o.incidents)]
    counts = range(len(sure), len(sure) + len(open_to_doubt) + 1)
    said = {WORDS.flapping(outages=count, hours=24) if count >= FLAPPING else "" for count in counts}
    return OneOf(said)


def doubts_of(world: World, host: str) -> list[list[str]]:
    """What must be said about a host besides its status, wherever it appears."""
    often = flapping(world, host)
    values = often.values if isinstance(often, OneOf) else [often]
    lost = [WORDS.close_may_be_lost] if is_perhaps_lost(world, host) else []
    return [[*([str(value)] if value else []), *lost] for value in values]


def ended_by_an_edit(world: World, host: str) -> bool:
    """Whether its last incident was closed by an edit, which does not show since when it is up."""
    since = world.since(host)
    return any(incident.cancelled and incident.over == since for incident in world.of(host))


def over_text(world: World, host: str, outages: Collection[Span]) -> Told:
    at = moment(max(outage.over or 0 for outage in outages))
    total, count = lasting(sum(outage.lasts(world.now) for outage in outages)), len(outages)
    incidents = [incident for outage in outages for incident in outage.incidents]
    said = set()
    if not all(incident.cancelled or incident.resolved is not None for incident in incidents):
        said.add(WORDS.recovery(at, total, count, Ending.RECOVERED))
    if any(incident.cancelled for incident in incidents):
        said.add(WORDS.recovery(at, total, count, Ending.CLOSED))
    if any(incident.resolved is not None for incident in incidents):
        said.add(WORDS.resolution(at, total, count, PERSON))
    return {"told": OneOf(said), "flapping": flapping(world, host)}


def until(mute: Mute) -> str:
    if mute.about:
        return WORDS.until_each_up if "*" in mute.name else WORDS.until_up
    return WORDS.until_unmuted if mute.until is None else WORDS.until(moment(mute.until))


def also_muted(world: World, mute: Mute, host: str) -> list[list[str]]:
    """What must be said about the mutes that may hide a host after this one: any of them, if several do alike."""
    others = [other for name in world.mutes_of(host) if (other := world.active[name]) != mute]
    if _is_endless(mute):
        return [[]]
    if endless := [other for other in others if _is_endless(other)]:
        return [[_also(other)] for other in endless]
    later = [o for o in others if o.until is not None and (mute.until is None or o.until > mute.until)]
    latest = [o for o in later if o.until == max(each.until or 0 for each in later)]
    waiting = [other for other in others if other.about and not mute.about]
    return [[*one, *two] for one in _any_of(latest) for two in _any_of(waiting)]


def _is_endless(mute: Mute) -> bool:
    return mute.until is None and not mute.about


def _any_of(mutes: Collection[Mute]) -> list[list[str]]:
    return [[_also(mute)] for mute in mutes] or [[]]


def _also(mute: Mute) -> str:
    return WORDS.also_muted(name=f"`{mute.name}`", who=PERSON, until=until(mute))


def droppable(world: World, host: str, retention: Retention, told: Sequence[object]) -> list[Incident]:
    """The incidents that may have been dropped: over the limits, old, reported, and not part of a current outage."""
    known = World(told, world.now).incidents  # type: ignore[arg-type]
    over = sorted((i for i in world.of(host) if i.over is not None), key=lambda i: -(i.over or 0))
    going_on = {i for span in (world.outage(host), world.warning(host)) if span for i in span.ids}
    return [
        incident
        for place, incident in enumerate(over)
        if (place >= retention.per_host or (incident.over or 0) < world.now - retention.days * DAY)
        and (incident.over or 0) <= world.now - REPEATED
        and incident.id in known
        and known[incident.id].over is not None
        and incident.id not in going_on
    ]
