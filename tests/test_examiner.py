"""Google's settings are examined every hour, and its snoozes are read each time."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from digest.google_view import GoogleView
from google.refusals import GoogleError
from hosts.changes import record_incident
from hosts.examination import Fault
from hosts.incident import Ending, Incident
from hosts.outages import outages
from hosts.policies import FailedDelivery, NotificationChannel, Settings, Snooze
from hosts.reconciling import by_host, watch_hosts
from polling.examiner import Examiner
from polling.source import Source
from state.loading import open_store
from tests.builders import DAY, HOUR, MINUTE, NOON, closed, opened
from tests.google_settings import ALL, CHECK, OWN, WWW, FakeSettings

SNOOZE = Snooze("s", "release", frozenset({ALL.id}), NOON, NOON + HOUR)


class ExaminerRig:
    """An examiner on a real store, with one check."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        self.store = open_store(folder / "state.json", NOON)
        self.view = GoogleView()
        self.google = FakeSettings()
        self.source = Source(self.google, "acme", 5 * MINUTE, 7 * DAY, lambda _: True)
        self.examiner = Examiner(self.store, lambda: self.now, self.view)

    async def poll(self, later: timedelta = 5 * MINUTE) -> None:
        self.now += later
        await self.examiner.poll(self.source)

    def faults(self) -> list[Fault]:
        assert self.view.examination
        return [finding.fault for finding in self.view.examination.findings]

    async def deliver(self, incident: Incident) -> None:
        await self.store.commit(record_incident(incident))


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[ExaminerRig]:
    made = ExaminerRig(tmp_path)
    await made.store.commit(watch_hosts([WWW], by_host([CHECK]), NOON))
    yield made
    await made.store.close()


async def test_the_settings_are_read_once_an_hour(rig: ExaminerRig) -> None:
    for _ in range(13):
        await rig.poll()
    assert rig.google.read.count("policies") == rig.google.read.count("channels") == 2
    assert rig.google.read.count("snoozes") == 13
    assert rig.faults() == []
    assert rig.view.examination
    assert (rig.view.examination.checks, rig.view.examination.at) == (1, NOON + HOUR + 5 * MINUTE)


async def test_only_active_checks_are_said_to_be_reported(rig: ExaminerRig) -> None:
    checks = [CHECK, CHECK._replace(id="www-2", disabled=True)]
    await rig.store.commit(watch_hosts([WWW], by_host(checks), NOON))
    await rig.poll()
    assert rig.view.examination
    assert rig.view.examination.checks == 1


async def test_they_are_read_at_once_if_the_source_changes_or_the_clock_is_set_back(rig: ExaminerRig) -> None:
    await rig.poll()
    rig.view.begin(asked=True)
    await rig.poll()
    assert rig.google.read.count("policies") == 2
    await rig.poll(-HOUR)
    assert rig.google.read.count("policies") == 3


async def test_what_was_fixed_is_no_longer_counted(rig: ExaminerRig) -> None:
    rig.google.settings = Settings((), (OWN,))
    await rig.poll()
    assert rig.faults() == [Fault.NO_POLICY]
    assert rig.view.setup_problem()
    rig.google.settings = Settings((ALL,), (OWN,))
    await rig.poll(HOUR)
    assert (rig.faults(), rig.view.setup_problem()) == ([], None)


@pytest.mark.parametrize(("was_watched", "faults"), [(False, [Fault.OTHER_PROJECTS]), (True, [])])
async def test_a_host_whose_check_was_deleted_does_not_count_as_another_projects(
    rig: ExaminerRig, was_watched: bool, faults: list[Fault]
) -> None:
    other = "other.example.com"
    await rig.deliver(opened(host=other, policy=ALL.name))
    if was_watched:
        await rig.store.commit(watch_hosts([other], by_host([CHECK._replace(host=other)]), NOON))
        await rig.store.commit(watch_hosts([other], {}, NOON))
    await rig.poll()
    assert rig.faults() == faults


async def test_without_the_role_failed_deliveries_stay_unknown(rig: ExaminerRig) -> None:
    rig.google.settings = rig.google.settings._replace(failed=(FailedDelivery(NOON, "500"),))
    await rig.poll()
    assert rig.faults() == []
    rig.google.may_read_log = True
    await rig.poll(HOUR)
    assert rig.faults() == [Fault.FAILED]
    assert "failed 17" in rig.google.read


