"""Foreign names and texts: readable, whatever they hold."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from page.phrases import MAX_SHOWN, cut, label, show_invisible


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("www.example.com", "www.example.com"),
        ("웹서버.example", "웹서버.example"),
        ("moc.\u202eexample", "moc.⟨U+202E⟩example"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\nb\x00", "a⟨U+000A⟩b⟨U+0000⟩"),
        ("\u3164", "⟨U+3164⟩"),
        ("\u00a0", "⟨U+00A0⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("⟨U+202E⟩", "⟨U+202E⟩"),
    ],
)
def test_invisible_characters_are_shown_by_their_code(text: str, seen: str) -> None:
    assert show_invisible(text) == seen


@given(st.text())
def test_everything_can_be_seen_and_encoded(text: str) -> None:
    seen = show_invisible(text)
    seen.encode()
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in seen)
    assert text.isspace() or bool(seen.strip()) == bool(text)


@given(st.text(max_size=300))
def test_a_label_is_the_name_or_has_the_whole_name_beside_it(name: str) -> None:
    parts, whole = label(name)
    assert all(parts)
    assert "".join(parts) == cut(show_invisible(name))
    assert whole == (show_invisible(name) if len(show_invisible(name)) > MAX_SHOWN else "")


def test_a_name_may_break_after_every_dot() -> None:
    assert label("api.pay.example.com").parts == ("api.", "pay.", "example.", "com")
    assert label("..").parts == (".", ".")
