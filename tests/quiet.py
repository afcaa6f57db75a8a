"""What a client of Google may say and log: no traceback, and no canary."""

import logging
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

import pytest

from google.refusals import GoogleError


@contextmanager
def quiet_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """For a fixture: `caplog.records` would hold only what is logged after the test."""
    caplog.set_level(logging.DEBUG)
    yield
    records = [each for each in caplog.get_records("call") if each.name != "tornado.access"]
    assert not [record for record in records if record.exc_info or record.levelno >= logging.ERROR]
    assert "canary" not in "\n".join(record.getMessage() for record in records)


async def failure(call: Awaitable[object]) -> GoogleError:
    with pytest.raises(GoogleError) as caught:
        await call
    assert "canary" not in str(caught.value)
    assert str(caught.value).isprintable()
    return caught.value
