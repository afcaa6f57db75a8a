"""Polls of Google's lists: how often, what happens after failures, and that nothing waits for them too long."""

import asyncio
import errno
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from inspect import isawaitable
from pathlib import Path

import pytest

from digest.google_view import GoogleView
from digest.health import in_english
from digest.summary import count_hosts
from google.alerts import AlertList
from google.refusals import GoogleError
from hosts import changes
from hosts.changes import record_incident
from hosts.checks import Check, watch
from hosts.examination import Fault
from hosts.incident import Ending, Incident, Kind
from hosts.model import Status
from hosts.policies import Condition, Policy, Settings
from hosts.problems import GoogleList
from hosts.retention import REPEAT_WINDOW, prune_forgotten
from polling import poller, reconciler
from polling.poller import GooglePoller
from polling.source import Source
from state.loading import open_store
from tests.builders import DAY, HOUR, MINUTE, NOON, STEVE, closed, full_disk, opened, summarize
from tests.google_settings import ALL, CHECK, OWN, WWW, FakeSettings
from tests.support import until

DENIED = GoogleError("the role is missing: grant it")
NO_HOSTS = dict.fromkeys(("down", "warning", "up", "muted", "unknown"), 0)


class FakeApi(FakeSettings):
    """Google's view, under the test's control."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[str, Incident] = {}
        self.watched: list[Check] = []
        self.asked: list[str] = []
        self.errors: dict[str, Exception] = {}  # by what is asked for; "": whatever it is
        self.lost: GoogleError | None = None  # of a page in the middle
        self.shown: int | None = None  # so many alerts come before it
        self.meanwhile: Callable[[], object] | None = None
        self.is_closed = False
        self.since: datetime | None = None  # when the closed alerts that were asked for opened

    def put(self, *alerts: Incident) -> None:
        self.alerts |= {alert.id: alert for alert in alerts}

    async def open_alerts(self) -> AlertList:
        await self._answer("alerts")
        found = [alert for alert in self.alerts.values() if alert.is_open]
        return AlertList(found[: self.shown], self.lost)

    async def alert(self, incident_id: str) -> Incident | None:
        await self._answer(incident_id)
        return self.alerts.get(incident_id)

    async def closed_alerts(self, since: datetime) -> tuple[Incident, ...]:
        await self._answer("closed")
        self.since = since
        return tuple(a for a in self.alerts.values() if not a.is_open and a.started >= since)

    async def checks(self) -> tuple[Check, ...]:
        await self._answer("checks")
        return tuple(self.watched)

    async def policies(self) -> tuple[Policy, ...]:
        await self._answer("policies")
        return await super().policies()

    def close(self) -> None:
        self.is_closed = True

    async def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        if self.meanwhile and isawaitable(happens := self.meanwhile()):
            await happens
        if error := self.errors.get(asked) or self.errors.get(""):
            raise error


class PollerRig:
    """A poller on a real store."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON + HOUR
        self.store = open_store(folder / "state.json", self.now)
        self.view = GoogleView()
        self.api = FakeApi()
        self.monotonic = 0.0
        self.poller = GooglePoller(self.store, lambda: self.now, self.view, lambda: self.monotonic)
        self.poller.adopt(self.source(self.api))

    def source(self, api: FakeApi) -> Source:
        return Source(api, "acme", 5 * MINUTE, timedelta(days=7), lambda known: known.id.startswith("0."))

    async def deliver(self, *incidents: Incident) -> None:
        for incident in incidents:
            await self.store.commit(record_incident(incident))

    async def poll(self, later: timedelta = 5 * MINUTE) -> None:
        self.now += later
        self.monotonic += later.total_seconds()
        await self.poller._poll()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[asyncio.Event]:
        """Yields the event that the first digest need not wait any longer."""
        goes_on = asyncio.Event()
        running = asyncio.create_task(self.poller.run(goes_on.set))
        yield goes_on
        running.cancel()

    def is_in_doubt(self) -> bool:
        return self.store.state.hosts[WWW].open[0].absent

    def statuses(self) -> dict[str, Status]:
        return {name: host.status for name, host in self.store.state.hosts.items()}


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[PollerRig]:
    made = PollerRig(tmp_path)
    yield made
    await made.store.close()


