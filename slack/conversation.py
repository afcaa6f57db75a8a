"""Tells commands from conversation that merely begins with our name: an outgoing webhook gets both."""

import re
from collections.abc import Sequence

from hosts.names import is_host_name
from hosts.patterns import is_pattern
from slack import mute_ends
from slack.command import CommandContext
from slack.host_names import Names
from slack.parsing import HELP_SIGNS
from slack.questions import is_question
from slack.reasons import begins_like_a_time
from slack.spellings import host_name, host_readings
from slack.suggestions import CHANGES, STAND_ALONE, VERY_SIMILAR, nearest_verb
from slack.words import folded, is_talk, plain_words, split_verb, split_words, words_of

_NUMBERED = re.compile(r"[a-z][a-z0-9_-]*-?\d+", re.IGNORECASE)  # `web-1`
LONGEST_NAME = 2  # words: more of them in place of a host are a sentence, not a mistyped name


def is_conversation(text: str, context: CommandContext) -> bool:
    """Whether a text has no known host, is no question, and has no verb with plausible arguments."""
    text = context.names.apart(plain_words(text, context.language))
    is_for_us = not text or text in HELP_SIGNS or _names_host(text.split(), context.names)
    if is_for_us or is_question(text, context) or _is_order_about_all(text, context):
        return False
    words = words_of(context.language)
    typed, rest = split_verb(text, words.verbs)
    verb = "ack" if folded(typed) in words.acknowledging else words.verbs.get(folded(typed), "")
    if verb:
        return _is_sentence_after(verb, typed, rest, context)
    if len(text.split()) == 1 and is_talk(text, context.language):
        return True
    if near := nearest_verb(typed, words.verbs, VERY_SIMILAR):
        is_about_verb = folded(rest.partition(" ")[0]) in words.verbs
        takes_host = words.verbs[folded(near)] not in STAND_ALONE and " " not in rest
        may_name_hosts = _may_name_hosts(rest.split(), context, is_lone_name=takes_host)
        return bool(rest) and not (is_about_verb or may_name_hosts or _has_parts(rest.split(), context))
    return _is_sentence([*split_words(text, words.verbs)], context)


def _is_sentence_after(verb: str, typed: str, rest: str, context: CommandContext) -> bool:
    """Whether a text is a sentence, judging by its verb as typed and a rest without known hosts."""
    words, language, others = words_of(context.language), context.language, rest.split()
    if rest in HELP_SIGNS or words.verbs.get(folded(rest)) == "help":
        return False
    unknown = words.possible_names(others)
    is_everyday = folded(typed) in words.everyday
    ends = [] if is_everyday else [found.before.split() for found in mute_ends.candidates(rest, language)]
    if verb == "remove" and any(len(before) <= (LONGEST_NAME if unknown else 0) for before in ends):
        return False  # `mute until up` lacks the host
    if not unknown and verb not in {*CHANGES, "ack"}:
        return not words.stating.isdisjoint(map(folded, others))
    if not unknown:
        return not {*words.courtesies, *words.every_host}.issuperset(map(folded, others))
    if is_everyday and begins_like_a_time(unknown[0]):
        return True
    may_name_hosts = _may_name_hosts(others, context, is_lone_name=len(unknown) == 1)
    return not (may_name_hosts or _has_parts(others[:1], context))


def _is_order_about_all(text: str, context: CommandContext) -> bool:
    """Whether a text in Korean is like `전체 숨김 1시간`; "all muted for 1h" would tell what was done."""
    words, language = words_of(context.language), context.language
    first, _, rest = text.partition(" ")
    verb, after = split_verb(rest, words.verbs)
    command = "" if verb.isascii() else words.verbs.get(folded(verb))
    if folded(first) not in words.every_host or command not in CHANGES:
        return False
    # `전체 점검 내일까지` is an announcement, and `전체 복구 2시간 걸렸어요` tells what was done.
    if not after or command != "remove" or folded(verb) in words.everyday:
        return not after
    return any(not found.before for found in mute_ends.candidates(after, language))


def _is_sentence(typed: Sequence[str], context: CommandContext) -> bool:
    """Whether a text that does not begin with a verb is a sentence."""
    words = words_of(context.language)
    if len(typed) < 2:
        return not typed or _is_no_name(typed[0], context)
    if len(typed) == 2 and folded(typed[0]) in words.every_host and not typed[1].isascii():
        return True
    if not any(folded(word) in words.verbs for word in typed):
        return not all(map(_is_like_a_host, typed))
    return not (_has_parts(typed, context) or _may_name_hosts(typed, context))


def _has_parts(typed: Sequence[str], context: CommandContext) -> bool:
    """Whether a word is a part of a host's name, as in `can you mute www?`."""
    unknown = words_of(context.language).possible_names(typed)
    return any(context.names.is_part(word) for word in unknown if not is_talk(word, context.language))


def _is_no_name(word: str, context: CommandContext) -> bool:
    if is_talk(word, context.language) or words_of(context.language).is_filler(word):
        return True
    return not (any(map(str.isalpha, word)) or _is_like_a_host(word))


def _may_name_hosts(typed: Sequence[str], context: CommandContext, *, is_lone_name: bool = False) -> bool:
    """Whether words may be mistyped or unknown hosts, rather than a sentence."""
    words = words_of(context.language)
    unknown = words.possible_names(typed)
    if typed and _is_like_a_host(typed[0]):
        return True
    if any(is_talk(word, context.language) and folded(word) not in words.courtesies for word in typed):
        return False
    if is_lone_name or any(map(_is_like_a_host, unknown)):
        return True
    is_short = 0 < len(unknown) <= LONGEST_NAME
    return is_short and bool(context.names.nearest(unknown[0]))


def _is_like_a_host(word: str) -> bool:
    return is_pattern(word) or is_host_name(host_name(word)) or bool(_NUMBERED.fullmatch(word))


def _names_host(words: list[str], known: Names) -> bool:
    """Whether words name a host. Long phrases are only looked up as typed: sentences have many of them."""
    if any(map(known.find_reading, words)):
        return True
    phrases = (
        " ".join(words[start : start + count])
        for count in range(2, min(known.most_words, len(words)) + 1)
        for start in range(len(words) - count + 1)
    )
    return any(known.is_spelt(reading) for phrase in phrases for reading in (phrase, *host_readings(phrase)))