async def test_failed_deliveries_do_not_hold_up_snoozes(
    rig: ExaminerRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cloud Logging may be unreachable, which shows only after half a minute."""
    seen = []

    async def look_on(_channel: str, _since: datetime) -> Sequence[FailedDelivery]:
        seen.append(rig.store.state.hosts[WWW].snoozed_until(rig.now))
        return ()

    monkeypatch.setattr(rig.google, "failed_deliveries", look_on)
    rig.google.settings = rig.google.settings._replace(snoozes=(SNOOZE,))
    await rig.poll()
    assert seen == [NOON + HOUR]


STAGING = OWN._replace(id="18", address="staging.example.com/fromGCPMonitoring")


@pytest.mark.parametrize(
    ("page_url", "channels", "faults", "counted"),
    [
        ("https://Uptime.example.com:8443/", (OWN, STAGING), [Fault.NOT_NOTIFIED], [OWN]),
        ("https://uptime.example.com/", (STAGING,), [], [STAGING]),
        ("https://page.example.com/", (OWN, STAGING), [], [OWN, STAGING]),
        ("", (OWN, STAGING), [], [OWN, STAGING]),
    ],
    ids=["it has one", "it has none", "the page has a host of its own", "no page"],
)
async def test_channels_of_other_hosts_do_not_count_if_there_is_one_of_the_page(
    rig: ExaminerRig,
    page_url: str,
    channels: tuple[NotificationChannel, ...],
    faults: list[Fault],
    counted: list[NotificationChannel],
) -> None:
    rig.google.settings = Settings((ALL._replace(channels=frozenset({STAGING.id})),), channels)
    rig.source = rig.source._replace(page_url=page_url)
    await rig.poll()
    assert rig.faults() == faults
    assert rig.view.examination
    assert list(rig.view.examination.channels) == sorted(channel.address for channel in counted)
    assert bool(rig.examiner.own_policies()) is not bool(faults)


async def test_a_failed_read_keeps_the_previous_findings(
    rig: ExaminerRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.google.settings = Settings((), (OWN,))
    await rig.poll()

    async def refuse() -> None:
        raise GoogleError("unavailable")

    monkeypatch.setattr(rig.google, "channels", refuse)
    with pytest.raises(GoogleError):
        await rig.poll(HOUR)
    assert rig.faults() == [Fault.NO_POLICY]


async def test_a_snooze_begins_and_ends_with_a_poll(rig: ExaminerRig) -> None:
    rig.google.settings = rig.google.settings._replace(snoozes=(SNOOZE,))
    await rig.poll()
    assert rig.store.state.hosts[WWW].snoozed_until(rig.now) == NOON + HOUR
    rig.google.settings = rig.google.settings._replace(snoozes=(SNOOZE._replace(ends=rig.now),))
    version = rig.store.version
    await rig.poll()
    assert rig.store.state.hosts[WWW].snoozed_until(rig.now) is None
    await rig.poll()
    assert rig.store.version == version + 1


async def test_a_known_snooze_explains_a_close_as_it_arrives(rig: ExaminerRig) -> None:
    rig.google.settings = rig.google.settings._replace(snoozes=(SNOOZE._replace(starts=NOON + 20 * MINUTE),))
    await rig.poll()
    for minutes, is_explained in ((19, False), (20, True)):
        report = closed(ended=NOON + minutes * MINUTE, policy=ALL.name)
        assert rig.view.explained(report).snoozed is is_explained
    assert not rig.view.explained(opened(policy=ALL.name)).snoozed
    rig.view.begin(asked=False)
    assert not rig.view.explained(report).snoozed


async def test_a_close_under_a_snooze_is_marked_even_after_it(rig: ExaminerRig) -> None:
    await rig.deliver(opened(started=NOON - HOUR, policy=ALL.name))
    rig.google.settings = rig.google.settings._replace(snoozes=(SNOOZE,))
    await rig.deliver(closed(started=NOON - HOUR, ended=NOON + MINUTE, policy=ALL.name))
    await rig.poll(24 * HOUR)
    (outage,) = outages(rig.store.state.hosts[WWW])
    assert outage.ending is Ending.SNOOZED
