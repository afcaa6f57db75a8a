"""States worth a picture: a good day, a bad one, and one with two thousand hosts down."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digest import notifications
from hosts import changes
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Change, Mute, State, apply

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
PAGE = "https://console.cloud.google.com/monitoring/alerting/alerts/0.example?project=example"


def good_day() -> State:
    """All hosts up; one has recovered."""
    names = ["api", "blog", "cdn", "docs", "search", "shop", "status", "tls", "www"]
    told = [incident(name, 4000 + begun, 5) for begun, name in enumerate(names)]
    return state_of(told, [incident("shop", 36, 17)])


def bad_day() -> State:
    """Hosts down, one of them flapping and one in doubt; recovered, closed, warned about, and muted."""
    told = [incident(name, 4000, 5) for name in ("blog", "cdn", "docs", "search", "status", "mail")]
    told += [incident("legacy", 12_960), incident("api", 126), incident("old", 3000)]
    told += [certificate("tls", 4560), *(incident("www", begun, 9) for begun in (700, 400, 190))]
    since = [incident("www", 12), incident("shop", 36, 17)]
    since += [incident("mail", 90, 62, observed=CANCELLED)]
    mute = changes.mute(Mute("old.example.com", Person("U1", "steve"), NOW - timedelta(days=2)))
    return state_of(told, since, mute)


def huge_day() -> State:
    """A network that has failed: 2,000 of 10,000 hosts."""
    told = [incident(f"edge-{number:05}", 5000, 5) for number in range(10_000)]
    return state_of(told, [incident(f"edge-{number:05}", 28 - number // 100) for number in range(2000)])


def incident(name: str, begun: int, lasted: int | None = None, *, observed: str = "") -> Incident:
    """An outage that began `begun` minutes ago, and ended after `lasted` minutes unless it goes on."""
    started = NOW - timedelta(minutes=begun)
    ended = None if lasted is None else started + timedelta(minutes=lasted)
    found = Incident(f"{name} {begun}", f"{name}.example.com", NamedBy.HOST, Kind.DOWNTIME, started, ended)
    return found._replace(policy=f"{name} uptime failure", url=PAGE, observed=observed)


def certificate(name: str, begun: int) -> Incident:
    return incident(name, begun)._replace(kind=Kind.CERTIFICATE, policy="certificate expiry")


def state_of(told: Sequence[Incident], since: Sequence[Incident], *wishes: Change) -> State:
    """The state after a digest that reported `told`, and after the incidents `since`."""
    state = State()
    steps = [changes.record_incident(one) for one in told]
    steps += [*wishes, notifications.begin_edition, notifications.record_digest(DEFAULT, NOW, 1)]
    steps += [changes.record_incident(one) for one in since]
    for step in steps:
        apply(state, step(state))
    return state
