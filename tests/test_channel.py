"""Several channels, and alerts, with a clock that is moved by hand."""

import asyncio
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from digest.alert_poster import AlertPoster
from digest.alerts import AlertBatch
from digest.model import Digest
from digest.notifications import fingerprint
from digest.sender import PostFailed, Posting
from hosts.changes import unmute
from hosts.model import DEFAULT, Patch
from tests.builders import DAY, MINUTE, NOON, closed, full_disk, opened, wish
from tests.job_rig import ONLY_CHANGES, JobRig, RecordingSender

WEBHOOK = "https://hooks.slack.com/services/T0/B0/"
PAY = {"name": "pay", "webhook_url": f"{WEBHOOK}1", "hosts": ["*.pay.test"], "digest": {"every": "1h"}}
OPS = {"name": "ops", "webhook_url": f"{WEBHOOK}2"}
ALERTS = {"hosts": "*", "hold": "2m", "escalate_after": "1h"}
AWAY = PostFailed("Slack answered 500 ''")


async def test_each_channel_has_its_own_hosts_and_schedule(rig: JobRig) -> None:
    rig.start([PAY, OPS])
    await rig.deliver(opened("0", "a.pay.test"), opened("1", "b.test"))
    await rig.run(65)
    pay, ops = rig.senders["pay"], rig.senders["ops"]
    assert [digest.total for digest in (pay.digests[-1], ops.digests[-1])] == [1, 2]
    assert pay.told()[1:] == [NOON + 60 * MINUTE]
    assert ops.told()[1:] == [NOON + 30 * MINUTE, NOON + 60 * MINUTE]


@pytest.mark.parametrize("how", ["by a restart", "while it runs"])
async def test_a_configuration_read_again_repeats_and_leaves_out_nothing(rig: JobRig, how: str) -> None:
    rig.start([PAY, OPS], alerts=ALERTS)
    await rig.deliver(opened("0", "a.pay.test"))
    await rig.run(10)
    for _ in range(2):
        if how == "by a restart":
            await rig.restart([PAY, OPS], alerts=ALERTS)
        else:
            rig.adopt([PAY, OPS], alerts=ALERTS)
        await rig.run(9)
        assert rig.counts() == [(1, 1), (1, 1)]
    await rig.run(3)
    assert rig.counts() == [(1, 1), (2, 1)]


async def test_an_unreachable_channel_does_not_hold_up_others(rig: JobRig) -> None:
    rig.start([PAY, OPS])
    rig.senders["pay"].away = PostFailed("no_service", retry_after=3600)
    await rig.run(65)
    assert (rig.senders["pay"].attempts, len(rig.senders["ops"].digests)) == (2, 3)
    assert rig.job.failures() == ["channel pay: no_service"]
    rig.senders["pay"].away = None
    await rig.run(65)
    assert rig.job.failures() == []


async def test_a_new_channel_gets_no_news_about_the_past(rig: JobRig) -> None:
    rig.start([OPS])
    await rig.deliver(closed("0", "a.pay.test"))
    await rig.run(10)
    await rig.restart([OPS, PAY], alerts=ALERTS)
    await rig.run(10)
    (digest,) = rig.senders["pay"].digests
    assert (digest.recovered, digest.up) == ((), ("a.pay.test",))
    assert rig.senders["pay"].alert_batches == []


async def test_alerts_that_are_switched_on_later_report_what_is_down_and_nothing_of_the_past(
    rig: JobRig,
) -> None:
    rig.start()
    await rig.deliver(opened("0", "a.test"), closed("1", "b.test"), opened("2", "c.test"))
    await rig.run(120)
    assert (rig.sender.said(), rig.store.state.record(DEFAULT).alerts) == ([], None)
    await rig.restart(alerts=ALERTS | {"hosts": ["a.test", "b.test"]})
    await rig.run(5)
    assert rig.sender.said() == [(["a.test"], [])]


