"""What each command replies, over real sockets."""

import re
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from languages import LANGUAGES
from tests.builders import full_disk
from tests.service import Service
from tests.support import TOKEN, incident_body


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("help resolv", "↳ Read as `uptime help resolve`"),
        (
            "help remove www.example.com",
            "ignores `www.example.com`. No host called `www.example.com` is known.",
        ),
        ("help mute *", "ignores `*`. That would mute every host. If you mean it, type `uptime mute! *`"),
        ("help down now", "ignores `now`. To run it, type `uptime down now`"),
    ],
)
async def test_help_about_one_command(service: Service, typed: str, told: str) -> None:
    assert told in await service.answer(f"uptime {typed}")


async def test_how_many_more_a_pattern_matches_is_said(service: Service) -> None:
    await service.hear(*(f"web-{number:02}.test" for number in range(25)))
    told = await service.answer("uptime resolve *.test")
    assert told.endswith("web-18.test web-19.test` (and 5 more)")


async def test_an_unknown_host_is_answered_with_the_nearest_known_one(service: Service) -> None:
    await service.deliver(incident_body())
    for command in ("check", "history"):
        told = await service.answer(f"uptime {command} ww.exmaple.com")
        assert f"`uptime {command} www.example.com`" in told
    for command in ("remove", "mute", "resolve"):
        told = await service.answer(f"uptime {command} ww.exmaple.com")
        assert f"Did you mean `uptime {command} www.example.com`?" in told
    await service.deliver(incident_body(state="closed"))
    await service.answer("uptime mute www.example.com")
    for command in ("restore", "unmute", "forget"):
        told = await service.answer(f"uptime {command} ww.exmaple.com")
        assert f"Did you mean `uptime {command} www.example.com`?" in told


async def test_where_no_pattern_can_stand_the_hosts_that_it_matches_are_said(service: Service) -> None:
    await service.hear("a.test", "c.test")
    await service.hear("b.test", "d.st", state="closed")
    told = await service.answer("uptime resolve *.test")
    assert told.endswith("Type the hosts themselves: `uptime resolve a.test c.test`")
    assert "`uptime resolve HOST`" in await service.answer("uptime resolve *.com")
    assert "`uptime resolve c.test a.test`" in await service.answer("uptime resolve c.test, *")
    assert [name for name, host in service.store.state.hosts.items() if host.open] == ["a.test", "c.test"]


async def test_a_name_taken_from_a_policy_is_marked_as_such(service: Service) -> None:
    nameless = incident_body(policy_name="API down", resource={"labels": {}}, summary="", condition_name="")
    await service.deliver(nameless)
    assert "Google did not name its host" in await service.answer("uptime check API down")


async def test_a_doubt_appears_wherever_a_host_is_shown(tmp_path: Path) -> None:
    service = Service(tmp_path, doubt_after="1h")
    began = int(time.time()) - 2 * 3600
    await service.deliver(incident_body(started_at=began))
    for command in ("check", "down"):
        assert "Open for more than 1 h: was the close lost?" in await service.answer(f"uptime {command}")
    assert "`uptime resolve www.example.com`" in await service.answer("uptime check www.example.com")
    about_it = (f"{verb} www.example.com" for verb in ("check", "history", "remove", "restore"))
    for command in ("history", *about_it, "remove www.example.com", "removed", "check"):
        assert "its close may have been lost" in await service.answer(f"uptime {command}")
    await service.close()


@pytest.mark.parametrize(
    ("language", "verb", "undo", "listing"),
    [
        ("en", "remove", "restore", "removed"),
        ("en", "snooze", "unmute", "muted"),
        ("ko", "Mute", "unmute", "muted"),
        ("ko", "숨김", "해제", "숨김 목록"),
    ],
)
async def test_an_answer_uses_the_verb_that_was_typed(
    tmp_path: Path, language: str, verb: str, undo: str, listing: str
) -> None:
    service = Service(tmp_path, language=language)
    await service.hear("www.example.com", "b.test")
    assert f"`uptime {undo} www.example.com`" in await service.answer(f"uptime {verb} www.example.com")
    assert f"`uptime {verb.lower()} HOST`" in await service.answer(f"uptime {verb}") or verb == "snooze"
    assert f"`uptime {listing}`" in await service.answer(f"uptime {undo} nothing*")
    await service.answer(f"uptime {verb} *.test")
    assert f"`uptime {undo}! *.test`" in await service.answer(f"uptime {undo} b.test")
    assert f"`uptime {undo} HOST`" in await service.answer(f"uptime {undo}")
    asked = await service.answer(f"uptime {verb} b.test 18:00")
    assert f"`uptime {verb.lower()} b.test " in asked or verb == "snooze"
    await service.close()


