"""Korean for how long a mute lasts, as people type it: spans, days and parts of them."""

from collections.abc import Mapping, Sequence

from languages.typed import AFTER_HOSTS, BEFORE_REASON, DAY, HOUR, MINUTE, without_groups
from languages.zones import ZONE

SLASHED = r"(?P<month>\d{1,2})/(?P<date>\d{1,2})"  # in English it may as well be the other way round


class KoreanDays:
    """Each of `days` names one of them, in groups."""

    days: Sequence[str] = (
        r"(?P<year>\d{4})[-/.] ?(?P<month>\d\d?)[-/.] ?(?P<date>\d\d?)(?!\d)\.?",
        r"(?:(?P<year>\d{4})년 ?)?(?P<month>\d{1,2})월 ?(?P<date>\d{1,2})일",
        "(?P<relative>오늘|내일 ?모레|내일|낼|모레|글피|어제)",
        (
            "(?:(?:(?P<this>이번 ?주|금주)|(?P<next>다음 ?주|담주|차주)) ?)?"
            "(?P<weekday>[월화수목금토일](?:요일|욜))"
        ),
        "(?P<next>다음 ?|담|내)(?P<unit>주|달|해|년)",
        r"(?:(?:(?P<this>이번 ?달|이달)|(?P<next>다음 ?|담|내)(?P<unit>달)) ?)?(?P<date>\d{1,2})일",
        SLASHED,
        "(?P<next>다음 ?)(?P<unit>주말)",
        r"(?P<month>\d{1,2})월",
    )
    relative_days: Mapping[str, int] = {
        "어제": -1, "오늘": 0, "내일": 1, "낼": 1, "모레": 2, "내일모레": 2, "내일 모레": 2, "글피": 3,
    }  # fmt: skip
    weekdays: Sequence[str] = ("월", "화", "수", "목", "금", "토", "일")
    months: Sequence[str] = ()
    parts_of_day: Mapping[str, int] = {
        "아침": 9, "정오": 12, "점심": 12, "저녁": 18, "밤": 24, "자정": 24, "오늘": 24,
    }  # fmt: skip
    periods: Mapping[str, str] = {
        **dict.fromkeys(("오늘", "오늘 하루", "하루 종일", "하루종일", "종일"), "day"),
        "밤새": "night",
        **dict.fromkeys(("이번 주", "이번주", "금주"), "week"),
        **dict.fromkeys(("주말", "이번 주말", "이번주말"), "weekend"),
        **dict.fromkeys(("이번 달", "이번달", "이번 달 말", "이번달 말", "이달 말", "월말", "말일"), "month"),
        **dict.fromkeys(("올해", "연말"), "year"),
    }
    calendar_units: Mapping[str, str] = {
        "주": "week",
        "주말": "weekend",
        "달": "month",
        "해": "year",
        "년": "year",
    }


_UNITS: Mapping[str, int] = {
    "초": 1,
    "분": MINUTE,
    "시간": HOUR,
    "주일": 7 * DAY,
    "주": 7 * DAY,
    "일": DAY,
    "개월": 30 * DAY,
    "달": 30 * DAY,
    "년": 365 * DAY,
}
_WORDS_FOR_SPANS: Mapping[str, int] = {
    "하루": DAY,
    "이틀": 2 * DAY,
    "사흘": 3 * DAY,
    "나흘": 4 * DAY,
    "닷새": 5 * DAY,
    "엿새": 6 * DAY,
    "일주일": 7 * DAY,
    "열흘": 10 * DAY,
    "보름": 15 * DAY,
}
_NUMBERS: Mapping[str, float] = {
    "": 1, "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9,
    "열": 10, "열한": 11, "열두": 12, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9, "십": 10,
    "십오": 15, "이십": 20, "삼십": 30, "사십": 40, "사십오": 45, "오십": 50, "육십": 60, "구십": 90,
    "반": 0.5,
}  # fmt: skip
_COUNT = "|".join(sorted(filter(None, _NUMBERS), key=len, reverse=True))
_LATIN_UNITS: Mapping[str, int] = {"h": HOUR, "m": MINUTE, "d": DAY}
_UNIT = "|".join([*sorted(_UNITS, key=len, reverse=True), rf"(?<=\d)[{''.join(_LATIN_UNITS)}]"])
_COUNTED_AMOUNT = rf"(?:\d{{1,6}}(?:\.\d{{1,2}})?|{_COUNT}) ?(?:{_UNIT})"
_AMOUNT = rf"(?:{_COUNTED_AMOUNT}|{'|'.join(_WORDS_FOR_SPANS)})"
_SPAN = (
    rf"(?:for |지금부터 |앞으로 |약 |최대 )?(?P<span>{_AMOUNT}(?: ?\+? ?{_AMOUNT})*(?: ?반)?)"
    r"(?! ?전(?:(?:에|부터)(?!\w)|[.,!?]*$))"  # "ago"
    "(?: ?(?:동안|정도|쯤)|간| ?(?:뒤|후) ?까지)*만?"
)


