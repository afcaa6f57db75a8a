"""Reads Slack's wire text as people typed it, and writes foreign text as nothing but text."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack.text import (
    by_slash,
    code,
    cut,
    date,
    escape,
    inert,
    inert_but_addresses,
    length,
    link,
    one_line,
    plain,
    tidy,
    to_type,
)

JOINER = "\u034f"
SPICES = ["<!channel>", "<@U1>", "&lt;", "*b*", *"<>&|`_~\n\u202e\u200b "]
hostile = st.lists(st.sampled_from(SPICES) | st.text(max_size=5)).map("".join)
TYPEABLE = ["&", "&lt;", "&amp;gt;", "<", ">", "|", "“", " "]
typeable = st.lists(st.sampled_from(TYPEABLE) | st.text()).map("".join)


@pytest.mark.parametrize(
    ("wire", "typed"),
    [
        ("uptime remove <http://www.example.com|www.example.com>", "uptime remove www.example.com"),
        ("uptime add <https://example.com/health?a=1&amp;b=2>", "uptime add https://example.com/health?a=1&b=2"),
        ("uptime add <https://evil.test|www.example.com>", "uptime add https://evil.test"),
        ("uptime add <mailto:ops@example.com|ops@example.com>", "uptime add ops@example.com"),
        ("uptime call <tel:+15551234|+1 555-1234>", "uptime call tel:+15551234"),
        ("uptime\u00a0add\u00a0“web one”  ", 'uptime add "web one"'),
        ("uptime who <@U012AB3CD>", "uptime who @U012AB3CD"),
        ("uptime who <@U012AB3CD|steve>", "uptime who @steve"),
        ("uptime in <#C123|general>", "uptime in #general"),
        ("uptime say <!here>", "uptime say @here"),
        ("uptime say <!here|@here>", "uptime say @here"),
        ("<#C987654321|>", "#C987654321"),
        ("<!subteam^S1|@ops> <!subteam^S1>", "@ops @subteam"),
        ("<mailto:ops@example.com>", "ops@example.com"),
        ("<http://a.test:8080/x|A.TEST:8080>", "A.TEST:8080"),
        ("<https://a.test|https://a.test/path>", "https://a.test/path"),
        ("<https://uptime.test/host?name=a%5Fb.test|a\u034f_b.test>", "a_b.test"),
        ("<https://uptime.test/x/host?name=a%26b|a&amp;b>", "a&b"),
        ("<https://uptime.test/host?name=a.test|b.test>", "https://uptime.test/host?name=a.test"),
        ("<http://[::1|[::1>", "http://[::1"),
        ("<tel:1|>", "tel:1"),
        ("<>", ""),
        ("a < b > c", "a b c"),
        ("ＣＨＥＣＫ　ａ.test，b.test、＊．test！ 배포：Ａ", "CHECK a.test,b.test,*.test! 배포:A"),
        ("\u2018it\u2019s\u2019 \u202f\u2007 a\u200cb\u200dc\u2060d\ufeff", "'it's' abcd"),
        ("", ""),
    ],
)  # fmt: skip
def test_wire_text_is_read_as_it_was_typed(wire: str, typed: str) -> None:
    assert plain(wire) == typed


@given(typeable)
def test_escaped_text_is_read_back(text: str) -> None:
    assert plain(escape(text)) == tidy(text)


@given(hostile)
def test_plain_text_is_one_tidy_line(text: str) -> None:
    assert tidy(plain(text)) == plain(text)
    assert not re.search(r"[\n\r\u2018-\u201f\u00a0\u200b-\u200d\u2060\ufeff]|  |^ | $", plain(text))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a`b``c", "`a'b''c`"),
        ("a\n\tb\x00 c\u202e\u2028d", "`a b c d`"),
        ("<!channel> & co", "`&lt;!channel&gt; &amp; co`"),
        ("evil.com", "`evil.com`"),
        (" \n\x07", "`?`"),
    ],
)
def test_a_code_span_holds_any_text(text: str, span: str) -> None:
    assert code(text) == span


@given(hostile)
def test_a_code_span_is_never_broken(text: str) -> None:
    span = code(text)
    assert re.fullmatch(r"`[^`\s]([^`\n]*[^`\s])?`", span)
    assert span.isprintable()


@pytest.mark.parametrize(
    ("foreign", "harmless"),
    [
        ("*bold* a_b ~no~", "|*bold|* a|_b |~no|~"),
        ("`code`", "'code'"),
        ("> quote", "|&gt; quote"),
        ("two\nlines", "two lines"),
        ("see https://a.test", "see https:|//a.|test"),
        ("www.Evil.COM/x", "www.|Evil.|COM/x"),
        ("a@evil.com", "a@|evil.|com"),
        ("서버.한국", "서버.|한국"),
        ("v1.2 at 12.30. Then 99.5 %...", "v1.2 at 12.30. Then 99.5 %..."),
    ],
)
def test_foreign_text_cannot_format_and_a_bare_host_is_no_link(foreign: str, harmless: str) -> None:
    assert inert(foreign) == harmless.replace("|", JOINER)


@pytest.mark.parametrize(
    ("foreign", "written"),
    [
        ("see https://jira.test/OPS-1", "see <https://jira.test/OPS-1>"),
        ("(see https://jira.test/OPS-1).", "(see <https://jira.test/OPS-1>)."),
        ("HTTPS://A.test, www.b.test", "<HTTPS://A.test>, www.¤b.¤test"),
        ("https://a.test/x_(y) *b*", "<https://a.test/x_(y)> ¤*b¤*"),
        ("*https://a.test/a_b*", "¤*<https://a.test/a_b>¤*"),
        ("https://a.test/?a=1&b=<!here>", "<https://a.test/?a=1&amp;b=>&lt;!here&gt;"),
        ("<https://evil.test|ok.test>", "&lt;<https://evil.test>|ok.¤test&gt;"),
        ("https://a.test/@here @here", "<https://a.test/@here> @¤here"),
        ("`https://a.test`", "'<https://a.test>'"),
        ("> https://a.test", "¤&gt; <https://a.test>"),
        ("https://a.test/OPS-1를 보세요", "<https://a.test/OPS-1>를 보세요"),
        ("https://a.test/길", "https:¤//a.¤test/길"),
        ("https://서울.example", "https:¤//서울.¤example"),
        ("https://shop서울.test", "https:¤//shop서울.¤test"),
        ("https://a.test/x—y", "https:¤//a.¤test/x—y"),
        ("xhttps://a.test", "xhttps:¤//a.¤test"),
        ("https://!here javascript:alert(1)", "https:¤//!here javascript:alert(1)"),
    ],
)
def test_a_web_address_stays_whole_and_swallows_nothing(foreign: str, written: str) -> None:
    assert inert_but_addresses(foreign) == written.replace("¤", JOINER)


def test_a_web_address_that_is_cut_is_no_link() -> None:
    assert "<" not in inert_but_addresses(cut(f"https://a.test/{'x' * 200}"))


@given(
    st.lists(st.sampled_from([*SPICES, "https://a.test/", "https://", "x"]) | st.text(max_size=5)).map(
        "".join
    )
)
def test_around_web_addresses_foreign_text_stays_harmless(text: str) -> None:
    written = inert_but_addresses(text)
    outside = re.sub(r"<https?://[!-;=?-{}~]+>", "", written)
    assert not re.search(rf"[<>]|(?<!{JOINER})[*_~]|`|\n|://", outside)
    assert plain(written) == tidy(one_line(text)).replace("`", "'")


def test_a_command_is_distinguished_from_a_name_that_looks_like_one() -> None:
    said = f"{to_type('check a & b')} {code('uptime check')} {code('uptime')} {inert('uptime check')}"
    assert said == f"`uptime check a &amp; b` `{JOINER}uptime check` `uptime` uptime check"
    assert by_slash(said) == said.replace("`uptime check a", "`/uptime check a")


@given(hostile)
def test_every_formatting_character_is_disarmed_and_the_text_can_be_copied_back(text: str) -> None:
    assert not re.search(rf"(?<!{JOINER})[*_~]|`|^&gt;|\n|://", inert(text))
    assert plain(inert(text)) == tidy(one_line(text)).replace("`", "'")


@pytest.mark.parametrize(
    ("url", "label", "written"),
    [
        ("https://a.test/?x=1&y=2", "the policy", "<https://a.test/?x=1&amp;y=2|the policy>"),
        ("HTTP://a.test/a|b>c<d e\n\u202e", "x", "<HTTP://a.test/a%7Cb%3Ec%3Cd%20e%0A%E2%80%AE|x>"),
        ("https://a.test", "a|b <!here> & *c*", f"<https://a.test|a/b (!here) &amp; {JOINER}*c{JOINER}*>"),
        ("https://a.test", "\n", "<https://a.test>"),
    ],
)
def test_a_link_has_a_url_and_a_label(url: str, label: str, written: str) -> None:
    assert link(url, label) == written


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "/relative", "ftp://a.test", "httpx://a.test", "!here"]
)
def test_only_http_urls_are_linked(url: str) -> None:
    assert link(url, "a <b> | c") == "a &lt;b&gt; | c"


@given(hostile, hostile)
def test_a_link_keeps_its_url(path: str, label: str) -> None:
    written = link(f"https://a.test/{path}", label)
    found = re.fullmatch(r"<(https://a\.test/[^\s<>|]*)(\|[^<>|\n]+)?>", written)
    assert found
    assert unquote(found[1].replace("&amp;", "&")) == unquote(f"https://a.test/{path}", errors="replace")


def test_a_date_is_shown_in_the_zone_of_each_reader() -> None:
    moment = datetime(2014, 2, 18, 14, 39, 42, 999_999, tzinfo=UTC)
    shown = date(moment, "{date_short_pretty} {time}", "2014-02-18 14:39 UTC")
    assert shown == "<!date^1392734382^{date_short_pretty} {time}|2014-02-18 14:39 UTC>"
    assert date(moment, "{ago}", "<a|b> &") == "<!date^1392734382^{ago}|(a/b) &amp;>"


@pytest.mark.parametrize(
    "write",
    [
        escape,
        code,
        inert,
        inert_but_addresses,
        lambda text: link("https://a.test/" + text, text),
        lambda text: link(text, text),
    ],
)
@given(text=hostile)
def test_foreign_text_never_mentions_or_opens_markup(write: Callable[[str], str], text: str) -> None:
    written = write(text)
    assert not re.search("<[!@]", written)
    assert not re.search(r"[<>]", re.sub(r"<https?://[^<>]*>", "", written))
    assert not re.search(r"&(?!amp;|lt;|gt;)", written)


@pytest.mark.parametrize(("text", "units"), [("", 0), ("abc", 3), ("서울", 2), ("🔴", 2), ("a\ud800", 2)])
def test_length_counts_utf_16_units(text: str, units: int) -> None:
    assert length(text) == units
