"""People press menus and buttons: over real sockets, a real store, and Slack's own host behind a proxy."""

import re
from typing import Any

import pytest

from digest.notifications import begin_edition, record_digest
from languages import LANGUAGES
from languages.language import Choice
from tests.button_service import LONG_AGO, WWW, ButtonService, Make, logged, notes
from tests.presses import CHANNEL, TEAM
from tests.slack_service import ADMIN
from tests.support import incident_body

TYPED = {
    Choice.HOUR: "remove {} for 1h",
    Choice.TOMORROW: "remove {} until tomorrow 09:00",
    Choice.UNTIL_UP: "remove {} until up",
    Choice.FOR_GOOD: "remove {}",
    Choice.RESOLVE: "resolve {}",
    Choice.UNMUTE: "restore {}",
}
NOTES = {
    "en": {
        Choice.HOUR: r"🔕 kim muted {} until 20\d\d-.* UTC",
        Choice.TOMORROW: r"🔕 kim muted {} until 20\d\d-.* 09:00 UTC",
        Choice.UNTIL_UP: "🔕 kim muted {} until it is up",
        Choice.FOR_GOOD: "🔕 kim muted {} until further notice",
        Choice.RESOLVE: "☑️ kim resolved {}",
        Choice.UNMUTE: "🔔 kim unmuted {}",
    },
    "ko": {
        Choice.HOUR: r"🔕 kim 님이 {} 숨김 \(20\d\d년 .* UTC까지\)",
        Choice.TOMORROW: r"🔕 kim 님이 {} 숨김 \(20\d\d년 .* 09:00 UTC까지\)",
        Choice.UNTIL_UP: r"🔕 kim 님이 {} 숨김 \(복구될 때까지\)",
        Choice.FOR_GOOD: r"🔕 kim 님이 {} 숨김 \(해제할 때까지\)",
        Choice.RESOLVE: "☑️ kim 님이 {} 종료 처리",
        Choice.UNMUTE: "🔔 kim 님이 {} 숨김 해제",
    },
}


class TestEveryChoice:
    """In both languages, the same as the typed command by the outgoing webhook and by the slash command."""

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("choice", TYPED, ids=str)
    async def test_it_does_what_the_typed_command_does(
        self, make_buttons: Make, caplog: pytest.LogCaptureFixture, language: str, choice: Choice
    ) -> None:
        service = await make_buttons(language=language)
        service.stop_clock()
        done = []
        for way in ("outgoing", "slash", "button"):
            await service.deliver(incident_body(way, started_at=LONG_AGO))
            if choice is Choice.UNMUTE:
                await service.outgoing("remove www.example.com")
            caplog.clear()
            if way == "button":
                shown = service.digest()
                assert await service.press(shown, WWW, LANGUAGES[language].choices[choice]) == []
                (note,) = notes(shown)
                assert re.fullmatch(NOTES[language][choice].format(f"`{WWW}`"), note)
            else:
                say = service.outgoing if way == "outgoing" else service.command
                await say(TYPED[choice].format(WWW), user_name="kim")
            done.append((self.summary(service), self.change(caplog)))
            await service.outgoing("restore www.example.com")
            await service.outgoing("resolve www.example.com")
        assert done[0] == done[1] == done[2]

    @staticmethod
    def summary(service: ButtonService) -> object:
        state = service.store.state
        mutes = [(m.host, m.by, m.until, m.until_up) for m in state.mutes.values()]
        entry = state.log[-1]
        return mutes, (entry.action, entry.target, entry.by), state.hosts[WWW].status

    @staticmethod
    def change(caplog: pytest.LogCaptureFixture) -> object:
        (line,) = logged(caplog)
        assert line.pop("via") in ("button", "slash command", "outgoing webhook")
        return line


class TestTheMessage:
    async def test_it_is_redrawn_with_the_current_digest(self, buttons: ButtonService) -> None:
        shown = buttons.digest()
        await buttons.deliver(incident_body("0.new", host="new.test"))
        await buttons.press(shown, WWW, "Mute for 4 h")
        assert shown.redraws == 1
        assert next(iter(shown.menus())).startswith("🔴 `new.test`")
        assert shown.menu(WWW)["text"]["text"] == "Unmute"
        assert {menu["action_id"] for menu in shown.menus().values()} == {"1 digest 0 default"}
        await buttons.press(shown, WWW, "Unmute")
        assert shown.menu(WWW)["type"] == "static_select"

    async def test_what_was_news_in_a_posted_digest_still_is(self, buttons: ButtonService) -> None:
        await buttons.hear("a.test", "b.test")
        await buttons.hear("a.test", state="closed")
        shown = buttons.digest()
        await buttons.store.commit(begin_edition)
        edition = buttons.store.state.edition - 1
        await buttons.store.commit(record_digest("default", buttons.now(), edition, "", ()))
        for label in ("Mute for 1 h", "Unmute"):
            await buttons.press(shown, WWW, label)
            assert "*New since the last digest*" in shown.text()
            assert "🟢 `a.test` — up again" in shown.text()
        assert "up again" not in buttons.digest().text()

    async def test_each_channel_keeps_its_hosts_and_its_language(self, make_buttons: Make) -> None:
        channels = [
            {"name": "pay", "webhook_url": "https://hooks.slack.com/services/a", "hosts": ["*.pay.test"], "language": "ko"},
            {"name": "ops", "webhook_url": "https://hooks.slack.com/services/b"},
        ]  # fmt: skip
        service = await make_buttons(channels=channels)
        await service.hear("a.pay.test", "other.test")
        shown = service.digest("pay")
        await service.press(shown, "a.pay.test", "계속 숨기기")
        assert "other.test" not in shown.text()
        assert notes(shown) == ["🔕 kim 님이 `a.pay.test` 숨김 (해제할 때까지)"]
        for row in ("a.pay.test", "other.test"):
            assert f"`{row}`" in service.digest("ops").text()


class TestWhoMay:
    @pytest.mark.parametrize("code", LANGUAGES)
    async def test_others_are_told_alone_whom_to_ask(self, make_buttons: Make, code: str) -> None:
        language = LANGUAGES[code]
        rules = {"team_id": TEAM, "channels": [CHANNEL], "admins": [ADMIN]}
        service = await make_buttons(language=code, slack=rules)
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

    async def test_commands_in_a_sentence_have_a_slash_if_only_that_works(self, make_buttons: Make) -> None:
        service = await make_buttons(tokens=())
        await service.deliver(incident_body())
        await service.command("remove www.example.com")
        await service.command("remove! *.example.com")
        (sentence,) = await service.press(service.digest(), WWW, "Unmute")
        assert "`/uptime unmute! *.example.com`" in sentence
