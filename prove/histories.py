"""What may happen to some hosts: random histories, the same for the same seed."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from prove.expected_alerts import Hold
from prove.expected_hosts import Retention
from prove.oracle import DAY, Kind, Surety

HOUR = 3600
BEGIN = 1_795_348_800  # a Sunday noon
WATCHED = "quiet.example.com"
HOSTS = ["a.example.com", "b.example.com", "api.shop.test", "c.example.com", "www.shop.test"]
PATTERNS = ["*.example.com", "a*", "*.shop.test", "*p*"]


@dataclass(frozen=True)
class Deliver:
    """A webhook. `start` is None if it does not say; so is `end`, of a closed one."""

    id: str
    name: str
    surety: Surety
    kind: Kind
    start: int | None
    is_closed: bool = False
    end: int | None = None
    cancelled: bool = False
    then_killed: bool = False  # before it is answered; Google tries again


@dataclass(frozen=True)
class Say:
    """A command that changes something: `verb`, a host or a pattern, and for how long."""

    verb: str
    name: str
    term: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Ask:
    verb: str
    name: str = ""


@dataclass(frozen=True)
class Wait:
    """Just a tick."""


@dataclass(frozen=True)
class Kill:
    gently: bool = False
    while_posting: bool = False  # during the next message, once Slack has accepted it


@dataclass(frozen=True)
class Refuse:
    """Whether Slack refuses messages from now on."""

    refuses: bool


@dataclass(frozen=True)
class Leap:
    """For a few ticks, the wall clock alone is this many seconds ahead or behind."""

    seconds: int
    slack_takes: bool = False


Action = Deliver | Say | Ask | Wait | Kill | Refuse | Leap


@dataclass(frozen=True)
class ChannelPlan:
    name: str
    every: int
    hosts: Collection[str] = ()


@dataclass(frozen=True)
class History:
    seed: int
    channels: Collection[ChannelPlan]
    alerts: Hold | None
    retention: Retention
    actions: list[tuple[int, Action]] = field(default_factory=list)


@dataclass
class _Incident:
    id: str
    host: str
    kind: Kind
    start: int
    end: int


class _Dice:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.pace = self.dice.choice([20 * 60, 2 * HOUR, 12 * HOUR])  # how long things take

    def happens(self, of_a_hundred: int) -> bool:
        return self.dice.randrange(100) < of_a_hundred

    def some(self, mean: float) -> int:
        """A length: mostly short, sometimes long, now and then zero."""
        return 0 if self.happens(5) else int(self.dice.expovariate(1 / mean)) + 1


def history(seed: int) -> History:
    dice = _Dice(seed)
    slots = [s for s in (30 * 60, HOUR, 2 * HOUR, 12 * HOUR, DAY) if dice.pace / 2 <= s <= 4 * dice.pace]
    channels = [ChannelPlan("default", dice.dice.choice(slots))]
    if dice.happens(50):
        channels.append(ChannelPlan("shop", dice.dice.choice(slots), ("*.shop.test", "a.example.com")))
    hold = (
        Hold(("*",), dice.dice.choice([0, 120, 900]), dice.dice.choice([HOUR, 6 * HOUR]))
        if dice.happens(50)
        else None
    )
    small = Retention(dice.dice.choice([1, 2, 5]), dice.dice.choice([1, 2, 90]))
    retention = small if dice.happens(50) else Retention()
    actions = sorted(_actions(dice, len(channels)), key=lambda action: action[0])
    return History(seed, channels, hold, retention, list(actions))


def _actions(dice: _Dice, channels: int) -> Iterator[tuple[int, Action]]:
    hosts = HOSTS[: dice.dice.randrange(2, len(HOSTS) + 1)]
    incidents = [incident for host in hosts for incident in _incidents(dice, host)]
    reports = [report for incident in incidents for report in _reports(dice, incident)]
    yield from reports
    last = max([BEGIN, *(at for at, _ in reports)])
    moments = [at for i in incidents for at in (i.start, i.end)]
    for _ in range(dice.dice.randrange(4, 14)):
        yield dice.dice.choice(moments) + dice.some(dice.pace / 4), _said(dice, hosts)
    for _ in range(dice.dice.randrange(6, 14)):
        yield dice.dice.randrange(BEGIN, last + dice.pace), _asked(dice, hosts)
    for _ in range(dice.dice.randrange(4, 20)):
        yield dice.dice.randrange(BEGIN, last + dice.pace), Wait()
    yield from _troubles(dice, last, channels)
    yield from _end(dice, last + dice.pace, hosts)


def _troubles(dice: _Dice, last: int, channels: int) -> Iterator[tuple[int, Action]]:
    for _ in range(dice.dice.randrange(3)):
        while_posting = channels == 1 and dice.happens(50)  # with several, nobody knows which accepted it
        yield dice.dice.randrange(BEGIN, last + 1), Kill(dice.happens(30), while_posting)
    for _ in range(dice.dice.randrange(3)):
        at = dice.dice.randrange(BEGIN, last + 1)
        yield at, Refuse(refuses=True)
        yield at + dice.some(dice.pace), Refuse(refuses=False)
    if dice.happens(25):
        yield dice.dice.randrange(BEGIN, last + 1), Leap(dice.dice.choice([100 * DAY, 3 * HOUR, -2 * HOUR]))


def _end(dice: _Dice, at: int, hosts: Collection[str]) -> Iterator[tuple[int, Action]]:
    yield at + 1, Refuse(refuses=False)
    if dice.happens(15):
        yield at + 2, Leap(100 * DAY, slack_takes=True)
    for host in [*hosts, ""]:
        yield at + 3, Ask("check", host)
        yield at + 3, Ask("history", host)
    yield at + 3, Ask("removed")


def _incidents(dice: _Dice, host: str) -> Iterator[_Incident]:
    start = BEGIN + dice.some(dice.pace)
    end = start
    for number in range(dice.dice.randrange(1, 9)):
        kind = dice.dice.choice([Kind.DOWNTIME] * 4 + [Kind.CERTIFICATE, Kind.SIGNAL])
        match dice.dice.randrange(6):
            case 0 | 1:  # during the one before
                start = dice.dice.randrange(start, max(start, end) + 1)
            case 2:  # from its end on, or a second later
                start = end + dice.dice.choice([0, 1])
            case _:
                start = max(start, end) + dice.some(dice.pace)
        length = dice.some(dice.pace / dice.dice.choice([1, 1, 4, 40]))
        yield _Incident(f"{host[0]}{host[-1]}{number}", host, kind, start, start + length)
        end = max(end, start + length)


def _reports(dice: _Dice, incident: _Incident) -> Iterator[tuple[int, Deliver]]:
    """Google's reports of it: late, twice, in any order, or not at all."""
    name, surety = incident.host, Surety.HOST
    if dice.happens(12):
        name, surety = f"check-{incident.id}", Surety.CHECK
    elif dice.happens(5):
        name, surety = f"policy {incident.id}", Surety.POLICY
    start = None if dice.happens(4) else incident.start
    opened = Deliver(incident.id, name, surety, incident.kind, start)
    closed = Deliver(
        *(incident.id, incident.host, Surety.HOST, incident.kind, incident.start),
        is_closed=True,
        end=None if dice.happens(4) else incident.end,
        cancelled=dice.happens(12),
    )
    told = []
    if not dice.happens(8):
        told.append((incident.start + _latency(dice), opened))
        while dice.happens(25):  # reminders
            told.append((dice.dice.randint(incident.start, incident.end), opened))
    if not dice.happens(6):
        told.append((incident.end + _latency(dice), closed))
    for at, report in list(told):
        while dice.happens(20) and at < incident.end + 2 * DAY:
            at = min(at + dice.some(dice.pace), incident.end + 2 * DAY)  # noqa: PLW2901 - each repeats the one before
            told.append((at, report))
    for at, report in told:
        yield at, report if not dice.happens(2) else _killed(report)


