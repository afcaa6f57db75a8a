"""Every host at one instant, as the digest sums it up, in the order in which the page lists them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from config import Config
from digest.model import Digest, Down, Warned
from digest.summary import summarizing
from digest.turns import Steps
from hosts.identity import Titles, never_reported
from hosts.model import Host, Mute, State
from hosts.mutes import MuteLookup, is_pattern, mute_lookup
from hosts.names import canonical
from hosts.patterns import HostFilter
from hosts.problems import Problem, ProblemKind
from page.query import Query, Shown


class Entry(NamedTuple):
    """A host as it stands. `since`: from when on it is down or warned about."""

    host: Host
    title: str
    shown: Shown
    since: datetime | None = None
    doubtful: bool = False
    mute: Mute | None = None


class Sum(NamedTuple):
    """The digest of an instant, and what it was made of: none of it changes when the state does."""

    digest: Digest
    hosts: Mapping[str, Host]
    never_reported: Sequence[str]  # configured hosts that Google never reported
    hides: MuteLookup
    has_mutes: bool


def summing_up(state: State, config: Config, now: datetime, problems: Sequence[Problem] = ()) -> Steps[Sum]:
    """Sum up the current state."""
    state = state.snapshot()
    digest = yield from summarizing(
        state,
        now,
        problems=problems,
        doubt_after=config.doubt_after,
        hosts=config.hosts,
        channel=config.channels[-1].name,
    )
    yield
    hides = mute_lookup(state, now)
    return Sum(digest, state.hosts, never_reported(config.hosts, state.hosts), hides, bool(state.mutes))


class Board:
    """What the page is made from, whatever is asked for."""

    def __init__(self, made_of: Sum) -> None:
        self.digest = made_of.digest
        self.now = made_of.digest.at
        self.hosts = made_of.hosts
        self._hides = made_of.hides
        self._never_reported = {name: Host(name) for name in made_of.never_reported}
        self.titles = Titles(made_of.hosts)
        self._down: Mapping[str, Down] = {entry.host.name: entry for entry in self.digest.down}
        self._warned: Mapping[str, Warned] = {entry.host.name: entry for entry in self.digest.warnings}
        muted = self._muted() if made_of.has_mutes else []
        self.keys: Mapping[Shown, Sequence[str]] = {
            Shown.DOWN: tuple(sorted(self._down, key=self._longest_first)),
            Shown.WARNING: tuple(self._warned),
            Shown.UP: self._by_title(self.digest.up),
            Shown.MUTED: self._by_title(muted),
            Shown.UNWATCHED: self._by_title(
                [*(entry.name for entry in self.digest.snoozed), *self.digest.disabled]
            ),
        }

    @property
    def silent(self) -> Problem | None:
        """The question whether the webhook is still connected, while Google says nothing."""
        found = (problem for problem in self.digest.problems if problem.kind is ProblemKind.SILENT)
        return next(found, None)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with this program itself."""
        return [problem for problem in self.digest.faults if problem is not self.silent]

    @property
    def total(self) -> int:
        return sum(map(len, self.keys.values()))

    def entry(self, key: str) -> Entry:
        """Raises KeyError if there is no such host."""
        host, title = self.hosts.get(key) or self._never_reported[key], self.titles(key)
        if found := self._down.get(key):
            return Entry(host, title, Shown.DOWN, found.since, found.doubtful)
        if warned := self._warned.get(key):
            return Entry(host, title, Shown.WARNING, warned.since)
        if mute := self._hides(key):
            return Entry(host, title, Shown.MUTED, mute=mute)
        is_unknown = host.is_unwatched or host.snoozed_until(self.now)
        return Entry(host, title, Shown.UNWATCHED if is_unknown else Shown.UP)

    def reported(self, keys: Iterable[str]) -> Iterator[Host]:
        """Those of the hosts of which Google ever reported something."""
        return (self.hosts[key] for key in keys if key in self.hosts)

    def not_muted(self) -> Iterator[str]:
        return (key for shown, keys in self.keys.items() if shown is not Shown.MUTED for key in keys)

    def find(self, name: str) -> str | None:
        """The key of the host that a name means, as the page or Google wrote it."""
        spelt = canonical(name, is_host=True) if name else ""
        for reading in (name, spelt):
            if reading in self.hosts or reading in self._never_reported:
                return reading
        return self.titles.meanings().get(name.lower())

    def name(self, key: str) -> str:
        """How an address names this host, as people would write it."""
        title = self.titles(key)
        return title if key == title or self.titles.meanings().get(title.lower()) == key else key

    def matching(self, query: Query) -> Iterator[str]:
        """Lazily: ten thousand names take more than a turn of the loop."""
        matches = self._matches(query.text)
        for shown in Shown:
            if query.state in (None, shown):
                yield from filter(matches, self.keys[shown])

    def shown(self, key: str) -> Shown:
        return self.entry(key).shown

    def names(self) -> Iterator[tuple[str, str]]:
        """What every host is called, and what it is called in an address."""
        return ((self.titles(key), self.name(key)) for keys in self.keys.values() for key in keys)

    def folded(self, key: str) -> str:
        """What a host is sorted by."""
        return self.titles(key).casefold()

    def _matches(self, text: str) -> Callable[[str], object]:
        if not text:
            return bool
        if is_pattern(text):
            return HostFilter((text.lower(),)).matches
        wanted = text.casefold()
        if not self.titles:
            return lambda key: wanted in key.casefold()
        return lambda key: wanted in self.titles(key).casefold()

    def _longest_first(self, key: str) -> tuple[datetime, str]:
        """Unlike in a digest, nothing here is new: the page is looked at whenever somebody wants to."""
        return self._down[key].since, key

    def _by_title(self, keys: Sequence[str]) -> tuple[str, ...]:
        if not self.titles:
            return tuple(keys)
        return tuple(sorted(keys, key=lambda key: (self.folded(key), key)))

    def _muted(self) -> list[str]:
        return sorted(key for key in (*self.hosts, *self._never_reported) if self._hides(key))
