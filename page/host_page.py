"""One host: how it stands, its last 90 days, its outages, and what people did to it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple

from hosts.checks import Check
from hosts.identity import in_full as full_name
from hosts.incident import Ending
from hosts.model import AuditEntry, Host
from hosts.mutes import is_pattern
from hosts.outages import Period, outages
from hosts.patterns import HostFilter
from languages import Locale
from page import phrases
from page.board import Entry
from page.figures import ALL_WINDOWS, Calendar, Figures, bar, calendar, detached, figures
from page.lists import Head
from page.names import Label, label
from page.query import Shown
from page.rows import UNKNOWN, Row, row, share

MAX_OUTAGES = 100
MAX_CHANGES = 20
CELL, GAP, CHART_HEIGHT = 8, 2, 40
DAY = timedelta(days=1)


class Fact(NamedTuple):
    """A number, and what it counts."""

    value: str
    text: str


class Cell(NamedTuple):
    """A day of the chart. `known` is false where nobody knows; `high` is 0 where nothing was wrong."""

    x: int
    known: bool
    high: int
    title: str


class Moment(NamedTuple):
    """A point in time, for programs and for people."""

    stamp: str  # RFC 3339
    text: str
    title: str


class Outage(NamedTuple):
    """A row of the table of outages. `end` says how it ended; empty while it goes on."""

    began: Moment
    ended: Moment | None
    lasted: str
    what: str
    end: str
    link: str


class Done(NamedTuple):
    """What somebody did."""

    at: Moment
    who: str
    what: str


class HostPage(NamedTuple):
    """What stands on the page."""

    head: Head
    name: str
    label: Label
    row: Row
    state: str  # the first sentence, and what follows it
    also: list[str]
    facts: list[Fact]
    chart: str
    cells: list[Cell]
    width: int
    outages: list[Outage]
    muted: str
    changes: list[Done]
    resolve: str
    checks: list[str]


def host_page(  # noqa: PLR0913 - what a page depends on
    entry: Entry,
    name: str,
    *,
    top: Head,
    log: Iterable[AuditEntry],
    now: datetime,
    locale: Locale,
    in_full: bool,
) -> HostPage:
    host, days = detached(entry.host), calendar(now, locale.zone)
    known, line = figures(host, now, days), row(entry, name, now, locale, in_full=in_full)
    cells = _cells(known, days, locale)
    return HostPage(
        head=top,
        name=name,
        label=label(entry.title),
        row=line,
        state=_state(entry, now, locale),
        also=[*line.notes, *([] if entry.shown is Shown.MUTED or line.link else filter(None, [line.what]))],
        facts=_facts(known, locale),
        chart=bar(known, locale).title,
        cells=cells,
        width=len(cells) * (CELL + GAP) - GAP,
        outages=_outages(host, now, locale, in_full=in_full),
        muted=line.what if entry.shown is Shown.MUTED else "",
        changes=_changes(entry.host.name, log, locale) if in_full else [],
        resolve=_resolve(entry, locale) if in_full else "",
        checks=[_check(check, locale) for check in host.watch.checks] if host.watch and in_full else [],
    )


def _check(check: Check, locale: Locale) -> str:
    language = locale.language
    where = phrases.foreign(", ".join(check.regions)) or language.all_regions
    every = language.check_every(period=locale.duration(check.period), regions=where)
    parts = [phrases.foreign(check.name), phrases.foreign(check.target), every]
    return " · ".join([*filter(None, parts), *([language.disabled] if check.disabled else [])])


def moment(at: datetime, locale: Locale) -> Moment:
    local = at.astimezone(locale.zone)
    return Moment(f"{at:%Y-%m-%dT%H:%M:%SZ}", locale.language.page.moment(local), locale.moment(at))


def _state(entry: Entry, now: datetime, locale: Locale) -> str:
    word = phrases.word(entry, now, locale.language)
    if entry.since is None:
        return word
    return locale.language.page.state_since(
        state=word, lasting=locale.duration(now - entry.since), at=locale.moment(entry.since)
    )


def _facts(known: Figures, locale: Locale) -> list[Fact]:
    words = locale.language.page
    facts = []
    for number, (window, one) in enumerate(zip(ALL_WINDOWS, known.uptimes, strict=True)):
        text = locale.window(window)
        if one and one.percent and not one.whole:
            text = words.all_known(locale.window(one.known - one.known % DAY))
        percent = share(one, window, locale).text
        value = percent if percent == UNKNOWN else f"{percent}{locale.language.percent}"
        facts.append(Fact(value, text if number else words.up_share(text)))
        if one and one.percent and not one.whole:
            break  # longer windows have no more to tell
    told = words.outage_sum(known.outages, locale.duration(known.down))
    return [*facts, Fact(f"{known.outages:,}", told)]


def _cells(known: Figures, days: Calendar, locale: Locale) -> list[Cell]:
    return [
        _cell(number, seconds, f"{locale.language.page.day(day)}: ", locale)
        for number, (day, seconds) in enumerate(zip(days.days, known.days, strict=True))
    ]


def _cell(number: int, seconds: int | None, day: str, locale: Locale) -> Cell:
    x, words = number * (CELL + GAP), locale.language.page
    if seconds is None:
        return Cell(x, known=False, high=0, title=day + words.not_known)
    if not seconds:
        return Cell(x, known=True, high=0, title=day + words.up_on_day)
    told = words.down_on_day(locale.duration(timedelta(seconds=seconds)))
    return Cell(x, known=True, high=_high(seconds), title=day + told)


def _high(seconds: int) -> int:
    """Return the height of a day's bar, scaled so that a short outage is visible next to a long one."""
    return max(4, min(CHART_HEIGHT, round(CHART_HEIGHT * sqrt(seconds / 86_400))))


def _outages(host: Host, now: datetime, locale: Locale, *, in_full: bool) -> list[Outage]:
    latest = reversed(outages(host)[-MAX_OUTAGES:])
    return [_outage(outage, now, locale, in_full=in_full) for outage in latest]


def _outage(outage: Period, now: datetime, locale: Locale, *, in_full: bool) -> Outage:
    what = phrases.what_failed(outage.incidents, locale.language) if in_full else ""
    return Outage(
        began=moment(outage.began, locale),
        ended=moment(outage.ended, locale) if outage.ended else None,
        lasted=locale.duration(outage.lasted(now)),
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


def _changes(key: str, log: Iterable[AuditEntry], locale: Locale) -> list[Done]:
    about = [entry for entry in log if _is_about(entry, key)]
    return [_done(entry, locale) for entry in reversed(about[-MAX_CHANGES:])]


def _is_about(entry: AuditEntry, key: str) -> bool:
    return entry.target == key or (is_pattern(entry.target) and HostFilter((entry.target,)).matches(key))


def _done(entry: AuditEntry, locale: Locale) -> Done:
    parts: Sequence[str] = [locale.language.page.did[entry.action]]
    if entry.until or entry.until_up:
        parts = [*parts, phrases.until(entry, locale)]
    if is_pattern(entry.target):
        parts = [*parts, f"({phrases.foreign(entry.target)})"]
    reason = f": {phrases.foreign(entry.reason)}" if entry.reason else ""
    return Done(moment(entry.at, locale), phrases.person(entry.by, locale.language), " ".join(parts) + reason)


def _resolve(entry: Entry, locale: Locale) -> str:
    if not entry.doubtful:
        return ""
    return locale.language.page.resolve(f"uptime resolve {phrases.foreign(full_name(entry.host.name))}")
