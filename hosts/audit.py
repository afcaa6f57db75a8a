"""Who changed what, kept beside the change itself: neither is on the disk without the other."""

from hosts.model import AUDIT_LOG_SIZE, REPLAY_WINDOW, AuditEntry, State
from hosts.patch import Change, Patch


class ReplayedRequest(Exception):
    """The request had changed something before, so that it changes nothing now."""


class OncePerRequest:
    """Lets the changes of one request pass, unless that request has changed something before.

    Whoever gets hold of a signed request could send it again while its signature is good.
    """

    def __init__(self, request: str) -> None:
        """`request` is its idempotency key; if that is empty, nobody can tell, and everything passes."""
        self._request = request
        self._is_first: bool | None = None  # decided by the first of its changes, for all of them

    def __call__(self, change: Change) -> Change:
        """The change, which raises ReplayedRequest unless the request is new to the state."""

        def checked(state: State) -> Patch:
            if self._is_first is None:
                known = {entry.request for entry in state.log}
                self._is_first = not self._request or self._request not in known
            if not self._is_first:
                raise ReplayedRequest
            return change(state)

        return checked


def with_audit(change: Change, *entries: AuditEntry) -> Change:
    """The change, with who made it. What changes nothing is not logged."""

    def both(state: State) -> Patch:
        patch = change(state)
        return patch._replace(log=_kept((*state.log, *entries))) if patch else patch

    return both


def _kept(log: tuple[AuditEntry, ...]) -> tuple[AuditEntry, ...]:
    """The last deeds, and one of each request that could still be sent again, however many followed it."""
    last, earlier = log[-AUDIT_LOG_SIZE:], log[:-AUDIT_LOG_SIZE]
    known = {entry.request for entry in last} | {""}
    since = last[-1].at - REPLAY_WINDOW
    live = {entry.request: entry for entry in earlier if entry.request not in known and entry.at >= since}
    return (*live.values(), *last)
