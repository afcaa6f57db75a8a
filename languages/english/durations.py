"""English for how long a mute lasts, as people type it: spans, days and parts of them."""

from collections.abc import Mapping, Sequence

from languages.typed import AFTER_HOSTS, BEFORE_REASON, DAY, HOUR, MINUTE, without_groups
from languages.zones import ZONE

WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
SHORT_WEEKDAY = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
LONG_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_COMING = "(?:on |this |(?:this |the )?coming |(?P<next>next ))?"
_ORDINAL = "(?:st|nd|rd|th)"
# A time of day may be followed by these; others, such as `sat` or `may`, may as well begin the reason.
LATER_DAYS = (
    r"(?:on )?(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<date>\d\d?)(?!\d)",
    "(?P<relative>today|tonight|tomorrow|tmrw|yesterday|(?:the )?day after tomorrow)",
    rf"(?:on )?(?P<weekday>{WEEKDAY}) (?P<next>(?:of )?next week)",
    rf"{_COMING}(?P<weekday>{WEEKDAY})",
    rf"(?:on )?(?:the )?(?P<date>\d{{1,2}}){_ORDINAL}?(?: of)? (?P<month>{MONTH})(?:,? (?P<year>\d{{4}}))?",
    rf"(?:on )?(?P<month>{MONTH}) (?:the )?(?P<date>\d{{1,2}}){_ORDINAL}?(?![:\d])(?:,? (?P<year>\d{{4}}))?",
)


class EnglishDays:
    """Each of `days` names one of them, in groups."""

    days: Sequence[str] = (
        *LATER_DAYS,
        rf"{_COMING}(?P<weekday>(?:{SHORT_WEEKDAY})(?!\w))",
        "(?P<next>next )(?P<unit>week|month|year)",
        "(?:the |this |(?P<next>next ))?(?P<unit>weekend)",
        rf"(?:on )?(?:the )?(?P<date>\d{{1,2}}){_ORDINAL} of (?P<next>next )(?P<unit>month)",
        rf"(?:on )?(?:the )?(?P<date>\d{{1,2}}){_ORDINAL}",
        rf"(?P<month>{LONG_MONTH})(?:,? (?P<year>\d{{4}}))?",
        r"(?P<date>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})?(?!\d)",
        r"(?P<date>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])(?!\d)",
        r"(?P<month>0?[1-9]|1[0-2])/(?P<date>1[3-9]|2\d|3[01])(?!\d)",
    )
    relative_days: Mapping[str, int] = {
        "yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2,
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


_UNITS: Mapping[str, int] = {
    **dict.fromkeys(("seconds", "second", "secs", "sec", "s"), 1),
    **dict.fromkeys(("minutes", "minute", "mins", "min", "m"), MINUTE),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), HOUR),
    **dict.fromkeys(("days", "day", "d"), DAY),
    **dict.fromkeys(("weeks", "week", "w"), 7 * DAY),
    **dict.fromkeys(("fortnights", "fortnight"), 14 * DAY),
    **dict.fromkeys(("months", "month"), 30 * DAY),
    **dict.fromkeys(("years", "year"), 365 * DAY),
}
_UNIT = "|".join(_UNITS)
_COUNTS: dict[str, float] = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "ninety": 90, "couple": 2, "couple of": 2, "a couple": 2,
    "a couple of": 2, "one and a half": 1.5, "two and a half": 2.5, "three and a half": 3.5,
}  # fmt: skip
_COUNTS |= {
    f"{ten}-{one}": _COUNTS[ten] + _COUNTS[one]
    for ten in ("twenty", "thirty", "forty", "fifty")
    for one in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
}
_ARTICLES: Mapping[str, float] = {
    "a": 1, "an": 1, "half a": 0.5, "half an": 0.5, "a half": 0.5, "half": 0.5, "another": 1, "next": 1,
    "a quarter of an": 0.25,
}  # fmt: skip
_COUNT = "|".join(sorted(_COUNTS, key=len, reverse=True))
_ARTICLE = "|".join(sorted(_ARTICLES, key=len, reverse=True))
_AMOUNT = rf"(?:\d{{1,3}}h[0-5]\d(?!\d)|(?:\d{{1,6}}(?:\.\d{{1,2}})? ?|(?:{_COUNT}) )(?:{_UNIT}))"
_ROUGHLY = "about|around|roughly|approximately|at least|at most|up to|max|another|the next|the coming|the"
_FIRST_AMOUNT = rf"(?:(?(for)(?:{_ARTICLE}) (?:{_UNIT})|(?!))|{_AMOUNT})"  # "an hour" needs a "for"
_PLUS = "(?: and | plus | ?[+&] ?|, ?| )"
_SPAN = (
    rf"(?P<for>for (?:(?:{_ROUGHLY}) )?)?(?P<span>{_FIRST_AMOUNT}(?:{_PLUS}?{_AMOUNT})*(?: and a half)?)"
    "(?: from now(?: on)?| more)?(?: or so)?"
)
_PART_OF_DAY = "morning|noon|midday|afternoon|evening|night|midnight"
_REASON_WORD = r"(?:because(?: of)?|due to|reason(?: is)?)(?!\w)"
_NOTHING_FOLLOWS = rf"(?=[.,;!]*(?:$|\s*:\s|\s+{_REASON_WORD}))"  # except a reason that says so
# Times without a colon. Where other words follow, `9.30` may be a version, and `1500` a number.
_COMPACT = (
    r"(?:\d{1,2}h[0-5]\d|0\d[0-5]\d)(?!\w)|"
    r"(?:\d{1,2}\.(?:00|1[3-9]|[2-5]\d)|(?!202)(?:1\d|2[0-3])[0-5]\d)"
    rf"(?:{_NOTHING_FOLLOWS}|"
    rf"(?=,? (?:{'|'.join(map(without_groups, LATER_DAYS))})(?!\w)| \(?(?:{ZONE})))"
)
_TIME_OF_DAY = (
    rf"(?:(?=\d{{1,2}}(?::| ?[ap]\.? ?m|\.\d\d ?[ap]\.? ?m)|{_COMPACT})"
    r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d\d))?(?::00)?"
    rf"(?: ?(?P<half>[ap]\.? ?m)(?!\w)\.?)?|(?:in the |the |(?P<this>this ))?(?P<part>{_PART_OF_DAY})(?!\w))"
)


