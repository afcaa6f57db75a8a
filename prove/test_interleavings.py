"""Any interleaving of deliveries, duplicates, failing and slow saves, and clients that go away, over real sockets.

At every moment, everything answered 200 is in the file. In the end, once what was not answered has been
delivered again, the state is the same as if everything had arrived in any other order.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given

from hosts.incident import join
from hosts.model import State
from prove.gate import End, Gated, gated
from prove.plans import Client, Delivery, Plan, plans
from prove.size import generated, times
from prove.without import leave_out
from tests.support import basic


class Google:
    """Delivers to one server, and remembers what was answered."""

    def __init__(self, service: Gated) -> None:
        self._service = service
        self._answers: dict[asyncio.Task[int], Delivery] = {}

    async def deliver(self, delivery: Delivery) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._service.port)
        body = delivery.body()
        head = f"POST /fromGCPMonitoring HTTP/1.1\r\nHost: x\r\nAuthorization: {basic()}\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
        if delivery.client is Client.LEAVES_SENDING:
            writer.write(request[:-1])
            writer.close()
            return
        came = self._service.store.came
        writer.write(request)
        while self._service.store.came == came:
            await asyncio.sleep(0)
        if delivery.client is Client.LEAVES_WAITING:
            writer.close()
        else:
            self._answers[asyncio.create_task(_status(reader, writer))] = delivery

    async def rest(self) -> None:
        """Wait until a save is at the gate, or everything is answered."""
        await self._service.came_to_rest()
        while self._service.is_idle() and not all(answer.done() for answer in self._answers):
            await asyncio.sleep(0)

    def answered(self, status: int) -> list[Delivery]:
        return [
            delivery for task, delivery in self._answers.items() if task.done() and task.result() == status
        ]


async def _status(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1])


def check(service: Gated, google: Google) -> None:
    kept = service.disk.content()
    for told in (delivery.told() for delivery in google.answered(200)):
        known = kept.incident(told.id)
        assert known is not None, "answered before it was in the file"
        assert join(known, told) == known, "answered, and only in part in the file"
    if service.store.failure is None:  # after a failure the file may be ahead of the state
        assert kept == service.store.state, "published before it was in the file"


async def play(folder: Path, plan: Plan) -> State:
    """Return the state at the end."""
    async with gated(folder) as service:
        google = Google(service)
        for step in plan:
            if isinstance(step, Delivery):
                await google.deliver(step)
            elif service.disk.is_at_gate:
                service.disk.pass_one(step)
            await google.rest()
            check(service, google)
        await finish(service, google, [step for step in plan if isinstance(step, Delivery)])
        return service.store.state


async def finish(service: Gated, google: Google, wanted: Sequence[Delivery]) -> None:
    """The disk works again, and what was not answered 200 is delivered again, as Google does."""
    await save_all(service, google)
    for delivery in wanted:
        if delivery not in google.answered(200):
            await google.deliver(delivery.to_the_end())
    await save_all(service, google)
    check(service, google)
    assert {delivery.to_the_end() for delivery in wanted} <= set(google.answered(200))


async def save_all(service: Gated, google: Google) -> None:
    await google.rest()
    while service.disk.is_at_gate:
        service.disk.pass_one(End.SAVED)
        await google.rest()


def prove(make_folder: Callable[[str], Path], examples: int) -> None:
    @generated(examples)
    @given(plans())
    def holds(example: tuple[Plan, Sequence[Delivery]]) -> None:
        plan, another_order = example
        state = asyncio.run(play(make_folder("one"), plan))
        assert asyncio.run(play(make_folder("another"), another_order)) == state

    holds()


def test_everything_answered_is_in_the_file_and_the_order_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    prove(tmp_path_factory.mktemp, times(100, 5_000))


def test_acknowledging_first_would_be_noticed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_out("acknowledge-first", monkeypatch.setattr)
    with pytest.raises(AssertionError, match="before it was in the file"):
        prove(tmp_path_factory.mktemp, 100)
