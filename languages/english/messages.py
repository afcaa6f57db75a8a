"""English for digests, alerts and the terminal."""

from collections.abc import Collection, Mapping, Sequence

from hosts.incident import UNSEEN, Ending
from hosts.problems import GoogleList, ProblemKind
from languages.language import Heading, Headings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _heading(title: str, one: str, many: str = "") -> Heading:
    return Heading(title, lambda left: f"… and {left:,} more {one if left == 1 else many or one}")


def _lasted(lasted: str, outages: int) -> str:
    return f"after {outages} outages, {lasted} in all" if outages > 1 else f"after {lasted}"


def _every_host(count: int) -> str:
    return {1: "1 host", 2: "Both hosts"}.get(count, f"All {count:,} hosts")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


class EnglishMessages:
    """What the program says unasked."""

    headings = Headings(
        problems=_heading("This server needs attention", "problem", "problems"),
        setup=_heading("Getting started", "line", "lines"),
        new=_heading("New since the last digest", "host down", "hosts down"),
        still_down=_heading("Still down", "host down", "hosts down"),
        doubtful=_heading("Open for more than {after}: was the close lost?", "in doubt"),
        in_doubt=_heading("Was the close lost?", "in doubt"),
        recovered=_heading("", "recovered"),
        closed=_heading("", "closed"),
        resolved=_heading("", "resolved"),
        warnings=_heading("", "warning", "warnings"),
        week=_heading("Last 7 days", "line", "lines"),
        up=_heading("Up", "up"),
        never_reported=_heading("No data yet", "host", "hosts"),
        snoozed=_heading("", "snoozed"),
        disabled=_heading("Check disabled", "host", "hosts"),
        gone=_heading("No longer watched", "host", "hosts"),
        mutes_ended=_heading("", "no longer muted"),
        muted=_heading("", "muted"),
    )
    setup: Sequence[str] = (
        (
            "To see whether Google can reach this server, open *Alerting → Edit notification channels → "
            "Webhooks* in Google Cloud Monitoring, and press *Test connection*; the server's log will say so."
        ),
        "The first incident of an uptime check appears here by itself.",
    )
    new = "new"
    by_list = "according to Google's list"
    absent = "no longer known to Google"
    close_may_be_lost = "its close may have been lost"
    problems: Mapping[ProblemKind, str] = {
        ProblemKind.NOT_SAVED: "cannot save {subject}: {detail}",
        ProblemKind.HANGING: "the disk is hanging: saving {subject} has taken {seconds} s so far",
        ProblemKind.DAMAGED: "{subject} was damaged and is kept as {detail}; the previous version is in use",
        ProblemKind.MISSING: "{subject} is missing; the previous version is in use",
        ProblemKind.VANISHED: (
            "{subject} was gone, though a server has run in its folder: this server starts empty; "
            "restore a backup if you have one"
        ),
        ProblemKind.DELETED: (
            "{subject} was deleted while the server ran; it was written again, and nothing is lost"
        ),
        ProblemKind.BAD_CONFIG: "the latest edit of {subject} was rejected: {detail}",
        ProblemKind.SILENT: "nothing from Google for {lasting}: is the webhook still connected?",
        ProblemKind.EXPIRING: "the certificate in {subject} expires on {day}: is it being renewed?",
        ProblemKind.EXPIRED: (
            "the certificate in {subject} expired on {day}: Google and Slack cannot reach this server"
        ),
        ProblemKind.CROWDED: (
            "{subject} has {count} open incidents, and no more can be recorded; end them with "
            "`uptime resolve`"
        ),
        ProblemKind.LISTS_FAILING: "Google's list of {google_list} unavailable since {at}",
        ProblemKind.GOOGLE_SETUP: "Google's notifications: {count} to fix, see `uptime doctor`",
    }
    google_lists: Mapping[GoogleList, str] = {each: each.value for each in GoogleList}
    endings: Mapping[Ending, str] = {
        Ending.RECOVERED: "recovered",
        Ending.CLOSED: "closed (policy edited)",
        Ending.SNOOZED: "closed (snoozed)",
        Ending.DISABLED: "closed (check disabled)",
        Ending.UNWATCHED: "closed (no longer watched)",
        Ending.RESOLVED: "resolved",
    }
    nothing_received = "No incident has been received yet"
    no_host = "No hosts to show"
    none_down = "None of {:,} hosts is down".format
    only_down = "{} is down".format
    only_warned = "{} is not down".format
    only_up = "{} is up".format
    up = "{:,} up".format
    recovered = "{:,} recovered".format
    closed = "{:,} closed".format
    resolved_count = "{:,} resolved".format
    down_for = "down for {}".format
    still_down_after = "still down after {}".format
    warning_for = "warning for {}".format
    snoozed = "snoozed until {}".format
    snoozed_count = "{:,} snoozed".format
    flapping = "flapping: {outages} outages in {hours} h".format
    resolve_hint = "If it is up again, type {}".format
    no_longer_muted = "no longer muted: {}".format
    as_of = "As of {}".format
    next_digest = "next digest {}".format
    notification = "{sentences} — as of {at}".format
    test_message = "🔧 A test of uptime-check-manager: the digests of channel {} will appear here.".format
    try_it = "Try: {}".format

    def some_down(self, down: int, total: int) -> str:
        return f"{_every_host(total)} down" if down == total else f"{down:,} of {total:,} hosts down"

    def nothing_received_of(self, count: int) -> str:
        return f"Nothing received yet about {f'these {count:,} hosts' if count > 1 else 'this host'}"

    def watched(self, count: int) -> str:
        return f"{counted(count, 'host')} watched"

    def all_up(self, total: int) -> str:
        return f"{_every_host(total)} up"

    def all_muted(self, count: int, down: int) -> str:
        how_many = "" if count == 1 else f"{down:,} "
        return f"{_every_host(count)} muted" + (f" ({how_many}down)" if down else "")

    def warnings(self, count: int) -> str:
        return counted(count, "warning")

    def muted(self, count: int, down: int) -> str:
        return f"{count:,} muted" + (f" ({down:,} down)" if down else "")

    def went_down(self, count: int) -> str:
        return f"{counted(count, 'host')} went down"

    def still_down(self, count: int) -> str:
        return f"{counted(count, 'host')} still down"

    def up_again(self, count: int) -> str:
        return f"{counted(count, 'host')} up again"

    def recovery(self, at: str, lasted: str, outages: int, ending: Ending) -> str:
        if ending in UNSEEN:
            why = {Ending.CLOSED: " (policy edited)", Ending.SNOOZED: " (snoozed)"}.get(ending, "")
            return f"closed {at} {_lasted(lasted, outages)}{why}"
        return f"up again {at} {_lasted(lasted, outages)}"

    def resolution(self, at: str, lasted: str, outages: int, who: str) -> str:
        return f"resolved by {who} {at} {_lasted(lasted, outages)}"

    def week(self, percent: str, outages: int, down: str, worst: Sequence[str]) -> str:
        up = f"{percent} % up" if percent else ""
        if not outages:
            return ", ".join(filter(None, (up, "no outage")))
        total = f"{counted(outages, 'outage')}, {down} in all"
        return " · ".join(filter(None, (up, total, f"down longest: {', '.join(worst)}")))

    def listed(self, names: Sequence[str], more: int) -> str:
        *first, last = [*names, f"{more:,} more"] if more else names
        return f"{', '.join(first)} and {last}" if first else last

    def are_down(self, names: str, count: int) -> str:
        return f"{names} {_is(count)} down"

    def are_still_down(self, names: str, count: int) -> str:
        return f"{names} {_is(count)} still down"

    def are_up_again(self, names: str, count: int, lasted: str) -> str:
        return f"{names} {_is(count)} up again" + (f" after {lasted}" if lasted else "")

    def have_ended(self, names: str, count: int, how: str) -> str:
        return f"{names} {'was' if count == 1 else 'were'} {how}"

    def listens(self, address: str, hosts: int, state_file: str) -> str:
        known = counted(hosts, "host")
        return f"uptime-check-manager listens on {address}, and knows {known}; its state is in {state_file}"

    def posts(self, channel: str, schedule: str, *, to_slack: bool) -> str:
        name = f" of channel {channel}" if channel else ""
        target = "to Slack" if to_slack else "here, since slack.webhook_url is empty"
        return f"It posts the digest{name} {schedule} {target}."

    def schedule(self, every: str, at: Sequence[str], days: Collection[int]) -> str:
        times = f"every {every}" if every else f"at {', '.join(at)}"
        return f"{times} on {', '.join(DAYS[day] for day in sorted(days))}" if days else times
