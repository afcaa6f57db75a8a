"""The feed: what went down and came back, the latest first (Atom, RFC 4287)."""

from datetime import datetime
from typing import NamedTuple

from hosts.model import Host
from hosts.outages import Period, outages
from languages import Locale
from page import phrases
from page.board import Board
from page.figures import detached
from page.phrases import cut, visible

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
        return f"tag:uptime-check-manager,2026:{visible(incident)}:{'over' if self.over else 'down'}"


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
        self._best: list[Event] = []

    def look_at(self, host: Host) -> None:
        since = self._best[-1].at if len(self._best) == MAX_EVENTS else None
        if not host.open and since and host.closed.last < since.timestamp():
            return
        for outage in outages(detached(host), since):
            self._add(Event(outage.began, host.name, outage, over=False))
            if outage.ended:
                self._add(Event(outage.ended, host.name, outage, over=True))

    def events(self) -> list[Event]:
        """The latest first."""
        return self._best

    def _add(self, event: Event) -> None:
        best = sorted([*self._best, event], key=lambda each: (each.at, each.id), reverse=True)
        self._best = best[:MAX_EVENTS]


def story(event: Event, board: Board, locale: Locale, *, in_full: bool) -> Story:
    words, host = locale.language.page, cut(visible(board.titles(event.key)))
    at = min(event.at, board.now)  # Google's clock may be ahead of ours
    lasted = locale.duration(event.outage.lasted(event.at))
    return Story(
        id=event.id,
        at=f"{at:%Y-%m-%dT%H:%M:%SZ}",
        title=words.fed_over(host=host, lasted=lasted) if event.over else words.fed_down(host),
        text=phrases.what_failed(event.outage.incidents, locale.language) if in_full else "",
        name=board.name(event.key),
    )
