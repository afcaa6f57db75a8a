"""Bad payloads, forged requests, and a Slack that does not take the answers."""

import asyncio
import json
import logging
import re
from pathlib import Path
from typing import Any

import pytest

from slack import responder
from tests.button_service import LONG_AGO, WWW, ButtonService, Make
from tests.certificates import Authority
from tests.connect_proxy import ConnectProxy
from tests.fake_slack import Answer, FakeSlack
from tests.presses import form
from tests.support import PATIENCE, TOKEN, LoopClock, incident_body


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
        monkeypatch: pytest.MonkeyPatch,
        answers: list[Answer],
        redraws: int,
        told: int,
    ) -> None:
        for pause in ("SERVER_ERROR_PAUSE", "LONGEST_PAUSE"):
            monkeypatch.setattr(responder, pause, 0.01)
        shown = buttons.digest()
        slack_itself.answers = [*answers]
        sentences = await buttons.press(shown, WWW, "Mute for good")
        assert (shown.redraws, len(sentences)) == (redraws, told)
        assert all("kim muted `www.example.com`" in sentence for sentence in sentences)
        assert set(buttons.store.state.mutes) == {WWW}
        warnings = [r.getMessage() for r in caplog.records if r.levelname == "WARNING" and r.name == "slack"]
        what = "a message was not redrawn after a press" if told else "a press was not answered"
        why = f"{what} (good for www.example.com, by U1): Slack answered"
        assert [warning[: len(why)] for warning in warnings] == [why] * (1 - redraws)
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
        assert caplog.text.count("a press was not answered (good for www.example.com, by U1): proxy") == 1
        assert set(service.store.state.mutes) == {WWW}

    async def test_a_slack_that_never_answers_is_given_up_on(
        self,
        buttons: ButtonService,
        slack_itself: FakeSlack,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        shown, go_on, clock = buttons.digest(), asyncio.Event(), LoopClock(monkeypatch)

        async def think() -> None:
            await clock.advance(buttons.responder._limits["request_timeout"])
            await go_on.wait()

        slack_itself.think = think
        assert await buttons.press(shown, WWW, "Mute for good") == []
        go_on.set()
        assert set(buttons.store.state.mutes) == {WWW}
        why = "a press was not answered (good for www.example.com, by U1): no answer from Slack"
        assert caplog.text.count(why) == 1

    async def test_a_press_without_a_response_url_still_counts(
        self, buttons: ButtonService, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert await buttons.press(buttons.digest(), WWW, "Mute for good", response_url=None) == []
        assert set(buttons.store.state.mutes) == {WWW}
        assert caplog.text.count("without a response_url") == 1


class TestBadInput:
    @pytest.mark.parametrize(
        ("payload", "status", "reason"),
        [
            ("", 400, "not JSON"),
            ("[" * 80_000, 400, "not JSON"),
            ("9" * 5000, 400, "not JSON|not a JSON object"),
            ("[]", 400, "not a JSON object"),
            ("{}", 400, "no type"),
            ({"type": "view_submission"}, 200, ""),
            ({"type": "block_actions"}, 400, "no action"),
            ({"type": "block_actions", "actions": ["x"]}, 400, "no action"),
            ({"type": "block_actions", "actions": [{}]}, 400, "no user"),
        ],
        ids=lambda value: ascii(value)[:30],
    )
    async def test_a_foreign_payload_gets_a_clear_answer(
        self,
        buttons: ButtonService,
        caplog: pytest.LogCaptureFixture,
        payload: object,
        status: int,
        reason: str,
    ) -> None:
        found, answer = await buttons.send(form(payload))
        assert found == status
        assert re.search(reason, answer.get("error", ""))
        assert buttons.presses.uses == {}
        assert ("ignored an interaction" in caplog.text) == (status == 200)

    @pytest.mark.parametrize("user", [None, {}, "U1", {"id": 7}, {"id": ""}])
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
            "https://hooks.slack.com/\nHost: x",
            "https://hooks.slack.com",
            "https://HOOKS.slack.com/a",
            "https://hooks.slack.com/" + "x" * 2000,
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
        assert "without a response_url" in await buttons.responder.post(url, {"text": "x"}, None)

    async def test_a_forged_signature_is_403_whatever_token_is_with_it(self, buttons: ButtonService) -> None:
        data = form(buttons.presses.press(buttons.digest(), WWW, "Mute for good"))
        token = {"token": TOKEN, "payload": data.decode()}
        assert [(await buttons.send(each, "another"))[0] for each in (data, token)] == [403, 403]
        assert buttons.store.state.mutes == {}

    async def test_without_a_signing_secret_no_payload_is_taken(self, make_buttons: Make) -> None:
        service = await make_buttons(slack={"signing_secret": "", "buttons": False})
        status, answer = await service.send(form({"type": "block_actions"}))
        assert status == 403
        assert "slack.signing_secret" in answer["error"]

    async def test_300_kb_are_refused(self, buttons: ButtonService, caplog: pytest.LogCaptureFixture) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good", padding="x" * 300_000)
        status, answer = await buttons.send(form(payload))
        assert status == 413
        assert "more than the limit of 262,144" in answer["error"]
        (warning,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
        assert re.match(r"refused: POST /fromSlack: the body has [\d,]+ bytes, more than", warning)

    async def test_wrong_types_anywhere_do_no_harm(self, buttons: ButtonService) -> None:
        payload = buttons.presses.press(buttons.digest(), WWW, "Mute for good")
        strange: list[Any] = [None, [], {}, 7, "\ud800", "x" * 500, {"id": []}, [None], [{"accessory": []}]]
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
        await buttons.responder.finish(PATIENCE)

    async def test_the_longest_digest_is_accepted_when_a_press_sends_it_back(
        self, make_buttons: Make
    ) -> None:
        service = await make_buttons(language="ko")
        hosts = (f"호스트-{n}.example.com" for n in range(60))
        await service.hear(*hosts, policy_name="정책" * 50, started_at=LONG_AGO)
        await service.outgoing("remove 호스트-59.example.com")
        shown = service.digest()
        row = next(row for row in shown.menus() if "호스트" in row)
        host = re.findall("`(.*?)`", row)[0]
        data = form(service.presses.press(shown, host, "계속 숨기기"))
        assert 100_000 < len(data) < 240_000
        assert (await service.send(data))[0] == 200
        await service.responder.finish(PATIENCE)
        assert shown.redraws == 1