def _any_of(days: Sequence[str]) -> str:
    return "|".join(map(without_groups, days))


_DAY_ALONE = _any_of(EnglishDays.days)
_MOMENT = (
    rf"(?:(?P<day>{_DAY_ALONE})(?:,?(?: at)? |(?<=\d)T(?=\d\d:)))?{_TIME_OF_DAY}(?: ?\(?(?P<zone>{ZONE})\)?)?"
    rf"(?:,? (?P<later_day>{_any_of(LATER_DAYS)})(?![\w'-]))?(?: \(?(?P<later_zone>{ZONE})\)?)?"
)
_ANY_MOMENT = rf"{without_groups(_MOMENT)}|{_DAY_ALONE}"
_FROM = r"(?:from|(?:start(?:s|ing)?|begin(?:s|ning)?)(?: from| at| on)?|as (?:of|from)|@)"
_HOUR_BEFORE_ANOTHER = r"\d{1,2}(?= ?(?:-|to|until|till?) ?\d)"
_START = rf"(?:(?:from|starting) now |{_FROM} ?(?P<start>{_ANY_MOMENT}),? )?"
_UP = (
    r"(?P<up>(?:(?:(?:it's|its|it is|it has|they are|they have) )?"
    r"(?:back up|back online|up|back|online|fixed|resolved|recovered|healthy)|"
    "it works|it recovers|they recover|it comes back(?: up| online)?|recovery)(?: again)?)"
)
_TILL = "(?:until|'?till?)"
_ENDLESS = (
    r"(?P<restored>for ?ever|for good|for now|for a while|for the (?:time being|moment)|"
    "indefinitely|permanently|"
    rf"{_TILL} (?:restored|unmuted|further notice|forever|i say so))"
)
_UNTIL = rf"(?:{_TILL}|(?(start)(?:to|-)|(?!)))"  # "to" needs a start before it
_THIS = "(?:the|this)(?: (?:whole|entire|rest of (?:the|this)|remainder of (?:the|this)))?"
_PERIOD = (
    rf"(?:(?:for|over|during|through(?:out)?|thru) (?:{_THIS} |(?=today|tonight))|(?:for )?all |"
    rf"{_TILL} (?:(?:the )?end of (?:the |this )?|after (?:the|this) (?=weekend)|(?=eo|cob))|"
    rf"(?=overnight\W*$))(?P<period>{'|'.join(sorted(EnglishDays.periods, key=len, reverse=True))})"
)
_THROUGH = rf"(?:through|thru|{_TILL} (?:the )?end of) (?P<through>{_DAY_ALONE})"