async def test_a_poll_makes_up_for_what_was_lost(rig: PollerRig) -> None:
    await rig.deliver(opened("0.lost-close", "a.test"))
    rig.api.put(closed("0.lost-close", "a.test"), opened("0.lost-open", "b.test"))
    rig.api.watched = [CHECK]
    await rig.poll()
    assert rig.statuses() == {"a.test": Status.UP, "b.test": Status.DOWN, WWW: Status.UP}
    assert rig.view.changed == {"opened": 1, "closed": 1}
    assert (rig.view.polls, rig.view.problem()) == ({"succeeded": 1}, None)


async def test_an_alert_about_something_else_counts_if_its_policy_notifies_this_server(
    rig: PollerRig,
) -> None:
    for number, policy in enumerate(("x", ALL.name)):
        rig.api.put(opened(f"0.{number}", f"{number}.test", kind=Kind.OTHER, policy=policy))
    await rig.poll()  # which reads the policies, too
    assert rig.statuses() == {"1.test": Status.WARNING}


async def test_nothing_is_said_about_checks_that_cannot_be_read(rig: PollerRig) -> None:
    rig.api.watched, rig.api.errors = [CHECK], {"checks": DENIED}
    await rig.poll()
    assert (rig.view.examination, rig.view.error) == (None, str(DENIED))
    rig.api.errors = {}
    await rig.poll()
    assert rig.view.examination
    assert rig.view.examination.checks == 1


async def test_checks_of_groups_and_functions_are_examined_though_they_have_no_host(rig: PollerRig) -> None:
    rig.api.watched = [CHECK, Check("login-1", "", "login", "login-function", MINUTE)]
    rig.api.settings = Settings(
        (ALL._replace(conditions=(Condition(Kind.DOWNTIME, frozenset({CHECK.id})),)),), (OWN,)
    )
    await rig.poll()
    assert [*rig.statuses()] == [WWW]
    assert rig.view.examination
    (finding,) = rig.view.examination.findings
    assert (finding.fault, finding.subject, finding.detail) == (Fault.NO_POLICY, "login", "login-function")


async def test_hosts_are_not_said_to_be_up_before_the_open_alerts_have_been_read(rig: PollerRig) -> None:
    rig.api.watched, rig.api.errors = [CHECK], {"alerts": DENIED}
    await rig.poll()
    assert not summarize(rig.store.state, rig.now).is_status_known
    assert count_hosts(rig.store.state, rig.now).by_state() == {**NO_HOSTS, "unknown": 1}
    rig.api.errors = {}
    await rig.poll()
    rig.api.errors = {"alerts": DENIED}
    await rig.poll()
    assert summarize(rig.store.state, rig.now).all_up
    assert count_hosts(rig.store.state, rig.now).by_state() == {**NO_HOSTS, "up": 1}


async def test_an_outage_between_two_polls_of_which_no_webhook_came_is_found(rig: PollerRig) -> None:
    await rig.poll()
    assert rig.api.since == rig.now - HOUR
    begun = rig.now + MINUTE
    ended = begun + 2 * MINUTE
    rig.api.put(
        closed("0.short", started=begun, ended=ended),
        closed("0.not-ours", "x.test", kind=Kind.OTHER, started=begun, ended=ended),
    )
    await rig.poll()
    assert rig.statuses() == {WWW: Status.UP}
    (found,) = rig.store.state.hosts[WWW].closed
    assert (found.listed, found.started, found.ended) == (True, begun, ended)
    assert rig.view.changed == {"closed": 1}


@pytest.mark.parametrize(("off", "since"), [(2 * DAY, 2 * DAY + HOUR), (30 * DAY, REPEAT_WINDOW)])
async def test_it_is_found_after_a_restart_or_a_failure_for_up_to_three_days(
    rig: PollerRig, off: timedelta, since: timedelta
) -> None:
    await rig.poll()
    rig.api.errors = {"closed": DENIED}
    await rig.poll(HOUR)
    assert rig.view.failed_list is GoogleList.CLOSED
    rig.api.errors = {}
    rig.poller = GooglePoller(rig.store, lambda: rig.now, rig.view, lambda: rig.monotonic)
    rig.poller.adopt(rig.source(rig.api))
    rig.api.put(
        closed("0.short", started=rig.now + off - 2 * DAY),
        closed("0.other", "other.test", started=rig.now + off - 2 * DAY, kind=Kind.OTHER, policy=ALL.name),
    )
    await rig.poll(off - HOUR)
    assert rig.api.since == rig.now - since
    assert rig.statuses() == {WWW: Status.UP, "other.test": Status.UP}


