"""Takes commands at /fromSlack over real sockets: who is let in, what the sender and what the channel sees."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.builders import full_disk
from tests.presses import CHANNEL, TEAM
from tests.slack_service import ADMIN, FORM, SlackService, slash
from tests.support import SIGNING_SECRET, TOKEN, incident_body


@pytest.fixture
async def service(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[SlackService]:
    service = SlackService(tmp_path)
    await service.deliver(incident_body())
    yield service
    await service.close()
    assert not [record for record in caplog.records if record.exc_info]
    assert TOKEN not in caplog.text
    assert SIGNING_SECRET not in caplog.text


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[SlackService]:
    rules = {"team_id": TEAM, "channels": [CHANNEL], "admins": [ADMIN]}
    service = SlackService(tmp_path, slack=rules)
    await service.deliver(incident_body())
    yield service
    await service.close()


class TestWebhookAndSlashCommand:
    @pytest.mark.parametrize(
        "text",
        [
            "check",
            "check www.example.com",
            "removed",
            "help",
            "help remove",
            "remvoe",
            "remove",
            "remove x",
            "remove *",
            "unmute www.example.com",
        ],
    )
    async def test_queries_and_mistakes_are_answered_to_the_sender_alone(
        self, service: SlackService, text: str
    ) -> None:
        service.stop_clock()
        answer = await service.command(text)
        assert set(answer) == {"response_type", "text"}
        assert answer["response_type"] == "ephemeral"
        assert "`uptime " not in answer["text"]
        assert await service.outgoing(text) == {"text": answer["text"].replace("`/uptime ", "`uptime ")}

    @pytest.mark.parametrize(
        ("typed", "type_"),
        [
            ("mute a.test", "ephemeral"),
            ("mute a.test for 2h", "in_channel"),
            ("mute a.test b.test", "in_channel"),
            ("unmute a.test", "in_channel"),
            ("unmute b.test", "ephemeral"),
            ("unmute c.pay.test", "ephemeral"),
            ("unmute! b.*", "ephemeral"),
            ("resolve b.test", "ephemeral"),
            ("resolve a.test b.test", "in_channel"),
            ("forget! b.test", "in_channel"),
        ],
    )
    async def test_the_channel_sees_what_has_changed_and_nothing_else(
        self, service: SlackService, typed: str, type_: str
    ) -> None:
        await service.hear("a.test", "c.pay.test")
        await service.hear("b.test", state="closed")
        for before in ("mute a.test", "mute *.pay.test"):
            await service.command(before)
        assert (await service.command(typed))["response_type"] == type_

    async def test_to_unmute_what_is_muted_no_longer_changes_nothing(self, service: SlackService) -> None:
        service.stop_clock()
        await service.hear("a.test")
        await service.outgoing("mute a.test for 1h")
        service.stopped_at = service.now() + timedelta(hours=2)
        assert "not muted" in (await service.outgoing("unmute a.test"))["text"]
        assert [entry.action for entry in service.store.state.log] == ["remove"]

    @pytest.mark.parametrize("sentence", ["the move was great, thanks all!", "지난번 이전은 정말 좋았어요"])
    async def test_conversation_is_not_answered_but_a_slash_command_is(
        self, service: SlackService, sentence: str
    ) -> None:
        form = {"text": f"uptime {sentence}", "token": TOKEN, "user_id": "U1", "trigger_word": "uptime"}
        status, _, body = await service.request("POST", "/fromSlack", urlencode(form).encode())
        assert (status, body) == (200, b"")
        assert "is not a command" in (await service.command(sentence))["text"]

    async def test_a_failed_save_is_answered_to_the_sender_alone(self, service: SlackService) -> None:
        once_more = {"trigger_id": "1.2"}
        with full_disk():
            answer = await service.command("remove www.example.com", **once_more)
        assert answer["response_type"] == "ephemeral"
        assert "nothing has changed" in answer["text"]
        assert (await service.command("remove www.example.com", **once_more))["response_type"] == "in_channel"

    async def test_webhook_and_slash_command_work_without_each_other(self, tmp_path: Path) -> None:
        only_slash = SlackService(tmp_path / "a", tokens=())
        only_outgoing = SlackService(tmp_path / "b", slack={"signing_secret": ""})
        assert (await only_slash.send(slash("help")))[0] == 200
        assert (await only_slash.say("uptime help"))[0] == 403
        assert (await only_outgoing.send(slash("help")))[0] == 403
        assert (await only_outgoing.say("uptime help"))[0] == 200
        await only_slash.close()
        await only_outgoing.close()

    @pytest.mark.parametrize(
        ("form", "reason"),
        [
            ({"token": "wrong", "text": "uptime x"}, "The token is not one of slack.outgoing_token"),
            (slash("remove x"), "The signature was not made with slack.signing_secret"),
        ],
        ids=["wrong token", "wrong signature"],
    )
    async def test_a_refused_request_is_logged_as_a_warning(
        self, service: SlackService, caplog: pytest.LogCaptureFixture, form: dict[str, str], reason: str
    ) -> None:
        status, answer = await service.send(form, "another")
        (record,) = [record for record in caplog.records if reason in record.getMessage()]
        assert (status, record.levelname) == (403, "WARNING")
        assert answer["error"].startswith(reason)
        assert record.getMessage().endswith("(from 127.0.0.1)")

    async def test_arbitrary_requests_log_no_warning(
        self, service: SlackService, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert (await service.send(b"load=%7B%7D"))[0] == 403
        assert "Not a Slack request" in caplog.text
        assert not [record for record in caplog.records if record.levelno >= logging.WARNING]

    async def test_certificate_checks_and_bots_get_an_empty_200(self, service: SlackService) -> None:
        assert await service.send(b"ssl_check=1&token=x", secret="another") == (200, {})
        assert await service.send(slash("help", user_id="USLACKBOT")) == (200, {})

    @pytest.mark.parametrize(
        ("data", "kind", "statuses"),
        [
            (b'{"command": "/uptime", "text": "check"}', "application/json", {403}),
            (b"--x\r\nContent-Disposition: form-data; name=command\r\n\r\n/uptime\r\n--x--", "multipart/form-data; boundary=x", {400, 403}),
            (b"command=%2Fuptime&user_id=U1", FORM, {200}),
            (b"command=%2Fuptime&user_id=U1&text=%ff%fe%ed%a0%80", FORM, {200}),
            (b"command=%2Fuptime&user_id=U1&text=\xff", "application/x-www-form-urlencoded; charset=utf-16", {200}),
            ("command=/uptime&user_id=U1&text=check".encode("utf-16"), FORM, {403}),
            (b"command=%2Fuptime&" + b"a=1&" * 5000, FORM, {400, 403}),
            (b"command=%2Fuptime&" + b"&".join(b"%d=" % n for n in range(5000)), FORM, {400, 403}),
            (b"command=%2Fuptime&user_id=U1&text=" + b"x" * 60_000, FORM, {200}),
        ],
        ids=lambda value: ascii(value)[:30],
    )  # fmt: skip
    async def test_malformed_requests_get_a_clear_answer(
        self, service: SlackService, data: bytes, kind: str, statuses: set[int]
    ) -> None:
        status, answer = await service.send(data, kind=kind)
        assert status in statuses
        assert status == 200 or answer["error"] != "Bad Request"


class TestWhoMay:
    async def test_only_admins_may_change(self, strict: SlackService) -> None:
        refused = await strict.command("remove www.example.com")
        assert refused["response_type"] == "ephemeral"
        assert f"<@{ADMIN}>" in refused["text"]
        assert (await strict.outgoing("remove www.example.com", user_name=ADMIN))["text"] == refused["text"]
        assert not strict.store.state.mutes
        await strict.command("remove www.example.com", user_id=ADMIN)
        assert set(strict.store.state.mutes) == {"www.example.com"}
        await strict.outgoing("restore www.example.com", user_id="U1")
        assert strict.store.state.mutes

    async def test_queries_are_accepted_only_in_configured_channels(self, strict: SlackService) -> None:
        assert "www.example.com" in (await strict.command("check"))["text"]
        for fields in ({"channel_id": "C000"}, {"team_id": "T000"}, {"channel_id": ""}):
            assert await strict.say("uptime this week was great, thanks all!", **fields) == (200, {})
            for text in ("check", "remove www.example.com", "remvoe"):
                answer = await strict.command(text, **{"user_id": ADMIN, **fields})
                assert answer["response_type"] == "ephemeral"
                assert answer["text"].startswith("🔒")
        assert not strict.store.state.mutes


class TestRepetitions:
    async def test_a_webhook_request_is_identified_by_its_timestamp(self, service: SlackService) -> None:
        answer = await service.outgoing("remove www.example.com", timestamp="1504640775.000005")
        await service.outgoing("restore www.example.com", timestamp="1504640776.000005")
        assert await service.outgoing("remove www.example.com", timestamp="1504640775.000005") == answer
        assert not service.store.state.mutes
        await service.outgoing("remove www.example.com", timestamp="1504640777.000005")
        assert service.store.state.mutes
