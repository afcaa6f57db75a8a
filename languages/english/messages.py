"""English for digests, alerts and the terminal."""

from collections.abc import Collection, Mapping, Sequence

from hosts.problems import ProblemKind
from languages.language import AlertHeadings, Heading, Headings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _heading(title: str, one: str, many: str) -> Heading:
    return Heading(title, lambda left: f"… and {left:,} more {one if left == 1 else many}")


def _after(lasted: str, outages: int) -> str:
    return f"{outages} outages, {lasted} in all" if outages > 1 else f"after {lasted}"


class EnglishMessages:
    """What the program says unasked."""

    headings = Headings(
        problems=_heading("This digest may not be complete", "problem", "problems"),
        setup=_heading("How to begin", "line", "lines"),
        down=_heading("Down", "host down", "hosts down"),
        recovered=_heading("Recovered since the last digest", "recovered", "recovered"),
        closed=_heading("Closed since the last digest", "closed", "closed"),
        warnings=_heading("Warnings", "warning", "warnings"),
        week=_heading("The last 7 days", "line", "lines"),
        up=_heading("Up", "up", "up"),
        never_reported=_heading("Nothing heard of yet", "host", "hosts"),
        mutes_ended=_heading("No longer muted", "no longer muted", "no longer muted"),
        muted=_heading("Muted", "muted", "muted"),
    )
    alert_headings = AlertHeadings(
        down=_heading("Went down", "went down", "went down"),
        still_down=_heading("Still down", "still down", "still down"),
        recovered=_heading("Over", "over", "over"),
    )
    setup: Sequence[str] = (
        (
            "To see that Google reaches this server: in Google Cloud Monitoring open *Alerting → Edit "
            "notification channels → Webhooks*, and press *Test connection*; the server's log will say so."
        ),
        "The first incident of an uptime check appears here by itself.",
    )
    new = "new"
    close_may_be_lost = "its close may have been lost"
    problems: Mapping[ProblemKind, str] = {
        ProblemKind.NOT_SAVED: "cannot save {file}: {detail}",
        ProblemKind.HANGING: "the disk hangs: a save of {file} has taken {detail} s so far",
        ProblemKind.DAMAGED: "{file} was damaged and is kept as {detail}; the version before it is in use",
        ProblemKind.MISSING: "{file} is missing; the version before it is in use",
        ProblemKind.VANISHED: (
            "{file} was gone and the server began with nothing: is there a back-up to restore?"
        ),
        ProblemKind.DELETED: (
            "{file} was deleted while the server ran; it was written again, and nothing is lost"
        ),
        ProblemKind.BAD_CONFIG: "an edit of {file} is not in use: {detail}",
        ProblemKind.SILENT: "nothing from Google for {detail}: is the webhook still connected?",
        ProblemKind.EXPIRING: "the certificate in {file} ends on {detail}: is it still renewed?",
        ProblemKind.CROWDED: "{file} has {detail} open incidents, and no more are taken: `uptime resolve` it",
    }
    nothing_received = "No incident has been received yet"
    no_host = "No host on the list"

    def some_down(self, down: int, total: int) -> str:
        return f"{down:,} of {counted(total, 'host')} down"

    def none_down(self, total: int) -> str:
        return f"No host of {total:,} is down"

    def watched(self, count: int) -> str:
        return f"{counted(count, 'host')} watched"

    def all_up(self, total: int, muted: int) -> str:
        only = "1 host up" if muted else "The only host is up"
        return f"All {counted(total, 'host')} up" if total > 1 else only

    def warnings(self, count: int) -> str:
        return counted(count, "warning")

    def recovered(self, count: int) -> str:
        return f"{count:,} recovered"

    def closed(self, count: int) -> str:
        return f"{count:,} closed"

    def muted(self, count: int, down: int) -> str:
        return f"{count:,} muted" + (f" ({down:,} down)" if down else "")

    def went_down(self, count: int) -> str:
        return f"{counted(count, 'host')} went down"

    def still_down(self, count: int) -> str:
        return f"{counted(count, 'host')} still down"

    def no_longer_down(self, count: int) -> str:
        return f"{counted(count, 'host')} no longer down"

    def open_for(self, duration: str) -> str:
        return duration

    def recovery(self, at: str, lasted: str, outages: int, *, cancelled: bool) -> str:
        return (
            f"{'closed, its policy was edited' if cancelled else 'up since'} {at}, {_after(lasted, outages)}"
        )

    def resolution(self, at: str, lasted: str, outages: int, who: str) -> str:
        return f"resolved by {who} {at}, {_after(lasted, outages)}"

    def flapping(self, outages: int, hours: int) -> str:
        return f"flapping: {outages} outages in {hours} h"

    def resolve_hint(self, command: str) -> str:
        return f"If it is up again, type {command}"

    def week(self, percent: str, outages: int, down: str, worst: Sequence[str]) -> str:
        up = f"{percent} % up" if percent else ""
        if not outages:
            return ", ".join(filter(None, (up, "no outage")))
        total = f"{counted(outages, 'outage')}, {down} in all"
        return " · ".join(filter(None, (up, total, f"down longest: {', '.join(worst)}")))

    def muted_since(self, who: str, at: str, status: str) -> str:
        return f"by {who} since {at}" + (f", {status} now" if status else "")

    def as_of(self, at: str) -> str:
        return f"As of {at}"

    def next_digest(self, at: str) -> str:
        return f"next digest {at}"

    def notification(self, headline: str, at: str) -> str:
        return f"{headline} — as of {at}"

    def notification_down(self, names: str, more: int) -> str:
        return f"Down: {names}" + (f" and {more:,} more" if more > 0 else "")

    def listens(self, address: str, hosts: int, state_file: str) -> str:
        known = counted(hosts, "host")
        return f"uptime-check-manager listens on {address}, knowing {known}; its state is {state_file}"

    def posts(self, channel: str, schedule: str, *, to_slack: bool) -> str:
        name = f" of channel {channel}" if channel else ""
        target = "to Slack" if to_slack else "here, since slack.webhook_url is empty"
        return f"It posts the digest{name} {schedule} {target}."

    def schedule(self, every: str, at: Sequence[str], days: Collection[int]) -> str:
        times = f"every {every}" if every else f"at {', '.join(at)}"
        return f"{times} on {', '.join(DAYS[day] for day in sorted(days))}" if days else times

    def test_message(self, channel: str) -> str:
        return f"🔧 A test of uptime-check-manager: the digests of channel {channel} will appear here."

    def try_it(self, command: str) -> str:
        return f"Try: {command}"