_HALF_OF_DAY = "오전|오후|새벽|아침|낮|저녁|밤"
_HOUR = "열한|열두|열|한|두|세|네|다섯|여섯|일곱|여덟|아홉"
_HOUR_OF_DAY = rf"(?P<hour>\d{{1,2}}|{_HOUR})(?::| ?시)(?: ?(?P<minute>\d{{1,2}}|반)분?(?::00)?)?"
_BEFORE_UNTIL = "(?=.*까지)"
_DAY_ALONE = "|".join(without_groups(day + _BEFORE_UNTIL * (day == SLASHED)) for day in KoreanDays.days[:-2])
_MOMENT = (
    rf"(?:(?P<day>{_DAY_ALONE})(?:T(?=\d\d:)|,? ?))?(?:(?P<later_zone>{ZONE}) )?"
    rf"(?:(?:(?P<half>{_HALF_OF_DAY}) ?)?{_HOUR_OF_DAY}|(?P<part>아침|정오|점심|저녁|밤|자정))"
    rf"(?: ?\(?(?P<zone>{ZONE})\)?)?"
)
_TYPED_MOMENT = _MOMENT.replace(_BEFORE_UNTIL, "")
_ANY_MOMENT = rf"{without_groups(_MOMENT)}|{_DAY_ALONE}"
_LATER_TODAY = r"(?:이따가? (?=오후|저녁|밤|1[3-9]|2\d))?"  # "6시" alone may be the next morning
_START = rf"{_LATER_TODAY}(?:(?P<start>{_ANY_MOMENT}) ?(?:부터|에서|~|-) ?)?"
_UNTIL = r" ?까지(?:만|는)?"
_PERIOD = (
    rf"(?P<period>(?:{'|'.join(sorted(KoreanDays.periods, key=len, reverse=True))}))"
    r"(?: ?까지(?:만|는)?| ?동안|간| ?내내|(?<=하루)|(?<=종일)|(?<=밤새)|(?<=오늘)만)"
)
_THROUGH = (
    r"(?P<through>다음 ?주말(?= ?까지)|(?:(?:다음 ?|내)(?:달|해|년)|\d{1,2}월)(?= ?말 ?까지)) ?(?:말 ?)?까지"
)
_UP = (
    r"(?P<up>(?:복구|해결|회복|정상화)(?:될|되는|할)? ?(?:[때시] ?)?까지|"
    r"(?:고쳐질|살아날|돌아올|올라올) ?때 ?까지|"
    r"정상(?:이|으로)? ?(?:될|돌아올)? ?때 ?까지)"
)
_RESTORED = (  # "계속 실패", failing all the time, is a reason
    r"(?P<restored>(?:복원|해제)(?:할|될)? ?(?:때 ?)?까지|"
    r"계속(?!만?\s+\w)|무기한(?:으로)?|영구(?:히|적으로)?|영원히|당분간(?:은)?)"
)

