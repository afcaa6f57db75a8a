"""`undo` says what to type to undo one's last change, and that works: over real sockets, in both languages."""

import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from hosts.model import Mute, State
from languages import LANGUAGES, word_for
from languages.language import Choice
from slack.host_lists import MOST_HOSTS
from slack.reasons import LONGEST_REASON
from tests.button_service import WWW, Make
from tests.slack_service import SlackService
from tests.support import incident_body

ANA, BOB = {"user_id": "U1", "user_name": "ana"}, {"user_id": "U2", "user_name": "bob"}
LONG_NAME = ".".join(["shop" * 12] * 2 + ["test"])
LONG_REASON = "x" * LONGEST_REASON


@pytest_asyncio.fixture(params=["en", "ko"])
async def service(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[SlackService]:
    service = SlackService(tmp_path, language=request.param)
    service.stop_clock()
    await service.deliver(incident_body("0.w"))
    await service.hear("api.example.com", "shop-1.test", "shop-2.test", LONG_NAME, state="closed")
    yield service
    await service.close()


def essence(state: State) -> dict[str, tuple[object, ...]]:
    """The mutes by name: their ends, to the minute, and reasons."""

    def of(mute: Mute) -> tuple[object, ...]:
        until = mute.until and (mute.until + timedelta(seconds=59)).replace(second=0)
        return until, mute.until_up, mute.reason

    return {name: of(mute) for name, mute in state.mutes.items()}


def commands_in(reply: dict[str, str]) -> list[str]:
    return re.findall(r"`/?uptime ([^`]+)`", reply["text"])


async def follow(service: SlackService, commands: Iterable[str], **who: str) -> None:
    for command in commands:
        assert "🤔" not in (await service.outgoing(command, **who))["text"]


async def commands_to_undo(service: SlackService, **who: str) -> list[str]:
    return commands_in(await service.outgoing("undo", **who))


@pytest.mark.parametrize(
    ("earlier", "change"),
    [
        ([], "remove api.example.com"),
        ([], "remove api.example.com shop-1.test for 2h: new release"),
        (["remove api.example.com for 2h because Kim said so"], "restore api.example.com"),
        (["remove api.example.com for 3h"], "remove api.example.com: replaced"),
        (["remove api.example.com for 3h: because: - why."], "restore api.example.com"),
        (["remove api.example.com: reason because"], "restore api.example.com"),
        ([f"remove {LONG_NAME} for 3h: {LONG_REASON}"], f"restore {LONG_NAME}"),
        (["remove api.example.com for 3h", "remove shop-1.test"], "restore api.example.com shop-1.test"),
        (["remove www.example.com until up"], "restore www.example.com"),
        (["remove! * for 2h", "remove *.test", "remove api.example.com for 1h: x"], "restore *"),
    ],
)
async def test_the_commands_of_undo_bring_the_mutes_back(
    service: SlackService, earlier: list[str], change: str
) -> None:
    await follow(service, earlier)
    before = essence(service.store.state)
    await service.outgoing(change.replace(": replaced", " forever: replaced"))
    assert essence(service.store.state) != before
    await follow(service, await commands_to_undo(service))
    assert essence(service.store.state) == before


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hour", ["05:30", "06:30"])
async def test_a_mute_that_ends_when_clocks_show_the_time_twice_comes_back_as_it_was(
    make_buttons: Make, language: str, hour: str
) -> None:
    service = await make_buttons(language=language, timezone="America/New_York")
    service.stopped_at = datetime(2027, 11, 1, tzinfo=UTC)
    await service.hear("api.example.com", state="closed")
    await service.outgoing(f"mute api.example.com until 2027-11-07 {hour} UTC")
    before = essence(service.store.state)
    service.stopped_at += timedelta(seconds=1)
    await service.outgoing("mute api.example.com forever")
    (command,) = await commands_to_undo(service)
    await service.outgoing(command)
    assert essence(service.store.state) == before


@pytest.mark.parametrize(
    ("others", "own"),
    [
        ("mute shop-1.test for 3d: disk", "mute *.test for 1h"),
        ("mute shop-1.test for 3d: disk", "mute! * for 1h"),
        ("mute shop-* for 3d: disk", "mute *.test"),
        ("mute shop-1.test for 3d: disk", "mute shop-1.test"),
        ("mute shop-1.test for 3d: disk", "mute shop-1.test shop-2.test for 3d: disk"),
        ("mute shop-1.test for 3d: disk", "unmute *.test"),
        ("mute *.test for 3d: disk", "mute *.test for 1h"),
        ("mute *.test for 3d: disk", "unmute! *.test"),
        ("mute www.example.com until up", "mute www.example.com"),
    ],
)
@pytest.mark.parametrize("way", ["undo", "reply"])
async def test_to_undo_brings_back_what_others_had_muted(
    service: SlackService, others: str, own: str, way: str
) -> None:
    await service.outgoing(others, **BOB)
    before = essence(service.store.state)
    commands = commands_in(await service.outgoing(own, **ANA))
    assert essence(service.store.state) != before
    by_others = [mute for mute in service.store.state.mutes.values() if mute.by.id == BOB["user_id"]]
    if way == "undo" or commands in ([], ["undo"], ["실행취소"]):
        commands = await commands_to_undo(service, **ANA)
    await follow(service, commands, **ANA)
    assert essence(service.store.state) == before
    assert all(service.store.state.mutes[mute.host] == mute for mute in by_others)


async def test_the_reply_to_a_mute_that_was_there_already_does_not_offer_to_end_it(
    service: SlackService,
) -> None:
    await service.outgoing("mute shop-1.test for 3d: disk", **BOB)
    reply = await service.outgoing("mute shop-1.test for 3d: disk", **ANA)
    assert "bob" in reply["text"]
    assert commands_in(reply) == []


async def test_to_undo_keeps_what_the_same_person_had_muted_even_in_the_same_second(
    service: SlackService,
) -> None:
    await service.outgoing("mute shop-1.test", timestamp="1", **ANA)
    before = essence(service.store.state)
    undo = word_for("undo", service.config.locale.language)
    reply = await service.outgoing("mute shop-1.test shop-2.test", timestamp="2", **ANA)
    assert commands_in(reply) == [undo]
    await follow(service, await commands_to_undo(service, **ANA), **ANA)
    assert essence(service.store.state) == before


async def test_a_reply_refers_to_undo_if_one_command_would_be_too_long(service: SlackService) -> None:
    hosts = [f"{'long' * 10}-{number}.test" for number in range(10)]
    await service.hear(*hosts, state="closed")
    undo = word_for("undo", service.config.locale.language)
    assert commands_in(await service.outgoing(f"mute {' '.join(hosts)}")) == [undo]


async def test_a_mute_that_was_over_when_it_was_replaced_does_not_come_back(service: SlackService) -> None:
    await service.outgoing(f"mute {WWW} until up")
    now = int(service.now().timestamp())
    await service.deliver(incident_body("0.w", state="closed", started_at=now - 3600, ended_at=now))
    await service.deliver(incident_body("0.w2", started_at=now + 60))
    service.stopped_at = service.now() + timedelta(minutes=2)
    await service.outgoing(f"mute {WWW}")
    await follow(service, await commands_to_undo(service))
    assert essence(service.store.state) == {}


async def test_what_was_replaced_is_known_for_as_long_as_the_change(service: SlackService) -> None:
    hosts = " ".join(f"h{number}.test" for number in range(MOST_HOSTS))
    await service.hear(*hosts.split(), state="closed")
    await service.outgoing("mute api.example.com for 3d: disk", **BOB)
    before = essence(service.store.state)
    while service.store.state.log[0].target == "api.example.com":
        await service.outgoing(f"mute {hosts}", **BOB)
        await service.outgoing(f"unmute {hosts}", **BOB)
    await service.outgoing("unmute api.example.com", **ANA)
    await follow(service, await commands_to_undo(service, **ANA), **ANA)
    assert essence(service.store.state) == before


@pytest.mark.parametrize(
    ("own", "later", "kept", "offered"),
    [
        ("mute shop-1.test for 1h", "mute shop-1.test for 3d: disk", "shop-1.test", 0),
        ("mute shop-1.test shop-2.test", "mute shop-1.test for 3d: disk", "shop-1.test", 1),
        ("mute shop-1.test", "unmute shop-1.test", "shop-1.test", 0),
        ("mute *.test for 1h", "mute *.test until up", "*.test", 0),
    ],
)
async def test_what_others_have_changed_since_is_named_and_left_as_it_is(
    service: SlackService, own: str, later: str, kept: str, offered: int
) -> None:
    await service.hear("shop-3.test")
    await service.outgoing(own, **ANA)
    await service.outgoing(later, **BOB)
    of_others = {name: m for name, m in essence(service.store.state).items() if name == kept}
    said = (await service.outgoing("undo", **ANA))["text"].splitlines()
    assert (said[-1][0], "bob" in said[-1], f"`{kept}`" in said[-1]) == ("↳", True, True)
    commands = await commands_to_undo(service, **ANA)
    assert len(commands) == offered
    await follow(service, commands, **ANA)
    assert essence(service.store.state) == of_others


async def test_until_up_that_was_asked_for_again_is_unmuted(service: SlackService) -> None:
    await service.hear("a.shop", "b.shop")
    await service.outgoing("mute *.shop until up", **ANA)
    await service.hear("c.shop")
    assert "ana" in (await service.outgoing("mute *.shop until up", **BOB))["text"]
    assert len(await commands_to_undo(service, **BOB)) == 1
    await follow(service, await commands_to_undo(service, **BOB), **BOB)
    assert essence(service.store.state) == {}


@pytest.mark.parametrize(
    "again", ["shop-1.test shop-2.test", "shop-2.test shop-1.test", "shop-1.test *.test"]
)
async def test_a_mute_that_somebody_repeats_in_a_list_stays_the_first_persons(
    service: SlackService, again: str
) -> None:
    await service.outgoing("mute shop-1.test", **ANA)
    (anas,), alone = service.store.state.mutes.values(), await commands_to_undo(service, **ANA)
    title, *rows = (await service.outgoing(f"mute {again}", **BOB))["text"].splitlines()
    (by_ana,) = (row for row in rows if "ana" in row)
    assert ("bob" in title, "`shop-1.test` —" in by_ana) == (True, True)
    changed = [entry.target for entry in service.store.state.log if entry.by.id == BOB["user_id"]]
    assert changed == [name for name in again.split() if name != "shop-1.test"]
    assert await commands_to_undo(service, **ANA) == alone
    for command in await commands_to_undo(service, **BOB):
        await service.outgoing(command, **BOB)
    assert service.store.state.mutes == {anas.host: anas}


async def test_a_resolution_by_somebody_else_does_not_stand_in_the_way(service: SlackService) -> None:
    await service.outgoing(f"mute {WWW}", **ANA)
    await service.outgoing(f"resolve {WWW}", **BOB)
    assert len(await commands_to_undo(service, **ANA)) == 1


async def test_every_change_of_one_request_is_undone_and_those_not_named_are_counted(
    service: SlackService,
) -> None:
    hosts = [f"h{number}.test" for number in range(30)]
    await service.hear(*hosts, state="closed")
    for some in (hosts[:15], hosts[15:]):
        await service.outgoing(f"remove {' '.join(some)}")
    await service.outgoing("restore *")
    assert re.search(r"(?<!\d)25(?!\d)", (await service.outgoing("undo"))["text"])
    commands = await commands_to_undo(service)
    assert len(commands) == 2
    await follow(service, commands)
    assert set(service.store.state.mutes) == set(hosts)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("undo api.example.com", "api.example.com"),
        ("undo shop-2.test api.example.com", "api.example.com"),
        ("undo *.example.com", "api.example.com"),
        ("undo that for api.example.com", "api.example.com"),
        ("undo the last mute of api.example.com", "api.example.com"),
        ("undo api.example.com nosuch.test", "api.example.com"),
        ("undo", "shop-1.test"),
        ("undo that please", "shop-1.test"),
        ("undo my last change!", "shop-1.test"),
        ("undo last mute", "shop-1.test"),
        ("undo mute", "shop-1.test"),
        ("undo previous", "shop-1.test"),
        ("undo both", "shop-1.test"),
        ("undo 2", "shop-1.test"),
    ],
)
async def test_the_last_change_of_a_host_can_be_undone_after_others(
    service: SlackService, typed: str, meant: str
) -> None:
    for host in ("api.example.com", "shop-1.test"):
        await service.outgoing(f"mute {host}")
        service.stopped_at = service.now() + timedelta(seconds=1)
    command, *_ = commands_in(await service.command(typed))  # and perhaps how it was read
    assert command == f"{service.config.locale.language.mute_verbs[0].unmute} {meant}"


