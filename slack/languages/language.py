"""Everything that is said to people. A language that leaves something out does not pass mypy.

Texts come in escaped and are put out as they are: a language has words, no layout and no escaping.
Names come as code spans or bare words: no letter may touch them, or Slack would not format them.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from state.deeds import Did
from state.model import Kind, NamedBy, Status
from state.trouble import Trouble


class Heading(NamedTuple):
    """The title of a group, and what is said of those in it that found no room."""

    title: str
    more: Callable[[int], str]


class Headings(NamedTuple):
    problems: Heading
    setup: Heading
    down: Heading
    recovered: Heading
    closed: Heading
    warnings: Heading
    week: Heading
    up: Heading
    muted: Heading


class AlertHeadings(NamedTuple):
    down: Heading
    still: Heading
    over: Heading


class Guide(NamedTuple):
    """A command as people are told of it: what to type, and what it does. `words` mean the same."""

    command: str
    forms: Sequence[tuple[str, str]]
    examples: Sequence[str]
    words: Sequence[str] = ()
    note: str = ""


class Words(Protocol):
    """What digests and replies share."""

    units: tuple[str, str, str, str]  # days, hours, minutes, seconds
    statuses: Mapping[Status, str]
    kinds: Mapping[Kind, str]
    named_by: Mapping[NamedBy, str]
    incident: str
    somebody: str
    uptime: str
    percent: str  # what follows the number

    def moment(self, at: datetime) -> str: ...  # ends with the zone
    def since(self, at: str) -> str: ...
    def and_more_incidents(self, what: str, more: int) -> str: ...


class DigestWords(Words, Protocol):
    headings: Headings
    setup: Sequence[str]
    new: str
    close_may_be_lost: str
    problems: Mapping[Trouble, str]  # with {file} and {detail}
    nothing_received: str
    no_host: str

    def some_down(self, down: int, total: int) -> str: ...
    def none_down(self, total: int) -> str: ...
    def all_up(self, total: int) -> str: ...
    def warnings(self, count: int) -> str: ...
    def recovered(self, count: int) -> str: ...
    def closed(self, count: int) -> str: ...
    def muted(self, count: int) -> str: ...
    def open_for(self, lasting: str) -> str: ...
    def recovery(self, at: str, lasted: str, outages: int, *, cancelled: bool) -> str: ...
    def resolution(self, at: str, lasted: str, outages: int, who: str) -> str: ...
    def flapping(self, outages: int, hours: int) -> str: ...
    def settle(self, command: str) -> str: ...
    def week(self, percent: str, outages: int, down: str, worst: Sequence[str]) -> str: ...
    def muted_by(self, who: str, at: str, trouble: str) -> str: ...
    def as_of(self, at: str) -> str: ...
    def next_digest(self, at: str) -> str: ...
    def spoken(self, headline: str, at: str) -> str: ...
    def spoken_down(self, names: str, more: int) -> str: ...


class AlertWords(Protocol):
    alert_headings: AlertHeadings

    def went_down(self, count: int) -> str: ...
    def still_down(self, count: int) -> str: ...
    def over(self, count: int) -> str: ...


class ReplyWords(Words, Protocol):
    none_removed: str
    not_named_by_google: str
    not_saved: str

    def unknown_host(self, host: str, near: Sequence[str]) -> str: ...
    def removed(self, host: str, by: str, status: str, undo: str) -> str: ...
    def removed_by(self, who: str, at: str) -> str: ...
    def restored(self, host: str) -> str: ...
    def removed_count(self, count: int) -> str: ...
    def removed_row(self, by: str, status: str) -> str: ...
    def host_removed(self, by: str) -> str: ...
    def before(self, closed: int) -> str: ...
    def more_lines(self, count: int) -> str: ...
    def is_up(self, host: str) -> str: ...
    def is_down(self, host: str, lasting: str) -> str: ...
    def is_warned_about(self, host: str, lasting: str) -> str: ...
    def open_incident(self, kind: str, what: str, at: str, lasting: str) -> str: ...
    def past_incident(self, kind: str, lasted: str, at: str, policy: str, *, cancelled: bool) -> str: ...
    def resolved_incident(self, kind: str, lasted: str, at: str, policy: str, who: str) -> str: ...


class CommandWords(Protocol):
    commands: Sequence[Guide]
    help_title: str

    def for_example(self, examples: str) -> str: ...
    def other_words(self, words: str) -> str: ...
    def not_a_command(self, typed: str, near: str) -> str: ...
    def which_host(self, verb: str) -> str: ...


class DeedWords(Protocol):
    nothing_logged: str
    log_title: str

    def nothing_to_resolve(self, host: str) -> str: ...
    def resolved(self, host: str, incidents: int, who: str, at: str) -> str: ...
    def deed(self, did: Did, who: str, what: str, at: str) -> str: ...


class PermissionWords(Protocol):
    not_this_team: str

    def not_this_channel(self, channels: Sequence[str]) -> str: ...  # may be empty
    def not_an_admin(self, admins: Sequence[str]) -> str: ...


class GreetingWords(Protocol):
    def listens(self, address: str, hosts: int, state_file: str) -> str: ...
    def posts(self, channel: str, schedule: str, *, to_slack: bool) -> str: ...  # no channel: the only one
    def schedule(self, every: str, at: Sequence[str], days: Collection[int]) -> str: ...  # none: all days
    def try_it(self, command: str) -> str: ...


class Language(
    DigestWords, AlertWords, ReplyWords, CommandWords, DeedWords, PermissionWords, GreetingWords, Protocol
):
    pass
