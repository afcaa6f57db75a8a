"""The real server says what a second implementation says, over random histories."""

from pathlib import Path

import pytest

from prove.histories import history
from prove.replay import replay
from prove.size import times

HISTORIES = times(10, 400)


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_everything_that_is_said_is_true(tmp_path: Path, seed: int) -> None:
    played = replay(history(seed), tmp_path)
    assert not played.differences, "\n".join([*played.log, *played.differences])


@pytest.mark.parametrize(
    ("what", "seed"),
    [
        ("one-outage", 0),
        ("until-up", 1),
        ("repeats", 6),
        ("untold", 37),
        ("muted-in-the-week", 0),
        ("settled-time", 2),
    ],
)
def test_leaving_out_any_promise_is_noticed(tmp_path: Path, what: str, seed: int) -> None:
    assert replay(history(seed), tmp_path, what).differences
