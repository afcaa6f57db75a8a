"""Every host at one instant, as the digest sums it up, in the order in which the page lists them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from digest.model import Digest, Down, Warned
from hosts.identity import Titles, with_labels
from hosts.model import Host, Mute, State
from hosts.mutes import mute_lookup, mutes_lookup, outlasting
from hosts.names import canonical
from hosts.patterns import HostFilter, is_pattern, literal
from hosts.problems import Problem, ProblemKind
from page.query import Query, Shown
from turns import Steps, sorting


class Entry(NamedTuple):
    """A host as it stands. `since` is when it went down, or when its warning began."""

    host: Host
    title: str
    name: str  # in an address
    shown: Shown
    since: datetime | None = None
    doubtful: bool = False
    mute: Mute | None = None
    also: tuple[Mute, ...] = ()  # the other mutes that may hide it after that


class Board:
    """Every host as it stands, from which every page is made."""

    def __init__(self, digest: Digest, state: State, never_reported: Iterable[str]) -> None:
        """`digest` sums up `state`, a snapshot. `never_reported` are configured hosts. See `making`."""
        self.digest = digest
        self.now = digest.at
        self.hosts = state.hosts
        self.log = state.log
        self._hides, self._mutes_of = mute_lookup(state, digest.at), mutes_lookup(state, digest.at)
        self._never_reported = {name: Host(name) for name in never_reported}
        self.titles = Titles(state.hosts)
        self._down: Mapping[str, Down] = {entry.host.name: entry for entry in self.digest.down}
        self._warned: Mapping[str, Warned] = {entry.host.name: entry for entry in self.digest.warnings}
        self.keys: dict[Shown, Sequence[str]] = dict.fromkeys(Shown, ())

    @classmethod
    def making(cls, digest: Digest, state: State, never_reported: Iterable[str]) -> Steps["Board"]:
        """A board with its hosts in order."""
        board = cls(digest, state, never_reported)
        everybody = (*board.hosts, *board._never_reported) if state.mutes else ()
        muted = []
        for key in everybody:
            if board._hides(key):
                muted.append(key)
            yield
        by_title = board._by_title if board.titles else None
        groups: dict[Shown, tuple[Iterable[str], Callable[[str], tuple[object, str]] | None]] = {
            # Unlike in a digest, nothing is new: people look at the page whenever they want.
            Shown.DOWN: (board._down, board._by_time),
            Shown.WARNING: (board._warned, None),
            Shown.UP: (digest.up, by_title),
            Shown.MUTED: (sorted(muted), by_title),
            Shown.UNWATCHED: (
                [*(entry.name for entry in digest.snoozed), *digest.disabled, *digest.still_gone],
                by_title,
            ),
        }
        for shown, (keys, rank) in groups.items():
            board.keys[shown] = (yield from sorting(keys, rank)) if rank else tuple(keys)
        return board

    @property
    def google_silence(self) -> Problem | None:
        """The problem that Google has been silent for too long, if it has."""
        found = (problem for problem in self.digest.problems if problem.kind is ProblemKind.SILENT)
        return next(found, None)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with this program itself."""
        return [problem for problem in self.digest.faults if problem is not self.google_silence]

    @property
    def total(self) -> int:
        return sum(map(len, self.keys.values()))

    def entry(self, key: str) -> Entry:
        """Raises KeyError if there is no such host."""
        host = self.hosts.get(key) or self._never_reported[key]
        title = self.titles(key)
        name = self._name(key, title)
        if found := self._down.get(key):
            return Entry(host, title, name, Shown.DOWN, found.since, found.doubtful)
        if warned := self._warned.get(key):
            return Entry(host, title, name, Shown.WARNING, warned.since)
        if mute := self._hides(key):
            also = (m._replace(host=self.titles(m.host)) for m in outlasting(mute, self._mutes_of(key)))
            return Entry(host, title, name, Shown.MUTED, mute=mute, also=tuple(also))
        is_unknown = host.is_unwatched or host.snoozed_until(self.now)
        return Entry(host, title, name, Shown.UNWATCHED if is_unknown else Shown.UP)

    def reported(self, keys: Iterable[str]) -> Iterator[Host]:
        """The hosts about which Google has ever reported anything."""
        return (self.hosts[key] for key in keys if key in self.hosts)

    def not_muted(self) -> Iterator[str]:
        return (key for shown, keys in self.keys.items() if shown is not Shown.MUTED for key in keys)

    def find(self, name: str) -> str | None:
        """The key of the host that a name means, as the page, Slack or Google wrote it."""
        name = literal(name)
        spelt = canonical(name, is_host=True) if name else ""
        for reading in (name, spelt):
            if reading in self.hosts or reading in self._never_reported:
                return reading
        return self.titles.meaning(name) or self.titles.labelled(name)

    def name(self, key: str) -> str:
        """How addresses and answers name this host: as people would, if that means no other."""
        return self._name(key, self.titles(key))

    def _name(self, key: str, title: str) -> str:
        return title if key == title or self.titles.meaning(title) == key else with_labels(key)

    def finding(self, query: Query) -> Steps[Mapping[Shown, list[str]]]:
        """The hosts that match, by how they stand."""
        matches, found = self._matches(query.text), dict[Shown, list[str]]()
        for shown in Shown:
            if query.state in (None, shown):
                found[shown] = []
                for key in self.keys[shown]:
                    if matches(key):
                        found[shown].append(key)
                    yield
        return found

    def names(self) -> Iterator[tuple[str, str]]:
        """The name of every host, and the one that it has in an address."""
        return ((self.titles(key), self.name(key)) for keys in self.keys.values() for key in keys)

    def folded(self, key: str) -> str:
        """The text that a host is sorted by."""
        return self.titles(key).casefold()

    def _matches(self, text: str) -> Callable[[str], object]:
        """Whether a name has this part, or that of the host to which a pasted address leads."""
        if not text:
            return bool
        text = text.lower()
        if is_pattern(text):
            return HostFilter((text, canonical(text))).matches
        wanted = text.casefold()
        spelt = canonical(text).casefold() or wanted  # nothing is left of what cannot be seen
        title = self.titles or str
        return lambda key: wanted in (name := title(key).casefold()) or spelt in name

    def _by_title(self, key: str) -> tuple[str, str]:
        return self.folded(key), key

    def _by_time(self, key: str) -> tuple[datetime, str]:
        return self._down[key].since, key