@pytest.mark.parametrize(("look", "muted"), [(1, True), (1, False), (2, False)])
async def test_a_host_muted_or_no_longer_matched_meanwhile_causes_neither_an_empty_nor_a_late_alert(
    rig: JobRig, monkeypatch: pytest.MonkeyPatch, look: int, *, muted: bool
) -> None:
    """Alerts are looked for twice: to see whether any is due, and again after a save."""
    found: list[AlertBatch] = []
    due = AlertPoster._due

    async def looking(poster: AlertPoster, *args: Any) -> AlertBatch:
        batch = await due(poster, *args)
        found.extend([] if batch.is_empty else [batch])
        if len(found) == look and muted:
            await rig.mute(wish("a.test"))
        elif len(found) == look:
            rig.adopt(alerts=ALERTS | {"hosts": ["b.test"]})
        return batch

    monkeypatch.setattr(AlertPoster, "_due", looking)
    rig.start(alerts=ALERTS)
    await rig.deliver(opened("0", "a.test"))
    await rig.run(5)
    assert (len(found), rig.sender.said(), rig.job.waiting()) == (look, [], 0)


async def test_a_day_without_slack_costs_the_digests_of_that_day_and_nothing_else(rig: JobRig) -> None:
    rig.start(alerts=ALERTS)
    sender = rig.sender
    await rig.run(1)
    sender.away = AWAY
    sizes = []
    for number in range(24):
        begun = rig.now
        await rig.deliver(opened(f"{number}", "a.test", started=begun))
        await rig.run(20, step=5 * MINUTE)
        await rig.deliver(closed(f"{number}", "a.test", started=begun, ended=rig.now))
        await rig.run(40, step=5 * MINUTE)
        sizes.append((rig.folder / "state.json").stat().st_size)
    rows = len('["23",1795348800,1200,99,98],')
    assert sizes[-1] - sizes[0] <= 24 * rows  # the history of the host, and nothing that waits
    assert (len(sender.digests), len(sender.alert_batches)) == (1, 0)
    sender.away = None
    await rig.run(40)
    (batch,) = sender.alert_batches
    assert [(len(e.outages), e.lasted) for e in batch.recovered] == [(24, 24 * 20 * MINUTE)]
    assert (len(sender.digests), len(sender.digests[1].recovered[0].outages)) == (3, 24)


async def test_what_ended_during_a_mute_is_not_told_even_if_slack_was_away(rig: JobRig) -> None:
    """It asked for a pause in which the host was muted, was up again, and was restored."""
    rig.start(alerts=ALERTS)
    await rig.run(1)
    rig.sender.away = PostFailed("429", retry_after=3600)
    await rig.deliver(opened("0", "a.test", started=rig.now), opened("1", "b.test", started=rig.now))
    await rig.run(5)
    await rig.mute(wish("a.test", at=rig.now))
    await rig.deliver(closed("0", "a.test", started=NOON, ended=rig.now))
    await rig.run(5)
    await rig.store.commit(unmute("a.test"))
    await rig.run(15)
    rig.sender.away = None
    await rig.run(60)
    assert rig.sender.said() == [(["b.test"], [])]


async def test_restarts_on_a_full_disk_repeat_nothing(rig: JobRig) -> None:
    """As the watchdog makes them, every few minutes, while nothing can be saved."""
    rig.start(alerts=ALERTS)
    await rig.run(1)
    await rig.deliver(opened("0", "a.test"))
    with full_disk():
        for _ in range(10):
            await rig.restart(alerts=ALERTS)
            await rig.run(4)
    sender = rig.sender
    assert (sender.told()[1:], sender.said()) == ([NOON + 30 * MINUTE], [])
    await rig.deliver(opened("1", "b.test", started=rig.now))
    await rig.run(3)
    assert sender.said() == [(["a.test"], []), (["b.test"], [])]


