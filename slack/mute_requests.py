"""What is to be hidden: what people typed, held against what is known."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple
from unicodedata import normalize

from hosts.identity import Titles
from hosts.model import Host, Mute, State
from hosts.mutes import about, active, is_pattern, matching_hosts, mute_lookup
from languages import Language
from slack import durations
from slack.command import TYPED_BACK, Remove, Restore, UsageError
from slack.durations import Asked, Candidate, Expiry
from slack.host_arguments import meant, unknown
from slack.host_names import MOST, Names, TooManyHosts, UnknownHost, nearest, parse_hosts
from slack.mute_replies import Removed, Restored
from slack.phrases import cut
from slack.text import code, to_type

MOST_PATTERNS = 50  # each is held against every host


class CommandContext(NamedTuple):
    """What an answer depends on besides what was typed. `known` are the hosts that can be named."""

    state: State
    known: Collection[str]
    zone: tzinfo
    language: Language

    def entitled(self, key: str, titles: Titles) -> Host:
        """A host as it stands, under its title, to be put into words."""
        host = self.state.hosts.get(key) or Host(key)
        return host._replace(name=titles(key))


def wishes(command: Remove, blank: Mute, asking: CommandContext) -> list[Mute]:
    """What is to be hidden; `blank` says who wishes it, and when. Raises UsageError."""
    names = Names(asking.known)
    found, end = _read(command, names, blank, asking)
    asked = [
        blank._replace(host=name, until=end.until, until_up=end.until_up, reason=end.reason) for name in found
    ]
    _check_patterns(command, found, names, blank, asking)
    for wish in asked:
        if wish.until_up and not about(wish, asking.state):
            raise UsageError(asking.language.is_up_already(code(names.title(wish.host))))
    return asked


def _read(command: Remove, names: Names, blank: Mute, asking: CommandContext) -> tuple[list[str], Expiry]:
    if whole := names.meant(command.typed):
        return [whole], Expiry()
    text, language = normalize("NFC", command.typed), asking.language
    said, asked = list(durations.said(text, language)), Asked(blank.at, asking.zone, language, _verb(command))
    for one in said:
        if one.before and (found := _known_only(one.before, names)):
            return found, durations.read(one, asked)
    if said:
        if not said[0].before:
            raise _without_a_host(said[0], names, language)
        return _named(said[0].before, text, names, asked), Expiry()
    if durations.misses_a_time(text, language) and not _known_only(text, names):
        raise durations.not_a_term(text, language)
    return _without_term(text, names, asked), Expiry()


def _named(before: str, text: str, names: Names, asked: Asked) -> list[str]:
    """The hosts before a term. Words behind some that are known may belong to the term, not understood."""
    try:
        return parse_hosts(before, names)
    except UnknownHost as error:
        if _may_be_a_time(error, names, asked.language):
            raise durations.unclear(text[max(0, text.find(error.typed)) :], asked.language) from None
    except TooManyHosts:
        pass
    return meant(before, f"{asked.verb} {text}", names, asked.language)


def _without_a_host(said: Candidate, names: Names, language: Language) -> UsageError:
    """Before its term; perhaps it stands behind."""
    behind = said.after.strip()
    if not _known_only(behind, names):
        return UsageError(language.which_host("remove"))
    return UsageError(language.host_first(to_type(cut(f"remove {behind} {said.typed}", TYPED_BACK))))


def _verb(command: Remove) -> str:
    return f"remove{'!' if command.surely else ''}"


def _known_only(text: str, names: Names) -> list[str]:
    try:
        return parse_hosts(text, names)
    except (UnknownHost, TooManyHosts):
        return []


def _without_term(text: str, names: Names, asked: Asked) -> list[str]:
    """After hosts that are known, a word that is not known may be meant as a reason, or as an end."""
    language = asked.language
    try:
        return parse_hosts(text, names)
    except UnknownHost as error:
        if _may_be_a_time(error, names, language):
            hosts = text[: max(0, text.find(error.typed))].strip()
            raise durations.without_an_end(error.typed, hosts, asked) from None
        if not _may_be_a_reason(error, text, names):
            raise unknown(error.typed, f"{asked.verb} {text}", names, language) from None
        hosts = text.removesuffix(error.typed).strip()
        again = to_type(cut(f"{asked.verb} {hosts} for 2h {error.typed}", TYPED_BACK))
        raise UsageError(language.maybe_a_reason(code(cut(error.typed)), again)) from None
    except TooManyHosts:
        raise UsageError(language.too_many_hosts(MOST)) from None


def _may_be_a_time(error: UnknownHost, names: Names, language: Language) -> bool:
    """After hosts that are known, and unlike one more host that was mistyped."""
    if not error.others or nearest(error.typed, names.known):
        return False
    return durations.begins_like_a_time(error.typed, language)


def _may_be_a_reason(error: UnknownHost, text: str, names: Names) -> bool:
    """The same, and nothing else stands behind it."""
    if not error.others or not text.endswith(error.typed):
        return False
    return " " in error.typed or error.typed.isalpha() or not nearest(error.typed, names.titles)


def _check_patterns(
    command: Remove, found: Collection[str], names: Names, blank: Mute, asking: CommandContext
) -> None:
    patterns = set(filter(is_pattern, found))
    if not patterns:
        return
    if len(patterns | set(filter(is_pattern, active(asking.state, blank.at)))) > MOST_PATTERNS:
        raise UsageError(asking.language.too_many_patterns(MOST_PATTERNS))
    hidden = {name for pattern in patterns for name in names.matching(pattern)}
    everything = "*" in patterns or 0 < len(names.known) == len(hidden)
    if everything and not command.surely:
        again = to_type(cut(f"remove! {command.typed}", TYPED_BACK))
        raise UsageError(asking.language.is_every_host(again))


def removed(asked: Iterable[Mute], asking: CommandContext) -> list[Removed]:
    """What was asked for as the state has it by now, by its titles: the wish of whoever asked first."""
    names = Names(asking.known)
    mutes = [asking.state.mutes.get(mute.host, mute) for mute in asked]
    return [
        Removed(
            mute._replace(host=names.title(mute.host)),
            [asking.entitled(name, names.title) for name in meant_now(mute.host, names)],
        )
        for mute in mutes
    ]


def meant_now(name: str, names: Names) -> list[str]:
    return names.matching(name) if is_pattern(name) else [name]


def names(command: Restore, now: datetime, asking: CommandContext) -> list[str]:
    """The hosts and patterns; a pattern stands for every removed one that it matches, too.

    Raises UsageError.
    """
    mutes = active(asking.state, now)
    removed, found = Names(mutes), list[str]()
    named = Names({*asking.known, *mutes})
    for name in meant(command.typed, f"restore {command.typed}", named, asking.language):
        matching = meant_now(name, removed)
        if not matching:
            raise UsageError(asking.language.none_removed_matches(code(cut(name))))
        found += matching
    return list(dict.fromkeys(found))


def behind(names: Iterable[str], now: datetime, asking: CommandContext) -> dict[str, list[Host]]:
    """The hosts that each name stands for now: itself, or what it hides as a pattern."""
    hides, hosts = mute_lookup(asking.state, now), asking.state.hosts
    found = {name: [] if is_pattern(name) else matching_hosts(name, asking.state.hosts) for name in names}
    if any(map(is_pattern, found)):
        for name in asking.known:
            mute = hides(name)
            if mute and mute.host != name and mute.host in found:
                found[mute.host].append(hosts.get(name) or Host(name))
    return found


def restored(behind: Mapping[str, Sequence[Host]], now: datetime, asking: CommandContext) -> list[Restored]:
    """What became of those hosts, by their titles: something else may hide them still."""
    hides, titles = mute_lookup(asking.state, now), Titles(asking.known)
    return [
        Restored(
            titles(name),
            [asking.entitled(host.name, titles) for host in hosts if not hides(host.name)],
            None if is_pattern(name) else _by_title(hides(name), titles),
        )
        for name, hosts in behind.items()
    ]


def _by_title(mute: Mute | None, titles: Titles) -> Mute | None:
    return mute and mute._replace(host=titles(mute.host))
