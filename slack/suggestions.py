"""Recognises verbs, and suggests a complete command for text that begins with none, such as `ack web1`."""

from difflib import get_close_matches
from unicodedata import normalize

from hosts.names import is_host_name
from languages import ENGLISH, LANGUAGES, Language, word_for
from languages.typed import MuteVerbs
from slack.nearest import is_one_slip
from slack.spellings import host_name
from slack.words import PUNCTUATION, Verbs, folded, is_talk, pattern, verbs_of, words_of

LONGEST_VERB = 40  # characters of a word that is compared with the verbs
LONGEST_SUGGESTION = 300  # characters of a command that a reply says to type
SIMILAR, VERY_SIMILAR = 0.7, 0.75  # between two words, 0 to 1: for "improved" and "removed" it is 0.67
# What follows these may be a mere courtesy.
STAND_ALONE = {"help", "down", "removed", "log", "doctor", "undo", "version"}
CHANGES = {"remove", "restore", "resolve", "forget"}


def mute_verbs(typed: str, verb: str, language: Language) -> MuteVerbs:
    """Returns the words that go with one of `remove`, `restore` and `removed`, as it was typed."""
    word = folded(typed)
    for verbs in (*ENGLISH.mute_verbs, *language.mute_verbs):
        if word in map(folded, verbs):
            return verbs
    default = (ENGLISH if word in verbs_of(ENGLISH) else language).mute_verbs[0]
    field = {"remove": "mute", "restore": "unmute", "removed": "muted"}[verb]
    return default._replace(**{field: normalize("NFC", typed.lower().rstrip(PUNCTUATION))})


def nearest_verb(typed: str, verbs: Verbs, similarity: float = SIMILAR) -> str:
    """Returns the verb most like a word, as it would be typed; empty if none is like it.

    One that changes something has to be a single slip away: "report" is no "restore".
    """
    word = folded(typed)
    near = ((verb, folded(verb)) for verb in near_verbs(typed, verbs, similarity))
    return next((verb for verb, key in near if verbs[key] not in CHANGES or is_one_slip(word, key)), "")


def near_verbs(typed: str, verbs: Verbs, similarity: float) -> list[str]:
    """Returns the verbs like a word, the most similar first."""
    word = normalize("NFD", typed.lower()[:LONGEST_VERB])
    return [normalize("NFC", near) for near in get_close_matches(word, verbs, cutoff=similarity)]


def suggest_command(text: str, language: Language) -> str:
    """Returns what to type instead of a text that does not begin with a verb; empty if that is unclear.

    Many sentences contain everyday words, so such a word has to come first and be nearly right.
    """
    if meant := _suggest(text, verbs_of(language, everyday=False), language):
        return meant
    first, space, rest = text.partition(" ")
    last = text.rpartition(" ")[2]
    if _has_digit_or_sign(first) or verbs_of(language).get(folded(last)) in CHANGES:
        return _verb_after_host(text.split(" "), verbs_of(language), language)
    near = nearest_verb(first, verbs_of(language), VERY_SIMILAR)
    return f"{near}{space}{rest}" if near else ""


def _suggest(text: str, verbs: Verbs, language: Language) -> str:
    first, _, rest = text.partition(" ")
    near = nearest_verb(first, verbs)
    if near and not _has_digit_or_sign(first):
        takes_rest = verbs[folded(near)] not in STAND_ALONE or (near == "help" and folded(rest) in verbs)
        return f"{near} {rest}" if rest and takes_rest else near
    words = text.split(" ")
    return _verb_after_host(words, verbs, language) or near or _host_alone(words, verbs, language)


def _verb_after_host(words: list[str], verbs: Verbs, language: Language) -> str:
    """`web-1 remove for 2h`, `web-1 2시간 동안 숨김`."""
    for start in range(1, len(words)):
        for end in (start + 2, start + 1):
            typed = " ".join(words[start:end])
            verb = (verbs_of(language) if " " in typed else verbs).get(folded(typed))  # `end mute`
            follows = words[end] if words[end:] else ""
            is_noun = verb in CHANGES and is_talk(follows, language) and not _begins_an_end(follows)
            if verb and not (follows and is_noun):
                asked = words_of(language).possible_names(words[:start])
                has_noun = any(verbs_of(language).get(folded(word)) in CHANGES for word in words[:start])
                before = asked if has_noun or (follows and _begins_an_end(follows)) else words[:start]
                kept = [w.rstrip(":") for w in before if folded(w) not in words_of(language).polite]
                return _verb_first(listed_verb(typed.rstrip(PUNCTUATION), language), verb, kept, words[end:])
    return ""


def listed_verb(typed: str, language: Language) -> str:
    """Returns the word of the manual for an everyday one: `숨김` for `숨겨`, which alone is half a word."""
    guides = (*ENGLISH.commands, *language.commands)
    everyday = (guide for guide in guides if folded(typed) in map(folded, guide.everyday))
    return next((guide.words[0] for guide in everyday if guide.words), typed)


def _verb_first(typed: str, verb: str, before: list[str], after: list[str]) -> str:
    """Drops words like "please" before a verb that a host follows. Moves an end behind the hosts."""
    if verb in STAND_ALONE:
        return typed
    is_end_first = bool(before) and _begins_an_end(before[0])
    has_host = not after or _begins_an_end(after[0]) or any(map(_has_digit_or_sign, before))
    kept = before if has_host or is_end_first else []
    words = [*kept, *after]
    if is_end_first:
        words.sort(key=lambda word: not is_host_name(host_name(word)))  # `for 2h mute www.example.com`
    return " ".join([typed, *words]).rstrip("?!")


def _begins_an_end(word: str) -> bool:
    return any(
        word.lower() in words.expiry_words or pattern(words.leading_time).match(word)
        for words in LANGUAGES.values()
    )


def _has_digit_or_sign(word: str) -> bool:
    return not word.rstrip(PUNCTUATION).isalpha()


def _host_alone(words: list[str], verbs: Verbs, language: Language) -> str:
    """Hosts without a verb are checked; the last word may be a mistyped verb."""
    *before, last = words
    if "." not in host_name(words[0]):
        return ""
    near = nearest_verb(last, verbs) if before else word_for("check", language)
    if not near or verbs[folded(near)] in STAND_ALONE:
        return ""
    return " ".join([near, *(before or words)])
