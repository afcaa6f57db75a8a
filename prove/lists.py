"""A Google that knows everything but loses webhooks, and a server that must agree with it, even if its API fails.

A step consists of numbers, so any list of steps is a valid history.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import NamedTuple, TypeVar

from digest.google_view import GoogleView
from google.alerts import AlertList
from google.refusals import GoogleError
from hosts.changes import record_incident, resolve
from hosts.checks import Check, NoCheck
from hosts.incident import CANCELLED, Incident, Kind, NamedBy, Person
from hosts.model import Change, State, apply
from hosts.policies import Condition, Policy, Settings, Snooze
from polling.examiner import SNOOZES_KNOWN_FOR
from polling.poller import GooglePoller
from polling.source import Source
from state.loading import open_store
from tests.builders import summarize
from tests.google_settings import OWN, FakeSettings

V = TypeVar("V")
BEGIN = datetime.fromisoformat("2026-11-22T12:00:00Z")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
HOSTS = tuple(f"{name}.test" for name in "abcd")


class Does(Enum):
    """What may happen."""

    OPEN = "an incident opens"
    CLOSE = "it closes"
    EDIT = "an edit of its policy closes it"
    SNOOZE = "a snooze closes all of a host, and lets nothing open"
    REMIND = "a webhook is sent again"
    DELIVER = "a webhook that was late arrives"
    RESOLVE = "a person resolves a host"
    CHECK = "a check is made, disabled, renamed or deleted"
    PURGE = "Google forgets an incident"
    RESTART = "the server restarts"
    POLL = "the server polls Google's lists"


class Step(NamedTuple):
    """`which` and `how` choose among what exists at that moment."""

    does: Does
    which: int
    how: int
    minutes: int


class Answers(Enum):
    """How the API answers during a poll."""

    WELL = 0
    FAILS = 1
    LOSES_A_PAGE = 2
    FAILS_LATER = 3
    LATE_WEBHOOK = 4  # a webhook arrives while the list is being fetched
    PERSON = 5  # somebody resolves a host meanwhile


ANSWERS = (*[Answers.WELL] * 5, *Answers)


def policy_of(host: str) -> Policy:
    watched = Condition(Kind.DOWNTIME, hosts=frozenset({host}))
    return Policy(host, f"{host} policy", (watched,), frozenset({OWN.id}))


class Google(FakeSettings):
    """What Google knows, and its API."""

    def __init__(self) -> None:
        super().__init__()
        self.settings = Settings(tuple(map(policy_of, HOSTS)), (OWN,))
        self.now = BEGIN
        self.alerts: dict[str, Incident] = {}
        self.purged: dict[str, Incident] = {}  # incidents that it has forgotten, as they were
        self.watched: dict[str, Check] = {}
        self.listed: dict[str, Check] = {}  # the checks as it last listed them
        self.ever_listed: set[str] = set()
        self.listed_at: datetime | None = None  # since the server's last start
        self.off_since: dict[str, datetime] = {}  # when the check was last listed that is off now, if known
        self.is_over: Callable[[str], bool] = lambda _: (
            False
        )  # whether the server knows that Google closed it
        self.closed_without: dict[str, NoCheck | None] = {}  # by id: what was known as the server heard of it
        self.late: list[Incident] = []  # webhooks on their way
        self.sent: list[Incident] = []
        self.answers = Answers.WELL
        self.calls = 0
        self.not_found: dict[str, list[datetime]] = {}
        self.meanwhile: Callable[[], Awaitable[None]] | None = None

    def opened(self, host: str) -> Incident:
        name = f"0.{len(self.alerts) + len(self.purged):012}"
        alert = Incident(name, host, NamedBy.HOST, Kind.DOWNTIME, self.now, policy=f"{host} policy")
        self.alerts[name] = alert
        return alert

    def closed(self, alert: Incident) -> Incident:
        self.alerts[alert.id] = alert._replace(ended=self.now)
        return self.alerts[alert.id]

    def truth(self, incident_id: str) -> Incident:
        return self.alerts.get(incident_id) or self.purged[incident_id]

    def open_ones(self) -> list[Incident]:
        return [alert for alert in self.alerts.values() if alert.is_open]

    def snoozed(self, host: str, lasts: timedelta) -> None:
        made = Snooze(f"{len(self.settings.snoozes)}", "", frozenset({host}), self.now, self.now + lasts)
        self.settings = self.settings._replace(snoozes=(*self.settings.snoozes, made))

    def snooze_of(self, host: str, at: datetime) -> Snooze | None:
        """Of the snoozes of its policy at that moment, the one that lasts longest."""
        found = [one for one in self.settings.snoozes if host in one.policies and one.is_active(at)]
        return max(found, key=lambda one: one.ends, default=None)

    def no_check(self, host: str, at: datetime) -> NoCheck | None:
        """Why nobody watched a host at that moment, as far as the server can know."""
        if host not in self.ever_listed or at < self.off_since.get(host, at):
            return None
        check = self.listed.get(host)
        if check is None:
            return NoCheck.DELETED
        return NoCheck.DISABLED if check.disabled else None

    async def policies(self) -> tuple[Policy, ...]:
        self._answer()
        return await super().policies()

    async def snoozes(self, since: datetime) -> tuple[Snooze, ...]:
        self._answer()
        return await super().snoozes(since)

    async def open_alerts(self) -> AlertList:
        self._answer()
        found = self.open_ones()
        if self.meanwhile:
            await self.meanwhile()
        if self.answers is Answers.LOSES_A_PAGE:
            return AlertList(found[: len(found) // 2], GoogleError("a page was lost"))
        return AlertList(found)

    async def alert(self, incident_id: str) -> Incident | None:
        self._answer()
        if incident_id not in self.alerts:
            self.not_found.setdefault(incident_id, []).append(self.now)
        alert = self.alerts.get(incident_id)
        self.tells_of(alert)
        return alert

    async def closed_alerts(self, since: datetime) -> tuple[Incident, ...]:
        self._answer()
        found = [each for each in self.alerts.values() if not each.is_open and each.started >= since]
        for alert in found:
            self.tells_of(alert)
        return tuple(found)

    def tells_of(self, alert: Incident | None) -> None:
        """The server hears of an alert; if it is news that it has closed, the checks known now count."""
        if alert and alert.ended and not self.is_over(alert.id):
            self.closed_without[alert.id] = self.no_check(alert.host, alert.ended)

    async def checks(self) -> tuple[Check, ...]:
        self._answer()
        on, was_on = ({n for n, c in some.items() if not c.disabled} for some in (self.watched, self.listed))
        self.off_since = {host: at for host, at in self.off_since.items() if host not in on}
        self.off_since |= dict.fromkeys(was_on - on, self.listed_at) if self.listed_at else {}
        self.listed, self.listed_at = dict(self.watched), self.now
        self.ever_listed |= self.watched.keys()
        return tuple(self.watched.values())

    def close(self) -> None:
        pass

    def _answer(self) -> None:
        self.calls += 1
        if self.answers is Answers.FAILS or (self.answers is Answers.FAILS_LATER and self.calls > 1):
            raise GoogleError("unavailable")


class World:
    """Google, a server that polls its lists, and the state of one that gets only webhooks."""

    def __init__(self, folder: Path) -> None:
        self.google = Google()
        self.webhooks_only = State()  # the state without the lists
        self.heard: set[tuple[str, bool]] = set()  # the openings and closes that a webhook reported
        self.resolved: set[str] = set()
        self.just_resolved: set[str] = set()
        self.has_polled = False  # some poll was answered
        self.agreed_at: datetime | None = None  # when a poll first succeeded
        self.google.is_over = self._is_over
        self._file = folder / "state.json"
        self.start()

    def start(self) -> None:
        self.google.listed_at = None
        self.store = open_store(self._file, self.google.now)
        self.poller = GooglePoller(self.store, lambda: self.google.now, GoogleView(), self._monotonic)
        self.poller.adopt(Source(self.google, "acme", 5 * MINUTE, timedelta(days=7), lambda _: True))

    def _is_over(self, incident_id: str) -> bool:
        known = self.state.incident(incident_id)
        return known is not None and not known.is_open and known.resolved_by is None

    def _monotonic(self) -> float:
        return (self.google.now - BEGIN).total_seconds()

    @property
    def state(self) -> State:
        return self.store.state

    async def do(self, step: Step) -> None:
        self.google.now += step.minutes * MINUTE
        await getattr(self, f"_{step.does.name.lower()}")(step)
        check(self)

    async def _open(self, step: Step) -> None:
        host = HOSTS[step.which % len(HOSTS)]
        if self.google.snooze_of(host, self.google.now):
            return
        alert = self.google.opened(host)
        await self._send(alert._replace(condition="check", observed="1.000"), step.how)

    async def _close(self, step: Step) -> None:
        if alert := chosen(self.google.open_ones(), step.which):
            await self._send(self.google.closed(alert), step.how)

    async def _edit(self, step: Step) -> None:
        if alert := chosen(self.google.open_ones(), step.which):
            ended = self.google.closed(alert)
            await self._send(ended._replace(observed=f"{CANCELLED} it was edited"), step.how)

    async def _snooze(self, step: Step) -> None:
        host = HOSTS[step.which % len(HOSTS)]
        self.google.snoozed(host, (1 + step.how) * MINUTE)
        for number, alert in enumerate(one for one in self.google.open_ones() if one.host == host):
            await self._send(self.google.closed(alert), step.how + number)

    async def _send(self, webhook: Incident, fate: int) -> None:
        """Let a webhook arrive, get lost, or be late."""
        self.google.sent.append(webhook)
        if fate % 3 == 0:
            await self._arrive(webhook)
        elif fate % 3 == 2:
            self.google.late.append(webhook)

    async def _arrive(self, webhook: Incident) -> None:
        self.heard.add((webhook.id, webhook.is_open))
        self.google.tells_of(webhook)
        await self._change(record_incident(webhook))

    async def _change(self, change: Change) -> None:
        apply(self.webhooks_only, change(self.webhooks_only))
        await self.store.commit(change)

    async def _remind(self, step: Step) -> None:
        if webhook := chosen(self.google.sent, step.which):
            await self._arrive(webhook)

    async def _deliver(self, step: Step) -> None:
        if self.google.late:
            await self._arrive(self.google.late.pop(step.which % len(self.google.late)))

    async def _resolve(self, step: Step) -> None:
        self.just_resolved = set[str]()
        host = HOSTS[step.which % len(HOSTS)]
        for state in (self.state, self.webhooks_only):
            self.just_resolved |= {i.id for i in state.hosts[host].open} if host in state.hosts else set()
        self.resolved |= self.just_resolved
        await self._change(resolve(host, Person("U1", "steve"), self.google.now))

    async def _check(self, step: Step) -> None:
        name = HOSTS[step.which % len(HOSTS)]
        if step.how % 3 == 2:
            self.google.watched.pop(name, None)
            return
        made = Check(name, name, f"check {step.how}", f"https://{name}/", MINUTE, disabled=step.how % 3 == 1)
        self.google.watched[name] = made

    async def _purge(self, step: Step) -> None:
        if alert := chosen(list(self.google.alerts.values()), step.which):
            self.google.purged[alert.id] = self.google.alerts.pop(alert.id)

    async def _restart(self, _step: Step) -> None:
        await self.store.close()
        self.start()

    async def _poll(self, step: Step) -> None:
        google, before = self.google, hosts_of(self.state)
        google.answers, google.calls = ANSWERS[step.how % len(ANSWERS)], 0
        if google.answers is Answers.LATE_WEBHOOK:
            google.meanwhile = lambda: self._deliver(step)
        if google.answers is Answers.PERSON:
            google.meanwhile = lambda: self._resolve(step)
        await self.poller._poll()
        google.meanwhile = None
        if google.answers is Answers.PERSON:
            found = [self.state.incident(i) for i in self.just_resolved]
            assert not any(one and one.is_open for one in found), "a person was overruled"
        if google.answers is Answers.WELL:
            check_agreement(self)
            self.agreed_at = self.agreed_at or google.now
        if google.answers is Answers.FAILS:
            assert hosts_of(self.state) == before, "a poll that failed changed something"
        else:
            self.has_polled = True


def chosen(some: Sequence[V], which: int) -> V | None:
    return some[which % len(some)] if some else None


def hosts_of(state: State) -> dict[str, object]:
    return dict(state.hosts)


def check(world: World) -> None:
    """What must be true at every moment."""
    for host in world.state.hosts.values():
        for incident in host.incidents():
            check_incident(world, incident)
    for host in world.webhooks_only.hosts.values():
        for incident in host.incidents():
            if incident.id not in world.resolved:
                check_not_worse(world, incident)
    if not world.has_polled:
        assert hosts_of(world.state) == hosts_of(world.webhooks_only), "a server that cannot poll differs"


def check_incident(world: World, incident: Incident) -> None:
    truth = world.google.truth(incident.id)
    if not incident.is_open and not incident.resolved_by:
        assert (truth.ended, truth.host) == (incident.ended, incident.host), "a recovery that never was"
        without = world.google.closed_without.get(incident.id)
        assert incident.no_check is without, "wrong about what watched it when it closed"
    if not incident.resolved_by:
        is_heard = (incident.id, incident.is_open) in world.heard
        assert incident.listed is not is_heard, "marked wrongly"
    if incident.absent:
        times = world.google.not_found.get(incident.id, [])
        assert times, "doubted, and Google was never asked"
        assert max(times) - min(times) >= HOUR, "doubted too soon"

    if incident.snoozed:
        assert incident.ended
        assert world.google.snooze_of(incident.host, incident.ended), "no snooze closed it"


def check_not_worse(world: World, webhooks_only: Incident) -> None:
    """The lists must not spoil what webhooks alone get right."""
    ours = world.state.incident(webhooks_only.id)
    assert ours is not None, "lost"
    if webhooks_only.is_open == world.google.truth(webhooks_only.id).is_open:
        assert ours.is_open == webhooks_only.is_open, "worse than without the lists"


def check_agreement(world: World) -> None:
    """True after each successful poll, whatever was lost before."""
    google, state = world.google, world.state
    opened = {i.id for host in state.hosts.values() for i in host.open} - google.purged.keys()
    assert opened == {alert.id for alert in google.open_ones()}, "does not agree on what is open"
    if world.agreed_at:
        since = {alert.id for alert in google.alerts.values() if alert.started >= world.agreed_at}
        assert since <= state.host_by_incident.keys(), "an outage between two polls was missed"
    watched = {host.name: host.watch.checks for host in state.hosts.values() if host.watch}
    listed = {name: (check,) for name, check in google.watched.items()}
    assert {name: checks for name, checks in watched.items() if checks} == listed, "on what is watched"
    check_snoozes(world)
    digest = summarize(state, google.now)
    unwatched = {name for name, check in google.watched.items() if check.disabled}
    down = {entry.host.name for entry in digest.down}
    assert set(digest.disabled) == unwatched - down, "on what is not watched"
    assert not down & set(digest.up)


def check_snoozes(world: World) -> None:
    """Snoozes that ended earlier than that are no longer read."""
    google, since = world.google, world.google.now - SNOOZES_KNOWN_FOR
    for host in world.state.hosts.values():
        for incident in host.closed:
            snooze = incident.ended and google.snooze_of(host.name, incident.ended)
            if snooze and snooze.ends > since:
                assert incident.snoozed, "a snooze closed it"
        check = google.watched.get(host.name)
        snooze = google.snooze_of(host.name, google.now) if check and not check.disabled else None
        if host.watch:
            assert host.watch.snoozed == (snooze and snooze.ends), "does not agree on what is snoozed"
