"""Decoding the hosts of a state file, which takes most of a start: few calls for each closed incident."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hosts.checks import Check, NoCheck, Watch, watch
from hosts.closed_incidents import ClosedIncidents
from hosts.incident import Incident, Kind, NamedBy, Person
from hosts.model import Host
from state.type_checks import (
    FIRST_SECOND,
    LAST_SECOND,
    MAX_INTEGER,
    boolean,
    is_encodable,
    items,
    mapping,
    moment,
    moment_or_none,
    number,
    text,
    texts,
)

NAMED_BY = {named_by.name.lower(): named_by for named_by in NamedBy}
MAX_PERIOD = 86_400  # seconds


def decode_host(
    name: str, fields: dict[str, Any], line: bytes, notified: int, host_by_incident: dict[str, str]
) -> Host:
    rows = [_closed_row(row) for past in mapping(fields["past"]).values() for row in items(past)]
    incidents, ends, editions = zip(*rows, strict=True) if rows else ((), (0,), (0,))
    host_by_incident |= dict.fromkeys(incidents, name)
    first, last, edition = min(ends), max(ends), max(editions)
    closed = ClosedIncidents(name, line, length=len(rows), first=first, last=last, edition=edition)
    if edition > notified:
        closed.read()  # the next digest needs it
    opened = tuple([_opened(name, entry) for entry in items(fields["open"])])
    for incident in opened:
        host_by_incident[incident.id] = name
        edition = max(edition, incident.edition)
    watched = None if fields.get("watch") is None else _watch(name, fields["watch"])
    return Host(name, opened, closed, _dropped_until(closed, fields), edition, watched)


def _closed_row(row: Any) -> tuple[str, int, int]:
    """The id of a closed incident, when it ended, and its edition. There may be hundreds of thousands."""
    if type(row) is not list or not 4 <= len(row) <= 6:
        raise ValueError("not a closed incident")
    incident, begun, lasted, edition = row[:4]
    if not (
        type(incident) is str
        and (incident.isascii() or is_encodable(incident))
        and type(begun) is type(lasted) is type(edition) is int
        and FIRST_SECOND <= begun <= begun + lasted <= LAST_SECOND
        and 0 <= edition < MAX_INTEGER
    ):
        raise ValueError("not a closed incident")
    if len(row) > 4:
        _check_unusual(row[4:])
    return incident, begun + lasted, edition


def _check_unusual(values: list[Any]) -> None:
    """Check the edition in which it became known, what else is unusual about it, or both in this order."""
    *known_in, unusual = values if type(values[-1]) is dict else [*values, {}]
    if len(list(map(number, known_in))) > 1:
        raise ValueError("not a closed incident")
    Kind(unusual.get("kind", Kind.DOWNTIME))
    NAMED_BY[unusual.get("named_by", "host")]
    text(unusual.get("observed", ""))
    boolean(unusual.get("listed", False))
    boolean(unusual.get("snoozed", False))
    if "no_check" in unusual:
        NoCheck(unusual["no_check"])
    if "resolved_by" in unusual:
        Person(*texts(unusual["resolved_by"]))


def _watch(host: str, fields: dict[str, Any]) -> Watch:
    checks = [_check(host, check) for check in items(fields["checks"])]
    since, snoozed, off_since = (
        moment(fields[key]) if key in fields else None for key in ("since", "snoozed", "off_since")
    )
    return watch(since, checks, number(fields.get("ended_in", 0)), snoozed, off_since)


def _check(host: str, fields: dict[str, Any]) -> Check:
    period = number(fields.get("period", 0))
    if period > MAX_PERIOD:
        raise ValueError("not a period")
    return Check(
        id=text(fields["id"]),
        host=host,
        name=text(fields.get("name", "")),
        target=text(fields.get("target", "")),
        period=timedelta(seconds=period),
        regions=texts(fields.get("regions", [])),
        disabled=boolean(fields.get("disabled", False)),
        project=text(fields.get("project", "")),
    )


def _dropped_until(closed: ClosedIncidents, fields: dict[str, Any]) -> datetime | None:
    """Earlier versions wrote when the earliest of the incidents that they had dropped began."""
    until = moment_or_none(fields.get("known_since"))
    if earliest := moment_or_none(fields.get("forgotten_since")):
        return datetime.fromtimestamp(closed.first, UTC) if closed else earliest
    return until


def _opened(host: str, fields: dict[str, Any]) -> Incident:
    return Incident(
        id=text(fields["id"]),
        host=host,
        named_by=NAMED_BY[fields["named_by"]],
        kind=Kind(fields["kind"]),
        started=moment(fields["started"]),
        policy=text(fields.get("policy", "")),
        condition=text(fields.get("condition", "")),
        url=text(fields.get("url", "")),
        observed=text(fields.get("observed", "")),
        edition=number(fields["edition"]),
        known_in=number(fields.get("opened", fields["edition"])),
        resolved_in=number(fields.get("resolved_in", 0)),
        listed=boolean(fields.get("listed", False)),
        confirmed=moment_or_none(fields.get("confirmed")),
        absent=boolean(fields.get("absent", False)),
    )
