"""Plays a history on the real program, and compares everything it says with what must be said."""

import json
import signal
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

from prove import expected_alerts, expected_answers, expected_digest, expected_hosts, reading
from prove.channels import LONGEST_PAUSE, Channel, Slack, body_of, slacks
from prove.clocked import EVERYTHING, Clocked, Stopped
from prove.expected_digest import Taken
from prove.histories import (
    BEGIN,
    WATCHED,
    Action,
    Ask,
    Deliver,
    History,
    Kill,
    Leap,
    Refuse,
    Say,
    Wait,
)
from prove.oracle import DAY, Fact, Mute, Report, Resolve, Restore, Status, World, matches, open_incidents
from prove.values import ANYTHING, PERSON, WORDS, Maybe, OneOf, Value, lasting, mapping, moment
from tests.support import PASSWORD, SIGNING_SECRET, TOKEN, USER

ADJUSTMENT = 3600  # seconds by which a clock may be set back without having been wrong


class Replay:
    """`differences` lists what was said wrongly, `log` all that happened."""

    def __init__(self, plan: History, folder: Path, slack: Mapping[str, Slack], without: str) -> None:
        self.plan = plan
        self.now = BEGIN
        self.later = 0.0  # monotonic seconds since the beginning
        self.facts: list[Fact] = []
        self.channels = [Channel(channel, slack[channel.name]) for channel in plan.channels]
        self.differences: list[str] = []
        self.log: list[str] = []
        self.was_set_back = False  # after a digest, so nobody knows when the next one is due
        self.program = Clocked(folder, self.now, without)
        self.program.config.write_text(json.dumps(self._config()))

    def run(self) -> None:
        self.program.start()
        try:
            self._tick()
            for at, action in self.plan.actions:
                self._step(at, action)
        finally:
            self.program.stop(signal.SIGKILL)

    def world(self) -> World:
        """The world; what the definitions leave open is taken from the program."""
        digests = [taken for channel in self.channels for taken in channel.taken]
        reported = {mute for taken in digests for mute in taken.ended}
        returned = {of_host for taken in digests for of_host in taken.returned}
        world = World(self.facts, self.now, [WATCHED], reported=reported, returned=returned)
        muted = {
            host: reading.removed(self.program.say(f"uptime removed {host}")) for _, host in world.unclear
        }
        return replace(world, ruled={(m, host): m.name in muted[host] for m, host in world.unclear})

    def _config(self) -> dict[str, object]:
        first, *others = self.channels
        plan = self.plan
        alerts = plan.alerts and {
            "hosts": list(plan.alerts.hosts),
            "hold": f"{plan.alerts.hold}s",
            "escalate_after": f"{plan.alerts.escalate_after}s",
        }
        return {
            "listen": {"address": "127.0.0.1", "port": 0},
            "state_file": "var/state.json",
            "gcp": {"username": USER, "password": PASSWORD},
            "slack": {
                "webhook_url": first.slack.url,
                "outgoing_token": TOKEN,
                "signing_secret": SIGNING_SECRET,
            },
            "digest": {"every": f"{first.plan.every}s", "weekly": "mon"},
            "hosts": [WATCHED],
            "silence_after": "off",
            "history_per_host": plan.retention.per_host,
            "history_days": plan.retention.days,
            "doubt_after": "365d",
            **({"alerts": alerts} if alerts else {}),
            "channels": [
                {
                    "name": channel.plan.name,
                    "webhook_url": channel.slack.url,
                    "hosts": list(channel.plan.hosts),
                    "digest": {"every": f"{channel.plan.every}s", "weekly": "mon"},
                }
                for channel in others
            ],
        }

    # What happens

    def _step(self, at: int, action: Action) -> None:
        self._advance(max(0, at - self.now))
        self.log.append(f"{self.now - BEGIN:>7} {action}")
        match action:
            case Deliver():
                self._deliver(action)
            case Say():
                self._say(action)
            case Ask():
                self._ask(action)
            case Kill():
                self._kill(action)
            case Refuse():
                for channel in self.channels:
                    channel.slack.refuses = action.refuses
            case Leap():
                self._leap(action)
            case Wait():
                pass

    def _advance(self, seconds: int) -> None:
        self.now += seconds
        self.later += seconds
        self._tick(seconds)

    def _tick(self, seconds: float = 0) -> None:
        for channel in self.channels:
            channel.slack.offered.clear()
        try:
            self.program.tick(self.now, seconds)
        except Stopped:
            self.log.append("        killed while posting")
            self._compare_offered(was_killed=True)
            self._restart()
            self._tick()
        else:
            self._compare_offered(was_killed=False)

    def _leap(self, leap: Leap) -> None:
        """Unless Slack accepts a message meanwhile, a leap of the clock must leave no trace."""
        refused = [channel.slack.refuses for channel in self.channels]
        for channel in self.channels:
            channel.slack.refuses = channel.slack.refuses or not leap.slack_takes
        self.now += leap.seconds
        for _ in range(3):
            self._advance(1)
        self.now -= leap.seconds
        self.was_set_back = self.was_set_back or leap.slack_takes
        self._tick()
        for channel, refuses in zip(self.channels, refused, strict=True):
            channel.slack.refuses = refuses
            channel.failed = (channel.failed[0], self.later)

    def _kill(self, kill: Kill) -> None:
        if kill.while_posting:
            process = self.program.process
            assert process
            self.channels[0].slack.then = process.kill
        else:
            self._restart(signal.SIGTERM if kill.gently else signal.SIGKILL)

    def _restart(self, how: signal.Signals = signal.SIGKILL) -> None:
        self.program.stop(how)
        self.program.now = self.now
        self.program.start()

    def _deliver(self, report: Deliver) -> None:
        body = body_of(report)
        if report.then_killed:
            thread = threading.Thread(target=self._deliver_unheard, args=(body,))
            thread.start()
            self._restart()
            thread.join()
        status, answer = self.program.deliver(body)
        if status != 200:
            self.differences.append(f"a delivery was answered {status}: {answer}")
        start = self.now if report.start is None else report.start
        end = (self.now if report.end is None else report.end) if report.is_closed else None
        heard = Report(report.id, report.name, report.surety, report.kind, start, end, report.cancelled)
        self.facts.append(heard)

    def _deliver_unheard(self, body: dict[str, object]) -> None:
        with suppress(URLError, OSError, HTTPException):
            self.program.deliver(body)

    def _say(self, command: Say) -> None:
        world = self.world()
        if "*" not in command.name and command.name not in world.hosts:
            return
        said = self.program.say(
            f"uptime {command.verb} {command.name} {command.term} {command.reason}".rstrip()
        )
        told = reading.sentence(said)
        match command.verb:
            case "remove":
                self._removed(command, world, told)
            case "restore":
                self._restored(command, world, told)
            case "resolve":
                self._resolved(command, world, told)

    def _removed(self, command: Say, world: World, told: str) -> None:
        hosts = world.matched(command.name)
        is_pattern = "*" in command.name
        about = frozenset(i for host in hosts if (span := world.going_on(host)) for i in span.ids)
        if command.term == "until up" and not about:
            is_status_known = any(world.of(host) for host in hosts)
            refusal = WORDS.is_up_already if is_status_known else WORDS.has_no_status
            return self._expect(command, refusal(command.name).replace("`", ""), told)
        if is_pattern and len(hosts) == len(world.hosts):
            return self._expect(command, WORDS.confirm_every_host("").strip(), told)
        if command.term == "until up":
            mute = Mute(command.name, self.now, None, about, command.reason)
        else:
            mute = Mute(command.name, self.now, _until(command.term, self.now), reason=command.reason)
        active = world.active.get(command.name)
        if active and _end_alike(active, mute) and not (mute.about and _has_more(world, active, hosts)):
            mute = active  # nothing changes
        by = WORDS.by(who=PERSON, at=moment(mute.at))
        if is_pattern:
            sentences = [WORDS.hosts_muted(until=expected_hosts.until(mute), by=by)]
            self._expect(command, _matched(world, mute, hosts), told)
        else:
            status = expected_hosts.stands(world, command.name)
            sentences = [
                WORDS.host_muted(
                    host=command.name,
                    until=expected_hosts.until(mute),
                    by=by,
                    status=", ".join([status, *doubts]),
                )
                for doubts in expected_hosts.doubts_of(world, command.name)
            ]
        self._expect(command, sentences, told)
        self.facts.append(mute)
        if not is_pattern:
            also = expected_hosts.also_muted(self.world(), mute, command.name)
            right = OneOf([[text.replace("`", "") for text in each] for each in also])
            self._compare(command, right, reading.also_muted(told))
        return None

    def _restored(self, command: Say, world: World, told: str) -> None:
        names = [name for name in world.mutes if _means(command.name, name)]
        self.facts.extend(Restore(name) for name in names)
        if (
            command.name in world.active
            and not self.world().is_muted(command.name)
            and "*" not in command.name
        ):
            standing = expected_hosts.standing(self.world(), command.name)
            values = standing.values if isinstance(standing, OneOf) else [standing]
            if not any(str(value) in told for value in values):
                self._differ(f"{command}: {values} is right, said: {told}")

    def _resolved(self, command: Say, world: World, told: str) -> None:
        count = len(list(open_incidents(world, command.name)))
        by = WORDS.resolved(host=command.name, incidents=count, who=PERSON, at=moment(self.now))
        self._expect(command, by if count else WORDS.nothing_to_resolve(command.name), told)
        if count:
            self.facts.append(Resolve(command.name, self.now))

    # What is said

    def _ask(self, ask: Ask) -> None:
        world, told = self.world(), self._told_to_all()
        if ask.name and ask.name not in world.hosts:
            return
        said = self.program.say(f"uptime {ask.verb} {ask.name}".rstrip())
        self.log.append("\n".join(reading.plain(said)))
        retention = self.plan.retention
        match ask.verb, ask.name:
            case "check", "":
                self._compare(
                    ask,
                    {**expected_digest.digest(world, self.channels[0].last), "week": {}},
                    reading.digest(said),
                )
            case "check", host:
                self._compare(ask, expected_answers.check(world, host, retention, told), reading.check(said))
            case "down", _:
                right = expected_digest.digest(world, self.channels[0].last)
                seen = reading.digest(said)
                keys = ("down", "order")
                self._compare(ask, {k: right[k] for k in keys}, {k: seen[k] for k in keys})
            case "history", _:
                self._compare_history(ask, world, told, said)
            case "removed", _:
                right = dict.fromkeys(world.active, ANYTHING)
                self._compare(ask, right, reading.removed(said))

    def _compare_history(self, ask: Ask, world: World, told: list[Fact], said: str) -> None:
        hosts = [ask.name] if ask.name else list(world.hosts)
        rows = expected_answers.history(world, hosts, self.plan.retention, told)
        seen = reading.history(said)
        right = {
            (
                host,
                start,
                lasting((over or self.now) - start if over != start else 0),
                over is None,
            ): gone
            for host, start, over, gone in rows
        }
        oldest = seen[-1][1] if seen and "more line" in said else 0
        doubtful = {host for host, *_, gone in rows if gone}
        for row in seen:
            if row not in right and row[0] not in doubtful:
                self._differ(f"{ask}: no such outage: {row}")
        for row, gone in right.items():
            if row not in seen and not gone and row[1] > oldest:
                self._differ(f"{ask}: not said: {row}")
        if [row[1] for row in seen] != sorted((row[1] for row in seen), reverse=True):
            self._differ(f"{ask}: not the latest first: {seen}")

    def _told_to_all(self) -> list[Fact]:
        """What every channel has been told, judging by the digests that it accepted."""
        return self.facts[: min(channel.last.facts if channel.last else 0 for channel in self.channels)]

    def _compare_offered(self, *, was_killed: bool) -> None:
        world = World(self.facts, self.now, [WATCHED]) if was_killed else self.world()
        for channel in self.channels:
            digests: list[str] = []
            alerts: list[str] = []
            for message in channel.slack.offered:
                text = reading.text_of(message)
                (digests if "As of " in text else alerts).append(text)
            comes_first = bool(alerts) and channel.slack.refuses  # an alert that Slack refuses
            self._compare_digest(
                channel, world, digests, was_killed=was_killed or (comes_first and not digests)
            )
            if self.plan.alerts:
                self._compare_alerts(channel, world, alerts, was_killed=was_killed)
            if channel.slack.refuses and channel.slack.offered:
                channel.failed = (self.now // channel.plan.every, self.later)

    def _compare_digest(self, channel: Channel, world: World, texts: list[str], *, was_killed: bool) -> None:
        slot = self.now // channel.plan.every
        rests = self.later < channel.failed[1] + LONGEST_PAUSE
        is_ahead = channel.slot > slot + 1 or channel.slot * channel.plan.every > self.now + ADJUSTMENT
        is_due = slot > channel.slot or is_ahead  # a clock that was ahead recorded it
        if not texts and is_due and not (rests or was_killed or self.was_set_back):
            self._differ(f"{channel.plan.name}: no digest at {slot}")
        if len(texts) > 1 or (texts and not is_due and not self.was_set_back):
            self._differ(f"{channel.plan.name}: {len(texts)} digests at {slot} after {channel.slot}")
        for text in texts:
            self.log.append("\n".join(reading.plain(text)))
            right = expected_digest.digest(world, channel.last, channel.plan.hosts)
            right["returned"] = self._whose_history_is_whole(world, right["returned"])
            right["week"] = {}
            last = channel.last
            if last and last.at < _monday(self.now):
                right["week"] = {"": expected_digest.week(world, channel.plan.hosts, self.plan.retention)}
                if right["week"][""] is ANYTHING:  # type: ignore[index]
                    right["week"] = ANYTHING
            self._compare(f"digest of {channel.plan.name}", right, reading.digest(text))
        if texts and not was_killed and not channel.slack.refuses:
            ended = frozenset(mute for mute in world.mutes.values() if world.has_ended(mute))
            returned = frozenset(
                (mute, host)
                for mute in world.active.values()
                for host in world.hosts_about(mute)
                if host not in world.hidden_by(mute)
            )
            channel.taken.append(Taken(len(self.facts), self.now, ended, returned))
            channel.slot = slot

    def _whose_history_is_whole(self, world: World, returned: Value) -> dict[str, Value]:
        """Nobody can say since when the others have been up."""
        return {
            name: Maybe(ANYTHING)
            if expected_hosts.droppable(world, name, self.plan.retention, self.facts)
            else row
            for name, row in mapping(returned).items()
        }

    def _compare_alerts(self, channel: Channel, world: World, texts: list[str], *, was_killed: bool) -> None:
        hold = self.plan.alerts
        assert hold
        right = expected_alerts.alerts(world, channel.alerted, hold, channel.plan.hosts)
        nothing: dict[str, Value] = {"down": {}, "still": {}, "over": {}}
        rests = self.later < channel.failed[1] + LONGEST_PAUSE
        if not texts and not rests and not was_killed:
            self._compare(f"alerts of {channel.plan.name}", right, nothing)
        for text in texts:
            self.log.append("\n".join(reading.plain(text)))
            seen = reading.alerts(text)
            self._compare(f"alerts of {channel.plan.name}", right, seen)
            if not was_killed and not channel.slack.refuses:
                for host in mapping(seen["down"]):
                    self._alerted(channel.alerted.down, world, host)
                    outage = world.outage(host)
                    if outage and outage.lasts(self.now) >= hold.escalate_after:
                        self._alerted(channel.alerted.still, world, host)  # a late alert need not be repeated
                for host in mapping(seen["still"]):
                    self._alerted(channel.alerted.down, world, host)
                    self._alerted(channel.alerted.still, world, host)
                for host in mapping(seen["over"]):
                    channel.alerted.over += [o.ids for o in world.outages(host) if o.over is not None]
        expected_alerts.excuse(world, channel.alerted)

    @staticmethod
    def _alerted(told: list[frozenset[str]], world: World, host: str) -> None:
        outage = world.outage(host)
        if outage:
            told.append(outage.ids | {expected_alerts.by_name(host)})

    def _expect(self, command: Say, right: str | Sequence[str], told: str) -> None:
        if not any(sentence in told for sentence in ([right] if isinstance(right, str) else right)):
            self._differ(f"{command}: {right!r} is right, said: {told!r}")

    def _compare(self, what: object, right: Value, seen: Value) -> None:
        for difference in reading.differences(right, seen):
            self._differ(f"{what}{difference}")

    def _differ(self, difference: str) -> None:
        self.log.append(f"****    {difference}")
        self.differences.append(f"{self.now - BEGIN} {difference}")


def replay(plan: History, folder: Path, without: str = EVERYTHING) -> Replay:
    with slacks([channel.name for channel in plan.channels]) as slack:
        played = Replay(plan, folder, slack, without)
        played.run()
    for name, channel in slack.items():
        played.differences += [f"{name} refused a message: {reason}" for reason in channel.refused]
    if "Traceback" in played.program.log():
        played.differences.append(played.program.log())
    return played


def _end_alike(one: Mute, other: Mute) -> bool:
    """Whether both have the same end, or the second asks within a minute for as long as the first."""
    if one.until == other.until:
        return bool(one.about) == bool(other.about)
    if one.until is None or other.until is None:
        return False
    return other.at - one.at < 60 and one.until - one.at == other.until - other.at


def _has_more(world: World, mute: Mute, hosts: Sequence[str]) -> bool:
    """Whether anything goes on that a mute until up is not about, so that asking for it again makes a new one."""
    hidden = world.hidden_by(mute)
    going_on = {host: span for host in hosts if (span := world.going_on(host))}
    return any(host not in hidden or span.ids.isdisjoint(mute.about) for host, span in going_on.items())


def _matched(world: World, mute: Mute, hosts: Sequence[str]) -> str:
    """What is said about the hosts of a pattern that was muted."""
    if mute.about:
        statuses = [world.status(host) for host in hosts if world.going_on(host)]
        down, warnings = statuses.count(Status.DOWN), statuses.count(Status.WARNING)
        return WORDS.status_now(WORDS.hosts_and_down(len(statuses), down, warnings))
    return WORDS.matches(len(hosts)) if hosts else WORDS.matches_none


def _until(term: str, now: int) -> int | None:
    word, _, rest = term.partition(" ")
    if word == "for":
        return now + 60 * int(rest.split()[0])
    if word == "until":
        hour, minute = rest.split(":")
        at = now // DAY * DAY + int(hour) * 3600 + int(minute) * 60
        return at if at > now else at + DAY
    return None


def _means(asked: str, name: str) -> bool:
    return asked == name or ("*" in asked and matches(asked, name))


def _monday(now: int) -> int:
    """The last midnight at which a Monday began; 5 January 1970 was one."""
    return (now // DAY - 4) // 7 * 7 * DAY + 4 * DAY