@pytest.mark.parametrize("checks", [[], [CHECK._replace(disabled=True)]])
@pytest.mark.parametrize(
    ("after", "ending"),
    [(timedelta(), Ending.RECOVERED), (HOUR, None), (3 * HOUR, None)],
)
async def test_a_recovery_before_the_check_was_off_stays_one_even_if_it_becomes_known_later(
    rig: PollerRig, checks: list[Check], after: timedelta, ending: Ending | None
) -> None:
    """Between the last list that shows the check on and the first that does not, nobody knows."""
    rig.api.watched = [CHECK]
    rig.api.put(opened("0.a", started=rig.now))
    await rig.poll()
    over = closed("0.a", started=rig.now - 5 * MINUTE, ended=rig.now + HOUR - MINUTE + after)
    rig.api.errors = {"alerts": DENIED}
    await rig.poll(HOUR)
    rig.api.watched = checks
    for _ in range(3):
        await rig.poll(HOUR)
    rig.api.put(over)
    rig.api.errors = {}
    await rig.poll(MINUTE)
    unwatched = Ending.DISABLED if checks else Ending.UNWATCHED
    assert rig.store.state.hosts[WWW].closed[0].ending is (ending or unwatched)


async def test_without_knowing_since_when_the_check_is_off_no_close_counts_as_a_recovery(
    rig: PollerRig,
) -> None:
    rig.api.watched = [CHECK]
    rig.api.put(opened("0.a", started=rig.now))
    await rig.poll()
    over = closed("0.a", started=rig.now - 5 * MINUTE, ended=rig.now)
    rig.poller = GooglePoller(rig.store, lambda: rig.now, rig.view, lambda: rig.monotonic)
    rig.poller.adopt(rig.source(rig.api))
    rig.api.watched = []
    await rig.poll(HOUR)
    rig.api.put(over)
    await rig.poll()
    assert rig.store.state.hosts[WWW].closed[0].ending is Ending.UNWATCHED


async def test_what_was_forgotten_is_no_news_after_a_long_failure(rig: PollerRig) -> None:
    await rig.poll()
    rig.api.put(closed("0.short", started=rig.now, ended=rig.now + MINUTE))
    await rig.poll()
    assert await rig.store.commit(changes.forget([WWW], rig.now))
    rig.now += 5 * DAY
    assert await rig.store.commit(prune_forgotten(rig.now))
    await rig.poll()
    assert rig.statuses() == {}


async def test_closed_alerts_that_cannot_be_read_do_not_hold_up_the_open_ones(rig: PollerRig) -> None:
    await rig.poll()
    read_at = rig.store.state.alerts_read
    await rig.deliver(opened("0.over", "over.test"))
    rig.api.put(opened("0.new", "new.test"), closed("0.over", "over.test"))
    rig.api.watched = [CHECK]
    rig.api.errors = {"closed": DENIED}
    await rig.poll(12 * HOUR)
    assert rig.statuses() == {"new.test": Status.DOWN, "over.test": Status.UP, WWW: Status.UP}
    assert rig.store.state.hosts[WWW].watch == watch(rig.now, [CHECK])  # and known to be up
    problem = rig.view.problem()
    assert problem
    assert in_english(problem).startswith("Google's list of closed alerts unavailable since")
    assert (rig.view.time_since_alerts() or HOUR) < MINUTE
    assert rig.store.state.alerts_read == read_at
    rig.api.errors = {}
    await rig.poll()
    assert rig.api.since == (read_at or NOON) - HOUR


