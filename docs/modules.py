"""Lists what each module is for, in its own words, in modules.md: python docs/modules.py"""

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
    "slack",
    "page",
    "languages",
    "handlers",
)
TITLE = """\
# Modules

What each module is for, in its own first line. `python docs/modules.py` writes this page.
[architecture.md](architecture.md) says how they work together.
"""


def listing() -> str:
    return "\n".join([TITLE, *_table(ROOT.glob("*.py")), *(line for room in ROOMS for line in _room(room))])


def _room(name: str) -> Iterator[str]:
    yield f"## {name}/\n\n{_summary(ROOT / name / '__init__.py')}\n"
    yield from _table({*(ROOT / name).rglob("*.py")} - {ROOT / name / "__init__.py"})


def _table(modules: Iterable[Path]) -> Iterator[str]:
    yield "| module | what it is for |\n|---|---|"
    for path in sorted(modules):
        name = path.relative_to(ROOT).as_posix()
        yield f"| `{name}` | {_summary(path)} |"
    yield ""


def _summary(module: Path) -> str:
    """The first paragraph of its docstring."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


if __name__ == "__main__":
    (FOLDER / "modules.md").write_text(listing(), "utf-8")
