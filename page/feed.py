"""The feed: what went down and came back, the latest first (Atom, RFC 4287)."""

from datetime import datetime
from typing import NamedTuple

from hosts.model import Host
from hosts.outages import MIN_TIME, Period, outages
from hosts.times import stamp
from languages import Locale
from page import phrases
from page.board import Board
from page.figures import detached
from page.phrases import cut, show_invisible

MAX_EVENTS = 50


class Event(NamedTuple):
    """An outage that began, or one that is over."""

    at: datetime
    key: str
    outage: Period
    over: bool

    @property
    def id(self) -> str:
        """A tag (RFC 4151) that stays the same for as long as the incident is known."""
        ended = (i.id for i in self.outage.incidents if i.ended == self.outage.ended)
        incident = next(ended) if self.over else self.outage.incidents[0].id
        return f"tag:uptime-check-manager,2026:{show_invisible(incident)}:{'over' if self.over else 'down'}"


class Story(NamedTuple):
    """An event in words."""

    id: str
    at: str
    title: str
    text: str
    name: str


class LatestEvents:
    """Collects the last events, without keeping all that there were."""

    def __init__(self) -> None:
        self.events: list[Event] = []  # the latest first

    def look_at(self, host: Host) -> None:
        since = self.events[-1].at if len(self.events) == MAX_EVENTS else MIN_TIME
        if not host.open and host.closed.last < since.timestamp():
            return
        if found := outages(detached(host), since):
            begun = [Event(outage.began, host.name, outage, over=False) for outage in found]
            over = [Event(outage.ended, host.name, outage, over=True) for outage in found if outage.ended]
            latest = sorted([*self.events, *begun, *over], key=lambda e: (e.at, e.id), reverse=True)
            self.events = latest[:MAX_EVENTS]


def story(event: Event, board: Board, locale: Locale, *, in_full: bool) -> Story:
    words, host = locale.language.page, cut(show_invisible(board.titles(event.key)))
    lasted = locale.duration(event.outage.lasted(event.at))
    return Story(
        id=event.id,
        # Google's clock may be ahead of ours; if this were the time of the request, readers would think that
        # the entry changes all the time.
        at=stamp(event.at),
        title=words.fed_over(host=host, lasted=lasted) if event.over else words.fed_down(host),
        text=phrases.what_failed(event.outage.incidents, locale.language) if in_full else "",
        name=board.name(event.key),
    )
