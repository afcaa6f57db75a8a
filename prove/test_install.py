"""`make install` below a folder: what is where, who may read it, and that it runs."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process import ended, needs
from tests.program import Program
from tests.support import ROOT

NAME = "uptime-check-manager"

pytestmark = pytest.mark.xdist_group("install")  # one release is made for all of them
SHIPPED = (
    *("config", "digest", "google", "handlers", "hosts", "languages", "lifecycle", "page", "polling"),
    *("slack", "state", "deploy"),
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as it is unpacked from a release, with wheels beside it."""
    release = tmp_path_factory.mktemp("release")
    for folder in SHIPPED:
        shutil.copytree(ROOT / folder, release / folder)
    for file in ("Makefile", "requirements.txt", "config.yaml", *(path.name for path in ROOT.glob("*.py"))):
        shutil.copy(ROOT / file, release)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", "requirements.txt", "-d", "wheels"], cwd=release, check=True, timeout=300)
    return release


def make(release: Path, target: str, root: Path) -> str:
    """Without a package index: everything must come from the wheels."""
    environment = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9/nowhere", "PIP_EXTRA_INDEX_URL": ""}
    command = ["make", target, f"DESTDIR={root}", f"PYTHON={sys.executable}"]
    done = ended(*command, cwd=release, env=environment, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    make(release, "install", root)
    return root


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_is_where_debian_expects_it(installed: Path) -> None:
    assert (installed / "opt" / NAME / "server.py").is_file()
    assert {unit.name for unit in (installed / "etc/systemd/system").iterdir()} == {
        f"{NAME}.service",
        f"{NAME}.socket",
    }
    settings, state = installed / "etc" / NAME, installed / "var/lib" / NAME
    assert [mode(path) for path in (settings, settings / "config.yaml", state)] == [0o750, 0o640, 0o700]
    assert f"state_file: /var/lib/{NAME}/state.json\n" in (settings / "config.yaml").read_text()
    assert not list((installed / "opt" / NAME).glob("tests"))


def check_runs(installed: Path, folder: Path) -> None:
    code = installed / "opt" / NAME
    config = Program(folder).config
    done = ended(code / ".venv/bin/python", code / "server.py", "--config", config, "--check")
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_installed_runs(installed: Path, tmp_path: Path) -> None:
    check_runs(installed, tmp_path)


def test_an_install_repairs_what_an_upgrade_of_python_broke(
    release: Path, installed: Path, tmp_path: Path
) -> None:
    """The link then leads to the new Python, and the packages stay in the folder of the old one."""
    (packages,) = (installed / "opt" / NAME / ".venv/lib").glob("python3*")
    packages.rename(packages.with_name("python3.0"))
    make(release, "install", installed)
    check_runs(installed, tmp_path)


def test_a_second_install_upgrades_in_place_and_keeps_the_operators_files(
    release: Path, installed: Path
) -> None:
    """The last test that uses it: it is uninstalled in the end."""
    code, config = installed / "opt" / NAME, installed / "etc" / NAME / "config.yaml"
    config.write_text("gcp: {password: my own long one}\n")
    state = installed / "var/lib" / NAME / "state.json"
    state.write_text("{}")
    stale = code / "slack" / "of_an_earlier_version.py"
    stale.write_text("")
    assert f"kept: {config}" in make(release, "install", installed)
    assert ("my own" in config.read_text(), state.read_text(), stale.exists()) == (True, "{}", False)
    assert f"kept: {config.parent}" in make(release, "uninstall", installed)
    assert (config.exists(), state.exists(), code.exists()) == (True, True, False)
    assert not list((installed / "etc/systemd/system").iterdir())


@needs("shellcheck")
def test_the_scripts_are_good_shell() -> None:
    assert ended("shellcheck", *sorted((ROOT / "deploy").rglob("*.sh"))).stdout == ""
