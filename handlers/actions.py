"""One line in the journal for everything that a person changed: `changes: {"did": "remove", …}`."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta, tzinfo

from hosts.audit import OncePerRequest, with_audit
from hosts.changes import forget, mute, resolve, unmute
from hosts.identity import in_full
from hosts.incident import Person
from hosts.model import Action, AuditEntry, Host, Mute
from hosts.patch import Change
from languages import Language
from slack import mute_replies, mute_requests
from slack.command import Remove, Restore
from slack.mute_requests import CommandContext
from slack.request import Request
from slack.text import one_line
from state.store import Store

log = logging.getLogger("changes")

LONGEST = 512  # characters of a host: a name from a file edited by hand must not cut its line short


def record_change(request: Request, deed: AuditEntry) -> None:
    """JSON in one line: what people typed cannot end a value and begin another."""
    authenticator = "slash command" if request.is_slash else "outgoing webhook"
    told = {
        "did": deed.action,
        "host": one_line(in_full(deed.target))[:LONGEST],
        **_term(deed),
        "user_id": request.user_id,
        "user_name": request.user_name,
        "team_id": request.team_id,
        "channel_id": request.channel_id,
        "door": authenticator,
    }
    log.info("%s", json.dumps(told, ensure_ascii=False))


def _term(deed: AuditEntry) -> dict[str, str]:
    """Until when it is removed, and why, as far as that was said."""
    until = f"{deed.until:%Y-%m-%dT%H:%M:%SZ}" if deed.until else "up" if deed.until_up else ""
    return {name: text for name, text in (("until", until), ("reason", deed.reason)) if text}


class Author:
    """Who makes a request, at one moment.

    Every change raises SaveFailed when it is not on the disk, and ReplayedRequest when the request had
    changed something before.
    """

    def __init__(self, store: Store, request: Request, now: datetime) -> None:
        self._store = store
        self._request = request
        self.person = Person(request.user_id, request.user_name)
        self.at = now.replace(microsecond=0)
        self._once = OncePerRequest(request.idempotency_key)

    async def remove(self, *wishes: Mute) -> None:
        deeds = [
            AuditEntry(Action.REMOVE, w.host, self.person, self.at, w.until, w.until_up, w.reason)
            for w in wishes
        ]
        await self._do(mute(*wishes), *deeds)

    async def restore(self, *names: str) -> None:
        """Hosts and patterns."""
        await self._do(
            unmute(*names), *(AuditEntry(Action.RESTORE, name, self.person, self.at) for name in names)
        )

    async def resolve(self, hosts: Iterable[str]) -> None:
        """All at once: they share one save, so that all of it is done or nothing."""
        deeds = [AuditEntry(Action.RESOLVE, host, self.person, self.at) for host in hosts]
        await asyncio.gather(*(self._do(resolve(deed.target, self.person, self.at), deed) for deed in deeds))

    async def forget(self, hosts: Collection[str]) -> None:
        """All or none."""
        deeds = (AuditEntry(Action.FORGET, host, self.person, self.at) for host in hosts)
        await self._do(forget(hosts, self.at), *deeds)

    async def _do(self, change: Change, *done: AuditEntry) -> None:
        deeds = [deed._replace(request=self._request.idempotency_key) for deed in done]
        if await self._store.commit(self._once(with_audit(change, *deeds))):
            for deed in deeds:
                record_change(self._request, deed)


class Removals:
    """Both raise UsageError, or SaveFailed when nothing has changed."""

    def __init__(  # noqa: PLR0913 - what a change and its answer depend on
        self,
        store: Store,
        *,
        known: Callable[[], Mapping[str, Host]],
        zone: tzinfo,
        language: Language,
        now: Callable[[], datetime],
        doubt_after: timedelta,
    ) -> None:
        self._store = store
        self._known = known
        self._zone = zone
        self._language = language
        self._now = now
        self._doubt_after = doubt_after

    async def remove(self, command: Remove, author: Author) -> str:
        blank = Mute("", author.person.id, author.person.name, author.at)
        wishes = mute_requests.wishes(command, blank, self._asking())
        await author.remove(*wishes)
        return mute_replies.removed(mute_requests.removed(wishes, self._asking()), self._zone, self._language)

    async def restore(self, command: Restore, author: Author) -> str:
        names = mute_requests.names(command, self._now(), self._asking())
        behind = mute_requests.behind(names, self._now(), self._asking())
        await author.restore(*names)
        now = self._now()
        found = mute_requests.restored(behind, now, self._asking())
        return mute_replies.restored(found, now, self._language, self._doubt_after)

    def _asking(self) -> CommandContext:
        return CommandContext(self._store.state, self._known(), self._zone, self._language)
