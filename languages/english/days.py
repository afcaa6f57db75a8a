"""English for days and parts of them, as people type them."""

from collections.abc import Mapping, Sequence

WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
SHORT_WEEKDAY = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
LONG_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_COMING = "(?:on |this |(?:this |the )?coming |(?P<next>next ))?"
_ORDINAL = "(?:st|nd|rd|th)"
# A time of day may be followed by these: others may as well begin the reason, `sat` or `may`.
LATER_DAYS = (
    r"(?:on )?(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<date>\d\d?)(?!\d)",
    "(?P<relative>today|tonight|tomorrow|yesterday|(?:the )?day after tomorrow)",
    rf"(?:on )?(?P<weekday>{WEEKDAY}) (?P<next>(?:of )?next week)",
    rf"{_COMING}(?P<weekday>{WEEKDAY})",
    rf"(?:on )?(?:the )?(?P<date>\d{{1,2}}){_ORDINAL}?(?: of)? (?P<month>{MONTH})(?:,? (?P<year>\d{{4}}))?",
    rf"(?:on )?(?P<month>{MONTH}) (?:the )?(?P<date>\d{{1,2}}){_ORDINAL}?(?![:\d])(?:,? (?P<year>\d{{4}}))?",
)
_DAYS = (
    *LATER_DAYS,
    rf"{_COMING}(?P<weekday>(?:{SHORT_WEEKDAY})(?!\w))",
    "(?P<next>next )(?P<unit>week|month|year)",
    "(?:the |this |(?P<next>next ))?(?P<unit>weekend)",
    rf"(?:on )?(?:the )?(?P<date>\d{{1,2}}){_ORDINAL}",
    rf"(?P<month>{LONG_MONTH})(?:,? (?P<year>\d{{4}}))?",
    r"(?P<date>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?(?!\d)",
)


class EnglishDays:
    """Each of `days` names one of them, in groups."""

    days: Sequence[str] = _DAYS
    relative_days: Mapping[str, int] = {
        "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2,
        "the day after tomorrow": 2,
    }  # fmt: skip
    weekdays: Sequence[str] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    months: Sequence[str] = (
        *("jan", "feb", "mar", "apr", "may", "jun"),
        *("jul", "aug", "sep", "oct", "nov", "dec"),
    )
    parts_of_day: Mapping[str, int] = {
        "morning": 9, "noon": 12, "midday": 12, "afternoon": 13, "evening": 18, "night": 24, "midnight": 24,
        "today": 24, "tonight": 24,
    }  # fmt: skip
    periods: Mapping[str, str] = {
        **dict.fromkeys(("day", "today", "tonight", "eod", "eob", "cob"), "day"),
        **dict.fromkeys(("night", "overnight"), "night"),
        **dict.fromkeys(("week", "eow"), "week"),
        "weekend": "weekend",
        **dict.fromkeys(("month", "eom"), "month"),
        **dict.fromkeys(("year", "eoy"), "year"),
    }
    calendar_units: Mapping[str, str] = {unit: unit for unit in ("week", "weekend", "month", "year")}
