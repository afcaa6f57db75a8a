"""An edited configuration takes effect two polls later, completely or not at all."""

import fcntl
import json
import logging
import re
import signal
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from config import Config, load
from digest.health import Stats
from lifecycle.reloading import POLLS_BEFORE_RETRY, Reloader, Signature, Unavailable, signature, signatures
from tests.builders import NOON
from tests.dead_mount import dead_mount
from tests.program import QUICK, Program, running
from tests.support import PASSWORD, PATIENCE, basic, incident_body

NEAR = "127.0.0.1"
GOOD = f"gcp:\n  password: {PASSWORD}\n"


class Edited:
    """A file, and what follows its edits."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "config.yaml"
        self.write(GOOD)
        self.stats = Stats(NOON)
        self.adopted: list[Config] = []
        self.start()

    def start(self, *addresses: str) -> None:
        """The file is read, and those that listen at these addresses follow it from now on."""
        config = load(self.file)
        loaded = signatures(config)
        self.reloader = Reloader(config, loaded, self.adopted.append, self.stats, addresses or [NEAR])

    def write(self, text: str) -> None:
        self.file.write_text(text)
        self.file.chmod(0o600)

    def secret(self, path: str) -> Path:
        """The password in a file of its own, from now on."""
        file = self.file.parent / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(PASSWORD)
        self.write(f"gcp: {{password_file: {path}}}\n")
        return file

    async def poll(self, times: int = 2) -> list[Config]:
        """The configurations that were adopted meanwhile."""
        self.adopted.clear()
        for _ in range(times):
            await self.reloader.poll()
        return self.adopted


@pytest.fixture
def edited(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Edited:
    caplog.set_level(logging.INFO)
    return Edited(tmp_path)


async def test_an_edit_is_applied_once_the_file_stops_changing(edited: Edited) -> None:
    assert await edited.poll() == []
    edited.write(f"{GOOD}language: ko\n")
    assert await edited.poll(1) == []
    edited.write(f"{GOOD}language: ko\ndoubt_after: 1d\n")
    assert await edited.poll(1) == []
    (config,) = await edited.poll(1)
    assert (config.language, config.doubt_after.days) == ("ko", 1)
    assert await edited.poll() == []


async def test_a_bad_edit_changes_nothing_and_every_mistake_is_logged(
    edited: Edited, caplog: pytest.LogCaptureFixture
) -> None:
    edited.write(f"{GOOD}langage: ko\ndoubt_after: soon\n")
    assert await edited.poll(5) == []
    one, other, rejected = caplog.messages
    assert "line 3: langage: no such key; did you mean language?" in one
    assert 'line 4: doubt_after: found "soon"' in other
    assert "keeping the previous configuration" in rejected
    assert re.search(r"langage.*\(and 1 more\)", str(edited.stats.config_problem))
    await edited.reloader.reload()
    assert len(caplog.messages) == 6  # whoever asks is told again
    edited.write(GOOD)
    assert len(await edited.poll()) == 1
    assert edited.stats.config_problem is None


async def test_a_reload_quotes_no_password(edited: Edited, caplog: pytest.LogCaptureFixture) -> None:
    edited.write("gcp:\n  password: another password of ours\n")
    await edited.poll()
    assert caplog.messages[-1].endswith("; in use now: gcp.password")
    assert "another password" not in caplog.text


HOOK = "webhook_url: https://x.test/y"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (f"channels: [{{name: a, {HOOK}}}, {{name: b, {HOOK}, hosts: [x.test]}}]", f"channels: [{{name: a, {HOOK}}}]", "no longer in use: channels.b"),
        (f"channels: [{{name: a, {HOOK}, hosts: [x.test]}}]", f"channels: [{{name: b, {HOOK}, hosts: [x.test]}}]", "in use now: channels.b; no longer in use: channels.a"),
        ("digest: {at: 9am}", "digest: {at: 9am, every: 1d}", "no setting in use has changed"),
        ("digest: {at: 9am, every: 1d}", "digest: {every: 1d}", "in use now: digest.every; no longer in use: digest.at"),
        (f"language: en\nchannels: [{{name: a, {HOOK}, language: ko}}]", f"language: ko\nchannels: [{{name: a, {HOOK}, language: ko}}]", "in use now: language"),
        (f"channels: [{{name: a, {HOOK}}}]", f"language: ko\nchannels: [{{name: a, {HOOK}}}]", "in use now: language"),
        (f"channels: [{{name: a, {HOOK}}}]", f"channels: [{{name: a, {HOOK}, language: ko}}]", "in use now: channels.a.language"),
        (f"channels: [{{name: a, {HOOK}, digest: {{at: 9am}}}}]", f"channels: [{{name: a, {HOOK}}}]", "in use now: channels.a.digest.every; no longer in use: channels.a.digest.at"),
        ("digest: {at: 9am}\nlisten: {port: 81}", "digest: {at: 9am}\n\nlisten: {port: 81}", "no setting in use has changed"),
        ("", "digest: {at: 9am}\ntimezone: Asia/Seoul\nlisten: {port: 81}", "in use now: digest.at, timezone; no longer in use: digest.every"),
        ("listen: {port: 81}\nstate_file: other.json", "language: ko", "in use now: language"),
        ("alerts: {hosts: [x.test]}", "", "no longer in use: alerts.hosts"),
        ("silence_after: 3d", "silence_after: off", "no longer in use: silence_after"),
        ("timezone: Asia/Seoul", "", "in use now: timezone"),
    ],
)  # fmt: skip
async def test_what_is_not_in_effect_is_never_called_in_use(
    edited: Edited, caplog: pytest.LogCaptureFixture, before: str, after: str, said: str
) -> None:
    edited.write(f"{GOOD}{before}\n")
    await edited.poll()
    edited.write(f"{GOOD}{after}\n")
    await edited.poll()
    assert caplog.messages[-1] == f"reloaded {edited.file}; {said}"


@pytest.mark.parametrize(
    ("repair", "said"), [("", "no setting in use has changed"), ("language: ko\n", "in use now: language")]
)
async def test_after_a_rejected_edit_it_is_said_that_the_file_is_valid_again(
    edited: Edited, caplog: pytest.LogCaptureFixture, repair: str, said: str
) -> None:
    edited.write(f"{GOOD}langage: ko\n")
    await edited.poll()
    edited.write(f"{GOOD}{repair}")
    await edited.poll()
    await edited.reloader.reload()
    again, once_more = caplog.messages[-2:]
    assert again == f"reloaded {edited.file}, which is valid again; {said}"
    assert once_more == f"reloaded {edited.file}; no setting in use has changed"


ELSEWHERE = HOOK.replace("y", "z")


@pytest.mark.parametrize(
    ("before", "after", "lost"),
    [
        (f"slack: {{{HOOK}}}", "", "nothing is posted to Slack any more; no webhook_url is set, so digests go to the terminal"),
        (f"channels: [{{name: a, {HOOK}}}]", "", "nothing is posted to Slack any more; no webhook_url is set, so digests go to the terminal"),
        (f"channels: [{{name: a, {HOOK}}}, {{name: b, {ELSEWHERE}}}]", f"channels: [{{name: a, {HOOK}}}]", "nothing is posted to the channel b any more"),
        (f"channels: [{{name: a, {HOOK}}}]", f"channels: [{{name: b, {HOOK}}}]", None),
        (f"slack: {{{HOOK}}}", f"slack: {{{ELSEWHERE}}}", None),
        (f"slack: {{{HOOK}}}", f"channels: [{{name: a, {HOOK}}}]", None),
        ("", f"slack: {{{HOOK}}}", None),
        ("", "language: ko", None),
    ],
)  # fmt: skip
async def test_an_edit_that_takes_a_channel_away_is_warned_of(
    edited: Edited, caplog: pytest.LogCaptureFixture, before: str, after: str, lost: str | None
) -> None:
    edited.write(f"{GOOD}{before}\n")
    await edited.poll()
    edited.write(f"{GOOD}{after}\n")
    await edited.poll()
    warned = [message for message in caplog.messages if "any more" in message]
    assert warned == ([f"{edited.file}: {lost}"] if lost else [])


async def test_a_dead_mount_is_told_once_and_an_edit_that_does_without_it_is_in_use(
    edited: Edited, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.files.READ_TIMEOUT", 1)
    monkeypatch.setattr("lifecycle.reloading.STAT_TIMEOUT", 0.2)
    secret = edited.secret("dead/password")
    assert len(await edited.poll()) == 1
    with dead_mount(secret.parent) as mount:
        assert await edited.poll(5) == []
        said = f"line 1: gcp.password_file: cannot read {secret}: no answer within 1 s"
        assert said in str(edited.stats.config_problem)
        edited.write(f"{GOOD}language: ko\n")
        assert len(await edited.poll()) == 1
        assert edited.stats.config_problem is None
        edited.write("gcp: {password_file: dead/password}\n")
        await edited.poll()
        assert said in str(edited.stats.config_problem)
        mount.taken_away()  # whoever waits there waits for ever
        await edited.reloader.reload()
        assert edited.stats.config_problem is None
        secret.write_text("another long password")
        (config,) = await edited.poll()
        assert config.gcp.passwords == ("another long password",)
    assert sum(said in message for message in caplog.messages) == 2


async def test_a_file_that_cannot_be_read_for_a_while_is_retried_though_nothing_changes(
    edited: Edited, caplog: pytest.LogCaptureFixture
) -> None:
    """A lease held by another program, such as a file server: its end leaves no trace in the file."""
    secret = edited.secret("password")
    with secret.open("r+") as holder:
        fcntl.fcntl(holder, fcntl.F_SETSIG, signal.SIGURG)  # instead of SIGIO, which ends a program
        fcntl.fcntl(holder, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        assert await edited.poll(POLLS_BEFORE_RETRY + 10) == []
        assert "Resource temporarily unavailable" in str(edited.stats.config_problem)
        assert sum("Resource temporarily" in message for message in caplog.messages) == 1
    assert len(await edited.poll(POLLS_BEFORE_RETRY)) == 1
    assert edited.stats.config_problem is None


async def test_a_file_that_is_gone_for_a_moment_does_no_harm(edited: Edited) -> None:
    edited.file.unlink()
    assert await edited.poll() == []
    assert "cannot be read" in str(edited.stats.config_problem)
    edited.write(f"{GOOD}language: ko\n")
    (config,) = await edited.poll()
    assert config.language == "ko"


async def test_a_secret_in_a_file_of_its_own_is_followed(edited: Edited) -> None:
    secret = edited.file.with_name("password")
    edited.write("gcp: {password_file: password}\n")
    assert await edited.poll() == []
    assert "password" in str(edited.stats.config_problem)
    secret.write_text("the first long one\n")
    (config,) = await edited.poll()
    assert config.gcp.passwords == ("the first long one",)
    other = edited.file.with_name("new")  # as careful programs replace a file
    other.write_text("the other long one\n")
    other.replace(secret)
    (config,) = await edited.poll()
    assert config.gcp.passwords == ("the other long one",)


@pytest.mark.parametrize("is_new", [True, False], ids=["new", "without an answer before"])
async def test_an_edit_right_after_a_file_was_read_without_a_signature_is_noticed(
    edited: Edited, monkeypatch: pytest.MonkeyPatch, *, is_new: bool
) -> None:
    secret, is_read = edited.secret("password"), False

    def look(path: Path) -> Signature:
        return signature(path) if is_read or path != secret else Unavailable.NO_ANSWER

    def load_before_edit(path: Path) -> Config:
        nonlocal is_read
        config = load(path)
        if not is_read:
            secret.write_text("another long password")
            is_read = True
        return config

    if not is_new:
        await edited.poll(4)
    monkeypatch.setattr("lifecycle.reloading.signature", look)
    monkeypatch.setattr("lifecycle.reloading.load", load_before_edit)
    passwords = [config.gcp.passwords for config in await edited.poll(6)]
    assert passwords == [(PASSWORD,), ("another long password",)]


async def test_a_key_that_needs_a_restart_says_so_and_stays_as_it_is(
    edited: Edited, caplog: pytest.LogCaptureFixture
) -> None:
    edited.write(f"{GOOD}listen: {{port: 9999}}\nlanguage: ko\n")
    (config,) = await edited.poll()
    assert (config.listen.port, config.language) == (8080, "ko")
    assert list(edited.stats.restart_required) == ["listen"]
    assert "listen has changed; restart to apply it" in caplog.text
    edited.write(GOOD)
    await edited.poll()
    assert not edited.stats.restart_required


async def test_a_state_that_is_to_be_kept_elsewhere_has_to_be_moved_before_the_restart(
    edited: Edited, caplog: pytest.LogCaptureFixture
) -> None:
    edited.write(f"{GOOD}state_file: other/state.json\n")
    (config,) = await edited.poll()
    old, new = config.state_file, config.sources[0].parent / "other/state.json"
    how = f"stop the server, move {old} to {new}, and {old}.bak to {new}.bak, and start it"
    assert f"state_file has changed; to apply it, {how}" in caplog.text


async def test_the_shipped_password_is_refused_where_strangers_reach_the_running_server(
    edited: Edited,
) -> None:
    edited.start(NEAR, "::")
    edited.write("gcp: {password: change-me}\nlisten: {address: 127.0.0.1}\n")
    await edited.reloader.reload()
    assert edited.adopted == []
    assert "gcp.password: is published with this project" in str(edited.stats.config_problem)


async def test_a_bug_while_applying_an_edit_is_logged_and_ends_nothing(
    edited: Edited, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Config) -> None:
        raise RuntimeError("a fault")

    edited.reloader._adopt = fail
    await edited.reloader.reload()
    assert "unhandled exception" in caplog.text


def test_an_edit_while_the_program_starts_is_in_use(tmp_path: Path) -> None:
    edit = f"""
