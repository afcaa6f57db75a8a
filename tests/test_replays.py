"""A signed command that is sent again, byte by byte, by whoever got hold of it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from handlers.commands import MOST
from tests.support import SIGNING_SECRET, Program, incident_body, running, signature
from tests.test_door import Doors, slash

HOST = "www.example.com"
RETRY_SECONDS = "This was done when it was sent for the first time"
Signed = tuple[bytes, dict[str, str]]


def sign(text: str, **fields: str) -> Signed:
    data = urlencode(slash(text, **fields)).encode()
    return data, signature(data, str(int(time.time())))


def send(program: Program, signed: Signed) -> dict[str, str]:
    status, answer = program.request("/fromSlack", *signed)
    assert status == 200
    return answer


@pytest.mark.parametrize("fields", [{}, {"trigger_id": "398738663015.1"}], ids=["bare", "as of Slack"])
@pytest.mark.parametrize(
    ("text", "undo"),
    [
        (f"remove {HOST}", f"restore {HOST}"),
        (f"remove {HOST} for 2h", f"restore {HOST}"),
        ("remove *.example.com", "restore *.example.com"),
    ],
)
def test_it_takes_effect_once_whatever_came_between(
    tmp_path: Path, text: str, undo: str, fields: dict[str, str]
) -> None:
    """More questions than are remembered, a kill, and a restart."""
    with running(tmp_path) as program:
        program.deliver(incident_body())
        program.deliver(incident_body("0.b", host="b.test"))
        removal = sign(text, **fields)
        assert "off the list" in send(program, removal)["text"].lower()
        program.command(undo)
        for number in range(MOST + 1):
            program.command("check", trigger_id=f"1.{number}")
        again = send(program, removal)
        assert (again["response_type"], RETRY_SECONDS in again["text"]) == ("ephemeral", True)
        assert "No host is removed" in program.command("removed")["text"]
        program.stop(signal.SIGKILL)
        program.start()
        assert RETRY_SECONDS in send(program, removal)["text"]
        assert "No host is removed" in program.command("removed")["text"]


def test_nor_does_a_restoral_or_a_resolution(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body("0.a", host="a.test"))
        resolution, removal = sign("resolve a.test b.test"), sign("remove a.test")
        program.deliver(incident_body("0.b", "closed", host="b.test"))
        send(program, resolution)
        send(program, removal)
        restoral = sign("restore a.test")
        send(program, restoral)
        program.command("remove a.test for 2h")
        program.deliver(incident_body("0.a2", host="a.test"))
        program.deliver(incident_body("0.b2", host="b.test"))
        program.stop(signal.SIGKILL)
        program.start()
        for signed in (resolution, restoral, removal):
            assert RETRY_SECONDS in send(program, signed)["text"]
        assert "b.test" in program.command("down")["text"]
        assert "a.test" in program.command("removed")["text"]


@pytest_asyncio.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    doors = Doors(tmp_path, slack={"signing_secret": SIGNING_SECRET})
    await doors.deliver(incident_body())
    yield doors
    await doors.close()


async def test_two_at_once_are_one(doors: Doors) -> None:
    data, headers = sign(f"remove {HOST}")
    sent = (doors.request("POST", "/fromSlack", data, **headers) for _ in range(5))
    answers = [body.decode() for _, _, body in await asyncio.gather(*sent)]
    assert sum("off the list" in answer for answer in answers) == 1
    assert sum(RETRY_SECONDS in answer for answer in answers) == 4
    assert len(doors.store.state.log) == 1


async def test_a_command_of_many_hosts_is_no_repetition_of_itself(doors: Doors) -> None:
    for host in ("a.test", "b.test", "c.test"):
        await doors.deliver(incident_body(f"0.{host}", host=host))
    assert RETRY_SECONDS not in (await doors.command("resolve a.test b.test c.test"))["text"]
    assert [deed.target for deed in doors.store.state.log] == ["a.test", "b.test", "c.test"]
    assert len({deed.request for deed in doors.store.state.log}) == 1


async def test_what_could_not_be_saved_may_be_sent_again(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_pieces: object) -> None:
        raise OSError(28, "No space left on device")

    data, headers = sign(f"remove {HOST}")
    monkeypatch.setattr(doors.store._file, "replace", refuse)
    _, _, answer = await doors.request("POST", "/fromSlack", data, **headers)
    assert b"nothing has changed" in answer
    monkeypatch.undo()
    _, _, answer = await doors.request("POST", "/fromSlack", data, **headers)
    assert b"off the list" in answer


async def test_the_same_words_signed_at_another_time_are_another_command(doors: Doors) -> None:
    data = urlencode(slash(f"remove {HOST}")).encode()
    now = int(time.time())
    for at in (now - 1, now):
        _, _, answer = await doors.request("POST", "/fromSlack", data, **signature(data, str(at)))
        assert b"off the list" in answer
        await doors.command(f"restore {HOST}")


async def test_both_languages_say_so(tmp_path: Path) -> None:
    doors = Doors(tmp_path, slack={"signing_secret": SIGNING_SECRET}, language="ko")
    await doors.deliver(incident_body())
    data, headers = sign(f"제거 {HOST}")
    for said in ("숨김 상태예요", "이미 처리한 명령이에요"):
        _, _, answer = await doors.request("POST", "/fromSlack", data, **headers)
        assert said.encode("unicode_escape").replace(b"\\u", b"\\u") in answer
    await doors.close()
