"""The section google: of config.yaml."""

from pathlib import Path

import pytest

from tests.command_line import run
from tests.config_files import GOOD, mistakes, read
from tests.program import Program


def written(**keys: str) -> str:
    return GOOD + "google:\n" + "".join(f"  {key}: {value}\n" for key, value in keys.items())


@pytest.mark.parametrize("project", ["acme-monitoring", "123456789012", "example.com:acme-monitoring"])
def test_a_project_is_named_by_its_id_or_number(tmp_path: Path, project: str) -> None:
    assert read(tmp_path, written(project=project, every="10s")).google.project == project
    assert read(tmp_path, written(project=f"projects/{project}")).google.project == project


@pytest.mark.parametrize(("folder", "name"), [("", "key.json"), ("of-systemd", "key")])
def test_credentials_are_a_file_beside_the_configuration_or_a_credential_of_systemd(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, name: str
) -> None:
    file = tmp_path / folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("{}")
    file.chmod(0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "of-systemd"))
    config = read(tmp_path, written(project="acme-monitoring", credentials=name))
    assert (config.google.credentials, config.warnings) == (file, ())


@pytest.mark.parametrize(
    ("keys", "mistake"),
    [
        ({"project": "Acme Monitoring"}, 'google.project: found "Acme Monitoring"; write the id of a project, such as acme-monitoring, not its name; see: gcloud projects list'),
        ({"project": "a/../b"}, 'google.project: found "a/../b"; write the id of a project, such as '),
        ({"every": "9s"}, 'google.every: found "9s"; write at least 10s'),
        ({"every": "off"}, 'google.every: found "off"; it cannot be off; write at most 7d'),
        ({"credentials": "~/key"}, "google.credentials: ~ and variables are not expanded here"),
        *[({"credentials": typo}, f"google.credentials: write metadata, or ./{typo} for a file of that name") for typo in ("metadta", "Meta-Data")],
        ({"credentials": "ya29.canary"}, "google.credentials: save the credentials in a file"),
        ({"credentials": "'{\"private_key\": \"canary\"}'"}, "google.credentials: "),
    ],
)  # fmt: skip
def test_a_mistake_is_reported_with_its_fix(tmp_path: Path, keys: dict[str, str], mistake: str) -> None:
    (reported,) = mistakes(tmp_path, written(**keys))
    assert reported.removeprefix("line 3: ").startswith(mistake)
    assert "canary" not in reported


@pytest.mark.parametrize(
    ("keys", "warning"),
    [
        ({"credentials": "key"}, "google.credentials is set without google.project, so Google is not asked"),
        ({"project": "acme-monitoring", "credentials": "key"}, "others on this machine can read it"),
    ],
)
def test_bad_credentials_are_only_warned_of(tmp_path: Path, keys: dict[str, str], warning: str) -> None:
    (tmp_path / "key").write_text("ya29.canary")
    (tmp_path / "key").chmod(0o644)
    found = read(tmp_path, written(**keys)).warnings
    assert any(warning in one for one in found)
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (None, "cannot read "),
        ('{"type": "authorized_user"}', "has no 'client_id'"),
        ("ya29.canary", None),
    ],
)
def test_check_says_what_would_make_a_login_fail(
    tmp_path: Path, program: Program, content: str | None, warning: str | None
) -> None:
    program.config.write_text(written(project="acme-monitoring", credentials="key"))
    if content is not None:
        (tmp_path / "key").write_text(content)
        (tmp_path / "key").chmod(0o600)
    code, _, said = run(program, "--check")
    assert (code, "canary" in said) == (0, False)
    assert said.count("google.credentials: ") == (warning is not None)
    assert (warning or "") in said


def test_nobody_is_told_to_close_a_folder(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir(mode=0o755)
    config = read(tmp_path, written(project="acme-monitoring", credentials="key"))
    assert config.warnings == ()
