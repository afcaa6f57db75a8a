"""Keeps a token until shortly before it expires."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from google.credentials import Grant, Login, read_credentials
from google.refusals import GoogleError
from google.transport import NO_ANSWER

RENEW_BEFORE = 240.0  # seconds before a token expires; the metadata server has a new one five minutes before
MAX_AGE = 3600.0  # seconds that a token is kept at most, whatever it claims
MIN_AGE = 10.0  # seconds that it is kept at least, so that no answer makes us get one for every request
# Outside Google Cloud, looking up the metadata server's name may block one of few threads for half a minute.
RETRY_AFTER = 8.0  # seconds until that server is asked again after it did not answer


class Tokens:
    """Provides tokens. The file is read on each call, so a replaced one is used at once."""

    def __init__(
        self, login: Login, file: Path | None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._login = login
        self._file = file
        self._monotonic = monotonic  # monotonic: a wall clock that jumps must not keep a token alive
        self._lock = asyncio.Lock()
        self._grant: Grant | None = None
        self._made_from = b""
        self._renew_at = 0.0
        self._unreachable = ""  # why the metadata server cannot be reached
        self._retry_at = 0.0

    async def get(self) -> Grant:
        """Raises GoogleError."""
        async with self._lock:
            content = await read_credentials(self._file) if self._file else b""
            if self._grant is None or content != self._made_from or self._monotonic() >= self._renew_at:
                self._grant = await self._new(content)
                self._made_from = content
                lasts = min(self._grant.lifetime - RENEW_BEFORE, MAX_AGE)
                self._renew_at = self._monotonic() + max(lasts, MIN_AGE)
            return self._grant

    def drop(self, grant: Grant) -> None:
        """Forget the token, because Google does not accept it."""
        if self._grant == grant:
            self._grant = None

    async def _new(self, content: bytes) -> Grant:
        self._grant = None
        if self._file:
            return await self._login.from_file(content, self._file)
        if self._unreachable and self._monotonic() < self._retry_at:
            raise GoogleError(self._unreachable, code=NO_ANSWER)
        try:
            return await self._login.from_metadata()
        except GoogleError as error:
            if error.code == NO_ANSWER:
                self._unreachable, self._retry_at = str(error), self._monotonic() + RETRY_AFTER
            raise
