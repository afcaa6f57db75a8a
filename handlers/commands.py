"""Answers commands at /fromSlack: authenticate, deduplicate, check permission, parse, carry out, reply.

Presses of buttons arrive here too, and are passed on.
"""

import asyncio
import logging
from collections import ChainMap
from collections.abc import Awaitable, Callable
from datetime import datetime
from itertools import chain

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Config, Slack
from handlers.actions import Actions
from handlers.base import BaseHandler, RequestRejected
from handlers.queries import Queries
from hosts.changes import ReplayedRequest
from hosts.identity import never_reported
from hosts.model import Host
from slack import replies
from slack.command import ChangeCommand, CommandContext, Query, UsageError
from slack.conversation import is_conversation
from slack.host_names import Names, SearchNeeded
from slack.interaction import OtherInteraction, Press, UnreadablePayload, has_payload, read_press
from slack.offers import checking
from slack.readings import read, read_again
from slack.request import NotAllowed, Request, Way, check_may_ask, check_may_change, read_request
from slack.verify import NotSlack, SignedBody, WrongCredentials
from state.store import SaveFailed, Store
from turns import in_turns, turn

log = logging.getLogger("slack")

Reply = dict[str, str]

PREPARED_TIMES = 3  # at most: new hosts may keep appearing meanwhile
SEARCHED_TIMES = 20  # at most, for the same reason; each word of a question may need one
REPLIES_REMEMBERED = 300  # some kilobytes each; Slack sends about one request a second, so five minutes


def authenticate(request: HTTPServerRequest, slack: Slack, now: datetime) -> Request | Press | None:
    """Return None when Slack sent the request but it needs no answer.

    Raises:
        HTTPError: 403 for everybody else, 400 for a press that cannot be read.
    """
    timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    signed = SignedBody(request.body, timestamp, signature)
    try:
        if has_payload(request.body):
            return read_press(signed, slack.signing_secrets, now)
        return read_request(signed, slack.outgoing_tokens, slack.signing_secrets, now)
    except OtherInteraction as error:
        log.info("ignored an interaction of type %s: only presses of menus and buttons are handled", error)
        return None
    except UnreadablePayload as error:
        raise RequestRejected(400, reason=str(error)) from None
    except WrongCredentials as error:
        raise RequestRejected(403, reason=str(error)) from None
    except NotSlack as error:
        raise HTTPError(403, reason=str(error)) from None


class Contexts:
    """Describes what a command finds when it is called."""

    def __init__(self, config: Config, store: Store, now: Callable[[], datetime]) -> None:
        self._hosts = config.hosts
        self._store = store
        self._now = now
        self._locale = config.locale
        self._doubt_after = config.doubt_after
        self._version: int | None = None  # of the store, when names were last looked at
        self._silent: dict[str, Host] = {}  # configured, and never reported
        self._names = Names({})
        self._preparing = asyncio.Lock()
        self._searching = asyncio.Lock()

    def __call__(self) -> CommandContext:
        if self._version != self._store.version:
            self._version = self._store.version
            self._look_at_names()
        state = self._store.state
        moment = self._now().replace(microsecond=0)  # as the state file keeps it
        hosts = ChainMap(state.hosts, self._silent)
        return CommandContext(state, hosts, self._names, moment, self._locale, self._doubt_after)

    def _look_at_names(self) -> None:
        """For ten thousand hosts this takes a millisecond: too long to repeat for everyone in a crowd."""
        reported = self._store.state.hosts
        self._silent = {name: Host(name) for name in never_reported(self._hosts, reported)}
        known = dict.fromkeys(chain(self._silent, reported))
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


class RequestDeduplicator:
    """Gives a repeated request the reply to the first, without carrying it out again.

    Slack repeats a request that is not answered in time, and so could anybody who intercepts it. Idempotent
    changes are not enough: a resent request must not mute what somebody has restored since, and two replies
    to one question must not differ.
    """

    def __init__(self) -> None:
        self._replies: dict[bytes, asyncio.Future[Reply]] = {}  # the oldest first

    async def once(self, fingerprint: bytes | None, reply: Callable[[], Awaitable[Reply]]) -> Reply:
        """Call `reply` once per fingerprint, sharing a call in flight; failures are not remembered."""
        if fingerprint is None:
            return await reply()
        future = self._replies.get(fingerprint) or asyncio.ensure_future(reply())
        self._replies.setdefault(fingerprint, future)
        if len(self._replies) > REPLIES_REMEMBERED:
            del self._replies[next(iter(self._replies))]
        try:
            return await future
        except Exception:
            if self._replies.get(fingerprint) is future:
                del self._replies[fingerprint]
            raise


class CommandsHandler(BaseHandler):
    """Takes commands from Slack's outgoing webhooks and slash commands."""

    def initialize(  # noqa: PLR0913 - one for each step of a command
        self,
        *,
        slack: Slack,
        deduplicator: RequestDeduplicator,
        context: Contexts,
        queries: Queries,
        actions: Actions,
        press: Callable[[Press], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self.slack = slack
        self.deduplicator = deduplicator
        self.context = context
        self.queries = queries
        self.actions = actions
        self.press = press
        self.now = now

    async def post(self) -> None:
        """Answer 200 whatever a person typed: Slack repeats a request that gets another status."""
        await turn()  # many may press at once, and the message that each sends takes a millisecond to read
        request = authenticate(self.request, self.slack, self.now())
        if request is None:
            return
        if isinstance(request, Press):
            await self.press(request)
            return
        try:
            reply = await self.deduplicator.once(request.fingerprint, lambda: self._reply_to(request))
        except SaveFailed:
            reply = request.reply(replies.not_saved(self.context().locale), public=False)
        if reply:
            self.reply(**reply)

    async def _reply_to(self, request: Request) -> Reply:
        """Parse again after each search that it needs: nothing has been changed by then."""
        for _ in range(SEARCHED_TIMES):
            try:
                return await self._reply_in(await self.context.prepared(), request)
            except SearchNeeded as needed:
                await self.context.search(needed)
        context = await self.context.prepared()
        return await self._reply_in(context._replace(names=context.names.searched_at_once()), request)

    async def _reply_in(self, context: CommandContext, request: Request) -> Reply:
        """Empty for a sentence of a channel's conversation: Slack gets a 200, people get no answer."""
        language = context.language
        if request.via is Way.WEBHOOK and is_conversation(request.text, context):
            return {}
        try:
            check_may_ask(request, self.slack, language)
            command, meant = read(request.text, context)
            if not isinstance(command, ChangeCommand):
                return request.reply(await self._answer(command, meant, request, context), public=False)
            check_may_change(request, self.slack, language)
            reply, changed = await self.actions.carry_out(command, request, context)
            return request.reply(reply, public=changed)
        except ReplayedRequest:
            return request.reply(replies.sent_again(context.locale), public=False)
        except UsageError as error:
            question = await in_turns(checking(error, context))
            return request.reply(replies.usage(str(question)), public=False)
        except NotAllowed as error:
            return request.reply(replies.not_allowed(str(error)), public=False)

    async def _answer(self, query: Query, meant: str, request: Request, context: CommandContext) -> str:
        """A query changes nothing, so one that can only mean one thing is answered at once."""
        try:
            reply = await self.queries.answer(query, context, request.user_id)
        except UsageError as error:
            again, meant = read_again(request.text, query, error, context)
            reply = await self.queries.answer(again, context, request.user_id)
        return replies.with_reading(reply, meant, context.locale)
