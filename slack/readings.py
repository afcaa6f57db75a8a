"""Understands questions that are no command as typed: `is www up?`, `www.example.com`, `chekc web-1`.

Only what changes nothing is answered so, and the reply says how it was read. A change is always asked back.
"""

from itertools import pairwise
from typing import NamedTuple

from languages import ENGLISH, Language
from slack.command import Check, Command, CommandContext, Down, Query, Removed, UsageError, parse
from slack.host_arguments import TooManyHosts, UnknownHost, parse_hosts
from slack.host_names import nearest_hosts
from slack.suggestions import CHANGES, VERY_SIMILAR, folded, near_verbs, verbs_of
from slack.text import tidy

LONGEST_QUESTION = 12  # words: a whole channel may be heard, and each word is looked up


class Reading(NamedTuple):
    """A command, and what would have to be typed for it; empty if that was typed."""

    command: Command
    meant: str = ""


class QueryReading(NamedTuple):
    """A query, and what would have to be typed for it."""

    query: Query
    meant: str


def read(text: str, context: CommandContext) -> Reading:
    """Raises UsageError."""
    try:
        return Reading(parse(text, context.language))
    except UsageError as error:
        if not (meant := _query_instead(text, error, context)):
            raise
        return Reading(parse(meant, context.language), meant)


def read_again(text: str, query: Query, error: UsageError, context: CommandContext) -> QueryReading:
    """Returns the query that was meant by one with an unknown host.

    Raises:
        UsageError: `error`, if there is none, or several.
    """
    meant = error.instead[0] if len(error.instead) == 1 else ""
    if not meant and isinstance(query, Check | Down | Removed):
        meant = _question(tidy(text), context)
    again = _as_query(meant, context.language) if meant else None
    if again is None or again == query:
        raise error
    return QueryReading(again, meant)


def is_question(text: str, context: CommandContext) -> bool:
    """Is it about hosts, or else a verb with words such as "me", and about nothing else?"""
    if text.count(" ") >= LONGEST_QUESTION:
        return False
    question = _question(tidy(text), context)
    is_command = folded(tidy(text).partition(" ")[0]) in verbs_of(context.language)
    return question.startswith("check ") or (is_command and bool(question))


def _query_instead(text: str, error: UsageError, context: CommandContext) -> str:
    """Returns the one query that a text can mean, as it would be typed; empty if there is not just one."""
    if question := _question(tidy(text), context):
        return question
    guesses = [guess for guess in error.instead if _as_query(guess, context.language)]
    if len(guesses) != 1 or len(error.instead) != 1 or not _keeps_words(text, guesses[0]):
        return ""
    return "" if _may_be_a_change(text, context.language) else guesses[0]


def _question(text: str, context: CommandContext) -> str:
    """Returns `check` with the hosts that a question is about, `down` or `check` if it is about all."""
    language = context.language
    words = [word.rstrip("?!.,") for word in text.split()]
    courtesies = {*map(folded, (*ENGLISH.courtesies, *language.courtesies))}
    asked = {folded(word) for each in (ENGLISH, language) for word in _words_that_name_no_host(each)}
    hosts = " ".join(word for word in words if folded(word) not in asked)
    verbs = verbs_of(language)
    if any(verbs.get(folded(word)) in CHANGES for word in (*words, *map(" ".join, pairwise(words)))):
        return ""
    if courtesies.issuperset(map(folded, words)):
        return ""
    if verbs.get(folded(hosts), "check") not in (*CHANGES, "check"):
        return hosts  # `show muted`
    if not hosts:
        is_about_down = any(verbs.get(folded(word)) == "down" for word in words)
        return "down" if is_about_down else "check"
    return f"check {known}" if (known := _known(hosts, context)) else ""


def _words_that_name_no_host(language: Language) -> set[str]:
    return {*language.question_words, *language.every_host_words, *language.courtesies}


def _known(hosts: str, context: CommandContext) -> str:
    """Returns the typed hosts if they are known, or the only one that a single word can mean."""
    try:
        parse_hosts(hosts, context.names)
    except (UnknownHost, TooManyHosts):
        near = nearest_hosts(hosts, context.names.titles) if " " not in hosts else []
        return near[0] if len(near) == 1 and hosts.lower() in near[0].lower() else ""
    return hosts


def _as_query(text: str, language: Language) -> Query | None:
    try:
        command = parse(text, language)
    except UsageError:
        return None
    return command if isinstance(command, Query) else None


def _keeps_words(typed: str, guess: str) -> bool:
    """Is nothing dropped but the word that is mistyped?"""
    return len(tidy(typed).split()) <= len(guess.split())


def _may_be_a_change(text: str, language: Language) -> bool:
    verbs = verbs_of(language)
    near = near_verbs(tidy(text).partition(" ")[0], verbs, VERY_SIMILAR)
    return any(verbs[folded(verb)] in CHANGES for verb in near[1:])