@pytest.mark.parametrize("typed", ["취소 그거", "되돌리기 마지막 변경", "실행 취소 방금 숨김", "취소 2"])
@pytest.mark.parametrize("service", ["ko"], indirect=True)
async def test_the_last_change_can_be_named_in_korean(service: SlackService, typed: str) -> None:
    await service.outgoing("mute shop-1.test")
    assert commands_in(await service.command(typed)) == ["해제 shop-1.test"]


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [
        ("nosuch.test", "nosuch.test"),
        ("the mute of nosuch.test", "the mute of nosuch.test"),
        ("that for nosuch", "that for nosuch"),
    ],
)
async def test_an_unknown_host_is_not_ignored(service: SlackService, typed: str, unknown: str) -> None:
    await service.outgoing("mute shop-1.test")
    reply = (await service.command(f"undo {typed}"))["text"]
    assert reply.startswith("🤔")
    assert re.findall("`([^`]*)`", reply)[0] == unknown


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("api.example.com", ["api.example.com"]),
        ("api.exampel.com", ["api.example.com"]),
        ("www", ["www.example.com"]),
        ("*.example.com shop-2.test", ["*.example.com", "shop-2.test"]),
    ],
)
async def test_hosts_that_a_person_has_not_changed_are_named(
    service: SlackService, typed: str, named: list[str]
) -> None:
    await service.outgoing("mute shop-1.test", **ANA)
    await service.outgoing("mute api.example.com", **BOB)
    reply = (await service.outgoing(f"undo {typed}", **ANA))["text"]
    assert re.findall("`([^`]*)`", reply.splitlines()[0]) == named


