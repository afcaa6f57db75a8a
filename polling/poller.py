"""Polls Google's own lists again and again, and keeps track of how well that works."""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from digest.google_view import GoogleView
from google.api import GoogleApi
from google.refusals import GoogleError
from hosts.problems import GoogleList
from polling.examiner import Examiner
from polling.reconciler import Reconciler
from polling.source import Source
from state.store import SaveFailed, Store

FIRST_POLL_TIMEOUT = 10  # seconds that the first digest waits for it
LONGEST_PAUSE = timedelta(minutes=15)  # between polls, after failures
JITTER = 0.1

log = logging.getLogger("google")

Failure = GoogleError | SaveFailed


class GooglePoller:
    """Polls Google's lists for as long as there is a source for them."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        view: GoogleView,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._view = view
        self._reconciler = Reconciler(store, now, view, monotonic)
        self._examiner = Examiner(store, now, view)
        self._source: Source | None = None
        self._polled: GoogleApi | None = None
        self._has_changed = asyncio.Event()
        self._retry_after = 0.0

    def adopt(self, source: Source | None) -> None:
        """Use another source. A poll that is under way goes on, but its outcome no longer counts."""
        former, self._source = self._source, source
        if former and source and former.api is source.api:
            if former.every != source.every:
                self._has_changed.set()
            return
        if former and former.api is not self._polled:
            former.api.close()
        self._view.begin(asked=source is not None)
        self._retry_after = 0.0
        self._has_changed.set()

    async def run(self, after_first_poll: Callable[[], None]) -> None:
        """Poll again and again, for ever. No failure ends it.

        `after_first_poll` is called after the first poll, or after ten seconds if that takes longer.
        """
        first = asyncio.create_task(self._poll())
        try:
            await asyncio.wait({first}, timeout=FIRST_POLL_TIMEOUT)
            after_first_poll()
            await first
        finally:
            first.cancel()
        while True:
            await self._pause()
            await self._poll()

    def close(self) -> None:
        if self._source:
            self._source.api.close()

    async def _poll(self) -> None:
        self._has_changed.clear()
        source = self._source
        if source is None:
            await _error_of(self._reconciler.forget_checks())
            return
        self._polled = source.api
        try:
            failed = await self._read(source)
        finally:
            self._polled = None
        if self._source is None or self._source.api is not source.api:
            source.api.close()
            self._view.begin(asked=self._source is not None)  # drop what this poll found at the old source
        elif failed is None:
            self._retry_after = 0.0
            self._view.succeeded(self._now())
        elif isinstance(error := failed[1], SaveFailed):
            self._view.could_not_save()
        else:
            self._retry_after = error.retry_after or 0.0
            self._view.failed(failed[0], str(error), self._now())

    async def _read(self, source: Source) -> tuple[GoogleList, Failure] | None:
        """Read each list, even if another one cannot be read. Returns the first that failed and why.

        A list that could be read, but not saved, counts only if all others could be read.
        """
        began, known = self._now(), self._examiner.own_policies()
        alerts, closed = await self._read_alerts(source)
        checks = await _error_of(self._reconciler.checks(source, knows_alerts=alerts is None))
        hostless = self._reconciler.hostless
        examining = self._examiner.poll(source, hostless, knows_checks=checks is None)
        settings = await _error_of(examining)
        # The alerts of policies that this examination has added are known to count only now.
        if alerts is None and not self._examiner.own_policies() <= known:
            alerts, closed = await self._read_alerts(source)
        if not isinstance(alerts, GoogleError):
            self._view.alerts_were_read()
        if alerts is None and closed is None:
            await self._reconciler.alerts_were_read(began)
        errors = (
            (GoogleList.ALERTS, alerts),
            (GoogleList.CLOSED, closed),
            (GoogleList.CHECKS, checks),
            (GoogleList.SETTINGS, settings),
        )
        failed = [(name, error) for name, error in errors if error]
        return min(failed, key=lambda each: isinstance(each[1], SaveFailed), default=None)

    async def _read_alerts(self, source: Source) -> tuple[Failure | None, Failure | None]:
        """Read the open alerts and then, if they are known, those that have closed. Returns what failed."""
        own = self._examiner.own_policies()
        if error := await _error_of(self._reconciler.alerts(source, own)):
            return error, None
        return None, await _error_of(self._reconciler.closed_alerts(source, own))

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds_to_wait()):
                await self._has_changed.wait()

    def _seconds_to_wait(self) -> float | None:
        """None to wait for a source; otherwise longer after each failure, with jitter."""
        if self._source is None:
            return None
        every = self._source.every
        longest = max(every, LONGEST_PAUSE)
        pause = min(every * 2.0 ** min(self._view.failures, 10), longest)
        jitter = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - not a secret
        return max(pause.total_seconds() * jitter, self._retry_after)


async def _error_of(reading: Awaitable[None]) -> Failure | None:
    try:
        await reading
    except GoogleError as error:
        return error
    except SaveFailed as error:  # the store has reported it already
        log.warning("cannot save what Google's lists say: %s; continuing", error)
        return error
    except Exception:  # a bug of ours must not end the polling
        log.exception("cannot read Google's lists: unhandled exception")
        return GoogleError("unhandled exception; see the log")
    return None
