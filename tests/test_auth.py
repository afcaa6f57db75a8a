"""HTTP Basic credentials: any of the passwords is good, and all are compared."""

import pytest

from config import Gcp
from handlers.auth import is_authorized
from tests.support import basic

BOTH = Gcp("google", ("the new one", "the old one"))


@pytest.mark.parametrize("password", BOTH.passwords)
def test_the_old_and_the_new_password_are_accepted(password: str) -> None:
    assert is_authorized([basic("google", password)], BOTH)


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [""],
        ["Basic"],
        ["Basic !"],
        [basic("google", "")],
        [basic("google", "another")],
        [basic("another", "the new one")],
        [basic("google", "the new one\nthe old one")],
        [basic("google", "the new one").replace("Basic", "Bearer")],
        [basic("google", "the new one")] * 2,
    ],
)
def test_nothing_else_is_accepted(headers: list[str]) -> None:
    assert not is_authorized(headers, BOTH)


def test_every_password_is_compared_in_constant_time(compared: list[tuple[bytes, bytes]]) -> None:
    assert is_authorized([basic("google", "the new one")], BOTH)
    assert {len(digest) for pair in compared for digest in pair} == {32}
    assert len(compared) == 2
