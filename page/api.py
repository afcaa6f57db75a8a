"""The page for programs (openapi.json). Fields may be added, but never removed or given another meaning."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from hosts.checks import Check
from hosts.incident import Ending, Incident, by_start
from hosts.model import Host, Mute
from hosts.times import stamp
from page.board import Entry
from page.figures import Calendar, detached, figures
from page.phrases import link
from page.query import BadQuery

Fields = dict[str, object]
ENDED_BY = {
    Ending.RECOVERED: "google",
    Ending.CLOSED: "policy",
    Ending.SNOOZED: "snooze",
    Ending.DISABLED: "check",
    Ending.UNWATCHED: "check",
    Ending.RESOLVED: "person",
}
WINDOW_NAMES = ("24h", "7d", "30d", "90d")
MAX_INCIDENTS = 500
COLUMNS = ("id", "host", "kind", "policy", "condition", "url", "started", "ended", "ended_by")
PARTIAL_COLUMNS = ("id", "host", "kind", "started", "ended", "ended_by")
# A spreadsheet takes a cell that begins with one of these for a formula: https://owasp.org/www-community/attacks/CSV_Injection
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Wanted(NamedTuple):
    """Which incidents: those that began in a stretch of time, and only open or only closed ones."""

    since: datetime | None = None
    until: datetime | None = None
    open: bool | None = None
    before: tuple[datetime, str] | None = None  # start and id of the last one of the page before

    def has(self, incident: Incident) -> bool:
        started = incident.started
        return (
            (self.since is None or started >= self.since)
            and (self.until is None or started < self.until)
            and (self.before is None or by_start(incident) < self.before)
        )


class Latest:
    """Collects the incidents that began last, without keeping all that there are."""

    def __init__(self, wanted: Wanted) -> None:
        self.incidents: list[Incident] = []  # the latest first
        self.more = False
        self._wanted = wanted

    def look_at(self, host: Host) -> None:
        if host.closed.last >= self._since() and not self._wanted.open:
            self._add(host.closed.copy())
        if self._wanted.open is not False:
            self._add(host.open)

    def cursor(self) -> str:
        """Where the page after these begins, in the form used in its address."""
        last = self.incidents[-1]
        return f"{last.started.isoformat()},{last.id}"

    def _since(self) -> float:
        """Whatever ended before then also began before then, so it is not among the latest."""
        since = self._wanted.since.timestamp() if self._wanted.since else 0.0
        return max(since, self.incidents[-1].started.timestamp()) if self.more else since

    def _add(self, incidents: Iterable[Incident]) -> None:
        found = list(filter(self._wanted.has, incidents))
        if not found:
            return
        latest = sorted([*self.incidents, *found], key=by_start, reverse=True)
        self.more = self.more or len(latest) > MAX_INCIDENTS
        self.incidents = latest[:MAX_INCIDENTS]


def time_of(text: str, sentence: str) -> datetime | None:
    """Read a time (RFC 3339) with an offset. Raises BadQuery with that sentence."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus that was not encoded
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise BadQuery(sentence) from None


def host_fields(entry: Entry, now: datetime, days: Calendar, *, in_full: bool, whole: bool = False) -> Fields:
    """A host as it stands, with what is open or, if `whole`, with all that is kept and its days."""
    host = detached(entry.host)
    known = figures(host, now, days)
    incidents = sorted(host.incidents(), key=by_start, reverse=True) if whole else host.open
    by_day = ([day.isoformat(), down] for day, down in zip(days.days, known.days, strict=True))
    shares = [float(one.percent) if one and one.percent else None for one in known.uptimes]
    return {
        "name": entry.name,
        "state": entry.shown.value,
        "muted": mute_fields(entry.mute, in_full=in_full) if entry.mute else None,
        "since": stamp(entry.since),
        "doubtful": entry.doubtful,
        "flapping": known.flapping,
        "incidents": [incident_fields(i, entry.name, in_full=in_full) for i in incidents],
        "uptime": dict(zip(WINDOW_NAMES, shares, strict=True)),
        "known_since": stamp(known.known_since),
        **({"snoozed_until": stamp(until)} if (until := host.snoozed_until(now)) else {}),
        **({"checks": [*map(check_fields, host.watch.checks)]} if host.watch and in_full else {}),
        **({"days": [*by_day]} if whole else {}),
    }


def check_fields(check: Check) -> Fields:
    return {
        "id": check.id,
        "name": check.name,
        "target": check.target,
        "period": int(check.period.total_seconds()),
        "regions": check.regions,
        "disabled": check.disabled,
    }


def mute_fields(mute: Mute, *, in_full: bool) -> Fields:
    fields: Fields = {"until": stamp(mute.until), "until_up": mute.until_up}
    return {**fields, "by": mute.by.name or mute.by.id, "reason": mute.reason} if in_full else fields


def incident_fields(incident: Incident, name: str, *, in_full: bool) -> Fields:
    """An incident of the host that people know by `name`."""
    fields: Fields = {
        "id": incident.id,
        "host": name,
        "kind": incident.kind.value,
        "policy": incident.policy,
        "condition": incident.condition,
        "url": link([incident]) or None,
        "started": stamp(incident.started),
        "ended": stamp(incident.ended),
        "ended_by": None if incident.is_open else ENDED_BY[incident.ending],
    }
    shown = fields if in_full else {name: fields[name] for name in PARTIAL_COLUMNS}
    return {**shown, "listed": True} if incident.listed else shown


def csv_lines(incidents: Sequence[Fields], *, in_full: bool) -> Iterator[str]:
    columns = COLUMNS if in_full else PARTIAL_COLUMNS
    yield _line(columns)
    for fields in incidents:
        yield _line([_cell(fields[name]) for name in columns])


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