# What a time at the beginning or the end of a reason consists of.
_END_OF_TIME = r"(?!'?\w|[-./:]\w)"  # neither "Monday's" nor "18:00-build" nor "sun.example.com"
_LITTLE_WORDS = (
    "about|after|again|and|another|approximately|around|as|at|before|begin|beginning|begins|between|by|coming|"
    "during|each|early|end|every|following|for|from|in|last|late|least|max|maximum|maybe|more|most|next|of|"
    "on|only|or|over|per|plus|since|start|starting|starts|the|then|this|through|thru|til|till|to|until|up|when"
)
_LEAD = rf"(?:(?:{_LITTLE_WORDS})\s+[(\[]?){{0,5}}"
_NUMBER = (
    "(?:half )?an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|"
    "forty|forty-five|fifty|sixty|ninety|few|a few|(?:a )?couple(?: of)?|several|some"
)
_LENGTH = (
    rf"\d+(?:\.\d+)?[ -]?(?:more )?(?:seconds|secs?|s|months?|years?|{'|'.join(_UNITS)})|"
    rf"(?:{_NUMBER})[ -](?:more )?(?:minute|hour|day|night|week|fortnight|weekend|month|year)s?|"
    rf"(?:{_NUMBER}) ?(?:[ap]\.? ?m|o'clock)"
)
_NUMERALS = (
    r"\d{1,2}(?::\d\d){1,2}(?: ?[ap]\.? ?m| ?[-\u2013~] ?\d{1,2}(?::\d\d)?)?|"
    r"\d{1,2}(?:\.\d\d)? ?[ap]\.? ?m|\d{1,2}(?:st|nd|rd|th)|"
    r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|"
    rf"{MONTH} ?\d{{1,2}}|\d{{1,2}} ?{MONTH}"
)
# Days in other languages.
_ABROAD = (
    "morgen|übermorgen|heute|gestern|demain|aujourd'hui|hier|mañana|manana|hoy|ayer|domani|oggi|ieri|amanhã|"
    "amanha|hoje|ontem|zítra|jutro|завтра|сегодня|明日|明天|今日|今天|あした|きょう"
)
_TIME = (
    rf"(?:{WEEKDAY}|{SHORT_WEEKDAY}|today|2day|tomorrow|tonight|tonite|2nite|tmrw|tmr|tmw|2mo?rr?ow?|2moro|"
    r"overmorrow|yesterday|noon|midday|midnight|forever|4ever|eod|eob|cob|eow|eom|eoy|later|"
    r"weekdays?|workdays?|weekends?|weeks?|fortnights?|month|year|mornings?|afternoons?|evenings?|nights?|"
    rf"(?:every|each|per) day|a (?:bit|little|while|moment)|(?:once|twice) (?:a|per|every) \w+|{_ABROAD}|"
    r"o'clock|hours|hrs|h|p|end of (?:the )?\w+|(?:a )?(?:half|quarter)(?! (?:of|the)\b)|"
    rf"{_NUMERALS}|{_LENGTH}|{ZONE}|(?:local|server|my|our|your|(?-i:[A-Z])\w+) time){_END_OF_TIME}"
)
# These are a time only where nothing else follows: "daily" is one, "daily backup" is not.
_TIME_ALONE = (
    rf"{MONTH}|{_NUMBER}|[ap]\.? ?m|daily|nightly|weekly|monthly|yearly|hourly|overnight|tom|morrow|next|"
    "now|soon|asap|sharp|ish|exactly|longer|tops|max|maximum|more|always|repeat(?:ing|ed|edly)?|recurring|dawn|dusk|"
    "sunrise|sunset|breakfast|lunch|lunchtime|dinner|teatime|christmas|xmas|easter|thanksgiving|new year|"
    "day|days|minutes?|mins?|hour|utc|gmt|zulu|so"
)
_REST = rf"(?:[\W_]+(?:{_TIME}|(?:{_TIME_ALONE}|{_LITTLE_WORDS}|{WEEKDAY})(?!\w)))*+[\W_]*$"


