"""Lists what each module is for and what it defines, in modules.md: python docs/modules.py"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
ROOMS = (
    "lifecycle",
    "config",
    "hosts",
    "state",
    "digest",
    "google",
    "polling",
    "slack",
    "page",
    "languages",
    "handlers",
)
TITLE = """\
# Modules

What each module is for, as its first line says, and the functions, classes and constants that it defines.
`python docs/modules.py` writes this page. [architecture.md](architecture.md) says how they work together.
"""


def listing() -> str:
    return "\n".join([TITLE, *_table(ROOT.glob("*.py")), *(line for room in ROOMS for line in _room(room))])


def _room(name: str) -> Iterator[str]:
    package = ROOT / name / "__init__.py"
    yield f"## {name}/\n\n{_summary(ast.parse(package.read_text('utf-8')))}\n"
    yield from _table({*(ROOT / name).rglob("*.py")} - {package})


def _table(modules: Iterable[Path]) -> Iterator[str]:
    yield "| module | what it is for | what it defines |\n|---|---|---|"
    for path in sorted(modules):
        module = ast.parse(path.read_text("utf-8"))
        defined = ", ".join(f"`{name}`" for name in dict.fromkeys(_names(module)) if not name.startswith("_"))
        yield f"| `{path.relative_to(ROOT).as_posix()}` | {_summary(module)} | {defined} |"
    yield ""


def _summary(module: ast.Module) -> str:
    """The first paragraph of its docstring."""
    return " ".join((ast.get_docstring(module) or "").split("\n\n")[0].split())


def _names(module: ast.Module) -> Iterator[str]:
    """Its functions, classes and constants."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found = [part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)]
            yield from (name for name in found if name.isupper() and len(name) > 1)


if __name__ == "__main__":
    (FOLDER / "modules.md").write_text(listing(), "utf-8")
