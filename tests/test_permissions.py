"""The program, run by a user who may not use the state: it says what to do, and no command line ends in a traceback."""

import grp
import os
import pwd
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from config.files import describe, has_login, why_not
from lifecycle.storage import unusable_folder
from tests import command_line
from tests.builders import encoded, opened, state_after
from tests.process import ended
from tests.program import Program
from tests.support import ROOT

NOBODY = 65534
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
COMMANDS = [["--check"], ["--preview"], ["--export", "-"], ["--import", "backup.json"], []]


@cache
def needed() -> str:
    """What a test needs to be somebody else, if that is not here."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        return "needs root and setpriv"
    done = ended(*AS_NOBODY, sys.executable, ROOT / "server.py", "--version")
    return "needs a Python that everybody may run" if done.returncode else ""


@pytest.fixture
def program() -> Iterator[Program]:
    """Whose configuration everybody may read, and whose state only root; pytest's own folders are closed."""
    if needed():
        pytest.skip(needed())
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        program = Program(Path(folder))
        program.config.chmod(0o644)
        program.state_file.parent.mkdir(mode=0o700)
        yield program


@contextmanager
def being(user: int) -> Iterator[None]:
    groups = os.getgroups()
    os.setgroups([])
    os.setresgid(user, user, 0)
    os.setresuid(user, user, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)
        os.setresgid(0, 0, 0)
        os.setgroups(groups)


def run(program: Program, *arguments: str) -> tuple[int, str]:
    """Exit code, and what was said on standard error. A server needs a process of its own."""
    if arguments:
        with chdir(program.folder), being(NOBODY):
            code, _, said = command_line.run(program, *arguments)
        return code, said
    done = ended(*AS_NOBODY, *program.argv)
    return done.returncode, done.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments) or "the server")
def test_a_folder_that_may_not_be_looked_into(program: Program, arguments: list[str]) -> None:
    (program.folder / "backup.json").write_bytes(encoded(state_after(opened())))
    code, said = run(program, *arguments)
    assert code == (0 if arguments == ["--check"] else 71)
    folder = program.state_file.parent
    is_for_the_server = arguments in (["--check"], [])
    assert (f"{folder} belongs to root: run this again with sudo" in said) != is_for_the_server
    given = f"{folder} belongs to root; give it to this user, as root: chown {NOBODY} {folder}"
    assert (given in said) == is_for_the_server
    assert "Traceback" not in said
    assert "[Errno" not in said
    assert list(folder.iterdir()) == []


def test_a_folder_that_may_not_be_made(program: Program) -> None:
    folder = program.state_file.parent
    folder.rmdir()
    for arguments in ([], ["--check"]):
        said = run(program, *arguments)[1]
        assert f"{program.folder} is not writable; {program.folder} belongs to root" in said
        assert f"as root: mkdir -p {folder} && chown {NOBODY} {folder}\n" in said


def test_a_folder_within_one_that_may_not_be_looked_into(program: Program) -> None:
    program.config.write_text(program.config.read_text().replace("var/state.json", "var/deeper/state.json"))
    for arguments in COMMANDS[:-1]:
        said = run(program, *arguments)[1]
        assert "Traceback" not in said
        assert "[Errno" not in said


def test_a_back_up_that_may_not_be_read(program: Program) -> None:
    (program.folder / "backup.json").touch(mode=0o600)
    code, said = run(program, "--import", "backup.json")
    assert code == 71
    assert f"'backup.json'; {program.folder}/backup.json belongs to root: run this again with sudo" in said


def test_a_state_that_another_user_left(program: Program) -> None:
    """As after a first run by root, when the service has a user of its own."""
    os.chown(program.state_file.parent, NOBODY, NOBODY)
    program.state_file.with_name("state.lock").touch(mode=0o600)
    code, said = run(program)
    assert code == 71
    assert f"cannot keep the state in {program.state_file} (state_file): Permission denied" in said
    lock = program.state_file.with_name("state.lock")
    assert f"{lock} belongs to root; make it yours, as root, with: chown {NOBODY} {lock}" in said


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments) or "the server")
def test_a_configuration_that_may_not_be_read(program: Program, arguments: list[str]) -> None:
    program.config.chmod(0o600)
    code, said = run(program, *arguments)
    assert code == (1 if arguments == ["--check"] else 78)
    assert f"{program.config} cannot be read: Permission denied; {shared(program.config)}\n" in said


def test_a_secret_that_may_not_be_read(program: Program) -> None:
    secret = program.folder / "pw"
    secret.touch(mode=0o600)
    program.config.write_text(f"gcp: {{password_file: {secret}}}\n")
    for argument in ("--check", "--preview"):
        said = run(program, argument)[1]
        assert f"gcp.password_file: cannot read {secret}: Permission denied; {shared(secret)}\n" in said


def shared(file: Path) -> str:
    """A service cannot run anything again with sudo, and root's files must stay root's."""
    give = f"chgrp {grp.getgrgid(NOBODY).gr_name} {file} && chmod g+r {file}"
    return f"{file} belongs to root; let nobody read it, as root, with: {give}"


def test_a_check_by_root_reads_everything_as_the_service_would(program: Program) -> None:
    os.chown(program.state_file.parent, NOBODY, NOBODY)
    before = os.getresuid(), os.getresgid(), os.getgroups()
    assert command_line.run(program, "--check").code == 0
    secret = program.folder / "pw"
    secret.touch(mode=0o600)
    program.config.write_text(f"gcp: {{password_file: {secret}}}\nstate_file: var/state.json\n")
    assert shared(secret) in command_line.run(program, "--check").logged
    program.config.chmod(0o600)
    assert shared(program.config) in command_line.run(program, "--check").logged
    assert (os.getresuid(), os.getresgid(), os.getgroups()) == before


