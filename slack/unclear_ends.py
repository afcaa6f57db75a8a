"""Asks what an end means that could be read in two ways: whether `until 9` is in the morning."""

import re
from contextlib import suppress

from languages import LANGUAGES
from languages.typed import DurationWords
from slack.command import UsageError, offer
from slack.mute_ends import (
    ExpiryContext,
    candidates,
    languages_from,
    not_a_time,
    parse_expiry,
    time_or_date,
    which_of,
)
from slack.words import pattern

HOURS = 24  # of a day


def suggest_hours(text: str, context: ExpiryContext) -> UsageError | None:
    """Asks whether `until 9` is in the morning or in the evening; None if there is no such end.

    It asks as well what `until 9.12` is.
    """
    if asked := time_or_date(text, context):
        return asked
    for words in LANGUAGES.values():
        found = pattern(words.bare_hour).search(text)
        if found and not _follows_start(found, words):
            ends = [f"{found['until']} {end}" for end in _hours(found, words)]
            typed = [f"{text[: found.start()]}{end}{text[found.end() :]}" for end in ends]
            if again := [f"{context.verb} {each}" for each in typed if _is_understood(each, context)]:
                return which_of(again, context.language)
    return None


def _follows_start(hour: re.Match[str], words: DurationWords) -> bool:
    """Whether it ends `from 9 until 10`."""
    before = len(hour.string[: hour.start()].rstrip())
    return any(start.end() == before for start in pattern(words.delayed_start).finditer(hour.string))


def _hours(found: re.Match[str], words: DurationWords) -> list[str]:
    """Returns the times that a bare hour may mean."""
    hour, noon = int(found["hour"]), HOURS // 2
    if part := found["part"]:
        hours = [words.hours_in[part.lower()].get(hour, hour if hour > noon else -1)]
    else:
        hours = [hour, (hour + noon) % HOURS] if 0 < hour <= noon else [hour]
    today = next(day for day, days in words.relative_days.items() if days == 0)
    day = "" if found["this"] is None else f" {today}"
    return [f"{each:02}:00{day}" for each in hours if 0 <= each <= HOURS]


def _is_understood(text: str, context: ExpiryContext) -> bool:
    candidate = next(candidates(text, context.language))
    if candidate.groups["start"]:
        return True  # it is answered with the end
    with suppress(UsageError):
        return bool(parse_expiry(candidate, context))
    return False


def suggest_until(typed: str, hosts: str, context: ExpiryContext) -> UsageError:
    """Asks whether a time without an "until" is the end: `18:00`, `by 18:00`."""
    for words in languages_from(context.language):
        if found := pattern(words.bare_moment).match(typed):
            rest = f"{words.until_then(found['moment'])}{typed[found.end() :]}"
            return offer(context.language.confirm_until, f"{context.verb} {hosts} {rest}")
    return not_a_time(typed, context)