async def test_if_not_every_command_fits_the_rest_can_be_had_by_host(service: SlackService) -> None:
    hosts = [f"h{number}.test" for number in range(20)]
    await service.hear(*hosts, state="closed")
    for host in hosts:
        await service.outgoing(f"mute {host} for 3d: {host * 20}")
    before = essence(service.store.state)
    await service.outgoing("unmute *")
    *commands, by_host = await commands_to_undo(service)
    assert by_host == f"{word_for('undo', service.config.locale.language)} HOST"
    await follow(service, commands)
    left = set(hosts) - set(service.store.state.mutes)
    assert left
    for host in left:
        (command,) = commands_in(await service.outgoing(f"undo {host}"))
        await service.outgoing(command)
    assert essence(service.store.state) == before


async def test_a_change_that_cannot_or_need_not_be_undone_suggests_nothing(service: SlackService) -> None:
    assert await commands_to_undo(service) == []
    await service.outgoing("remove api.example.com for 1h")
    assert "`/uptime " in (await service.command("undo"))["text"]
    service.stopped_at = service.now() + timedelta(hours=2)
    assert await commands_to_undo(service) == []
    await service.outgoing("resolve www.example.com")
    assert await commands_to_undo(service) == []
    await service.outgoing("remove api.example.com")
    assert "`uptime" not in (await service.outgoing("undo", user_id="U2", user_name="eve"))["text"]