async def test_on_a_full_disk_nothing_is_new_twice(rig: JobRig, caplog: pytest.LogCaptureFixture) -> None:
    """Not even when the configuration is read again."""
    rig.start([OPS, PAY])
    await rig.run(1)
    await rig.deliver(opened("0", "a.test"))
    with full_disk():
        for _ in range(2):
            await rig.run(60)
            rig.adopt([OPS, PAY])
    told = rig.senders["ops"].digests[1:]
    assert [[down.new for down in digest.down] for digest in told] == [[True], [False], [False], [False]]
    assert rig.job.last_digest() == NOON + 120 * MINUTE
    complaints = [record.getMessage() for record in caplog.records if record.levelname != "INFO"]
    assert sorted(complaints)[1:] == [
        f"channel {n}: cannot record what is posted; a restart may post it again" for n in ("ops", "pay")
    ]
    await rig.deliver(opened("1", "b.test", started=rig.now))
    await rig.run(30)
    assert {down.host.name for down in rig.senders["ops"].digests[-1].down if down.new} >= {"b.test"}


Message = tuple[str, datetime]  # digest or alerts, and of when


class Parts:
    """Three messages. The next one of `interruptions` is raised in place of the second one."""

    def __init__(
        self, taken: list[tuple[Message, int]], said: Message, interruptions: list[BaseException]
    ) -> None:
        self.taken, self._said, self._interruptions = taken, said, interruptions
        self._next = 1

    @property
    def is_partly_posted(self) -> bool:
        return self._next > 1

    async def post(self) -> None:
        while self._next <= 3:
            if self._interruptions and self.is_partly_posted:
                raise self._interruptions.pop()
            self.taken.append((self._said, self._next))
            self._next += 1


class InParts(RecordingSender):
    """Accepts everything in three messages."""

    def __init__(self, *interruptions: BaseException) -> None:
        super().__init__()
        self.interruptions = list(interruptions)
        self.taken: list[tuple[Message, int]] = []

    async def digest(self, digest: Digest) -> Posting:
        return Parts(self.taken, ("digest", digest.at), self.interruptions)

    def alerts(self, batch: AlertBatch) -> Posting:
        return Parts(self.taken, ("alerts", batch.at), self.interruptions)


INTERRUPTIONS = [PostFailed("reset"), TimeoutError(), asyncio.CancelledError(), ZeroDivisionError("ours")]


