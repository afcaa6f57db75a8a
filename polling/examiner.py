"""Reads Google's policies, channels and snoozes, to learn whether it would notify this server."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain

from digest.google_view import GoogleView
from google.api import GoogleApi
from google.doctor import Doctor
from google.policies import host_of_url, own_channels
from google.refusals import GoogleError
from hosts.checks import Check
from hosts.examination import Examination
from hosts.model import State
from hosts.policies import FailedDelivery, Settings
from hosts.snoozing import (
    closed_by,
    mark_closed,
    snooze_hosts,
    snoozed_hosts,
    to_snooze,
    with_names,
)
from polling.reconciler import chunks
from polling.source import Source
from state.store import Store
from turns import in_turns

EXAMINED_EVERY = timedelta(hours=1)
SNOOZES_KNOWN_FOR = timedelta(days=7)  # after its end, a snooze may still explain a late close
FAILURES_SHOWN_FOR = timedelta(days=7)

log = logging.getLogger("google")


async def read_settings(api: GoogleApi, now: datetime, page_url: str) -> Settings:
    """Read all but failed deliveries. Raises GoogleError."""
    read = await api.policies(), await api.channels(), await api.snoozes(now - SNOOZES_KNOWN_FOR)
    return Settings(*read, page_host=host_of_url(page_url))


async def with_failures(api: GoogleApi, settings: Settings, now: datetime) -> Settings:
    """The same with failed deliveries, which need a role of their own, and may stay unknown."""
    failed = list[FailedDelivery]()
    with suppress(GoogleError):
        for channel in own_channels(settings):
            failed += await api.failed_deliveries(channel.id, now - FAILURES_SHOWN_FOR)
    return settings._replace(failed=tuple(failed))


async def examine(
    project: str, checks: Collection[Check], settings: Settings, state: State, now: datetime
) -> Examination:
    unlisted = [i for host in state.hosts.values() if host.watch is None for i in host.open]
    doctor = Doctor(project, checks, settings, unlisted)
    active = sum(not check.disabled for check in checks)
    addresses = sorted({channel.address for channel in own_channels(settings)})
    return Examination(now, active, await in_turns(doctor.examining(now)), tuple(addresses))


class Examiner:
    """Examines Google's settings every hour, and reads its snoozes each time."""

    def __init__(self, store: Store, now: Callable[[], datetime], view: GoogleView) -> None:
        self._store = store
        self._now = now
        self._view = view
        self._settings = Settings()

    def own_policies(self) -> frozenset[str]:
        """The names of the policies that notify this server; empty before the first examination."""
        own = {channel.id for channel in own_channels(self._settings)}
        return frozenset(policy.name for policy in self._settings.policies if policy.channels & own)

    async def poll(
        self, source: Source, hostless: Sequence[Check] = (), *, knows_checks: bool = True
    ) -> None:
        """Examine what is due; with unknown checks only snoozes. Raises GoogleError or SaveFailed.

        `hostless` are the checks that the state does not have, because they have no host.
        """
        api, project, now, last = source.api, source.project, self._now(), self._view.examination
        is_due = last is None or not timedelta() <= now - last.at < EXAMINED_EVERY
        if is_due:
            self._settings = await read_settings(api, now, source.page_url)
        else:
            snoozes = await api.snoozes(now - SNOOZES_KNOWN_FOR)
            self._settings = self._settings._replace(snoozes=snoozes)
        await self._record_snoozes(now, project)
        if is_due and knows_checks:
            settings, state = await with_failures(api, self._settings, now), self._store.state
            checks = [*chain(*_checks(state).values()), *hostless]
            self._view.examination = await examine(project, checks, settings, state, now)

    async def _record_snoozes(self, now: datetime, project: str) -> None:
        await asyncio.sleep(0)
        checks, settings = _checks(self._store.state), self._settings
        found = await in_turns(snoozed_hosts(checks, settings.policies, settings.snoozes, now, project))
        for names in chunks(to_snooze(found, self._store.state)):
            await self._store.commit(snooze_hosts(names, found))
        self._view.snoozes = named = await in_turns(
            with_names(settings.snoozes, settings.policies, checks, project)
        )
        for names in chunks([*closed_by(named, self._store.state)]):
            await self._store.commit(mark_closed(names, named))


def _checks(state: State) -> dict[str, Sequence[Check]]:
    """The checks of each host, as Google last listed them."""
    return {name: host.watch.checks for name, host in state.hosts.items() if host.watch}