# What a time at the beginning or the end of a reason consists of.
_END_OF_TIME = r"(?:부터|까지|에만|에는|에|쯤|경|동안|간|만|로|으로)*(?!\w|[-./:]\w)"
_DATED = r"(?:\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}/\d{1,2})"  # a reason may end with one
_TIME = (
    r"(?:오늘|내일|낼|모레|글피|어제|어저께|그제|그저께|엊그제|연휴|공휴일|월말|연말|주중|"
    r"[월화수목금토일]요일|주말|평일|매일|매주|매월|매시간|정오|자정|한?낮|새벽|아침|점심|저녁|밤|오전|오후|종일|계속|나중|이따가?|내년|올해|말일|"
    r"(?:다음|다다음|담|이번|지난|매) ?(?:주|달|해)(?: ?[월화수목금토일]요일)?|반나절|반|"
    r"\d{1,2}(?::\d\d){1,2}(?: ?[-~] ?\d{1,2}(?::\d\d|시)?)?|"
    rf"(?:\d{{1,2}}|{_HOUR}) ?시(?: ?(?:\d{{1,2}}분?|반))?|"
    rf"(?:\d{{4}}년 ?)?\d{{1,2}}월(?: ?\d{{1,2}}일)?|{_AMOUNT}(?: ?(?:뒤|후|전|반|더|이상|이내))?|"
    r"\d+(?:초|개월|달|년)|"
    rf"(?:한국|미국|일본|중국|서울|현지|서버|우리) ?(?:시간|시각)|{ZONE})"
)
_LEAD = r"(?:(?:그리고|더하기|플러스|및|또|최대|최소|적어도|약|대략|단|늦어도|빠르면|일찍|\d+[~-])\s*){0,5}"


class KoreanDurations(KoreanDays):
    """Patterns of the times and lengths that people type."""

    expiry = (
        rf"{AFTER_HOSTS}{_START}(?:{_PERIOD}|{_THROUGH}|{_UP}(?:만)?|{_RESTORED}(?:만)?|"
        rf"(?P<until>(?:until|'?till?) )?(?P<moment>{_ANY_MOMENT})(?(until)(?:{_UNTIL})?|{_UNTIL})|"
        rf"{_SPAN}){BEFORE_REASON}"
    )
    expiry_start = r"(?<!\S)\S*(?:동안|까지)만?(?!\S)"
    typed_moment = rf"(?:{_TYPED_MOMENT})"
    amount = rf"(?P<number>\d+(?:\.\d+)?|{_COUNT}|) ?(?P<unit>{'|'.join(_WORDS_FOR_SPANS)}|{_UNIT})"
    and_a_half = r" ?반"
    typed_numbers: Mapping[str, float] = _NUMBERS
    typed_units: Mapping[str, int] = {**_UNITS, **_WORDS_FOR_SPANS, **_LATIN_UNITS}
    halves: Mapping[str, Mapping[int, int]] = {
        "오전": {hour: hour % 12 for hour in range(1, 13)},
        "오후": {hour: hour % 12 + 12 for hour in range(1, 13)},
        "새벽": {hour: hour for hour in range(1, 7)},
        "아침": {hour: hour for hour in range(5, 12)},
        "낮": {11: 11, 12: 12, **{hour: hour + 12 for hour in range(1, 6)}},
        "저녁": {hour: hour + 12 for hour in range(5, 12)},
        "밤": {hour: hour + 12 for hour in range(7, 13)},
    }
    leading_time = (
        rf"{_LEAD}(?:{_TIME}|{_DATED}){_END_OF_TIME}|"
        r"(?:또는|혹은|아니면|까지|부터|뒤|후|이후|이상|넘게|동안)(?!\w)|(?:뒤|후)까지"
    )
    trailing_time = rf"(?<!\S)(?:{_LEAD}{_TIME}{_END_OF_TIME}|\S+(?:까지|부터))\W*$"
    bare_number = r"\d{1,2}(?![\w.:/%-])"
    delayed_start = rf"(?P<start>{_ANY_MOMENT}) ?부터{BEFORE_REASON}"
    bare_moment = rf"(?P<moment>{_ANY_MOMENT})(?: ?에)?{BEFORE_REASON}"
    bare_hour = "(?!)"  # `9까지` lacks its unit
    hours_in: Mapping[str, Mapping[int, int]] = {}
    time_or_date = "(?!)"
    reason_word = r"이유는?(?!\w)(?= ?:|(?!.*\?(?!\S))\W.*\w)"  # `이유는 뭐야?` asks for it
    more = "더(?: ?연장)?(?:해|해줘|해주세요)?|연장(?:해|해줘|해주세요)?"
    time_words: Sequence[str] = ()
    expiry_words: Sequence[str] = ()
    until_then = "{}까지".format
