"""Which hosts a pattern means."""

import pytest

from hosts.patterns import HostFilter


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
        ("*a*a", "aba", True),
        ("*ab*b", "ab", False),
        ("api", "api\nproject=prod", True),
        ("API", "api\n", True),
        ("a*", "api\nproject=prod", True),
        ("*prod", "api\nproject=prod", False),
        ("api*x", "api\nproject=x", False),
        ("api (prod)", "api\nproject=prod\nlocation=eu", True),
        ("API (EU)", "api\nproject=prod\nlocation=eu", True),
        ("a* (prod/e*)", "api\nproject=prod\nlocation=eu", True),
        ("api (prod)", "api\nproject=production", False),
        ("api (rod)", "api\nproject=prod", False),
        ("api (prod/us)", "api\nproject=prod\nlocation=eu", False),
        ("api (prod)", "api\n", False),
        ("api (prod)", "api", False),
        ("api (prod)", "api (prod)\nproject=x", True),
    ],
)
def test_a_star_stands_for_anything_and_all_else_for_itself(pattern: str, host: str, *, meant: bool) -> None:
    assert HostFilter(("else", pattern)).matches(host) == meant
