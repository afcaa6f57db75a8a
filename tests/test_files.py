"""Reading ends whatever is in place of a file, and the error says what it is."""

import os
import re
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from config import ConfigError, load
from config.files import MAX_PENDING, call_with_timeout, exposure, has_pending_reads, read_file, status_of
from tests.certificates import Authority, Pair
from tests.config_files import GOOD, mistakes, read
from tests.dead_mount import dead_mount
from tests.program import QUICK
from tests.support import PATIENCE


@pytest.fixture(scope="module")
def pair(authority: Authority) -> Pair:
    return authority.issue("good")


def bind_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


Put = Callable[[Path], object]
KINDS: list[tuple[Put, str]] = [
    (os.mkfifo, "it is a pipe; write the path of a regular file"),
    (lambda path: path.symlink_to("/dev/zero"), "it is a device; write the path of a regular file"),
    (bind_socket, "it is a socket; write the path of a regular file"),
    (Path.mkdir, "Is a directory"),
    (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
]


@pytest.mark.parametrize(("put", "said"), KINDS)
@pytest.mark.parametrize(
    "text",
    [
        "gcp: {password_file: odd}\n",
        "slack: {webhook_url_file: odd}\n" + GOOD,
        "heartbeat_url_file: odd\n" + GOOD,
        "status: {token_file: odd}\n" + GOOD,
        "channels: [{name: a, webhook_url_file: odd}]\n" + GOOD,
        "tls: {certificate: odd, key: good.key}\n" + GOOD,
        "tls: {certificate: good.pem, key: odd}\n" + GOOD,
    ],
)
def test_anything_but_a_regular_file_is_refused_and_reported(
    tmp_path: Path, put: Put, said: str, text: str, pair: Pair
) -> None:
    (tmp_path / "good.pem").symlink_to(pair.certificate)
    (tmp_path / "good.key").symlink_to(pair.key)
    put(tmp_path / "odd")
    (mistake,) = mistakes(tmp_path, text)
    assert mistake.startswith("line 1: ")
    assert f"{tmp_path / 'odd'}" in mistake
    assert said in mistake


@pytest.mark.parametrize(("put", "said"), KINDS)
def test_a_configuration_that_is_not_a_regular_file_is_reported(tmp_path: Path, put: Put, said: str) -> None:
    put(tmp_path / "config.yaml")
    with pytest.raises(ConfigError, match="cannot be read: " + re.escape(said)):
        load(tmp_path / "config.yaml")


def test_a_mount_that_does_not_answer_is_reported_with_key_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.files.READ_TIMEOUT", 1)
    text, dead = "timezone: UTC\ngcp:\n  password_file: dead/password\n", tmp_path / "dead"
    dead.mkdir()
    with dead_mount(dead) as mount:
        reported = f"line 3: gcp.password_file: cannot read {dead}/password: no answer within 1 s; "
        assert f"{reported}is it on a mount whose server is gone?" in mistakes(tmp_path, text)[0]
        mount.taken_away()
        (dead / "password").write_text("a long enough password")
        assert read(tmp_path, text).gcp.passwords == ("a long enough password",)


def test_no_command_waits_for_a_mount_that_does_not_answer(tmp_path: Path) -> None:
    file, dead = tmp_path / "config.yaml", tmp_path / "dead"
    dead.mkdir()
    file.write_text("gcp: {password_file: dead/password}\n")
    command = [sys.executable, *QUICK, "--config", str(file)]
    check = [*command, "--check"]
    with dead_mount(dead):
        started = [subprocess.Popen(each, stderr=subprocess.PIPE, text=True) for each in (command, check)]
        said = [process.communicate(timeout=PATIENCE)[1] for process in started]
    assert [process.returncode for process in started] == [78, 1]
    for each in said:
        assert "no answer within 1 s" in each
        assert "Traceback" not in each


def test_a_call_that_is_never_answered_is_given_up_and_kept_from_piling_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.files._pending", {})  # other tests may have left some
    answer = threading.Event()
    with monkeypatch.context() as patched:
        patched.setattr("config.files.READ_TIMEOUT", 0.01)
        for _ in range(MAX_PENDING + 2):
            with pytest.raises(TimeoutError, match=r"no answer within 0\.01 s"):
                call_with_timeout(tmp_path, answer.wait)
    waiting = [thread for thread in threading.enumerate() if thread.name == f"read {tmp_path}"]
    assert len(waiting) == MAX_PENDING
    assert has_pending_reads()
    assert read_file(Path(__file__), 100_000)[0].startswith(b'""')  # others are read meanwhile
    answer.set()
    for thread in waiting:
        thread.join()
    assert not has_pending_reads()
    assert call_with_timeout(tmp_path, lambda: 7) == 7


def time_out() -> None:
    raise TimeoutError("of the file system")


def test_an_error_of_the_call_is_raised_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.files._pending", {})
    with pytest.raises(ZeroDivisionError):
        call_with_timeout(tmp_path, lambda: 1 // 0)
    with pytest.raises(TimeoutError, match="of the file system"):
        call_with_timeout(tmp_path, time_out)
    assert not has_pending_reads()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look anywhere")
def test_a_credential_that_this_user_may_not_look_at_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    credentials = tmp_path / "credentials"
    credentials.mkdir(0o000)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    (mistake,) = mistakes(tmp_path, "gcp: {password_file: gcp-password}\n")
    assert f"cannot read {credentials}/gcp-password: Permission denied" in mistake


def test_a_credential_that_is_nowhere_is_missed_where_it_was_meant_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their folder is removed when the service ends."""
    credentials = tmp_path / "credentials"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    of_service, own = "gcp: {password_file: gcp-password}\n", f"gcp: {{password_file: {tmp_path}/pw}}\n"
    (mistake,) = mistakes(tmp_path, of_service)
    assert mistake.endswith(
        f"cannot read gcp-password: {credentials}, where systemd puts credentials, is there only while the service runs; "
        "start the service, then try again"
    )
    assert str(tmp_path / "gcp-password") not in mistake
    assert mistakes(tmp_path, own)[0].endswith(f"cannot read {tmp_path}/pw: No such file or directory")
    credentials.mkdir()
    (mistake,) = mistakes(tmp_path, of_service)
    assert f"neither {credentials}/gcp-password nor {tmp_path}/gcp-password; a new credential" in mistake


@pytest.mark.parametrize("key", ["tls: {key: y, certificate", "slack: {webhook_url_file"])
@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3000 + "y"])
def test_a_name_too_long_for_any_file_is_a_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, name: str
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert "File name too long" in mistakes(tmp_path, f"{key}: {name}}}\n{GOOD}")[0]


def test_a_file_that_is_gone_is_open_to_nobody(tmp_path: Path) -> None:
    assert status_of(tmp_path / "gone") is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to a group")
@pytest.mark.parametrize(
    ("mode", "group", "of_secret", "of_other"),
    [
        (0o640, 65534, None, None),  # as `make install` leaves it
        (0o644, 0, "others on this machine can read it; prevent that with: chmod o-r", None),
        (0o602, 0, *["others on this machine can change it; prevent that with: chmod o-w"] * 2),
        (0o666, 0, "others on this machine can read and change it; prevent that with: chmod o-rw", "others on this machine can change it; prevent that with: chmod o-w"),
        (0o660, 0, None, None),  # root's own group
        (0o660, 65534, *["its group can change it; prevent that with: chmod g-w"] * 2),
        (0o662, 65534, *["others on this machine can change it; prevent that with: chmod g-w,o-w"] * 2),
    ],
)  # fmt: skip
def test_a_file_that_others_may_change_or_a_secret_that_they_may_read_is_exposed(
    tmp_path: Path, mode: int, group: int, of_secret: str | None, of_other: str | None
) -> None:
    file = tmp_path / "pw"
    file.touch()
    os.chown(file, -1, group)
    file.chmod(mode)
    for is_secret, said in ((True, of_secret), (False, of_other)):
        found = exposure(file, file.stat(), is_secret=is_secret)
        assert found == (said and f"{file}: {said} {file}")


def test_a_group_without_a_name_is_private_if_it_has_its_users_number(tmp_path: Path) -> None:
    """As in a container, whose user has no account."""
    status = [*tmp_path.stat()]
    for user, group, is_exposed in ((4_000_000, 4_000_000, False), (4_000_000, 4_000_001, True)):
        status[stat.ST_MODE], status[stat.ST_UID], status[stat.ST_GID] = 0o660, user, group
        found = os.stat_result(status)
        assert bool(exposure(tmp_path, found, is_secret=True)) == is_exposed
