"""Answers presses of menus and buttons: carry out, redraw the message, tell the person what went wrong."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from config import Channel, Config
from digest.job import DigestJob
from handlers.actions import LONGEST_LOGGED_HOST
from handlers.choices import Choices, Outcome
from handlers.commands import Reply, RequestDeduplicator
from hosts.changes import ReplayedRequest
from hosts.identity import in_full
from languages import Locale
from slack import menus, replies
from slack.command import CommandContext, UsageError
from slack.digest_message import rendering
from slack.in_place import changed, current_row, with_note
from slack.interaction import Press
from slack.menus import Chosen, MessageKind, Place
from slack.packing import Message
from slack.request import NotAllowed, check_may_ask, check_may_change
from slack.responder import Responder
from slack.text import by_slash, to_type
from state.store import SaveFailed, Store
from turns import in_turns

log = logging.getLogger("slack")

ACKNOWLEDGE_WITHIN = 2.0  # seconds: Slack waits for three


class Interactions:
    """Answers the presses in messages of one configuration. `responder` outlives it."""

    def __init__(  # noqa: PLR0913 - what a press needs
        self,
        config: Config,
        store: Store,
        job: DigestJob,
        context: Callable[[], CommandContext],
        *,
        deduplicator: RequestDeduplicator,
        responder: Responder,
    ) -> None:
        self._config = config
        self._job = job
        self._context = context
        self._choices = Choices(store, context)
        self._deduplicator = deduplicator
        self._responder = responder

    async def receive(self, press: Press) -> None:
        """Returns once the change is saved. If the disk takes longer than Slack waits, saving goes on."""
        acknowledged = asyncio.Event()
        answer = partial(self._answer, press, acknowledged)
        task = self._responder.start(self._deduplicator.once(press.request.fingerprint, answer))
        try:
            await asyncio.wait({task}, timeout=ACKNOWLEDGE_WITHIN)
        finally:
            acknowledged.set()  # the 200 is on its way before anything else gets the event loop

    async def _answer(self, press: Press, acknowledged: asyncio.Event) -> Reply:
        """Return an empty reply, as the answer goes to the response_url."""
        key = await self._key(press)  # before the change: an ended mute may be known by no other name
        outcome = await self._outcome(press, key)
        self._responder.start(self._respond(press, key, outcome, acknowledged))
        return {}

    async def _outcome(self, press: Press, key: str) -> Outcome:
        """What came of a press, in the language of the message. No press is silently ignored."""
        slack, context = self._config.slack, self._context()._replace(locale=self._locale(press))
        try:
            check_may_ask(press.request, slack, context.language)
            check_may_change(press.request, slack, context.language)
            return await self._carry_out(press, key, context)
        except NotAllowed as error:
            return Outcome(sentence=replies.not_allowed(str(error)), redraws=False)
        except SaveFailed:
            return Outcome(sentence=replies.not_saved(context.locale), redraws=False)
        except ReplayedRequest:
            return Outcome(sentence=replies.sent_again(context.locale))
        except UsageError as error:
            return Outcome(sentence=replies.usage(str(error)))

    async def _carry_out(self, press: Press, key: str, context: CommandContext) -> Outcome:
        language, chosen = context.language, menus.read_value(press.value)
        if menus.read_place(press.action_id) is None:  # perhaps another program's, in the same app
            return Outcome(sentence=replies.usage(language.button_is_old), redraws=False)
        if not self._config.slack.buttons:
            raise UsageError(language.buttons_are_off(to_type("help")))
        if chosen is None:
            raise UsageError(language.button_is_old if press.value else language.nothing_chosen)
        return await self._choices.carry_out(chosen, key, press.request, context)

    async def _respond(self, press: Press, key: str, outcome: Outcome, acknowledged: asyncio.Event) -> None:
        """If the message cannot be redrawn, the person is told what was done."""
        await acknowledged.wait()
        sentence, not_redrawn, not_told = outcome.sentence, "", ""
        if outcome.redraws and (not_redrawn := await self._redraw(press, key, outcome.note)):
            sentence = sentence or outcome.note
        if sentence:
            text = by_slash(sentence) if self._config.slack.slash_only else sentence
            not_told = await self._post(
                press, {"response_type": "ephemeral", "replace_original": False, "text": text}
            )
        if not_redrawn or not_told:
            _log_failure(press, key, not_told or not_redrawn, was_told=bool(sentence) and not not_told)

    async def _post(self, press: Press, message: Message) -> str:
        """Return why that failed; empty if it did not."""
        return await self._responder.post(press.response_url, message, self._config.proxy)

    async def _redraw(self, press: Press, key: str, note: str) -> str:
        """Replace a whole digest with that of now, and in any other message only the row of `key`.

        Returns why that failed; empty if it did not, or if there was nothing to change.
        """
        place, channel = menus.read_place(press.action_id), self._channel(press)
        message = None
        if place and place.kind is MessageKind.DIGEST and channel:
            message = await self._whole_digest(channel, place.notified, note)
        if place and not message:
            if not key:
                return ""
            message = await self._with_current_row(press, place, key, note)
        if not message:
            return "it came back in another form than it was sent"
        shown = message if self._config.slack.buttons else menus.without_menus(message)
        return await self._post(press, {"replace_original": True, **shown})

    async def _whole_digest(self, channel: Channel, notified: int, note: str) -> Message | None:
        """With the same news. None if it no longer fits in one message, as the rest would be in none."""
        digest = await self._job.current(channel.hosts, channel, notified)
        pages = await in_turns(rendering(digest, self._config.locale_of(channel), menus_of=channel.name))
        return with_note(pages[0], note) if len(pages) == 1 else None

    async def _with_current_row(self, press: Press, place: Place, key: str, note: str) -> Message | None:
        digest = await self._job.current()
        context = self._context()._replace(locale=self._locale(press))
        is_alert = place.kind is MessageKind.ALERT  # there is room for links
        return changed(press, place, current_row(key, digest, context, linked=is_alert), note)

    async def _key(self, press: Press) -> str:
        """The host or the mute that was pressed; empty if it is no longer known."""
        chosen, context = menus.read_value(press.value), self._context()
        known = [*context.hosts, *context.state.mutes]
        return await in_turns(menus.finding_host(chosen.reference, known)) if chosen else ""

    def _channel(self, press: Press) -> Channel | None:
        place = menus.read_place(press.action_id)
        return next((each for each in self._config.channels if place and each.name == place.channel), None)

    def _locale(self, press: Press) -> Locale:
        """That of the message's channel, or else that of commands."""
        channel = self._channel(press)
        if channel:
            return self._config.locale_of(channel)
        return replace(self._config.locale, slash=self._config.slack.slash_only)


def _log_failure(press: Press, key: str, reason: str, *, was_told: bool) -> None:
    """Log one line, however many answers failed."""
    what, by = _described(menus.read_value(press.value), key), press.request.user_id
    if was_told:
        log.warning("a message was not redrawn after a press (%s, by %s): %s", what, by, reason)
    else:
        log.warning("a press was not answered (%s, by %s): %s", what, by, reason)


def _described(chosen: Chosen | None, key: str) -> str:
    if chosen is None:
        return "of another version or nothing"
    return f"{chosen.choice} for {in_full(key or chosen.reference)[:LONGEST_LOGGED_HOST]}"
