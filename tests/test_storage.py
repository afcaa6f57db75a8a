"""A state on network storage is refused, with the reason and the cure, unless it is wanted."""

from pathlib import Path

import pytest

from config import ConfigError, load
from lifecycle.main import main
from state.mounts import Mount

GOOD = "gcp: {password: a long enough password}\nstate_file: var/state.json\n"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration whose state lies on a share."""
    mounts = {tmp_path / "var" / "state.json": Mount("nfs4", "nas:/exports")}
    monkeypatch.setattr("config.checks.mount_of", mounts.get)
    file = tmp_path / "config.yaml"
    file.write_text(GOOD)
    file.chmod(0o600)
    return file


def test_it_is_refused_with_the_reason_and_the_cure(file: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(file)
    (told,) = str(refused.value).splitlines()
    assert told.startswith(f"{file} line 2: state_file: is on network storage (nfs4): a lock there is lost")
    assert told.endswith("may begin while the first still writes; use a local disk, or set state_on_network: true")  # fmt: skip


def test_it_is_refused_beside_other_mistakes(file: Path) -> None:
    file.write_text(f"{GOOD}state_on_network: maybe\n")
    with pytest.raises(ConfigError) as refused:
        load(file)
    assert [issue.key for issue in refused.value.issues] == ["state_file", "state_on_network"]


def test_if_it_is_wanted_it_is_warned_of(file: Path) -> None:
    file.write_text(f"{GOOD}state_on_network: true\n")
    (warning,) = load(file).warnings
    assert warning.endswith("while the first still writes; make sure that only one is ever started")


def test_another_place_is_good(file: Path) -> None:
    file.write_text(GOOD.replace("var/", ""))
    assert load(file).warnings == ()


def test_neither_a_check_nor_a_start_passes_over_it(
    file: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    assert (main(["--config", str(file), "--check"]), main(["--config", str(file)])) == (1, 78)
    assert "state_on_network: true" in capsys.readouterr().err
    assert "state_on_network: true" in caplog.text
    assert not (file.parent / "var").exists()
    file.write_text(f"{GOOD}state_on_network: true\n")
    assert main(["--config", str(file), "--check"]) == 0
