"""Commands that change something: parse, look up the hosts, commit with an audit entry, reply."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from hosts.changes import OncePerRequest, forget, mute, resolve, unmute, with_audit
from hosts.identity import in_full
from hosts.incident import Person
from hosts.model import Action, AuditEntry, Change, Mute
from hosts.mutes import active
from hosts.times import stamp
from slack import audit_replies, mute_replies, mute_requests
from slack.command import ChangeCommand, CommandContext, Forget, Remove, Resolve, Restore, UsageError
from slack.host_arguments import parsing_exact
from slack.mute_replies import finding_muted, finding_restored
from slack.request import Request
from slack.text import one_line
from state.store import Store
from turns import in_turns, turn

log = logging.getLogger("changes")

LONGEST_LOGGED_HOST = 512  # characters: a name from a file edited by hand must not cut its log line short


def log_change(request: Request, entry: AuditEntry) -> None:
    """Log a change as one line of JSON, so that nothing people typed can end a value early."""
    fields = {
        "did": entry.action,
        "host": one_line(in_full(entry.target))[:LONGEST_LOGGED_HOST],
        **({"until": stamp(entry.until)} if entry.until else {}),
        **({"until": "up"} if entry.until_up else {}),
        **({"reason": entry.reason} if entry.reason else {}),
        "user_id": request.user_id,
        "user_name": request.user_name,
        "team_id": request.team_id,
        "channel_id": request.channel_id,
        "via": request.via,
    }
    log.info("%s", json.dumps(fields, ensure_ascii=False))


class ChangeRecorder:
    """Commits the changes of one request, each with its audit entries."""

    def __init__(self, store: Store, request: Request, at: datetime) -> None:
        self._store = store
        self._request = request
        self._once = OncePerRequest(request.idempotency_key)
        self.person = Person(request.user_id, request.user_name)
        self.at = at

    def entry(self, action: Action, host: str) -> AuditEntry:
        return AuditEntry(action, host, self.person, self.at, request=self._request.idempotency_key)

    async def commit(self, change: Change, *entries: AuditEntry) -> bool:
        """Log the entries if the change changed anything, and return whether it did.

        Raises:
            SaveFailed: The change is not on the disk.
            ReplayedRequest: The request changed something before.
        """
        if not await self._store.commit(self._once(with_audit(change, *entries))):
            return False
        for entry in entries:
            log_change(self._request, entry)
        await turn()  # many may share a save
        return True

    async def mute(self, wanted: Mute) -> bool:
        until, until_up, reason = wanted.until, wanted.until_up, wanted.reason
        entry = self.entry(Action.REMOVE, wanted.host)._replace(until=until, until_up=until_up, reason=reason)
        return await self.commit(mute(wanted), entry)

    async def unmute(self, names: Sequence[str]) -> bool:
        return await self.commit(unmute(*names), *(self.entry(Action.RESTORE, name) for name in names))

    async def resolve(self, name: str) -> bool:
        return await self.commit(resolve(name, self.person, self.at), self.entry(Action.RESOLVE, name))


class Done(NamedTuple):
    """A command that was carried out: the reply in mrkdwn, and whether anything has changed."""

    reply: str
    changed: bool


class Actions:
    """Carries out the commands that change something. `configured` are the hosts of config.yaml.

    Changes that are committed at once share one save, so that all of them are made or none.
    """

    def __init__(
        self, store: Store, context: Callable[[], CommandContext], configured: Collection[str]
    ) -> None:
        self._store = store
        self._context = context
        self._configured = configured

    async def carry_out(self, command: ChangeCommand, request: Request, context: CommandContext) -> Done:
        """Carry out a command.

        Raises:
            UsageError, SaveFailed, ReplayedRequest: Nothing has changed.
        """
        recorder = ChangeRecorder(self._store, request, context.now)
        match command:
            case Remove():
                return await self._remove(command, context, recorder)
            case Restore():
                return await self._restore(command, context, recorder)
            case Resolve():
                return await self._resolve(command, context, recorder)
            case Forget():
                return await self._forget(command, context, recorder)

    async def _remove(self, command: Remove, before: CommandContext, recorder: ChangeRecorder) -> Done:
        mutes = mute_requests.parse_mutes(command, recorder.person, before)
        earlier = active(before.state, before.now)
        changed = await asyncio.gather(*map(recorder.mute, mutes))
        after = self._context()
        found = await in_turns(finding_muted(mutes, after, earlier))
        return Done(mute_replies.muted(found, after, command.verbs), any(changed))

    async def _restore(self, command: Restore, before: CommandContext, recorder: ChangeRecorder) -> Done:
        names = await in_turns(mute_requests.parsing_restored(command, before))
        hosts = await in_turns(mute_requests.finding_hosts(names, before))
        muted = active(before.state, before.now)
        changed = await recorder.unmute([name for name in names if name in muted])
        after = self._context()
        found = await in_turns(finding_restored(hosts, after, muted))
        return Done(mute_replies.restored(found, after, command.verbs), changed)

    async def _resolve(self, command: Resolve, before: CommandContext, recorder: ChangeRecorder) -> Done:
        names = await in_turns(parsing_exact(command, before))
        changed = await asyncio.gather(*map(recorder.resolve, names))
        after = self._context()
        unchanged = {after.title(name) for name, done in zip(names, changed, strict=True) if not done}
        hosts = [after.titled(name) for name in names]
        return Done(audit_replies.resolved(hosts, after, unchanged=unchanged), any(changed))

    async def _forget(self, command: Forget, before: CommandContext, recorder: ChangeRecorder) -> Done:
        names = await in_turns(parsing_exact(command, before))
        hosts = [before.titled(name) for name in names]
        audit_replies.check_forgettable(hosts, before.locale)
        if not command.confirmed:
            muted = not active(before.state, before.now).keys().isdisjoint(names)
            raise UsageError(audit_replies.confirm_forget(command, hosts, before.locale, has_mute=muted))
        changed = await recorder.commit(
            forget(names, recorder.at), *(recorder.entry(Action.FORGET, name) for name in names)
        )
        after = self._context()  # if one has failed meanwhile, all of them are kept
        kept = [after.titled(name) for name in names if name in after.state.hosts]
        audit_replies.check_forgettable([host for host in kept if host.open], after.locale)
        checked = {host.name for host in kept}
        titles = [host.name for host in hosts]
        return Done(audit_replies.forgotten(titles, self._configured, checked, after.locale), changed)
