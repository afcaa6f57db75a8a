"""Reads how long a mute lasts and why, as people type it after the hosts: `for 2h deploy`, `18:00까지 배포`.

A reason may contain times ("deploy of the 18:00 build"). Where it begins or ends with one, nobody can say
whether that belongs to the expiry, so people are asked. A colon before the reason settles it.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import NamedTuple

from languages import ENGLISH, LANGUAGES, Language
from languages.typed import DurationWords
from slack.command import UsageError, offer, suggested
from slack.moments import WEEK, end_of_named, end_of_period, length, moment, moment_of_start, moment_to_type
from slack.reasons import (
    LONGEST_REASON,
    expiry_words,
    is_explained,
    may_be_a_time,
    place_after,
    reason_of,
    without_signs,
)
from slack.text import code, cut, quoted
from slack.words import pattern

LONGEST_MUTE = timedelta(days=366)
LONGEST_QUOTE = 40  # characters of what was typed, in an error
_PATTERNS = (
    *("expiry", "expiry_start", "typed_moment", "bare_moment", "delayed_start"),
    *("leading_time", "trailing_time", "bare_number", "bare_hour", "time_or_date"),
    "reason_word",
)
_HOUR, _HOURS = 3600, 24
_JOINS = re.compile(r"^(?:(?:and|plus|&|\+|,)\s*(?:another )?)+", re.IGNORECASE)
_SIGNS = " ,.;:()[]{}\"'"
_OFFSET = re.compile(r"(?:utc|gmt)? ?([+-]?) ?(\d{1,2}(?::?\d\d)?)", re.IGNORECASE)


class Expiry(NamedTuple):
    """When a mute ends, and why it was made. With neither `until` nor `until_up` it ends when restored."""

    until: datetime | None = None
    until_up: bool = False
    reason: str = ""


class Candidate(NamedTuple):
    """Words of one language that may be an expiry, with what comes `before` and `after` them."""

    before: str
    groups: dict[str, str | None]
    typed: str
    after: str
    words: DurationWords


class ExpiryContext(NamedTuple):
    """When and where an expiry was typed, and after which verb: `remove` or `remove!`."""

    now: datetime
    zone: tzinfo
    language: Language
    verb: str = "remove"

    @property
    def words(self) -> Language:
        """Those for ends that are offered: in the letters in which the verb was typed."""
        return ENGLISH if self.verb.isascii() else self.language

    def allows(self, end: datetime) -> bool:
        return self.now < end <= self.now + LONGEST_MUTE


def prepare() -> None:
    """Compiles the patterns of times. That takes a tenth of a second, so it is done in a thread."""
    for words in LANGUAGES.values():
        for kind in _PATTERNS:
            pattern(getattr(words, kind))


def candidates(text: str, language: Language) -> Iterator[Candidate]:
    """Yields whatever may be an expiry, from left to right: a host's name can contain the words of one.

    Of those that begin at one place, the longest comes first: `until 18:00 tomorrow` before `until 18:00`.
    """
    found = [
        (match, words) for words in languages_from(language) for match in pattern(words.expiry).finditer(text)
    ]
    for match, words in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
        before, after = text[: match.start()].strip(), text[match.end() :]
        yield Candidate(before, match.groupdict(), match[0].strip(), after, words)


def parse_expiry(candidate: Candidate, context: ExpiryContext) -> Expiry:
    """Returns the end and the reason that were typed. Raises UsageError."""
    groups = candidate.groups
    if start := groups["start"]:
        raise _delayed_start(candidate.typed, start, candidate.words, candidate, context)
    if asked := time_or_date(candidate.typed, context, candidate.before, candidate.after):
        raise asked
    until = None if groups["up"] or groups["restored"] else _until(candidate, context)
    _check_reason(candidate, until, context)
    reason = cut(reason_of(candidate.after), LONGEST_REASON)
    return Expiry(until, until_up=bool(groups["up"]), reason=reason)


def _until(candidate: Candidate, context: ExpiryContext) -> datetime:
    """Raises UsageError."""
    typed, language = _quoted(candidate.typed), context.language
    try:
        until = _end_of(candidate, context)
        if until > context.now + LONGEST_MUTE:
            raise UsageError(language.mute_is_too_long(typed))
    except LookupError as zone:
        here = code(context.now.astimezone(context.zone).tzname() or str(context.zone))
        raise UsageError(language.ambiguous_zone(zone=_quoted(str(zone.args[0])), here=here)) from None
    except ValueError:
        raise not_a_time(candidate.typed, context) from None
    except OverflowError:
        raise UsageError(language.mute_is_too_long(typed)) from None
    if until <= context.now:
        problem = language.ends_at_once if candidate.groups["span"] else language.time_is_past
        raise UsageError(problem(typed))
    return until


def _check_reason(candidate: Candidate, until: datetime | None, context: ExpiryContext) -> None:
    """Raises UsageError when what follows may belong to the expiry."""
    after = without_signs(candidate.after)
    if is_explained(candidate.after.lstrip()) or is_explained(after):
        return
    for words in LANGUAGES.values():
        if found := pattern(words.delayed_start).match(after):
            raise _delayed_start(found[0], found["start"], words, candidate, context)
    if not may_be_a_time(after, candidate.groups):
        return
    typed = candidate.after.strip(" ,.;")
    reason = _with_end(candidate.before, f"{candidate.typed}: {typed}", context)
    meant = _meant_end(candidate, context) or until if until else None
    end = _typed_until(meant, context) if meant else context.words.until_then("18:00")
    end = _with_end(candidate.before, end, context)
    asked = context.language.time_or_reason(
        typed=_quoted(typed), reason=suggested(reason), end=suggested(end)
    )
    raise UsageError(asked, [reason, end])


def _delayed_start(
    typed: str, start: str, words: DurationWords, candidate: Candidate, context: ExpiryContext
) -> UsageError:
    """A mute begins at once, so this suggests one from now until the end of the stretch that was meant.

    `words` are of the language of `start`.
    """
    problem = context.language.starts_at_once(_quoted(typed))
    with suppress(ValueError, LookupError, OverflowError):
        end = _end_of(candidate, context, moment_of_start(start, context.now, context.zone, words))
        if context.allows(end):
            again = _with_end(candidate.before, _typed_until(end, context), context)
            return offer(context.language.or_mute_until_then, again, problem)
    return not_a_time(typed, context)


def _typed_until(end: datetime, context: ExpiryContext) -> str:
    return context.words.until_then(moment_to_type(end, context.zone))


def _with_end(hosts: str, end: str, context: ExpiryContext) -> str:
    return f"{context.verb} {hosts} {end}"


def not_a_time(typed: str, context: ExpiryContext) -> UsageError:
    """Shows how to type a length, a time and a date: one that is not past."""
    language, soon = context.language, (context.now + WEEK).astimezone(context.zone)
    date = code(language.until_then(f"{soon:%Y-%m-%d}"))
    return UsageError(language.not_a_time(_quoted(typed), date))


def _quoted(typed: str) -> str:
    return quoted(typed, LONGEST_QUOTE)


def not_an_expiry(text: str, unknown: str, context: ExpiryContext) -> UsageError:
    """Quotes `text` from the word that an expiry begins with; in Korean, up to the word that it ends with."""
    found = text[min(expiry_words(text), default=0) :].rstrip()
    return not_a_time(found if " " in found or not unknown.endswith(found) else unknown, context)


def time_or_date(text: str, context: ExpiryContext, before: str = "", after: str = "") -> UsageError | None:
    """Asks whether `until 12.25` is a time or a date, month or day first; None if it is no date.

    `before` and `after` are what was typed around the text.
    """
    for words in LANGUAGES.values():
        if found := pattern(words.time_or_date).search(text):
            dates = [*_dates(found["first"], found["second"], words, context)]
            hour, minute = int(found["first"]), int(found["second"])
            ends = [f"{hour:02}:{minute:02}"] if hour < _HOURS else []
            ends += [f"{day:%Y-%m-%d}" for day in sorted({*dates}) if context.allows(day)]
            if dates and ends:
                head, tail = text[: found.start("first")], text[found.end() :]
                whole = [f"{before} {head}{end}{tail}{after}".lstrip() for end in ends]
                return which_of([f"{context.verb} {each}" for each in whole], context.language)
    return None


def _dates(first: str, second: str, words: DurationWords, context: ExpiryContext) -> Iterator[datetime]:
    """Yields the mornings of the days that two numbers may mean, in the zone of the context."""
    for day, month in ((int(first), int(second)), (int(second), int(first))):
        if month:
            with suppress(ValueError):
                yield moment(f"{day}.{month}.", context.now, context.zone, words).astimezone(context.zone)


def which_of(commands: Sequence[str], language: Language) -> UsageError:
    """Asks which of these commands is meant."""
    offering = partial(_offering, language)
    return UsageError(offering(commands), commands, offering=offering)


def _offering(language: Language, commands: Sequence[str]) -> str:
    return language.which_of([*map(suggested, commands)])


def languages_from(language: Language) -> tuple[Language, ...]:
    """Returns all languages, this one first."""
    return (language, *(other for other in LANGUAGES.values() if other is not language))


def _end_of(candidate: Candidate, context: ExpiryContext, start: datetime | None = None) -> datetime:
    """Raises what `length` and `moment` raise."""
    groups, words, begin = candidate.groups, candidate.words, start or context.now
    if span := groups["span"]:
        return begin + length(span, words)
    if period := groups["period"]:
        return end_of_period(words.periods[period.lower()], begin, context.zone)
    if day := groups["through"]:
        return end_of_named(day, begin, context.zone, words)
    return moment(groups["moment"] or "", begin, context.zone, words)


def _meant_end(candidate: Candidate, context: ExpiryContext) -> datetime | None:
    """Returns the end that is meant; None if that is not clear."""
    rest = candidate.after.strip(_SIGNS)
    readings = [partial(_prolonged, candidate, rest, context)]
    if candidate.groups["span"]:
        readings.append(partial(_started_later, candidate, rest, context))
    else:
        typed = _moments(candidate.groups["moment"] or "", rest)
        readings += [partial(moment, text, context.now, context.zone, candidate.words) for text in typed]
    for reading in readings:
        with suppress(ValueError, LookupError, OverflowError):
            if context.allows(end := reading()):
                return end
    return None


def _prolonged(candidate: Candidate, rest: str, context: ExpiryContext) -> datetime:
    """Adds a length, or minutes without their unit after hours."""
    more, end = _JOINS.sub("", rest), _end_of(candidate, context)
    for words in LANGUAGES.values():
        if re.fullmatch(rf"(?:{words.amount}[ ,]*)+", re.sub(r"\d", "1", more), re.IGNORECASE):
            return end + length(more, words)
    span, minutes = candidate.groups["span"] or "", more if more.isdecimal() else ""
    if not minutes or length(span, candidate.words).total_seconds() % _HOUR:
        raise ValueError(rest)
    unit = next(unit for unit, seconds in candidate.words.typed_units.items() if seconds * 60 == _HOUR)
    return end + length(f"{minutes}{unit}", candidate.words)


def _started_later(candidate: Candidate, rest: str, context: ExpiryContext) -> datetime:
    bare = re.sub(r"^(?:when|once|if|after) ", "", rest, flags=re.IGNORECASE)
    for words in LANGUAGES.values():
        if found := pattern(words.bare_moment).match(bare):
            start = moment(found["moment"], context.now, context.zone, words)
            return _end_of(candidate, context, start)
    raise ValueError(rest)


def _moments(typed: str, rest: str) -> Iterator[str]:
    """Yields a moment with the time zone, day, or a.m. or p.m. that was typed after it."""
    if offset := _OFFSET.fullmatch(rest):
        yield f"{typed} UTC{offset[1] or '+'}{offset[2]}"
    place = place_after(rest)
    if place and place[1] and rest.endswith(place[0]):
        yield f"{typed} {place[1]}"
    bare = re.sub(r"^(?:in|at|on|of|the| )+ ", "", rest, flags=re.IGNORECASE)
    yield from (f"{typed} {bare}", f"{bare} {typed}")
