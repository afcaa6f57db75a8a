"""Digests for many simultaneous requests, as after a press or a command."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import turns
from digest.compose import composing
from digest.model import Digest
from hosts.patterns import ALL_HOSTS
from tests.builders import wish
from tests.job_rig import JobRig
from tests.support import counting_turns, until
from turns import Steps


class Composing:
    """Counts digests as they are started. `error` is raised instead, if there is one."""

    def __init__(self) -> None:
        self.begun = 0
        self.error: Exception | None = None
        self._is_held = False

    def __call__(self, *given: Any, **more: Any) -> Steps[Digest]:
        self.begun += 1
        while self._is_held:
            yield
        if self.error:
            raise self.error
        return (yield from composing(*given, **more))

    @contextmanager
    def held(self) -> Iterator[None]:
        """While it lasts, no digest is finished."""
        self._is_held = True
        yield
        self._is_held = False


@pytest.fixture
def composed(rig: JobRig, monkeypatch: pytest.MonkeyPatch) -> Composing:
    rig.start()
    counted = Composing()
    monkeypatch.setattr("digest.job.composing", counted)
    monkeypatch.setattr(turns, "TURN", -1)
    return counted


def asking(rig: JobRig, times: int = 1, hosts: tuple[str, ...] = ALL_HOSTS) -> list[asyncio.Task[Digest]]:
    return [asyncio.create_task(rig.job.current(hosts)) for _ in range(times)]


def muted(digest: Digest) -> list[str]:
    return [entry.mute.host for entry in digest.muted]


async def test_simultaneous_requests_share_a_digest(rig: JobRig, composed: Composing) -> None:
    await asyncio.gather(*asking(rig, 20))
    assert composed.begun == 1
    await asyncio.gather(*asking(rig, 20, ("a.test",)), *asking(rig, 20, ("b.test",)))
    assert composed.begun == 3


async def test_a_digest_shows_what_had_changed_when_somebody_asked(rig: JobRig, composed: Composing) -> None:
    with composed.held():
        before = asking(rig, 2)
        await until(lambda: composed.begun == 1)
        await rig.mute(wish("a.test", at=rig.now))
        after = asking(rig, 20)
    digests = await asyncio.gather(*before, *after)
    assert composed.begun == 2
    assert all(muted(digest) == ["a.test"] for digest in digests[2:])


async def test_a_failure_reaches_everyone_waiting_and_the_next_request_tries_again(
    rig: JobRig, composed: Composing
) -> None:
    composed.error = ValueError("broken")
    failures = await asyncio.gather(*asking(rig, 3), return_exceptions=True)
    assert [str(failure) for failure in failures] == ["broken"] * 3
    composed.error = None
    assert (await rig.job.current()).at == rig.now


@pytest.mark.parametrize("has_begun", [False, True])
async def test_a_request_that_stops_waiting_disturbs_nobody(
    rig: JobRig, composed: Composing, *, has_begun: bool
) -> None:
    with composed.held():
        first, *others = asking(rig, 3)
        await asyncio.sleep(0)  # they have asked
        await until(lambda: composed.begun == has_begun)
        first.cancel()
        await asyncio.wait([first])
    assert first.cancelled()
    assert all(digest.at == rig.now for digest in await asyncio.gather(*others))
    assert composed.begun == 1


async def test_a_reload_applies_to_digests_not_yet_started(rig: JobRig, composed: Composing) -> None:
    with composed.held():
        before = asking(rig)
        await until(lambda: composed.begun == 1)
        waiting = asking(rig, 3)
        await asyncio.sleep(0)  # they have asked
        rig.adopt(hosts=["new.test"])
        after = asking(rig, 3)
    digests = await asyncio.gather(*before, *waiting, *after)
    assert [digest.up for digest in digests] == [(), *[("new.test",)] * 6]


async def test_each_goes_on_with_a_shared_digest_in_a_turn_of_its_own(
    rig: JobRig, composed: Composing
) -> None:
    """Rendering ten thousand names takes long enough."""
    async with counting_turns() as turn:

        async def goes_on_in() -> int:
            await rig.job.current()
            return turn()

        went_on_in = await asyncio.gather(*(goes_on_in() for _ in range(20)))
    assert composed.begun == 1
    assert len(set(went_on_in)) == 20
