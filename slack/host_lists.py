"""Reads a typed list of hosts and patterns, and writes one as it is read."""

import re
from collections.abc import Collection, Iterator

from hosts.patterns import is_pattern
from slack.host_names import Names
from slack.spellings import is_formatted, unformatted, without_particle
from slack.suggestions import LONGEST_SUGGESTION

MOST_HOSTS = 20  # in one command: each pattern is compared with every known name
MOST_WORDS_OF_A_NAME = 12  # among other names
LONGEST_PATTERN = 253  # characters: no host's name is longer
_WORD = re.compile(r"""["'`][^"'`]+["'`](?=[\s,;]|$)|[^\s,;]+""")
_AND = {"and", "&", "+", "및", "그리고", "하고"}
_NOTHING = re.compile(r"(?:(?:right )?now|지금|:[\w+'-]+:|[^\w\s!-~]+|[\s,.!]+)+", re.IGNORECASE)
_TORN = re.compile(r"(?<![^\s,;])[^\s,;]+(?:(?:\.\s+|\s+\.)[^\s,;]*[^\s,;:.])+")


class HostsError(Exception):
    """Why the hosts that a command names cannot be used; `usage_error` says what to type instead."""


class TooManyHosts(HostsError):
    """A command names more than `MOST_HOSTS`."""


class UnknownHost(HostsError):
    """No known host is called `typed`. `known_before`: how many known hosts are named before it."""

    def __init__(self, typed: str, known_before: int) -> None:
        super().__init__(typed)
        self.typed = typed
        self.known_before = known_before


def parse_hosts(text: str, names: Names) -> list[str]:
    """Returns the names and patterns, each once, in the typed order. Raises HostsError."""
    if whole := names.find(text):
        return [whole]
    words, found, start = _WORD.findall(text), list[str](), 0
    while start < len(words):
        hosts, end = _next(words, start, names)
        if hosts is None:
            unknown = _unknown_words(words, start, end, names)
            if found and means_nothing(" ".join(words[start:])) and not names.nearest(unknown):
                break
            raise UnknownHost(unknown, len(found))
        found += hosts
        if len(found) > MOST_HOSTS:
            raise TooManyHosts
        start = end
    if not found:
        raise UnknownHost(text, 0)
    return list(dict.fromkeys(found))


def means_nothing(text: str) -> bool:
    """Whether a text behind hosts or an end is only "now", which a change is anyway, or an emoji."""
    return bool(_NOTHING.fullmatch(text))


def known_hosts(text: str, names: Names) -> list[str]:
    """Returns the names and patterns in a text; none unless it consists of known ones."""
    try:
        return parse_hosts(text, names)
    except HostsError:
        return []


def names_a_host(text: str, names: Names) -> bool:
    """Whether a known host or a pattern is anywhere in a text."""
    words = _WORD.findall(text)
    return any(_next(words, start, names)[0] for start in range(len(words)))


def _next(words: list[str], start: int, names: Names) -> tuple[list[str] | None, int]:
    """Returns what the words from `start` on mean, None if unknown, and where that ends."""
    known, end = _next_known(words, start, names)
    if known is not None or end > start + 1:  # so many words, if unknown, are a shared name
        return known, end
    if formatted := _next_formatted(words, start, names):
        return formatted
    word = words[start]
    if word == "*." and end < len(words):
        return None, end  # the rest of `*. example.com`, and not every host
    if is_formatted(word) and names.is_shared(unformatted(word)):
        return None, end
    found = names.find_pattern(word) if is_pattern(word) and len(word) <= LONGEST_PATTERN else ""
    return ([found] if is_pattern(found) or found in names.known else None), end


def _next_known(words: list[str], start: int, names: Names) -> tuple[list[str] | None, int]:
    """Returns the longest known name that begins at `start`, nothing for an "and", and where that ends.

    None for anything else, be it a name of several words that hosts share.
    """
    for end in range(min(len(words), start + MOST_WORDS_OF_A_NAME), start, -1):
        phrase = " ".join(words[start:end])
        if name := names.find(phrase) or names.find(without_particle(phrase)):
            return [name], end
        if " " in phrase and names.is_shared(phrase):
            return None, end
    return ([] if words[start].lower() in _AND else None), start + 1


def _next_formatted(words: list[str], start: int, names: Names) -> tuple[list[str], int] | None:
    """Finds known names formatted together, `*web-1 web-2*`: those stars are not a pattern."""
    for end in range(min(len(words), start + MOST_WORDS_OF_A_NAME), start, -1):
        text = " ".join(words[start:end])
        if is_formatted(text) and (found := _all_known(_WORD.findall(unformatted(text)), names)):
            return found, end
    return None


def _all_known(words: list[str], names: Names) -> list[str]:
    found, start = list[str](), 0
    while start < len(words):
        known, start = _next_known(words, start, names)
        if known is None:
            return []
        found += known
    return found


def _unknown_words(words: list[str], start: int, end: int, names: Names) -> str:
    """Returns the name that hosts share, or else the words from `start` on, up to one that is known again."""
    if end > start + 1:
        return " ".join(words[start:end])
    while end < len(words) and not is_pattern(words[end]) and _next(words, end, names)[0] is None:
        end += 1
    return " ".join(words[start:end])


def mended(text: str, typed: str, names: Names) -> tuple[str, str] | None:
    """Returns the name that a space has torn, as in `*. example.com`, and the text with it in one piece.

    Phones insert such spaces. `typed` is what is unknown in the text. None if no known name was torn, nor a
    pattern that would be left as `*`.
    """
    unknown = {word.rstrip(":") for word in typed.split()}
    for found in _TORN.finditer(text):
        parts, name = found[0].split(), re.sub(r"\s*\.\s*", ".", found[0])
        is_known = bool(names.matching(names.find_pattern(name)) if is_pattern(name) else names.find(name))
        is_meant = is_known or (is_pattern(name) and parts[0].rstrip(".") == "*")
        if is_meant and not unknown.isdisjoint(parts):
            return name, f"{text[: found.start()]}{name}{text[found.end() :]}"
    return None


def typed_names(hosts: Collection[str]) -> list[str]:
    """Returns hosts as `parse_hosts` reads them: among others, a name of several words is quoted."""
    return [f'"{host}"' if " " in host and len(hosts) > 1 else host for host in hosts]


def typed_commands(verb: str, hosts: Collection[str], end: str = "") -> Iterator[tuple[str, int]]:
    """Yields commands with the number of their hosts: several if there is too much for one."""
    command, count = verb, 0
    for host in typed_names(hosts):
        is_full = len(command) + len(host) + len(end) + 2 > LONGEST_SUGGESTION or count == MOST_HOSTS
        if count and is_full:
            yield f"{command} {end}".strip(), count
            command, count = verb, 0
        command, count = f"{command} {host}", count + 1
    if count:
        yield f"{command} {end}".strip(), count
