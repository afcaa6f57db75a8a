"""What was answered lately: a request that comes again is answered the same, and changes nothing twice."""

import asyncio
from collections import ChainMap
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta, tzinfo

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Slack
from digest.job import DigestJob
from handlers.actions import Author, Removals
from handlers.base import BaseHandler, Refusal
from handlers.queries import Queries
from hosts.audit import ReplayedRequest
from hosts.identity import Titles, never_reported
from hosts.model import Host
from languages import Language
from slack import audit_replies, replies
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
from slack.host_arguments import hosts_alone
from slack.host_names import Names
from slack.request import NotAllowed, Request, Rules, check_asking, check_changing, read
from slack.verify import NotSlack, SignedBody, WrongCredentials
from state.store import SaveFailed, Store

Answer = dict[str, str]

MOST = 300  # of some kilobytes each. Slack sends about one request a second: that is five minutes


class RequestDeduplicator:
    """Slack repeats what is not answered in time, and anybody on the way could.

    The state alone would not do: what others have restored meanwhile must not be removed once more
    by an echo, and two answers to one question must not differ.
    """

    def __init__(self) -> None:
        self._answers: dict[bytes, asyncio.Future[Answer]] = {}  # the oldest first

    async def once(self, fingerprint: bytes | None, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Asks, unless that was asked already, be it still on its way; what failed is asked again."""
        if fingerprint is None:
            return await ask()
        answer = self._answers.get(fingerprint) or asyncio.ensure_future(ask())
        self._remember(fingerprint, answer)
        try:
            return await answer
        except Exception:
            if self._answers.get(fingerprint) is answer:
                del self._answers[fingerprint]
            raise

    def _remember(self, fingerprint: bytes, answer: asyncio.Future[Answer]) -> None:
        self._answers.setdefault(fingerprint, answer)
        if len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]


class SlackAuthenticator:
    def __init__(
        self, slack: Slack, language: Language, now: Callable[[], datetime], deduplicator: RequestDeduplicator
    ) -> None:
        self.deduplicator = deduplicator
        self._slack = slack
        self._rules = Rules(slack.team_id, slack.channels, slack.admins)
        self._language = language
        self._now = now

    def authenticate(self, request: HTTPServerRequest) -> Request | None:
        """None: it is really Slack, and there is nothing to answer. Raises HTTPError 403 for all others."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        sent = SignedBody(request.body, timestamp, signature)
        try:
            return read(sent, self._slack.outgoing_tokens, self._slack.signing_secrets, self._now())
        except WrongCredentials as error:
            raise Refusal(403, reason=str(error)) from None
        except NotSlack as error:
            raise HTTPError(403, reason=str(error)) from None

    def check_asking(self, request: Request) -> None:
        """Raises NotAllowed."""
        check_asking(request, self._rules, self._language)

    def check_changing(self, request: Request) -> None:
        """Raises NotAllowed."""
        check_changing(request, self._rules, self._language)


class CommandsHandler(BaseHandler):
    def initialize(  # noqa: PLR0913 - the URL table names each
        self,
        *,
        store: Store,
        job: DigestJob,
        authenticator: SlackAuthenticator,
        zone: tzinfo,
        watched: Collection[str],
        language: Language,
        doubt_after: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self.store = store
        self.authenticator = authenticator
        self.zone = zone
        self.watched = watched
        self.now = now
        self.language = language
        self.doubt_after = doubt_after
        self.removals = Removals(
            store, known=self._known, zone=zone, language=language, now=now, doubt_after=doubt_after
        )
        self.answers = Queries(
            store, job, known=self._known, zone=zone, language=language, doubt_after=doubt_after, now=now
        )

    async def post(self) -> None:
        """Answers 200 whatever was typed: Slack repeats what is answered otherwise."""
        request = self.authenticator.authenticate(self.request)
        if request is None:
            return
        try:
            answer = await self.authenticator.deduplicator.once(
                request.fingerprint, lambda: self._answer(request)
            )
        except SaveFailed:
            answer = request.answer(replies.not_saved(self.language), public=False)
        if answer:
            self.reply(**answer)

    async def _answer(self, request: Request) -> dict[str, str]:
        """Empty: nothing is said, though Slack is answered."""
        if not request.is_slash and is_said_to_people(request.text, Names(self._known()), self.language):
            return {}
        try:
            self.authenticator.check_asking(request)
            command = parse(request.text, self.language)
            if isinstance(command, Change):
                self.authenticator.check_changing(request)
            text = await self._obey(command, request)
            return request.answer(text, public=isinstance(command, Change))
        except ReplayedRequest:
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
        return audit_replies.resolved(hosts, self.zone, self.now(), self.language, self.doubt_after)

    async def _forget(self, command: Forget, request: Request) -> str:
        """Asked back first: what is forgotten is gone for good."""
        known, titles = self._known(), Titles(self.store.state.hosts)
        names = hosts_alone("forget", command.typed, known, self.language)
        shown = [known[name]._replace(name=titles(name)) for name in names]
        audit_replies.check_closed(shown, self.language)
        audit_replies.check_heard_of(shown, self.language)
        if not command.surely:
            muted = any(name in self.store.state.mutes for name in names)
            raise UsageError(
                audit_replies.would_be_forgotten(command, shown, self.zone, self.language, muted=muted)
            )
        await self._author(request).forget(names)
        left = self.store.state.hosts  # what has failed meanwhile kept them all
        kept = [left[name]._replace(name=titles(name)) for name in names if name in left]
        audit_replies.check_closed(kept, self.language)
        return audit_replies.forgotten([host.name for host in shown], self.watched, self.language)

    def _author(self, request: Request) -> Author:
        return Author(self.store, request, self.now())

    def _known(self) -> Mapping[str, Host]:
        """Every host that was heard of, or is configured to be watched."""
        hosts = self.store.state.hosts
        return ChainMap(hosts, {name: Host(name) for name in never_reported(self.watched, hosts)})
