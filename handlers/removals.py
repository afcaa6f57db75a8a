"""Takes hosts off the list and puts them back: what was typed is read, saved, and answered."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

from handlers.author import Author
from hosts.model import Host, Mute
from languages import Language
from slack import hidden, removal, restoral
from slack.command import Remove, Restore
from slack.removal import Asking
from state.store import Store


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
        wishes = removal.wishes(command, blank, self._asking())
        await author.remove(*wishes)
        return hidden.removed(removal.removed(wishes, self._asking()), self._zone, self._language)

    async def restore(self, command: Restore, author: Author) -> str:
        names = restoral.names(command, self._now(), self._asking())
        behind = restoral.behind(names, self._now(), self._asking())
        await author.restore(*names)
        now = self._now()
        found = restoral.restored(behind, now, self._asking())
        return hidden.restored(found, now, self._language, self._doubt_after)

    def _asking(self) -> Asking:
        return Asking(self._store.state, self._known(), self._zone, self._language)
