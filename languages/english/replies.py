"""What English replies say."""

from collections.abc import Mapping, Sequence

from hosts.model import Action


def _past(kind: str, lasted: str, at: str, policy: str) -> str:
    return f"{kind} for {lasted}, {at}{f' ({policy})' if policy else ''}"


class EnglishReplies:
    none_removed = "No host is removed."
    not_named_by_google = "Google did not name its host: this is the name of a check or a policy."
    not_saved = "That could not be saved, so nothing has changed. Try again; `/healthz` says what is wrong."
    sent_again = "This was done when it was sent for the first time; nothing has changed now."
    no_outage = "No outage is known."
    history_title = "The last outages, the latest first:"
    off_the_list = "off the list"

    def unknown_host(self, host: str, instead: Sequence[str]) -> str:
        guess = (
            f"Did you mean {' or '.join(instead)}?" if instead else "`uptime check` lists all that are known."
        )
        return f"No host called {host} is known. {guess}"

    def now(self, status: str) -> str:
        return f"{status} now"

    def removed(self, host: str, until: str, by: str, stands: str, undo: str) -> str:
        back = f"Type {undo} to bring it back."
        return f"{host} is off the list {until}, removed by {by}; it is {stands}. {back}"

    def removed_by(self, who: str, at: str) -> str:
        return f"{who} {at}"

    def restored(self, host: str) -> str:
        return f"{host} is on the list."

    def removed_count(self, count: int) -> str:
        return f"{count} removed:"

    def removed_row(self, by: str, stands: str) -> str:
        return f"by {by}; {stands}"

    def host_removed(self, by: str) -> str:
        return f"Removed from the list by {by}"

    def before(self, closed: int) -> str:
        return f"Before: {closed} closed, the latest first"

    def more_lines(self, count: int) -> str:
        return f"… and {count} more lines"

    def is_up(self, host: str, lasting: str) -> str:
        return f"{host} is up{f' for {lasting}' if lasting else ''}."

    def never_heard_of(self, host: str) -> str:
        return (
            f"{host} was never heard of: Google has reported no incident of it, so how it stands is unknown."
        )

    def is_down(self, host: str, lasting: str) -> str:
        return f"{host} is down for {lasting}."

    def is_warned_about(self, host: str, lasting: str) -> str:
        return f"{host} is warned about for {lasting}."

    def open_incident(self, kind: str, what: str, at: str, lasting: str) -> str:
        return f"{kind}:{f' {what},' if what else ''} {at}, {lasting}"

    def past_incident(self, kind: str, lasted: str, at: str, policy: str, *, cancelled: bool) -> str:
        ended = "closed by an edit of its policy" if cancelled else "closed"
        return f"{_past(kind, lasted, at, policy)}, {ended}"

    def resolved_incident(self, kind: str, lasted: str, at: str, policy: str, who: str) -> str:
        return f"{_past(kind, lasted, at, policy)}, resolved by {who}"


def _hosts(count: int) -> str:
    return f"{count:,} host{'' if count == 1 else 's'}"


class EnglishRemoval:
    until_up = "until it is up"
    until_restored = "until restored"
    matches_none = "no host now, but those to come"

    def until(self, at: str) -> str:
        return f"until {at}"

    def because(self, reason: str) -> str:
        return f"Reason: {reason}"

    def standing(self, status: str, since: str) -> str:
        return f"{status} since {since}"

    def hosts_and_down(self, hosts: int, down: int) -> str:
        return _hosts(hosts) + (f", {down:,} down" if down else "")

    def matches(self, hosts: int) -> str:
        return f"{_hosts(hosts)} now, and those to come"

    def removed_many(self, until: str, by: str, undo: str) -> str:
        return f"Off the list {until}, removed by {by}. Type {undo} to bring them back."

    def pattern_restored(self, pattern: str, hosts: str) -> str:
        return f"{pattern} hides no host any more: {hosts}"

    def still_hidden(self, host: str, pattern: str, undo: str) -> str:
        return (
            f"{host} is off the list by the pattern {pattern}. Type {undo} to bring back all that it hides."
        )


DID: Mapping[Action, str] = {
    Action.REMOVE: "removed",
    Action.RESTORE: "restored",
    Action.RESOLVE: "resolved",
    Action.FORGET: "forgot",
}


class EnglishDeeds:
    nothing_logged = "Nobody has changed anything yet."
    log_title = "The last changes, the latest first:"
    still_watched = "It stands in `hosts:` of `config.yaml`, so it stays on the list. Take it out there, too."

    def nothing_logged_of(self, hosts: str) -> str:
        return f"Nobody has changed anything about {hosts} yet."

    def nothing_to_resolve(self, host: str) -> str:
        return f"Nothing is open on {host}: there is nothing to resolve."

    def resolved(self, host: str, incidents: int, who: str, at: str) -> str:
        what = f"{incidents:,} incident{'' if incidents == 1 else 's'}"
        return f"{host}: {what} resolved by {who} {at}. What Google says later counts more."

    def still_open(self, host: str, resolve: str) -> str:
        return f"Something is open on {host}: it cannot be forgotten. If that is over, type {resolve}."

    def nothing_to_forget(self, host: str) -> str:
        return f"Nothing was ever heard of {host}. If it is watched, it stands in `hosts:` of `config.yaml`."

    def lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{closed:,} closed incident{'' if closed == 1 else 's'} since {since}" + (
            " and the mute" if muted else ""
        )

    def would_be_forgotten(self, hosts: str, lost: str, again: str) -> str:
        return f"That forgets {hosts} for good, with {lost}. To go on, type {again}"

    def forgotten(self, host: str) -> str:
        return f"{host} is forgotten. If Google reports a new incident of it, it is back."

    def deed(self, did: Action, who: str, what: str, at: str) -> str:
        return f"{at}: {who} {DID[did]} {what}"