@pytest.mark.parametrize("name", ["state.json", "state.lock"])
def test_a_check_of_roots_own_server_is_not_made_as_the_owner_of_the_folder(
    program: Program, name: str
) -> None:
    os.chown(program.state_file.parent, NOBODY, NOBODY)
    secret = program.folder / "pw"
    secret.touch(mode=0o600)
    program.config.write_text(f"gcp: {{password_file: {secret}}}\nstate_file: var/state.json\n")
    assert shared(secret) in command_line.run(program, "--check").logged
    program.state_file.with_name(name).touch(mode=0o600)
    assert str(secret) + " belongs" not in command_line.run(program, "--check").logged


def test_root_is_not_told_to_take_the_state_from_the_service(program: Program) -> None:
    program.state_file.touch(mode=0o600)
    os.chown(program.state_file, NOBODY, NOBODY)
    logged = command_line.run(program, "--check").logged
    folder = program.state_file.parent
    assert f"{folder} belongs to root; give it to this user, as root: chown {NOBODY} {folder}" in logged
    assert f"chown 0 {program.state_file}" not in logged
    ended = program.run()
    assert ended.returncode == 77
    assert "run this as that user, or, if root is to run it from now on, change that with" in ended.stderr


def test_a_folder_of_somebody_else_is_opened_no_further_than_needed(program: Program) -> None:
    secrets = program.folder / "secrets"
    secrets.mkdir(mode=0o700)
    program.config.write_text(f"gcp: {{password_file: {secrets}/pw}}\n")
    said = run(program, "--check")[1]
    assert "move the file out of it, or let nobody in, as root, with: chgrp " in said
    assert f"&& chmod g+x {secrets}\n" in said
    with being(NOBODY):
        denied = PermissionError(13, "Permission denied")
        assert why_not(denied, Path("/root/pw")).endswith("; move the file out of it")


def test_a_person_may_use_sudo(program: Program) -> None:
    people = (each.pw_uid for each in pwd.getpwall() if each.pw_uid and has_login(each.pw_uid))
    person = next(people, None)
    if person is None:
        pytest.skip("needs an account with a shell")
    program.config.chmod(0o600)
    with being(person):
        logged = command_line.run(program, "--check").logged
    assert "belongs to root: run this again with sudo; if a service runs as " in logged


@pytest.mark.parametrize(
    ("name", "mode", "told"),
    [
        ("state.json", 0o644, "state.json belongs to user 0; change that with: chown 65534 "),
        ("state.lock", 0o600, "state.lock is not writable; "),
    ],
)
def test_a_check_reports_what_would_keep_a_server_from_starting(
    program: Program, name: str, mode: int, told: str
) -> None:
    os.chown(program.state_file.parent, NOBODY, NOBODY)
    file = program.state_file.with_name(name)
    file.touch()
    file.chmod(mode)
    assert told in run(program, "--check")[1]
    assert run(program)[0] in (71, 77)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda state: state.write_text("{"), "{state} cannot be read: it is not a complete state file"),
        (lambda state: state.symlink_to("/dev/null"), "{state} is a symbolic link"),
        (os.mkfifo, "{state} is not a regular file"),
        (lambda state: state.with_name("state.json.bak").mkdir(), "{state}.bak is a folder; move it away"),
        (lambda state: state.with_name("state.lock").mkdir(), "{folder}/state.lock is not a regular file"),
        (lambda state: state.parent.rmdir() or state.parent.touch(), "{folder} is not a folder"),
        (lambda state: state.parent.rmdir() or state.parent.symlink_to("/none"), "{folder} is a link to /none: No such file"),
    ],
)  # fmt: skip
def test_a_check_reports_a_state_that_no_server_can_use(
    tmp_path: Path, spoil: Callable[[Path], object], said: str
) -> None:
    program = Program(tmp_path)
    folder = program.state_file.parent
    folder.mkdir()
    spoil(program.state_file)
    logged = command_line.run(program, "--check").logged
    assert said.format(state=program.state_file, folder=folder) in logged


def test_a_file_system_that_is_read_only_is_not_taken_for_a_missing_permission() -> None:
    mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
    folders = [Path(place) for _, place, _, options, *_ in mounts if "ro" in options.split(",")]
    folder = next(filter(Path.is_dir, folders), None)
    if not folder:
        pytest.skip("nothing is mounted read-only")
    assert unusable_folder(folder / "var") == f"{folder} is on a read-only file system"


def test_the_owner_is_named_as_the_machine_knows_them(tmp_path: Path) -> None:
    denied = PermissionError(13, "Permission denied", str(tmp_path / "nowhere" / "state.json"))
    assert describe(denied).endswith(f"it is yours: check its permissions with ls -ld {tmp_path}")
    assert describe(OSError(28, "No space left on device")) == "No space left on device"
    assert describe(OSError("in words of our own")) == "in words of our own"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize(("owner", "name"), [(NOBODY, "nobody"), (4_000_000, "user 4000000")])
def test_an_owner_may_have_no_name(tmp_path: Path, owner: int, name: str) -> None:
    os.chown(tmp_path, owner, -1)
    denied = PermissionError(1, "Operation not permitted", ".state.json.tmp")
    assert describe(denied, tmp_path / "state.json") == (
        f"Operation not permitted: '.state.json.tmp'; {tmp_path} belongs to {name}: run this again as that user, or with sudo"
    )
