"""What is answered to those who ask and change nothing."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo

from digest.history import last_outages
from digest.job import DigestJob
from digest.model import Digest
from digest.uptime import uptimes
from slack import deeds, hidden, manual, replies
from slack.command import Check, Help, History, Question, Word
from slack.down import down_list
from slack.history import history
from slack.hosts import Names
from slack.languages import Language
from slack.message import render_text
from slack.naming import hosts_alone, meant
from slack.removal import meant_now
from state.deeds import Deed
from state.identity import Titles
from state.model import Host
from state.mutes import hiding
from state.store import Store


class Answers:
    def __init__(  # noqa: PLR0913 - what an answer depends on
        self,
        store: Store,
        job: DigestJob,
        *,
        known: Callable[[], Mapping[str, Host]],
        zone: tzinfo,
        language: Language,
        doubt_after: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._job = job
        self._known = known
        self._zone = zone
        self._language = language
        self._now = now
        self._doubt_after = doubt_after

    async def to(self, question: Question) -> str:
        """Raises UsageError."""
        match question:
            case Help(command=about):
                return manual.help_text(about, self._language)
            case Check(host=typed):
                return self._report(typed) if typed else await self._overview()
            case History(typed=typed):
                return await self._history(typed)
            case Word.DOWN:
                return down_list(await self._current(), self._zone, self._language)
            case Word.REMOVED:
                return hidden.removed_list((await self._current()).muted, self._zone, self._language)
            case Word.LOG:
                return deeds.log(self._log(), self._zone, self._language)

    def _log(self) -> list[Deed]:
        titles = self._titles()
        return [deed._replace(what=titles(deed.what)) for deed in self._store.state.log]

    def _titles(self) -> Titles:
        return Titles(self._store.state.hosts)

    async def _overview(self) -> str:
        return render_text(await self._current(), self._zone, self._language)

    async def _current(self) -> Digest:
        """Others get a turn before it is put into words."""
        digest = self._job.current()
        await asyncio.sleep(0)
        return digest

    def _report(self, typed: str) -> str:
        known = self._known()
        reports = [
            self._report_of(known[name]) for name in hosts_alone("check", typed, known, self._language)
        ]
        if len(reports) == 1:
            return reports[0]
        return replies.fit("\n".join(reports).splitlines(), self._language)

    def _report_of(self, host: Host) -> str:
        now, titles = self._now(), self._titles()
        mute = hiding(self._store.state, now)(host.name)
        mute = mute and mute._replace(host=titles(mute.host))
        known = uptimes(host, now)
        shown = host._replace(name=titles(host.name))
        return replies.host_report(
            shown, mute, self._zone, now, self._language, known=known, doubt_after=self._doubt_after
        )

    async def _history(self, typed: str | None) -> str:
        now, hides = self._now(), hiding(self._store.state, self._now())
        hosts = self._meant(typed) if typed else [*self._store.state.hosts.values()]
        titles = self._titles()
        outages = await last_outages(hosts)
        hidden = {titles(outage.host.name): hides(outage.host.name) for outage in outages}
        shown = [o._replace(host=o.host._replace(name=titles(o.host.name))) for o in outages]
        zone, language = self._zone, self._language
        return history(shown, hidden.get, zone, now, language, doubt_after=self._doubt_after)

    def _meant(self, typed: str) -> list[Host]:
        """The hosts typed, and those that a pattern typed matches."""
        known = self._known()
        names = Names(known)
        named = meant(typed, f"history {typed}", names, self._language)
        found = (meant_now(name, names) for name in named)
        return [known[name] for name in dict.fromkeys(name for each in found for name in each)]
