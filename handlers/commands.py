"""POST /fromSlack: what people type in Slack."""

from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta, tzinfo

from digest.job import DigestJob
from handlers.answers import Answers
from handlers.author import Author
from handlers.base import BaseHandler
from handlers.door import Door
from handlers.removals import Removals
from hosts.audit import SentAgain
from hosts.identity import Titles, unheard
from hosts.model import Host
from languages import Language
from slack import deeds, replies
from slack.command import (
    Change,
    Command,
    Forget,
    Remove,
    Resolve,
    Restore,
    UsageError,
    is_said_to_people,
    parse,
)
from slack.hosts import Names
from slack.naming import hosts_alone
from slack.permission import NotAllowed
from slack.request import Request
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
        language: Language,
        doubt_after: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.door = door
        self.zone = zone
        self.watched = watched
        self.now = now
        self.language = language
        self.doubt_after = doubt_after
        self.removals = Removals(
            store, known=self._known, zone=zone, language=language, now=now, doubt_after=doubt_after
        )
        self.answers = Answers(
            store, job, known=self._known, zone=zone, language=language, doubt_after=doubt_after, now=now
        )

    async def post(self) -> None:
        """Answers 200 whatever was typed: Slack repeats what is answered otherwise."""
        request = self.door.let_in(self.request)
        if request is None:
            return
        try:
            answer = await self.door.repeats.once(request.fingerprint, lambda: self._answer(request))
        except SaveFailed:
            answer = request.answer(replies.not_saved(self.language), public=False)
        if answer:
            self.reply(**answer)

    async def _answer(self, request: Request) -> dict[str, str]:
        """Empty: nothing is said, though Slack is answered."""
        if not request.is_slash and is_said_to_people(request.text, Names(self._known()), self.language):
            return {}
        try:
            self.door.check_asking(request)
            command = parse(request.text, self.language)
            if isinstance(command, Change):
                self.door.check_changing(request)
            text = await self._obey(command, request)
            return request.answer(text, public=isinstance(command, Change))
        except SentAgain:
            return request.answer(replies.sent_again(self.language), public=False)
        except UsageError as error:
            return request.answer(replies.usage(str(error)), public=False)
        except NotAllowed as error:
            return request.answer(replies.not_allowed(str(error)), public=False)

    async def _obey(self, command: Command, request: Request) -> str:
        match command:
            case Remove():
                return await self.removals.remove(command, self._author(request))
            case Restore():
                return await self.removals.restore(command, self._author(request))
            case Resolve(typed=typed):
                return await self._resolve(typed, request)
            case Forget():
                return await self._forget(command, request)
            case _:
                return await self.answers.to(command)

    async def _resolve(self, typed: str, request: Request) -> str:
        names = hosts_alone("resolve", typed, self._known(), self.language)
        await self._author(request).resolve(names)
        known, titles = self.store.state.hosts, Titles(self.store.state.hosts)
        hosts = [known.get(name, Host(name))._replace(name=titles(name)) for name in names]
        return deeds.resolved(hosts, self.zone, self.now(), self.language, self.doubt_after)

    async def _forget(self, command: Forget, request: Request) -> str:
        """Asked back first: what is forgotten is gone for good."""
        known, titles = self._known(), Titles(self.store.state.hosts)
        names = hosts_alone("forget", command.typed, known, self.language)
        shown = [known[name]._replace(name=titles(name)) for name in names]
        deeds.check_closed(shown, self.language)
        deeds.check_heard_of(shown, self.language)
        if not command.surely:
            muted = any(name in self.store.state.mutes for name in names)
            raise UsageError(deeds.would_be_forgotten(command, shown, self.zone, self.language, muted=muted))
        await self._author(request).forget(names)
        left = self.store.state.hosts  # what has failed meanwhile kept them all
        kept = [left[name]._replace(name=titles(name)) for name in names if name in left]
        deeds.check_closed(kept, self.language)
        return deeds.forgotten([host.name for host in shown], self.watched, self.language)

    def _author(self, request: Request) -> Author:
        return Author(self.store, request, self.now())

    def _known(self) -> Mapping[str, Host]:
        """Every host that was heard of, or is configured to be watched."""
        hosts = self.store.state.hosts
        return ChainMap(hosts, {name: Host(name) for name in unheard(self.watched, hosts)})
