"""A press changes one row of a message that no later digest can replace, and leaves all others as they were."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from digest.alerts import AlertBatch
from digest.compose import composing
from digest.model import Down, Recovery
from hosts.outages import newest_outages
from languages import LANGUAGES
from languages.language import Choice
from slack.alert_message import render_alerts
from slack.digest_message import render
from tests.builders import IN_ENGLISH, NOON, with_plain_dates
from tests.button_service import LONG_AGO, WWW, ButtonService, Make
from tests.presses import Shown
from tests.support import incident_body
from turns import at_once


def alert(service: ButtonService, *down: str, recovered: Sequence[str] = ()) -> Shown:
    hosts = service.store.state.hosts
    batch = AlertBatch(
        service.now(),
        tuple(Down(hosts[name], NOON, new=True, doubtful=False) for name in down),
        recovered=tuple(Recovery(hosts[name], newest_outages([hosts[name]], 1)) for name in recovered),
    )
    return service.show(render_alerts(batch, IN_ENGLISH, ("here",), menus_of="default"))


def rows(shown: Shown) -> list[str]:
    """Every line but those of the footer."""
    texts = [block["text"]["text"] for block in shown.message["blocks"] if "text" in block]
    return with_plain_dates("\n".join(texts)).splitlines()


async def pressed(service: ButtonService, shown: Shown, host: str, label: str) -> tuple[list[str], list[str]]:
    """The rows that are gone after a press, and those that are there instead, at the same place."""
    before = rows(shown)
    await service.press(shown, host, label)
    after = rows(shown)
    assert len(after) == len(before)
    differ = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return [old for old, _ in differ], [new for _, new in differ]


class TestAnAlert:
    async def test_of_sixty_hosts_keeps_all_of_them(self, buttons: ButtonService) -> None:
        names = [f"host-{number:02}.test" for number in range(60)]
        await buttons.hear(*names)
        shown = alert(buttons, *names)
        for name in (names[0], names[39], names[7]):
            (old,), (new,) = await pressed(buttons, shown, name, "Mute for 1 h")
            assert old.startswith(f"🔴 `{name}`")
            assert new.startswith(f"🔕 `{name}` — muted by kim until")
            (note,) = shown.footer()
            assert f"kim muted `{name}`" in note
        assert rows(shown)[0].startswith("*🔴 60 hosts went down*")
        (old,), (new,) = await pressed(buttons, shown, names[7], "Unmute")
        assert new.startswith(f"🔴 `{names[7]}` — down for")
        assert shown.menu(names[7])["type"] == "static_select"

    async def test_keeps_its_news_and_claims_nothing_else(self, buttons: ButtonService) -> None:
        await buttons.hear("a.test", "b.test", "other.test")
        await buttons.hear("b.test", state="closed")
        shown = alert(buttons, WWW, "a.test", recovered=["b.test"])
        headline = rows(shown)[0]
        await buttons.hear("a.test", state="closed")
        (_,), (new,) = await pressed(buttons, shown, WWW, "Mute for good")
        assert new.startswith(f"🔕 `{WWW}`")
        assert rows(shown)[0] == headline
        assert "🟢 `b.test` — up again" in shown.text()
        assert "🔴 `a.test`" in shown.text()
        assert "other.test" not in shown.text()


class TestADigestOfSeveralMessages:
    async def test_every_message_keeps_its_hosts_and_their_order(self, buttons: ButtonService) -> None:
        await buttons.hear(*(f"host-{n}.test" for n in range(400)), policy_name="p")
        await buttons.outgoing("mute host-399.test")
        parts = self.parts(buttons)
        assert len(parts) > 1
        for part in parts:
            for row in list(part.menus()):
                host = re.findall("`(.*?)`", row)[0]
                is_muted = part.menu(host)["type"] == "button"
                (_,), (new,) = await pressed(
                    buttons, part, host, "Unmute" if is_muted else "Mute until tomorrow 09:00"
                )
                assert f"`{host}` — " in new
        assert [re.findall(r"\(\d/\d\)", part.footer()[0]) for part in parts] == [
            [f"({number}/{len(parts)})"] for number in range(1, len(parts) + 1)
        ]

    async def test_so_does_one_that_no_longer_fits_in_one_message(self, buttons: ButtonService) -> None:
        shown = buttons.digest()
        await buttons.hear(*(f"host-{n}.test" for n in range(400)))
        (old,), (new,) = await pressed(buttons, shown, WWW, "Mute for good")
        assert (old[0], new[0]) == ("🔴", "🔕")
        assert "host-" not in shown.text()

    @staticmethod
    def parts(service: ButtonService) -> list[Shown]:
        given = service.store.state, service.config, service.config.channels[0], service.now(), ()
        digest = at_once(composing)(*given)
        return [service.show(each) for each in render(digest, IN_ENGLISH, menus_of="default")]


class TestAChannelThatIsGone:
    @pytest.mark.parametrize(
        ("language", "note"),
        [("en", "kim muted `a.pay.test`"), ("ko", "kim 님이 `a.pay.test` 숨김")],
    )
    async def test_its_message_shows_no_hosts_of_others(
        self, make_buttons: Make, language: str, note: str
    ) -> None:
        """What is new in it is in the language of commands: nobody knows that of the channel any more."""
        webhook = "https://hooks.slack.com/services/"
        channels = [
            {"name": "pay", "webhook_url": f"{webhook}a", "hosts": ["*.pay.test"], "language": "en"},
            {"name": "ops", "webhook_url": f"{webhook}b"},
        ]
        service = await make_buttons(channels=channels)
        await service.hear("a.pay.test", "b.pay.test", "other.test")
        shown = service.digest("pay")
        await service.close()
        service = await make_buttons(channels=channels[1:], language=language)
        (_,), (new,) = await pressed(service, shown, "a.pay.test", "Mute for good")
        assert new.startswith("🔕 `a.pay.test`")
        assert note in shown.footer()[-1]
        assert "other.test" not in shown.text()
        assert shown.menu("a.pay.test")["action_id"] == shown.menu("b.pay.test")["action_id"]


CHOICES = {code: LANGUAGES[code].choices for code in LANGUAGES}


class TestTheRow:
    """It says how the pressed host or mute stands now."""

    @pytest.mark.parametrize("code", LANGUAGES)
    async def test_of_one_that_was_resolved(self, make_buttons: Make, code: str) -> None:
        service = await make_buttons(language=code)
        await service.deliver(incident_body(started_at=LONG_AGO))
        hosts = service.store.state.hosts
        down = Down(hosts[WWW], NOON, new=False, doubtful=True)
        locale = service.config.locale
        batch = AlertBatch(service.now(), (down,))
        shown = service.show(render_alerts(batch, locale, (), menus_of="default"))
        (_,), (new,) = await pressed(service, shown, WWW, CHOICES[code][Choice.RESOLVE])
        assert new.startswith(f"⚪ `{WWW}` — ")
        assert "kim" in new
        assert shown.menus() == {}

    async def test_of_one_that_is_up_again(self, buttons: ButtonService) -> None:
        shown = alert(buttons, WWW)
        await buttons.deliver(incident_body(state="closed"))
        (_,), (new,) = await pressed(buttons, shown, WWW, "Mute until it is up")
        assert new.startswith(f"🟢 `{WWW}` — up again")
        assert (shown.menus(), shown.redraws) == ({}, 1)

    async def test_of_one_that_somebody_muted_meanwhile(self, buttons: ButtonService) -> None:
        shown = alert(buttons, WWW)
        await buttons.outgoing(f"mute {WWW} for 3d deploy", user_name="ana")
        (_,), (new,) = await pressed(buttons, shown, WWW, "Mute for 1 h")
        assert new.startswith(f"🔕 `{WWW}` — muted by kim")

    async def test_of_one_that_a_pattern_still_mutes(self, make_buttons: Make) -> None:
        service = await make_buttons(tokens=())
        await service.deliver(incident_body())
        shown = alert(service, WWW)
        await service.press(shown, WWW, "Mute for 1 h")
        await service.command("mute! *.example.com")
        (_,), (new,) = await pressed(service, shown, WWW, "Unmute")
        assert new.startswith(f"🔕 The pattern `*.example.com` still mutes `{WWW}`")
        assert "`/uptime unmute! *.example.com`" in new

    async def test_of_a_pattern_that_mutes_nothing_any_more(self, buttons: ButtonService) -> None:
        await buttons.outgoing("mute! *.example.com")
        shown = buttons.digest()
        gone = {"action_id": "1 digest 0 renamed"}
        assert await buttons.press(shown, "*.example.com", "Unmute", action=gone) == []
        assert "🔔 `*.example.com` — no longer muted: 1 host, 1 down" in rows(shown)

    async def test_of_a_pattern_that_was_muted_until_up(self, buttons: ButtonService) -> None:
        await buttons.deliver(incident_body("0.other", "closed", "other.example.com"))
        await buttons.outgoing("mute! *.example.com until up")
        shown, gone = buttons.digest(), {"action_id": "1 digest 0 renamed"}
        await buttons.press(shown, "*.example.com", "Unmute", action=gone)
        assert "🔔 `*.example.com` — no longer muted: 1 host, 1 down" in rows(shown)

    async def test_of_one_that_is_gone_stays_as_it_was(self, buttons: ButtonService) -> None:
        shown = alert(buttons, WWW)
        await buttons.deliver(incident_body(state="closed"))
        await buttons.outgoing(f"forget! {WWW}")
        (sentence,) = await buttons.press(shown, WWW, "Mute for good")
        assert "no longer known" in sentence
        assert shown.redraws == 0


def nested(levels: int) -> object:
    return json.loads('{"a":' * levels + "1" + "}" * levels)


ODD: list[Any] = [
    None,
    "text",
    [],
    [None],
    [{}] * 51,
    [{"type": "image"}],
    [{"type": "section"}],
    [{"type": "section", "text": {"text": 7}}],
    [{"type": "section", "text": {"text": "x"}, "accessory": "x"}],
    [{"type": "section", "text": {"text": "x"}, "accessory": nested(300)}],
    [{"type": "context", "elements": []}],
    [{"type": "context", "elements": ["x"]}],
    [{"type": "context", "elements": [{"text": []}]}],
    [{"type": "section", "text": {"text": "x"}, "block_id": "another"}],
]


@pytest.mark.parametrize("blocks", ODD, ids=lambda blocks: ascii(blocks)[:40])
async def test_odd_blocks_are_not_sent_back_but_the_person_is_told(
    buttons: ButtonService, caplog: pytest.LogCaptureFixture, blocks: object
) -> None:
    shown = alert(buttons, WWW)
    message = {**shown.message, "blocks": blocks}
    (sentence,) = await buttons.press(shown, WWW, "Mute for good", message=message)
    assert sentence == f"🔕 kim muted `{WWW}` until further notice"
    assert shown.redraws == 0
    (warning,) = [r.getMessage() for r in caplog.records if r.levelname == "WARNING" and r.name == "slack"]
    assert "a message was not redrawn after a press" in warning


@pytest.mark.parametrize("show", [ButtonService.digest, lambda service: alert(service, WWW, "a.test")])
async def test_a_menu_goes_from_every_row_once_buttons_are_switched_off(
    make_buttons: Make, buttons: ButtonService, show: Callable[[ButtonService], Shown]
) -> None:
    await buttons.hear("a.test")
    shown = show(buttons)
    before = len(rows(shown))
    await buttons.close()
    service = await make_buttons(slack={"buttons": False})
    (sentence,) = await service.press(shown, WWW, "Mute for good")
    assert "`uptime help`" in sentence
    assert (shown.menus(), service.store.state.mutes, len(rows(shown))) == ({}, {}, before)
