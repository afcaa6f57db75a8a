"""The documents say what the code does, and their examples work."""

import ast
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from config.schema import CHANNEL_KEYS, KEYS
from docs import modules
from hosts.outages import FLAPPING, FLAPPING_WITHIN
from languages import ENGLISH, KOREAN, Language
from lifecycle import main
from tests import config_files
from tests.process import needs
from tests.program import Program
from tests.support import PATIENCE, ROOT
from version import VERSION

LANGUAGES: Mapping[str, Language] = {"": ENGLISH, ".ko": KOREAN}  # by the ending of a page's name
PAGES = [
    page.removesuffix(".ko.md")
    for page in ("README.ko.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.ko.md"))))
]  # those that are there in both languages
DOCUMENTS = [str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))]


@pytest.fixture(params=LANGUAGES, ids=["english", "korean"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def text_of(page: str, language: str = "") -> str:
    return (ROOT / f"{page}{language}.md").read_text()


def blocks(text: str, kind: str = "[a-z]*") -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def rows(text: str, first: str) -> list[tuple[str, str]]:
    """The first two cells of the rows of tables; `first` matches the first cell, its group is returned."""
    return re.findall(rf"^\| {first} \| ([^|]*) \|", text, re.MULTILINE)


def test_every_key_is_in_the_table_with_its_default(language: str) -> None:
    table = dict(rows(text_of("docs/configuration", language), r"`([a-z_.[\]]+)`"))
    of_channels = [f"channels[].{key.path}" for key in CHANNEL_KEYS]
    assert list(table) == [key.path for key in KEYS] + of_channels
    for key in KEYS:
        if key.default is None:
            assert table[key.path] in ("required", "필수")
        else:
            assert table[key.path] == f"`{key.default}`" or not key.default


def test_every_command_is_in_the_table(language: str) -> None:
    expected = [form for guide in LANGUAGES[language].commands for form in guide.forms]
    assert rows(text_of("README", language), "`(uptime [^`]*)`") == expected


def test_every_exit_code_is_explained(language: str) -> None:
    codes = {int(code) for code, _ in rows(text_of("docs/operate", language), r"(\d+)")}
    named = {os.EX_USAGE, os.EX_SOFTWARE, *main.EXIT_CODES.values()}
    assert codes == {0, 1, 2} | named  # 2 is argparse's


def test_the_meaning_of_flapping_is_the_codes(language: str) -> None:
    (row,) = re.findall(r"^\| .*\bflapping\b.*$", text_of("docs/digest", language), re.MULTILINE)
    assert set(re.findall(r"\d+", row)) == {str(FLAPPING), "24"}
    assert timedelta(hours=24) == FLAPPING_WITHIN


@pytest.mark.parametrize("page", ["docs/architecture", "docs/performance", "docs/proof", "CONTRIBUTING"])
def test_every_file_that_is_named_exists(page: str) -> None:
    named = re.findall(r"`([a-z_]+/[\w./]+)`", text_of(page))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_version_is_the_latest_of_the_changelog_or_a_coming_one() -> None:
    changes = dict(re.findall(r"^## \[(.+?)\].*\n((?:(?!## \[).*\n)*)", text_of("CHANGELOG"), re.MULTILINE))
    unreleased, last, *_ = changes
    number, _, dev = VERSION.partition("-")
    assert unreleased == "Unreleased"
    assert dev == ("dev" if changes[unreleased].strip() else "")
    assert (number != last) == bool(dev)
    assert [*map(int, number.split("."))] >= [*map(int, last.split("."))]


def test_the_hooks_check_what_make_check_does() -> None:
    (recipe,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    (hooks,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    commands = [line.strip().replace("$(BIN)", ".venv/bin") for line in recipe.splitlines()]
    assert [hook["entry"] for hook in hooks["hooks"]] == commands


class TestLinks:
    @pytest.mark.parametrize("name", DOCUMENTS)
    def test_every_file_and_heading_that_is_linked_to_exists(self, name: str) -> None:
        text = (ROOT / name).read_text()
        for file, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", text):
            target = (ROOT / name).parent / file if file else ROOT / name
            assert target.is_file()
            assert not anchor or anchor in anchors(target.read_text())

    def test_the_readme_leads_to_every_page(self, language: str) -> None:
        pages = {path.name for path in (ROOT / "docs").glob("*.md")}
        korean = {page for page in pages if page.endswith(".ko.md")}
        own = {page if page in korean else f"{page[:-3]}{language}.md" for page in pages - korean}
        linked = set(re.findall(r"\]\(docs/([^)#]+\.md)", text_of("README", language)))
        assert linked == {page if page in pages else page.replace(".ko", "") for page in own}


def test_every_module_is_listed_with_its_own_first_line() -> None:
    assert (ROOT / "docs/modules.md").read_text() == modules.listing(), "run: python docs/modules.py"


def anchors(text: str) -> set[str]:
    """The names that a page's headings get on GitHub."""
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


class TestExamples:
    @pytest.mark.parametrize("page", PAGES)
    def test_both_languages_show_the_same(self, page: str) -> None:
        """Their comments and the description in the app's manifest are for people."""
        english, korean = (
            [re.sub(r"(?m) # .*|description: .*", "", block) for block in blocks(text_of(page, language))]
            for language in LANGUAGES
        )
        assert english == korean

    @pytest.mark.parametrize("page", ["docs/configuration", "docs/digest"])
    def test_every_configuration_is_good(self, page: str, language: str, tmp_path: Path) -> None:
        for webhook in ("payments", "operations"):
            (tmp_path / f"{webhook}.webhook").write_text("https://hooks.slack.com/services/T0/B0/secret")
            (tmp_path / f"{webhook}.webhook").chmod(0o600)
        (example,) = blocks(text_of(page, language), "yaml")
        assert config_files.read(tmp_path, config_files.GOOD + example).warnings == ()

    def test_the_manifest_makes_an_app_for_commands_and_digests(self, language: str) -> None:
        (manifest,) = map(yaml.safe_load, blocks(text_of("README", language), "yaml"))
        (command,) = manifest["features"]["slash_commands"]
        assert command["command"] == "/uptime"
        assert command["url"].endswith("/fromSlack")
        assert len(command["description"]) <= 2000
        assert manifest["oauth_config"]["scopes"]["bot"] == ["commands", "incoming-webhook"]
        assert manifest["settings"]["interactivity"] == {"is_enabled": True, "request_url": command["url"]}

    @needs("curl")
    def test_whoever_tries_it_sees_what_the_readme_shows(self, program: Program) -> None:
        """With the configuration as it is shipped; only times and the port may differ."""
        program.config.write_text((ROOT / "config.yaml").read_text().replace("port: 8080", "port: 0"))
        program.start()
        try:
            # Until then, the first digest could still report the host, and it would no longer be new.
            program.until(lambda: program.health()[1]["last_digest"] is not None)
            for block in blocks(text_of("README"), "console")[1:3]:
                command, _, shown = block.removeprefix("$ ").partition("\n")
                command = command.replace("http://127.0.0.1:8080", program.url)
                ours = f"{sys.executable} {ROOT}/server.py --config {program.config}"
                command = command.replace(".venv/bin/python server.py", ours)
                printed = subprocess.check_output(["bash", "-c", command], text=True, timeout=PATIENCE)
                assert re.sub(r"\d+", "0", printed.strip()) == re.sub(r"\d+", "0", shown.strip())
        finally:
            program.stop(signal.SIGKILL)


SAID = re.compile(r"`((?:… )?[a-z]+:? (?:[a-zA-Z]+\b(?!-)|…)[^`]*)`")  # words, unlike `kill -9`
TYPED = ("certbot", "gcloud", "make", "openssl", "proxy:", "sudo", "systemctl", "uptime")


@cache
def texts() -> tuple[str, ...]:
    """All texts in the program's code, without what is put into them."""
    others = {".venv", "tests", "prove", "bench", "docs"}
    files = (file for file in ROOT.glob("**/*.py") if file.relative_to(ROOT).parts[0] not in others)
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    values = (node.value for node in nodes if isinstance(node, ast.Constant))
    return tuple(value for value in values if isinstance(value, str))


@pytest.mark.parametrize("page", ["docs/internet", "docs/operate", "README"])
def test_what_the_log_is_said_to_say_is_in_the_code(page: str, language: str) -> None:
    quotes = [quote for quote in SAID.findall(text_of(page, language)) if quote.split()[0] not in TYPED]
    assert quotes
    parts = [part.strip() for quote in quotes for part in re.split(r": |…|\d+(?:\.\d+)+", quote)]
    assert [part for part in parts if not any(part in text for text in texts())] == []


HASTE = re.compile(
    r"(?:monotonic|perf_counter)\(\) - |wait_for\((?!.*PATIENCE).*, [\d.]+\)|\btimeout(?:=|\()\d{1,2}\b|\.wait\([\d.]+\)"
)


def test_no_test_compares_times_or_waits_for_less_than_patience() -> None:
    """Whatever hangs is ended after PATIENCE; anything shorter depends on how fast the machine is."""
    lines = [line for file in (ROOT / "tests").glob("*.py") for line in file.read_text().splitlines()]
    assert [line for line in lines if HASTE.search(line)] == []
