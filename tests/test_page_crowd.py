"""Many viewers at once, while deliveries keep arriving."""

import asyncio
import gc
import time
import weakref
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import groupby
from types import SimpleNamespace

import pytest
import pytest_asyncio

from digest.model import Digest
from handlers import page, page_throttle
from handlers.page import CachedPageHandler
from handlers.page_boards import Boards
from handlers.page_maker import MAX_ANSWERS, MAX_ASKING, PageMaker
from handlers.page_throttle import Throttle
from hosts.identity import Titles, key_of
from hosts.model import Host, State
from page.board import Board
from page.query import Shown
from tests.builders import DAY, MINUTE, NOON, closed, opened
from tests.pages import MakePage, PageService, hosts, pages_of, parsed, plant_problem
from tests.support import PATIENCE, calls_of, counting_turns, incident_body, notes_of, until
from turns import SORTED_AT_ONCE, Steps, in_turns


@pytest_asyncio.fixture
async def service(make_page: MakePage) -> PageService:
    return make_page(language="en")


@asynccontextmanager
async def throttled(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Nothing is made before this ends, as while pages take too much time."""
    may_go_on = asyncio.Event()

    async def wait(_: Throttle) -> None:
        await may_go_on.wait()

    with monkeypatch.context() as patched:
        patched.setattr(Throttle, "wait", wait)
        try:
            yield
        finally:
            may_go_on.set()


async def test_everyone_waiting_gets_the_same_page_made_once_from_the_latest_state(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.record(opened("first", "first.test"))
    made = calls_of(monkeypatch, Boards, "_make")
    async with throttled(monkeypatch):
        asking = []
        for number in range(5):
            asking.append(asyncio.create_task(service.get("/")))
            await until(lambda: len(pages_of(service).asking) == len(asking))
            await service.record(opened(f"{number}", f"host-{number}.test"))
    answers = await asyncio.gather(*asking)
    assert len(made) == 1
    assert {(status, headers["etag"], body) for status, headers, body in answers} == {
        (200, answers[0][1]["etag"], answers[0][2])
    }
    assert len(hosts(parsed(answers[0][2]))) == 6
    assert (await service.get("/", **{"If-None-Match": answers[0][1]["etag"]}))[0] == 304


async def test_requests_while_the_state_changes_do_not_walk_all_hosts(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = pages_of(service)
    _, headers, _ = await service.get("/")
    looks = calls_of(monkeypatch, service.job, "problems")
    async with throttled(monkeypatch):
        asking = []
        for number in range(5):
            await service.record(opened(f"{number}", f"host-{number}.test"))
            asking.append(asyncio.create_task(service.get("/", **{"If-None-Match": headers["etag"]})))
            await until(lambda: len(pages.asking) == len(asking))
        assert not looks
    assert {status for status, _, _ in await asyncio.gather(*asking)} == {200}
    assert len(looks) == 1


async def test_what_went_wrong_with_a_change_is_on_the_page_that_shows_it(service: PageService) -> None:
    await service.get("/")
    plant_problem(service, "something is wrong")
    await service.record(opened("1", "a.test"))
    assert "something is wrong" in (await service.page()).text


async def test_who_is_told_that_problems_have_changed_finds_them_at_once(service: PageService) -> None:
    _, headers, _ = await service.get("/")
    plant_problem(service, "something is wrong")
    pages_of(service).boards.problems_changed()
    status, _, body = await service.get("/", **{"If-None-Match": headers["etag"]})
    assert (status, b"something is wrong" in body) == (200, True)


async def test_a_list_still_being_sorted_leaves_no_old_uptime_behind(service: PageService) -> None:
    pages, key = pages_of(service), "a.test"
    service.at = NOON
    long = NOON - 20 * DAY
    await service.record(closed("1", key, started=long, ended=long + MINUTE))
    before = (await pages.boards.latest()).board
    await service.record(closed("2", key, started=NOON - DAY, ended=NOON))
    now = (await pages.boards.latest()).board
    assert pages._share(before, key) > pages._share(now, key)


async def test_a_board_that_could_not_be_made_is_made_again(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> Steps[Board]:
        raise MemoryError

    service.at = NOON
    with monkeypatch.context() as patched:
        patched.setattr(Board, "making", failing)
        assert (await service.get("/"))[0] == 500
    assert (await service.get("/"))[0] == 200


async def test_only_the_answers_asked_for_last_are_kept(service: PageService) -> None:
    made = list[int]()

    async def make(number: int) -> int:
        made.append(number)
        return number

    asked = [*range(MAX_ANSWERS), 0, MAX_ANSWERS, 0, 1]
    found = [await pages_of(service).cached((each,), partial(make, each)) for each in asked]
    assert found == asked
    assert made == [*range(MAX_ANSWERS), MAX_ANSWERS, 1]


async def test_people_who_wait_leave_connections_for_deliveries(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with throttled(monkeypatch):
        asking = [asyncio.create_task(service.get("/api/incidents")) for _ in range(MAX_ASKING)]
        await until(lambda: len(pages_of(service).asking) == MAX_ASKING)
        status, headers, body = await service.get("/")
        assert (status, headers["retry-after"]) == (503, "2")
        assert parsed(body).one("h1").text == "Too many people are looking"
        assert (await service.get("/api/hosts"))[2] == (b'{"error": "Try again in a few seconds."}\n')
        style = next(parsed(body).all("link", rel="stylesheet")).attributes["href"]
        assert (await service.get(f"/{style}"))[0] == 200
        assert (await service.deliver(incident_body()))[0] == 200
    assert {status for status, _, _ in await asyncio.gather(*asking)} == {200}
    assert (await service.get("/"))[0] == 200


async def test_only_one_thing_at_a_time_is_made_in_turns(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most = set[object](), 0

    async def counted(steps: Steps[object], _: object) -> object:
        nonlocal most
        running.add(steps)
        most = max(most, len(running))
        await asyncio.sleep(0)
        try:
            return await in_turns(steps)
        finally:
            running.discard(steps)

    monkeypatch.setattr(page_throttle, "in_turns", counted)
    await service.record(opened("1", "a.test"))
    paths = [f"/api/incidents?since=2026-01-{day:02}" for day in range(1, 10)]
    answers = await asyncio.gather(*map(service.get, [*paths, "/", "/feed.xml", "/api/hosts"]))
    assert {status for status, _, _ in answers} == {200}
    assert most == 1


async def test_each_request_gets_the_same_page_in_a_turn_of_its_own(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with counting_turns() as turn:
        sent_in = notes_of(monkeypatch, CachedPageHandler, "send_compressed", lambda *_: turn())
        async with throttled(monkeypatch):
            asking = [asyncio.create_task(service.get("/")) for _ in range(20)]
            await until(lambda: len(pages_of(service).asking) == len(asking))
        await asyncio.gather(*asking)
    assert len(sent_in) == len(set(sent_in)) == 20


async def test_a_hosts_history_is_looked_at_in_one_turn_and_shown_in_another(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Together they take longer than a turn may."""
    await service.record(opened("1", "a.test"))
    async with counting_turns() as turn:
        looked_in, shown_in = (
            notes_of(monkeypatch, page, name, lambda *_: turn()) for name in ("host_page", "render_host")
        )
        monkeypatch.setattr("turns.TURN", 0)
        await service.page("/host?name=a.test")
    assert len({*looked_in, *shown_in}) == 2


def test_hosts_with_labels_are_put_in_order_in_short_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """To work out ten thousand titles at once would take a fifth of a second."""
    worked_out = calls_of(monkeypatch, Titles, "__call__")
    names = [key_of(f"api-{number // 3}", {"zone": f"z{number % 3}"}) for number in range(900)]
    state = State(hosts={name: Host(name) for name in names})
    steps, most = Board.making(Digest(NOON, up=tuple(names)), state, ()), 0
    while True:
        before = len(worked_out)
        try:
            next(steps)
        except StopIteration as end:
            board = end.value
            break
        most = max(most, len(worked_out) - before)
    assert most <= 2 * SORTED_AT_ONCE
    assert list(board.keys[Shown.UP]) == sorted(names, key=lambda key: (board.titles(key), key))


async def test_a_client_that_has_hung_up_makes_nobody_wait(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = pages_of(service)
    selected = calls_of(monkeypatch, PageMaker, "select")
    async with pages.boards.making:
        crowd = [asyncio.create_task(service.get(f"/?q={number}")) for number in range(MAX_ASKING)]
        await until(lambda: len(pages.asking) == MAX_ASKING)
        for reader in crowd:
            reader.cancel()
        await until(lambda: not pages.asking)
        staying = asyncio.create_task(service.get("/?q=stays"))
        await until(lambda: pages.asking)
    assert (await staying)[0] == 200
    assert [view.text for _, _, view in selected] == ["stays"]


async def test_each_answer_is_finished_before_the_next_is_started(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await service.record(opened("1", "a.test"))
    assert (await service.get("/"))[0] == 200
    steps = notes_of(monkeypatch, Throttle, "run", lambda *_: asyncio.current_task())
    paths = [f"/api/incidents?since=2026-01-0{day}" for day in range(1, 6)] + ["/?q=a", "/feed.xml", "/?q=b"]
    async with pages_of(service).boards.making:
        asking = [asyncio.create_task(service.get(path)) for path in paths]
        await until(lambda: len(pages_of(service).asking) == len(paths))
    assert {status for status, _, _ in await asyncio.gather(*asking)} == {200}
    assert len([*groupby(steps)]) == len(paths) < len(steps)


@pytest.mark.parametrize(
    ("costs", "pauses"), [((9, 9, 9), True), ((0, 9, 9), True), ((9, 0, 0), False), ((0, 0, 9), False)]
)
async def test_neither_one_slow_page_nor_one_still_being_made_counts_alone_and_at_a_stop_nobody_waits(
    service: PageService, monkeypatch: pytest.MonkeyPatch, costs: tuple[int, ...], *, pauses: bool
) -> None:
    pages = pages_of(service)
    monkeypatch.setattr(page_throttle, "LONGEST_PAUSE", 10 * PATIENCE)
    monkeypatch.setattr(page_throttle, "PATIENCE", 10 * PATIENCE)
    throttle = pages.boards.throttle
    throttle._begun, throttle._costs = time.monotonic(), [cost * PATIENCE for cost in costs]
    asking = asyncio.create_task(service.get("/"))
    await until(lambda: pages.asking and pages.boards._has_templates)
    for _ in range(100):
        await asyncio.sleep(0)
    assert (pages.boards._last is None) == pauses
    pages.close()
    assert (await asking)[0] == 200


async def test_who_waits_gets_the_last_page_if_the_next_one_would_take_too_long_after_all(
    service: PageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards, clock = pages_of(service).boards, SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(page_throttle, "time", clock)
    monkeypatch.setattr(page_throttle, "PATIENCE", 0.1)
    await service.record(opened("0", "a.test"))
    _, last, _ = await service.get("/")
    boards.throttle._begun, boards.throttle._costs = 0.0, [0.05 / page_throttle.PAUSE_RATIO] * 3
    await service.record(opened("1", "b.test"))
    asking = asyncio.create_task(service.get("/"))
    await until(lambda: boards._next or asking.done())
    boards.throttle._costs = [PATIENCE] * 3
    status, headers, _ = await asyncio.wait_for(asking, PATIENCE)
    assert (status, headers["etag"]) == (200, last["etag"])


async def test_what_nobody_will_get_any_more_is_not_kept(service: PageService) -> None:
    """It may hold ten thousand hosts as they were."""
    await service.record(opened("1", "a.test"))
    board = weakref.ref((await pages_of(service).boards.latest()).board)
    await service.record(opened("2", "a.test"))
    gc.collect()
    assert board() is None
