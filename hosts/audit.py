"""Audit entries, committed together with the change they describe."""

from hosts.model import AUDIT_LOG_SIZE, REPLAY_WINDOW, AuditEntry, State
from hosts.patch import Change, Patch


class ReplayedRequest(Exception):
    """The request has already changed something, so it changes nothing now."""


class OncePerRequest:
    """Wraps the changes of one request so that a replay of the request changes nothing.

    Whoever intercepts a signed request could send it again while its signature is valid.
    """

    def __init__(self, request: str) -> None:
        """`request` is the idempotency key; if empty, replays cannot be detected and everything passes."""
        self._request = request
        self._is_first: bool | None = None  # decided by the request's first change, for all of them

    def __call__(self, change: Change) -> Change:
        """Return a change that raises ReplayedRequest if the state knows the request already."""

        def checked(state: State) -> Patch:
            if self._is_first is None:
                known = {entry.request for entry in state.log}
                self._is_first = not self._request or self._request not in known
            if not self._is_first:
                raise ReplayedRequest
            return change(state)

        return checked


def with_audit(change: Change, *entries: AuditEntry) -> Change:
    """Add audit entries to a change, unless it turns out to change nothing."""

    def both(state: State) -> Patch:
        patch = change(state)
        return patch._replace(log=_trimmed((*state.log, *entries))) if patch else patch

    return both


def _trimmed(log: tuple[AuditEntry, ...]) -> tuple[AuditEntry, ...]:
    """Keep the latest entries, and one of each request that could still be replayed."""
    last, earlier = log[-AUDIT_LOG_SIZE:], log[:-AUDIT_LOG_SIZE]
    known = {entry.request for entry in last} | {""}
    since = last[-1].at - REPLAY_WINDOW
    live = {entry.request: entry for entry in earlier if entry.request not in known and entry.at >= since}
    return (*live.values(), *last)
