"""States of any size, as files that the product and the naive server load."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident, Kind, NamedBy
from hosts.model import DEFAULT, ChannelRecord, Host, State
from tests.builders import encoded

NOW = datetime.now(UTC).replace(microsecond=0)


def name(number: int) -> str:
    return f"host-{number:06}.example.com"


def make_state(hosts: int, closed: int, apart: timedelta = timedelta(hours=1)) -> State:
    """Hosts that are all up, with `closed` incidents each, all of them reported."""
    return State(
        hosts={host.name: host for host in (_host(n, closed, apart) for n in range(hosts))},
        edition=2,
        channels={DEFAULT: ChannelRecord(notified_edition=1, slot=NOW)},
    )


def _host(number: int, closed: int, apart: timedelta) -> Host:
    return Host(name(number), closed=ClosedIncidents.of(_past(number, closed, apart)))


def _past(number: int, closed: int, apart: timedelta) -> tuple[Incident, ...]:
    policy = f"host-{number:06} uptime failure"
    starts = [NOW - apart * (closed - n) for n in range(closed)]
    return tuple(
        Incident(
            f"0.{number:06x}{n:06x}",
            name(number),
            NamedBy.HOST,
            Kind.DOWNTIME,
            at,
            at + timedelta(minutes=5),
            policy,
        )
        for n, at in enumerate(starts)
    )


def opened(host: Host, number: int) -> Host:
    """The same host, down for half an hour."""
    incident = Incident(
        f"0.x{number:010}",
        host.name,
        NamedBy.HOST,
        Kind.DOWNTIME,
        NOW - timedelta(minutes=30),
        policy="host uptime failure",
        condition="Failure of uptime check_id host",
        url="https://console.cloud.google.com/monitoring/alerting/alerts/0.abc?channelType=webhook&project=shop",
    )
    return host._replace(open=(incident,))


def write_state(path: Path, state: State) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(encoded(state))
    path.chmod(0o600)


def state_in(folder: Path, hosts: int, closed: int) -> Path:
    place = folder / f"{hosts}-{closed}"
    if not place.exists():
        write_state(place / "var" / "state.json", make_state(hosts, closed))
    return place


def write_naive(path: Path, hosts: int, closed: int) -> None:
    """Write `closed` incidents a host, with the fields that the naive server keeps: about 310 bytes each."""
    numbers = [[host * closed + n for n in range(closed)] for host in range(hosts)]
    kept = {name(host): {f"0.{n:012x}": _naive(n) for n in some} for host, some in enumerate(numbers)}
    path.write_text(json.dumps({"hosts": kept}))


def _naive(number: int) -> dict[str, object]:
    return {
        "incident_id": f"0.{number:012x}",
        "state": "closed",
        "started_at": 1_700_000_000,
        "ended_at": 1_700_000_300,
        "policy_name": f"host-{number:06} uptime failure",
        "condition_name": f"Failure of uptime check_id host-{number:06}",
        "url": f"https://console.cloud.google.com/monitoring/alerting/alerts/0.{number:012x}?channelType=webhook&project=shop",
    }
