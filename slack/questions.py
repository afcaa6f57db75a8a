"""Finds the query that a question means: `is www up?`, `when did it go down?`, `www.example.com`."""

from collections.abc import Sequence
from itertools import takewhile

from hosts.patterns import is_pattern
from languages import Language, word_for
from slack.command import CommandContext
from slack.host_lists import known_hosts, mended, typed_names
from slack.host_names import Names
from slack.nearest import is_one_slip
from slack.parsing import word_to_type
from slack.spellings import host_name, host_readings
from slack.suggestions import CHANGES, listed_verb
from slack.words import (
    Verbs,
    Words,
    folded,
    is_talk,
    joined,
    pattern,
    plain_words,
    split_words,
    words_of,
)

LONGEST_QUESTION = 12  # words: every message of a channel may arrive here, and each word is looked up
# What a question is about, if it is about several things: "when was www down?" is about its history.
_PRECEDENCE = ("help", "version", "undo", "removed", "log", "history", "warnings", "down", "who")
_ABOUT_HOSTS = {"removed", "log", "history", "warnings"}


def question(text: str, context: CommandContext) -> str:
    """Returns the query that is meant, as it would be typed; empty if that is not clear."""
    words = words_of(context.language)
    text = joined(plain_words(text, context.language), context.language)
    text = pattern(context.language.mute_or_unmute).sub(word_for("restore", context.language), text)
    if torn := mended(text, text, context.names):
        text = torn[1]
    typed = [*split_words(text, words.verbs)]
    if len(typed) > LONGEST_QUESTION or all(folded(word) in words.courtesies for word in typed):
        return ""
    changes = [word for word in typed if words.verbs.get(folded(word)) in CHANGES]
    asks_how = any(folded(word) in words.how or words.verbs.get(folded(word)) == "help" for word in typed)
    if changes and asks_how:
        return f"{word_to_type('help', typed, context.language)} {changes[0]}"
    if changes and not any(words.topics.get(folded(word)) == "who" for word in typed):
        return ""
    return _query(typed, text, words, context)


def _query(typed: Sequence[str], text: str, words: Words, context: CommandContext) -> str:
    command, verb = _topic(typed, words, context.language)
    hosts = words.possible_names(typed)
    names, with_brackets = context.names, words.possible_names(text.split())  # of `api (prod)`
    if not hosts or any(is_talk(word, context.language) and not names.find_reading(word) for word in hosts):
        return "" if hosts else verb
    if named := known_hosts(" ".join(hosts), names) or known_hosts(" ".join(with_brackets), names):
        known = " ".join(typed_names([*map(context.title, named)]))
    else:
        known = _guessed(hosts, names, words.verbs, is_alone=len(typed) == 1)
    if not known or command in ("help", "version", "undo"):
        return ""
    if command not in _ABOUT_HOSTS and not is_pattern(known):
        verb = word_to_type("check", typed, context.language)
    return f"{verb} {known}"


def is_question(text: str, context: CommandContext) -> bool:
    """Whether a text only asks about hosts, or about what a query answers."""
    meant = question(text, context)
    if not meant or "?" in text or " " in meant:
        return bool(meant)
    words = words_of(context.language)
    typed = [folded(word) for word in split_words(text, words.verbs)]
    if not words.asking.isdisjoint({typed[0], typed[-1]}):
        return True
    return words.stating.isdisjoint(typed) and any(w in words.verbs or w in words.topics for w in typed)


def _topic(typed: Sequence[str], words: Words, language: Language) -> tuple[str, str]:
    """Returns the command that answers a question, and the word to type for it: if possible, one in it."""
    found = {words.topics[key]: "" for word in typed if (key := folded(word)) in words.topics}
    found |= {verb: word for word in reversed(typed) if (verb := words.verbs.get(folded(word)))}
    command = next((each for each in _PRECEDENCE if each in found), "check")
    is_past = "who" in found and (not CHANGES.isdisjoint(found) or not all(map(words.is_filler, typed)))
    if command == "who" or (command == "removed" and is_past):
        command = "log"  # "who muted www?", even if nobody did
    if command not in _PRECEDENCE:
        return command, word_to_type("check", typed, language)
    return command, listed_verb(found.get(command) or word_for(command, language), language)


def _guessed(typed: Sequence[str], names: Names, verbs: Verbs, *, is_alone: bool) -> str:
    """Returns the only hosts that can be meant; empty unless each word means one."""
    found = [*takewhile(bool, (_one_host(word, names, verbs, is_alone=is_alone) for word in typed))]
    return " ".join(found) if len(found) == len(typed) else ""


def _one_host(word: str, names: Names, verbs: Verbs, *, is_alone: bool) -> str:
    """Returns a known name, or the only one that contains the word or, if it stands alone, is one typo away.

    A mistyped verb is not a mistyped name. A part of several names is returned as typed: the answer asks
    which one is meant.
    """
    if known := names.find_reading(word):
        return known
    is_slip = any(is_one_slip(folded(word), verb) for verb in verbs)
    parts = (names.only_with(reading, as_label=is_slip) for reading in host_readings(word))
    if named := next(filter(None, parts), ""):
        return named
    if part := next(filter(names.is_part, host_readings(word)), ""):
        return part if is_alone or not is_slip else ""
    if is_slip or not is_alone:
        return ""
    near = names.one_slip_from(host_name(word))
    return near[0] if len(near) == 1 else ""