import state.loading
def edit_and_open(*given, found=state.loading.open_store):
    with open({str(tmp_path / "config.yaml")!r}, "a") as file:
        file.write("language: ko")
    return found(*given)
state.loading.open_store = edit_and_open
import"""
    with running(
        tmp_path, "-c", QUICK[1].replace("import config.files,", f"{edit} config.files,")
    ) as program:
        program.until(lambda: "in use now: language" in program.log())


def test_the_running_program_applies_an_edit(tmp_path: Path) -> None:
    """Also on connections that were open before. SIGHUP makes it look at once."""
    old, new = basic(), basic(password="an even longer password")
    with running(tmp_path, *QUICK) as program, closing(connected(program)) as connection:
        assert status_on(connection, old) == 200
        program.process.send_signal(signal.SIGHUP)
        program.until(lambda: "no setting in use has changed" in program.log())
        assert program.deliver(incident_body(), Authorization=new)[0] == 401
        before = program.config.read_text()
        program.config.write_text(f"{before}langage: ko\n")
        program.until(lambda: program.health()[0] == 503)
        assert "langage" in str(program.health()[1]["problems"])
        assert "langage" in program.say("uptime check")
        program.config.write_text(f"{before.replace(PASSWORD, 'an even longer password')}language: ko\n")
        program.until(lambda: "중단" in program.say("uptime check"))
        assert program.deliver(incident_body(), Authorization=new)[0] == 200
        assert (status_on(connection, old), program.health()[0]) == (401, 200)
        program.config.write_text(f"{before}listen: {{}}\n")
        program.until(lambda: "listen" in str(program.health()[1]["problems"]))
        assert program.stop() == 0
    for unwanted in ("Traceback", PASSWORD, "an even longer"):
        assert unwanted not in program.log()


def connected(program: Program) -> HTTPConnection:
    return HTTPConnection(program.url.removeprefix("http://"), timeout=PATIENCE)


def status_on(connection: HTTPConnection, credentials: str) -> int:
    """Of a delivery."""
    body, headers = json.dumps(incident_body()), {"Authorization": credentials}
    connection.request("POST", "/fromGCPMonitoring", body, headers)
    with connection.getresponse() as response:
        response.read()
        return response.status
