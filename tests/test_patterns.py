"""Which hosts a pattern means."""

import pytest

from state.patterns import any_means


@pytest.mark.parametrize(
    ("pattern", "host", "meant"),
    [
        ("*", "any thing", True),
        ("*.pay.test", "a.pay.test", True),
        ("*.pay.test", "pay.test", False),
        ("a*c*", "abcd", True),
        ("A.test", "a.TEST", True),
        ("a.test", "a-test", False),
        ("a?.test", "ab.test", False),
        ("[::1]", "[::1]", True),
        ("[ab].test", "a.test", False),
        ("a*" * 40 + "b", "a" * 400, False),  # at once, though it could be tried in many ways
    ],
)
def test_a_star_stands_for_anything_and_all_else_for_itself(pattern: str, host: str, *, meant: bool) -> None:
    assert any_means(["else", pattern], host) == meant
