"""A person changes something: with its line in the log of the state, and one in the journal."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from handlers.journal import record_change
from slack.request import Request
from state.changes import Change
from state.deeds import Deed, Did, Person
from state.logbook import logged
from state.resolution import resolve
from state.store import Store


class Author:
    """Who makes a request, at one moment. Every change raises SaveFailed when it is not on the disk."""

    def __init__(self, store: Store, request: Request, now: datetime) -> None:
        self._store = store
        self._request = request
        self.person = Person(request.user_id, request.user_name)
        self.at = now.replace(microsecond=0)

    async def do(self, did: Did, change: Change, *what: str) -> None:
        """`what` are the hosts and patterns that it is done to."""
        deeds = [Deed(did, name, self.person, self.at) for name in what]
        if await self._store.commit(logged(change, *deeds)):
            for name in what:
                record_change(self._request, did, name)

    async def resolve(self, hosts: Iterable[str]) -> None:
        """All at once: they share one save, so that all of it is done or nothing."""
        await asyncio.gather(
            *(self.do(Did.RESOLVE, resolve(host, self.person, self.at), host) for host in hosts)
        )