async def test_what_google_forgot_to_close_is_resolved_once(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    await service.deliver(incident_body("0.one"))
    await service.deliver(incident_body("0.two"))
    first = await service.answer("uptime resolve https://WWW.example.com/")
    assert "`www.example.com`: 2 incidents resolved by steve" in first
    assert "Nothing is open" in await service.answer("uptime resolve www.example.com")
    assert caplog.text.count('"did": "resolve"') == 1
    assert "1 resolved" in await service.answer("uptime check")
    await service.deliver(incident_body("0.two"))
    assert "has been down" in await service.answer("uptime check www.example.com")
    assert "resolved by steve" in await service.answer("uptime resolve www.example.com")


async def test_several_hosts_are_resolved_at_once_or_none(service: Service) -> None:
    await service.hear("a.test", "b.test", "c.test")
    asked = await service.answer("uptime resolve a.test cc.test")
    assert "Did you mean `uptime resolve a.test c.test`?" in asked
    assert all(host.open for host in service.store.state.hosts.values())
    lines = (await service.answer("uptime resolve b.test, a.test b.test")).splitlines()
    assert [line.split("`")[1] for line in lines] == ["b.test", "a.test"]
    assert [name for name, host in service.store.state.hosts.items() if host.open] == ["c.test"]


@pytest.mark.parametrize("verb", ["resolve", "mute"])
async def test_a_change_of_two_hosts_that_cannot_be_saved_does_not_happen(
    service: Service, verb: str
) -> None:
    await service.hear("a.test", "b.test")
    with full_disk():
        assert "nothing has changed" in await service.answer(f"uptime {verb} a.test b.test")
    assert all(host.open for host in service.store.state.hosts.values())
    assert not service.store.state.mutes
    assert "Nobody has changed anything yet" in await service.answer("uptime log")


@pytest.mark.parametrize(
    ("typed", "holds", "lacks", "logged"),
    [
        ("unmute a.test", ["👌 `a.test` is not muted, so nothing has changed."], ["🔔"], []),
        (
            "unmute a.test c.test",
            ["👌 `a.test` is not muted", "🔔 `c.test` is no longer muted."],
            ["🤔"],
            ["c.test"],
        ),
        ("unmute d.test", ["🔕 The pattern `d.*` still mutes `d.test`"], ["🤔", "🔔"], []),
        (
            "resolve a.test b.test",
            ["☑️ `a.test`: 1 incident resolved by steve", "👌 Nothing is open on `b.test`"],
            [],
            ["a.test"],
        ),
    ],
)
async def test_a_change_without_effect_is_reported_as_such(
    service: Service, typed: str, holds: list[str], lacks: list[str], logged: list[str]
) -> None:
    await service.hear("a.test", "b.test", "c.test", "d.test")
    for before in ("mute c.test", "mute d.*", "resolve b.test"):
        await service.answer(f"uptime {before}")
    known = len(service.store.state.log)
    reply = await service.answer(f"uptime {typed}")
    assert all(each in reply for each in holds)
    assert not any(each in reply for each in lacks)
    assert [entry.target for entry in service.store.state.log[known:]] == logged


async def test_until_up_with_a_pattern_is_about_the_hosts_that_are_down(service: Service) -> None:
    begun = 1_790_000_000
    await service.hear("a.test", "b.test", started_at=begun)
    await service.hear("c.test", "d.example", state="closed")
    told = await service.answer("uptime mute *.test until up")
    assert "Muted until each is up" in told
    assert "— 2 hosts, 2 down now: `a.test` `b.test`" in told
    await service.hear("a.test", state="closed", started_at=begun, ended_at=begun + 60)
    await service.deliver(incident_body("0.again", host="a.test", started_at=begun + 120))
    assert "🔕" not in await service.answer("uptime check a.test")
    assert "until each is up (1 host, 1 down now)" in await service.answer("uptime muted")
    assert "Nothing that is muted matches" in await service.answer("uptime muted a.test")
    assert "`*.test`" in await service.answer("uptime muted b.test")
    assert "2 hosts, 2 down now" in await service.answer("uptime mute *.test until up")
    assert "no longer muted: 2 hosts" in await service.answer("uptime unmute! *.test")


@pytest.mark.parametrize(
    ("language", "own", "all_hosts"),
    [
        ("en", "also muted by `*.test` (steve) until ", "also muted by `*` (steve) until further notice"),
        ("ko", "`*.test` 숨김도 적용 중 (steve 님, ", "`*` 숨김도 적용 중 (steve 님, 해제할 때까지)"),
    ],
)
async def test_whatever_mutes_a_host_for_longer_is_said(
    tmp_path: Path, language: str, own: str, all_hosts: str
) -> None:
    service = Service(tmp_path, language=language)
    await service.hear("a.test", "b.test", "c.example")
    assert own not in await service.answer("uptime mute *.test for 3h")
    assert own in await service.answer("uptime mute a.test for 1h")
    for query in ("check a.test", "muted", "check"):
        assert own in await service.answer(f"uptime {query}")
    assert own in (await service.answer("uptime mute b.test c.example for 1h")).splitlines()[1]
    assert own not in await service.answer("uptime mute a.test for 4h")
    await service.answer("uptime mute! *")
    for command in ("mute *.test for 2h", "mute a.test for 5h", "check a.test"):
        assert all_hosts in await service.answer(f"uptime {command}")
    await service.close()


async def test_replies_lead_from_one_mute_of_a_host_to_the_next_until_nothing_mutes_it(
    service: Service,
) -> None:
    await service.hear("a.test", "c.example")
    for muted in ("mute! *", "mute *test", "mute a*t", "mute a.test"):
        await service.answer(f"uptime {muted}")
    asked = ["uptime unmute a.test"]
    for command in asked:
        offered = re.findall("type `(.*?)`", await service.answer(command))
        asked += [each for each in offered if each not in asked]
    assert (len(asked), service.store.state.mutes) == (4, {})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_replies_lead_from_one_pattern_to_what_else_mutes_its_hosts(
    tmp_path: Path, language: str
) -> None:
    service = Service(tmp_path, language=language)
    await service.hear("a.test", "b.test", "c.test", "d.example")
    for muted in ("mute *.test", "mute *test*", "mute a.test b.test"):
        await service.answer(f"uptime {muted}")
    first = await service.answer("uptime unmute! *.test")
    assert re.search("3 hosts|호스트 3개", first)
    second = await service.answer(*re.findall("`(uptime unmute! .*?)`", first))
    assert service.store.state.mutes.keys() == {"a.test", "b.test"}
    await service.answer(*re.findall("`(uptime unmute .*?)`", second))
    assert not service.store.state.mutes
    await service.close()


async def test_a_reply_can_be_read_with_curl(tmp_path: Path) -> None:
    service = Service(tmp_path, language="ko")
    form = urlencode({"token": TOKEN, "user_id": "U1", "trigger_word": "uptime"})
    _, headers, body = await service.request("POST", "/fromSlack", f"{form}&text=uptime+help".encode())
    assert headers["content-type"] == "application/json; charset=UTF-8"
    assert "쓸 수 있는 명령" in body.decode()
    lone = f"{form}&text=uptime+check+x%ED%A0%80"
    status, _, body = await service.request("POST", "/fromSlack", lone.encode())
    assert (status, body.decode()[:1]) == (200, "{")
    await service.close()


async def test_a_configured_host_is_known_before_google_reports_it(tmp_path: Path) -> None:
    service = Service(tmp_path, hosts=["Shop.test", "b.test"])
    assert "received yet · 2 hosts watched" in await service.answer("uptime check")
    assert "There is no data about `shop.test` yet" in await service.answer("uptime check https://shop.test/")
    assert "↳ Read as `uptime check shop.test`" in await service.answer("uptime check shop")
    assert "is muted until further notice" in await service.answer("uptime remove shop.test")
    assert "received yet · 1 host watched · 1 muted" in await service.answer("uptime check")
    await service.deliver(incident_body(host="shop.test"))
    assert "; down now)" in await service.answer("uptime remove shop.test")
    assert "has been down for" in await service.answer("uptime restore shop.test")
    assert "1 of 2 hosts down" in await service.answer("uptime check")
    await service.close()


async def test_an_address_in_a_reason_is_a_link_wherever_the_reason_is_shown(service: Service) -> None:
    await service.deliver(incident_body(host="shop.test"))
    said = "<https://jira.test/OPS-1>, *b*".replace("*", "\u034f*")
    assert said in await service.answer("uptime mute shop.test: <https://jira.test/OPS-1>, *b*")
    for question in ("check", "check shop.test", "muted", "log"):
        assert said in await service.answer(f"uptime {question}"), question


@pytest.mark.parametrize("host", ["<!channel>", "*b*", "`x`", "@here", "a|b", "-", "정책 이름"])
async def test_no_answer_carries_markup_from_outside(service: Service, host: str) -> None:
    await service.deliver(incident_body(host=host, policy_name=host))
    about_it = (f"{verb} {host}" for verb in ("check", "remove", "restore", "resolve", "help"))
    for command in ("check", *about_it, "removed", "log", f"check {host}x"):
        text = await service.answer(f"uptime {command}")
        assert "<!c" not in text
        assert not any(line.lower().startswith("uptime") for line in text.splitlines())
