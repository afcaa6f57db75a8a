"""Carries out what was chosen for a host, as if it had been typed as a command."""

from collections.abc import Callable
from typing import NamedTuple

from handlers.actions import ChangeRecorder
from hosts.model import Action, Mute
from hosts.mutes import active, open_incidents
from languages.language import Choice
from slack import menus, mute_replies, mute_requests
from slack.command import MUTE, CommandContext, UsageError
from slack.menus import Chosen
from slack.mute_replies import left_muted
from slack.phrases import display_name, mute_end
from slack.replies import fit
from slack.request import Request
from slack.rows import also_muted
from slack.text import quoted
from state.store import Store
from turns import in_turns


class Outcome(NamedTuple):
    """What to say about a choice."""

    note: str = ""  # for the channel, at the end of the redrawn message
    sentence: str = ""  # for nobody but the person who chose
    redraws: bool = True  # whether the message is drawn again


class Choices:
    """`context` describes what a choice finds, in any language."""

    def __init__(self, store: Store, context: Callable[[], CommandContext]) -> None:
        self._store = store
        self._context = context

    async def carry_out(self, chosen: Chosen, key: str, request: Request, context: CommandContext) -> Outcome:
        """Carry out a choice. The outcome is in the language of `context`.

        `key` is what the choice refers to; empty if that is no longer known.

        Raises:
            UsageError, SaveFailed, ReplayedRequest: Nothing has changed.
        """
        recorder = ChangeRecorder(self._store, request, context.now)
        if chosen.choice is Choice.UNMUTE:
            return await self._unmute(chosen.reference, key, context, recorder)
        if key not in context.hosts:
            raise UsageError(context.language.host_is_gone(_name(chosen.reference)))
        if chosen.choice is Choice.RESOLVE:
            return await _resolve(key, context, recorder)
        return await self._mute(key, chosen.choice, context, recorder)

    async def _mute(
        self, host: str, choice: Choice, context: CommandContext, recorder: ChangeRecorder
    ) -> Outcome:
        """If the same mute was there before, the note names the person who asked first.

        Whoever ends somebody else's mute by it is told so.
        """
        locale, name = context.locale, _title(host, context)
        until, until_up, _ = menus.expiry(choice, context.now, locale.zone)
        mute = Mute(host, recorder.person, context.now, until, until_up)
        if until_up and not open_incidents(mute, context.state):
            raise UsageError(context.language.is_up_again(name))
        before = active(context.state, context.now)
        await recorder.mute(mute)
        (found,) = await in_turns(mute_replies.finding_muted([mute], self._context(), before))
        kept, replaced = found.mute, found.replaced
        who = display_name(kept.by, locale)
        said = context.language.who_muted(who=who, host=name, until=mute_end(kept, locale))
        also = also_muted(found.also, context)
        note = " · ".join([f"🔕 {said}", *mute_replies.replaces(replaced, locale), *also])
        return Outcome(note, note if replaced and replaced.by.id != recorder.person.id else "")

    async def _unmute(
        self, reference: str, key: str, context: CommandContext, recorder: ChangeRecorder
    ) -> Outcome:
        """Also says what else still mutes the host, or any that the unmuted pattern matches."""
        language, name = context.language, _title(key, context) if key else _name(reference)
        hosts = await in_turns(mute_requests.finding_hosts([key], context))
        if key not in active(context.state, context.now) or not await recorder.unmute([key]):
            raise UsageError(language.is_not_muted(name) if name else language.host_is_gone(""))
        after = self._context()
        who = display_name(recorder.person, context.locale)
        note = f"🔔 {language.did(Action.RESTORE, who, name)}"
        (found,) = await in_turns(mute_replies.finding_restored(hosts, after, [key]))
        return Outcome(note, fit(left_muted([found], context.locale, MUTE), context.locale))


async def _resolve(host: str, context: CommandContext, recorder: ChangeRecorder) -> Outcome:
    name = _title(host, context)
    if not await recorder.resolve(host):
        raise UsageError(context.language.nothing_to_resolve(name))
    who = display_name(recorder.person, context.locale)
    return Outcome(f"☑️ {context.language.did(Action.RESOLVE, who, name)}")


def _title(key: str, context: CommandContext) -> str:
    return quoted(context.title(key))


def _name(reference: str) -> str:
    name = menus.name_of(reference)
    return quoted(name) if name else ""
