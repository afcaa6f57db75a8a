"""POST /fromSlack: what people type in Slack."""

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, tzinfo

from config import History
from digest.job import DigestJob
from digest.uptime import uptimes
from handlers.base import BaseHandler
from handlers.door import Door
from handlers.journal import record_change
from slack import replies
from slack.command import (
    Change,
    Check,
    Command,
    Help,
    Remove,
    Removed,
    Restore,
    UsageError,
    parse,
)
from slack.hosts import match, nearest
from slack.languages import Language
from slack.message import render_text
from slack.permission import NotAllowed
from slack.request import Request
from state import changes
from state.model import Host, Mute
from state.store import SaveFailed, Store


class CommandsHandler(BaseHandler):
    def initialize(  # noqa: PLR0913 - the URL table names each
        self,
        *,
        store: Store,
        job: DigestJob,
        door: Door,
        zone: tzinfo,
        watched: Collection[str],
        history: History,
        language: Language,
        now: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.job = job
        self.door = door
        self.zone = zone
        self.watched = watched
        self.history = history
        self.now = now
        self.language = language

    async def post(self) -> None:
        """Answers 200 whatever was typed: Slack repeats what is answered otherwise."""
        request = self.door.let_in(self.request)
        if request is None:
            return
        try:
            answer = await self.door.repeats.once(request.fingerprint, lambda: self._answer(request))
        except SaveFailed:
            answer = request.answer(replies.not_saved(self.language), public=False)
        self.reply(**answer)

    async def _answer(self, request: Request) -> dict[str, str]:
        try:
            self.door.check_asking(request)
            command = parse(request.text, self.language)
            if isinstance(command, Change):
                self.door.check_changing(request)
            text = await self._obey(command, request)
            return request.answer(text, public=isinstance(command, Change))
        except UsageError as error:
            return request.answer(replies.usage(str(error)), public=False)
        except NotAllowed as error:
            return request.answer(replies.not_allowed(str(error)), public=False)

    async def _obey(self, command: Command, request: Request) -> str:
        match command:
            case Help():
                return replies.help_text(self.language)
            case Check(host=typed):
                return self._report(typed) if typed else self._overview()
            case Remove(host=typed):
                return await self._remove(typed, request)
            case Restore(host=typed):
                return await self._restore(typed, request)
            case Removed():
                return replies.removed_list(self.job.current().muted, self.zone, self.language)

    def _overview(self) -> str:
        return render_text(self.job.current(), self.zone, self.language)

    def _report(self, typed: str) -> str:
        known = self._known()
        name = match(typed, known)
        if name is None:
            raise self._unknown(typed)
        host, now = known[name], self.now()
        mute = self.store.state.mutes.get(name)
        known_uptimes = uptimes(host, now, self.history)
        return replies.host_report(host, mute, self.zone, now, self.language, known=known_uptimes)

    async def _remove(self, typed: str, request: Request) -> str:
        known = self._known()
        name = match(typed, known)
        if name is None:
            raise self._unknown(typed)
        wish = Mute(name, request.user_id, request.user_name, self.now().replace(microsecond=0))
        if await self.store.commit(changes.mute(wish)):
            record_change(request, "remove", name)
        mute = self.store.state.mutes.get(name, wish)
        return replies.removed(mute, known[name].status, self.zone, self.language)

    async def _restore(self, typed: str, request: Request) -> str:
        state = self.store.state
        name = match(typed, state.mutes) or match(typed, self._known())
        if name is None:
            raise self._unknown(typed)
        if await self.store.commit(changes.unmute(name)):
            record_change(request, "restore", name)
        return replies.restored(state.hosts.get(name, Host(name)), self.now(), self.language)

    def _known(self) -> Mapping[str, Host]:
        """Every host that was heard of, or is configured to be watched."""
        never_heard_of = {name: Host(name) for name in self.watched}
        return ChainMap(self.store.state.hosts, never_heard_of)

    def _unknown(self, typed: str) -> UsageError:
        return UsageError(replies.unknown(typed, nearest(typed, self._known()), self.language))
