"""Everything about one host: how it stands and since when, what is open, what was, who hides it."""

from datetime import timedelta

import pytest

from hosts.incident import CANCELLED, Incident, Kind
from hosts.model import Host, Mute
from hosts.outages import DOUBT_AFTER
from languages import Locale
from slack import replies
from tests.builders import IN_ENGLISH, IN_KOREAN, MINUTE, NOON, blips, closed, opened, state_after
from tests.test_deeds import bare

WWW = "www.example.com"
NOW = NOON + 60 * MINUTE
MUTE = Mute(WWW, "U1", "steve", NOON, until=NOW + MINUTE, reason="deploy")


def lines(*steps: Incident, mute: Mute | None = None, locale: Locale = IN_ENGLISH) -> list[str]:
    host = state_after(*steps).hosts.get(WWW, Host(WWW))
    return bare(replies.host_report(host, mute, NOW, locale, known=(), doubt_after=DOUBT_AFTER)).splitlines()


@pytest.mark.parametrize(
    ("steps", "english", "korean"),
    [
        ([opened()], "🔴 `www.example.com` is down for 1 h.", "🔴 `www.example.com` 호스트는 1시간째 중단 상태예요."),
        ([closed()], "🟢 `www.example.com` is up for 50 min.", "🟢 `www.example.com` 호스트는 50분째 정상이에요."),
        ([closed(observed=CANCELLED)], "🟢 `www.example.com` is up.", "🟢 `www.example.com` 호스트는 정상이에요."),
        (
            [],
            "⚪ `www.example.com` was never heard of: Google has reported no incident of it, so how it stands is unknown.",
            "⚪ `www.example.com` 호스트는 아직 소식이 없어요. Google이 보낸 인시던트가 없어 상태를 알 수 없어요.",
        ),
        (
            [opened(started=NOW - timedelta(days=8))],
            "🔴 `www.example.com` is down for 8 d. ⚠️ its close may have been lost",
            "🔴 `www.example.com` 호스트는 8일째 중단 상태예요. ⚠️ 종료 알림이 유실되었을 수 있음",
        ),
        (
            blips(3, NOW),
            "🟢 `www.example.com` is up for 9 min. ⚠️ flapping: 3 outages in 24 h",
            "🟢 `www.example.com` 호스트는 9분째 정상이에요. ⚠️ 반복 중단: 24시간 동안 3회",
        ),
    ],
    ids=["down", "up", "closed by an edit of its policy", "unheard of", "doubtful", "flapping"],
)  # fmt: skip
def test_how_it_stands_and_since_when(steps: list[Incident], english: str, korean: str) -> None:
    assert lines(*steps)[0] == english
    assert lines(*steps, locale=IN_KOREAN)[0] == korean


def test_the_last_ten_outages_are_told_however_many_checks_saw_them() -> None:
    seen_twice = [blip._replace(id=f"{blip.id} from elsewhere") for blip in blips(15, NOON)]
    told = lines(*blips(15, NOON), *seen_twice, closed("0.c", kind=Kind.CERTIFICATE), opened("0.o"))
    assert [line.split(" for ")[0] for line in told[3:]] == [
        "• certificate about to expire",
        *["• down"] * 10,
    ]
    begun = [line.split(", ")[1] for line in told[4:]]
    assert begun == sorted(begun, reverse=True)
    assert begun[0] == "2026-11-22 11:50 UTC"


def test_who_hides_it_is_told_also_where_not_everything_has_room() -> None:
    many = [opened(f"0.{n}", policy="p" * 100, url="https://console.test/" + "x" * 100) for n in range(100)]
    told = lines(*many, mute=MUTE)
    assert told[1].startswith("🔕 Removed from the list by steve")
    assert told[1].endswith("until 2026-11-22 13:01 UTC · Reason: deploy")
    assert told[-1].endswith("more lines")
