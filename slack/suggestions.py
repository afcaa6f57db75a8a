"""Recognises verbs, and suggests a complete command for text that begins with none."""

import re
from collections.abc import Iterator, Mapping
from unicodedata import normalize

from hosts.mutes import is_pattern
from hosts.names import is_host_name
from languages import ENGLISH, Language
from languages.language import MuteVerbs
from slack.host_names import Names, host_name, is_one_slip
from slack.text import tidy

LONGEST_VERB = 40  # characters of a word that is compared with the verbs
SHORTEST_SENTENCE = 4  # words of conversation; fewer may be a mistyped command
SIMILAR, VERY_SIMILAR = 0.6, 0.75  # of two words, from 0 to 1: "improved" and "removed" are at 0.67
_PUNCTUATION = ".,:;!?"
_AROUND = "()[]{}\"'!?:,.;"
_APART = re.compile(r"[/,+&|()]+")  # what people put between two hosts
_LATIN = re.compile(r"[!-~]+(?=[^!-~])")
STAND_ALONE = {
    "help",
    "down",
    "removed",
    "log",
    "undo",
    "version",
}  # what follows these may be a mere courtesy

CHANGES = {"remove", "restore", "resolve", "forget"}

Verbs = Mapping[str, str]  # each word that may be typed, folded -> the command's English verb


def verbs_of(language: Language, *, everyday: bool = True) -> Verbs:
    """Returns the English verbs and those of the language, and `everyday` words that mean the same."""
    guides = (*ENGLISH.commands, *language.commands)
    if not everyday:
        return {folded(word): guide.command for guide in guides for word in (guide.command, *guide.words)}
    filters = {"up": {*ENGLISH.up_words, *language.up_words}}
    filters["warnings"] = {*ENGLISH.warning_words, *language.warning_words}
    verbs = {
        folded(word): guide.command
        for guide in guides
        for word in (guide.command, *guide.words, *guide.everyday)
    }
    return verbs | {folded(word): name for name, words in filters.items() for word in words}


def everyday_words(language: Language) -> set[str]:
    """Returns the verbs with which conversation may begin as well, folded."""
    words = {word for guide in (*ENGLISH.commands, *language.commands) for word in guide.everyday}
    for each in (ENGLISH, language):
        words |= {*each.up_words, *each.warning_words, *each.acknowledge_words, "version", "undo"}
    return set(map(folded, words))


def mute_verbs(typed: str, verb: str, language: Language) -> MuteVerbs:
    """Returns the words that go with one of `remove`, `restore` and `removed`, as it was typed."""
    word, languages = folded(typed), (ENGLISH, language)
    for verbs in (verbs for each in languages for verbs in each.mute_verbs):
        if word in map(folded, verbs[:3]):
            return verbs
    is_english = word in {
        folded(each) for guide in ENGLISH.commands for each in (*guide.words, *guide.everyday)
    }
    default = (ENGLISH if is_english else language).mute_verbs[0]
    field = {"remove": "mute", "restore": "unmute", "removed": "muted"}[verb]
    return default._replace(**{field: normalize("NFC", typed.lower().rstrip(_PUNCTUATION))})


def folded(word: str) -> str:
    """Takes Hangul apart into letters: some systems send it so, and one slip of a finger stays small."""
    return normalize("NFD", word.lower().rstrip(_PUNCTUATION))


def split_verb(text: str, verbs: Verbs) -> tuple[str, str]:
    """Splits text after its verb, which may be two words."""
    first, _, rest = text.partition(" ")
    second, _, after = rest.partition(" ")
    both = f"{first} {second}"
    return (both, after) if folded(both) in verbs else (first, rest)


def is_conversation(text: str, known: Names, language: Language) -> bool:
    """Whether a channel message merely begins with our name: no verb, no host, many words.

    A first word that is only like a verb ("store", "town") or an everyday one ("show", "status") makes no
    command of it, unless something like a host stands behind it.
    """
    words, verbs = tidy(text).split(), verbs_of(language)
    if len(words) < SHORTEST_SENTENCE or folded(" ".join(words[:2])) in verbs:
        return False
    first = folded(words[0])
    is_verb = first in verbs or bool(nearest_verb(words[0], verbs, VERY_SIMILAR))
    if first in verbs and first not in everyday_words(language):
        return False
    if is_verb and (is_pattern(words[1]) or is_host_name(host_name(words[1]))):
        return False
    return not _names_host(words, known)


