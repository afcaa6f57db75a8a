"""Korean for days and parts of them, as people type them."""

from collections.abc import Mapping, Sequence

SLASHED = r"(?P<month>\d{1,2})/(?P<date>\d{1,2})"  # in English it may as well be the other way round


class KoreanDays:
    """Each of `days` names one of them, in groups."""

    days: Sequence[str] = (
        r"(?P<year>\d{4})[-/.] ?(?P<month>\d\d?)[-/.] ?(?P<date>\d\d?)(?!\d)\.?",
        r"(?:(?P<year>\d{4})년 ?)?(?P<month>\d{1,2})월 ?(?P<date>\d{1,2})일",
        "(?P<relative>오늘|내일 ?모레|내일|낼|모레|글피|어제)",
        "(?:(?:이번 ?주|금주|(?P<next>다음 ?주|담주|차주)) ?)?(?P<weekday>[월화수목금토일](?:요일|욜))",
        "(?P<next>다음 ?|담|내)(?P<unit>주|달|해|년)",
        r"(?P<date>\d{1,2})일",
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
        **dict.fromkeys(("오늘 하루", "하루 종일", "하루종일", "종일"), "day"),
        "밤새": "night",
        **dict.fromkeys(("이번 주", "이번주", "금주"), "week"),
        **dict.fromkeys(("주말", "이번 주말", "이번주말"), "weekend"),
        **dict.fromkeys(("이번 달", "이번달", "이번 달 말", "이번달 말", "이달 말", "월말"), "month"),
        **dict.fromkeys(("올해", "연말"), "year"),
    }
    calendar_units: Mapping[str, str] = {
        "주": "week",
        "주말": "weekend",
        "달": "month",
        "해": "year",
        "년": "year",
    }