@pytest.mark.parametrize(
    ("earlier", "typed", "lines"),
    [
        ([], "mute api.example.com", 0),
        (["mute api.example.com for 2h"], "mute api.example.com for 2h", 0),
        (["mute api.example.com for 2h"], "mute api.example.com for 3h", 1),
        (["mute api.example.com"], "mute api.example.com because it moves", 1),
        (["mute *.example.com", "mute api.example.com"], "unmute api.example.com", 1),
    ],
)
async def test_a_reply_says_which_mute_is_gone(
    service: SlackService, earlier: list[str], typed: str, lines: int
) -> None:
    await follow(service, earlier)
    assert (await service.outgoing(typed))["text"].count("\n↳ ") == lines


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", ["outgoing", "slash", "button"])
async def test_a_change_by_any_way_can_be_undone(make_buttons: Make, language: str, way: str) -> None:
    service = await make_buttons(language=language)
    await service.deliver(incident_body("0.w"))
    await service.outgoing(f"mute {WWW} for 3h because Kim said so")
    if way == "button":
        assert await service.press(service.digest(), WWW, LANGUAGES[language].choices[Choice.UNMUTE]) == []
    else:
        await (service.outgoing if way == "outgoing" else service.command)(f"unmute {WWW}")
    (command,) = await commands_to_undo(service)
    assert not service.store.state.mutes
    await service.outgoing(command)
    assert service.store.state.mutes[WWW].reason == "Kim said so"
