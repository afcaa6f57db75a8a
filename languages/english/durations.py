"""English for how long a mute lasts, as people type it."""

import re
from collections.abc import Mapping, Sequence

from languages.language import AFTER_HOSTS
from languages.zones import ZONE

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS: Mapping[str, int] = {
    **dict.fromkeys(("minutes", "minute", "mins", "min", "m"), _MINUTE),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), _HOUR),
    **dict.fromkeys(("days", "day", "d"), _DAY),
    **dict.fromkeys(("weeks", "week", "w"), 7 * _DAY),
}
_AMOUNT = rf"\d{{1,6}}(?:\.\d{{1,2}})? ?(?:{'|'.join(_UNITS)})"
_FIRST_AMOUNT = rf"(?:(?<=for )(?:half )?an? (?:{'|'.join(_UNITS)})|{_AMOUNT})"  # "an hour" needs a "for"
_PLUS = "(?: and | plus | ?[+&] ?|, ?| )"
_SPAN = rf"(?:for )?(?P<span>{_FIRST_AMOUNT}(?:{_PLUS}?{_AMOUNT})*(?: and a half)?)(?: from now(?: on)?)?"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SHORT_WEEKDAY = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"
_DATE = r"\d{4}-\d\d-\d\d|today|tomorrow"
_TIME_OF_DAY = (
    r"(?=\d{1,2}(?::| ?[ap]\.? ?m))(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?"
    r"(?: ?(?P<half>[ap]\.? ?m)(?!\w)\.?)?"
)
_DAY_ALONE = rf"(?:on |this )?(?P<day>{_DATE}|{_WEEKDAY}|(?:{_SHORT_WEEKDAY})(?!\w))"
# After a time of day, "sat" and "sun" may as well begin the reason.
_MOMENT = (
    rf"(?:{_DAY_ALONE},?(?: at)? )?{_TIME_OF_DAY}(?: ?\(?(?P<zone>{ZONE})\)?)?"
    rf"(?:,? (?:on |this )?(?P<later_day>{_DATE}|{_WEEKDAY})(?![\w'-]))?(?: \(?(?P<later_zone>{ZONE})\)?)?"
)


