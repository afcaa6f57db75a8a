"""For how long and why, as people say it after the hosts: `for 2h deploy`, `18:00까지 배포`.

A reason may tell of times ("deploy of the 18:00 build"), but where it begins or ends with one,
nobody can say whether that belongs to the term: then it is asked. A colon before it settles it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

from languages import ENGLISH, Language
from languages.language import DurationWords
from slack.command import LONGEST_SUGGESTION, UsageError
from slack.moments import NoClock, day_alone, length, moment
from slack.phrases import cut
from slack.text import code, one_line, to_type

LONGEST_MUTE = timedelta(days=366)
LONGEST_REASON = 200  # characters; what is missing is seen to be missing
LONGEST_QUOTE = 40
TYPO_SIMILARITY = 0.8  # from 0 to 1: a word that is so like one of time is that, mistyped
WORDS_AT_THE_END = 12  # words of a reason among which a time at its end is looked for
_NOISE = r"[\s,.;(~\u2013\u2014-]*"  # between a term and what may go on with it


class Expiry(NamedTuple):
    """Until then, until up, or else until restored."""

    until: datetime | None = None
    until_up: bool = False
    reason: str = ""


class Candidate(NamedTuple):
    """What may be a term, in words of one language, and what stands `before` and `after` it."""

    before: str
    groups: dict[str, str | None]
    typed: str
    after: str
    words: DurationWords


class Asked(NamedTuple):
    """When and where a term was typed, and after which word, such as `remove!`."""

    now: datetime
    zone: tzinfo
    language: Language
    verb: str = "remove"


def candidates(text: str, language: Language) -> Iterator[Candidate]:
    """Wherever a term may stand, the first first: a host's name can hold the words of one."""
    found = [(match, words) for words in _languages(language) for match in _all(words.expiry, text)]
    for match, words in sorted(found, key=lambda one: one[0].start()):
        before, after = text[: match.start()].strip(), text[match.end() :]
        yield Candidate(before, match.groupdict(), match[0].strip(), after, words)


def misses_a_time(text: str, language: Language) -> bool:
    """Does a word that a term begins with stand there?"""
    return any(match.start() for words in _languages(language) for match in _all(words.expiry_start, text))


def begins_like_a_time(text: str, language: Language) -> bool:
    for words in _languages(language):
        if any(_match(pattern, text) for pattern in (words.time_first, words.expiry_start)):
            return True
    return False


def not_a_time(text: str, language: Language) -> UsageError:
    """`text` from where a term begins, if it does anywhere."""
    starts = [match.start() for words in _languages(language) for match in _all(words.expiry_start, text)]
    return unclear(text[min(starts, default=0) :], language)


def unclear(typed: str, language: Language) -> UsageError:
    return UsageError(language.not_a_time(code(cut(typed, LONGEST_QUOTE))))


def without_an_end(typed: str, before: str, asked: Asked) -> UsageError:
    """A time stands there, but not as the end of something: `18:00`, `by 18:00`."""
    for words in _languages(asked.language):
        if found := _match(words.mere_moment, typed):
            end = found["moment"]
            if not re.fullmatch(words.typed_moment, end, re.IGNORECASE):
                end = f"{end} 9:00"
            again = f"{asked.verb} {before} {words.until_then(end)}{typed[found.end() :]}"
            return UsageError(asked.language.is_it_the_end(to_type(cut(again, LONGEST_SUGGESTION))))
    return unclear(typed, asked.language)


def read(candidates: Candidate, asked: Asked) -> Expiry:
    """Raises UsageError."""
    if start := candidates.groups["start"]:
        raise _begins_now(candidates.typed, start, candidates.words, candidates, asked)
    until = None if candidates.groups["up"] or candidates.groups["restored"] else _until(candidates, asked)
    _check_reason(candidates, until, asked)
    reason = cut(one_line(candidates.after).strip(" ,.:;-"), LONGEST_REASON)
    return Expiry(until, until_up=bool(candidates.groups["up"]), reason=reason)