async def test_it_is_found_even_if_it_could_not_be_saved_at_first(rig: PollerRig) -> None:
    await rig.poll()
    read_at = rig.store.state.alerts_read
    begun = rig.now + MINUTE
    rig.api.put(closed("0.short", started=begun, ended=begun + MINUTE))
    saving = rig.store._replace

    def full_once(_pieces: Sequence[bytes]) -> None:
        rig.store._replace = saving  # type: ignore[method-assign]
        raise OSError(errno.ENOSPC, "No space left on device")

    rig.store._replace = full_once  # type: ignore[assignment, method-assign]
    await rig.poll(12 * HOUR)
    assert (rig.statuses(), rig.store.state.alerts_read) == ({}, read_at)
    assert (rig.view.polls, rig.view.problem()) == ({"succeeded": 1, "failed": 1}, None)
    since = rig.view.time_since_alerts()
    assert since
    assert since < MINUTE  # Google was heard of
    await rig.poll()
    assert rig.statuses() == {WWW: Status.UP}
    assert rig.view.polls == {"succeeded": 2, "failed": 1}


async def test_a_list_that_cannot_be_read_is_named_rather_than_one_that_cannot_be_saved(
    rig: PollerRig,
) -> None:
    rig.api.put(opened("0.a"))
    rig.api.errors = {"policies": DENIED}
    with full_disk():
        await rig.poll()
    assert rig.view.failed_list is GoogleList.SETTINGS


async def test_a_second_poll_saves_nothing(rig: PollerRig) -> None:
    rig.api.put(*(opened(f"0.{n}", f"{n}.test") for n in range(120)))
    rig.api.watched = [CHECK._replace(id=f"{n}", host=f"{n}.test") for n in range(120)]
    await rig.poll()
    version = rig.store.version
    await rig.poll()
    assert rig.store.version == version
    assert len(rig.store.state.hosts) == 120


async def test_an_incident_is_in_doubt_once_google_has_not_known_it_for_an_hour(rig: PollerRig) -> None:
    await rig.deliver(opened("0.gone"), opened("derived-1", "other.test"))
    doubts = []
    for later in (timedelta(), 59 * MINUTE, MINUTE, MINUTE):
        await rig.poll(later)
        doubts.append(rig.is_in_doubt())
    assert doubts == [False, False, True, True]
    assert [asked for asked in rig.api.asked if asked.startswith("0.")] == ["0.gone", "0.gone"]
    assert rig.statuses()["other.test"] is Status.DOWN


async def test_neither_a_jump_of_the_clock_nor_a_list_that_shows_it_counts_as_that_hour(
    rig: PollerRig,
) -> None:
    await rig.deliver(opened("0.gone"))
    await rig.poll()
    rig.now += 2 * HOUR
    await rig.poll(30 * MINUTE)
    assert not rig.is_in_doubt()
    rig.api.put(opened("0.gone"))
    await rig.poll(29 * MINUTE)
    del rig.api.alerts["0.gone"]
    await rig.poll(40 * MINUTE)
    assert not rig.is_in_doubt()


async def test_a_resolution_while_the_list_is_on_its_way_counts(rig: PollerRig) -> None:
    """Within the same second: what people did is known by the second."""
    rig.now += timedelta(milliseconds=700)
    await rig.deliver(opened("0.a"))
    rig.api.put(opened("0.a"))
    resolve = changes.resolve(WWW, STEVE, (rig.now + 5 * MINUTE).replace(microsecond=0))
    rig.api.meanwhile = lambda: rig.store.commit(resolve)
    await rig.poll()
    assert rig.statuses() == {WWW: Status.UP}
    rig.api.meanwhile = None
    await rig.poll()
    assert rig.statuses() == {WWW: Status.DOWN}


