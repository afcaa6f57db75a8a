"""Many requests at once, in Slack and for the status, and long computations at the same time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import partial
from itertools import count
from typing import NoReturn

import pytest

import turns
from digest.job import DigestJob
from handlers import command_context, commands
from handlers.command_context import ContextBuilder
from handlers.commands import SEARCHED_TIMES
from hosts.changes import mute, with_audit
from hosts.model import Action, AuditEntry, Host, State
from slack.command import Check, CommandContext, Resolve, UsageError
from slack.host_arguments import finding_concerned, finding_named, parsing_exact
from slack.host_names import Names, SearchNeeded
from slack.mute_replies import finding_muted, finding_restored
from slack.mute_requests import finding_hosts
from slack.nearest import finding_nearest, finding_one_slip, finding_only
from tests.builders import DAY, IN_ENGLISH, NOON, STEVE, opened, state_after, wish
from tests.service import Service, close, connected
from tests.support import counting_turns, incident_body, notes_of, outgoing
from turns import Steps, at_once, in_turns


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The names that were looked up each time, one name in each turn."""
    monkeypatch.setattr(turns, "TURN", -1)
    return notes_of(monkeypatch, Names, "_finding_keys", lambda names: [*names.known])


async def test_all_who_type_share_the_names_of_hosts(service: Service, looked_up: list[list[str]]) -> None:
    await service.deliver(incident_body("1", host="a.test"))
    texts = ["check a.test", "history", "down", "check b.test", "check *"] * 4
    answers = await asyncio.gather(*(service.answer(f"uptime {text}") for text in texts))
    assert "a.test" in answers[0]
    assert looked_up == [["a.test"]]
    await service.deliver(incident_body("2", host="b.test"))
    assert "b.test" in await service.answer("uptime check b.test")
    assert looked_up == [["a.test"], ["a.test", "b.test"]]


