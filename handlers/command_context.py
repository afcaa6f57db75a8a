"""Builds the CommandContext of each request; the names of all hosts are looked up once for many."""

import asyncio
from collections import ChainMap
from collections.abc import Callable
from datetime import datetime
from itertools import chain

from config import Config
from hosts.identity import never_reported
from hosts.model import Host
from slack.command import CommandContext
from slack.host_names import Names, SearchNeeded
from state.store import Store
from turns import in_turns, turn

PREPARED_TIMES = 3  # at most: new hosts may keep appearing meanwhile


class ContextBuilder:
    """Builds the context of a command as everything stands when it is called."""

    def __init__(self, config: Config, store: Store, now: Callable[[], datetime]) -> None:
        self._hosts = config.hosts
        self._store = store
        self._now = now
        self._locale = config.locale
        self._doubt_after = config.doubt_after
        self._version: int | None = None  # of the store, when names were last looked at
        self._never_reported: dict[str, Host] = {}  # by Google, but configured
        self._names = Names({})
        self._preparing = asyncio.Lock()
        self._searching = asyncio.Lock()

    def __call__(self) -> CommandContext:
        if self._version != self._store.version:
            self._version = self._store.version
            self._look_at_names()
        state = self._store.state
        moment = self._now().replace(microsecond=0)  # as the state file keeps it
        hosts = ChainMap(state.hosts, self._never_reported)
        return CommandContext(state, hosts, self._names, moment, self._locale, self._doubt_after)

    def _look_at_names(self) -> None:
        """For ten thousand hosts this takes a millisecond: too long to repeat for everyone in a crowd."""
        reported = self._store.state.hosts
        self._never_reported = {name: Host(name) for name in never_reported(self._hosts, reported)}
        known = dict.fromkeys(chain(self._never_reported, reported))
        if known != self._names.known:
            self._names = Names(known)

    async def prepared(self) -> CommandContext:
        """Return one with its names looked up already: in turns, and once for all who ask meanwhile.

        If new hosts have appeared `PREPARED_TIMES`, it is one that looks them up when it is used.
        """
        async with self._preparing:
            for _ in range(PREPARED_TIMES):
                await turn()
                if (context := self()).names.is_prepared:
                    return context
                await in_turns(context.names.preparing())
        return self()

    async def search(self, needed: SearchNeeded) -> None:
        """Make a search in turns, and once for all who need the same, unless other hosts are known by now."""
        async with self._searching:
            if self().names.include(needed.names):
                await in_turns(needed.search)
