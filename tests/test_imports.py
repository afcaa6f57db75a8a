"""Which module may import which: the rules of docs/architecture.md, which are read from there."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

OUTSIDE = {"tests", "prove", "bench", "docs", "deploy", "demo", "server"}
TABLE = re.findall(
    r"^\| `([a-z_.]+)` \| ([^|]*) \|$", (ROOT / "docs/architecture.md").read_text(), re.MULTILINE
)
# What each room may import besides itself and the standard library; a longer name overrules a shorter one.
MAY_IMPORT = {room: set(re.findall(r"`([^`]+)`", may)) for room, may in TABLE}
# All others are rules and words alone: no I/O, no clock of their own, nothing by chance.
AT_THE_EDGE = {
    *("handlers", "http_client", "lifecycle", "polling", "turns"),
    *("config.addresses", "config.building", "config.errors", "config.files", "config.loader"),
    *("config.model", "config.reading", "config.secrets", "config.tls", "config.validation"),
    *("config.values", "config.zones"),
    *("digest.channel", "digest.digest_poster", "digest.google_view", "digest.health", "digest.job"),
    *("digest.retry", "digest.upkeep"),
    *("google.api", "google.credentials", "google.pages", "google.rs256", "google.tokens"),
    *("google.transport", "google.webhook"),
    *("page.api", "page.rendering"),
    *("slack.client", "slack.responder", "slack.sender"),
    *("state.atomic_file", "state.backup", "state.loading", "state.mounts", "state.notices", "state.store"),
    *("state.transaction",),
}
IMPURE = {"asyncio", "io", "logging", "os", "pathlib", "random", "socket", "subprocess", "threading", "time"}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


ROOMS = {path.parent.name for path in ROOT.glob("*/__init__.py")} | {path.stem for path in ROOT.glob("*.py")}
MODULES = [path for path in sorted(ROOT.rglob("*.py")) if dotted(path).partition(".")[0] in ROOMS - OUTSIDE]


def imported(path: Path) -> set[str]:
    """The dotted names of the modules that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def known(names: set[str]) -> set[str]:
    """Leave out the standard library, and names within a module that is there itself."""
    parents = {name.rpartition(".")[0] for name in names}
    leaves = {name for name in names if not (name in parents and (ROOT / name.partition(".")[0]).is_dir())}
    return {name for name in leaves if name.partition(".")[0] not in sys.stdlib_module_names}


def within_any(name: str, rooms: set[str]) -> bool:
    return any(is_within(name, room) for room in rooms)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_its_room_may(path: Path) -> None:
    name = dotted(path)
    rule = max((rule for rule in MAY_IMPORT if is_within(name, rule)), key=len)
    own = rule.partition(".")[0]
    assert {
        other for other in known(imported(path)) if not within_any(other, {own, *MAY_IMPORT[rule]})
    } == set()


@pytest.mark.parametrize("path", [p for p in MODULES if not within_any(dotted(p), AT_THE_EDGE)], ids=dotted)
def test_a_pure_module_touches_nothing_outside(path: Path) -> None:
    assert {name.partition(".")[0] for name in imported(path)} & IMPURE == set()


def test_nobody_may_import_the_top() -> None:
    assert not {name.partition(".")[0] for may in MAY_IMPORT.values() for name in may} & {
        "server",
        "lifecycle",
    }


def test_the_requirements_are_these_three() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert names == ["tornado", "filelock", "pyyaml"]
