"""Durations as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.times import duration, format_duration


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2 minutes", "2m"), ("1 hour", "1h"), ("1 Hour 30 Min", "1h30m"), ("1 hour and 30 minutes", "1h30m"),
        ("1h, 30m", "1h30m"), ("90 sec", "90s"), ("1 day 6 hours", "1d6h"), ("1 week", "7d"), ("  5 m  ", "5m"),
    ],
)  # fmt: skip
def test_durations_may_be_written_in_words(text: str, meant: str) -> None:
    assert duration(text) == duration(meant)


@pytest.mark.parametrize(
    "text", ["", "and", "1h and", "and 1h", "1h,", ",1h", "30m 1h", "1h 1h", "1", "h", " " * 70_000, "1 " * 40_000, "9" * 70_000 + "m"]
)  # fmt: skip
def test_what_is_no_duration_is_refused_at_once(text: str) -> None:
    with pytest.raises(ValueError, match="write numbers with units"):
        duration(text)


@given(st.integers(1, 7 * 86400).map(lambda seconds: timedelta(seconds=seconds)))
def test_every_duration_is_read_as_it_is_written(span: timedelta) -> None:
    assert duration(format_duration(span)) == span