def _until(candidates: Candidate, asked: Asked) -> datetime:
    typed, language = code(cut(candidates.typed, LONGEST_QUOTE)), asked.language
    try:
        until = _end(candidates, asked)
        if until > asked.now + LONGEST_MUTE:
            raise UsageError(language.mute_is_too_long(typed))
    except NoClock as day:
        end = candidates.words.until_then(f"{day} 9:00")
        raise UsageError(language.at_what_time(_again(candidates.before, end, asked))) from None
    except LookupError as zone:
        here = code(asked.now.astimezone(asked.zone).tzname() or str(asked.zone))
        raise UsageError(language.ambiguous_zone(code(cut(str(zone.args[0]), LONGEST_QUOTE)), here)) from None
    except ValueError:
        raise UsageError(language.not_a_time(typed)) from None
    except OverflowError:
        raise UsageError(language.mute_is_too_long(typed)) from None
    if until <= asked.now:
        raise UsageError(language.time_is_past(typed))
    return until


def _end(candidates: Candidate, asked: Asked, start: datetime | None = None) -> datetime:
    """Raises what `length` and `moment` do."""
    if span := candidates.groups["span"]:
        return (start or asked.now) + length(span, candidates.words)
    return moment(candidates.groups["moment"] or "", start or asked.now, asked.zone, candidates.words)


def _check_reason(candidates: Candidate, until: datetime | None, asked: Asked) -> None:
    """Raises UsageError when what follows may belong to the term. A colon says that it does not."""
    after = re.sub(rf"^{_NOISE}", "", candidates.after)
    explained = any(_match(words.explains, after) for words in _languages(asked.language))
    if explained or after.startswith(":"):
        return
    for words in _languages(asked.language):
        if found := _match(words.later, after):
            raise _begins_now(found[0], found["start"], words, candidates, asked)
    if not _may_be_a_time(after, candidates, asked.language):
        return
    reason = _again(candidates.before, f"{candidates.typed}: {after}", asked)
    end = f"{until.astimezone(asked.zone):until %Y-%m-%d %H:%M}" if until else "until 18:00"
    again = _again(candidates.before, end, asked)
    raise UsageError(asked.language.time_or_reason(code(cut(after, LONGEST_QUOTE)), reason, again))


def _may_be_a_time(after: str, candidates: Candidate, language: Language) -> bool:
    last = " ".join(after.split(" ")[-WORDS_AT_THE_END:])
    for words in _languages(language):
        numbers = words.bare_number if candidates.groups["span"] else r"(?!)"
        if any(_match(pattern, after) for pattern in (words.time_first, numbers)):
            return True
        if re.search(words.time_last, last, re.IGNORECASE) or _is_mistyped(after, words):
            return True
        if any(not match["span"] for match in _all(words.expiry, after)):
            return True
    return False


def _is_mistyped(after: str, words: DurationWords) -> bool:
    """`tomorow`."""
    from difflib import get_close_matches  # noqa: PLC0415 - seldom wanted, and felt at every start

    first = after.lower().split(" ")[0].rstrip(",.;")
    return first.isalpha() and bool(get_close_matches(first, words.long_words, n=1, cutoff=TYPO_SIMILARITY))


def _begins_now(
    typed: str, start: str, words: DurationWords, candidates: Candidate, asked: Asked
) -> UsageError:
    """A mute has no beginning but now: the nearest is one that lasts until the end of what was meant.

    `words` are those of the `start`.
    """
    language = asked.language
    with suppress(ValueError, LookupError, OverflowError):
        end = _end(candidates, asked, _start(start, words, asked))
        if asked.now < end <= asked.now + LONGEST_MUTE:
            until = f"{end.astimezone(asked.zone):until %Y-%m-%d %H:%M}"
            again = _again(candidates.before, until, asked)
            return UsageError(language.begins_now(code(cut(typed, LONGEST_QUOTE)), again))
    return unclear(typed, language)


def _start(typed: str, words: DurationWords, asked: Asked) -> datetime:
    try:
        return moment(typed, asked.now, asked.zone, words)
    except NoClock:
        return day_alone(typed, asked.now, asked.zone, words)


def _again(before: str, end: str, asked: Asked) -> str:
    """What to type instead."""
    return to_type(cut(f"{asked.verb} {before} {end}", LONGEST_SUGGESTION))


def _languages(language: Language) -> tuple[Language, ...]:
    return (language,) if language is ENGLISH else (language, ENGLISH)


def _match(expression: str, text: str) -> re.Match[str] | None:
    return re.match(expression, text, re.IGNORECASE)


def _all(expression: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(expression, text, re.IGNORECASE)
