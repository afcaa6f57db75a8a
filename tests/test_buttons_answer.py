"""No press is silently ignored, whatever has happened since the message was posted."""

import asyncio
import re
import threading
from datetime import timedelta

import pytest

from handlers import interactions
from hosts.changes import record_incident
from hosts.identity import key_of
from hosts.model import Action
from languages import LANGUAGES
from languages.language import Choice
from tests.builders import full_disk, opened
from tests.button_service import LONG_AGO, WWW, ButtonService, Make, notes
from tests.presses import TEAM, form
from tests.support import PATIENCE, incident_body


class TestAPressIsNeverIgnored:
    @pytest.mark.parametrize(
        ("language", "gone", "again"),
        [
            ("en", "no longer known", "comes from another version"),
            ("ko", "더는 찾을 수 없어", "다른 버전의 버튼"),
        ],
    )
    async def test_for_a_host_that_is_gone_or_by_another_version(
        self, make_buttons: Make, language: str, gone: str, again: str
    ) -> None:
        service = await make_buttons(language=language)
        await service.deliver(incident_body(started_at=LONG_AGO))
        shown, words = service.digest(), LANGUAGES[language].choices
        for action, said in (
            ({"selected_option": {"value": "1 1h gone.test"}}, f"`gone.test`.*{gone}"),
            ({"selected_option": {"value": "1 1h ~123"}}, gone),
            ({"selected_option": {"value": "9 zap x"}}, again),
            ({"action_id": "something else"}, again),
        ):
            (sentence,) = await service.press(shown, WWW, words[Choice.HOUR], action=action)
            assert re.search(said, sentence)
        assert (shown.redraws, service.store.state.mutes) == (3, {})  # it may be a message of others

    async def test_twice(self, make_buttons: Make, buttons: ButtonService) -> None:
        shown = buttons.digest()
        payload = buttons.presses.press(shown, WWW, "Mute for 1 h")
        later = {**payload, "trigger_id": "another"}
        await asyncio.gather(*(buttons.deliver_press(each) for each in (payload, later, payload)))
        assert len(buttons.store.state.log) == 1
        assert shown.redraws == 1
        await buttons.close()
        service = await make_buttons()
        (sentence,) = await service.deliver_press(payload)
        assert "the first time it was sent" in sentence
        assert (len(service.store.state.log), shown.redraws) == (1, 2)

    async def test_twice_in_a_row_which_is_one_mute(self, buttons: ButtonService) -> None:
        buttons.stop_clock()
        shown, again = buttons.digest(), buttons.digest()
        await buttons.press(shown, WWW, "Mute for 1 h")
        buttons.stopped_at = buttons.now() + timedelta(seconds=2)
        assert await buttons.press(again, WWW, "Mute for 1 h") == []
        assert notes(again) == notes(shown)
        assert len(buttons.store.state.log) == 1

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

    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_that_replaces_a_mute_says_whose_and_tells_the_person_if_it_is_not_their_own(
        self, make_buttons: Make, language: str
    ) -> None:
        service = await make_buttons(language=language)
        service.stop_clock()
        await service.deliver(incident_body())
        bobs, own = service.digest(), service.digest()
        choices, who = LANGUAGES[language].choices, {"user_id": "U2", "user_name": "bob"}
        await service.outgoing(f"mute {WWW} for 20d audit, do not touch", **who)
        reply = await service.outgoing(f"mute {WWW} for 21d", **who)
        (words,) = re.findall("↳ (.*)", reply["text"])
        assert "bob" in words
        await service.outgoing(f"mute {WWW} for 20d", **who)
        told = await service.press(bobs, WWW, choices[Choice.HOUR])
        (note,) = bobs.footer()[1:]
        assert told == [note]
        assert note.endswith(f" · {words}")
        assert await service.press(own, WWW, choices[Choice.FOR_GOOD]) == []
        assert "kim" in own.footer()[1].partition(" · ")[2]

    async def test_of_a_host_that_a_pattern_mutes_for_longer(self, buttons: ButtonService) -> None:
        stale = buttons.digest()
        await buttons.outgoing("mute! *.example.com for 3d")
        await buttons.press(stale, WWW, "Mute for 1 h")
        (note,) = notes(stale)
        assert " · also muted by `*.example.com` (steve) until " in note

    async def test_when_it_is_over_already(self, buttons: ButtonService) -> None:
        await buttons.deliver(incident_body("0.old", host="old.test", started_at=LONG_AGO))
        shown = buttons.digest()
        wait = buttons.presses.press(shown, WWW, "Mute until it is up")
        resolve = buttons.presses.press(shown, "old.test", "Resolve")
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
        assert "`uptime unmute! *.example.com`" in sentence
        assert notes(shown) == ["🔔 kim unmuted `www.example.com`"]
        assert await buttons.press(shown, "*.example.com", "Unmute") == []
        assert buttons.store.state.mutes == {}

    async def test_when_a_host_below_a_pattern_still_has_its_own_mute(self, buttons: ButtonService) -> None:
        await buttons.outgoing("remove! *.example.com")
        await buttons.outgoing("remove www.example.com")
        (sentence,) = await buttons.press(buttons.digest(), "*.example.com", "Unmute")
        assert "`uptime unmute www.example.com`" in sentence

    async def test_for_a_policy_with_a_star_in_its_name_and_it_mutes_no_other(
        self, buttons: ButtonService
    ) -> None:
        for name in ("disk * full", "disk /var full", "*"):
            await buttons.deliver(incident_body(name, resource={}, policy_name=name, condition_name=""))
        shown = buttons.digest()
        for host in ("disk ∗ full", "∗"):
            assert await buttons.press(shown, host, "Mute for good") == []
        after = buttons.digest()
        assert "Both hosts down · 2 muted (2 down)" in after.text()
        for host in ("disk ∗ full", "∗"):
            assert await buttons.press(after, host, "Unmute") == []
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
        nothing = {"selected_option": None}
        (sentence,) = await buttons.press(buttons.digest(), WWW, "Mute for good", action=nothing)
        assert "Nothing was chosen" in sentence

    async def test_when_the_disk_is_full(self, buttons: ButtonService) -> None:
        shown = buttons.digest()
        with full_disk():
            (sentence,) = await buttons.press(shown, WWW, "Mute for good")
        assert "nothing has changed" in sentence
        assert (shown.redraws, buttons.store.state.mutes) == (0, {})
        assert await buttons.press(shown, WWW, "Mute for good") == []

    async def test_when_the_disk_hangs_slack_does_not_wait(
        self, buttons: ButtonService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        go_on, file, shown = threading.Event(), buttons.store._file, buttons.digest()
        save = file.replace
        monkeypatch.setattr(interactions, "ACKNOWLEDGE_WITHIN", 0.1)
        monkeypatch.setattr(file, "replace", lambda pieces: (go_on.wait(PATIENCE), save(pieces)))
        status, _ = await buttons.send(form(buttons.presses.press(shown, WWW, "Mute for good")))
        assert (status, shown.redraws) == (200, 0)
        go_on.set()
        await buttons.responder.finish(PATIENCE)
        assert (shown.redraws, set(buttons.store.state.mutes)) == (1, {WWW})


HOSTILE = ["<!channel>", "*b* `c`", "a\nb", "\u202ex", "\ud800", "uptime remove x", "x" * 300, "<@U1|kim>"]


@pytest.mark.parametrize("name", HOSTILE, ids=ascii)
async def test_a_chosen_name_can_neither_mention_nor_format(buttons: ButtonService, name: str) -> None:
    """The stand-in refuses a message in which it could."""
    shown = buttons.digest()
    await buttons.press(shown, WWW, "Mute for good", user={"id": "U1", "name": name, "team_id": TEAM})
    assert shown.redraws == 1
    assert "muted `www.example.com`" in notes(shown)[0]
