"""For how long and why, as people say it in both languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack import term
from slack.command import UsageError
from slack.languages import ENGLISH, KOREAN, LANGUAGES, Language
from slack.term import LONGEST, REASON, Term
from tests.builders import NOON

SEOUL = ZoneInfo("Asia/Seoul")  # where it is 21:00 at NOON, on a Sunday


def read(text: str, language: Language = ENGLISH, now: datetime = NOON) -> tuple[str, Term]:
    said = next(term.said(text, language))
    return said.before, term.read(said, now, SEOUL, language)


def local(moment: datetime | None) -> str:
    return f"{moment.astimezone(SEOUL):%m-%d %H:%M}" if moment else ""


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("for 2h", "11-22 23:00"),
        ("2h", "11-22 23:00"),
        ("FOR 2H", "11-22 23:00"),
        ("for 1h30m", "11-22 22:30"),
        ("for 1 hour, 30 min", "11-22 22:30"),
        ("for 1 day and 6 hours", "11-24 03:00"),
        ("for 2w", "12-06 21:00"),
        ("until 22:00", "11-22 22:00"),
        ("until 18:00", "11-23 18:00"),
        ("till 21:00", "11-23 21:00"),
        ("until 6pm", "11-23 18:00"),
        ("until 11:30 PM", "11-22 23:30"),
        ("until 12am", "11-23 00:00"),
        ("until today 22:00", "11-22 22:00"),
        ("until tomorrow at 9:00", "11-23 09:00"),
        ("until 2026-11-24 18:00", "11-24 18:00"),
    ],
)
def test_an_end(typed: str, until: str) -> None:
    for reason in ("", "deploy of the shop"):
        before, found = read(f"web-1 {typed} {reason}".strip())
        assert (before, local(found.until), found.until_up, found.reason) == ("web-1", until, False, reason)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("2시간 동안", "11-22 23:00"),
        ("2시간", "11-22 23:00"),
        ("1시간 30분동안", "11-22 22:30"),
        ("3일간", "11-25 21:00"),
        ("1주일 동안", "11-29 21:00"),
        ("18:00까지", "11-23 18:00"),
        ("22시까지", "11-22 22:00"),
        ("22시 30분까지", "11-22 22:30"),
        ("오후 11시까지", "11-22 23:00"),
        ("내일 오전 9시 30분까지", "11-23 09:30"),
        ("11월 24일 18:00까지", "11-24 18:00"),
        ("1월 3일 9시까지", "01-03 09:00"),
        ("2026년 11월 24일 18시까지", "11-24 18:00"),
        ("for 2h", "11-22 23:00"),
        ("until tomorrow 9:00", "11-23 09:00"),
    ],
)
def test_an_end_in_korean(typed: str, until: str) -> None:
    for reason in ("", "결제 서버 배포"):
        before, found = read(f"web-1 {typed} {reason}".strip(), KOREAN)
        assert (before, local(found.until), found.until_up, found.reason) == ("web-1", until, False, reason)


@pytest.mark.parametrize(
    ("typed", "language", "up"),
    [
        ("until up", ENGLISH, True),
        ("until it's up again", ENGLISH, True),
        ("til back", ENGLISH, True),
        ("until restored", ENGLISH, False),
        ("복구될 때까지", KOREAN, True),
        ("복구까지", KOREAN, True),
        ("정상이 될 때까지", KOREAN, True),
        ("복원할 때까지", KOREAN, False),
        ("until up", KOREAN, True),
    ],
)
def test_an_end_that_no_clock_says(typed: str, language: Language, *, up: bool) -> None:
    assert read(f"web-1 {typed} why", language) == ("web-1", Term(until_up=up, reason="why"))


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("for 0m", "is not a time. Type `for 2h`"),
        ("until 25:00", "is not a time"),
        ("until 13pm", "is not a time"),
        ("until 2026-02-30 10:00", "is not a time"),
        ("until today 9:00", "is over. Type a time to come"),
        ("until 2020-01-01 10:00", "is over"),
        ("for 999999w", "is more than a year"),
        ("until 9999-12-31 23:59", "is more than a year"),
    ],
)
def test_what_cannot_be_is_said_with_what_to_type_instead(typed: str, problem: str) -> None:
    with pytest.raises(UsageError) as error:
        read(f"web-1 {typed} why")
    assert str(error.value).startswith(f"`{typed}` {problem}")


@pytest.mark.parametrize(
    "text", ["web-1", "web-1 deploy", "a.test 2h.example.com", "for2h", "web-1 until noon"]
)
def test_what_is_no_term(text: str) -> None:
    assert not [*term.said(text, KOREAN)]


@pytest.mark.parametrize(
    ("text", "language", "typed"),
    [
        ("web-1 for deploy", ENGLISH, "for deploy"),
        ("web-1 until noon", KOREAN, "until noon"),
        ("web-1 나중까지", KOREAN, "나중까지"),
        (f"web-1 for {'x' * 90}", ENGLISH, f"for {'x' * 35}…"),
    ],
)
def test_what_begins_like_a_term_but_says_no_time(text: str, language: Language, typed: str) -> None:
    assert term.misses_a_time(text, language)
    assert f"`{typed}`" in str(term.not_a_term(text, language))


def test_a_name_that_begins_so_is_none() -> None:
    assert not term.misses_a_time("until web", ENGLISH)
    assert not term.misses_a_time("web-for-1 fort until-x", ENGLISH)


def test_a_reason_is_one_line_cut_where_it_is_long() -> None:
    assert read("web-1 for 2h: a\u202eb - ")[1].reason == "a b"
    reason = read(f"web-1 for 2h {'x' * 900}")[1].reason
    assert (len(reason), reason[-2:]) == (REASON, "x…")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "2026-03-29 01:30:00+00:00"),  # 02:30 is skipped
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "2026-10-25 00:30:00+00:00"),  # 02:30 comes twice
    ],
)
def test_a_clock_that_is_set_forward_or_back(now: datetime, until: str) -> None:
    found = term.read(next(term.said("a until 2:30", ENGLISH)), now, ZoneInfo("Europe/Berlin"), ENGLISH)
    assert str(found.until) == until


@given(
    st.from_regex(r"a (for|until|till) [0-9dhmw: apu-]{0,12}", fullmatch=True)
    | st.from_regex(r"a [0-9년월일시간분오전후내 :]{0,12}(까지|동안)?", fullmatch=True)
    | st.text(),
    st.sampled_from([*LANGUAGES.values()]),
)
def test_any_text_says_an_end_to_come_or_what_is_wrong(text: str, language: Language) -> None:
    for said in term.said(text, language):
        try:
            found = term.read(said, NOON, SEOUL, language)
        except UsageError as error:
            assert str(error).isprintable()
        else:
            assert found.until is None or NOON < found.until <= NOON + LONGEST
