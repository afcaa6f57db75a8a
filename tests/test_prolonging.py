"""What asks for more time counts it from the present end of a mute, never from now."""

from datetime import UTC

import pytest

from hosts.incident import Person
from hosts.model import Mute
from hosts.outages import DOUBT_AFTER
from languages import LANGUAGES, Locale
from slack import mute_requests
from slack.command import CommandContext, Remove, UsageError
from slack.host_names import Names
from slack.readings import read
from tests.builders import DAY, HOUR, MINUTE, NOON, opened, state_after, wish
from tests.slack_service import in_languages

MUTES = [
    wish("a.test", until=NOON + DAY, reason="disk"),
    wish("*.st.test", until=NOON + 2 * DAY),
    wish("up.test"),
]
HOSTS = ("a.test", "b.st.test", "up.test", "c.test")


def mutes(typed: str, language: str) -> list[Mute]:
    """A minute after noon, when nobody has muted c.test."""
    state = state_after(*(opened(host, host) for host in HOSTS), *MUTES)
    locale, hosts = Locale(UTC, LANGUAGES[language]), state.hosts
    context = CommandContext(state, hosts, Names(hosts), NOON + MINUTE, locale, DOUBT_AFTER)
    command, _ = read(typed, context)
    assert isinstance(command, Remove)
    return mute_requests.parse_mutes(command, Person("U1", "ann"), context)


@in_languages(
    "typed,instead",
    [
        ("mute a.test for another 1h", "mute a.test until 2026-11-23 13:00: disk"),
        ("mute a.test for another hour", "mute a.test until 2026-11-23 13:00: disk"),
        ("mute a.test 1h more", "mute a.test until 2026-11-23 13:00: disk"),
        ("mute a.test +1h", "mute a.test until 2026-11-23 13:00: disk"),
        ("mute a.test + 1h new disk", "mute a.test until 2026-11-23 13:00: new disk"),
        ("숨김 a.test +1시간", "숨김 a.test 2026-11-23 13:00까지: disk"),
        ("mute a.test for 1h longer: new disk", "mute a.test until 2026-11-23 13:00: new disk"),
        ("mute b.st.test *.st.test 1h more", "mute b.st.test *.st.test until 2026-11-24 13:00"),
        ("mute *.st.test 1h more", "mute *.st.test until 2026-11-24 13:00"),
        ("숨김 a.test 1시간 더", "숨김 a.test 2026-11-23 13:00까지: disk"),
        ("숨김 a.test 1시간 연장해줘", "숨김 a.test 2026-11-23 13:00까지: disk"),
        ("숨김 a.test 1시간 더: 새 디스크", "숨김 a.test 2026-11-23 13:00까지: 새 디스크"),
    ],
)
def test_the_end_with_the_time_added_is_offered(language: str, typed: str, instead: str) -> None:
    with pytest.raises(UsageError) as error:
        mutes(typed, language)
    assert error.value.instead[0].startswith(instead.partition(": ")[0])
    assert "disk" not in instead or error.value.instead == [instead]


@in_languages(
    "typed,reason",
    [
        ("mute c.test for another 1h", ""),
        ("mute c.test 1h more", ""),
        ("mute a.test for 1h", ""),
        ("mute a.test for 1h no more deploys", "no more deploys"),
        ("mute a.test for 1h: more", "more"),
        ("숨김 c.test 1시간 더", ""),
        ("숨김 a.test 1시간 연장 배포", "연장 배포"),
        ("숨김 a.test 1시간 더 필요", "더 필요"),
    ],
)
def test_otherwise_it_counts_from_now(language: str, typed: str, reason: str) -> None:
    (found,) = mutes(typed, language)
    assert (found.until, found.reason) == (NOON + MINUTE + HOUR, reason)


@in_languages(
    "typed,instead",
    [
        (
            "mute c.test b.st.test a.test for 1h more",
            [
                "mute c.test for 1h more",
                "mute b.st.test until 2026-11-24 13:00",
                "mute a.test until 2026-11-23 13:00: disk",
            ],
        ),
        (
            "mute a.test *.st.test b.st.test for another 1h: new disk",
            [
                "mute a.test until 2026-11-23 13:00: new disk",
                "mute *.st.test b.st.test until 2026-11-24 13:00: new disk",
            ],
        ),
        (
            "숨김 c.test a.test 1시간 더",
            ["숨김 c.test 1시간", "숨김 a.test 2026-11-23 13:00까지: disk"],
        ),
    ],
)
def test_mutes_that_do_not_end_together_are_prolonged_one_by_one(
    language: str, typed: str, instead: list[str]
) -> None:
    with pytest.raises(UsageError) as error:
        mutes(typed, language)
    assert error.value.instead == instead
    for again in instead:
        assert mutes(again, language)


@in_languages(
    "typed,instead",
    [
        ("mute c.test +1h", "mute c.test for 1h"),
        ("mute a.test in 1h", "mute a.test for 1h"),
        ("mute a.test for1h: version +2", "mute a.test for 1h: version 2"),
    ],
)
def test_only_a_plus_adds_to_a_mute(language: str, typed: str, instead: str) -> None:
    with pytest.raises(UsageError) as error:
        mutes(typed, language)
    assert error.value.instead == [instead]


@in_languages("typed", [("mute up.test +1h",), ("mute up.test 1h more",), ("숨김 up.test 1시간 더",)])
def test_a_mute_without_an_end_is_not_shortened(language: str, typed: str) -> None:
    with pytest.raises(UsageError) as error:
        mutes(typed, language)
    assert not error.value.instead


@in_languages(
    "typed,instead",
    [
        ("extend a.test 1h", "a.test 1h more"),
        ("extend a.test for 1h new disk", "a.test for 1h more: new disk"),
        ("extend a.test by 1h", "a.test for 1h more"),
        ("extend a.test by 1h: new disk", "a.test for 1h more: new disk"),
        ("prolong a.test by an hour", "a.test for an hour more"),
        ("extend a.test an hour", "a.test for an hour more"),
        ("extend a.test +1h", "a.test for 1h more"),
        ("extend a.test by +1h", "a.test for 1h more"),
        ("extend a.test by two hours please", "a.test for two hours more"),
        ("extend a.test half an hour", "a.test for half an hour more"),
        ("extend a.test 1h asked by ana", "a.test 1h more: asked by ana"),
        ("extend a.test 1h: late by 2 days", "a.test 1h more: late by 2 days"),
        ("extend c.test by 1h", "c.test for 1h"),
        ("extend a.test until 18:00", "a.test until 18:00"),
        ("extend c.test 1h", "c.test 1h"),
        ("연장 a.test 1시간", "a.test 1시간 더"),
        ("연장해줘 c.test 1시간", "c.test 1시간"),
        ("a.test 1시간 연장", "a.test 1시간 연장"),
    ],
)
def test_to_extend_is_to_mute_for_longer(language: str, typed: str, instead: str) -> None:
    with pytest.raises(UsageError) as error:
        mutes(typed, language)
    words = LANGUAGES[language]
    more = f" {words.typed_more}"
    assert error.value.instead == [f"{words.mute_verbs[0].mute} {instead.replace(' more', more)}"]
