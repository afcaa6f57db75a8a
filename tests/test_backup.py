"""A state is exported, moved and imported: whole, or not at all."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from state.backup import replace_state
from tests.builders import NOON, filled, known
from tests.command_line import run
from tests.program import Program, running
from tests.support import ROOT, incident_body

# Replaces the state of each folder in a process of its own, killed at the first call that writes, the second …
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from state.backup import replace_state

def deadly(name, fatal, calls=[0]):
    call = getattr(os, name)
    def replacement(*arguments, **options):
        calls[0] += 1
        if calls[0] == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **options)
    return replacement

for step, path in enumerate(sys.argv[2:], 1):
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        continue
    for name in ("writev", "fsync", "link", "rename"):
        setattr(os, name, deadly(name, step))
    replace_state(Path(path), Path(sys.argv[1]).read_bytes(), datetime(2026, 11, 22, tzinfo=UTC))
    os._exit(0)
"""


def test_a_state_moves_to_another_machine_and_goes_on_there(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    kept, new = tmp_path / "kept.json", Program(tmp_path / "new")
    with running(tmp_path) as old:
        old.deliver(incident_body())
        old.deliver(incident_body("0.def", host="other.example.com"))
        old.say("uptime remove other.example.com")
        told = old.say("uptime removed"), old.say("uptime log")
        assert run(old, "--export", kept)[:2] == (0, f"hosts exported to {kept}: 2\n".encode())
    imported = f"hosts imported into {new.state_file}: 2\n"
    assert run(new, "--import", kept)[:2] == (0, imported.encode())
    with running(new.folder) as new:
        assert "`www.example.com` is down" in new.say("uptime check")
        assert (new.say("uptime removed"), new.say("uptime log")) == told
        assert new.deliver(incident_body())[1]["result"] == "unchanged"


def test_an_export_beside_a_busy_server_has_everything_acknowledged(tmp_path: Path) -> None:
    acknowledged: list[str] = []
    enough = threading.Event()
    with running(tmp_path) as program:

        def deliver() -> None:
            while not enough.is_set():
                incident_id = f"0.{len(acknowledged)}"
                assert program.deliver(incident_body(incident_id))[0] == 200
                acknowledged.append(incident_id)

        google = threading.Thread(target=deliver)
        google.start()
        for _ in range(5):
            before = set(acknowledged)
            assert run(program, "--export", tmp_path / "exported.json")[0] == 0
            assert before <= known(tmp_path / "exported.json")
        enough.set()
        google.join()
        assert program.stop() == 0
    assert set(acknowledged) == known(program.state_file)


async def test_an_export_is_private_and_replaces_the_one_before(tmp_path: Path, program: Program) -> None:
    target = tmp_path / "kept.json"
    target.touch()  # as mktemp does
    for incident_id in ("a", "b"):
        data = await filled(program.state_file, incident_id)
        assert run(program, "--export", target)[0] == 0
        assert (target.read_bytes(), target.stat().st_mode & 0o777) == (data, 0o600)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "kept.json", "var"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *[(name, "belongs to the server") for name in ("state.json", "state.json.bak", "state.lock", "../var/state.json")],
        ("../pipe", "not a regular file"),
        *[(f"../{name}", "not an earlier export") for name in ("config.yaml", "gcp-password", "fullchain.pem")],
    ],
)  # fmt: skip
async def test_an_export_takes_the_place_of_nothing_but_an_export(
    tmp_path: Path, program: Program, name: str, reason: str
) -> None:
    data = await filled(program.state_file, "a", "b")
    os.mkfifo(tmp_path / "pipe")
    for file in ("gcp-password", "fullchain.pem"):
        (tmp_path / file).write_text("secret")
    before = {path: path.lstat().st_ino for path in tmp_path.rglob("*")}
    code, _, said = run(program, "--export", program.state_file.parent / name)
    assert (code, program.state_file.read_bytes()) == (77, data)
    assert {path: path.lstat().st_ino for path in tmp_path.rglob("*")} == before
    assert f"{reason}; export to another file" in said


@pytest.mark.parametrize(
    ("damaged", "bak", "said", "unsaid"),
    [
        (None, None, "var/state.json to export; name the right --config", "start the server"),
        (b"{", None, "there is no state.json.bak. Put a backup in its place", "start the server"),
        (b"{", b"{", "state.json.bak cannot be read either", "start the server"),
        (b"{", b"whole", "start the server, which uses the previous version", "Put a backup in its place"),
    ],
)
async def test_what_cannot_be_exported_is_told_with_a_hint(
    program: Program, damaged: bytes | None, bak: bytes | None, said: str, unsaid: str
) -> None:
    if damaged:
        await filled(program.state_file, "a", "b")
        program.state_file.write_bytes(damaged)
    kept = program.state_file.with_name("state.json.bak")
    if bak is None:
        kept.unlink(missing_ok=True)
    elif bak != b"whole":
        kept.write_bytes(bak)
    code, printed, told = run(program, "--export", "-")
    assert (code, printed, program.state_file.exists()) == (65, b"", bool(damaged))
    assert said in told
    assert unsaid not in told