def _names_host(words: list[str], known: Names) -> bool:
    """Longer names are looked up as they are spelt: a sentence has too many phrases to try every reading."""
    if any(known.find(reading) for word in words for reading in _host_readings(word)):
        return True
    phrases = (
        " ".join(words[start : start + count])
        for count in range(2, min(known.most_words, len(words)) + 1)
        for start in range(len(words) - count + 1)
    )
    return any(known.is_spelt(reading) for phrase in phrases for reading in _host_readings(phrase))


def _host_readings(phrase: str) -> Iterator[str]:
    """Reads hosts out of words as sentences have them: `(web-1)`, `web-1's`, `web-1은`, `web-1/web-2`."""
    bare = phrase.strip(_AROUND).removesuffix("'s")
    yield bare
    if latin := _LATIN.match(bare):
        yield latin[0]
    yield from _APART.split(bare) if _APART.search(bare) else ()


def nearest_verb(typed: str, verbs: Verbs, similarity: float = SIMILAR) -> str:
    """Returns the verb most like a word, as it would be typed; empty if none is like it.

    One that changes something has to be a single slip away: "report" is no "restore".
    """
    word = folded(typed)
    near = ((verb, folded(verb)) for verb in near_verbs(typed, verbs, similarity))
    return next((verb for verb, key in near if verbs[key] not in CHANGES or is_one_slip(word, key)), "")


def near_verbs(typed: str, verbs: Verbs, similarity: float = SIMILAR) -> list[str]:
    """Returns the verbs like a word, the most similar first."""
    from difflib import get_close_matches  # noqa: PLC0415 - seldom wanted, and felt at every start

    word = normalize("NFD", typed.lower()[:LONGEST_VERB])
    return [normalize("NFC", near) for near in get_close_matches(word, verbs, cutoff=similarity)]


def suggest_command(text: str, language: Language) -> str:
    """Returns what to type instead of a text that begins with no verb; empty if nobody could say.

    Everyday words stand in many a sentence, so they have to be nearly right, and come first.
    """
    if meant := _suggest(text, verbs_of(language, everyday=False)):
        return meant
    first, space, rest = text.partition(" ")
    near = nearest_verb(first, verbs_of(language), VERY_SIMILAR)
    return f"{near}{space}{rest}" if near else ""


def _suggest(text: str, verbs: Verbs) -> str:
    first, _, rest = text.partition(" ")
    near = nearest_verb(first, verbs)
    if near and not _is_like_a_host(first):
        return f"{near} {rest}" if rest and verbs[folded(near)] not in STAND_ALONE else near
    return _verb_after_host(text.split(" "), verbs) or near or _host_alone(text.split(" "), verbs)


def _verb_after_host(words: list[str], verbs: Verbs) -> str:
    """`web-1 remove for 2h`, `web-1 2시간 동안 숨김`."""
    for start in range(1, len(words)):
        for end in (start + 2, start + 1):
            typed = " ".join(words[start:end])
            if verb := verbs.get(folded(typed)):
                return _verb_first(typed.rstrip(_PUNCTUATION), verb, words[:start], words[end:])
    return ""


def _verb_first(typed: str, verb: str, before: list[str], after: list[str]) -> str:
    """Leaves out words like "please" before a verb if a host stands after it."""
    if verb in STAND_ALONE:
        return typed
    kept = before if not after or any(map(_is_like_a_host, before)) else []
    return " ".join([typed, *kept, *after])


def _is_like_a_host(word: str) -> bool:
    return not word.rstrip(_PUNCTUATION).isalpha()


def _host_alone(words: list[str], verbs: Verbs) -> str:
    """Hosts without a verb are checked; the last word may be a mistyped verb."""
    *before, last = words
    if "." not in host_name(words[0]):
        return ""
    near = nearest_verb(last, verbs) if before else "check"
    if not near or verbs[folded(near)] in STAND_ALONE:
        return ""
    return " ".join([near, *(before or words)])
