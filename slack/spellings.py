"""Spellings in which people type the name of a host: as an address, formatted, with a Korean particle."""

import re
from collections.abc import Iterator

from hosts.names import ascii_form, canonical
from hosts.patterns import literal
from slack.text import tidy
from slack.words import PUNCTUATION

_QUOTES = " '\"`"
_FORMATTING = "*_~`"  # bold, italic, struck through, code
_WRAPPERS = {**dict(zip("([{<\"'", ")]}>\"'", strict=True)), **{sign: sign for sign in _FORMATTING}}
_AROUND_NAMES = f"()[]{{}}\"'{PUNCTUATION}"
_LATIN = re.compile(r"[!-~]+(?=[^!-~])")
_REPEATED = re.compile(r"(?:\\[dw]|\[[^]]*\])[*+?]?|(?<!\\)\.[*+]\??")  # in a regular expression
_PARTICLE = re.compile(r"(?<=\S)(?:은|는|이|가|을|를|도|만|의|에|에서|와|과|이?랑|하고)$")


def host_name(typed: str) -> str:
    """Returns the host of a URL or of anything else that was typed, in its one spelling."""
    return canonical(_bare(typed), is_host=True)


def _bare(typed: str) -> str:
    """Strips what surrounds a name in a sentence."""
    return typable(typed).lstrip(_QUOTES).rstrip(_QUOTES + ".,;")


def typable(name: str) -> str:
    """Spells a name as it can be typed: clients turn "--" into a dash, and `code` shows ` as '."""
    return tidy(name.lower()).replace("—", "--").replace("`", "'")


def _in_ascii(typed: str) -> str:
    return ascii_form(host_name(typed))


def is_formatted(typed: str) -> bool:
    """Whether a word is formatted, as in `*www.example.com*`, perhaps with quotes or brackets."""
    inside = _unwrapped(typed)
    return len(inside) > 2 and inside[0] in _FORMATTING and inside[-1] == inside[0]


def unformatted(typed: str) -> str:
    """Strips formatting, and the quotes and brackets around and inside it."""
    typed = _unwrapped(typed)
    while is_formatted(typed):
        typed = _unwrapped(typed[1:-1].strip())
    return typed


def _unwrapped(typed: str) -> str:
    """Strips quotes and brackets, and punctuation behind what is wrapped."""
    while (bare := typed.rstrip(PUNCTUATION)) and _WRAPPERS.get(bare[0]) == bare[-1] and len(bare) > 2:
        if bare[0] in _FORMATTING:
            return bare
        typed = bare[1:-1].strip()
    return typed


def name_readings(typed: str) -> Iterator[str]:
    """Yields the spellings that may be meant, the most literal first."""
    name = typable(typed)
    yield name
    if name[:1] in _QUOTES and name[:1] == name[-1:]:
        yield name[1:-1].strip()
    for text in dict.fromkeys((typed, unformatted(typed.strip().rstrip(PUNCTUATION)))):
        yield from (typable(text), _bare(text), host_name(text), _in_ascii(text))
    if " " in name:  # a pattern is one word
        yield literal(name)


def pattern_readings(typed: str) -> list[str]:
    """Returns the spellings of a pattern that may be meant. The last is the one to use if none matches."""
    whole = _unwrapped(typed)
    stem = without_particle(whole)
    readings = [
        reading
        for text in (whole, stem)
        for reading in (typable(text).strip(_QUOTES), _bare(text), host_name(text), _in_ascii(text))
    ]
    return [*readings, host_name(stem if stem.isascii() else whole)]


def without_expressions(pattern: str) -> str:
    """Returns the pattern that a simple regular expression stands for: `x*` for `^x.*$`."""
    bare = re.sub(r"^/(.*)/\w*$", r"\1", pattern).strip("^$")
    stars = _REPEATED.sub("*", bare)
    return re.sub(r"\*+", "*", stars.replace("\\", ""))


def without_particle(word: str) -> str:
    """Strips a Korean particle, as in `web-1을`."""
    return _PARTICLE.sub("", word.rstrip(PUNCTUATION))


def host_readings(phrase: str) -> Iterator[str]:
    """Yields what a word of a sentence may stand for: `web-1's`, `web-1은`, `결제가`, `web-1(old)`."""
    bare = phrase.strip(_AROUND_NAMES).removesuffix("'s")
    yield bare
    if latin := _LATIN.match(bare):
        yield latin[0]
    elif (stem := without_particle(bare)) != bare:
        yield stem
    if "(" in bare:
        yield bare.partition("(")[0]
