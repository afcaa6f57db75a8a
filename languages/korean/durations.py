"""Korean for how long a mute lasts, as people type it."""

import re
from collections.abc import Mapping, Sequence

from languages.language import AFTER_HOSTS
from languages.zones import ZONE

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS: Mapping[str, int] = {"분": _MINUTE, "시간": _HOUR, "주일": 7 * _DAY, "주": 7 * _DAY, "일": _DAY}
_WORDS_FOR_SPANS: Mapping[str, int] = {"하루": _DAY, "이틀": 2 * _DAY, "사흘": 3 * _DAY, "일주일": 7 * _DAY}
_NUMBERS: Mapping[str, float] = {"": 1, "한": 1, "두": 2, "세": 3, "네": 4}
_COUNTED_AMOUNT = r"(?:\d{1,6}(?:\.\d{1,2})?|한|두|세|네) ?(?:분|시간|주일|주|일)"
_AMOUNT = rf"(?:{_COUNTED_AMOUNT}|하루|이틀|사흘|일주일)"
_SPAN = (
    rf"(?:지금부터 |앞으로 )?(?P<span>{_AMOUNT}(?: ?\+? ?{_AMOUNT})*(?: ?반)?)(?: ?(?:동안|정도|쯤)|간)*만?"
)
_WEEKDAYS = ("월", "화", "수", "목", "금", "토", "일")
_DATE = r"\d{4}-\d\d-\d\d|(?:\d{4}년 ?)?\d{1,2}월 ?\d{1,2}일|오늘|내일|모레|글피|[월화수목금토일]요일"
_HALF_OF_DAY = "오전|오후|새벽|아침|저녁|밤"
_HOUR_OF_DAY = r"(?P<hour>\d{1,2})(?::|시)(?: ?(?P<minute>\d{1,2}|반)분?)?"
_DAY_ALONE = rf"(?P<day>{_DATE})"
_MOMENT = (
    rf"(?:{_DAY_ALONE},? ?)?(?:(?P<later_zone>{ZONE}) )?(?:(?P<half>{_HALF_OF_DAY}) ?)?{_HOUR_OF_DAY}"
    rf"(?: ?\(?(?P<zone>{ZONE})\)?)?"
)


def _without_groups(expression: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", expression)


_ANY_MOMENT = rf"{_without_groups(_MOMENT)}|{_without_groups(_DAY_ALONE)}"
_START = rf"(?:(?P<start>{_ANY_MOMENT}) ?(?:부터|에서|~|-) ?)?"
_UNTIL = r" ?까지(?:만|는)?"
_WEEKEND = r"(?:이번 ?)?(?P<weekend>주말)(?: ?동안|간| ?내내)"
_UP = r"(?P<up>복구(?:될|되는|할)? ?(?:때 ?)?까지|정상(?:이|으로)? ?(?:될|돌아올)? ?때 ?까지)"
_RESTORED = r"(?P<restored>(?:복원|해제)(?:할|될)? ?(?:때 ?)?까지|무기한(?:으로)?)"
_END = r"(?=[,.;:!]*(?:\s|$))"

# What a time at the beginning or the end of a reason consists of.
_END_OF_TIME = r"(?:부터|까지|에만|에는|에|쯤|경|동안|간|만|로|으로)*(?!\w|[-./:]\w)"
_DATED = r"(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}/\d{1,2})"  # a reason may end with one
_TIME = (
    r"(?:오늘|내일|낼|모레|글피|어제|어저께|그제|그저께|엊그제|연휴|공휴일|월말|연말|주중|"
    r"[월화수목금토일]요일|주말|평일|매일|매주|매월|매시간|정오|자정|한낮|새벽|아침|점심|저녁|밤|오전|오후|종일|계속|나중|"
    r"(?:다음|이번|지난|매) ?(?:주|달|해)(?: ?[월화수목금토일]요일)?|반나절|반|"
    r"\d{1,2}(?::\d\d){1,2}(?: ?[-~] ?\d{1,2}(?::\d\d|시)?)?|\d{1,2}시(?: ?(?:\d{1,2}분?|반))?|"
    rf"(?:\d{{4}}년 ?)?\d{{1,2}}월(?: ?\d{{1,2}}일)?|{_AMOUNT}(?: ?(?:뒤|후|전|반|더|이상|이내))?|"
    r"\d+(?:초|개월|달|년)|"
    rf"(?:한국|미국|일본|중국|서울|현지|서버|우리) ?(?:시간|시각)|{ZONE})"
)
_LEAD = r"(?:(?:그리고|더하기|플러스|및|또|최대|최소|적어도|약|대략|단|늦어도|빠르면|일찍|\d+[~-])\s*){0,5}"


class KoreanDurations:
    """Patterns of the times and lengths that people type."""

    expiry = (
        rf"{AFTER_HOSTS}{_START}(?:{_SPAN}|{_WEEKEND}|{_UP}(?:만)?|{_RESTORED}(?:만)?|"
        rf"(?P<until>(?:until|till?) )?(?P<moment>{_ANY_MOMENT})(?(until)(?:{_UNTIL})?|{_UNTIL})){_END}"
    )
    expiry_start = r"(?<!\S)\S*(?:동안|까지)(?!\S)"
    typed_moment = rf"(?:{_MOMENT})"
    day_alone = _DAY_ALONE
    amount = r"(?P<number>\d+(?:\.\d+)?|[한두세네]|) ?(?P<unit>시간|분|일주일|주일|주|하루|이틀|사흘|일)"
    and_a_half = r" ?반"
    typed_numbers: Mapping[str, float] = _NUMBERS
    typed_units: Mapping[str, int] = {**_UNITS, **_WORDS_FOR_SPANS}
    typed_days: Mapping[str, int] = {"오늘": 0, "내일": 1, "모레": 2, "글피": 3}
    weekdays: Sequence[str] = _WEEKDAYS
    halves: Mapping[str, Mapping[int, int]] = {
        "오전": {hour: hour % 12 for hour in range(1, 13)},
        "오후": {hour: hour % 12 + 12 for hour in range(1, 13)},
        "새벽": {hour: hour for hour in range(1, 7)},
        "아침": {hour: hour for hour in range(5, 12)},
        "저녁": {hour: hour + 12 for hour in range(5, 12)},
        "밤": {hour: hour + 12 for hour in range(7, 12)},
    }
    leading_time = (
        rf"{_LEAD}(?:{_TIME}|{_DATED}){_END_OF_TIME}|"
        r"(?:또는|혹은|아니면|까지|부터|뒤|후|이후|이상|넘게|동안)(?!\w)|(?:뒤|후)까지"
    )
    trailing_time = rf"(?<!\S)(?:{_LEAD}{_TIME}{_END_OF_TIME}|\S+(?:까지|부터))\W*$"
    bare_number = r"\d{1,2}(?![\w.:/%-])"
    delayed_start = rf"(?P<start>{_ANY_MOMENT}) ?부터{_END}"
    bare_moment = rf"(?P<moment>{_ANY_MOMENT})(?: ?에)?{_END}"
    reason_word = r"이유(?!\w)"
    time_words: Sequence[str] = ()

    def until_then(self, moment: str) -> str:
        return f"{moment}까지"