def test_an_import_is_refused_while_a_server_runs_and_says_where_the_former_state_is(tmp_path: Path) -> None:
    with running(tmp_path) as program:
        program.deliver(incident_body())
        exported = run(program, "--export", "-")[1]
        program.deliver(incident_body("0.def"))
        code, _, said = run(program, "--import", "-", given=exported)
        assert code == 75
        assert "stop it, import, and start it again" in said
        assert program.deliver(incident_body("0.ghi"))[0] == 200
        assert known(program.state_file) == {"0.abc", "0.def", "0.ghi"}
        program.stop()
        code, printed, _ = run(program, "--import", "-", given=exported)
    assert (code, known(program.state_file)) == (0, {"0.abc"})
    assert f"the previous state is in {program.state_file}.bak until the server saves" in printed.decode()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda _: b"", "not a complete state file (empty)"),
        (lambda data: data[:-9], "not a complete state file (not JSON)"),
        (lambda data: b"\xff" + data, "not a complete state file (not UTF-8 text)"),
        (lambda data: data.replace(b'"0.abc"', b'"0.abd"'), "damaged, or edited by hand"),
        (lambda _: b'{"hosts": {}}', "not a complete state file (a part is missing or invalid)"),
    ],
)
async def test_what_is_no_whole_state_is_refused_and_changes_nothing(
    program: Program, spoil: Callable[[bytes], bytes], word: str
) -> None:
    data = await filled(program.state_file, "0.abc", "b")
    lying = {path.name: path.read_bytes() for path in program.state_file.parent.iterdir()}
    code, _, said = run(program, "--import", "-", given=spoil(data))
    assert code == 65
    assert "cannot import -: " in said
    assert word in said
    assert "Traceback" not in said
    assert {path.name: path.read_bytes() for path in program.state_file.parent.iterdir()} == lying


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "state.json"


async def test_a_damaged_state_does_not_replace_its_previous_version(path: Path, tmp_path: Path) -> None:
    await filled(path, "a", "b")
    whole = path.with_name("state.json.bak").read_bytes()
    path.write_bytes(b"damaged")
    replace_state(path, await filled(tmp_path / "other.json", "c"), NOON)
    assert known(path) == {"c"}
    assert path.with_name("state.json.bak").read_bytes() == whole
    assert path.with_name("state.json.replaced-20261122T120000Z").read_bytes() == b"damaged"


async def test_an_import_helps_when_no_version_can_be_read(path: Path, tmp_path: Path) -> None:
    other = await filled(tmp_path / "other.json", "c")
    path.parent.mkdir()
    path.write_bytes(b"damaged")
    replace_state(path, other, NOON)
    assert path.with_name("state.json.bak").read_bytes() == b"damaged"
    path.with_name("state.json.bak").write_bytes(b"also damaged")
    path.write_bytes(b"damaged again")
    replace_state(path, other, NOON + timedelta(minutes=1))
    await filled(path)
    assert known(path) == {"c"}


async def test_after_a_kill_at_any_step_the_old_or_the_new_state_is_there(path: Path, tmp_path: Path) -> None:
    """Every call that writes, one after the other, until none is left to be killed at."""
    old, new = await filled(path, "a", "b"), await filled(tmp_path / "other.json", "c")
    paths = [tmp_path / f"var-{step}" / "state.json" for step in range(1, 12)]
    for each in paths:
        shutil.copytree(path.parent, each.parent)
    arguments: list[str | Path] = ["-c", KILLED, tmp_path / "other.json", *paths]
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    codes = done.stdout.split()
    assert (codes, {*codes}) == (sorted(codes), {b"-9", b"0"})
    found = [each.read_bytes() for each in paths]
    is_new = [each == new for each in found]
    assert ({*found}, is_new) == ({old, new}, sorted(is_new))
    assert is_new[codes.index(b"0") - 1]  # by its last step it is in place
    for each in paths:
        assert known(each.with_name("state.json.bak")) in ({"a"}, {"a", "b"})
        replace_state(each, new, NOON)
        assert each.with_name("state.json.bak").read_bytes() == old
        await filled(each)
        assert known(each) == {"c"}
        assert not list(each.parent.glob(".*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
async def test_what_root_imports_belongs_to_the_user_of_the_server(tmp_path: Path) -> None:
    exported = await filled(tmp_path / "other.json", "c")
    with TemporaryDirectory() as reachable:
        Path(reachable).chmod(0o755)
        program = Program(Path(reachable))
        program.state_file.parent.mkdir(mode=0o700)
        os.chown(program.state_file.parent, 65534, 65534)
        try:
            assert run(program, "--import", "-", given=exported).code == 0
        finally:
            os.seteuid(0)
            os.setegid(0)
        owners = {path.name: path.stat().st_uid for path in program.state_file.parent.iterdir()}
    assert owners == {"state.json": 65534, "state.lock": 65534}


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (
            ["--import", "nowhere.json"],
            71,
            "cannot read what to import: No such file or directory: 'nowhere.json'",
        ),
        (["--export", "a.json", "--import", "b.json"], 2, "not allowed with argument"),
        (["--export", ""], 65, "there is no"),
        (["--import", "b.json", "--check"], 2, "not allowed with argument"),
    ],
)
def test_what_cannot_be_meant_is_told_and_changes_nothing(
    program: Program, arguments: list[str], code: int, word: str
) -> None:
    told = run(program, *arguments)
    assert (told[0], word in told[2], "Traceback" in told[2]) == (code, True, False)
    assert not program.state_file.parent.exists()


def test_the_secrets_need_not_be_readable(program: Program) -> None:
    text = re.sub(r"password: [^}]*", "password_file: /run/credentials/nowhere", program.config.read_text())
    program.config.write_text(text)
    code, _, said = run(program, "--export", "-")
    assert (code, f"there is no {program.state_file}" in said) == (65, True)
    program.config.write_text(text.replace("var/state.json", "config.yaml"))
    code, _, said = run(program, "--import", "-")
    assert (code, "state_file: is a file of this configuration" in said) == (78, True)
    program.config.write_text(text.replace("state_file", "state_flie"))
    code, _, said = run(program, "--export", "-")
    assert (code, "did you mean state_file?" in said) == (78, True)
