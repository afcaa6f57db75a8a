"""Language and time zone of readers: the words that depend on nothing else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from hosts.checks import Check
from hosts.model import AuditEntry, Host, Mute
from hosts.patterns import is_pattern
from hosts.problems import Problem
from languages.language import Language


@dataclass(frozen=True, slots=True)
class Locale:
    """How to address the readers of a channel.

    Attributes:
        slash: whether their only way to type a command is with a slash, `/uptime`.
        page: the address of the web page, ending in a slash; empty if there is none to link to.
    """

    zone: tzinfo
    language: Language
    slash: bool = False
    page: str = ""

    def moment(self, at: datetime) -> str:
        """A date and time in words, with the zone."""
        return self.language.moment(at.astimezone(self.zone))

    def time(self, at: datetime) -> str:
        """A time of day, with the zone."""
        return f"{at.astimezone(self.zone):%H:%M %Z}"

    def duration(self, span: timedelta) -> str:
        """The two largest units, without zeros: `45 s`, `12 min`, `2 h 5 min`, `3 d 4 h`."""
        day, hour, minute, second = self.language.units
        seconds = max(0, int(span.total_seconds()))
        days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
        if days:
            return f"{days}{day} {hours}{hour}" if hours else f"{days}{day}"
        if hours:
            return f"{hours}{hour} {minutes}{minute}" if minutes else f"{hours}{hour}"
        return f"{minutes}{minute}" if minutes else f"{seconds}{second}"

    def rough_duration(self, span: timedelta) -> str:
        """The largest unit alone: `45 s`, `12 min`, `2 h`, `3 d`."""
        for unit in (timedelta(days=1), timedelta(hours=1)):
            if span >= unit:
                return self.duration(span // unit * unit)
        return self.duration(span)

    def window(self, span: timedelta) -> str:
        """The window of an uptime figure: `24 h`, not `1 d`; `7 d`."""
        day, hour, _, _ = self.language.units
        return f"{span.days}{day}" if span.days > 1 else f"{span // timedelta(hours=1)}{hour}"

    def mute_end(self, given: Mute | AuditEntry, time: Callable[[datetime], str]) -> str:
        """When a mute ends. `time` says how to write a time."""
        if given.until:
            return self.language.until(time(given.until))
        return self.until_up(given) if given.until_up else self.language.until_unmuted

    def until_up(self, given: Mute | AuditEntry) -> str:
        """The end of a mute "until up", which ends for each of a pattern's hosts by itself."""
        name = given.host if isinstance(given, Mute) else given.target
        return self.language.until_each_up if is_pattern(name) else self.language.until_up

    def problem(
        self,
        found: Problem,
        time: Callable[[datetime], str] | None = None,
        quoted: Callable[[str], str] | None = None,
    ) -> str:
        """What is wrong. `time` says how to write a time, and `quoted` how to quote a text from outside.

        Without `quoted` it is plain text.
        """
        sentence = self.language.problems[found.kind]
        if quoted is None:
            sentence, quoted = plain(sentence), str
        moments = {}
        if found.at:
            moments = {"at": (time or self.moment)(found.at), "day": quoted(f"{found.at:%Y-%m-%d}")}
        return sentence.format(
            subject=quoted(found.subject),
            detail=quoted(found.detail),
            count=quoted(f"{found.count:,}"),
            google_list=self.language.google_lists[found.google_list],
            lasting=self.duration(found.lasting),
            seconds=quoted(f"{found.lasting.total_seconds():.0f}"),
            **moments,
        )

    def check_line(self, check: Check, name: str, target: str, regions: str) -> str:
        """What an uptime check is called, what it requests, how often and from where. Escapes nothing."""
        language = self.language
        where = regions or language.all_regions
        every = language.check_every(period=self.duration(check.period), regions=where)
        parts = filter(None, (name, target, every))
        return " · ".join([*parts, *([language.disabled] if check.disabled else [])])

    def status(self, host: Host) -> str:
        if host.is_unwatched:
            return self.language.gone if host.is_gone else self.language.disabled
        return self.language.statuses[host.status] if host.is_status_known else self.language.never_reported


def plain(marked: str) -> str:
    """Our own words without the marks that Slack formats by."""
    return re.sub(r"[*`]", "", marked)