class EnglishDurations(EnglishDays):
    """Patterns of the times and lengths that people type."""

    expiry = (
        rf"{AFTER_HOSTS}{_START}(?:{_ENDLESS}|{_PERIOD}|{_SPAN}|{_THROUGH}|"
        rf"{_UNTIL} (?:{_UP}|(?P<moment>{_ANY_MOMENT}))){BEFORE_REASON}"
    )
    expiry_start = rf"{AFTER_HOSTS}(?:for|{_TILL})(?!\S)"
    typed_moment = rf"(?:{_MOMENT})"
    amount = rf"(?P<number>\d+(?:\.\d+)?|\b(?:{_COUNT}|{_ARTICLE})\b) ?(?P<unit>[a-z]+|(?<=h\d\d))"
    and_a_half = " and a half"
    typed_numbers: Mapping[str, float] = {**_COUNTS, **_ARTICLES}
    typed_units: Mapping[str, int] = {**_UNITS, "": MINUTE}  # `2h30`
    halves: Mapping[str, Mapping[int, int]] = {
        "am": {hour: hour % 12 for hour in range(1, 13)},
        "pm": {hour: hour % 12 + 12 for hour in range(1, 13)},
    }
    leading_time = (
        rf"{_LEAD}{_TIME}|{_LEAD}(?:{_TIME_ALONE})(?!\w){_REST}|(?:utc|gmt|at) ?\d|"
        r"(?:and|or|plus|minus|until|till|til|from|starting|beginning)(?!\w)"
    )
    trailing_time = (
        rf"(?<!\S)(?:(?:on|at|from|starting|beginning|next|this)\s+{_LEAD}{_TIME}(?:\s+{_TIME}){{0,3}}|"
        r"tomorrow|tonight|\d{1,2}:\d\d)\W*$"
    )
    bare_number = r"(?:and )?(?:\d{1,2}(?![\w.:/%-])|(?:five|ten|fifteen|twenty|thirty|forty|fifty)(?=\W*$))"
    delayed_start = rf"{_FROM} ?(?P<start>{_ANY_MOMENT}|{_HOUR_BEFORE_ANOTHER})(?=[\])}}\"',.;:!]*(?:\s|$))"
    bare_moment = rf"(?:(?:at|on|by|before|through|thru|to) )?(?P<moment>{_ANY_MOMENT}){BEFORE_REASON}"
    bare_hour = (
        rf"(?<![^\s,;])(?P<until>{_TILL}) (?P<hour>\d{{1,2}})(?: ?o'?clock)?"
        r"(?: (?:in the |at |(?P<this>this |(?=tonight)))?(?P<part>morning|afternoon|evening|(?:to)?night))?"
        r"(?=[,.;:!]*(?:\s|$))"
    )
    hours_in: Mapping[str, Mapping[int, int]] = {
        "morning": {hour: hour for hour in range(1, 12)},
        "afternoon": {12: 12, **{hour: hour + 12 for hour in range(1, 8)}},
        "evening": {hour: hour + 12 for hour in range(4, 12)},
        "night": {hour: hour + 12 for hour in range(6, 13)},
        "tonight": {hour: hour + 12 for hour in range(6, 13)},
    }
    time_or_date = (
        rf"(?<![^\s,;])(?P<until>{_TILL}) (?P<first>\d{{1,2}})\."
        rf"(?P<second>1[3-9]|2\d|3[01]|(?:0[1-9]|1[0-2])(?!\.)){_NOTHING_FOLLOWS}"  # `5.12.` is a date
    )
    reason_word = _REASON_WORD
    more = "another|more|longer|extra"
    time_words: Sequence[str] = ("today", "tomorrow", "tonight", "yesterday", *WEEKDAY.split("|"))
    expiry_words: Sequence[str] = (
        *("until", "till", "for", "through", "today", "tomorrow", "tonight", "weekend", "next", "noon"),
        *("midnight", "morning", "evening", *WEEKDAY.split("|"), *LONG_MONTH.split("|"), *_COUNTS, *_UNITS),
    )
    until_then = "until {}".format
