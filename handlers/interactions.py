"""Answers presses of menus and buttons: carry out, redraw the message, tell the person what went wrong."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from config import Channel, Config
from digest.job import DigestJob
from handlers.actions import LONGEST_LOGGED_HOST
from handlers.choices import Choices, Outcome
from handlers.deduplicator import Reply, RequestDeduplicator
from hosts.changes import ReplayedRequest
from hosts.identity import in_full
from languages import Locale, word_for
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


class _Decoded(NamedTuple):
    """A press, and what it is about."""

    press: Press
    place: Place | None  # None: not ours, or from another version
    chosen: Chosen | None  # None: from another version, or nothing
    key: str  # of the host or the mute; empty if it is no longer known
    channel: Channel | None
    locale: Locale  # of the message's channel, or else that of commands


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
        """Return once the change is saved. If the disk takes longer than Slack waits, saving goes on."""
        acknowledged = asyncio.Event()
        answer = partial(self._answer, press, acknowledged)
        task = self._responder.start(self._deduplicator.once(press.request.fingerprint, answer))
        try:
            await asyncio.wait({task}, timeout=ACKNOWLEDGE_WITHIN)
        finally:
            acknowledged.set()  # the 200 is on its way before anything else gets the event loop

    async def _answer(self, press: Press, acknowledged: asyncio.Event) -> Reply:
        """Return an empty reply, as the answer goes to the response_url."""
        decoded = await self._decode(press)  # before the change: an ended mute may be known by no other name
        outcome = await self._outcome(decoded)
        self._responder.start(self._respond(decoded, outcome, acknowledged))
        return {}

    async def _decode(self, press: Press) -> _Decoded:
        place, chosen, key = menus.read_place(press.action_id), menus.read_value(press.value), ""
        if chosen:
            context = self._context()
            known = [*context.hosts, *context.state.mutes]
            key = await in_turns(menus.finding_host(chosen.reference, known))
        channel = next((each for each in self._config.channels if place and each.name == place.channel), None)
        if channel:
            locale = self._config.locale_of(channel)
        else:
            locale = replace(self._config.locale, slash=self._config.slack.slash_only)
        return _Decoded(press, place, chosen, key, channel, locale)

    async def _outcome(self, decoded: _Decoded) -> Outcome:
        """What came of a press, in the language of the message. No press is silently ignored."""
        slack, request = self._config.slack, decoded.press.request
        context = self._context()._replace(locale=decoded.locale)
        try:
            check_may_ask(request, slack, context.language)
            check_may_change(request, slack, context.language)
            return await self._carry_out(decoded, context)
        except NotAllowed as error:
            return Outcome(sentence=replies.not_allowed(str(error)), redraws=False)
        except SaveFailed:
            return Outcome(sentence=replies.not_saved(context.locale), redraws=False)
        except ReplayedRequest:
            return Outcome(sentence=replies.sent_again(context.locale))
        except UsageError as error:
            return Outcome(sentence=replies.usage(str(error)))

    async def _carry_out(self, decoded: _Decoded, context: CommandContext) -> Outcome:
        press, language = decoded.press, context.language
        if decoded.place is None:  # perhaps another program's, in the same app
            return Outcome(sentence=replies.usage(language.button_is_old), redraws=False)
        if not self._config.slack.buttons:
            raise UsageError(language.buttons_are_off(to_type(word_for("help", language))))
        if decoded.chosen is None:
            raise UsageError(language.button_is_old if press.value else language.nothing_chosen)
        return await self._choices.carry_out(decoded.chosen, decoded.key, press.request, context)

    async def _respond(self, decoded: _Decoded, outcome: Outcome, acknowledged: asyncio.Event) -> None:
        """If the message cannot be redrawn, the person is told what was done."""
        await acknowledged.wait()
        sentence, not_redrawn, not_told = outcome.sentence, "", ""
        if outcome.redraws and (not_redrawn := await self._redraw(decoded, outcome.note)):
            sentence = sentence or outcome.note
        if sentence:
            text = by_slash(sentence) if self._config.slack.slash_only else sentence
            not_told = await self._post(
                decoded.press, {"response_type": "ephemeral", "replace_original": False, "text": text}
            )
        if not_redrawn or not_told:
            _log_failure(decoded, not_told or not_redrawn, was_told=bool(sentence) and not not_told)

    async def _post(self, press: Press, message: Message) -> str:
        """Return why that failed; empty if it did not."""
        return await self._responder.post(press.response_url, message, self._config.proxy)

    async def _redraw(self, decoded: _Decoded, note: str) -> str:
        """Replace a whole digest with that of now, and in any other message only the row that was pressed.

        Return why that failed; empty if it did not, or if there was nothing to change.
        """
        place, message = decoded.place, None
        if place and place.kind is MessageKind.DIGEST and decoded.channel:
            message = await self._whole_digest(decoded.channel, place.notified, note)
        if place and not message:
            if not decoded.key:
                return ""
            message = await self._with_current_row(decoded, place, note)
        if not message:
            return "Slack returned the message in an unexpected form"
        shown = message if self._config.slack.buttons else menus.without_menus(message)
        return await self._post(decoded.press, {"replace_original": True, **shown})

    async def _whole_digest(self, channel: Channel, notified: int, note: str) -> Message | None:
        """With the same news. None if it no longer fits in one message, as the rest would be in none."""
        digest = await self._job.current(channel.hosts, channel, notified)
        pages = await in_turns(rendering(digest, self._config.locale_of(channel), menus_of=channel.name))
        return with_note(pages[0], note) if len(pages) == 1 else None

    async def _with_current_row(self, decoded: _Decoded, place: Place, note: str) -> Message | None:
        digest = await self._job.current()
        context = self._context()._replace(locale=decoded.locale)
        is_alert = place.kind is MessageKind.ALERT  # there is room for links
        row = current_row(decoded.key, digest, context, linked=is_alert)
        return changed(decoded.press, place, row, note)


def _log_failure(decoded: _Decoded, reason: str, *, was_told: bool) -> None:
    """Log one line, however many answers failed."""
    what, by = _described(decoded), decoded.press.request.user_id
    if was_told:
        log.warning("a message was not redrawn after a press (%s, by %s): %s", what, by, reason)
    else:
        log.warning("a press was not answered (%s, by %s): %s", what, by, reason)


def _described(decoded: _Decoded) -> str:
    chosen = decoded.chosen
    if chosen is None:
        return "from another version, or with nothing chosen"
    return f"{chosen.choice} for {in_full(decoded.key or chosen.reference)[:LONGEST_LOGGED_HOST]}"
