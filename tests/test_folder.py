"""The real program, and what others do to the folder of its state while it runs and before it starts."""

import contextlib
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from lifecycle.storage import writable_by_others
from tests.builders import known
from tests.program import QUICK, Program, running
from tests.support import PATIENCE, incident_body
from tests.test_atomic_file import moved_away

BOTH = ("state.json", "state.json.bak")


def delete(program: Program, names: Sequence[str] = BOTH) -> None:
    for name in names:
        program.state_file.with_name(name).unlink(missing_ok=True)


def test_nothing_is_acknowledged_once_the_folder_is_a_different_one(tmp_path: Path) -> None:
    """Not even what is known already, because the next start would not know it."""
    with running(tmp_path, *QUICK) as first:
        assert first.deliver(incident_body("0.known"))[0] == 200
        moved_away(first.state_file.parent)
        for incident_id in ("0.known", "0.newer", "0.known"):
            with contextlib.suppress(OSError):  # it may have ended before the answer
                assert first.deliver(incident_body(incident_id))[0] == 503
        with running(tmp_path, *QUICK) as second:
            assert second.deliver(incident_body("0.new"))[0] == 200
            assert first.process.wait(PATIENCE) == 75
    assert known(second.state_file) == {"0.new"}
    assert known(tmp_path / "elsewhere" / "state.json") == {"0.known"}
    assert f"CRITICAL server: {first.state_file.parent} is gone: it was moved away" in first.log()


def test_deleted_files_are_written_again_at_the_latest_by_a_stop(tmp_path: Path) -> None:
    """In a folder that others may write to, of which a start warns. No digest tells of them meanwhile."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var").chmod(0o777)
    with running(tmp_path, every="1d") as program:
        assert f"chmod go-w {tmp_path}/var" in program.log()
        program.until(lambda: "digest posted" in program.log())
        for before in ("0.earlier", "0.known"):
            program.deliver(incident_body(before))
        for incident_id in ("0.known", "0.new"):
            delete(program, (*BOTH, "state.lock"))
            assert program.deliver(incident_body(incident_id))[0] == 200
            assert known(program.state_file) == {"0.earlier", "0.known", incident_id}
        assert "`state.json` was deleted while the server ran" in program.say("uptime check")
        status, health = program.health()
        assert (status, health["status"]) == (200, "ok")
        assert ["deleted" in problem for problem in health["problems"]] == [True]
        delete(program)
        assert program.stop() == 0
        assert known(program.state_file) == {"0.earlier", "0.known", "0.new"}
        program.start()
        assert "deleted while the server ran" in str(program.health()[1]["problems"])
    assert "replaced" not in program.log()


def first_digest(program: Program) -> str:
    """What the terminal shows by the time the first one is posted; the program is stopped then."""
    program.until(lambda: "digest posted" in program.log())
    assert program.process.stdout
    program.process.terminate()
    shown = program.process.stdout.read()
    program.stop()
    return shown


def test_a_start_with_nothing_where_a_server_has_run_is_not_green(tmp_path: Path) -> None:
    """It still says so after a restart before any digest."""
    with running(tmp_path) as program:
        program.deliver(incident_body())
        program.stop()
        delete(program)
        program.start()
        status, health = program.health()
        assert (status, "this server starts empty" in str(health["problems"])) == (503, True)
    (program.folder / "output.txt").unlink()
    with running(tmp_path, *QUICK) as program:
        digest = first_digest(program)
    assert "state.json was gone, though a server has run in its folder" in digest
    assert "🟢" not in digest
    assert "though a server has run in its folder" in program.log()


def test_a_damaged_state_is_repaired_by_the_start_itself(tmp_path: Path) -> None:
    """Even if it is killed at once, the next start finds a complete file."""
    with running(tmp_path) as program:
        for incident_id in ("0.a", "0.b"):
            program.deliver(incident_body(incident_id))
        program.stop(signal.SIGKILL)
        program.state_file.write_bytes(b"{")
        for how in (signal.SIGKILL, signal.SIGTERM):
            program.start()
            assert known(program.state_file) == {"0.a"}
            program.stop(how)
    assert program.log().count("the previous version is in use (cannot be read: ") == 1
    assert "chmod" not in program.log()  # the folder is of its owner alone
    assert "is missing" not in program.log()
    assert len(list(program.state_file.parent.glob("state.json.corrupt-*"))) == 1


def test_a_folder_in_the_place_of_the_previous_version_is_named(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body("0.a"))
        bak = program.state_file.with_name("state.json.bak")
        bak.unlink(missing_ok=True)
        bak.mkdir()
        assert program.deliver(incident_body("0.b"))[0] == 503
        named = f"{bak} is a folder; move it away"
        assert program.health()[1]["problems"] == [f"cannot save {program.state_file}: {named}"]
        program.stop()
        ended = program.run()
        assert ended.returncode == 77
        assert named in ended.stderr
        bak.rmdir()
        program.start()
        assert program.deliver(incident_body("0.b"))[0] == 200


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770, 0o702])
def test_a_folder_that_others_may_write_to_causes_a_warning(tmp_path: Path, mode: int) -> None:
    tmp_path.chmod(mode)
    (warning,) = writable_by_others(tmp_path)
    assert f"may write to {tmp_path}, and so replace the state" in warning
    assert "chmod go-w" in warning