async def test_a_host_that_appears_while_names_are_looked_up_is_known(
    service: Service, looked_up: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.deliver(incident_body("1", host="a.test"))
    finding, goes_on = Names._finding_keys, False

    def slowly(names: Names) -> Steps[tuple[dict[str, str], dict[str, str]]]:
        while not goes_on:
            yield
        return (yield from finding(names))

    monkeypatch.setattr(Names, "_finding_keys", slowly)
    asking = asyncio.create_task(service.answer("uptime check b.test"))
    await service.deliver(incident_body("2", host="b.test"))
    goes_on = True
    assert "No host" not in await asking
    assert looked_up[-1] == ["a.test", "b.test"]


@pytest.mark.parametrize("text", ["removed a.test", "log a.test", "restore a.test", "restore a*"])
async def test_names_of_mutes_and_of_the_log_are_looked_up_in_turns_and_once_for_all(
    service: Service, looked_up: list[list[str]], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    await service.hear("a.test", "b.test")
    await service.answer("uptime remove a*")
    del looked_up[:]

    def fail(_: object) -> NoReturn:
        raise AssertionError("in one turn")

    monkeypatch.setattr("slack.host_names.at_once", fail)
    assert "a*" in await service.answer(f"uptime {text}")
    assert "a*" in await service.answer("uptime log a.test")
    assert looked_up == [["a.test", "b.test", "a*"]]


@pytest.fixture
async def turn_number() -> AsyncIterator[Callable[[], int]]:
    """Which turn of the loop it is."""
    async with counting_turns() as turn:
        yield turn


@pytest.fixture
def searched_in(monkeypatch: pytest.MonkeyPatch, turn_number: Callable[[], int]) -> list[int]:
    """In which turn each name was compared with a mistyped one."""
    found = list[int]()

    def noted(names: Iterable[str]) -> Iterator[str]:
        for name in names:
            found.append(turn_number())
            yield name

    for search in (finding_nearest, finding_one_slip, finding_only):
        noting = partial(lambda search, wanted, known: search(wanted, noted(known)), search)
        monkeypatch.setattr(f"slack.host_names.{search.__name__}", noting)
    monkeypatch.setattr(turns, "TURN", -1)
    return found


MANY = [f"web-{number}.test" for number in range(20)]


@pytest.mark.parametrize(
    "text",
    ["check wbe-1.test", "wbe-1", "remove wbe-1.test for 2h", "restore wbe-1.test", "log wbe-1.test"],
)
async def test_among_many_hosts_the_nearest_are_searched_for_in_turns_and_once_for_all(
    service: Service, searched_in: list[int], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    await service.hear(*MANY)
    service.stop_clock()
    among_few = await service.answer(f"uptime {text}")
    assert "web-1.test" in among_few
    assert (len(searched_in), len(set(searched_in))) == (len(MANY), 1)
    del searched_in[:]
    await service.hear("another.test")
    monkeypatch.setattr("slack.host_names.SEARCHED_AT_ONCE", len(MANY))
    among_many = await asyncio.gather(*(service.answer(f"uptime {text}") for _ in range(5)))
    assert {*among_many} == {among_few}
    assert len(searched_in) == len(set(searched_in)) == len(MANY) + 1


@pytest.mark.parametrize("text", ["is www up?", "www", "please mute www for 2h"])
async def test_among_many_hosts_the_only_one_with_a_part_is_searched_for_in_turns(
    service: Service, searched_in: list[int], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    await service.hear("www.example.com", *MANY)
    monkeypatch.setattr("slack.host_names.SEARCHED_AT_ONCE", 0)
    assert "www.example.com" in await service.answer(f"uptime {text}")
    assert len(searched_in) == len(set(searched_in)) > len(MANY)


def test_patterns_of_the_log_are_compared_with_one_host_in_each_step() -> None:
    found = finding_concerned(["web*"], {"db*", "api*"}, MANY)
    assert len([*found]) == 3 * len(MANY)


def test_a_host_may_be_forgotten_while_those_of_a_pattern_are_looked_up_in_steps() -> None:
    hosts = {name: Host(name) for name in MANY}
    context = CommandContext(State(), hosts, Names(MANY), NOON, IN_ENGLISH, DAY)
    checking, resolving = finding_named(Check("web*"), context), parsing_exact(Resolve("web*"), context)
    next(checking)
    next(resolving)
    del hosts[MANY[-1]]
    _, found = at_once(lambda: checking)()
    assert [host.name for host in found] == sorted(MANY[:-1])
    with pytest.raises(UsageError, match=r"Type the hosts themselves: `uptime resolve web-0\.test"):
        at_once(lambda: resolving)()


def test_what_a_pattern_mutes_and_unmutes_is_worked_out_in_steps() -> None:
    state = state_after(*(opened(name, name) for name in MANY), wish("web*"))
    context = CommandContext(state, state.hosts, Names(MANY), NOON, IN_ENGLISH, DAY)
    hosts = {"web*": [*state.hosts.values()]}
    assert len([*finding_muted([wish("web*")], context, {})]) == len(MANY)
    assert len([*finding_hosts(["web*"], context)]) == len(MANY)
    assert len([*finding_restored(hosts, context, hosts)]) == len(MANY)


async def test_in_a_crowd_each_mistyped_name_is_searched_for_once(
    service: Service, searched_in: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.hear("web-1.test")
    monkeypatch.setattr("slack.host_names.SEARCHED_AT_ONCE", 0)
    asked = [f"uptime check other-{number}.test" for number in range(100)]
    assert all("No host" in answer for answer in await asyncio.gather(*map(service.answer, asked)))
    assert len(searched_in) == len(asked)


async def test_crowds_that_know_different_names_do_not_search_for_each_other(
    service: Service, searched_in: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`restore` also knows what is muted, and `log` what was changed."""
    await service.hear("web-1.test")
    entry = AuditEntry(Action.REMOVE, "gone.test", STEVE, NOON)
    for change in (with_audit(mute(wish("gone.test")), entry), mute(wish("other.test"))):
        await service.store.commit(change)
    monkeypatch.setattr("slack.host_names.SEARCHED_AT_ONCE", 0)
    known = {"check": 1, "log": 2, "restore": 3}
    for crowd in (1, 5):
        del searched_in[:]
        asked = [f"uptime {command} wbe-{crowd}.test" for command in known for _ in range(crowd)]
        await asyncio.gather(*map(service.answer, asked))
        assert len(searched_in) == sum(known.values())


async def test_a_host_that_appears_while_the_nearest_are_searched_for_is_known(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.hear(*MANY)
    monkeypatch.setattr("slack.host_names.SEARCHED_AT_ONCE", 0)
    began, goes_on = asyncio.Event(), asyncio.Event()

    def slowly(wanted: str, known: Iterable[str]) -> Steps[list[str]]:
        began.set()
        while not goes_on.is_set():
            yield
        return (yield from finding_nearest(wanted, known))

    monkeypatch.setattr("slack.host_names.finding_nearest", slowly)
    asking = asyncio.create_task(service.answer("uptime check wbe-1.test"))
    await began.wait()
    await service.hear("wbe-1.test")
    goes_on.set()
    assert (await asking).startswith("🔴 `wbe-1.test`")


@pytest.mark.parametrize("command", ["check", "restore"])
async def test_who_asks_while_hosts_keep_appearing_gets_an_answer(
    service: Service, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("slack.host_names.SEARCHED_AT_ONCE", 0)
    numbers, search = count(), ContextBuilder.search

    async def while_one_appears(builder: ContextBuilder, needed: SearchNeeded) -> None:
        await search(builder, needed)
        await service.hear(f"web-{next(numbers)}.test")

    await service.hear("first.test")
    await service.answer("uptime remove of-no-host.test")
    monkeypatch.setattr(ContextBuilder, "search", while_one_appears)
    assert "web-1.test" in await service.answer(f"uptime {command} wbe-1.test")
    assert next(numbers) == SEARCHED_TIMES


async def test_the_hosts_are_gone_through_once_until_something_changes(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = notes_of(monkeypatch, command_context, "never_reported", lambda *_: service.store.version)
    await service.hear("a.test")
    await asyncio.gather(*(service.answer(f"uptime {text}") for text in ["check", "down", "history"] * 5))
    assert versions == [service.store.version]
    await service.hear("b.test")
    assert "`b.test`" in await service.answer("uptime check b.test")
    assert versions == [service.store.version - 1, service.store.version]


async def test_of_all_long_computations_one_works_in_each_turn(
    monkeypatch: pytest.MonkeyPatch, turn_number: Callable[[], int]
) -> None:
    monkeypatch.setattr(turns, "TURN", -1)
    worked_in = list[int]()

    def working() -> Steps[None]:
        for _ in range(3):
            worked_in.append(turn_number())
            yield

    await asyncio.gather(*(in_turns(working()) for _ in range(20)))
    assert len(worked_in) == len(set(worked_in)) == 60


def sent(request: str, body: bytes = b"") -> bytes:
    return f"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("request_", "task"),
    [
        (sent("GET /healthz"), (DigestJob, "host_counts")),
        (sent("GET /metrics"), (DigestJob, "host_counts")),
        (sent("POST /fromSlack", outgoing("uptime help")), (commands, "authenticate_slack")),
    ],
    ids=["/healthz", "/metrics", "/fromSlack"],
)
async def test_of_all_who_ask_at_once_one_is_worked_for_in_each_turn(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    turn_number: Callable[[], int],
    request_: bytes,
    task: tuple[object, str],
) -> None:
    """The hosts are counted, or what Slack sends is read."""
    worked_in = notes_of(monkeypatch, *task, lambda *_: turn_number())
    crowd = [await connected(service) for _ in range(20)]
    for _, writer in crowd:
        writer.write(request_)
    await asyncio.gather(*(reader.readline() for reader, _ in crowd))
    close(*crowd)
    assert len(worked_in) == len(set(worked_in)) == 20
