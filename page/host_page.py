"""One host: how it stands, its last 90 days, its outages, and what people did to it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hosts.checks import Check
from hosts.identity import in_full as full_name
from hosts.incident import Ending, Incident
from hosts.model import AuditEntry, Status
from hosts.outages import Period, outages
from hosts.patterns import HostFilter, is_pattern
from hosts.times import stamp
from languages import Locale, word_for
from page import phrases
from page.board import Board, Entry
from page.figures import ALL_WINDOWS, DAYS, Calendar, Figures, bar, calendar, detached, figures, height
from page.lists import Box, Head, boxes
from page.query import Shown
from page.rows import UNKNOWN, Moment, Row, row, share

MAX_OPEN = 50
MAX_OUTAGES = 100
MAX_CHANGES = 20
CELL, GAP, SCALE = 10, 2, 2  # as in host.html: its chart is twice as high as a bar of the list


class Cell(NamedTuple):
    """A day of the chart. `known` is false where nobody knows; `high` is 0 where nothing was wrong."""

    x: int
    width: float
    known: bool
    high: int
    title: str


class OpenRow(NamedTuple):
    """A row of the table of open incidents."""

    began: Moment
    lasting: str
    kind: str
    what: str
    link: str


class OutageRow(NamedTuple):
    """A row of the table of outages. `end` says how it ended; empty while it goes on."""

    began: Moment
    ended: Moment | None
    lasted: str
    what: str
    end: str
    link: str


class ChangeRow(NamedTuple):
    """A row of the table of what people did."""

    at: Moment
    who: str
    what: str


class HostPage(NamedTuple):
    """What the page shows."""

    head: Head
    boxes: list[Box]
    doubt: bool  # it is up only as far as heard
    row: Row
    state: str  # the first sentence, and what follows it
    also: list[str]
    facts: list[tuple[str, str]]  # numbers, and what they count
    chart: str
    cells: list[Cell]
    open_count: str
    open: list[OpenRow]  # empty if the first sentence says it all
    outages: list[OutageRow]
    no_outage: str
    muted: str
    changes: list[ChangeRow]
    resolve: str
    checks: list[str]


def host_page(board: Board, key: str, top: Head, locale: Locale, *, in_full: bool) -> HostPage:
    entry, now = board.entry(key), board.now
    host, days = detached(entry.host), calendar(now, locale.zone)
    unsaid = host.open if len(host.open) > 1 or entry.shown is Shown.MUTED else ()
    doubt = board.google_silence is not None and entry.shown is Shown.UP
    known, line = figures(host, now, days), row(entry, now, locale, in_full=in_full)
    latest = outages(host)[-MAX_OUTAGES:]
    command = f"uptime {word_for('resolve', locale.language)} {phrases.foreign(full_name(host.name))}"
    return HostPage(
        head=top,
        boxes=boxes(board, locale, in_full=in_full),
        doubt=doubt,
        row=line,
        state=_state(entry, now, locale, doubt=doubt),
        also=[*line.notes, *([] if entry.shown is Shown.MUTED or line.link else filter(None, [line.what]))],
        facts=_facts(known, days, locale),
        chart=bar(known, locale).title,
        cells=_cells(known, days, now, locale),
        open_count=f"{len(host.open):,}",
        open=[_open_row(incident, now, locale, in_full=in_full) for incident in unsaid[:MAX_OPEN]],
        outages=[_outage_row(o, now, locale, in_full=in_full) for o in reversed(latest)],
        no_outage=locale.language.no_outage,
        muted=line.what if entry.shown is Shown.MUTED else "",
        changes=_changes(key, board.log, locale) if in_full else [],
        resolve=locale.language.page.resolve(command) if in_full and entry.doubtful else "",
        checks=[_check(check, locale) for check in host.watch.checks] if host.watch and in_full else [],
    )


def _check(check: Check, locale: Locale) -> str:
    name, target, regions = map(phrases.foreign, (check.name, check.target, ", ".join(check.regions)))
    return locale.check_line(check, name, target, regions)


def moment(at: datetime, locale: Locale) -> Moment:
    return Moment(stamp(at), phrases.moment(at, locale), locale.moment(at))


def _state(entry: Entry, now: datetime, locale: Locale, *, doubt: bool) -> str:
    word = phrases.word(entry, now, locale.language)
    if doubt:
        return locale.language.page.as_far_as_heard(word)
    if entry.since is None:
        return word
    return locale.language.page.state_since(
        state=word, lasting=locale.duration(now - entry.since), at=locale.moment(entry.since)
    )


def _facts(known: Figures, days: Calendar, locale: Locale) -> list[tuple[str, str]]:
    words = locale.language.page
    facts = []
    for number, (window, one) in enumerate(zip(ALL_WINDOWS, known.uptimes, strict=True)):
        text = locale.window(window)
        if one and one.percent and not one.whole:
            text = _since(one.since, locale)
        percent = share(one, window, locale).text
        value = percent if percent == UNKNOWN else f"{percent}{locale.language.percent}"
        facts.append((value, text if number else words.up_share(text)))
        if one and one.percent and not one.whole:
            break  # longer windows add nothing
    return [*facts, _outage_sum(known, days, locale)]


def _outage_sum(known: Figures, days: Calendar, locale: Locale) -> tuple[str, str]:
    begin = known.known_since
    since = _since(begin, locale) if begin and begin.timestamp() > days.bounds[0] else ""
    number, text = locale.language.page.outage_sum(known.outages, locale.duration(known.down), since)
    return UNKNOWN if begin is None else number, text


def _since(at: datetime, locale: Locale) -> str:
    return locale.language.since(phrases.moment(at, locale))


def _cells(known: Figures, days: Calendar, now: datetime, locale: Locale) -> list[Cell]:
    """A cell for each day. That of today is as wide as the part of the day that is over."""
    cells = [_cell(*of_day, locale) for of_day in zip(range(DAYS), days.days, known.days, strict=True)]
    midnight, end = days.bounds[-2:]
    over = (now.timestamp() - midnight) / (end - midnight)
    return [*cells[:-1], cells[-1]._replace(width=max(1.0, round((CELL - GAP) * over, 1)))]


def _cell(number: int, day: date, seconds: int | None, locale: Locale) -> Cell:
    words, high = locale.language.page, 0
    told = words.not_known if seconds is None else locale.language.statuses[Status.UP]
    if seconds:
        told = words.down_on_day(locale.duration(timedelta(seconds=seconds)))
        high = SCALE * height(seconds)
    return Cell(number * CELL, CELL - GAP, seconds is not None, high, f"{words.day(day)}: {told}")


def _open_row(incident: Incident, now: datetime, locale: Locale, *, in_full: bool) -> OpenRow:
    return OpenRow(
        began=moment(incident.started, locale),
        lasting=locale.duration(now - incident.started),
        kind=locale.language.kinds[incident.kind],
        what=phrases.what_failed([incident], locale.language) if in_full else "",
        link=phrases.link([incident]) if in_full else "",
    )


def _outage_row(outage: Period, now: datetime, locale: Locale, *, in_full: bool) -> OutageRow:
    what = phrases.what_failed(outage.incidents, locale.language) if in_full else ""
    return OutageRow(
        began=moment(outage.began, locale),
        ended=moment(outage.ended, locale) if outage.ended else None,
        # As in the sum, and in all figures: what has not happened yet does not count.
        lasted=locale.duration(min(outage.ended or now, now) - outage.began),
        what=what,
        end=_end(outage, locale, in_full=in_full),
        link=phrases.link([outage.as_incident()]) if in_full else "",
    )


def _end(outage: Period, locale: Locale, *, in_full: bool) -> str:
    language = locale.language
    if outage.ended is None:
        return language.by_list if outage.is_listed else ""
    if outage.resolved_by and in_full:
        return language.resolved_by(phrases.person(outage.resolved_by, language))
    how = language.endings[outage.ending]
    return f"{how}, {language.by_list}" if outage.is_listed and outage.ending is Ending.RECOVERED else how


def _changes(key: str, log: Sequence[AuditEntry], locale: Locale) -> list[ChangeRow]:
    patterns = {entry.target for entry in log if is_pattern(entry.target)}
    targets = {key, *(pattern for pattern in patterns if HostFilter((pattern,)).matches(key))}
    about = [entry for entry in log if entry.target in targets]
    return [_change_row(entry, locale) for entry in reversed(about[-MAX_CHANGES:])]


def _change_row(entry: AuditEntry, locale: Locale) -> ChangeRow:
    parts: Sequence[str] = [locale.language.page.did[entry.action]]
    if entry.until or entry.until_up:
        parts = [*parts, phrases.until(entry, locale)]
    if is_pattern(entry.target):
        parts = [*parts, f"({phrases.foreign(entry.target)})"]
    reason = f": {phrases.foreign(entry.reason)}" if entry.reason else ""
    return ChangeRow(
        moment(entry.at, locale), phrases.person(entry.by, locale.language), " ".join(parts) + reason
    )
