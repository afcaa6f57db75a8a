"""Notices what looks like an order and is none: a question, or what nobody should do."""

import re
from functools import cache
from unicodedata import normalize

from languages import ENGLISH, Language
from slack.command import ChangeCommand, Command, CommandContext, Remove, UsageError, offer
from slack.host_lists import known_hosts
from slack.parsing import without_politeness
from slack.reasons import explained
from slack.suggestions import CHANGES
from slack.words import folded, pattern, plain_words, split_words, verbs_of


def check_is_order(command: Command, text: str, context: CommandContext) -> None:
    """Raises UsageError for a change that is only asked about, `mute www.example.com?`, or forbidden.

    A reason after a colon or in quotes may be a question.
    """
    if not isinstance(command, ChangeCommand):
        return
    language, text = context.language, plain_words(text, context.language)
    if forbids(text, context):
        raise UsageError(language.nothing_changed)
    bare = without_politeness(text, language)
    found = explained(text) if isinstance(command, Remove) else None
    is_reason = found is not None and bool(found[1])  # `because?` gives none
    is_name = command.typed.endswith("?") and context.names.is_spelt(command.typed)
    is_question = any(_is_question(each, language) for each in (text, bare))
    if is_question and not is_reason and not is_name:
        meant = pattern(language.question_end).sub("", bare)
        raise offer(language.did_you_mean, meant.rstrip("?!., "))


def _is_question(text: str, language: Language) -> bool:
    is_marked = text.rstrip("!., ").endswith("?")
    return is_marked or pattern(language.question_end).search(text) is not None


def forbids(text: str, context: CommandContext) -> bool:
    """Whether a text says not to change something: `don't mute www.example.com`."""
    verbs = verbs_of(context.language)
    for language in (ENGLISH, context.language):
        if found := _forbidden(language).search(text.partition(": ")[0]):
            before = text[: found.start()].rstrip()
            if all(verbs.get(folded(word)) not in CHANGES for word in split_words(before, verbs)):
                return found.lastgroup != "elsewhere"
            _, _, hosts = before.partition(" ")
            return found.end() == len(text) and bool(known_hosts(hosts, context.names))
    return False


def without_asides(text: str, language: Language) -> str:
    """Drops "don't forget to" and, in Korean, "do not resolve it but": what is left may be an order."""
    for each in (ENGLISH, language):
        if pattern(each.aside).search(text):
            text = " ".join(pattern(each.aside).sub("", text).split())
    return text


@cache
def _forbidden(language: Language) -> re.Pattern[str]:
    words = [normalize("NFC", word) for word, verb in verbs_of(language).items() if verb in CHANGES]
    verbs = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(language.forbidding.format(verbs=verbs), re.IGNORECASE)
