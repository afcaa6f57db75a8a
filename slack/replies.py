"""What is answered to a command: one mrkdwn text, in which nothing foreign can format or mention."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from digest.model import Muted
from slack.command import HELP
from slack.text import code, inert, length
from slack.wording import duration, what_failed, when
from state.model import Host, Incident, Kind, Mute, NamedBy, Status

LIMIT = 4000  # Slack recommends at most so many characters in a text
SHOWN = 10  # past outages of one host
SIGNS = {Status.DOWN: "🔴", Status.WARNING: "🟡", Status.UP: "🟢"}
KINDS = {
    Kind.DOWNTIME: "down",
    Kind.CERTIFICATE: "certificate about to expire",
    Kind.SIGNAL: "uptime signal",
    Kind.OTHER: "other incident",
}


def help_text() -> str:
    rows = [f"• `{usage}` — {meaning}" for usage, meaning in HELP]
    return "\n".join(["What you can ask:", *rows])


def usage(problem: str) -> str:
    return f"🤔 {problem}"


def unknown(typed: str, near: Sequence[str]) -> str:
    guess = f" Did you mean {_alternatives(near)}?" if near else " `uptime check` lists all that are known."
    return f"🤔 No host called {code(typed)} is known.{guess}"


def removed(mute: Mute, status: Status, zone: tzinfo) -> str:
    """The same for the one who removed it and for whoever asks again."""
    return (
        f"🔕 {code(mute.host)} is off the list, removed by {who(mute)} {when(mute.at, zone)}; "
        f"it is {status} now. Type {code(f'uptime restore {mute.host}')} to bring it back."
    )


def not_removed(host: str) -> str:
    return f"🤔 {code(host)} is not removed. `uptime removed` lists the hosts that are."


def restored(host: Host, now: datetime) -> str:
    return f"🔔 {code(host.name)} is on the list. {_standing(host, now)}"


def removed_list(muted: Sequence[Muted], zone: tzinfo) -> str:
    if not muted:
        return "No host is removed."
    rows = [
        f"• {code(entry.mute.host)} — by {who(entry.mute)} {when(entry.mute.at, zone)}; {entry.status} now"
        for entry in muted
    ]
    return fit([f"{len(muted)} removed:", *rows])


def host_report(host: Host, mute: Mute | None, zone: tzinfo, now: datetime) -> str:
    """All that is known about one host."""
    lines = [_standing(host, now)]
    lines += [f"• {_open_line(incident, zone, now)}" for incident in host.open]
    if host.past:
        lines.append(f"Before: {len(host.past)} closed, the latest first")
        lines += [f"• {_past_line(incident, zone)}" for incident in reversed(host.past[-SHOWN:])]
    if mute:
        lines.append(f"🔕 Removed from the list by {who(mute)} {when(mute.at, zone)}")
    if any(incident.named_by in (NamedBy.CHECK, NamedBy.POLICY) for incident in host.incidents()):
        lines.append("Google did not name its host: this is the name of a check or a policy.")
    return fit(lines)


def not_saved() -> str:
    return "⚠️ That could not be saved, so nothing has changed. Try again; `/healthz` says what is wrong."


def fit(lines: Iterable[str]) -> str:
    """As many whole lines as fit, and how many did not."""
    lines = list(lines)
    kept, size = 0, 0
    while kept < len(lines) and size + length(lines[kept]) + 1 <= LIMIT - 40:
        size += length(lines[kept]) + 1
        kept += 1
    cut = [f"… and {len(lines) - kept} more lines"] if kept < len(lines) else []
    return "\n".join([*lines[:kept], *cut])


def who(mute: Mute) -> str:
    """A name to read, never a mention that would call the person each time."""
    return inert(mute.by_name or mute.by or "somebody")


def _standing(host: Host, now: datetime) -> str:
    name = f"{SIGNS[host.status]} {code(host.name)}"
    if not host.open:
        return f"{name} is up."
    verb = "down" if host.status is Status.DOWN else "warned about"
    relevant = [i for i in host.open if host.status is Status.WARNING or i.kind is Kind.DOWNTIME]
    return f"{name} is {verb} for {duration(now - min(i.started for i in relevant))}."


def _open_line(incident: Incident, zone: tzinfo, now: datetime) -> str:
    said = what_failed([incident])
    what = f" {said}," if said else ""
    return f"{KINDS[incident.kind]}:{what} {when(incident.started, zone)}, {duration(now - incident.started)}"


def _past_line(incident: Incident, zone: tzinfo) -> str:
    lasted = duration((incident.ended or incident.started) - incident.started)
    ended = "closed by an edit of its policy" if incident.cancelled else "closed"
    what = f" ({inert(incident.policy)})" if incident.policy else ""
    return f"{KINDS[incident.kind]} for {lasted}, {when(incident.started, zone)}{what}, {ended}"


def _alternatives(names: Sequence[str]) -> str:
    return " or ".join(code(name) for name in names)
