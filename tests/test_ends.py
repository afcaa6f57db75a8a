"""Reads the ends of mutes as people type them, in both languages: the exact end of each, on two days of a week."""

from datetime import UTC, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from languages import LANGUAGES, Language
from slack import mute_ends
from slack.command import UsageError
from slack.moments import moment_to_type
from slack.mute_ends import ExpiryContext

SEOUL = ZoneInfo("Asia/Seoul")
SATURDAY = datetime(2026, 11, 28, 21, 40, tzinfo=SEOUL)
TUESDAY = datetime(2026, 12, 29, 8, 0, tzinfo=SEOUL)

# What is typed, and its end as of that Saturday evening and that Tuesday morning.
ENDS = """
for 2h | 11-28 23:40 | 12-29 10:00
FOR 2H | 11-28 23:40 | 12-29 10:00
for 1h30m | 11-28 23:10 | 12-29 09:30
for 2w | 12-12 21:40 | 01-12 08:00
for 1 hour, 30 min | 11-28 23:10 | 12-29 09:30
for 1 day and 6 hours | 11-30 03:40 | 12-30 14:00
until 18:00 | 11-29 18:00 | 12-29 18:00
'til 18:00 | 11-29 18:00 | 12-29 18:00
'till 내일 18시 | 11-29 18:00 | 12-30 18:00
until 11:30 PM | 11-28 23:30 | 12-29 23:30
until 12am | 11-29 00:00 | 12-30 00:00
for 2h from now | 11-28 23:40 | 12-29 10:00
until tomorrow at 9:00 | 11-29 09:00 | 12-30 09:00
until 2027-01-24 18:00 | 01-24 18:00 | 01-24 18:00
until 18:00 on 2027-01-24 | 01-24 18:00 | 01-24 18:00
until 9:00 on Wednesday | 12-02 09:00 | 12-30 09:00
until 20:00 saturday | 12-05 20:00 | 01-02 20:00
until on fri at 6pm | 12-04 18:00 | 01-01 18:00
until 6:30 p.m. | 11-29 18:30 | 12-29 18:30
until 6 P. M | 11-29 18:00 | 12-29 18:00
until 5 pm tomorrow | 11-29 17:00 | 12-30 17:00
until 18:00 kst tomorrow | 11-29 18:00 | 12-30 18:00
until tomorrow 18:00 (KST) | 11-29 18:00 | 12-30 18:00
until 18:00Z | 11-29 03:00 | 12-30 03:00
until 9:00 monday CET | 11-30 17:00 | 01-04 17:00
until 18:00 UTC+8 | 11-29 19:00 | 12-29 19:00
until 18:00 GMT-03:30 | 11-29 06:30 | 12-30 06:30
until 18:00 asia/hong_kong | 11-29 19:00 | 12-29 19:00
until 18:00 America/Port_of_Spain | 11-29 07:00 | 12-30 07:00
until 18:00 PKT | 11-28 22:00 | 12-29 22:00
until 18:00 AKST | 11-29 12:00 | 12-29 12:00
until 18:00 MEZ | 11-29 02:00 | 12-30 02:00
for 2h plus 30m | 11-29 00:10 | 12-29 10:30
for 2h & 30m | 11-29 00:10 | 12-29 10:30
for an hour and a half | 11-28 23:10 | 12-29 09:30
for half an hour | 11-28 22:10 | 12-29 08:30
for 1.5 hours | 11-28 23:10 | 12-29 09:30
over this weekend | 11-30 09:00 | 01-04 09:00
for 2 hours or so | 11-28 23:40 | 12-29 10:00
until tonight | 11-29 00:00 | 12-30 00:00
until 0930 | 11-29 09:30 | 12-29 09:30
until 21h30 | 11-29 21:30 | 12-29 21:30
until 1830 KST | 11-29 18:30 | 12-29 18:30
until 9.30 tomorrow | 11-29 09:30 | 12-30 09:30
until monday 0930 | 11-30 09:30 | 01-04 09:30
until tmrw | 11-29 09:00 | 12-30 09:00
until 9:00 tmrw | 11-29 09:00 | 12-30 09:00
until 23:30 tonight | 11-28 23:30 | 12-29 23:30
until tonight 22:00 | 11-28 22:00 | 12-29 22:00
until today | 11-29 00:00 | 12-30 00:00
until eod | 11-29 00:00 | 12-30 00:00
until the end of the day | 11-29 00:00 | 12-30 00:00
until the end of the week | 11-30 00:00 | 01-04 00:00
until eow | 11-30 00:00 | 01-04 00:00
until end of month | 12-01 00:00 | 01-01 00:00
until eoy | 01-01 00:00 | 01-01 00:00
until tuesday | 12-01 09:00 | 12-29 09:00
until wednesday | 12-02 09:00 | 12-30 09:00
until thursday | 12-03 09:00 | 12-31 09:00
until saturday | 12-05 09:00 | 01-02 09:00
until this friday | 12-04 09:00 | 01-01 09:00
until next tuesday | 12-01 09:00 | 01-05 09:00
until next sunday 9:00 | 12-06 09:00 | 01-10 09:00
until 18:00 next friday | 12-04 18:00 | 01-08 18:00
until coming tuesday | 12-01 09:00 | 12-29 09:00
until tuesday next week | 12-01 09:00 | 01-05 09:00
until the end of next week | 12-07 00:00 | 01-11 00:00
until end of next month | 01-01 00:00 | 02-01 00:00
through december | 01-01 00:00 | 01-01 00:00
through next weekend | 12-07 09:00 | 01-11 09:00
until 24.1.2027 | 01-24 09:00 | 01-24 09:00
until 2027/1/24 | 01-24 09:00 | 01-24 09:00
until the 31st | 12-31 09:00 | 12-31 09:00
until the 30th at 18:00 | 11-30 18:00 | 12-30 18:00
until the 1st of next month | 12-01 09:00 | 01-01 09:00
until 13/12 | 12-13 09:00 | 12-13 09:00
until 1/24 18:00 | 01-24 18:00 | 01-24 18:00
until 2027-01-24T18:00 | 01-24 18:00 | 01-24 18:00
until 2027-01-24T09:00Z | 01-24 18:00 | 01-24 18:00
until 2027-01-24T18:00:00+09:00 | 01-24 18:00 | 01-24 18:00
2027-01-24T18:00까지 | 01-24 18:00 | 01-24 18:00
2027-01-24T09:00Z까지 | 01-24 18:00 | 01-24 18:00
2027-01-24T18:00:00+09:00까지 | 01-24 18:00 | 01-24 18:00
until 24:00 | 11-29 00:00 | 12-30 00:00
for 2h30 | 11-29 00:10 | 12-29 10:30
for 1d 2h05 | 11-29 23:45 | 12-30 10:05
for twenty-five minutes | 11-28 22:05 | 12-29 08:25
until next week | 11-30 09:00 | 01-04 09:00
until next month | 12-01 09:00 | 01-01 09:00
until next year | 01-01 09:00 | 01-01 09:00
until the weekend | 12-05 09:00 | 01-02 09:00
until next weekend | 12-05 09:00 | 01-09 09:00
until after the weekend | 11-30 09:00 | 01-04 09:00
until noon | 11-29 12:00 | 12-29 12:00
until midnight | 11-29 00:00 | 12-30 00:00
until the morning | 11-29 09:00 | 12-29 09:00
until noon tomorrow | 11-29 12:00 | 12-30 12:00
until monday noon | 11-30 12:00 | 01-04 12:00
until friday evening | 12-04 18:00 | 01-01 18:00
until saturday night | 11-29 00:00 | 01-03 00:00
until the day after tomorrow | 11-30 09:00 | 12-31 09:00
until 5 december | 12-05 09:00 | 12-05 09:00
until Dec 5th | 12-05 09:00 | 12-05 09:00
until the 5th of december | 12-05 09:00 | 12-05 09:00
until 5 Dec 18:00 | 12-05 18:00 | 12-05 18:00
until 18:00 on december 5 | 12-05 18:00 | 12-05 18:00
until january 3 | 01-03 09:00 | 01-03 09:00
until january 3, 2027 | 01-03 09:00 | 01-03 09:00
until january | 01-01 09:00 | 01-01 09:00
until the 5th | 12-05 09:00 | 01-05 09:00
until the 28th at 22:00 | 11-28 22:00 | 01-28 22:00
until 5.30pm | 11-29 17:30 | 12-29 17:30
for the weekend | 11-30 09:00 | 01-04 09:00
all weekend | 11-30 09:00 | 01-04 09:00
through friday | 12-05 00:00 | 01-02 00:00
thru tomorrow | 11-30 00:00 | 12-31 00:00
through december 5 | 12-06 00:00 | 12-06 00:00
until the end of friday | 12-05 00:00 | 01-02 00:00
for today | 11-29 00:00 | 12-30 00:00
for tonight | 11-29 00:00 | 12-30 00:00
for the rest of the day | 11-29 00:00 | 12-30 00:00
for the night | 11-29 09:00 | 12-29 09:00
for two hours | 11-28 23:40 | 12-29 10:00
for a couple of hours | 11-28 23:40 | 12-29 10:00
for one and a half hours | 11-28 23:10 | 12-29 09:30
for forty-five minutes | 11-28 22:25 | 12-29 08:45
for 90 seconds | 11-28 21:41 | 12-29 08:01
for the next 2 hours | 11-28 23:40 | 12-29 10:00
for the next hour | 11-28 22:40 | 12-29 09:00
for another hour | 11-28 22:40 | 12-29 09:00
for about 2h | 11-28 23:40 | 12-29 10:00
for a fortnight | 12-12 21:40 | 01-12 08:00
for a month | 12-28 21:40 | 01-28 08:00
1주일 동안 | 12-05 21:40 | 01-05 08:00
2시간 | 11-28 23:40 | 12-29 10:00
1시간 30분동안 | 11-28 23:10 | 12-29 09:30
18:00까지 | 11-29 18:00 | 12-29 18:00
22시 30분까지 | 11-28 22:30 | 12-29 22:30
내일 오전 9시 30분까지 | 11-29 09:30 | 12-30 09:30
2027년 1월 24일 18시까지 | 01-24 18:00 | 01-24 18:00
1시간 반 동안 | 11-28 23:10 | 12-29 09:30
앞으로 2시간 정도 | 11-28 23:40 | 12-29 10:00
2시간동안만 | 11-28 23:40 | 12-29 10:00
모레 오후 6시 반까지 | 11-30 18:30 | 12-31 18:30
저녁 8시까지만 | 11-29 20:00 | 12-29 20:00
새벽 2시까지 | 11-29 02:00 | 12-30 02:00
내일 UTC 18:00까지 | 11-30 03:00 | 12-30 03:00
until 오후 6시 | 11-29 18:00 | 12-29 18:00
until 내일 | 11-29 09:00 | 12-30 09:00
until 내일까지 | 11-29 09:00 | 12-30 09:00
말일까지 | 12-01 00:00 | 01-01 00:00
이따 23시까지 | 11-28 23:00 | 12-29 23:00
이따가 밤 11시까지만 | 11-28 23:00 | 12-29 23:00
오늘 밤까지 | 11-29 00:00 | 12-30 00:00
오늘까지 | 11-29 00:00 | 12-30 00:00
내일 아침까지 | 11-29 09:00 | 12-30 09:00
내일 저녁까지 | 11-29 18:00 | 12-30 18:00
정오까지 | 11-29 12:00 | 12-29 12:00
자정까지 | 11-29 00:00 | 12-30 00:00
월요일까지 | 11-30 09:00 | 01-04 09:00
화요일까지 | 12-01 09:00 | 12-29 09:00
수요일까지 | 12-02 09:00 | 12-30 09:00
목요일까지 | 12-03 09:00 | 12-31 09:00
금욜까지 | 12-04 09:00 | 01-01 09:00
토요일까지 | 12-05 09:00 | 01-02 09:00
일요일 밤까지 | 11-30 00:00 | 01-04 00:00
다음 주 월요일까지 | 11-30 09:00 | 01-04 09:00
다음주 화요일 9시까지 | 12-01 09:00 | 01-05 09:00
다음주까지 | 11-30 09:00 | 01-04 09:00
다음 주말까지 | 12-07 09:00 | 01-11 09:00
다음 달 말까지 | 01-01 00:00 | 02-01 00:00
12월 말까지 | 01-01 00:00 | 01-01 00:00
2027.1.24까지 | 01-24 09:00 | 01-24 09:00
3시간 뒤까지 | 11-29 00:40 | 12-29 11:00
다음 달까지 | 12-01 09:00 | 01-01 09:00
이번 주까지 | 11-30 00:00 | 01-04 00:00
주말까지 | 11-30 09:00 | 01-04 09:00
이번 주말 동안 | 11-30 09:00 | 01-04 09:00
월말까지 | 12-01 00:00 | 01-01 00:00
연말까지 | 01-01 00:00 | 01-01 00:00
12월 5일까지 | 12-05 09:00 | 12-05 09:00
12월 5일 18시까지 | 12-05 18:00 | 12-05 18:00
12/5까지 | 12-05 09:00 | 12-05 09:00
5일까지 | 12-05 09:00 | 01-05 09:00
5일 동안 | 12-03 21:40 | 01-03 08:00
두 시간 동안 | 11-28 23:40 | 12-29 10:00
두시간만 | 11-28 23:40 | 12-29 10:00
다섯 시간 | 11-29 02:40 | 12-29 13:00
삼십 분 | 11-28 22:10 | 12-29 08:30
반 시간 | 11-28 22:10 | 12-29 08:30
하루 종일 | 11-29 00:00 | 12-30 00:00
나흘간 | 12-02 21:40 | 01-02 08:00
열흘 | 12-08 21:40 | 01-08 08:00
한 달 | 12-28 21:40 | 01-28 08:00
밤새 | 11-29 09:00 | 12-29 09:00
2h 동안 | 11-28 23:40 | 12-29 10:00
1h30m동안 | 11-28 23:10 | 12-29 09:30
for 2시간 | 11-28 23:40 | 12-29 10:00
여섯 시까지 | 11-29 06:00 | 12-30 06:00
오후 열한시 반까지 | 11-28 23:30 | 12-29 23:30
밤 12시까지 | 11-29 00:00 | 12-30 00:00
내일 낮 12시까지 | 11-29 12:00 | 12-30 12:00
24시까지 | 11-29 00:00 | 12-30 00:00
31일까지 | 12-31 09:00 | 12-31 09:00
다음달 1일까지 | 12-01 09:00 | 01-01 09:00
다음 달 15일 18시까지 | 12-15 18:00 | 01-15 18:00
이번 달 30일까지 | 11-30 09:00 | 12-30 09:00
오늘만 | 11-29 00:00 | 12-30 00:00
until 다음 주 월요일 | 11-30 09:00 | 01-04 09:00
""".strip().splitlines()


