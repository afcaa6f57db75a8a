"""One host as a row of the list: what it says, such as its sign (▼), and its cached bytes."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from hosts.incident import Kind
from hosts.model import Host
from hosts.times import stamp
from hosts.uptime import Uptime
from languages import Locale
from page import phrases
from page.board import Entry
from page.figures import ALL_WINDOWS, Bar, Figures, bar, calendar, detached, figures
from page.phrases import Label, label, show_invisible
from page.query import Shown

SHAPES = {Shown.DOWN: "▼", Shown.WARNING: "◆", Shown.UP: "●", Shown.MUTED: "○", Shown.UNWATCHED: "◌"}
UNKNOWN = "\N{EN DASH}"
MAX_CACHED = 2_000
ON_CARDS = timedelta(days=30)  # as in page.css


class Share(NamedTuple):
    """A cell of the table: how much of a window the host was up."""

    window: str  # its class: d1, d7, d30, d90
    text: str
    less: bool
    title: str
    heading: str = ""  # for cards, which have no columns and show one share


class Moment(NamedTuple):
    """A point in time, for programs and for people."""

    stamp: str  # RFC 3339
    text: str
    title: str
    is_new: bool = False  # the text counts seconds since then


class Row(NamedTuple):
    """What a row says. `id` tells rows apart, whatever they show."""

    id: str
    name: str  # in an address
    label: Label
    shown: Shown
    shape: str
    word: str
    notes: list[str]
    since: Moment | None
    what: str
    link: str
    shares: list[Share]
    bar: Bar


class Rows:
    """Renders rows, and caches the latest."""

    def __init__(self, render: Callable[[Row], bytes], locale: Locale) -> None:
        self._render = render
        self._locale = locale
        self._cache: OrderedDict[tuple[str, bool], tuple[Host, object, bytes]] = OrderedDict()

    def row(self, entry: Entry, now: datetime, *, in_full: bool) -> bytes:
        """A row stays valid until the host changes, or a time that it shows does."""
        place, good_for = (entry.host.name, in_full), (entry[1:], _period(entry, now, self._locale.zone))
        host, was_good_for, rendered = self._cache.get(place, (None, None, b""))
        if host is not entry.host or was_good_for != good_for:
            rendered = self._render(row(entry, now, self._locale, in_full=in_full))
            self._cache[place] = entry.host, good_for, rendered
        self._cache.move_to_end(place)
        if len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)
        return rendered

    def forget(self, hosts: Iterable[str]) -> None:
        """Forget the rows of hosts that changed, so that their old values can be freed."""
        for host in hosts:
            self._cache.pop((host, True), None)
            self._cache.pop((host, False), None)


def _period(entry: Entry, now: datetime, zone: tzinfo) -> object:
    """Percentages move within the hour, bars when the day ends, and durations every minute."""
    changes_soon = entry.shown is not Shown.UP or entry.host.closed.last > now.timestamp() - 86_400
    return _periods(now, zone)[changes_soon]


@lru_cache(maxsize=4)
def _periods(now: datetime, zone: tzinfo) -> tuple[object, object]:
    """The day with the hour, and with the minute."""
    today, minute = now.astimezone(zone).date(), now.replace(second=0, microsecond=0)
    return (today, minute.replace(minute=0)), (today, minute)


def row(entry: Entry, now: datetime, locale: Locale, *, in_full: bool) -> Row:
    entry = entry._replace(host=detached(entry.host))
    known = figures(entry.host, now, calendar(now, locale.zone))
    what, link = _what(entry, known, now, locale, in_full=in_full)
    return Row(
        id=show_invisible(entry.host.name),
        name=entry.name,
        label=label(entry.title),
        shown=entry.shown,
        shape=SHAPES[entry.shown],
        word=phrases.word(entry, now, locale.language),
        notes=phrases.notes(entry, known.flapping, now, locale),
        since=_since(entry.since, now, locale) if entry.since else None,
        what=what,
        link=link,
        shares=[share(one, window, locale) for one, window in zip(known.uptimes, ALL_WINDOWS, strict=True)],
        bar=bar(known, locale),
    )


def _since(since: datetime, now: datetime, locale: Locale) -> Moment:
    lasting = locale.language.page.lasting(locale.duration(now - since))
    told = locale.language.since(locale.moment(since))
    return Moment(stamp(since), lasting, told, is_new=now - since < timedelta(minutes=1))


def share(one: Uptime | None, window: timedelta, locale: Locale) -> Share:
    """How much of a window the host was up; a dash if nobody knows."""
    name, words = f"d{window.days}", locale.language.page
    if one is None or not one.percent:
        return Share(name, UNKNOWN, less=False, title=words.not_known)
    title = "" if one.whole else words.known_since(locale.moment(one.since))
    heading = locale.window(window) if window == ON_CARDS else ""
    return Share(name, one.percent, less=one.percent != "100", title=title, heading=heading)


def _what(entry: Entry, known: Figures, now: datetime, locale: Locale, *, in_full: bool) -> tuple[str, str]:
    """What failed, and the link to it in Google's console."""
    if entry.shown is Shown.MUTED:
        return phrases.muted(entry, locale, in_full=in_full), ""
    if entry.shown in {Shown.UP, Shown.UNWATCHED}:
        return phrases.back_for(known.last, now, locale, in_full=in_full), ""
    incidents = [i for i in entry.host.open if i.kind is Kind.DOWNTIME or entry.shown is Shown.WARNING]
    if not in_full:
        return phrases.kind(incidents, locale.language), ""
    return phrases.what_failed(incidents, locale.language), phrases.link(incidents)
