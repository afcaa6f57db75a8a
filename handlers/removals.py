"""Takes hosts off the list and puts them back: what was typed is read, saved, and answered."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

from handlers.author import Author
from slack import hidden, removal, restoral
from slack.command import Remove, Restore
from slack.languages import Language
from slack.removal import Asking
from state.model import Host, Mute
from state.store import Store


class Removals:
    """Both raise UsageError, or SaveFailed when nothing has changed."""

    def __init__(
        self,
        store: Store,
        known: Callable[[], Mapping[str, Host]],
        zone: tzinfo,
        language: Language,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._known = known
        self._zone = zone
        self._language = language
        self._now = now

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
        return hidden.restored(restoral.restored(behind, now, self._asking()), now, self._language)

    def _asking(self) -> Asking:
        return Asking(self._store.state, self._known(), self._zone, self._language)