# Each is over on that Saturday evening; as of that Tuesday morning, it ends a year later or as shown.
JUST_PAST = """
until 27 november | 2027-11-27 09:00
until Nov 14th | 2027-11-14 09:00
until 18:00 on november 28 | 2027-11-28 18:00
until november | 2027-11-01 09:00
11월 27일까지 | 2027-11-27 09:00
11/14까지 | 2027-11-14 09:00
이번 주 금요일까지 | 2027-01-01 09:00
금주 목요일 18시까지 | 2026-12-31 18:00
""".strip().splitlines()


def ends(text: str, language: Language, now: datetime) -> tuple[str, str]:
    """The end and the reason."""
    candidate = next(mute_ends.candidates(text, language))
    assert candidate.before == "web-1"
    found = mute_ends.parse_expiry(candidate, ExpiryContext(now.astimezone(UTC), SEOUL, language))
    assert found.until
    assert not found.until_up
    return f"{found.until.astimezone(SEOUL):%m-%d %H:%M}", found.reason


@pytest.mark.parametrize("row", ENDS)
def test_each_has_its_exact_end_in_both_languages_and_leaves_the_reason(row: str) -> None:
    typed, on_saturday, on_tuesday = row.split(" | ")
    for language, reason in product(LANGUAGES.values(), ("", "deploy of the shop", "결제 서버 배포")):
        for now, end in ((SATURDAY, on_saturday), (TUESDAY, on_tuesday)):
            assert ends(f"web-1 {typed} {reason}".strip(), language, now) == (end, reason)


