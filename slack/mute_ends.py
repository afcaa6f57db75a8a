"""Reads for how long and why, as people say it after the hosts: `for 2h deploy`, `18:00까지 배포`.

A reason may contain times ("deploy of the 18:00 build"). Where it begins or ends with one, nobody can say
whether that belongs to the expiry, so people are asked. A colon before the reason settles it.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from languages import LANGUAGES, Language
from languages.typed import DurationWords
from slack.command import LONGEST_SUGGESTION, UsageError
from slack.expiry import LONGEST_MUTE, Candidate, Expiry, ExpiryContext, end_of, meant_end
from slack.host_names import is_one_slip
from slack.moments import moment, start_of_day
from slack.phrases import cut
from slack.reasons import TYPO_SIMILARITY, is_explained, may_be_a_time, reason_of, without_signs
from slack.text import code, to_type
from slack.words import pattern

LONGEST_REASON = 200  # characters
SHORTEST_MISSPELT = 3  # characters: shorter words are not corrected
LONGEST_QUOTE = 40  # characters of what was typed, in an error
_PATTERNS = (
    *("expiry", "expiry_start", "typed_moment", "bare_moment", "delayed_start"),
    *("leading_time", "trailing_time", "bare_number", "reason_word"),
)


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
        (match, words) for words in _languages(language) for match in pattern(words.expiry).finditer(text)
    ]
    for match, words in sorted(found, key=lambda pair: (pair[0].start(), -pair[0].end())):
        before, after = text[: match.start()].strip(), text[match.end() :]
        yield Candidate(before, match.groupdict(), match[0].strip(), after, words)


def parse_expiry(candidate: Candidate, context: ExpiryContext) -> Expiry:
    """Raises UsageError."""
    groups = candidate.groups
    if start := groups["start"]:
        raise _delayed_start(candidate.typed, start, candidate.words, candidate, context)
    until = None if groups["up"] or groups["restored"] else _until(candidate, context)
    _check_reason(candidate, until, context)
    reason = cut(reason_of(candidate.after), LONGEST_REASON)
    return Expiry(until, until_up=bool(groups["up"]), reason=reason)


def _until(candidate: Candidate, context: ExpiryContext) -> datetime:
    """Puts what can be wrong with an end into words."""
    typed, language = code(cut(candidate.typed, LONGEST_QUOTE)), context.language
    try:
        until = end_of(candidate, context)
        if until > context.now + LONGEST_MUTE:
            raise UsageError(language.mute_is_too_long(typed))
    except LookupError as zone:
        here = code(context.now.astimezone(context.zone).tzname() or str(context.zone))
        raise UsageError(
            language.ambiguous_zone(zone=code(cut(str(zone.args[0]), LONGEST_QUOTE)), here=here)
        ) from None
    except ValueError:
        raise UsageError(language.not_a_time(typed)) from None
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
    groups = candidate.groups
    if not may_be_a_time(after, follows_span=bool(groups["span"]), follows_moment=bool(groups["moment"])):
        return
    typed = candidate.after.strip(" ,.;")
    reason = _with_end(candidate.before, f"{candidate.typed}: {typed}", context)
    meant = meant_end(candidate, context) or until
    end = _with_end(candidate.before, _typed_until(meant, context) if meant else "until 18:00", context)
    raise UsageError(
        context.language.time_or_reason(typed=code(cut(typed, LONGEST_QUOTE)), reason=reason, end=end)
    )


def _delayed_start(
    typed: str, start: str, words: DurationWords, candidate: Candidate, context: ExpiryContext
) -> UsageError:
    """A mute begins at once, so this suggests one from now until the end of the stretch that was meant.

    `words` are of the language of `start`.
    """
    with suppress(ValueError, LookupError, OverflowError):
        end = end_of(candidate, context, _start(start, words, context))
        if context.allows(end):
            again = _with_end(candidate.before, _typed_until(end, context), context)
            return UsageError(
                context.language.starts_at_once(typed=code(cut(typed, LONGEST_QUOTE)), command=again)
            )
    return not_a_time(typed, context.language)


def _start(typed: str, words: DurationWords, context: ExpiryContext) -> datetime:
    """A day alone begins at midnight."""
    with suppress(ValueError):
        return start_of_day(typed, context.now, context.zone, words)
    return moment(typed, context.now, context.zone, words)


def _typed_until(end: datetime, context: ExpiryContext) -> str:
    return f"{end.astimezone(context.zone):until %Y-%m-%d %H:%M}"


def _with_end(hosts: str, end: str, context: ExpiryContext) -> str:
    """Returns the command to type instead."""
    return to_type(cut(f"{context.verb} {hosts} {end}", LONGEST_SUGGESTION))


def explained(text: str, language: Language) -> tuple[str, str] | None:
    """Splits `web-1: moved` or `web-1 because it moved` before a reason that does not begin like a time."""
    words = "|".join(words.reason_word for words in _languages(language))
    found = re.search(rf":\s+|[,;]?\s+(?={words})", text, re.IGNORECASE)
    if found is None or begins_like_a_time(text[found.end() :], language):
        return None
    return text[: found.start()], cut(reason_of(text[found.end() :]), LONGEST_REASON)


def has_expiry_word(text: str, language: Language) -> bool:
    """Whether a word that begins an expiry, such as `for`, follows something else."""
    return any(position > 0 for position in _expiry_words(text, language))


def begins_like_a_time(text: str, language: Language) -> bool:
    return any(
        pattern(kind).match(text)
        for words in _languages(language)
        for kind in (words.leading_time, words.expiry_start)
    )


def not_a_time(typed: str, language: Language) -> UsageError:
    return UsageError(language.not_a_time(code(cut(typed, LONGEST_QUOTE))))


def not_an_expiry(text: str, unknown: str, language: Language) -> UsageError:
    """Quotes `text` from the word that an expiry begins with; in Korean, up to the word that it ends with."""
    found = text[min(_expiry_words(text, language), default=0) :].rstrip()
    return not_a_time(found if " " in found or not unknown.endswith(found) else unknown, language)


def correctly_spelt(text: str, language: Language) -> str:
    """Returns a text in which misspelt words of an expiry are corrected."""
    from difflib import get_close_matches  # noqa: PLC0415 - rarely needed, and slows down every start

    known = [word for words in _languages(language) for word in words.expiry_words]

    def corrected(word: str) -> str:
        if len(word) < SHORTEST_MISSPELT or not word.isalpha() or word.lower() in known:
            return word
        one_slip = [meant for meant in known if is_one_slip(word.lower(), meant)]
        return [*one_slip, *get_close_matches(word.lower(), known, 1, TYPO_SIMILARITY), word][0]

    return " ".join(map(corrected, text.split()))


def suggest_until(typed: str, hosts: str, context: ExpiryContext) -> UsageError:
    """Asks whether a time without an "until" is the end: `18:00`, `by 18:00`."""
    for words in _languages(context.language):
        if found := pattern(words.bare_moment).match(typed):
            rest = f"{words.until_then(found['moment'])}{typed[found.end() :]}"
            return UsageError(context.language.confirm_until(_with_end(hosts, rest, context)))
    return not_a_time(typed, context.language)


def _expiry_words(text: str, language: Language) -> Iterator[int]:
    """Yields where each word stands that an expiry may begin with."""
    for words in _languages(language):
        yield from (match.start() for match in pattern(words.expiry_start).finditer(text))


def _languages(language: Language) -> tuple[Language, ...]:
    return (language, *(other for other in LANGUAGES.values() if other is not language))
