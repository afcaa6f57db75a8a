"""What people type: the words and expressions that a language must provide to be understood."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol


class MuteVerbs(NamedTuple):
    """Words that belong together: a reply uses those of the one that was typed."""

    mute: str
    unmute: str
    muted: str


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def by_word(**lists: str) -> Mapping[str, str]:
    """Returns the name of its list for each word: `down="dead died"` gives dead and died -> down."""
    return {word: name for name, text in lists.items() for word in text.split()}


class Guide(NamedTuple):
    """The manual of a command.

    Attributes:
        forms: what to type, and what it does.
        words: other words for the command.
        everyday: more of them, with which a sentence in a channel may begin as well.
        own_forms: the forms in the words of the language, if they are not English.
    """

    command: str
    forms: Sequence[tuple[str, str]]
    examples: Sequence[str]
    words: Sequence[str] = ()
    note: str = ""
    everyday: Sequence[str] = ()
    own_forms: Sequence[str] = ()


AFTER_HOSTS = r"(?<![^\s,;])(?<!\d,(?=\d))"  # where an expiry begins; not at the comma of `1,5h`
BEFORE_REASON = r"(?=[,.;:!]*(?:\s|$))"  # where it ends
MINUTE, HOUR, DAY = 60, 3600, 86400  # seconds


def without_groups(expression: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", expression)


class DayWords(Protocol):
    """How people name days.

    The groups of `days`, regular expressions, are relative, weekday, this, next, unit, year, month and date.
    """

    days: Sequence[str]
    relative_days: Mapping[str, int]  # days from today
    weekdays: Sequence[str]  # how each weekday's name begins, Monday first
    months: Sequence[str]  # how each month's name begins; empty if months have numbers
    calendar_units: Mapping[str, str]  # week, weekend, month or year
    parts_of_day: Mapping[str, int]  # the hour at which it ends; 24 is the end of the day
    periods: Mapping[str, str]  # day, night, week, weekend, month or year


class DurationWords(DayWords, Protocol):
    """How people type an expiry, as regular expressions.

    The groups of `expiry` are start, span, period, through, up, restored and moment; those of `typed_moment`
    are day, later_day, half, hour, minute, part, zone and later_zone; in English, this.
    """

    expiry: str
    expiry_start: str  # a word such as "for"
    typed_moment: str
    amount: str  # a part of a span, with the groups number and unit
    and_a_half: str  # at the end of a span, adds half of its last unit
    typed_numbers: Mapping[str, float]
    typed_units: Mapping[str, int]  # in seconds
    halves: Mapping[str, Mapping[int, int]]  # of the day: typed hour -> hour from 0 to 23
    # What looks like a time in a reason: at its beginning, at its end, after a span.
    leading_time: str
    trailing_time: str
    bare_number: str
    # Such as "until 9", of the morning or the evening; the groups are until, hour, this and part.
    bare_hour: str
    hours_in: Mapping[str, Mapping[int, int]]  # a part of bare_hour: typed hour -> hour from 0 to 24
    time_or_date: str  # such as "until 12.25", with the groups until, first and second
    reason_word: str  # such as "because": what follows is the reason, whatever times it contains
    delayed_start: str  # such as "from 22:00", with the group start
    bare_moment: str  # such as "18:00" without an "until", with the group moment
    more: str  # such as "more", beside a span: it is added to the present end
    time_words: Sequence[str]  # words that people often mistype in a reason
    expiry_words: Sequence[str]  # words that people mistype in an end

    def until_then(self, moment: str, /) -> str: ...  # as people type it


class QuestionWords(Protocol):
    """What people type besides commands and the names of hosts, in lower case."""

    up_words: Collection[str]  # ask for the hosts that are up
    warning_words: Collection[str]
    extend_words: Collection[str]  # prolonging a mute, for which there is no command
    extend_by: str  # a regular expression for what stands for "for" behind them: "by"
    acknowledge_words: Collection[str]  # acknowledging, for which there is no command
    every_host_words: Collection[str]
    last_change_words: Collection[str]  # words that, with verbs, mean one's last change: "the last one"
    question_words: Collection[str]  # words of questions about hosts, besides names
    topics: Mapping[str, str]  # more such words -> the command that answers, or "who"
    torn_word: str  # a regular expression for what is one word in `question_words` and often typed as two
    question_end: str  # a regular expression for the end of a question, besides a question mark
    mute_or_unmute: str  # a regular expression for what can mean either
    undo_words: Collection[str]  # words of `restore` that without a host mean undo
    asking_words: Collection[str]  # words that begin a question
    how_words: Collection[str]  # words that ask, with a command, how it works
    stating_words: Collection[str]  # words that make a statement, unless it begins like a question
    polite_words: Collection[str]  # words that are dropped after any command
    exception: str  # a regular expression for words such as "except"
    # A regular expression for what says not to do one of {verbs}; its group `elsewhere`, for what says so
    # of a verb that comes first.
    forbidding: str
    aside: str  # a regular expression for what is dropped around an order, such as "don't forget to"
    courtesies: Collection[str]  # words that ask for nothing, `polite_words` among them
    word_endings: Collection[str]  # endings that are attached to a verb and mean nothing here
    talk_word: str  # a regular expression for words of conversation, never of commands
