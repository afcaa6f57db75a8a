"""How to address the readers of a channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from languages.language import Language


@dataclass(frozen=True, slots=True)
class Locale:
    """The language and time zone of some readers.

    Attributes:
        slash: whether they can only type commands with a slash, as `/uptime`.
    """

    zone: tzinfo
    language: Language
    slash: bool = False

    def moment(self, at: datetime) -> str:
        """A date and time in words, with the zone."""
        return self.language.moment(at.astimezone(self.zone))

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
