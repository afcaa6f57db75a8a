"""People press menus and buttons: over real sockets, a real store, and Slack's own host behind a proxy."""

import asyncio
import json
import logging
import re
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from digest.alerts import AlertBatch
from digest.model import Down
from handlers import interactions
from hosts.changes import record_incident
from hosts.identity import key_of
from hosts.model import Action
from languages import ENGLISH, KOREAN, LANGUAGES, Language
from languages.buttons import Choice
from slack.alert_message import render_alerts
from tests.builders import IN_ENGLISH, opened, with_plain_dates
from tests.button_service import TARGET, WWW, ButtonService
from tests.certificates import Authority
from tests.connect_proxy import ConnectProxy
from tests.presses import CHANNEL, TEAM, Shown, form
from tests.slack_service import ADMIN
from tests.support import SIGNING_SECRET, Answer, FakeSlack, incident_body, signature

Make = Callable[..., Awaitable[ButtonService]]
LONG_AGO = int(time.time()) - 9 * 86_400


@pytest_asyncio.fixture
async def make(
    tmp_path: Path, slack_itself: FakeSlack, authority: Authority, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Make]:
    """Makes services; the same folder again is a restart."""
    caplog.set_level(logging.INFO)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(ConnectProxy({TARGET: slack_itself.port}))

        async def make(**keys: Any) -> ButtonService:
            service = ButtonService(tmp_path, slack_itself, proxy, authority, **keys)
            stack.push_async_callback(service.close)
            return service

        yield make
    assert {target for target, _ in proxy.asked} <= {TARGET}
    assert not [record for record in caplog.records if record.exc_info]


@pytest_asyncio.fixture
async def buttons(make: Make) -> ButtonService:
    service = await make()
    await service.deliver(incident_body())
    return service


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    return [json.loads(record.getMessage()) for record in caplog.records if record.name == "changes"]


def notes(shown: Shown) -> list[str]:
    """What the footer says besides the time."""
    return [with_plain_dates(text) for text in shown.footer()[1:]]


