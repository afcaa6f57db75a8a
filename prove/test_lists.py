"""Whichever webhooks are lost, after one successful poll of Google's lists the state agrees with Google.

A poll that fails changes nothing. Random histories, against an oracle that knows what Google knows.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from google.refusals import GoogleError
from hosts import reconciling
from hosts.changes import record_incident
from hosts.checks import Check, Watch
from hosts.incident import Incident
from hosts.model import NOTHING, Change, State
from hosts.snoozing import NamedSnooze
from polling import examiner, reconciler
from polling.reconciler import Reconciler
from polling.source import Source
from prove.lists import Does, Step, World
from prove.size import generated, times

POLL_WELL = Step(Does.POLL, 0, 0, 1)
numbers = st.integers(0, 59)
steps = st.builds(Step, st.sampled_from([*Does, *[Does.POLL] * 4]), numbers, numbers, st.integers(0, 40))


async def play(folder: Path, history: Sequence[Step]) -> None:
    world = World(folder)
    try:
        for step in (*history, POLL_WELL):
            await world.do(step)
    finally:
        await world.store.close()


def prove(make_folder: Callable[[str], Path], examples: int) -> None:
    @generated(examples)
    @given(st.lists(steps, min_size=10, max_size=60))
    def holds(history: Sequence[Step]) -> None:
        asyncio.run(play(make_folder("world"), history))

    holds()


def test_after_one_successful_poll_the_state_agrees_with_google(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    prove(tmp_path_factory.mktemp, times(200, 5_000))


async def take_absent_for_closed(self: Reconciler, _source: Source, missing: Collection[str]) -> None:
    for incident_id in missing:
        if known := self._store.state.incident(incident_id):
            closed = known._replace(ended=max(self._now(), known.started), listed=True, confirmed=None)
            await self._store.commit(record_incident(closed))


async def look_for_no_closed(_self: Reconciler, _source: Source, _own: Collection[str] = ()) -> None:
    pass


async def ask_for_none(_self: Reconciler, _source: Source, _missing: Collection[str]) -> None:
    pass


def only_known(alert: Incident, state: State, asked_at: datetime, every: timedelta) -> Incident | None:
    return REPORT_OF(alert, state, asked_at, every) if state.incident(alert.id) else None


def unmarked(alert: Incident, state: State, asked_at: datetime, every: timedelta) -> Incident | None:
    report = REPORT_OF(alert, state, asked_at, every)
    return report and report._replace(listed=False)


def over_people(alert: Incident, state: State, asked_at: datetime, every: timedelta) -> Incident | None:
    return REPORT_OF(alert, state, asked_at + timedelta(days=1), every)


async def take_failure_for_none(self: Reconciler, source: Source, *, knows_alerts: bool) -> None:
    class Failing:
        async def checks(self) -> Sequence[Check]:
            try:
                return await source.api.checks()
            except GoogleError:
                return ()

    failing = source._replace(api=Failing())  # type: ignore[arg-type]
    await CHECKS(self, failing, knows_alerts=knows_alerts)


def mark_none(*_: object) -> Change:
    return lambda _: NOTHING


def by_any_snooze(self: NamedSnooze, incident: Incident) -> bool:
    return incident.policy in self.policies


REPORT_OF, CHECKS = reconciling.report_of, Reconciler.checks


@pytest.mark.parametrize(
    ("place", "name", "wrong", "noticed"),
    [
        (Reconciler, "_ask_for", take_absent_for_closed, "a recovery that never was"),
        (Reconciler, "_ask_for", ask_for_none, "does not agree on what is open"),
        (Reconciler, "closed_alerts", look_for_no_closed, "an outage between two polls was missed"),
        (Reconciler, "checks", take_failure_for_none, "a poll that failed changed something"),
        (reconciling, "report_of", only_known, "does not agree on what is open"),
        (reconciling, "report_of", unmarked, "marked wrongly"),
        (reconciling, "report_of", over_people, "a person was overruled"),
        (reconciler, "ABSENT_AFTER", timedelta(minutes=30), "doubted too soon"),
        (Watch, "no_check", None, "wrong about what watched it when it closed"),
        (examiner, "mark_closed", mark_none, "a snooze closed it"),
        (NamedSnooze, "explains", by_any_snooze, "no snooze closed it"),
        (examiner, "snooze_hosts", mark_none, "does not agree on what is snoozed"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_leaving_out_any_rule_is_noticed(
    place: object,
    name: str,
    wrong: object,
    noticed: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(place, name, wrong)
    with pytest.raises(AssertionError, match=noticed):
        prove(tmp_path_factory.mktemp, 500)