async def test_an_incident_without_a_clear_answer_does_not_hold_up_others_and_is_logged_once(
    rig: PollerRig, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.deliver(opened("0.secret"), opened("0.over", "over.test"))
    rig.api.put(closed("0.over", "over.test"))
    rig.api.errors = {"0.secret": GoogleError("denied", code=403)}
    await rig.poll()
    assert rig.statuses() == {WWW: Status.DOWN, "over.test": Status.UP}
    assert rig.view.problem() is None
    for later in (5 * MINUTE, HOUR):  # only then is it asked for again
        await rig.poll(later)
    assert rig.api.asked.count("0.secret") == 2
    assert caplog.text.count("no clear answer about incident 0.secret") == 1


async def test_what_google_lists_under_another_id_is_not_doubted(
    rig: PollerRig, caplog: pytest.LogCaptureFixture
) -> None:
    await rig.deliver(opened("0.webhook", policy="www"), opened("0.other", "other.test", policy="www"))
    rig.api.put(opened("0.list", started=NOON + MINUTE, policy="www"))
    for _ in range(2):
        await rig.poll(HOUR)
    opens = [i for host in rig.store.state.hosts.values() for i in host.open]
    assert {incident.id for incident in opens if incident.absent} == {"0.other"}
    assert "does not know incident 0.webhook, but lists one like it" in caplog.text


async def test_nothing_is_concluded_from_what_an_incomplete_list_does_not_show(rig: PollerRig) -> None:
    await rig.deliver(opened("0.b", "b.test"))
    rig.api.put(opened("0.a", "a.test"), closed("0.b", "b.test"), opened("0.c", "c.test"))
    rig.api.lost, rig.api.shown = DENIED, 1
    await rig.poll()
    assert rig.statuses() == {"a.test": Status.DOWN, "b.test": Status.DOWN}
    assert "0.b" not in rig.api.asked
    assert rig.view.failures == 1


async def test_a_webhook_that_came_during_the_poll_is_not_doubted(rig: PollerRig) -> None:
    rig.api.settings = Settings()  # without policies, whose alerts would be listed again
    rig.api.meanwhile = lambda: rig.deliver(opened("0.new"))
    await rig.poll()
    assert "0.new" not in rig.api.asked


async def test_each_poll_asks_for_some_of_very_many_that_the_list_does_not_show(
    rig: PollerRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler, "GETS_PER_POLL", 2)
    await rig.deliver(*(opened(f"0.{n}", f"{n}.test") for n in range(5)))
    for _ in range(3):
        await rig.poll()
    asked = [name for name in rig.api.asked if name.startswith("0.")]
    assert (len(asked), len(set(asked))) == (5, 5)


async def test_they_are_asked_for_ten_at_a_time(rig: PollerRig) -> None:
    """One by one, a start would often not have them all in its ten seconds."""
    incidents = [opened(f"0.{n}", f"{n}.test") for n in range(25)]
    await rig.deliver(*incidents)
    rig.api.put(*(closed(incident.id, incident.host) for incident in incidents))
    waiting, most = 0, 0

    async def wait() -> None:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await asyncio.sleep(0)
        waiting -= 1

    rig.api.meanwhile = wait
    await rig.poll()
    assert {*rig.statuses().values()} == {Status.UP}
    assert most == 10


async def test_while_it_fails_webhooks_count_and_it_is_logged_once(
    rig: PollerRig, caplog: pytest.LogCaptureFixture
) -> None:
    rig.api.errors = {"": DENIED}
    await rig.poll()
    await rig.poll()
    await rig.deliver(opened())
    problem = rig.view.problem()
    assert problem
    assert not problem.is_failure
    since = "Google's list of open alerts unavailable since 2026-11-22 13:05 UTC"
    assert in_english(problem) == f"{since} ({DENIED})"
    told = f"cannot read Google's list of open alerts: {DENIED}; webhooks count as before"
    assert caplog.messages.count(told) == 1
    rig.api.errors = {}
    await rig.poll()
    assert rig.view.problem() is None
    assert caplog.messages[-1] == "Google's lists can be read"
    assert rig.statuses() == {WWW: Status.DOWN}


async def test_only_a_list_of_open_alerts_is_a_word_from_google(rig: PollerRig) -> None:
    heard = []
    for asked in ("", "alerts", "policies"):
        rig.api.errors = {asked: DENIED}
        await rig.poll()
        heard.append(rig.view.time_since_alerts() is not None)
    assert heard == [False, False, True]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("alerts", "open alerts"),
        ("checks", "uptime checks"),
        ("policies", "policies, notification channels or snoozes"),
    ],
)
async def test_the_log_names_the_list(
    rig: PollerRig, caplog: pytest.LogCaptureFixture, asked: str, named: str
) -> None:
    rig.api.errors = {asked: DENIED}
    await rig.poll()
    assert f"cannot read Google's list of {named}: {DENIED}" in caplog.text


