"""Brings the state in line with Google's own lists, in steps small enough for the event loop."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from digest.google_view import GoogleView
from google.refusals import GoogleError
from hosts.changes import TooManyOpenIncidents
from hosts.checks import Check
from hosts.incident import Incident
from hosts.model import Change
from hosts.reconciling import (
    by_host,
    has_twin,
    is_for_us,
    open_ids,
    record_absent,
    record_alerts_read,
    record_listed,
    to_watch,
    unwatch_hosts,
    watch_hosts,
)
from hosts.retention import REPEAT_WINDOW
from polling.source import Source
from state.renaming import adopting_former_name
from state.store import Store

log = logging.getLogger("google")

V = TypeVar("V")
# Google may lose sight of an alert for a moment: it is asked again after this long, and doubted only then.
ABSENT_AFTER = timedelta(hours=1)
# Alerts are listed some minutes after they opened, and the time of the last list is saved only so often.
LIST_AGE, OVERLAP = timedelta(hours=1), timedelta(hours=1)
# What opened and closed earlier is not made up for: it may have been forgotten or pruned, and is no news.
LONGEST_GAP = REPEAT_WINDOW
PER_TURN = 50  # alerts or hosts per turn of the event loop
INCONCLUSIVE = (400, 403)  # what Google may answer for an unknown id, although it has just sent the list
GETS_PER_POLL, GETS_AT_ONCE = 1_000, 10  # for alerts that a list does not show


class Reconciler:
    """Compares Google's lists with the state. Remembers which alerts Google said it does not know."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        view: GoogleView,
        monotonic: Callable[[], float],
    ) -> None:
        self._store = store
        self._now = now
        self._view = view
        self._monotonic = monotonic
        self.hostless: Sequence[Check] = ()  # checks of groups and functions, as last listed
        self._checks_before: datetime | None = None  # when those that the state has were requested
        self._asked: dict[str, float] = {}  # by id: when Google was last asked and did not list it
        self._unknown: dict[str, float] = {}  # by id: when Google first said that it does not know it

    async def alerts(self, source: Source, own_policies: Collection[str] = ()) -> None:
        """Read the open alerts, and ask about what is open only here.

        Raises GoogleError or SaveFailed.
        """
        asked_at, before = self._second(), open_ids(self._store.state)
        found = await source.api.open_alerts()
        alerts, error = list(found.incidents), found.error
        del found  # freeing all alerts at once would hold up the loop
        shown = await self._record(alerts, asked_at, source, own_policies)
        if error:
            raise error
        missing = await self._still_open(before - shown, source)
        self._asked = {i: at for i, at in self._asked.items() if i in missing}
        self._unknown = {i: at for i, at in self._unknown.items() if i in missing}
        await self._ask_for(source, missing)

    async def closed_alerts(self, source: Source, own_policies: Collection[str] = ()) -> None:
        """Record what opened and closed since the last time, whether or not any webhook told of it.

        Raises GoogleError or SaveFailed.
        """
        asked_at = self._second()
        last = self._store.state.alerts_read or asked_at
        closed = await source.api.closed_alerts(max(last - OVERLAP, asked_at - LONGEST_GAP))
        await self._record([*closed], asked_at, source, own_policies)

    async def alerts_were_read(self, at: datetime) -> None:
        """Remember, across restarts, that nothing that opened before then is missing."""
        await self._store.commit_if_needed(record_alerts_read(at.replace(microsecond=0), LIST_AGE))

    async def checks(self, source: Source, *, knows_alerts: bool = True) -> None:
        """Read which hosts are watched. Raises GoogleError or SaveFailed.

        As long as the open alerts are not known, a check does not tell that its host is up.
        """
        asked_at = self._second()
        listed = await source.api.checks()
        self.hostless = tuple(check for check in listed if not check.host)
        checks = by_host(listed)
        at = self._second() if knows_alerts else None
        await asyncio.sleep(0)
        for names in chunks(list(to_watch(checks, self._store.state, at, source.hosts))):
            await self._store.commit(watch_hosts(names, checks, at, self._checks_before))
        self._checks_before = asked_at

    async def forget_checks(self) -> None:
        """Forget them, because nothing keeps them up to date any more. Raises SaveFailed."""
        watched = [name for name, host in self._store.state.hosts.items() if host.watch]
        for names in chunks(watched):
            await self._store.commit(unwatch_hosts(names))

    def _second(self) -> datetime:
        """Now in whole seconds, as in the state file."""
        return self._now().replace(microsecond=0)

    async def _record(
        self, alerts: list[Incident], asked_at: datetime, source: Source, own_policies: Collection[str] = ()
    ) -> AbstractSet[str]:
        """Record the alerts, and return their ids. Empties the list."""
        shown = set[str]()
        while alerts:
            some = alerts[-PER_TURN:]
            del alerts[-PER_TURN:]
            shown |= {alert.id for alert in some}
            await asyncio.sleep(0)
            ours = [alert for alert in some if is_for_us(alert, self._store.state, own_policies)]
            changes = [(alert, record_listed(alert, asked_at, source.confirm_every)) for alert in ours]
            commits = [self._commit(alert, change) for alert, change in changes if self._is_news(change)]
            await asyncio.gather(*commits)
        return shown

    async def _still_open(self, ids: Iterable[str], source: Source) -> set[str]:
        found = set[str]()
        for some in chunks(ids):
            known = filter(None, map(self._store.state.incident, some))
            found |= {incident.id for incident in known if incident.is_open and source.may_list(incident)}
            await asyncio.sleep(0)
        return found

    def _is_news(self, change: Change) -> bool:
        with suppress(TooManyOpenIncidents):
            return bool(change(self._store.state))
        return False

    async def _commit(self, alert: Incident, change: Change) -> None:
        """Commit, and count what the poll made up for."""
        known = self._store.state.incident(alert.id)
        with suppress(TooManyOpenIncidents):
            await self._store.commit(adopting_former_name(alert.host, change))
            if known is None or known.is_open != alert.is_open:
                self._view.changed["opened" if alert.is_open else "closed"] += 1

    async def _ask_for(self, source: Source, missing: Collection[str]) -> None:
        """Ask about some of the incidents that the list does not show, those not asked about yet first."""
        now = self._monotonic()
        fresh = islice((i for i in missing if i not in self._asked), GETS_PER_POLL)
        due = [i for i, last in self._asked.items() if now - last >= ABSENT_AFTER.total_seconds()]
        again = sorted(due, key=self._asked.__getitem__)
        for some in chunks([*fresh, *again][:GETS_PER_POLL], GETS_AT_ONCE):
            asking = (self._ask_for_one(source, incident_id) for incident_id in some)
            for error in await asyncio.gather(*asking, return_exceptions=True):
                if error:
                    raise error

    async def _ask_for_one(self, source: Source, incident_id: str) -> None:
        asked_at = self._second()
        try:
            alert = await source.api.alert(incident_id)
        except GoogleError as error:
            if error.code not in INCONCLUSIVE:
                raise
            if incident_id not in self._asked:
                log.info("Google gives no clear answer about incident %s: %s", incident_id, error)
            self._asked[incident_id] = self._monotonic()
            return
        if alert is None:
            await self._not_known(incident_id)
        else:
            self._asked.pop(incident_id, None)
            self._unknown.pop(incident_id, None)
            await self._record([alert], asked_at, source)

    async def _not_known(self, incident_id: str) -> None:
        """Doubt the incident once Google has not known it for `ABSENT_AFTER`, unless only its id differs."""
        at = self._monotonic()  # a jump of the clock does not count
        self._asked[incident_id] = at
        first = self._unknown.setdefault(incident_id, at)
        if has_twin(incident_id, self._store.state):
            log.warning("Google does not know incident %s, but lists one like it: ids differ", incident_id)
        elif at - first >= ABSENT_AFTER.total_seconds() and await self._store.commit(
            record_absent(incident_id)
        ):
            self._view.changed["absent"] += 1


def chunks(values: Iterable[V], size: int = PER_TURN) -> Iterator[list[V]]:
    """Lists of at most `size` values; by default, as many as fit into one turn of the loop."""
    left = iter(values)
    while some := list(islice(left, size)):
        yield some
