"""How far each channel has been told."""

from datetime import timedelta

from digest import notifications
from hosts.model import NOTHING, AlertRecord, ChannelRecord
from tests.builders import NOON, closed, state_after

HOUR = timedelta(hours=1)


def test_a_digest_closes_the_edition_that_it_tells() -> None:
    assert state_after(notifications.begin_edition).edition == 2


def test_what_was_told_once_stays_told() -> None:
    later, earlier = notifications.record_digest("ops", NOON, 5), notifications.record_digest("ops", NOON, 1)
    assert state_after(later, earlier).record("ops").notified_edition == 5


def test_channels_do_not_touch_each_other() -> None:
    state = state_after(
        notifications.record_digest("ops", NOON, 1), notifications.record_skipped("pay", NOON + HOUR)
    )
    assert state.record("ops") == ChannelRecord(1, NOON, NOON)
    assert state.record("pay") == ChannelRecord(0, NOON + HOUR)


def test_after_a_first_start_everything_is_news() -> None:
    """Also to a program that was killed before it told any of it."""
    keep = notifications.sync_channels(["default"], alerting=False)
    state = state_after(keep, closed())
    assert state.channels == {"default": ChannelRecord(notified_edition=0)}
    assert state.hosts["www.example.com"].edition == 1
    assert keep(state) is NOTHING


def test_to_keep_what_is_kept_already_changes_nothing() -> None:
    keep = notifications.sync_channels(["ops"], alerting=True)
    state = state_after(closed(), notifications.begin_edition, keep)
    assert keep(state) is NOTHING


def test_a_new_channel_begins_where_it_comes() -> None:
    state = state_after(closed(), notifications.sync_channels(["ops"], alerting=True))
    assert (state.edition, state.channels) == (2, {"ops": ChannelRecord(1, alerts=AlertRecord(1))})


def test_without_alerts_their_record_goes() -> None:
    alerts = notifications.record_alerts("ops", AlertRecord(3))
    state = state_after(closed(), alerts, notifications.sync_channels(["ops"], alerting=False))
    assert state.record("ops").alerts is None
