"""What a digest must say."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from prove.expected_hosts import (
    Retention,
    also_muted,
    doubts_of,
    droppable,
    ended_by_an_edit,
    flapping,
    is_perhaps_lost,
    over_text,
    stands,
    status,
    until,
)
from prove.oracle import DAY, Mute, Report, Restore, Span, Status, World, as_known_then, matches
from prove.values import (
    ANYTHING,
    PERSON,
    WORDS,
    Maybe,
    OneOf,
    Value,
    lasting,
    mapping,
    moment,
    percents,
    sizes,
    subsets,
)

WEEK = 7 * DAY
LONGEST = 3  # hosts that the weekly line names


@dataclass(frozen=True)
class Taken:
    """A digest that was accepted: how many facts were known when it was made, when, and which mutes had ended.

    `returned`: those that went on, but no longer for this host.
    """

    facts: int
    at: int
    ended: frozenset[Mute] = frozenset()
    returned: frozenset[tuple[Mute, str]] = frozenset()


def digest(world: World, last: Taken | None, patterns: Collection[str] = ()) -> dict[str, Value]:
    """What a digest must say now if `last` was the previous one; `uptime check` says the same."""
    told = _told_hosts(world, last, patterns)
    counts = {"warnings": len(mapping(told["warnings"])), "muted": 0, "muted_down": 0}
    if world.shown(patterns) or not _is_status_known(world, patterns):  # otherwise the headline counts them
        muted = _muted_hosts(world, patterns)
        counts["muted"] = len(muted)
        counts["muted_down"] = sum(world.status(host) is Status.DOWN for host in muted)
    counts["recovered"] = OneOf(sizes(mapping(told["recovered"])))  # type: ignore[assignment]
    return {"headline": _headline(world, patterns), "counts": counts, **told}


def _told_hosts(world: World, last: Taken | None, patterns: Collection[str]) -> dict[str, Value]:
    then = as_known_then(world, last.facts, last.at) if last else None
    shown = world.shown(patterns)
    outages = {host: span for host in shown if (span := world.outage(host))}
    warnings = {h: span for h in shown if h not in outages and (span := world.warning(h))}
    recovered = {host: row for host in shown if (row := _recovery(world, then, host))}
    up = [host for host in shown if world.status(host) is Status.UP]
    is_said = len(shown) == 1 or (up == shown and _is_status_known(world, patterns))  # the headline says it
    return {
        "down": {h: _down(world, then, h, s, patterns) for h, s in outages.items()},
        "order": _order(world, then, outages, patterns),
        "recovered": recovered,
        "warnings": {
            h: {
                "lasting": lasting(s.lasts(world.now)),
                "new": _is_new(then, s, patterns),
                "flapping": flapping(world, h),
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
    if not _is_status_known(world, patterns) and (shown or muted or not is_anything_known):
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


def _is_status_known(world: World, patterns: Collection[str]) -> bool:
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
        "flapping": flapping(world, host),
        "lost": lost,
    }


def _recovery(world: World, then: World | None, host: str) -> Value:
    """The recovery from outages not known to be over, or not all of them, when the last digest was made."""
    if world.outage(host):
        return None
    over = world.outages(host)
    due = [outage for outage in over if _was_not_over(then, outage)]
    was_renamed = any(_had_another_name(then, host, outage) for outage in due)
    corrected = [o for o in over if o not in due and (was_renamed or _is_corrected(then, o))]
    told = OneOf([over_text(world, host, [*due, *some]) for some in subsets(corrected) if due or some])
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


def _returned(world: World, last: Taken | None, patterns: Collection[str]) -> dict[str, Value]:
    """Mutes that have ended by themselves since then; not those that a person ended or replaced."""
    touched = {f.name for f in world.facts[last.facts if last else 0 :] if isinstance(f, Restore | Mute)}
    told: dict[str, Value] = {}
    for name, mute in world.mutes.items():
        named = world.hosts_about(mute) if mute.about else world.matched(name)
        hosts = [host for host in named if host in world.of_channel(patterns)]
        if world.has_ended(mute) and not (last and mute in last.ended) and hosts:
            perhaps = [host for host in hosts if world.is_muted(host) or (mute, host) in world.returned]
            row = _returned_row(world, name, hosts, perhaps)
            told[name] = Maybe(row) if perhaps else row
    for name in touched - told.keys():
        told[name] = Maybe(ANYTHING)
    return told


def _returned_row(world: World, name: str, hosts: Sequence[str], perhaps: Sequence[str]) -> Value:
    if "*" in name:
        counted = _numbers(world, [host for host in hosts if host not in perhaps], perhaps)
        return OneOf([WORDS.no_longer_muted(count) for count in counted])
    since = world.since(name)
    unsure = world.status(name) is Status.UP and ended_by_an_edit(world, name)
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
        hosts = [host for host in world.hidden_by(mute) if host in world.of_channel(patterns)]
        if hosts:
            told[name] = OneOf(_muted_rows(world, mute, hosts))
        elif "*" in name:
            told[name] = Maybe(ANYTHING)
    return told


def _muted_rows(world: World, mute: Mute, hosts: Collection[str]) -> list[str]:
    has_end = mute.about or mute.until is not None
    by = WORDS.muted_by(PERSON, until(mute) if has_end else WORDS.since(moment(mute.at)))
    reason, also = [mute.reason] if mute.reason else [], [list[str]()]
    if "*" in mute.name:
        states = [[_number(world, hosts)]]
    else:
        also = also_muted(world, mute, mute.name)
        is_well = world.of(mute.name) and world.status(mute.name) is Status.UP
        standing = [] if is_well else [stands(world, mute.name)]
        states = [[*standing, *doubts] for doubts in doubts_of(world, mute.name)]
    return [
        " · ".join([f"{by} ({', '.join(state)})" if state else by, *reason, *others])
        for state in states
        for others in also
    ]


def _numbers(world: World, sure: Sequence[str], perhaps: Sequence[str]) -> set[str]:
    return {_number(world, [*sure, *some]) for some in subsets(perhaps)}


def _number(world: World, hosts: Collection[str]) -> str:
    statuses = [world.status(host) for host in hosts]
    return WORDS.hosts_and_down(len(hosts), statuses.count(Status.DOWN), statuses.count(Status.WARNING))


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