def _killed(report: Deliver) -> Deliver:
    return Deliver(**{**report.__dict__, "then_killed": True})


def _latency(dice: _Dice) -> int:
    return dice.some(dice.pace / 2 if dice.happens(20) else 60)


def _said(dice: _Dice, hosts: Collection[str]) -> Say:
    name = dice.dice.choice([*hosts, *hosts, WATCHED, *PATTERNS])
    match dice.dice.randrange(8):
        case 0:
            return Say("restore", name)
        case 1:
            return Say("resolve", dice.dice.choice([*hosts]))
        case 2:
            return Say("remove", name, "", "")
        case 3 | 4:
            span = dice.some(dice.pace) // 60 + 1
            return Say("remove", name, f"for {span} min", "a new release" if dice.happens(30) else "")
        case 5:
            return Say("remove", name, f"until {dice.dice.randrange(24):02}:{dice.dice.randrange(60):02}")
    return Say("remove", name, "until up")


def _asked(dice: _Dice, hosts: Collection[str]) -> Ask:
    return dice.dice.choice(
        [
            Ask("check"),
            Ask("down"),
            Ask("removed"),
            Ask("history"),
            Ask("check", dice.dice.choice([*hosts, WATCHED])),
            Ask("history", dice.dice.choice([*hosts])),
        ]
    )
