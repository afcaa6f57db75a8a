"""What must be said about a world: digests, alerts and answers, as values to compare with what was said.

Where the definitions leave something open, each of several values is right, or an entry may be missing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any

from hosts import model
from hosts.incident import Ending
from languages.english import English
from languages.language import Language
from prove.oracle import (
    DAY,
    REPEATED,
    Incident,
    Kind,
    Mute,
    Report,
    Resolve,
    Restore,
    Span,
    Status,
    World,
    as_known_then,
    matches,
    open_incidents,
)

WORDS: Language = English()
PERSON = "steve"
WINDOWS = {"24 h": DAY, "7 d": 7 * DAY, "30 d": 30 * DAY}
WEEK = 7 * DAY
DOUBT = 365 * DAY  # an outage open for longer may be over, its close having been lost
FLAPPING = 3  # outages that began within a day
LONGEST = 3  # hosts that the weekly line names

Value = object  # text, a number, or a Mapping of these; OneOf and Maybe where something is left open
Told = Mapping[str, Value]


@dataclass(frozen=True)
class OneOf:
    values: Collection[Value]


@dataclass(frozen=True)
class Maybe:
    """An entry that may be missing."""

    value: Value


ANYTHING = OneOf(())


@dataclass(frozen=True)
class Taken:
    """A digest that was accepted: how many facts were known when it was made, when, and which mutes had ended."""

    facts: int
    at: int
    ended: frozenset[Mute] = frozenset()


@dataclass(frozen=True)
class Retention:
    per_host: int = 100
    days: int = 90


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


def lasting(seconds: int) -> str:
    """The two largest units: `1 d 3 h`, `4 min`, `0 s`."""
    days, hours, minutes = seconds // DAY, seconds // 3600 % 24, seconds // 60 % 60
    told = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds % 60, "s")]
    largest = next((place for place, (count, _) in enumerate(told) if count), 3)
    two = told[largest : largest + 2] if largest < 2 else told[largest : largest + 1]
    return " ".join(f"{count} {unit}" for count, unit in two if count or (count, unit) == two[0])


def moment(at: int) -> str:
    return f"@{at}"


def status(world: World, host: str) -> str:
    if not world.of(host):
        return WORDS.never_reported
    return WORDS.statuses[model.Status(world.status(host).value)]


def stands(world: World, host: str) -> str:
    return WORDS.status_now(status(world, host)) if world.of(host) else WORDS.never_reported


def digest(world: World, last: Taken | None, patterns: Collection[str] = ()) -> dict[str, Value]:
    """What a digest must say now if `last` was the previous one; `uptime check` says the same."""
    told = _told_hosts(world, last, patterns)
    counts = {"warnings": len(mapping(told["warnings"])), "muted": 0, "muted_down": 0}
    if world.shown(patterns) or not _is_heard_of(world, patterns):  # otherwise the headline counts them
        muted = _muted_hosts(world, patterns)
        counts["muted"] = len(muted)
        counts["muted_down"] = sum(world.status(host) is Status.DOWN for host in muted)
    counts["recovered"] = OneOf(_sizes(mapping(told["recovered"])))  # type: ignore[assignment]
    return {"headline": _headline(world, patterns), "counts": counts, **told}


def _told_hosts(world: World, last: Taken | None, patterns: Collection[str]) -> dict[str, Value]:
    then = as_known_then(world, last.facts, last.at) if last else None
    shown = world.shown(patterns)
    outages = {host: span for host in shown if (span := world.outage(host))}
    warnings = {h: span for h in shown if h not in outages and (span := world.warning(h))}
    recovered = {host: row for host in shown if (row := _recovery(world, then, host))}
    up = [host for host in shown if world.status(host) is Status.UP]
    is_said = len(shown) == 1 or (up == shown and _is_heard_of(world, patterns))  # the headline says it
    return {
        "down": {h: _down(world, then, h, s, patterns) for h, s in outages.items()},
        "order": _order(world, then, outages, patterns),
        "recovered": recovered,
        "warnings": {
            h: {
                "lasting": lasting(s.lasts(world.now)),
                "new": _is_new(then, s, patterns),
                "flapping": _flapping(world, h),
            }
            for h, s in warnings.items()
        },
        "up": {host: Maybe("") if is_said else "" for host in up},
        "returned": _returned(world, last, patterns),
        "muted": _muted(world, patterns),
    }


def _headline(world: World, patterns: Collection[str]) -> str:
    shown, muted = world.shown(patterns), _muted_hosts(world, patterns)
    is_anything_known = any(isinstance(fact, Report) for fact in world.facts)
    if not _is_heard_of(world, patterns) and (shown or muted or not is_anything_known):
        of_these = is_anything_known and shown
        return WORDS.nothing_received_of(len(shown)) if of_these else WORDS.nothing_received
    statuses = [world.status(host) for host in shown]
    down = statuses.count(Status.DOWN)
    if len(shown) == 1:
        say = WORDS.only_down if down else WORDS.only_warned if Status.WARNING in statuses else WORDS.only_up
        return say(f"`{shown[0]}`")
    if not statuses:
        down = sum(world.status(host) is Status.DOWN for host in muted)
        return WORDS.all_muted(len(muted), down) if muted else WORDS.no_host
    if down:
        return WORDS.some_down(down, len(statuses))
    if Status.WARNING in statuses:
        return WORDS.none_down(len(statuses))
    return WORDS.all_up(len(statuses))


def _is_heard_of(world: World, patterns: Collection[str]) -> bool:
    """Whether Google has reported any host that is not muted or, if all are muted, any at all."""
    return any(world.of(host) for host in world.shown(patterns) or world.of_channel(patterns))


def _order(
    world: World, then: World | None, outages: Mapping[str, Span], patterns: Collection[str]
) -> Mapping[str, Value] | OneOf:
    """New ones first, the latest first; then the others, the longest first; those in doubt last."""
    found: dict[str, list[int]] = {"new": [], "others": [], "doubtful": []}
    for host, span in outages.items():
        is_new = _is_new(then, span, patterns)
        if isinstance(is_new, OneOf):
            return ANYTHING
        group = "doubtful" if is_perhaps_lost(world, host) else "new" if is_new else "others"
        found[group].append(span.start)
    return {
        group: [lasting(max(0, world.now - start)) for start in sorted(starts, reverse=group == "new")]
        for group, starts in found.items()
    }


def _muted_hosts(world: World, patterns: Collection[str]) -> list[str]:
    return [host for host in world.of_channel(patterns) if world.is_muted(host)]


def _is_new(then: World | None, span: Span, patterns: Collection[str]) -> bool | OneOf:
    """Google may have opened an incident again that a person had resolved by then: that is news."""
    if then is None:
        return True
    earlier = [then.incidents[i.id] for i in span.incidents if i.id in then.incidents and not i.over]
    reopened = {i.id for i in earlier if i.over is not None}
    known = [then.incidents[i].host for i in span.ids - reopened if i in then.incidents]
    if known and not any(any(matches(p, name) for p in patterns or ["*"]) for name in known):
        return OneOf([True, False])  # before its host was named, it belonged to another channel
    return not known


def _down(
    world: World, then: World | None, host: str, span: Span, patterns: Collection[str]
) -> dict[str, Value]:
    lost = is_perhaps_lost(world, host)
    return {
        "lasting": lasting(span.lasts(world.now)),
        "new": ANYTHING if lost else _is_new(then, span, patterns),
        "flapping": _flapping(world, host),
        "lost": lost,
    }


def is_perhaps_lost(world: World, host: str) -> bool:
    """Whether all that keeps the host down has been open for so long that its close may have been lost."""
    still = [i.start for i in open_incidents(world, host) if i.kind is Kind.DOWNTIME]
    return bool(still) and max(still) < world.now - DOUBT


def _flapping(world: World, host: str) -> str | OneOf:
    """Outages closed by an edit of a policy do not count; those closed by one in part may or may not."""
    begun = [outage for outage in world.outages(host) if outage.start >= world.now - DAY]
    sure = [o for o in begun if not any(i.cancelled for i in o.incidents) and o.start > world.now - DAY]
    open_to_doubt = [o for o in begun if o not in sure and not all(i.cancelled for i in o.incidents)]
    counts = range(len(sure), len(sure) + len(open_to_doubt) + 1)
    said = {WORDS.flapping(outages=count, hours=24) if count >= FLAPPING else "" for count in counts}
    return OneOf(said)


def _recovery(world: World, then: World | None, host: str) -> Value:
    """The recovery from outages not known to be over, or not all of them, when the last digest was made."""
    if world.outage(host):
        return None
    over = world.outages(host)
    due = [outage for outage in over if _was_not_over(then, outage)]
    was_renamed = any(_had_another_name(then, host, outage) for outage in due)
    corrected = [o for o in over if o not in due and (was_renamed or _is_corrected(then, o))]
    told = OneOf([_over(world, host, [*due, *some]) for some in _subsets(corrected) if due or some])
    if not due and not corrected:
        return None
    return told if due else Maybe(told)


def _was_not_over(then: World | None, outage: Span) -> bool:
    known = [then.span_of(i) for i in outage.ids if i in then.incidents] if then else []
    ends = [span.over for span in known if span.over is not None]
    return not known or len(ends) < len(known) or (outage.over or 0) > max(ends)


def _had_another_name(then: World | None, host: str, outage: Span) -> bool:
    """Whether it was known under another name: what it is told with may have been told before."""
    return then is not None and any(
        then.incidents[i].host != host for i in outage.ids & then.incidents.keys()
    )


def _is_corrected(then: World | None, outage: Span) -> bool:
    """Whether it was over, but is now known to have been longer or shorter."""
    if then is None:
        return False
    known = [then.incidents[i] for i in outage.ids if i in then.incidents]
    return len(known) < len(outage.ids) or [i.over for i in known] != [
        i.over for i in outage.incidents if i.id in then.incidents
    ]


def _over(world: World, host: str, outages: Collection[Span]) -> Told:
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
    return {"told": OneOf(said), "flapping": _flapping(world, host)}


def _returned(world: World, last: Taken | None, patterns: Collection[str]) -> dict[str, Value]:
    """Mutes that have ended by themselves since then; not those that a person ended or replaced."""
    touched = {f.name for f in world.facts[last.facts if last else 0 :] if isinstance(f, Restore | Mute)}
    told: dict[str, Value] = {}
    for name, mute in world.mutes.items():
        hosts = [host for host in world.matched(name) if host in world.of_channel(patterns)]
        if world.has_ended(mute) and not (last and mute in last.ended) and hosts:
            row = _returned_row(world, name, hosts)
            told[name] = Maybe(row) if any(world.is_muted(host) for host in hosts) else row
    for name in touched - told.keys():
        told[name] = Maybe(ANYTHING)
    return told


def _returned_row(world: World, name: str, hosts: Sequence[str]) -> Value:
    if "*" in name:
        shown = [host for host in hosts if not world.is_muted(host)]
        counted = _numbers(world, shown, [host for host in hosts if host not in shown])
        return OneOf([WORDS.no_longer_muted(count) for count in counted])
    since = world.since(name)
    unsure = world.status(name) is Status.UP and _ended_by_an_edit(world, name)
    said = [WORDS.status_since(status=status(world, name), since=moment(since))] if since is not None else []
    standing = [*said, status(world, name)] if unsure or not said else said
    return OneOf(
        [
            WORDS.no_longer_muted(", ".join([each, *doubts]))
            for each in standing
            for doubts in doubts_of(world, name)
        ]
    )


def _muted(world: World, patterns: Collection[str]) -> dict[str, Value]:
    told: dict[str, Value] = {}
    for name, mute in world.active.items():
        hosts = [host for host in world.matched(name) if host in world.of_channel(patterns)]
        if any(world.mute_lookup(host) == [name] for host in hosts) or (hosts and "*" not in name):
            told[name] = OneOf(_muted_rows(world, mute, hosts))
        elif hosts:
            told[name] = Maybe(OneOf(_muted_rows(world, mute, hosts)))  # another mute hides all of them, too
        elif "*" in name:
            told[name] = Maybe(ANYTHING)
    return told


def _muted_rows(world: World, mute: Mute, hosts: Collection[str]) -> list[str]:
    has_end = mute.about or mute.until is not None
    by = WORDS.muted_by(PERSON, until(mute) if has_end else WORDS.since(moment(mute.at)))
    reason = [mute.reason] if mute.reason else []
    if "*" in mute.name:
        states = [[counted] for counted in _counted(world, mute.name, hosts)]
    else:
        is_well = world.of(mute.name) and world.status(mute.name) is Status.UP
        standing = [] if is_well else [stands(world, mute.name)]
        states = [[*standing, *doubts] for doubts in doubts_of(world, mute.name)]
    return [" · ".join([f"{by} ({', '.join(state)})" if state else by, *reason]) for state in states]


def doubts_of(world: World, host: str) -> list[list[str]]:
    """What must be said about a host besides its status, wherever it appears."""
    flapping = _flapping(world, host)
    values = flapping.values if isinstance(flapping, OneOf) else [flapping]
    lost = [WORDS.close_may_be_lost] if is_perhaps_lost(world, host) else []
    return [[*([str(value)] if value else []), *lost] for value in values]


def _counted(world: World, pattern: str, hosts: Collection[str]) -> set[str]:
    """A host with two mutes may be counted under either."""
    alone = [host for host in hosts if world.mute_lookup(host) == [pattern]]
    twice = [host for host in hosts if host not in alone]
    return _numbers(world, alone, twice)


def _numbers(world: World, sure: Sequence[str], perhaps: Sequence[str]) -> set[str]:
    counted = [[*sure, *some] for some in _subsets(perhaps)]
    return {WORDS.hosts_and_down(len(c), sum(world.status(h) is Status.DOWN for h in c)) for c in counted}


def until(mute: Mute) -> str:
    if mute.about:
        return WORDS.until_up
    return WORDS.until_unmuted if mute.until is None else WORDS.until(moment(mute.until))


def week(world: World, patterns: Collection[str], retention: Retention) -> Value:
    """The line about the last seven days; anything, if history may have been dropped."""
    shown, begin = world.shown(patterns), world.now - WEEK
    if any(droppable(world, host, retention, world.facts) for host in shown):
        return ANYTHING
    down = sum(world.uptime([host], WEEK)[0] for host in shown)
    counted, known = world.uptime([host for host in shown if _is_known_for_a_day(world, host)], WEEK)
    lengths = {
        host: length
        for host in shown
        if (length := sum(outage.within(begin, world.now) for outage in world.outages(host)))
    }
    outages = [outage for host in shown for outage in world.outages(host) if outage.touches(begin)]
    sure = [outage for outage in outages if outage.within(begin, world.now)]
    if not any(world.known_since(host) is not None for host in shown):
        return ANYTHING
    worst = sorted(lengths, key=lambda host: -lengths[host])[:LONGEST]
    rows = [f"`{host}` {lasting(lengths[host])}" for host in worst]
    return OneOf(
        [
            WORDS.week(percent, count, lasting(down), rows)
            for count in range(len(sure), len(outages) + 1)
            for percent in ([""] if down and not counted else percents(counted, known, outages=count))
        ]
    )


def _is_known_for_a_day(world: World, host: str) -> bool:
    first = world.known_since(host)
    return first is not None and world.now - first >= DAY


def percents(down: int, known: int, *, outages: int = 0) -> list[str]:
    """The percentages that may be said: within a hundredth, and never 100 if there was an outage."""
    if known < DAY:
        return [""]
    if not outages and not down:
        return ["100"]
    hundredths = (known - down) * 10_000 // known
    return [f"{max(0, min(9999, hundredths + off)) / 100:.2f}" for off in (-1, 0, 1)]


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
        "flapping": _flapping(world, host) if world.of(host) else "",
        "lost": is_perhaps_lost(world, host),
    }


def standing(world: World, host: str, *, may_be_unknown: bool = False) -> Value:
    if not world.of(host):
        return WORDS.has_no_status(host)
    going_on = world.going_on(host)
    if going_on:
        say = WORDS.is_down if world.status(host) is Status.DOWN else WORDS.has_warning
        return say(host=host, duration=lasting(going_on.lasts(world.now)))
    since = world.since(host)
    said = WORDS.is_up(host, "" if since is None else lasting(max(0, world.now - since)))
    if may_be_unknown or _ended_by_an_edit(world, host):
        return OneOf([said, WORDS.is_up(host, "")])
    return said


def _ended_by_an_edit(world: World, host: str) -> bool:
    """Whether its last incident was closed by an edit, which does not show since when it is up."""
    since = world.since(host)
    return any(incident.cancelled and incident.over == since for incident in world.of(host))


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
        if over:  # the alert may include shorter ones
            over += [o for o in outages[host] if o.over is not None and not _is_among(o, told.over)]
        was_renamed = any(_is_among(o, told.down) and not _was_told_as(host, o, told.down) for o in over)
        over += [o for o in outages[host] if was_renamed or _is_corrected_at_once(world, o, told)]
        open_to_doubt = [
            outage
            for outage in dict.fromkeys(over)
            if _may_be_left_out(world, outage, told)
            or not _end_is_due(outage, told, hold)
            or (_is_among(outage, told.down) and not _was_told_as(host, outage, told.down))
        ]
        sure = [outage for outage in dict.fromkeys(over) if outage not in open_to_doubt]
        rows = [
            _over(world, host, [*sure, *some])["told"] for some in _subsets(open_to_doubt) if sure or some
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
    return bool(outage.ids & told.excused) or _is_about(world, outage) or _is_among(outage, told.over)


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


def mapping(value: Value) -> Mapping[str, Value]:
    assert isinstance(value, Mapping)
    return value


def _sizes(told: Mapping[str, Value]) -> range:
    return range(sum(not isinstance(value, Maybe) for value in told.values()), len(told) + 1)


def _subsets(items: Sequence[Span] | Sequence[str]) -> Iterable[tuple[Any, ...]]:
    return chain.from_iterable(combinations(items, count) for count in range(len(items) + 1))