class TestEveryChoice:
    """In both languages, the same as the typed command by the outgoing webhook and by the slash command."""

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("choice", "typed", "english", "korean"),
        [
            (
                Choice.HOUR,
                "remove www.example.com for 1h",
                r"🔕 kim muted `www.example.com` until 20\d\d-.* UTC",
                r"🔕 kim 님이 `www.example.com` 숨김 \(20\d\d년 .* UTC까지\)",
            ),
            (
                Choice.FOUR_HOURS,
                "remove www.example.com for 4h",
                r"🔕 kim muted `www.example.com` until 20\d\d-.* UTC",
                r"🔕 kim 님이 `www.example.com` 숨김 \(20\d\d년 .* UTC까지\)",
            ),
            (
                Choice.TOMORROW,
                "remove www.example.com until tomorrow 09:00",
                r"🔕 kim muted `www.example.com` until 20\d\d-.* 09:00 UTC",
                r"🔕 kim 님이 `www.example.com` 숨김 \(20\d\d년 .* 09:00 UTC까지\)",
            ),
            (
                Choice.UNTIL_UP,
                "remove www.example.com until up",
                rf"🔕 kim muted `www.example.com` {ENGLISH.until_up}",
                rf"🔕 kim 님이 `www.example.com` 숨김 \({KOREAN.until_up}\)",
            ),
            (
                Choice.FOR_GOOD,
                "remove www.example.com",
                rf"🔕 kim muted `www.example.com` {ENGLISH.until_unmuted}",
                rf"🔕 kim 님이 `www.example.com` 숨김 \({KOREAN.until_unmuted}\)",
            ),
            (
                Choice.RESOLVE,
                "resolve www.example.com",
                "☑️ kim resolved `www.example.com`",
                "☑️ kim 님이 `www.example.com` 종료 처리",
            ),
            (
                Choice.UNMUTE,
                "restore www.example.com",
                "🔔 kim unmuted `www.example.com`",
                "🔔 kim 님이 `www.example.com` 숨김 해제",
            ),
        ],
        ids=list(Choice),
    )
    async def test_it_does_what_the_typed_command_does(
        self,
        make: Make,
        caplog: pytest.LogCaptureFixture,
        language: str,
        choice: Choice,
        typed: str,
        english: str,
        korean: str,
    ) -> None:
        service = await make(language=language)
        done = []
        for way in ("outgoing", "slash", "button"):
            await service.deliver(incident_body(way, started_at=LONG_AGO))
            if choice is Choice.UNMUTE:
                await service.outgoing("remove www.example.com")
            caplog.clear()
            if way == "button":
                shown = service.digest()
                assert await service.press(shown, WWW, LANGUAGES[language].choices[choice]) == []
                note = english if language == "en" else korean
                assert [bool(re.fullmatch(note, said)) for said in notes(shown)] == [True], notes(shown)
            else:
                say = service.outgoing if way == "outgoing" else service.command
                await say(typed, user_name="kim")
            done.append((self.summary(service), self.change(caplog)))
            await service.outgoing("restore www.example.com")
            await service.outgoing("resolve www.example.com")
        assert done[0] == done[1] == done[2]

    @staticmethod
    def summary(service: ButtonService) -> object:
        state, now = service.store.state, service.now()
        mutes = [
            (m.host, m.by, m.by_name, m.until and round((m.until - now) / timedelta(minutes=1)), m.until_up)
            for m in state.mutes.values()
        ]
        entry = state.log[-1]
        return mutes, (entry.action, entry.target, entry.by), state.hosts[WWW].status

    @staticmethod
    def change(caplog: pytest.LogCaptureFixture) -> object:
        (line,) = logged(caplog)
        assert line.pop("door") in ("button", "slash command", "outgoing webhook")
        if "until" in line:
            line["until"] = line["until"][:10]
        return line

    async def test_the_log_says_that_it_was_a_button(
        self, buttons: ButtonService, caplog: pytest.LogCaptureFixture
    ) -> None:
        await buttons.press(buttons.digest(), WWW, "Mute until it is up")
        (line,) = logged(caplog)
        assert line.items() >= {"did": "remove", "host": WWW, "until": "up", "door": "button"}.items()
        assert line.items() >= {"user_id": "U1", "team_id": TEAM, "channel_id": CHANNEL}.items()
        assert "kim muted `www.example.com`" in await buttons.answer("uptime log")


class TestTheMessage:
    async def test_it_is_redrawn_with_the_digest_of_now(self, buttons: ButtonService) -> None:
        shown = buttons.digest()
        await buttons.deliver(incident_body("0.new", host="new.test"))
        await buttons.press(shown, WWW, "Mute for 4 h")
        assert shown.redraws == 1
        assert next(iter(shown.menus())).startswith("🔴 `new.test`")
        assert shown.menu(WWW)["text"]["text"] == "Unmute"
        assert {menu["action_id"] for menu in shown.menus().values()} == {"1 digest 1 default"}
        await buttons.press(shown, WWW, "Unmute")
        assert shown.menu(WWW)["type"] == "static_select"

    async def test_an_alert_is_redrawn_with_its_own_hosts(self, buttons: ButtonService) -> None:
        for name in ("a.test", "b.test"):
            await buttons.deliver(incident_body(name, host=name))
        hosts = buttons.store.state.hosts
        batch = AlertBatch(
            buttons.now(),
            down=tuple(
                Down(hosts[n], hosts[n].open[0].started, new=True, doubtful=False) for n in (WWW, "a.test")
            ),
        )
        shown = buttons.show(render_alerts(batch, IN_ENGLISH, (), menus_of="default"))
        await buttons.press(shown, WWW, "Mute for 1 h")
        assert [menu["type"] for menu in shown.menus().values()] == ["static_select", "button"]
        assert "b.test" not in shown.text()
        assert "kim muted" in notes(shown)[0]
        await buttons.press(shown, WWW, "Unmute")
        assert len(shown.menus()) == 2
        assert "b.test" not in shown.text()

    async def test_each_channel_keeps_its_hosts_and_its_language(self, make: Make) -> None:
        channels = [
            {"name": "pay", "webhook_url": "https://hooks.slack.com/services/a", "hosts": ["*.pay.test"], "language": "ko"},
            {"name": "ops", "webhook_url": "https://hooks.slack.com/services/b"},
        ]  # fmt: skip
        service = await make(channels=channels)
        await service.deliver(incident_body("1", host="a.pay.test"))
        await service.deliver(incident_body("2", host="other.test"))
        shown = service.digest("pay")
        await service.press(shown, "a.pay.test", "계속 숨기기")
        assert "other.test" not in shown.text()
        assert notes(shown) == ["🔕 kim 님이 `a.pay.test` 숨김 (해제할 때까지)"]
        for row in ("a.pay.test", "other.test"):
            assert f"`{row}`" in service.digest("ops").text()

    async def test_of_many_pages_the_one_that_was_pressed_is_redrawn(self, buttons: ButtonService) -> None:
        for n in range(120):
            await buttons.deliver(incident_body(f"{n}", host=f"{n}.test", policy_name="p" * 100))
        for page, footer in (("2", "(2/"), ("99", "(2/2)")):
            shown = buttons.digest()
            host = re.findall("`(.*?)`", next(iter(shown.menus())))[0]
            payload = buttons.presses.press(shown, host, "Mute for good")
            payload["actions"][0]["action_id"] = f"1 digest {page} default"
            assert await buttons.deliver_press(payload) == []
            assert footer in shown.footer()[0]