def _without_groups(expression: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", expression)


_ANY_MOMENT = rf"{_without_groups(_MOMENT)}|{_without_groups(_DAY_ALONE)}"
_FROM = r"(?:from|(?:start(?:s|ing)?|begin(?:s|ning)?)(?: from| at| on)?|as (?:of|from)|@)"
_START = rf"(?:(?:from|starting) now |{_FROM} ?(?P<start>{_ANY_MOMENT}),? )?"
_END = r"(?=[,.;:!]*(?:\s|$))"
_UP = r"(?P<up>(?:(?:it's|it is|they are) )?(?:up|back)(?: again)?)"
_ENDLESS = (
    r"(?P<restored>for ?ever|indefinitely|"
    r"(?:until|till|til) (?:restored|unmuted|further notice|forever))"
)
_UNTIL = r"(?:until|till|til|(?(start)(?:to|-)|(?!)))"  # "to" needs a start before it

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
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMERALS = (
    r"\d{1,2}(?::\d\d){1,2}(?: ?[ap]\.? ?m| ?[-\u2013~] ?\d{1,2}(?::\d\d)?)?|"
    r"\d{1,2}(?:\.\d\d)? ?[ap]\.? ?m|\d{1,2}(?:st|nd|rd|th)|"
    r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|"
    rf"{_MONTH} ?\d{{1,2}}|\d{{1,2}} ?{_MONTH}"
)
# Days in other languages.
_ABROAD = (
    "morgen|übermorgen|heute|gestern|demain|aujourd'hui|hier|mañana|manana|hoy|ayer|domani|oggi|ieri|amanhã|"
    "amanha|hoje|ontem|zítra|jutro|завтра|сегодня|明日|明天|今日|今天|あした|きょう"
)
_TIME = (
    rf"(?:{_WEEKDAY}|{_SHORT_WEEKDAY}|today|2day|tomorrow|tonight|tonite|2nite|tmrw|tmr|tmw|2mo?rr?ow?|2moro|"
    r"overmorrow|yesterday|noon|midday|midnight|forever|4ever|eod|eob|cob|eow|eom|eoy|later|"
    r"weekdays?|workdays?|weekends?|weeks?|fortnights?|month|year|mornings?|afternoons?|evenings?|nights?|"
    rf"(?:every|each|per) day|a (?:bit|little|while|moment)|(?:once|twice) (?:a|per|every) \w+|{_ABROAD}|"
    r"o'clock|hours|hrs|h|p|end of (?:the )?\w+|(?:a )?(?:half|quarter)(?! (?:of|the)\b)|"
    rf"{_NUMERALS}|{_LENGTH}|{ZONE}|(?:local|server|my|our|your|(?-i:[A-Z])\w+) time){_END_OF_TIME}"
)
# These are a time only where nothing else follows: "daily" is one, "daily backup" is not.
_TIME_ALONE = (
    rf"{_MONTH}|{_NUMBER}|[ap]\.? ?m|daily|nightly|weekly|monthly|yearly|hourly|overnight|tom|morrow|next|"
    "now|soon|asap|sharp|ish|exactly|longer|tops|max|maximum|more|always|repeat(?:ing|ed|edly)?|recurring|dawn|dusk|"
    "sunrise|sunset|breakfast|lunch|lunchtime|dinner|teatime|christmas|xmas|easter|thanksgiving|new year|"
    "day|days|minutes?|mins?|hour|utc|gmt|zulu|so"
)
_REST = rf"(?:[\W_]+(?:{_TIME}|(?:{_TIME_ALONE}|{_LITTLE_WORDS}|{_WEEKDAY})(?!\w)))*+[\W_]*$"


class EnglishDurations:
    """Patterns of the times and lengths that people type."""

    expiry = (
        rf"{AFTER_HOSTS}{_START}(?:{_SPAN}|(?:for|over) (?:the|this) (?P<weekend>weekend)|"
        rf"{_UNTIL} (?:{_UP}|(?P<moment>{_ANY_MOMENT}))|{_ENDLESS}){_END}"
    )
    expiry_start = rf"{AFTER_HOSTS}(?:for|until|till|til)(?!\S)"
    typed_moment = rf"(?:{_MOMENT})"
    day_alone = _DAY_ALONE
    amount = r"(?P<number>\d+(?:\.\d+)?|\b(?:half )?an?\b) ?(?P<unit>[a-z]+)"
    and_a_half = " and a half"
    typed_numbers: Mapping[str, float] = {"a": 1, "an": 1, "half a": 0.5, "half an": 0.5}
    typed_units: Mapping[str, int] = _UNITS
    typed_days: Mapping[str, int] = {"today": 0, "tomorrow": 1}
    weekdays: Sequence[str] = _WEEKDAYS
    halves: Mapping[str, Mapping[int, int]] = {
        "am": {hour: hour % 12 for hour in range(1, 13)},
        "pm": {hour: hour % 12 + 12 for hour in range(1, 13)},
    }
    leading_time = (
        rf"{_LEAD}{_TIME}|{_LEAD}(?:{_TIME_ALONE})(?!\w){_REST}|(?:utc|gmt) ?\d|"
        r"(?:and|or|plus|minus|until|till|til|from|starting|beginning)(?!\w)"
    )
    trailing_time = (
        rf"(?<!\S)(?:(?:on|at|from|starting|beginning|next|this)\s+{_LEAD}{_TIME}(?:\s+{_TIME}){{0,3}}|"
        r"tomorrow|tonight|\d{1,2}:\d\d)\W*$"
    )
    bare_number = r"(?:and )?(?:\d{1,2}(?![\w.:/%-])|(?:five|ten|fifteen|twenty|thirty|forty|fifty)(?=\W*$))"
    delayed_start = rf"{_FROM} ?(?P<start>{_ANY_MOMENT})(?=[\])}}\"',.;:!]*(?:\s|$))"
    bare_moment = rf"(?:(?:at|on|by|before|through|thru|to) )?(?P<moment>{_ANY_MOMENT}){_END}"
    reason_word = r"(?:because(?: of)?|due to|reason(?: is)?)(?!\w)"
    time_words: Sequence[str] = ("today", "tomorrow", "tonight", "yesterday", *_WEEKDAY.split("|"))

    def until_then(self, moment: str) -> str:
        return f"until {moment}"
