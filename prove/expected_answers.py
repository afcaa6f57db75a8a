"""What the answers to `uptime check HOST` and `uptime history` must say."""

from collections.abc import Collection, Sequence

from prove.expected_hosts import Retention, also_muted, droppable, flapping, is_perhaps_lost, standing
from prove.oracle import DAY, World, open_incidents
from prove.values import ANYTHING, WORDS, Maybe, OneOf, Value, lasting, moment, percents

WINDOWS = {"24 h": DAY, "7 d": 7 * DAY, "30 d": 30 * DAY}


def check(world: World, host: str, retention: Retention, told: Sequence[object]) -> dict[str, Value]:
    """What `uptime check HOST` must say."""
    gone = droppable(world, host, retention, told)
    current = world.outage(host)
    over = [i for i in world.of(host) if i.over is not None and not (current and i.id in current.ids)]
    return {
        "status": standing(world, host, may_be_unknown=bool(gone)),
        "uptime": ANYTHING if gone else _uptime(world, host),
        "open": {
            i.id: f"{moment(i.start)}, {lasting(max(0, world.now - i.start))}"
            for i in open_incidents(world, host)
        },
        "closed": OneOf(range(len(over) - len(gone), len(over) + 1)),
        "muted": world.is_muted(host),
        "also": _also_muted(world, host),
        "flapping": flapping(world, host) if world.of(host) else "",
        "lost": is_perhaps_lost(world, host),
    }


def _also_muted(world: World, host: str) -> Value:
    """The mute that is shown is its own, or else that of the longest pattern."""
    names = sorted(world.mutes_of(host), key=lambda name: (name != host, -len(name), name))
    return OneOf(also_muted(world, world.active[names[0]], host)) if names else []


def _uptime(world: World, host: str) -> Value:
    first = world.known_since(host)
    if first is None or first > world.now - DAY:
        return {}
    told: dict[str, Value] = {}
    for label, length in WINDOWS.items():
        if first > world.now - length:
            told[WORDS.since(moment(first))] = Maybe(_percents(world, host, world.now - first))
            break
        told[label] = _percents(world, host, length)
    return told


def _percents(world: World, host: str, length: int) -> OneOf:
    down, known = world.uptime([host], length)
    count = sum(outage.touches(world.now - length) for outage in world.outages(host))
    return OneOf(percents(down, known, outages=count) if known else ["100", "0.00"])


def history(
    world: World, hosts: Collection[str], retention: Retention, told: Sequence[object]
) -> list[tuple[str, int, int | None, bool]]:
    """Outages: host, start, end, and whether some of it may have been dropped; the latest first."""
    rows = []
    for host in hosts:
        gone = {incident.id for incident in droppable(world, host, retention, told)}
        rows += [(host, o.start, o.over, bool(gone & o.ids)) for o in world.outages(host)]
    return sorted(rows, key=lambda row: -row[1])