def renamed(payload: dict[str, Any], value: str) -> dict[str, Any]:
    payload["actions"][0]["selected_option"]["value"] = value
    return payload


class TestAPressIsNeverIgnored:
    async def test_from_a_message_of_before_a_restart(self, make: Make) -> None:
        first = await make()
        await first.deliver(incident_body())
        shown = first.digest()
        await first.close()
        second = await make()
        assert await second.press(shown, WWW, "Mute for good") == []
        assert set(second.store.state.mutes) == {WWW}
        assert notes(shown) == ["🔕 kim muted `www.example.com` until further notice"]

    @pytest.mark.parametrize(
        ("language", "gone", "again"),
        [
            ("en", "no longer known", "comes from another version"),
            ("ko", "더는 찾을 수 없어", "다른 버전의 버튼"),
        ],
    )
    async def test_for_a_host_that_is_gone_or_by_another_version(
        self, make: Make, language: str, gone: str, again: str
    ) -> None:
        service = await make(language=language)
        await service.deliver(incident_body(started_at=LONG_AGO))
        shown, words = service.digest(), LANGUAGES[language].choices
        for value, said in (
            ("1 1h gone.test", f"`gone.test`.*{gone}"),
            ("1 1h ~123", gone),
            ("9 zap x", again),
        ):
            payload = renamed(service.presses.press(shown, WWW, words[Choice.HOUR]), value)
            (sentence,) = await service.deliver_press(payload)
            assert re.search(said, sentence)
        assert shown.redraws == 3
        payload = service.presses.press(shown, WWW, words[Choice.HOUR])
        payload["actions"][0]["action_id"] = "something else"
        (sentence,) = await service.deliver_press(payload)
        assert again in sentence
        assert (shown.redraws, service.store.state.mutes) == (3, {})  # it may be a message of others

    async def test_of_a_channel_that_is_gone(self, buttons: ButtonService) -> None:
        shown = buttons.digest()
        payload = buttons.presses.press(shown, WWW, "Mute for good")
        payload["actions"][0]["action_id"] = "1 digest 1 renamed"
        assert await buttons.deliver_press(payload) == []
        assert shown.menu(WWW)["action_id"] == "1 digest 1 default"

    async def test_twice(self, make: Make, buttons: ButtonService) -> None:
        shown = buttons.digest()
        payload = buttons.presses.press(shown, WWW, "Mute for 1 h")
        later = {**payload, "trigger_id": "another"}
        await asyncio.gather(*(buttons.deliver_press(each) for each in (payload, later, payload)))
        assert len(buttons.store.state.log) == 1
        assert shown.redraws == 1
        await buttons.close()
        service = await make()
        (sentence,) = await service.deliver_press(payload)
        assert "for the first time" in sentence
        assert (len(service.store.state.log), shown.redraws) == (1, 2)

    async def test_after_somebody_else(self, buttons: ButtonService) -> None:
        kim, ana = buttons.digest(), buttons.digest()
        who = {"user": {"id": "U2", "name": "ana", "team_id": TEAM}}
        await buttons.press(kim, WWW, "Mute until it is up")
        assert await buttons.press(ana, WWW, "Mute until it is up", **who) == []
        assert notes(ana) == notes(kim) == ["🔕 kim muted `www.example.com` until it is up"]
        again = buttons.digest()
        await buttons.press(ana, WWW, "Unmute", **who)
        (sentence,) = await buttons.press(again, WWW, "Unmute")
        assert "`www.example.com` is not muted" in sentence
        assert notes(again) == []
        assert again.menu(WWW)["type"] == "static_select"
        assert [entry.action for entry in buttons.store.state.log] == [Action.REMOVE, Action.RESTORE]

    async def test_when_it_is_over_already(self, buttons: ButtonService) -> None:
        await buttons.deliver(incident_body("0.old", host="old.test", started_at=LONG_AGO))
        shown = buttons.digest()
        wait, resolve = (
            buttons.presses.press(shown, WWW, "Mute until it is up"),
            buttons.presses.press(shown, "old.test", "Resolve"),
        )
        await buttons.deliver(incident_body(state="closed"))
        await buttons.deliver(incident_body("0.old", "closed", "old.test"))
        (sentence,) = await buttons.deliver_press(wait)
        assert "`www.example.com` is up again" in sentence
        (sentence,) = await buttons.deliver_press(resolve)
        assert "Nothing is open on `old.test`" in sentence
        assert buttons.store.state.log == ()

    async def test_when_a_pattern_still_mutes_the_host(self, buttons: ButtonService) -> None:
        await buttons.outgoing("remove www.example.com")
        await buttons.outgoing("remove! *.example.com")
        shown = buttons.digest()
        (sentence,) = await buttons.press(shown, WWW, "Unmute")
        assert "`uptime restore *.example.com`" in sentence
        assert notes(shown) == ["🔔 kim unmuted `www.example.com`"]
        assert await buttons.press(shown, "*.example.com", "Unmute") == []
        assert buttons.store.state.mutes == {}

    async def test_one_of_two_things_of_the_same_name(self, buttons: ButtonService) -> None:
        for project in ("prod", "dev"):
            await buttons.store.commit(record_incident(opened(project, key_of("api", {"project": project}))))
        shown = buttons.digest()
        await buttons.press(shown, "api (prod)", "Mute for good")
        assert set(buttons.store.state.mutes) == {key_of("api", {"project": "prod"})}
        assert notes(shown) == ["🔕 kim muted `api (prod)` until further notice"]
        assert await buttons.press(shown, "api (prod)", "Unmute") == []
        assert buttons.store.state.mutes == {}

    async def test_when_nothing_is_selected_any_more(self, buttons: ButtonService) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good")
        payload["actions"][0]["selected_option"] = None
        (sentence,) = await buttons.deliver_press(payload)
        assert "Nothing was chosen" in sentence

    async def test_when_buttons_are_switched_off(self, make: Make, buttons: ButtonService) -> None:
        shown = buttons.digest()
        await buttons.close()
        service = await make(slack={"buttons": False})
        (sentence,) = await service.press(shown, WWW, "Mute for good")
        assert "`uptime help`" in sentence
        assert (shown.menus(), service.store.state.mutes) == ({}, {})

    async def test_when_the_disk_is_full(
        self, buttons: ButtonService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_pieces: object) -> None:
            raise OSError(28, "No space left on device")

        shown = buttons.digest()
        monkeypatch.setattr(buttons.store._file, "replace", refuse)
        (sentence,) = await buttons.press(shown, WWW, "Mute for good")
        assert "nothing has changed" in sentence
        assert (shown.redraws, buttons.store.state.mutes) == (0, {})
        monkeypatch.undo()
        assert await buttons.press(shown, WWW, "Mute for good") == []

    async def test_when_the_disk_hangs_slack_does_not_wait(
        self, buttons: ButtonService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go_on, save, shown = threading.Event(), buttons.store._file.replace, buttons.digest()
        monkeypatch.setattr(interactions, "ACKNOWLEDGE_WITHIN", 0.1)
        monkeypatch.setattr(buttons.store._file, "replace", lambda pieces: (go_on.wait(20), save(pieces)))
        status, _ = await buttons.send(form(buttons.presses.press(shown, WWW, "Mute for good")))
        assert (status, shown.redraws) == (200, 0)
        go_on.set()
        await buttons.responder.finish(10)
        assert (shown.redraws, set(buttons.store.state.mutes)) == (1, {WWW})


HOSTILE = ["<!channel>", "*b* `c`", "a\nb", "\u202ex", "\ud800", "uptime remove x", "x" * 300, "<@U1|kim>"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
async def test_a_name_that_people_choose_can_neither_mention_nor_format(
    buttons: ButtonService, name: str
) -> None:
    """The stand-in refuses a message in which it could."""
    shown = buttons.digest()
    await buttons.press(shown, WWW, "Mute for good", user={"id": "U1", "name": name, "team_id": TEAM})
    assert shown.redraws == 1
    assert "muted `www.example.com`" in notes(shown)[0]


class TestWhoMay:
    @pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
    async def test_others_are_told_alone_whom_to_ask(self, make: Make, language: Language) -> None:
        code = "ko" if language is KOREAN else "en"
        rules = {"team_id": TEAM, "channels": [CHANNEL], "admins": [ADMIN]}
        service = await make(language=code, slack=rules)
        await service.deliver(incident_body())
        shown, label = service.digest(), language.choices[Choice.HOUR]
        refused: list[tuple[dict[str, Any], str]] = [
            ({"user": {"id": "U1", "team_id": TEAM}}, language.not_an_admin([f"<@{ADMIN}>"])),
            ({"user": {"id": ADMIN, "team_id": "T0OTHER"}}, language.not_this_team),
            ({"user": {"id": ADMIN}, "team": {"id": "T0OTHER"}}, language.not_this_team),
            ({"user": {"id": ADMIN}, "team": None}, language.not_this_team),
            ({"user": {"id": ADMIN, "team_id": TEAM}, "channel": {"id": "C0OTHER"}}, language.not_this_channel([f"<#{CHANNEL}>"])),
        ]  # fmt: skip
        for fields, said in refused:
            assert await service.press(shown, WWW, label, **fields) == [f"🔒 {said}"]
        assert (shown.redraws, service.store.state.mutes) == (0, {})
        allowed = {"user": {"id": ADMIN, "name": "Kim"}, "channel": None}
        assert await service.press(shown, WWW, label, **allowed) == []
        assert shown.redraws == 1

    async def test_commands_in_a_sentence_have_a_slash_where_there_is_no_other_way(self, make: Make) -> None:
        service = await make(tokens=())
        await service.deliver(incident_body())
        await service.command("remove www.example.com")
        await service.command("remove! *.example.com")
        (sentence,) = await service.press(service.digest(), WWW, "Unmute")
        assert "`/uptime restore *.example.com`" in sentence


class TestSlackAnswersBadly:
    @pytest.mark.parametrize(
        ("answers", "redraws", "told"),
        [
            ([Answer(503)], 1, 0),
            ([Answer(429, headers={"Retry-After": "0.1"})], 1, 0),
            ([Answer(404, "used_url")], 0, 1),
            ([Answer(200, '{"ok": false, "error": "invalid_blocks"}')], 0, 1),
            ([Answer(503), Answer(503)], 0, 1),
            ([Answer(302, "", {"Location": "https://hooks.slack.com/elsewhere"})], 0, 1),
            ([Answer(404)] * 2, 0, 0),
        ],
    )
    async def test_nothing_is_lost_and_failures_are_logged(
        self,
        buttons: ButtonService,
        slack_itself: FakeSlack,
        caplog: pytest.LogCaptureFixture,
        answers: list[Answer],
        redraws: int,
        told: int,
    ) -> None:
        shown = buttons.digest()
        slack_itself.answers = [*answers]
        sentences = await buttons.press(shown, WWW, "Mute for good")
        assert (shown.redraws, len(sentences)) == (redraws, told)
        assert all("kim muted `www.example.com`" in sentence for sentence in sentences)
        assert set(buttons.store.state.mutes) == {WWW}
        warnings = [r.getMessage() for r in caplog.records if r.levelname == "WARNING" and r.name == "slack"]
        assert len(warnings) == (0 if redraws else 2 - told)
        assert all("a press was not answered: Slack answered" in warning for warning in warnings)
        assert not any("secret" in warning for warning in warnings)

    async def test_a_proxy_that_does_not_connect_is_named(
        self, tmp_path: Path, slack_itself: FakeSlack, authority: Authority, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with ConnectProxy() as proxy:
            service = ButtonService(tmp_path, slack_itself, proxy, authority)
            await service.deliver(incident_body())
            shown = service.digest()
            assert await service.press(shown, WWW, "Mute for good") == []
            await service.close()
        assert "a press was not answered: proxy 127.0.0.1" in caplog.text
        assert set(service.store.state.mutes) == {WWW}

    async def test_without_a_response_url_the_press_counts_all_the_same(
        self, buttons: ButtonService, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert await buttons.press(buttons.digest(), WWW, "Mute for good", response_url=None) == []
        assert set(buttons.store.state.mutes) == {WWW}
        assert "without a response_url" in caplog.text


class TestBadInput:
    @pytest.mark.parametrize(
        ("payload", "status", "reason"),
        [
            ("", 400, "not JSON"),
            ("{", 400, "not JSON"),
            ("[" * 80_000, 400, "not JSON"),
            ("9" * 5000, 400, "not JSON|not a JSON object"),
            ("[]", 400, "not a JSON object"),
            ("null", 400, "not a JSON object"),
            ('"block_actions"', 400, "not a JSON object"),
            ("{}", 200, ""),
            ({"type": "view_submission"}, 200, ""),
            ({"type": "shortcut", "user": {"id": "U1"}}, 200, ""),
            ({"type": ["block_actions"]}, 200, ""),
            ({"type": "block_actions"}, 400, "no action"),
            ({"type": "block_actions", "actions": []}, 400, "no action"),
            ({"type": "block_actions", "actions": {}}, 400, "no action"),
            ({"type": "block_actions", "actions": ["x"]}, 400, "no action"),
            ({"type": "block_actions", "actions": [{}]}, 400, "no user"),
        ],
        ids=lambda value: ascii(value)[:30],
    )
    async def test_a_payload_that_is_none_of_ours_gets_a_clear_answer(
        self, buttons: ButtonService, payload: object, status: int, reason: str
    ) -> None:
        found, answer = await buttons.send(form(payload))
        assert found == status
        assert re.search(reason, answer.get("error", ""))
        assert buttons.presses.uses == {}

    @pytest.mark.parametrize(
        "user", [None, {}, [], "U1", {"id": None}, {"id": 7}, {"id": ""}, {"name": "kim"}]
    )
    async def test_without_a_user_nothing_is_done(self, buttons: ButtonService, user: Any) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good") | {"user": user}
        assert await buttons.send(form(payload)) == (400, {"error": "The payload names no user"})
        assert buttons.store.state.mutes == {}

    @pytest.mark.parametrize(
        "url",
        [
            "http://hooks.slack.com/actions/1",
            "https://hooks.slack.com.evil.test/actions/1",
            "https://evil.test/hooks.slack.com",
            "https://hooks.slack.com@evil.test/",
            "https://hooks.slack.com:444/actions/1",
            "https://hooks.slack.com\\@evil.test/",
            "https://user@hooks.slack.com/actions/1",
            "https://hooks.slack.com/a b",
            "https://hooks.slack.com/\nHost: x",
            "https://hooks.slack.com",
            "https://HOOKS.slack.com/a",
            "https://127.0.0.1/actions/1",
            "//hooks.slack.com/a",
            "https://hooks.slack.com/" + "x" * 2000,
            "file:///etc/passwd",
            "x",
        ],
    )
    async def test_a_response_url_elsewhere_is_refused_and_not_called(
        self, buttons: ButtonService, caplog: pytest.LogCaptureFixture, url: str
    ) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good", response_url=url)
        reason = "The response_url is not an address of Slack's"
        assert await buttons.send(form(payload)) == (400, {"error": reason})
        assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
            f"refused: POST /fromSlack: {reason} (from 127.0.0.1)"
        ]
        assert buttons.store.state.mutes == {}
        assert await buttons.responder.post(url, {"text": "x"}, None) is False

    @pytest.mark.parametrize("late", [0, 400, -400])
    async def test_a_forged_or_old_signature_is_403(self, buttons: ButtonService, late: int) -> None:
        data = form(buttons.presses.press(buttons.digest(), WWW, "Mute for good"))
        signed = signature(data, str(int(time.time()) - late), SIGNING_SECRET if late else "another")
        status, answer = await buttons.send(data, **signed)
        assert status == 403
        assert "igned" in answer["error"] or "signature" in answer["error"]
        token = {"token": "outgoing-token", "payload": data.decode()}
        assert (await buttons.send(token, secret="another"))[0] == 403
        assert buttons.store.state.mutes == {}

    async def test_without_a_signing_secret_no_payload_is_taken(self, make: Make) -> None:
        service = await make(slack={"signing_secret": "", "buttons": False})
        status, answer = await service.send(form({"type": "block_actions"}))
        assert status == 403
        assert "slack.signing_secret" in answer["error"]

    async def test_one_of_300_kb_is_refused(self, buttons: ButtonService) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good", padding="x" * 300_000)
        status, answer = await buttons.send(form(payload))
        assert status == 413
        assert "more than the limit of 262,144" in answer["error"]

    async def test_strange_types_anywhere_never_harm(self, buttons: ButtonService) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good")
        strange: list[Any] = [
            None,
            [],
            {},
            7,
            "\ud800",
            "x" * 500,
            True,
            [[]],
            {"id": []},
            [None],
            [{"accessory": []}],
        ]
        for key in [*payload, "message.blocks", *(f"actions.{key}" for key in payload["actions"][0])]:
            for value in strange:
                await self.replaced(buttons, payload, key, value)
        assert (await buttons.deliver(incident_body("0.alive")))[0] == 200

    @staticmethod
    async def replaced(buttons: ButtonService, payload: dict[str, Any], key: str, value: object) -> None:
        changed = json.loads(json.dumps(payload))
        outer, _, inner = key.partition(".")
        holder = changed if not inner else changed[outer][0] if outer == "actions" else changed[outer]
        holder[inner or outer] = value
        status, answer = await buttons.send(form(changed))
        assert status in {200, 400}
        assert status == 200 or answer["error"] != "Bad Request"
        await buttons.responder.finish(10)

    async def test_the_longest_digest_that_comes_back_is_still_taken(self, make: Make) -> None:
        service = await make(language="ko")
        for n in range(60):
            body = incident_body(
                f"{n}", host=f"호스트-{n}.example.com", policy_name="정책" * 50, started_at=LONG_AGO
            )
            await service.deliver(body)
        await service.outgoing("remove 호스트-59.example.com")
        shown = service.digest()
        row = next(row for row in shown.menus() if "호스트" in row)
        host = re.findall("`(.*?)`", row)[0]
        data = form(service.presses.press(shown, host, "계속 숨기기"))
        assert 100_000 < len(data) < 240_000
        assert (await service.send(data))[0] == 200
        await service.responder.finish(10)
        assert shown.redraws == 1
