"""The hosts that a command names, or one line that says what to type instead."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from hosts.model import Host
from hosts.mutes import is_pattern
from hosts.patterns import HostFilter
from languages import Language
from slack import replies
from slack.command import TYPED_BACK, UsageError
from slack.host_names import MOST, Names, TooManyHosts, UnknownHost, nearest, parse_hosts
from slack.phrases import cut
from slack.text import code, to_type


def meant(text: str, asked: str, names: Names, language: Language) -> list[str]:
    """The names and patterns in a text, which is part of what was `asked`. Raises UsageError."""
    try:
        return parse_hosts(text, names)
    except UnknownHost as error:
        raise unknown(error.typed, asked, names, language) from None
    except TooManyHosts:
        raise UsageError(language.too_many_hosts(MOST)) from None


def hosts_alone(verb: str, typed: str, known: Mapping[str, Host], language: Language) -> list[str]:
    """Of a command that takes no patterns. Raises UsageError."""
    names = Names(known)
    found = meant(typed, f"{verb} {typed}", names, language)
    if all(name in known for name in found):
        return found
    matching = [host for name in found for host in ([name] if name in known else names.matching(name))]
    troubled = [name for name in matching if known[name].open]
    others = [] if verb == "resolve" and troubled else [n for n in matching if not known[n].open]
    if verb == "forget":  # only what was heard of, and is over, can be forgotten
        troubled, others = [], [name for name in others if known[name].was_ever_reported]
    titles = [names.title(name) for name in dict.fromkeys([*troubled, *others])]
    raise UsageError(_naming(verb, titles, language))


def _naming(verb: str, hosts: Sequence[str], language: Language) -> str:
    """A command with the first of the hosts, as many as can be typed at once, and how many more there are."""
    command, left = verb, len(hosts)
    for host in hosts[:MOST]:
        if len(command) + 1 + len(host) > TYPED_BACK:
            break
        command, left = f"{command} {host}", left - 1
    return language.no_pattern(to_type(command if command != verb else f"{verb} HOST"), left)


def unknown(typed: str, asked: str, names: Names, language: Language) -> UsageError:
    """What was asked, with each of the names in it that may have been meant."""
    named = asked.lower().replace(",", " ").split()
    near = (name for name in nearest(typed, names.titles) if name.lower() not in named)
    instead = [_instead(asked, typed, name) for name in near]
    return UsageError(replies.unknown(cut(typed), instead, language))


def _instead(asked: str, typed: str, name: str) -> str:
    """A command that would have to be cut could not be typed."""
    verb = asked.partition(" ")[0]
    place = re.compile(rf"(?<![^\s,;]){re.escape(typed)}(?![^\s,;])").search(asked, len(verb))
    mended = f"{asked[: place.start()]}{name}{asked[place.end() :]}" if place else ""
    fitting: Collection[str] = [c for c in (mended, f"{verb} {name}") if c and len(c) <= TYPED_BACK]
    return next(map(to_type, fitting), code(cut(name)))


def hosts_in(typed: str, verb: str, known: Iterable[str], language: Language) -> list[str]:
    """The names and patterns that are meant. Raises UsageError for what nobody knows."""
    return meant(typed, f"{verb} {typed}", Names(set(known)), language)


def concerning(asked: Collection[str], names: Iterable[str]) -> set[str]:
    """Of `names`, hosts and patterns, those that are about a host or a pattern that was asked for.

    A pattern asked for stands for whatever it matches; a host also for the patterns that mean it.
    """
    hosts = [name for name in asked if not is_pattern(name)]
    wanted = HostFilter(tuple(name for name in asked if is_pattern(name)))
    about = set[str]()
    for name in set(names):
        matches = HostFilter((name,)).matches
        if name in asked or wanted.matches(name) or (is_pattern(name) and any(map(matches, hosts))):
            about.add(name)
    return about
