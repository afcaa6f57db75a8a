"""Finds the query that answers a question about hosts: `is www up?`, `when did www go down?`, `pay`."""

import re
from collections.abc import Sequence
from itertools import takewhile

from hosts.patterns import is_pattern
from slack.command import CommandContext
from slack.host_arguments import known_hosts
from slack.host_names import Names, host_name, host_readings, is_one_slip
from slack.suggestions import CHANGES
from slack.text import tidy
from slack.words import Verbs, Words, folded, is_talk, plain_words, split_words, words_of

LONGEST_QUESTION = 12  # words: every message of a channel may arrive here, and each word is looked up
# What a question is about, if it is about several things: "when was www down?" is about its history.
_PRECEDENCE = ("help", "version", "undo", "removed", "log", "history", "warnings", "down", "who")
_ABOUT_HOSTS = {"removed", "log", "history", "warnings"}


def question(text: str, context: CommandContext) -> str:
    """Returns the query that is meant, as it would be typed; empty if that is not clear."""
    words = words_of(context.language)
    typed = [*split_words(plain_words(tidy(text), context.language), words.verbs)]
    if len(typed) > LONGEST_QUESTION or all(folded(word) in words.courtesies for word in typed):
        return ""
    changes = [word for word in typed if words.verbs.get(folded(word)) in CHANGES]
    asks_how = any(folded(word) in words.how or words.verbs.get(folded(word)) == "help" for word in typed)
    if changes and asks_how:
        return f"help {changes[0]}"
    if changes and not any(words.topics.get(folded(word)) == "who" for word in typed):
        return ""
    return _query(typed, words, context)


def _query(typed: Sequence[str], words: Words, context: CommandContext) -> str:
    command, verb = _topic(typed, words)
    hosts = [host for word in words.possible_names(typed) for host in _apart(word)]
    if not hosts or any(is_talk(word, context.language) for word in hosts):
        return "" if hosts else verb
    known = _known_hosts(hosts, context.names, words.verbs, is_alone=len(typed) == 1)
    if not known and len(typed) == 1 and is_part(typed[0], context.names):
        return f"check {typed[0]}"  # the answer asks which one is meant
    if not known or command in ("help", "version", "undo"):
        return ""
    return f"{verb if command in _ABOUT_HOSTS or is_pattern(known) else 'check'} {known}"


def is_question(text: str, context: CommandContext) -> bool:
    """Whether a text only asks about hosts, or about what a query answers."""
    meant = question(text, context)
    if not meant or "?" in text or " " in meant:
        return bool(meant)
    words = words_of(context.language)
    typed = [folded(word) for word in split_words(tidy(text), words.verbs)]
    if not words.asking.isdisjoint({typed[0], typed[-1]}):
        return True
    return words.stating.isdisjoint(typed) and any(w in words.verbs or w in words.topics for w in typed)


def _topic(typed: Sequence[str], words: Words) -> tuple[str, str]:
    """Returns the command that answers a question, and the word that says so."""
    found = {words.topics[key]: words.topics[key] for word in typed if (key := folded(word)) in words.topics}
    found |= {verb: word for word in reversed(typed) if (verb := words.verbs.get(folded(word)))}
    command = next((each for each in _PRECEDENCE if each in found), "check")
    is_past = "who" in found and (not CHANGES.isdisjoint(found) or not all(map(words.is_filler, typed)))
    if command == "who" or (command == "removed" and is_past):
        return "log", "log"  # "who muted www?", even if nobody did
    return command, found[command] if command in _PRECEDENCE else "check"


def _apart(word: str) -> list[str]:
    """Returns the parts of `www/api`, but leaves a URL whole."""
    return [part for part in re.split(r"[/+&|]", word) if part] if "." not in word else [word]


def is_part(word: str, names: Names) -> bool:
    """Whether a known name contains this word."""
    return bool(names.containing(host_name(word)))


def _known_hosts(typed: Sequence[str], names: Names, verbs: Verbs, *, is_alone: bool) -> str:
    """Returns the typed hosts if they are known, or else the only ones that can be meant."""
    text = " ".join(typed)
    if known_hosts(text, names):
        return text
    found = [*takewhile(bool, (_one_host(word, names, verbs, is_alone=is_alone) for word in typed))]
    return " ".join(found) if len(found) == len(typed) else ""


def _one_host(word: str, names: Names, verbs: Verbs, *, is_alone: bool) -> str:
    """Returns a known name, or the only one that contains the word or, if it stands alone, is one typo away.

    A mistyped verb is not a mistyped name.
    """
    if known := names.find_reading(word):
        return known
    is_slip = any(is_one_slip(folded(word), verb) for verb in verbs)
    parts = (names.only_with(reading, as_label=is_slip) for reading in host_readings(word))
    if named := next(filter(None, parts), ""):
        return named
    if not is_alone or is_slip or is_part(word, names):
        return ""
    near = names.one_slip_from(host_name(word))
    return near[0] if len(near) == 1 else ""
