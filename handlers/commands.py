"""Answers commands at /fromSlack: authenticate, deduplicate, check permission, parse, carry out, reply.

Presses of buttons arrive here too, and are passed on.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from config import Slack
from handlers.actions import Actions
from handlers.auth import authenticate_slack
from handlers.base import BaseHandler
from handlers.command_context import ContextBuilder
from handlers.deduplicator import Reply, RequestDeduplicator
from handlers.queries import Queries
from hosts.changes import ReplayedRequest
from slack import replies
from slack.command import ChangeCommand, CommandContext, Query, UsageError
from slack.conversation import is_conversation
from slack.host_names import SearchNeeded
from slack.interaction import Press
from slack.offers import checking
from slack.readings import read, read_again
from slack.request import NotAllowed, Request, Way, check_may_ask, check_may_change
from state.store import SaveFailed
from turns import in_turns, turn

SEARCHED_TIMES = 20  # at most: new hosts may keep appearing; each word of a question may need one


class CommandsHandler(BaseHandler):
    """Takes commands from Slack's outgoing webhooks and slash commands."""

    def initialize(  # noqa: PLR0913 - one for each step of a command
        self,
        *,
        slack: Slack,
        deduplicator: RequestDeduplicator,
        context: ContextBuilder,
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
        request = authenticate_slack(self.request, self.slack, self.now())
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
