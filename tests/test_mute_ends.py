"""Reads how long a mute lasts and why, in both languages."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from languages import ENGLISH, KOREAN, LANGUAGES, Language
from languages.language import Choice
from slack import mute_ends
from slack.command import UsageError
from slack.mute_ends import LONGEST_MUTE, Expiry, ExpiryContext
from slack.reasons import LONGEST_REASON, begins_like_a_time, explained, has_expiry_word
from slack.unclear_ends import suggest_until
from slack.words import pattern
from tests.builders import NOON, heard_in
from tests.support import ROOT

SEOUL = ZoneInfo("Asia/Seoul")


def read(
    text: str, language: Language = ENGLISH, now: datetime = NOON, zone: str = "Asia/Seoul"
) -> tuple[str, Expiry]:
    """In Seoul it is 21:00 at NOON, on a Sunday."""
    candidate = next(mute_ends.candidates(text, language))
    return candidate.before, mute_ends.parse_expiry(candidate, ExpiryContext(now, ZoneInfo(zone), language))


def test_nothing_is_left_to_compile_for_the_first_command() -> None:
    mute_ends.prepare()
    before = pattern.cache_info()
    for language in LANGUAGES.values():
        read("web-1 for 2h deploy", language)
        read("web-1 until 18:00 deploy", language)
        with pytest.raises(UsageError):
            raise suggest_until("18:00", "web-1", ExpiryContext(NOON, SEOUL, language))
        begins_like_a_time("18:00")
    assert pattern.cache_info().misses == before.misses


@pytest.mark.parametrize(
    ("typed", "language", "up"),
    [
        ("until up", ENGLISH, True),
        ("until it's up again", ENGLISH, True),
        ("until it's back up", ENGLISH, True),
        ("until it comes back up", ENGLISH, True),
        ("til back", ENGLISH, True),
        ("'til up", ENGLISH, True),
        ("'till up", ENGLISH, True),
        ("'til further notice", ENGLISH, False),
        ("until restored", ENGLISH, False),
        ("복구될 때까지", KOREAN, True),
        ("복구까지", KOREAN, True),
        ("정상이 될 때까지", KOREAN, True),
        ("올라올 때까지", KOREAN, True),
        ("복구 시까지", KOREAN, True),
        ("살아날 때까지", KOREAN, True),
        ("복원할 때까지", KOREAN, False),
        ("until up", KOREAN, True),
        ("until it's fixed again", ENGLISH, True),
        ("till its up again", ENGLISH, True),
        ("until it works", ENGLISH, True),
        ("until healthy", ENGLISH, True),
        ("until it's healthy again", ENGLISH, True),
        ("for a while", ENGLISH, False),
        ("until it recovers", ENGLISH, True),
        ("해결될 때까지", KOREAN, True),
        ("고쳐질 때까지", KOREAN, True),
        ("for good", ENGLISH, False),
        ("permanently", ENGLISH, False),
        ("영원히", KOREAN, False),
    ],
)
def test_a_mute_can_last_until_up_or_restored(typed: str, language: Language, *, up: bool) -> None:
    assert read(f"web-1 {typed} why", language) == ("web-1", Expiry(until_up=up, reason="why"))


def shown_ends(language: Language) -> list[str]:
    """The ends that menus and messages name, and those in the table of the manual."""
    menu = [re.sub("^Mute | 숨기기$", "", language.choices[each]) for each in Choice]
    ends = [
        end for end in menu if end not in (language.choices[Choice.RESOLVE], language.choices[Choice.UNMUTE])
    ]
    manual = ROOT / "docs" / ("commands.md" if language is ENGLISH else "commands.ko.md")
    rows = re.findall(r"^\|.*", manual.read_text().split("\n## ")[6], re.MULTILINE)
    typed = [each for row in rows for each in re.findall("`([^`]*)`", row) if each != "timezone"]
    return [*ends, language.until_up, language.until_unmuted, *typed]


@pytest.mark.parametrize(
    ("language", "typed"), [(each, typed) for each in LANGUAGES.values() for typed in shown_ends(each)]
)
def test_an_end_can_be_typed_as_menus_messages_and_the_manual_name_it(language: Language, typed: str) -> None:
    assert read(f"web-1 {typed}: why", language)[0] == "web-1"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("for 0m", "would end at once. Type `for 2h`"),
        ("until yesterday", "is in the past"),
        ("until 31 november", "is not a time"),
        ("until the 32nd", "is not a time"),
        ("for 2h 22h", "is not a time"),
        ("until monday 9:00 tuesday", "is not a time"),
        ("until 25:00", "is not a time"),
        ("until 13pm", "is not a time"),
        ("until 2026-02-30 10:00", "is not a time"),
        ("until today 9:00", "is in the past. Type a time in the future"),
        ("for 999999w", "is more than a year"),
        ("until 9999-12-31 23:59", "is more than a year"),
    ],
)
def test_an_impossible_expiry_says_what_to_type_instead(typed: str, answer: str) -> None:
    assert problem(f"web-1 {typed} why").startswith(f"`{typed}` {answer}")


@pytest.mark.parametrize(
    "text",
    [
        *("web-1", "web-1 deploy", "a.test 2h.example.com", "for2h", "web-1 until lunch", "web-1 until 9"),
        *(
            "web-1 until 2.30 ships",
            "web-1 until 1500 errors are gone",
            "web-1 until 9.12",
            "web-1 until 2026",
        ),
        *("web-1 until working hours", "web-1 until 24h60"),
    ],
)
def test_other_text_is_no_expiry(text: str) -> None:
    assert not [*mute_ends.candidates(text, KOREAN)]


@pytest.mark.parametrize(
    ("text", "language", "typed"),
    [
        ("web-1 for deploy", ENGLISH, "for deploy"),
        ("web-1 until lunch", KOREAN, "until lunch"),
        ("web-1 나중까지", KOREAN, "나중까지"),
        (f"web-1 for {'x' * 90}", ENGLISH, f"for {'x' * 35}…"),
    ],
)
def test_an_expiry_word_without_a_time_is_quoted(text: str, language: Language, typed: str) -> None:
    assert has_expiry_word(text)
    reply = str(mute_ends.not_an_expiry(text, text.partition(" ")[2], ExpiryContext(NOON, SEOUL, language)))
    assert f"`{typed}`" in reply
    assert f"`{language.until_then('2026-11-29')}`" in reply


def test_a_name_may_contain_an_expiry_word() -> None:
    assert not has_expiry_word("until web")
    assert not has_expiry_word("web-for-1 fort until-x")


def test_a_long_reason_is_cut_to_one_line() -> None:
    assert read("web-1 for 2h a\u202eb - ")[1].reason == "a b"
    reason = read(f"web-1 for 2h {'x' * 900}")[1].reason
    assert (len(reason), reason[-2:]) == (LONGEST_REASON, "x…")


@pytest.mark.parametrize(
    ("typed", "now", "zone", "until"),
    [
        ("2:30", datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Berlin", "2026-03-29 01:30"),  # is skipped
        ("2:30", datetime(2026, 10, 24, 12, tzinfo=UTC), "Europe/Berlin", "2026-10-25 00:30"),  # comes twice
        ("18:00 CST", NOON, "America/Chicago", "2026-11-23 00:00"),  # which is a zone of China, too
    ],
)
def test_an_end_is_a_time_of_the_zone_people_are_in(typed: str, now: datetime, zone: str, until: str) -> None:
    assert str(read(f"a until {typed}", now=now, zone=zone)[1].until) == f"{until}:00+00:00"


@given(
    st.from_regex(r"a (for|until|till) [0-9dhmw: apu-]{0,12}", fullmatch=True)
    | st.from_regex(r"a [0-9년월일시간분오전후내 :]{0,12}(까지|동안)?", fullmatch=True)
    | st.text(),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_any_text_ends_in_the_future_or_is_refused_in_one_line(text: str, language: Language) -> None:
    for candidate in mute_ends.candidates(text, language):
        try:
            found = mute_ends.parse_expiry(candidate, ExpiryContext(NOON, SEOUL, language))
        except UsageError as error:
            assert str(error).isprintable()
        else:
            assert found.until is None or NOON < found.until <= NOON + LONGEST_MUTE


@pytest.mark.parametrize(
    ("typed", "language", "end"),
    [
        ("for 2 hrs 30", ENGLISH, "11-22 23:30"),
        ("for 2h when 22:00", ENGLISH, "11-23 00:00"),
        ('for 2h "22:00"', ENGLISH, "11-23 00:00"),
        ("until 6:30 in the pm", ENGLISH, "11-23 18:30"),
        ("until 18:00 + 1 day", ENGLISH, "11-24 18:00"),
        ("until 18:00 plus 2h", ENGLISH, "11-23 20:00"),
        ("until 18:00 -5", ENGLISH, "11-23 08:00"),
        ("until 18:00 UTC9", ENGLISH, "11-23 18:00"),
        ("until 18:00 (Berlin)", ENGLISH, "11-23 02:00"),
        ("until 18:00 in the UK", ENGLISH, "11-23 03:00"),
        ("until 18:00 (tomorrow)", ENGLISH, "11-23 18:00"),
        ("18:00까지 +1일", KOREAN, "11-24 18:00"),
        ("2시간 동안 30", KOREAN, "11-22 23:30"),
        ("18:00까지 미국 동부", KOREAN, "11-23 08:00"),
    ],
)
def test_the_whole_end_is_offered_when_it_can_be_computed(typed: str, language: Language, end: str) -> None:
    *_, offered = re.findall("`([^`]*)`", problem(f"web-1 {typed}", language))
    assert offered == f"uptime remove web-1 until 2026-{end}"


@pytest.mark.parametrize("reason", ["", ": why", " because of why"])
@pytest.mark.parametrize(
    "typed",
    ["18.30", "18.30.", "1830", "9.30 tomorrow", "monday 9.30", "9.30 KST", "monday 1830", "1830 KST"],
)
def test_numbers_that_may_be_no_times_are_times_where_no_words_follow(typed: str, reason: str) -> None:
    found = read(f"web-1 until {typed}{reason}")[1]
    assert found.until
    assert f"{found.until.astimezone(SEOUL):%H:%M}" in ("09:30", "18:30")
    assert found.reason == reason[-3:]


@pytest.mark.parametrize("language", LANGUAGES.values())
@pytest.mark.parametrize("reason", ["", ".", ": why", " because of why"])
@pytest.mark.parametrize(
    ("typed", "ends"),
    [
        ("12.25", ["12:25", "2026-12-25"]),
        ("11.28", ["11:28", "2026-11-28"]),
        ("10.30", ["10:30", "2027-10-30"]),
        ("11.20", ["11:20"]),  # it is the 22nd
    ],
)
def test_what_may_be_a_date_is_not_taken_for_a_time(
    language: Language, reason: str, typed: str, ends: list[str]
) -> None:
    text = f"web-1 until {typed}{reason}"
    candidate = next(mute_ends.candidates(text, language))
    with pytest.raises(UsageError) as error:
        mute_ends.parse_expiry(candidate, ExpiryContext(NOON, SEOUL, language))
    assert error.value.instead == [f"remove web-1 until {end}{reason}" for end in ends]
    for again in error.value.instead:
        assert read(again, language)[1].until


@pytest.mark.parametrize(
    ("typed", "end"), [("2.30", "02:30"), ("0.30", "00:30"), ("9.45", "09:45"), ("5.12.", "09:00")]
)
def test_what_can_only_be_a_time_or_a_date_is_read(typed: str, end: str) -> None:
    until = read(f"web-1 until {typed}")[1].until
    assert until
    assert f"{until.astimezone(SEOUL):%H:%M}" == end


@pytest.mark.parametrize("zone", ["CST", "GST", "BOT", "PT", "Asia/Nowhere", "UTC+99"])
def test_an_unknown_or_ambiguous_zone_is_asked_for(zone: str) -> None:
    assert problem(f"a until 18:00 {zone}") == (
        f"`{zone}` is not one time zone. Type the time as it is in `KST`, such as `until 18:00`, "
        "or with its UTC offset: `until 18:00 UTC+8`."
    )
    assert f"`{zone}` 시간대" in problem(f"a until 18:00 {zone}", KOREAN)


def problem(text: str, language: Language = ENGLISH) -> str:
    with pytest.raises(UsageError) as error:
        read(text, language)
    return str(error.value)


REASONS = [
    "deploy of 18:00 build",
    "Monday's release",
    "because of the 6pm deploy",
    "due to the move on Monday",
    "release 2026-11-28",
    "#1234",
    "5xx errors since noon, as before",
    "for the new release",
    "daily backup",
    "half of the pods restart",
    "18:00-build is broken",
    "the sun.example.com move",
    "may be flaky",
    "on call knows",
    "at the customer's wish",
    "500 errors",
    "@kim asked for it",
    "/api is moved",
    "[deploy]",
    "eastern shard is down",
    "Tom asked",
    "two nodes are moved",
    "start of the migration",
    "us-east-1 is down",
    "now fixed",
    "ist",  # in capitals, a time zone
    "점검 중",
    "3층 정전",
    "디스크가 계속 차요",
]


@pytest.mark.parametrize(
    ("typed", "language", "reason"),
    [
        ("for 2h — deploy", ENGLISH, "deploy"),
        ("for 2h – deploy — and db", ENGLISH, "deploy — and db"),
        ("for 2h -- deploy", ENGLISH, "deploy"),
        ("for 2h :fire: disk", ENGLISH, ":fire: disk"),
        ("for 2h deploy :rocket:", ENGLISH, "deploy :rocket:"),
        ("for 2h deploy:", ENGLISH, "deploy"),
        ("for 2h : deploy", ENGLISH, "deploy"),
        ("23시까지 이유는 배포", KOREAN, "배포"),
        ("23시까지 이유: 배포", KOREAN, "배포"),
        ("23시까지 이유가 없음", KOREAN, "이유가 없음"),
        ("2시간 전 서버 배포", KOREAN, "전 서버 배포"),
        ("2시간 동안 전에 하던 배포", KOREAN, "전에 하던 배포"),
    ],
)
def test_signs_before_a_reason_are_no_part_of_it(typed: str, language: Language, reason: str) -> None:
    assert read(f"web-1 {typed}", language)[1].reason == reason


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("expiry", ["for 2h", "until 18:00", "until up"])
def test_a_reason_can_contain_times(expiry: str, reason: str) -> None:
    bare = re.sub(r"^(because( of)?|due to) ", "", reason)
    assert read(f"web-1 {expiry} {reason}")[1].reason == bare
    assert read(f"web-1 {expiry} {reason}", KOREAN)[1].reason == bare


@pytest.mark.parametrize(
    "reason",
    [
        *("18:00 빌드 때문에 배포", "월요일 배포", "내일", "3일 전 이슈", "Monday release"),
        *("because of it", "because because", "reason: none", "이유: 없음", "due to: ", "- why. -", ": odd"),
    ],
)
def test_everything_after_a_colon_is_the_reason(reason: str) -> None:
    for typed in ("for 2h:", "2시간 동안 :", "18:00까지:", "until up :"):
        assert read(f"web-1 {typed} {reason}", KOREAN)[1].reason == reason.strip()
    assert explained(f"web-1: Kim: {reason}") == ("web-1", f"Kim: {reason.strip()}")
    assert explained("web-1: because of it") == ("web-1", "because of it")


@pytest.mark.parametrize("typed", ["1시간 전에 했어요", "한 시간 전", "30분 전부터"])
def test_how_long_ago_is_no_end(typed: str) -> None:
    assert not [*mute_ends.candidates(f"web-1 {typed}", KOREAN)]


@pytest.mark.parametrize("asked", ["이유는?", "이유는", "이유?", "이유는 뭐야?"])
def test_asking_for_the_reason_is_no_reason(asked: str) -> None:
    assert explained(f"web-1 {asked}") is None


@pytest.mark.parametrize(
    "typed",
    [
        "until 18:00 GMT 9",
        "until 18:00 in Seoul",
        "until 18:00 new york",
        "until 18:00 korea",
        "until 18:00 eastern",
        "until 18:00 local",
        "until 18:00 한국 시간",
        "until 18:00 내일",
        "until 18:00 morgen",
        "until 18:00 +1d",
        "until 18:00 tom",
        "until 18:00 sat",
        "until it is back, at most 2h",
        "for 2h to 3h",
        "for 2h ten pm",
        "until 18:00 2morrow",
        "until 18:00 daily",
        "until 18:00 weekdays",
        "until monday 9:00 december",
        "for 2h and a bit",
        "for 2h between 22:00 and 24:00",
        "for 2h 22-24",
        "for 2h nightly",
        "for 2h overnight",
        "for 2h each night",
        "for 2h twice a day",
        "until 18:00 next week",
        "until 18:00 tomorow",
        "until 18:00 24th",
        "until 18:00 or so",
        "until 18:00 o'clock tomorrow",
        "until 8:00 in the morning",
        "until 18:00 every day",
        "until 18:00 until up",
        "until 18:00 sharp tomorrow",
        "until up or 18:00",
        "for 1 hour and 30",
        "for 2 hours thirty",
        "for 2h, until 18:00",
        "for 2h on Monday",
        "for 2h deploy tomorrow",
        "for 2h maintenance from 22:00",
        "for 2h deploy until 18:00 as agreed",
        "for 2h until the deploy is over",
        "2h 18:00 build",
        "18:00까지 서울",
        "18:00까지 어제",
        "18:00까지 (월요일)",
        "18:00까지 다음 주",
        "18:00까지 매일",
        "2시간 동안 오전 배포",
        "18:00까지 KST",
        "9시까지 아침",
        "복구될 때까지 최대 2시간",
        "2시간 뒤",
        "2시간 동안 3일 전 이슈",
        "2시간 동안 18:00 빌드 배포",
        "2시간 동안 여섯 시 배포",
        "2시간 동안 배포 22시부터",
        "2시간 동안 배포 계속",
        "2시간 동안 배포 끝날 때까지",
    ],
)
def test_a_possible_time_is_not_taken_for_the_reason(typed: str) -> None:
    """Nor is it obeyed in part: the person chooses, and both forms are there to be copied."""
    for language in heard_in(typed):
        reply = problem(f"web-1 {typed}", language)
        assert (" a time or the reason?" if language is ENGLISH else " 시간인지 이유인지 ") in reply
        _, reason, end = re.findall(r"`([^`]*)`", reply)
        assert not re.search("` [A-Z]", reply)  # a sentence that seems to belong to the command
        assert read(reason.removeprefix("uptime remove "), language)[1].reason in typed
        assert read(end.removeprefix("uptime remove "), language)[1].until


@pytest.mark.parametrize(
    ("text", "language", "end"),
    [
        ("web-1 for 2h from 22:00", ENGLISH, "2026-11-23 00:00"),
        ("web-1 for 2h starting at 10pm deploy", ENGLISH, "2026-11-23 00:00"),
        ("web-1 for 2h starting tomorrow", ENGLISH, "2026-11-23 02:00"),
        ("web-1 for 1 day from monday 9:00", ENGLISH, "2026-11-24 09:00"),
        ("web-1 from 22:00 for 2h deploy", ENGLISH, "2026-11-23 00:00"),
        ("web-1 from 22:00 to 23:00", ENGLISH, "2026-11-22 23:00"),
        ("web-1 for 2h @ 22:00", ENGLISH, "2026-11-23 00:00"),
        ("web-1 for 2h begins at 22:00", ENGLISH, "2026-11-23 00:00"),
        ("web-1 for 2h as of 22:00", ENGLISH, "2026-11-23 00:00"),
        ("web-1 22시부터 2시간", KOREAN, "2026-11-23 00:00"),
        ("web-1 2시간 동안 22시부터", KOREAN, "2026-11-23 00:00"),
        ("web-1 22:00~23:00까지", KOREAN, "2026-11-22 23:00"),
        ("web-1 내일부터 이틀간", KOREAN, "2026-11-25 00:00"),
    ],
)
def test_a_delayed_start_is_refused_with_an_end_to_type(text: str, language: Language, end: str) -> None:
    reply = problem(text, language)
    assert ("begins at once" if language is ENGLISH else "숨김은 바로 시작돼요") in reply
    assert f"`uptime remove web-1 until {end}`" in reply
