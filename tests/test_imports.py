"""Who may import whom, as the README draws it."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OWN = {
    "vitals",
    "config",
    "digest",
    "handlers",
    "http_client",
    "lifecycle",
    "log",
    "server",
    "slack",
    "state",
    "streams",
    "demo",
    "preview",
}
# A module may import the standard library and what stands here; the longest matching name counts.
ALLOWED = {
    "state": {"state"},
    "state.loading": {"state", "filelock"},
    "state.store": {"state", "vitals"},
    "config": {"config", "state"},
    "config.nodes": {"config", "yaml"},
    "state.hostnames": set(),
    "state.identity": set(),
    "digest": {"digest", "state"},
    "digest.schedule": {"config"},
    "digest.alerts": {"config", "digest", "state"},
    "digest.channel": {"config", "digest", "state"},
    "digest.expiry": {"config", "state"},
    "digest.view": {"config", "digest", "state"},
    "digest.uptime": {"config", "digest", "state"},
    "digest.weekly": {"config", "digest", "state"},
    "digest.job": {"config", "digest", "state", "vitals"},
    "slack": {"slack"},
    "slack.text": {"slack", "state"},
    "slack.hosts": {"slack", "state"},
    "slack.several": {"slack", "state"},
    "slack.removal": {"slack", "state"},
    "slack.restoral": {"slack", "state"},
    "slack.naming": {"slack", "state"},
    "slack.concerning": {"slack", "state"},
    "slack.hidden": {"slack", "digest", "state"},
    "slack.languages": {"slack", "state"},
    "slack.bulletin": {"slack", "digest"},
    "slack.deeds": {"slack", "state"},
    "slack.down": {"slack", "digest"},
    "slack.history": {"slack", "digest", "state"},
    "slack.message": {"slack", "digest"},
    "slack.wording": {"slack", "digest", "state"},
    "slack.replies": {"slack", "digest", "state"},
    "slack.sender": {"slack", "digest"},
    "slack.client": {"config", "http_client", "tornado"},
    "handlers": {"handlers", "config", "digest", "slack", "state", "tornado", "vitals"},
    "handlers.payload": {"handlers", "state"},
    "handlers.naming": {"handlers", "state"},
    "handlers.queries": {"state"},
    "handlers.strict_json": set(),
    "http_client": {"config", "tornado"},
    "log": set(),
    "streams": set(),
    "vitals": set(),
    "lifecycle": {"config", "lifecycle", "slack"},
    "lifecycle.moving": {"lifecycle", "state", "streams"},
    "lifecycle.main": {"config", "lifecycle", "log", "preview", "state", "streams"},
    "lifecycle.ping": {"config", "http_client"},
    "lifecycle.supervision": set(),
    "lifecycle.checking": {"config", "lifecycle", "slack"},
    "lifecycle.folder": {"lifecycle", "state"},
    "lifecycle.permission": set(),
    "lifecycle.signals": set(),
    "lifecycle.reloading": {"config", "lifecycle", "state", "vitals"},
    "lifecycle.service": {"config", "digest", "handlers", "lifecycle", "slack", "state", "vitals"},
    "lifecycle.serving": {"config", "handlers", "lifecycle", "state", "streams", "tornado"},
    "server": {"lifecycle", "streams"},
    "preview": {"config", "digest", "slack", "state", "streams"},
    "demo": {"slack", "streams"},
}
MODULES = [
    path for path in sorted(ROOT.rglob("*.py")) if path.relative_to(ROOT).parts[0].removesuffix(".py") in OWN
]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names - set(sys.stdlib_module_names)


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_a_module_imports_only_what_it_may(path: Path) -> None:
    name = dotted(path)
    rule = max((prefix for prefix in ALLOWED if name.startswith(prefix)), key=len)
    assert imported(path) <= ALLOWED[rule]


def test_nobody_imports_the_server() -> None:
    assert not [path for path in MODULES if "server" in imported(path)]


def test_the_requirements_are_these_three() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if not line.startswith("#")]
    assert names == ["tornado", "filelock", "pyyaml"]
