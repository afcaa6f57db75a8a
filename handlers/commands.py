"""POST /fromSlack: what people type in Slack."""

import logging
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, tzinfo

from tornado.web import HTTPError

from config import Slack
from digest.job import DigestJob
from handlers.base import BaseHandler
from slack import replies
from slack.command import (
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
from slack.request import NotSlack, Request, read
from state import changes
from state.model import Host, Mute
from state.store import SaveFailed, Store

log = logging.getLogger("commands")


class CommandsHandler(BaseHandler):
    def initialize(  # noqa: PLR0913 - the URL table names each
        self,
        *,
        store: Store,
        job: DigestJob,
        slack: Slack,
        zone: tzinfo,
        watched: Collection[str],
        language: Language,
        now: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.job = job
        self.slack = slack
        self.zone = zone
        self.watched = watched
        self.now = now
        self.language = language

    async def post(self) -> None:
        """Answers 200 whatever was typed: Slack repeats what is answered otherwise."""
        if not self.slack.outgoing_tokens:
            log.warning(
                "refused a command: set slack.outgoing_token in config.yaml to the token that Slack shows"
            )
            raise HTTPError(403, reason="No slack.outgoing_token is configured")
        try:
            request = read(self.request.body, self.slack.outgoing_tokens)
        except NotSlack:
            raise HTTPError(403, reason="The token is not one of slack.outgoing_token") from None
        if request is not None:
            self.reply(text=await self._answer(request))

    async def _answer(self, request: Request) -> str:
        try:
            return await self._obey(parse(request.text, self.language), request)
        except UsageError as error:
            return replies.usage(str(error))
        except SaveFailed:
            return replies.not_saved(self.language)

    async def _obey(self, command: Command, request: Request) -> str:
        match command:
            case Help():
                return replies.help_text(self.language)
            case Check(host=typed):
                return self._report(typed) if typed else self._overview()
            case Remove(host=typed):
                return await self._remove(typed, request)
            case Restore(host=typed):
                return await self._restore(typed)
            case Removed():
                return replies.removed_list(self.job.current().muted, self.zone, self.language)

    def _overview(self) -> str:
        return render_text(self.job.current(), self.zone, self.language)

    def _report(self, typed: str) -> str:
        known = self._known()
        name = match(typed, known)
        if name is None:
            return self._unknown(typed)
        mute = self.store.state.mutes.get(name)
        return replies.host_report(known[name], mute, self.zone, self.now(), self.language)

    async def _remove(self, typed: str, request: Request) -> str:
        known = self._known()
        name = match(typed, known)
        if name is None:
            return self._unknown(typed)
        wish = Mute(name, request.user_id, request.user_name, self.now().replace(microsecond=0))
        if await self.store.commit(changes.mute(wish)):
            log.info("%s removed by %s", name, request.user_id)
        mute = self.store.state.mutes.get(name, wish)
        return replies.removed(mute, known[name].status, self.zone, self.language)

    async def _restore(self, typed: str) -> str:
        state = self.store.state
        name = match(typed, state.mutes) or match(typed, self._known())
        if name is None:
            return self._unknown(typed)
        if await self.store.commit(changes.unmute(name)):
            log.info("%s restored", name)
        return replies.restored(state.hosts.get(name, Host(name)), self.now(), self.language)

    def _known(self) -> Mapping[str, Host]:
        """Every host that was heard of, or is configured to be watched."""
        never_heard_of = {name: Host(name) for name in self.watched}
        return ChainMap(self.store.state.hosts, never_heard_of)

    def _unknown(self, typed: str) -> str:
        return replies.unknown(typed, nearest(typed, self._known()), self.language)
