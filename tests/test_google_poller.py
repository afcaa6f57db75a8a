"""Polls of Google's lists: how often, what happens after failures, and that nothing waits for them too long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from inspect import isawaitable
from pathlib import Path

import pytest

from digest.google_view import GoogleView
from digest.summary import count_hosts
from google.alerts import AlertList
from google.refusals import GoogleError
from hosts import changes
from hosts.changes import record_incident
from hosts.checks import Check
from hosts.incident import Incident, Kind
from hosts.model import Status
from hosts.notifying import Condition, Fault, Policy, Settings
from lifecycle import google_poller, reconciler
from lifecycle.google_poller import GooglePoller
from lifecycle.google_source import Source
from state.loading import open_store
from tests.builders import HOUR, MINUTE, NOON, STEVE, closed, opened, summarize
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

    def put(self, *alerts: Incident) -> None:
        self.alerts |= {alert.id: alert for alert in alerts}

    async def open_alerts(self) -> AlertList:
        await self._answer("alerts")
        found = [alert for alert in self.alerts.values() if alert.is_open]
        return AlertList(found[: self.shown], self.lost)

    async def alert(self, incident_id: str) -> Incident | None:
        await self._answer(incident_id)
        return self.alerts.get(incident_id)

    async def checks(self) -> Sequence[Check]:
        await self._answer("checks")
        return self.watched

    async def policies(self) -> Sequence[Policy]:
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


class Desk:
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
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    await made.store.close()


async def test_a_poll_makes_up_for_what_was_lost(desk: Desk) -> None:
    await desk.deliver(opened("0.lost-close", "a.test"))
    desk.api.put(closed("0.lost-close", "a.test"), opened("0.lost-open", "b.test"))
    desk.api.watched = [CHECK]
    await desk.poll()
    assert desk.statuses() == {"a.test": Status.UP, "b.test": Status.DOWN, WWW: Status.UP}
    assert desk.view.changed == {"opened": 1, "closed": 1}
    assert (desk.view.polls, desk.view.problem()) == ({"succeeded": 1}, None)


async def test_an_alert_about_something_else_counts_if_its_policy_notifies_this_server(desk: Desk) -> None:
    for number, policy in enumerate(("x", ALL.name)):
        desk.api.put(opened(f"0.{number}", f"{number}.test", kind=Kind.OTHER, policy=policy))
    await desk.poll()  # which reads the policies, too
    assert desk.statuses() == {"1.test": Status.WARNING}


async def test_nothing_is_said_about_checks_that_cannot_be_read(desk: Desk) -> None:
    desk.api.watched, desk.api.errors = [CHECK], {"checks": DENIED}
    await desk.poll()
    assert (desk.view.examination, desk.view.error) == (None, str(DENIED))
    desk.api.errors = {}
    await desk.poll()
    assert desk.view.examination
    assert desk.view.examination.checks == 1


async def test_checks_of_groups_and_functions_are_examined_though_they_have_no_host(desk: Desk) -> None:
    desk.api.watched = [CHECK, Check("login-1", "", "login", "login-function", MINUTE)]
    desk.api.settings = Settings(
        (ALL._replace(conditions=(Condition(Kind.DOWNTIME, frozenset({CHECK.id})),)),), (OWN,)
    )
    await desk.poll()
    assert [*desk.statuses()] == [WWW]
    assert desk.view.examination
    (finding,) = desk.view.examination.findings
    assert (finding.fault, finding.subject, finding.detail) == (Fault.NO_POLICY, "login", "login-function")


async def test_hosts_are_not_said_to_be_up_before_the_open_alerts_have_been_read(desk: Desk) -> None:
    desk.api.watched, desk.api.errors = [CHECK], {"alerts": DENIED}
    await desk.poll()
    assert not summarize(desk.store.state, desk.now).is_status_known
    assert count_hosts(desk.store.state, desk.now).by_state() == {**NO_HOSTS, "unknown": 1}
    desk.api.errors = {}
    await desk.poll()
    desk.api.errors = {"alerts": DENIED}
    await desk.poll()
    assert summarize(desk.store.state, desk.now).all_up
    assert count_hosts(desk.store.state, desk.now).by_state() == {**NO_HOSTS, "up": 1}


async def test_a_second_poll_saves_nothing(desk: Desk) -> None:
    desk.api.put(*(opened(f"0.{n}", f"{n}.test") for n in range(120)))
    desk.api.watched = [CHECK._replace(id=f"{n}", host=f"{n}.test") for n in range(120)]
    await desk.poll()
    version = desk.store.version
    await desk.poll()
    assert desk.store.version == version
    assert len(desk.store.state.hosts) == 120


async def test_an_incident_is_in_doubt_once_google_has_not_known_it_for_an_hour(desk: Desk) -> None:
    await desk.deliver(opened("0.gone"), opened("derived-1", "other.test"))
    doubts = []
    for later in (timedelta(), 59 * MINUTE, MINUTE, MINUTE):
        await desk.poll(later)
        doubts.append(desk.is_in_doubt())
    assert doubts == [False, False, True, True]
    assert [asked for asked in desk.api.asked if asked.startswith("0.")] == ["0.gone", "0.gone"]
    assert desk.statuses()["other.test"] is Status.DOWN


async def test_neither_a_jump_of_the_clock_nor_a_list_that_shows_it_counts_as_that_hour(desk: Desk) -> None:
    await desk.deliver(opened("0.gone"))
    await desk.poll()
    desk.now += 2 * HOUR
    await desk.poll(30 * MINUTE)
    assert not desk.is_in_doubt()
    desk.api.put(opened("0.gone"))
    await desk.poll(29 * MINUTE)
    del desk.api.alerts["0.gone"]
    await desk.poll(40 * MINUTE)
    assert not desk.is_in_doubt()


async def test_a_resolution_while_the_list_is_on_its_way_counts(desk: Desk) -> None:
    """Within the same second: what people did is known by the second."""
    desk.now += timedelta(milliseconds=700)
    await desk.deliver(opened("0.a"))
    desk.api.put(opened("0.a"))
    resolve = changes.resolve(WWW, STEVE, (desk.now + 5 * MINUTE).replace(microsecond=0))
    desk.api.meanwhile = lambda: desk.store.commit(resolve)
    await desk.poll()
    assert desk.statuses() == {WWW: Status.UP}
    desk.api.meanwhile = None
    await desk.poll()
    assert desk.statuses() == {WWW: Status.DOWN}


async def test_an_incident_without_a_clear_answer_does_not_hold_up_others_and_is_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.deliver(opened("0.secret"), opened("0.over", "over.test"))
    desk.api.put(closed("0.over", "over.test"))
    desk.api.errors = {"0.secret": GoogleError("denied", code=403)}
    await desk.poll()
    assert desk.statuses() == {WWW: Status.DOWN, "over.test": Status.UP}
    assert desk.view.problem() is None
    for later in (5 * MINUTE, HOUR):  # only then is it asked for again
        await desk.poll(later)
    assert desk.api.asked.count("0.secret") == 2
    assert caplog.text.count("no clear answer about incident 0.secret") == 1


async def test_what_google_lists_under_another_id_is_not_doubted(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.deliver(opened("0.webhook", policy="www"), opened("0.other", "other.test", policy="www"))
    desk.api.put(opened("0.list", started=NOON + MINUTE, policy="www"))
    for _ in range(2):
        await desk.poll(HOUR)
    opens = [i for host in desk.store.state.hosts.values() for i in host.open]
    assert {incident.id for incident in opens if incident.absent} == {"0.other"}
    assert "does not know incident 0.webhook, but lists one like it" in caplog.text


async def test_nothing_is_concluded_from_what_an_incomplete_list_does_not_show(desk: Desk) -> None:
    await desk.deliver(opened("0.b", "b.test"))
    desk.api.put(opened("0.a", "a.test"), closed("0.b", "b.test"), opened("0.c", "c.test"))
    desk.api.lost, desk.api.shown = DENIED, 1
    await desk.poll()
    assert desk.statuses() == {"a.test": Status.DOWN, "b.test": Status.DOWN}
    assert "0.b" not in desk.api.asked
    assert desk.view.failures == 1


async def test_a_webhook_that_came_during_the_poll_is_not_doubted(desk: Desk) -> None:
    desk.api.settings = Settings()  # without policies, whose alerts would be listed again
    desk.api.meanwhile = lambda: desk.deliver(opened("0.new"))
    await desk.poll()
    assert "0.new" not in desk.api.asked


async def test_each_poll_asks_for_some_of_very_many_that_the_list_does_not_show(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconciler, "GETS_PER_POLL", 2)
    await desk.deliver(*(opened(f"0.{n}", f"{n}.test") for n in range(5)))
    for _ in range(3):
        await desk.poll()
    asked = [name for name in desk.api.asked if name.startswith("0.")]
    assert (len(asked), len(set(asked))) == (5, 5)


async def test_they_are_asked_for_ten_at_a_time(desk: Desk) -> None:
    """One by one, a start would often not have them all in its ten seconds."""
    incidents = [opened(f"0.{n}", f"{n}.test") for n in range(25)]
    await desk.deliver(*incidents)
    desk.api.put(*(closed(incident.id, incident.host) for incident in incidents))
    waiting, most = 0, 0

    async def wait() -> None:
        nonlocal waiting, most
        waiting += 1
        most = max(most, waiting)
        await asyncio.sleep(0)
        waiting -= 1

    desk.api.meanwhile = wait
    await desk.poll()
    assert {*desk.statuses().values()} == {Status.UP}
    assert most == 10


async def test_while_it_fails_webhooks_count_and_it_is_logged_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.api.errors = {"": DENIED}
    await desk.poll()
    await desk.poll()
    await desk.deliver(opened())
    problem = desk.view.problem()
    assert problem
    assert problem.is_question
    assert str(problem) == f"Google's list of open alerts unavailable since 2026-11-22T13:05:00Z: {DENIED}"
    told = f"cannot read Google's list of open alerts: {DENIED}; webhooks count as before"
    assert caplog.messages.count(told) == 1
    desk.api.errors = {}
    await desk.poll()
    assert desk.view.problem() is None
    assert caplog.messages[-1] == "Google's lists can be read"
    assert desk.statuses() == {WWW: Status.DOWN}


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("alerts", "open alerts"),
        ("checks", "uptime checks"),
        ("policies", "policies, notification channels or snoozes"),
    ],
)
async def test_the_log_names_the_list(
    desk: Desk, caplog: pytest.LogCaptureFixture, asked: str, named: str
) -> None:
    desk.api.errors = {asked: DENIED}
    await desk.poll()
    assert f"cannot read Google's list of {named}: {DENIED}" in caplog.text


async def test_the_log_says_that_edited_settings_work(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    desk.api.errors = {"": DENIED}
    await desk.poll()
    desk.poller.adopt(desk.source(FakeApi()))
    for _ in range(2):
        await desk.poll()
    assert caplog.messages.count("Google's lists can be read") == 1


async def test_a_bug_of_ours_does_not_end_the_polls(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.api.errors = {"": ZeroDivisionError("secret")}
    await desk.poll()
    assert desk.view.failures == 1
    assert "secret" not in str(desk.view.problem())
    assert "unhandled exception" in caplog.text


async def test_checks_are_forgotten_when_google_is_no_longer_asked(desk: Desk) -> None:
    desk.api.watched = [CHECK._replace(disabled=True), CHECK._replace(id="2", host="known.test")]
    await desk.deliver(opened("0.a", "known.test"), closed("0.a", "known.test"))
    await desk.poll()
    desk.poller.adopt(None)
    await desk.poll()
    assert {name: host.watch for name, host in desk.store.state.hosts.items()} == {"known.test": None}
    version = desk.store.version
    await desk.poll()
    assert desk.store.version == version
    assert desk.poller._seconds_to_wait() is None


@pytest.mark.parametrize(
    ("failures", "retry_after", "minutes"),
    [(0, None, 5), (1, None, 10), (2, None, 15), (9, None, 15), (1, 1800, 30), (1, 60, 10)],
)
async def test_failures_make_pauses_longer_and_google_may_ask_for_more(
    desk: Desk, failures: int, retry_after: float | None, minutes: float
) -> None:
    desk.api.errors = {"": GoogleError("no", retry_after)} if failures else {}
    for _ in range(failures or 1):
        await desk.poll()
    pauses = [desk.poller._seconds_to_wait() for _ in range(50)]
    assert all(pause and 0.9 * 60 * minutes <= pause <= 1.1 * 60 * minutes for pause in pauses)
    assert len(set(pauses)) > 1 or retry_after == 1800


class TestRun:
    async def test_the_first_digest_waits_for_the_first_poll(self, desk: Desk) -> None:
        desk.api.put(opened("0.a"))
        async with desk.running() as goes_on:
            await until(goes_on.is_set)
            assert desk.statuses() == {WWW: Status.DOWN}

    async def test_the_first_digest_does_not_wait_for_long(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What the poll finds later still counts."""
        monkeypatch.setattr(google_poller, "FIRST_POLL_TIMEOUT", 0.01)
        answer = asyncio.Event()
        desk.api.put(opened("0.a"))
        desk.api.meanwhile = answer.wait
        async with desk.running() as goes_on:
            await until(goes_on.is_set)
            assert desk.statuses() == {}
            answer.set()
            await until(desk.statuses)

    async def test_other_settings_are_tried_at_once(self, desk: Desk) -> None:
        async with desk.running() as goes_on:
            await until(goes_on.is_set)
            other = FakeApi()
            desk.poller.adopt(desk.source(other))
            await until(lambda: len(other.asked) >= 2)
            assert desk.api.is_closed

    async def test_a_new_interval_counts_at_once_and_an_unchanged_one_continues(self, desk: Desk) -> None:
        async with desk.running() as goes_on:
            await until(goes_on.is_set)
            desk.poller.adopt(desk.source(desk.api))
            for _ in range(20):
                await asyncio.sleep(0)
            assert desk.view.polls["succeeded"] == 1
            desk.poller.adopt(desk.source(desk.api)._replace(every=MINUTE))
            await until(lambda: desk.view.polls["succeeded"] >= 2)
            assert not desk.api.is_closed

    @pytest.mark.parametrize("now_asked", [None, FakeApi()], ids=["nobody", "another"])
    @pytest.mark.parametrize("errors", [{"": DENIED}, {}], ids=["failed", "succeeded"])
    async def test_results_of_former_settings_no_longer_count(
        self, desk: Desk, errors: dict[str, Exception], now_asked: FakeApi | None
    ) -> None:
        source = desk.source(now_asked) if now_asked else None
        desk.api.meanwhile, desk.api.errors = (lambda: desk.poller.adopt(source)), errors
        await desk.poll()
        assert desk.view.problem() is None
        assert desk.view.examination is None
        assert desk.api.is_closed