async def test_the_log_says_that_edited_settings_work(
    rig: PollerRig, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    rig.api.errors = {"": DENIED}
    await rig.poll()
    rig.poller.adopt(rig.source(FakeApi()))
    for _ in range(2):
        await rig.poll()
    assert caplog.messages.count("Google's lists can be read") == 1


async def test_a_bug_of_ours_does_not_end_the_polls(rig: PollerRig, caplog: pytest.LogCaptureFixture) -> None:
    rig.api.errors = {"": ZeroDivisionError("secret")}
    await rig.poll()
    assert rig.view.failures == 1
    assert (problem := rig.view.problem())
    assert "secret" not in in_english(problem)
    assert "unhandled exception" in caplog.text


async def test_checks_are_forgotten_when_google_is_no_longer_asked(rig: PollerRig) -> None:
    rig.api.watched = [CHECK._replace(disabled=True), CHECK._replace(id="2", host="known.test")]
    await rig.deliver(opened("0.a", "known.test"), closed("0.a", "known.test"))
    await rig.poll()
    rig.poller.adopt(None)
    await rig.poll()
    assert {name: host.watch for name, host in rig.store.state.hosts.items()} == {"known.test": None}
    version = rig.store.version
    await rig.poll()
    assert rig.store.version == version
    assert rig.poller._seconds_to_wait() is None


@pytest.mark.parametrize(
    ("failures", "retry_after", "minutes"),
    [(0, None, 5), (1, None, 10), (2, None, 15), (9, None, 15), (1, 1800, 30), (1, 60, 10)],
)
async def test_failures_make_pauses_longer_and_google_may_ask_for_more(
    rig: PollerRig, failures: int, retry_after: float | None, minutes: float
) -> None:
    rig.api.errors = {"": GoogleError("no", retry_after)} if failures else {}
    for _ in range(failures or 1):
        await rig.poll()
    pauses = [rig.poller._seconds_to_wait() for _ in range(50)]
    assert all(pause and 0.9 * 60 * minutes <= pause <= 1.1 * 60 * minutes for pause in pauses)
    assert len(set(pauses)) > 1 or retry_after == 1800


class TestRun:
    async def test_the_first_digest_waits_for_the_first_poll(self, rig: PollerRig) -> None:
        rig.api.put(opened("0.a"))
        async with rig.running() as goes_on:
            await until(goes_on.is_set)
            assert rig.statuses() == {WWW: Status.DOWN}

    async def test_the_first_digest_does_not_wait_for_long(
        self, rig: PollerRig, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the poll finds later still counts."""
        monkeypatch.setattr(poller, "FIRST_POLL_TIMEOUT", 0.01)
        answer = asyncio.Event()
        rig.api.put(opened("0.a"))
        rig.api.meanwhile = answer.wait
        async with rig.running() as goes_on:
            await until(goes_on.is_set)
            assert rig.statuses() == {}
            answer.set()
            await until(rig.statuses)

    async def test_other_settings_are_tried_at_once(self, rig: PollerRig) -> None:
        async with rig.running() as goes_on:
            await until(goes_on.is_set)
            other = FakeApi()
            rig.poller.adopt(rig.source(other))
            await until(lambda: len(other.asked) >= 2)
            assert rig.api.is_closed

    async def test_a_new_interval_counts_at_once_and_an_unchanged_one_continues(self, rig: PollerRig) -> None:
        async with rig.running() as goes_on:
            await until(goes_on.is_set)
            rig.poller.adopt(rig.source(rig.api))
            for _ in range(20):
                await asyncio.sleep(0)
            assert rig.view.polls["succeeded"] == 1
            rig.poller.adopt(rig.source(rig.api)._replace(every=MINUTE))
            await until(lambda: rig.view.polls["succeeded"] >= 2)
            assert not rig.api.is_closed

    @pytest.mark.parametrize("now_asked", [None, FakeApi()], ids=["nobody", "another"])
    @pytest.mark.parametrize("errors", [{"": DENIED}, {}], ids=["failed", "succeeded"])
    async def test_results_of_former_settings_no_longer_count(
        self, rig: PollerRig, errors: dict[str, Exception], now_asked: FakeApi | None
    ) -> None:
        source = rig.source(now_asked) if now_asked else None
        rig.api.meanwhile, rig.api.errors = (lambda: rig.poller.adopt(source)), errors
        await rig.poll()
        assert rig.view.problem() is None
        assert rig.view.examination is None
        assert rig.api.is_closed
