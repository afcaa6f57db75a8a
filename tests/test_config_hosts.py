"""A name in `hosts`, `alerts.hosts` or `channels[].hosts` is that of one host, or a mistake with the cure."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.hosts import host_pattern
from hosts.names import canonical
from tests.config_files import GOOD, NO_EXPRESSION, mistakes, read

NO_HOST = "write only the name of the host, such as www.example.com: letters, digits, hyphens, single dots"
QUOTES = "quotes are part of the value; remove them"
SEPARATELY = "write each host as an item of its own: [one.test, two.test]"


@pytest.mark.parametrize(
    ("written", "cure"),
    [
        *[(f"shop.example.com{end}", NO_HOST) for end in (":http", ":443:443", "%2f", ",", ";", "`", ">")],
        *[(f"{begin}shop.example.com", NO_HOST) for begin in ("-", "`", "%73", "x@,")],
        *[(text, NO_HOST) for text in ("shop..example.com", "..example.com", "shop-.example.com", "-web-1", "%40web")],
        *[(text, NO_HOST) for text in ("/path", "`web-1`", "http:/", "https:443", "10.0.0.1,", "10.0.0.1:http")],
        *[(f"{quote}{name}{quote}", QUOTES) for quote in ("'", '"') for name in ("shop.example.com", "web-1")],
        ("“web-1”", f"curly {QUOTES}"),
        *[(text, NO_EXPRESSION) for text in ("www+.example.com", "(a).example.com", "{www,api}.example.com")],
        *[(f"{begin}www.example.com", NO_EXPRESSION) for begin in "!~$^"],
        *[(text, NO_EXPRESSION) for text in ("www.example.com|", "?.example.com", "regex:^www", "/www/i", "$www", "!www")],
        ("a.test,b.test", SEPARATELY),
        ("a.test;b.test", SEPARATELY),
    ],
)  # fmt: skip
def test_what_is_not_one_host_is_a_mistake_with_the_cure(tmp_path: Path, written: str, cure: str) -> None:
    item = "'" + written.replace("'", "''") + "'"
    quoted = f'found "{written}"; {cure}'
    assert mistakes(tmp_path, f"hosts: [{item}]\n{GOOD}") == [f"line 1: hosts: {quoted}"]
    assert mistakes(tmp_path, f"alerts: {{hosts: [{item}]}}\n{GOOD}") == [f"line 1: alerts.hosts: {quoted}"]
    channel = f"{{name: a, webhook_url: 'https://hooks.slack.com/services/T/B/x', hosts: [{item}]}}"
    reported = mistakes(tmp_path, f"channels: [{channel}]\n{GOOD}")
    assert reported == [f"line 1: channels[0].hosts: {cure}"]


@pytest.mark.parametrize(
    "name",
    [
        *("api", "front/back", "front/v1.beta", "api (prod)", "dep-3f", "v1.2", "db+cache", "c++", "policy:1234567"),
        *("cpu [max] (eu)", "웹서버(운영)", "다운!", "“new” shop", "- noc", "p99>5s", "shop.*.1", "*shop*"),
        *("*.example.com", "*-eu.example.com", "*.हिन्दी.example", "_dmarc.example.com", "2001:db8::1", "*"),
    ],
)  # fmt: skip
def test_names_of_all_that_google_watches_are_taken(name: str) -> None:
    assert host_pattern(name) == name


def test_each_spelling_of_a_host_is_found_to_be_the_same(tmp_path: Path) -> None:
    spellings = (
        "https:/shop.test",
        "https:shop.test",
        "https//shop.test",
        "shop.test//",
        "https://shop.test//x",
    )
    for written in spellings:
        assert read(tmp_path, f"hosts: ['{written}']\n{GOOD}").hosts == ("shop.test",)
    listed = ", ".join(f"'{written}'" for written in spellings)
    assert len(mistakes(tmp_path, f"hosts: [shop.test, {listed}]\n{GOOD}")) == len(spellings)


@example("0:.")
@given(st.text() | st.from_regex(r"(https?:/{0,3})?[a-z*.:/%,'(|)@-]{0,20}", fullmatch=True))
def test_any_text_is_a_canonical_name_or_a_mistake(text: str) -> None:
    try:
        name = host_pattern(text)
    except ValueError as error:
        assert str(error)
    else:
        assert canonical(name, is_host=True).lower() == name
