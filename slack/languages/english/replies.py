"""What English replies say."""

from collections.abc import Sequence


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
