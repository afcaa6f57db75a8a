"""One spelling for each name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hosts.names import ascii_form, canonical, is_host_name, visible

SHOP, MUNICH = "shop.example.com", "münchen.example"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("https://shop.example.com:8443/health?a=1#b", SHOP),
        ("https://user:p@ss@shop.example.com/", SHOP),
        ("  SHOP.Example.com ", SHOP),
        ("\u200eshop.\u200bexample\u2060.com\ufeff", SHOP),
        ("ｓｈｏｐ．ｅｘａｍｐｌｅ．ｃｏｍ", SHOP),
        ("shop。example。com", SHOP),
        ("mu\u0308nchen.example", MUNICH),
        ("xn--strae-oqa.example", "straße.example"),
        ("xn--i-7iq.ws", "i❤.ws"),
        ("xn--99999999999.example", "xn--99999999999.example"),
        ("xn--abc-.example", "xn--abc-.example"),
        ("*.Example.com:443", "*.example.com"),
        ("https:shop.example.com", SHOP),
        ("https//shop.example.com", SHOP),
        ("*xn--mnchen-3ya.example", "*münchen.example"),
        ("ΣΊΣΥΦΟΣ.gr", "σίσυφος.gr"),
        ("http://[::FFFF:10.0.0.1]:80/", "10.0.0.1"),
    ],
)
def test_a_host_has_one_spelling(written: str, name: str) -> None:
    assert canonical(written) == canonical(written, is_host=True) == name


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("dep-3F", "dep-3F"),
        ("front/back", "front/back"),
        ("http:api", "http:api"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af 정책", "한글 정책"),
        ("a\r\n\u0000b\u200b", "a b"),
        ("ü..example", "ü..example"),
        (f"{'ü' * 64}.example", f"{'ü' * 64}.example"),
        ("", ""),
    ],
)
def test_other_names_keep_their_spelling(written: str, name: str) -> None:
    assert canonical(written) == name
    assert not is_host_name(name)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("web-1:8080/health", "web-1"),
        ("LOCALHOST.", "localhost"),
        ("me@web-1", "web-1"),
        ("front/back", "front/back"),
        ("B policy.", "b policy."),
        ("*.example.com:*", "*.example.com"),
        ("http://", "http://"),
        ("https:/web-1/", "web-1"),
    ],
)
def test_where_only_a_host_is_possible_more_is_stripped(written: str, name: str) -> None:
    assert canonical(written, is_host=True) == name


def test_the_form_of_a_host_name_in_dns() -> None:
    assert ascii_form(MUNICH) == "xn--mnchen-3ya.example"
    assert ascii_form("서울 정책") == "서울 정책"
    assert ascii_form(SHOP) == SHOP


addresses = st.from_regex(
    r"(https?://)?(xn--)?[a-zäß\u200d*:@./\[\]ー한\u0301-]{0,12}\.example(:4)?", fullmatch=True
)


@given(st.text() | addresses, st.booleans())
def test_the_spelling_of_a_spelling_is_itself(written: str, is_host: bool) -> None:
    name = canonical(written, is_host=is_host)
    assert canonical(name, is_host=is_host) == name
    assert name.isprintable()
    assert name == name.strip()


@given(st.text() | addresses)
def test_both_forms_of_an_international_name_are_one(written: str) -> None:
    name = canonical(written)
    if is_host_name(name) and len(ascii_form(name)) <= 253:
        labels = ascii_form(name).split(".")
        if all(len(label) <= 63 for label in labels):
            assert canonical(".".join(labels)) == name


@given(st.text())
def test_the_visible_text_is_one_printable_line(text: str) -> None:
    seen = visible(text)
    assert seen.isprintable()
    assert visible(seen) == seen
    assert "  " not in seen