@pytest.mark.parametrize("interruption", INTERRUPTIONS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("what", ["digest", "alerts"])
async def test_accepted_messages_are_not_sent_again_whatever_interrupts(
    rig: JobRig, what: str, interruption: BaseException
) -> None:
    rig.start(alerts=ALERTS)
    await rig.run(1)
    await rig.deliver(opened(started=rig.now))
    sender = rig.senders[DEFAULT] = InParts(interruption)
    rig.adopt(alerts=ALERTS if what == "alerts" else {})
    await rig.run(31)
    parts = [(said, number) for said, number in sender.taken if said[0] == what]
    assert [number for _, number in parts] == [1, 2, 3]
    assert len({said for said, _ in parts}) == 1
    assert not sender.interruptions


@pytest.mark.parametrize(("pause", "parts"), [(45, [1, 2, 3, 1, 2, 3]), (61, [1, 1, 2, 3])])
async def test_a_partly_posted_digest_is_completed_within_an_hour_or_replaced_by_the_next(
    rig: JobRig, pause: int, parts: list[int]
) -> None:
    """Slack accepts one message, and asks for a pause of that many minutes; a digest is due every 30."""
    rig.senders[DEFAULT] = sender = InParts(PostFailed("429", retry_after=pause * 60))
    rig.start()
    await rig.run(pause + 5)
    assert [number for _, number in sender.taken] == parts
    assert len({said for said, _ in sender.taken}) == 2


async def test_an_alert_posted_before_a_digest_is_completed_is_not_repeated(rig: JobRig) -> None:
    """Slack accepts one message of a digest, and the rest only after the recovery."""
    rig.start(alerts=ALERTS)
    await rig.deliver(opened(started=rig.now))
    await rig.run(29)
    sender = rig.senders[DEFAULT] = InParts(PostFailed("reset", retry_after=60))
    rig.adopt(alerts=ALERTS)
    await rig.run(1)
    assert sender.taken == [(("digest", NOON + 30 * MINUTE), 1)]
    await rig.deliver(closed(ended=rig.now))
    await rig.run(20)
    assert [said[0] for said, number in sender.taken] == ["digest", *["alerts"] * 3, *["digest"] * 2]


async def test_a_started_digest_is_completed_even_if_it_is_no_longer_news(rig: JobRig) -> None:
    channels = [{**OPS, "digest": ONLY_CHANGES}]
    rig.start(channels)
    await rig.run(1)
    await rig.deliver(opened(started=rig.now))
    sender = rig.senders["ops"] = InParts(PostFailed("reset", retry_after=60))
    rig.adopt(channels)
    await rig.run(29)
    assert sender.taken == [(("digest", NOON + 30 * MINUTE), 1)]
    state = rig.store.state
    posted = fingerprint(await rig.job.current())
    record = state.record("ops")._replace(fingerprint=posted)
    await rig.store.commit(lambda _: Patch(channels={"ops": record}))
    await rig.run(2)
    assert [number for _, number in sender.taken] == [1, 2, 3]


async def test_the_first_digest_of_a_week_has_the_weekly_summary(rig: JobRig) -> None:
    rig.start([{**OPS, "digest": {"at": ["09:00", "18:00"], "weekly": "mon"}}])
    rig.now = datetime(2026, 11, 26, 12, tzinfo=UTC)  # a Thursday
    await rig.deliver(closed())
    await rig.run(7 * 24 * 60, step=60 * MINUTE)
    told = [digest.at for digest in rig.senders["ops"].digests if digest.weekly]
    assert told == [datetime(2026, 11, 30, 9, tzinfo=UTC)]


class TestAnEditedConfiguration:
    async def test_channels_can_be_added_and_removed_without_a_trace(self, rig: JobRig) -> None:
        rig.start([PAY])
        await rig.run(10)
        rig.adopt([OPS])
        await rig.deliver(opened("0", "b.test"))
        await rig.run(65)
        assert len(rig.senders["ops"].digests[-1].down) == 1
        assert (list(rig.store.state.channels), rig.job.failures()) == (["ops"], [])

    @pytest.mark.parametrize("how", ["at once", "during a post", "twice", "on a full disk"])
    async def test_a_channel_under_another_name_carries_on(self, rig: JobRig, how: str) -> None:
        rig.start([PAY, OPS], alerts=ALERTS)
        await rig.deliver(opened("0", "a.test"), opened("1", "b.test"))
        await rig.run(10)
        await rig.deliver(closed("1", "b.test"))
        sender = rig.senders["ops"]

        async def rename() -> None:
            sender.meanwhile = None
            for name in ["other", "third"] if how == "twice" else ["third"]:
                rig.senders[name] = sender
                rig.adopt([{**OPS, "name": name}, PAY], alerts=ALERTS)

        if how == "during a post":
            sender.meanwhile = rename
        else:
            await rename()
        with full_disk() if how == "on a full disk" else nullcontext():
            await rig.run(5)
        await rig.run(30)
        assert sender.told() == [NOON + MINUTE, NOON + 30 * MINUTE]
        assert sender.said() == [(["a.test", "b.test"], []), ([], ["b.test"])]
        (recovery,) = sender.digests[1].recovered
        assert recovery.host.name == "b.test"
        assert [down.new for down in sender.digests[1].down] == [False]
        assert sorted(rig.store.state.channels) == ["pay", "third"]

    @pytest.mark.parametrize("how", ["another webhook", "two with it", "a restart"])
    async def test_a_channel_that_starts_anew_under_another_name_is_warned_of(
        self, rig: JobRig, caplog: pytest.LogCaptureFixture, how: str
    ) -> None:
        rig.start([PAY, OPS])
        await rig.run(1)
        third = {**OPS, "name": "third"}
        if how == "another webhook":
            rig.adopt([PAY, {**third, "webhook_url": f"{WEBHOOK}3"}])
        elif how == "two with it":
            rig.adopt([PAY, third, {**OPS, "name": "fourth"}])
        else:
            await rig.restart([PAY, third])
        await rig.run(1)
        (said,) = (record.getMessage() for record in caplog.records if "starts anew" in record.getMessage())
        assert "channels: ops no longer, but" in said
        assert len(rig.senders["third"].digests) == 1

    async def test_channels_that_are_only_added_or_removed_are_not_warned_of(
        self, rig: JobRig, caplog: pytest.LogCaptureFixture
    ) -> None:
        rig.start([PAY])
        for channels in ([PAY, OPS], [OPS]):
            await rig.run(1)
            rig.adopt(channels)
        await rig.run(1)
        await rig.restart([PAY, OPS])
        await rig.run(1)
        assert "starts anew" not in caplog.text

    @pytest.mark.parametrize("is_full", [False, True])
    async def test_what_came_and_went_without_alerts_is_not_told_once_there_are_some(
        self, rig: JobRig, *, is_full: bool
    ) -> None:
        rig.start(alerts=ALERTS)
        await rig.run(1)
        await rig.deliver(opened("0", "a.test", started=rig.now))
        with full_disk() if is_full else nullcontext():
            await rig.run(5)
        rig.adopt()
        await rig.run(40)
        await rig.deliver(closed("1", "b.test", started=rig.now, ended=rig.now + 5 * MINUTE))
        rig.adopt(alerts=ALERTS)
        await rig.run(5)
        assert rig.sender.said()[0] == (["a.test"], [])
        assert "b.test" not in [name for _, over in rig.sender.said() for name in over]

    @pytest.mark.parametrize(
        ("before", "after"),
        [({"hold": "10m"}, {"hold": "2m"}), ({"hosts": ["a.test"]}, {"hosts": ["*.test"]})],
        ids=["a shorter hold", "more hosts"],
    )
    async def test_what_ended_under_the_last_rules_is_not_told_under_new_ones(
        self, rig: JobRig, before: dict[str, object], after: dict[str, object]
    ) -> None:
        rig.start(alerts=ALERTS | before)
        await rig.run(1)
        await rig.deliver(closed("1", "b.test", started=rig.now, ended=rig.now + 5 * MINUTE))
        await rig.run(8)
        rig.adopt(alerts=ALERTS | after)
        await rig.run(2)
        assert rig.sender.said() == []
        await rig.deliver(opened("2", "b.test", started=rig.now))
        await rig.run(5)
        assert rig.sender.said() == [(["b.test"], [])]

    async def test_a_new_destination_is_tried_at_once_and_gets_the_whole_message(self, rig: JobRig) -> None:
        sender = rig.senders["pay"] = InParts(PostFailed("no_service", retry_after=3600))
        rig.start([PAY])
        await rig.run(5)
        assert ([number for _, number in sender.taken], rig.job.failures()) == ([1], ["no_service"])
        rig.adopt([{**PAY, "webhook_url": "https://hooks.slack.com/services/other"}])
        assert rig.job.failures() == []
        await rig.run(1)
        assert [number for _, number in sender.taken] == [1, 1, 2, 3]


class TestAnEditedSchedule:
    """Digests come at 12:00 UTC at first; the first one at 12:01, at the start."""

    NOONS: Final[dict[str, Any]] = {"digest": {"at": ["12:00"]}}

    @pytest.mark.parametrize("is_restarted", [False, True])
    @pytest.mark.parametrize(
        ("after", "keys", "following"),
        [
            (23 * 60, {**NOONS, "timezone": "Asia/Seoul"}, 39 * 60),
            (60, {"digest": {"at": ["12:45"]}}, 24 * 60 + 45),
            (60, {"digest": {"at": ["13:30"]}}, 90),
            (45, {"digest": {"every": "50m"}}, 90),  # the slot before that is at 12:40
        ],
        ids=["another zone", "a time just before", "a time to come", "an interval"],
    )
    async def test_its_slots_before_the_edit_have_not_been_missed(
        self, rig: JobRig, after: int, keys: dict[str, Any], following: int, *, is_restarted: bool
    ) -> None:
        rig.start(**self.NOONS)
        await rig.run(after)
        rig.adopt(**keys)
        await rig.run(1)
        if is_restarted:
            await rig.restart(**keys)
        await rig.run(following - after + 1)
        assert rig.sender.told() == [NOON + MINUTE, NOON + following * MINUTE]

    @pytest.mark.parametrize("parts", [False, True])
    async def test_a_digest_that_was_due_is_posted_once(self, rig: JobRig, *, parts: bool) -> None:
        rig.start(**self.NOONS)
        await rig.run(1)
        sender = InParts(PostFailed("reset", retry_after=180))
        if parts:
            rig.senders[DEFAULT] = sender
        else:
            rig.sender.away = AWAY
        rig.adopt(**self.NOONS)
        await rig.run(24 * 60 + 1)
        rig.adopt(digest={"at": ["12:01"]})
        rig.senders[DEFAULT].away = None
        await rig.run(5)
        if parts:
            assert [number for _, number in sender.taken] == [1, 2, 3]
        else:
            assert len(rig.sender.digests) == 2

    async def test_a_restart_after_the_edit_has_not_missed_them_either(self, rig: JobRig) -> None:
        keys: dict[str, Any] = {"digest": {"at": ["12:00", "12:45"]}}
        rig.start(**self.NOONS)
        await rig.run(60)
        rig.adopt(**keys)
        await rig.run(1)
        await rig.restart(**keys)
        await rig.run(10)
        assert rig.sender.told() == [NOON + MINUTE]

    async def test_an_edit_during_a_post_repeats_nothing(self, rig: JobRig) -> None:
        rig.start(**self.NOONS)
        await rig.run(1)

        async def edit() -> None:
            rig.sender.meanwhile = None
            rig.now += 50 * MINUTE
            rig.adopt(digest={"at": ["12:45"]})

        rig.sender.meanwhile = edit
        await rig.run(24 * 60 + 60)
        assert rig.sender.told() == [NOON + MINUTE, NOON + DAY]

    async def test_a_slot_missed_while_the_server_was_stopped_is_caught_up(self, rig: JobRig) -> None:
        rig.start(**self.NOONS)
        await rig.run(60)
        for days, keys in ((1, self.NOONS), (3, {"digest": {"at": ["12:45"]}})):
            rig.now += days * DAY
            rig.monotonic += days * DAY.total_seconds()
            await rig.restart(**keys)
            await rig.run(1)
            assert rig.sender.told()[-1] == rig.now

    async def test_after_an_edit_while_the_server_was_stopped_no_slot_is_left_out(self, rig: JobRig) -> None:
        """Nobody knows when the edit was made, and the next slot may be a week away."""
        rig.start(digest={"every": "30m"})
        await rig.run(45)
        rig.now += DAY - 40 * MINUTE
        await rig.restart(digest={"at": ["12:00"], "days": [rig.now.strftime("%a").lower()]})
        await rig.run(10)
        assert rig.sender.told() == [NOON + MINUTE, NOON + 30 * MINUTE, NOON + DAY + 6 * MINUTE]


async def test_pending_and_accepted_messages_are_counted(rig: JobRig) -> None:
    rig.start([PAY, OPS], alerts=ALERTS)
    rig.senders["pay"].away = AWAY
    await rig.deliver(opened("0", "a.pay.test"))
    await rig.run(10)
    assert rig.job.waiting() == 2  # its digest and its alert
    assert rig.job.posts()["digest", "taken"] == 1
    assert rig.job.posts()["alerts", "failed"] + rig.job.posts()["digest", "failed"] > 1
    rig.senders["pay"].away = None
    await rig.run(20)
    assert rig.job.waiting() == 0
    assert rig.job.posts()["alerts", "taken"] == 2
    await rig.deliver(closed("0", "a.pay.test"))
    await rig.run(5)
    assert rig.job.last_digest() == rig.store.state.record("ops").posted
