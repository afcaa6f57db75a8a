"""A person changes something: with its line in the log of the state, and one in the journal."""

import asyncio
from collections.abc import Collection, Iterable
from datetime import datetime

from handlers.journal import record_change
from hosts.audit import Once, logged
from hosts.changes import mute, unmute
from hosts.corrections import forget, resolve
from hosts.model import Deed, Did, Mute, Person
from hosts.patch import Change
from slack.request import Request
from state.store import Store


class Author:
    """Who makes a request, at one moment.

    Every change raises SaveFailed when it is not on the disk, and SentAgain when the request had changed
    something before.
    """

    def __init__(self, store: Store, request: Request, now: datetime) -> None:
        self._store = store
        self._request = request
        self.person = Person(request.user_id, request.user_name)
        self.at = now.replace(microsecond=0)
        self._once = Once(request.idempotency_key)

    async def remove(self, *wishes: Mute) -> None:
        deeds = [
            Deed(Did.REMOVE, w.host, self.person, self.at, w.until, w.until_up, w.reason) for w in wishes
        ]
        await self._do(mute(*wishes), *deeds)

    async def restore(self, *names: str) -> None:
        """Hosts and patterns."""
        await self._do(unmute(*names), *(Deed(Did.RESTORE, name, self.person, self.at) for name in names))

    async def resolve(self, hosts: Iterable[str]) -> None:
        """All at once: they share one save, so that all of it is done or nothing."""
        deeds = [Deed(Did.RESOLVE, host, self.person, self.at) for host in hosts]
        await asyncio.gather(*(self._do(resolve(deed.what, self.person, self.at), deed) for deed in deeds))

    async def forget(self, hosts: Collection[str]) -> None:
        """All or none."""
        deeds = (Deed(Did.FORGET, host, self.person, self.at) for host in hosts)
        await self._do(forget(hosts, self.at), *deeds)

    async def _do(self, change: Change, *done: Deed) -> None:
        deeds = [deed._replace(request=self._request.idempotency_key) for deed in done]
        if await self._store.commit(self._once(logged(change, *deeds))):
            for deed in deeds:
                record_change(self._request, deed)
