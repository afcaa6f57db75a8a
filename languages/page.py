"""What a language must say on the web page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from hosts.model import Action


class PageWords(Protocol):
    """Words of the page, in plain text: its templates escape them."""

    number: str  # a regular expression: what is emphasized in a headline
    unwatched: str  # the state of a host whose checks are all disabled or gone
    snoozed: str
    all: str
    groups: Mapping[str, str]  # the headings of down, warning, up, muted and unwatched
    columns: tuple[str, str, str, str]  # state, host, for how long, what
    axis: tuple[str, str]  # the first and the last day
    hosts: str
    search: str
    search_hosts: str
    filter: str
    skip: str
    pages: str
    previous: str
    next: str
    live: str
    asking: str  # live by polling
    lost: tuple[str, str]  # before and after the time
    google_silence: str
    how_to_begin: str
    first_incident: str
    no_match: tuple[str, str]  # before and after the search text
    no_match_in: Mapping[str, str]  # the same before the search text, of hosts in one state
    search_all: str
    show_all: str
    no_host_in: str
    links: Mapping[str, str]  # wall, list, feed, json, badge
    feed_title: str
    not_known: str
    goes_on: str
    open_incidents: str
    open_columns: tuple[str, str, str, str]
    outages: str
    checks: str
    outage_columns: tuple[str, str, str, str, str]
    changes: str
    change_columns: tuple[str, str, str]
    chart: str
    did: Mapping[Action, str]  # what somebody did to a host
    refused: Mapping[int, tuple[str, str]]  # title and explanation of 401, 403, 404, 400, …
    wrong_name: str  # of this machine, in the address
    nearest: str
    nearest_one: str
    no_name: str

    def banner(self, address: str, /) -> str: ...
    def share(self, window: str, /) -> str: ...
    def as_far_as_heard(self, headline: str, /) -> str: ...
    def last_heard(self, ago: str, /) -> str: ...
    def lasting(self, duration: str, /) -> str: ...  # how long a host has been down or warned about
    def back_for(self, *, lasting: str, was_down: str) -> str: ...
    def known_since(self, at: str, /) -> str: ...
    def bar(self, days: int, down: str, unknown: int) -> str: ...
    def down_on_day(self, lasted: str, /) -> str: ...
    def state_since(self, *, state: str, lasting: str, at: str) -> str: ...
    def times_in(self, zone: str, /) -> str: ...
    def page_of(self, *, page: int, pages: int) -> str: ...
    def more(self, hosts: int, state: str, /) -> str: ...  # of that state, on later pages
    def day(self, day: date, /) -> str: ...
    def moment(self, at: datetime, /) -> str: ...  # short, without the zone
    def up_share(self, window: str, /) -> str: ...
    def outage_sum(self, outages: int, down: str, since: str) -> tuple[str, str]:
        """The number, and what it counts. `since` is empty if all of the 90 days is known."""

    def resolve(self, command: str, /) -> str: ...
    def muted_by(self, who: str, until: str, reason: str) -> str: ...
    def bad_value(self, name: str, instead: Sequence[str]) -> str: ...
    def not_a_number(self, name: str, /) -> str: ...
    def not_a_time(self, name: str, /) -> str: ...
    def not_a_place(self, name: str, /) -> str: ...  # a time and an id, as `next` has them
    def too_long(self, *, name: str, most: int) -> str: ...
    def fed_down(self, host: str, /) -> str: ...
    def fed_over(self, *, host: str, lasted: str) -> str: ...
