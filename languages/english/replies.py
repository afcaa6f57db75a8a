"""English for the replies to commands."""

from collections.abc import Mapping, Sequence

from hosts.incident import Ending
from hosts.model import Action
from languages.english.messages import counted

PAST_TENSE: Mapping[Action, str] = {
    Action.REMOVE: "muted",
    Action.RESTORE: "unmuted",
    Action.RESOLVE: "resolved",
    Action.FORGET: "forgot",
}


def _past(kind: str, lasted: str, at: str, policy: str) -> str:
    return f"{kind} for {lasted}, {at}{f' ({policy})' if policy else ''}"


class EnglishReplies:
    """What the program answers."""

    help_title = "What you can ask:"
    not_this_team = (
        "This workspace may not ask here. Whoever runs this server can allow it, with `slack.team_id`."
    )
    no_mutes = "No host is muted."
    not_named_by_google = "Google did not name its host: this is the name of a check or a policy."
    not_saved = "That could not be saved, so nothing has changed. Try again; `/healthz` says what is wrong."
    sent_again = "This was already done when it was sent for the first time; nothing has changed now."
    no_outage = "No outage is known."
    no_warning = "No host has a warning"
    none_up = "No host is up"
    all_regions = "all regions"
    history_title = "The last outages, the latest first:"
    muted_mark = "muted"
    until_up = "until it is up"
    until_unmuted = "until further notice"
    typed_until_up = "until up"
    typed_while = "for 2h"
    typed_endless = "forever"
    own_mute_ended = "Its own mute is gone."
    matches_none = "no host now, but any that match later"
    instead_of_until_up = "Type `for 2h` or `until 18:00` instead of `until up`."
    nothing_to_undo = "You have changed nothing that is still in the log."
    nothing_logged = "Nobody has changed anything yet."
    log_title = "The last changes, the latest first:"
    still_watched = (
        "It is listed under `hosts:` in `config.yaml`, so it stays known until it is removed there."
    )

    def not_a_command(self, typed: str, command: str) -> str:
        guess = f"Did you mean {command}? " if command else ""
        return f"{typed} is not a command. {guess}Type `uptime help` to see what you can ask."

    def for_example(self, examples: str) -> str:
        return f"For example: {examples}"

    def other_words(self, words: str) -> str:
        return f"Also understood: {words}"

    def which_host(self, verb: str) -> str:
        return f"Which host? Type `uptime {verb} HOST`."

    def not_this_channel(self, channels: Sequence[str]) -> str:
        where = f"Ask in {' or '.join(channels)}." if channels else "Ask whoever runs this server."
        return f"Commands are not accepted in this channel. {where}"

    def not_an_admin(self, admins: Sequence[str]) -> str:
        return f"You may ask, but not change anything. Ask {' or '.join(admins)} to do it."

    def unknown_host(self, host: str, instead: Sequence[str]) -> str:
        guess = (
            f"Did you mean {' or '.join(instead)}?" if instead else "`uptime check` lists all that are known."
        )
        return f"No host called {host} is known. {guess}"

    def status_now(self, status: str) -> str:
        return f"{status} now"

    def host_muted(self, host: str, until: str, by: str, status: str, undo: str) -> str:
        return f"{host} is muted {until} ({by}; {status}). To undo, type {undo}."

    def by(self, who: str, at: str) -> str:
        return f"by {who}, {at}"

    def and_more_hosts(self, more: int) -> str:
        return f"and {more:,} more"

    def hosts_unmuted(self, hosts: str) -> str:
        return f"{hosts}{',' if ',' in hosts else ''} no longer muted"

    def muted_by(self, who: str, *spans: str) -> str:
        return f"muted by {who} {', '.join(spans)}"

    def host_unmuted(self, host: str) -> str:
        return f"{host} is no longer muted."

    def mute_count(self, count: int) -> str:
        return f"{count} muted:"

    def earlier(self, closed: int) -> str:
        return f"{counted(closed, 'earlier incident')}, the latest first:"

    def help_ignores(self, typed: str, command: str) -> str:
        return f"This only explains the command and ignores {typed}. To run it, type {command}"

    def more_lines(self, count: int) -> str:
        return f"… and {count} more lines"

    def is_up(self, host: str, duration: str) -> str:
        return f"{host} {f'has been up for {duration}' if duration else 'is up'}."

    def has_no_status(self, host: str) -> str:
        return f"There is no data about {host} yet: until Google reports an incident, its status is unknown."

    def is_down(self, host: str, duration: str) -> str:
        return f"{host} has been down for {duration}."

    def has_warning(self, host: str, duration: str) -> str:
        return f"{host} has had a warning for {duration}."

    def check_every(self, period: str, regions: str) -> str:
        return f"every {period} from {regions}"

    def open_incident(self, kind: str, what: str, at: str, duration: str) -> str:
        return f"{kind}:{f' {what},' if what else ''} {at}, {duration}"

    def closed_incident(self, kind: str, lasted: str, at: str, policy: str, ending: Ending) -> str:
        closed = {Ending.CLOSED: "closed by an edit of its policy", Ending.SNOOZED: "closed (snoozed)"}
        ended = closed.get(ending, "recovered")
        return f"{_past(kind, lasted, at, policy)}, {ended}"

    def resolved_incident(self, kind: str, lasted: str, at: str, policy: str, who: str) -> str:
        return f"{_past(kind, lasted, at, policy)}, resolved by {who}"

    def until(self, at: str) -> str:
        return f"until {at}"

    def reason(self, text: str) -> str:
        return f"Reason: {text}"

    def status_since(self, status: str, since: str) -> str:
        return f"{status} since {since}"

    def hosts_and_down(self, hosts: int, down: int) -> str:
        return counted(hosts, "host") + (f", {down:,} down" if down else "")

    def matches(self, hosts: int) -> str:
        return f"{counted(hosts, 'host')} now, plus any that match later"

    def hosts_muted(self, until: str, by: str, undo: str) -> str:
        return f"Muted {until} ({by}). To undo, type {undo}."

    def pattern_unmuted(self, pattern: str, hosts: str) -> str:
        return f"{pattern} is no longer muted: {hosts}"

    def replaces_mute(self, who: str, until: str) -> str:
        return f"replaces the mute by {who} {until}"

    def still_muted(self, host: str, pattern: str, undo: str) -> str:
        return f"{host} is still muted by the pattern {pattern}. To unmute all that it matches, type {undo}."

    def nothing_logged_of(self, hosts: str) -> str:
        return f"Nobody has changed anything about {hosts} yet."

    def nothing_to_resolve(self, host: str) -> str:
        return f"Nothing is open on {host}: there is nothing to resolve."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = counted(incidents, "incident")
        return (
            f"{host}: {what} resolved by {who} {at}. If Google reports anything later, that takes precedence."
        )

    def still_open(self, host: str, resolve: str) -> str:
        return f"{host} cannot be forgotten while something is open on it. If that is over, type {resolve}."

    def nothing_to_forget(self, host: str) -> str:
        return f"There is no data about {host}. If it is listed, remove it from `hosts:` in `config.yaml`."

    def history_lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{counted(closed, 'past incident')} since {since}" + (" and the mute" if muted else "")

    def confirm_forget(self, hosts: str, lost: str, command: str) -> str:
        return f"That forgets {hosts} for good, with {lost}. To confirm, type {command}"

    def forgotten(self, host: str) -> str:
        return f"{host} is forgotten. It comes back if Google reports a new incident."

    def audit_entry(self, action: Action, who: str, what: str, at: str) -> str:
        return f"{at}: {who} {PAST_TENSE[action]} {what}"

    def not_a_time(self, typed: str) -> str:
        return f"{typed} is not a time. Type `for 2h`, `until 18:00` or `until up` after the host, then why."

    def confirm_until(self, command: str) -> str:
        return f"Should the mute end then? Type {command}"

    def starts_at_once(self, typed: str, command: str) -> str:
        return (
            f"A mute begins at once and cannot be scheduled ({typed}). "
            f"To mute from now until that is over, type {command}"
        )

    def time_or_reason(self, typed: str, reason: str, end: str) -> str:
        return (
            f"Is {typed} a time or the reason? If it is the reason, put a colon before it: {reason} "
            f"If it is a time, say the whole end at once, as in {end}"
        )

    def ambiguous_zone(self, zone: str, here: str) -> str:
        return (
            f"{zone} is not one time zone. Type the time as it is in {here}, such as `until 18:00`, "
            "or with its distance from UTC: `until 18:00 UTC+8`."
        )

    def ends_at_once(self, typed: str) -> str:
        return f"{typed} would end at once. Type `for 2h`, `until 18:00` or `until up` after the host."

    def time_is_past(self, typed: str) -> str:
        return f"{typed} is in the past. Type a time in the future, such as `for 2h` or `until 18:00`."

    def mute_is_too_long(self, typed: str) -> str:
        return f"{typed} is more than a year. Without it, the mute has no end."

    def is_up_already(self, host: str) -> str:
        return f"{host} is up already."

    def maybe_a_reason(self, typed: str, command: str) -> str:
        return f"No host called {typed} is known. If it is the reason, say how long before it: {command}"

    def too_many_hosts(self, most: int) -> str:
        return (
            f"More than {most} hosts at once. Type fewer; "
            "`uptime remove`, `restore` and `history` take a pattern such as `*.example.com`, too."
        )

    def host_first(self, command: str) -> str:
        return f"The host comes first: {command}"

    def pattern_not_allowed(self, command: str, more: int) -> str:
        left = f" (and {more:,} more)" if more else ""
        return f"Patterns are not accepted here. Type the hosts themselves: {command}{left}"

    def too_many_patterns(self, most: int, listing: str) -> str:
        return f"{most} patterns are muted already. Unmute one of those that {listing} shows."

    def confirm_every_host(self, command: str) -> str:
        return f"That would mute every host. If you mean it, type {command}"

    def unknown_or_pattern(self, host: str, instead: Sequence[str], pattern: str, command: str) -> str:
        confirm = f"To mute whatever will match {pattern}, type {command}"
        return f"{self.unknown_host(host, instead)} {confirm}"

    def none_muted_matches(self, pattern: str, command: str) -> str:
        return f"Nothing that is muted matches {pattern}. Type {command} to see what is."

    def read_as(self, command: str) -> str:
        return f"Read as {command}"

    def for_every_host(self, command: str) -> str:
        return f"For every host, type {command}"

    def nothing_to_acknowledge(self, command: str) -> str:
        return f"There is nothing to acknowledge here. To stop hearing about an outage, type {command}"

    def to_undo(self, done: str, command: str) -> str:
        return f"Your last change: {done}. To undo it, type{command}"

    def cannot_be_undone(self, done: str) -> str:
        return f"Your last change: {done}. It cannot be undone."

    def is_undone_already(self, done: str) -> str:
        return f"Your last change: {done}. It no longer has any effect, so there is nothing to undo."