@pytest.mark.parametrize("row", JUST_PAST)
def test_a_day_of_the_last_two_weeks_is_in_the_past_and_not_a_year_ahead(row: str) -> None:
    typed, on_tuesday = row.split(" | ")
    candidate, *_ = mute_ends.candidates(f"web-1 {typed}", LANGUAGES["ko"])
    context = ExpiryContext(SATURDAY, SEOUL, LANGUAGES["en"])
    with pytest.raises(UsageError, match="is in the past"):
        mute_ends.parse_expiry(candidate, context)
    found = mute_ends.parse_expiry(candidate, context._replace(now=TUESDAY))
    assert found.until
    assert f"{found.until.astimezone(SEOUL):%Y-%m-%d %H:%M}" == on_tuesday


@pytest.mark.parametrize("typed", ["until 28 december", "through december", "12월 28일까지"])
def test_a_day_just_past_may_be_of_last_year(typed: str) -> None:
    candidate, *_ = mute_ends.candidates(f"web-1 {typed}", LANGUAGES["ko"])
    context = ExpiryContext(datetime(2027, 1, 3, 8, tzinfo=SEOUL), SEOUL, LANGUAGES["en"])
    with pytest.raises(UsageError, match="is in the past"):
        mute_ends.parse_expiry(candidate, context)


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Seoul"])
def test_a_moment_typed_as_offered_is_the_same_even_if_clocks_show_it_twice(
    language: Language, zone: str
) -> None:
    here = ZoneInfo(zone)
    for minutes in range(0, 366 * 24 * 60, 30):
        end = SATURDAY.astimezone(UTC) + timedelta(minutes=30 + minutes)
        typed = moment_to_type(end, here)
        if len(typed) > len("2026-11-28 21:40") or not minutes:
            candidate = next(mute_ends.candidates(f"web-1 {language.until_then(typed)}: why", language))
            expiry = mute_ends.parse_expiry(candidate, ExpiryContext(SATURDAY, here, language))
            assert (expiry.until, expiry.reason) == (end, "why"), typed
