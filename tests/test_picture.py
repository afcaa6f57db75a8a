"""The pictures of the documents are those of the messages that this version makes."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.support import PATIENCE, ROOT

PICTURES = ["digest-good.svg", "digest-bad.svg", "digest-huge.svg", "alert.svg", "answer.svg"]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    script = [sys.executable, "-W", "error", str(ROOT / "docs" / "picture.py"), str(folder)]
    subprocess.run(script, cwd=folder, check=True, timeout=PATIENCE)
    return folder


def test_the_script_makes_these_and_no_others(drawn: Path) -> None:
    assert {path.name for path in drawn.iterdir()} == set(PICTURES)
    assert {path.name for path in (ROOT / "docs").glob("*.svg")} == set(PICTURES)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_the_one_that_the_script_makes_and_shown_in_both_languages(
    name: str, drawn: Path
) -> None:
    picture = ROOT / "docs" / name
    assert picture.read_text() == (drawn / name).read_text(), "run python docs/picture.py"
    for language in ("", ".ko"):
        pages = [ROOT / f"{page}{language}.md" for page in ("README", "docs/digest", "docs/commands")]
        shown = "\n".join(page.read_text() for page in pages)
        assert re.search(rf"^!\[.+\]\((?:docs/)?{name}\)$", shown, re.MULTILINE)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_whole_small_and_drawn_as_slack_shows_it_light_and_dark(name: str) -> None:
    svg = (ROOT / "docs" / name).read_text()
    ET.fromstring(svg)
    assert len(svg.encode()) < 8_000
    assert svg.count('<rect class="x"') == svg.count('<text class="c"') > 0
    assert "prefers-color-scheme:dark" in svg
    assert "UTC" not in svg
    assert "Today at" in svg or name == "alert.svg"


def test_the_bad_one_shows_menus_beside_hosts_and_the_huge_one_that_it_was_cut() -> None:
    bad, huge = ((ROOT / "docs" / f"digest-{name}.svg").read_text() for name in ("bad", "huge"))
    assert [bad.count(f">{label}</text>") for label in ("Mute…", "Mute or resolve…", "Unmute")] == [2, 1, 1]
    assert re.search("… and [1-9],[0-9]{3} more hosts down", huge)
