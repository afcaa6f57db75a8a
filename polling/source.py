"""Where a poll reads Google's lists, and the settings that it goes by."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from google.api import GoogleApi
from hosts.incident import Incident

CONFIRMATIONS = 4  # of an open incident, before it would become doubtful


class Source(NamedTuple):
    """Google's lists are polled `every` so often. `may_list` says whether an incident could be in them.

    `hosts` are those of config.yaml: they stay known even if no check watches them any more.
    """

    api: GoogleApi
    project: str
    every: timedelta
    doubt_after: timedelta
    may_list: Callable[[Incident], bool]
    hosts: frozenset[str] = frozenset()
    page_url: str = ""

    @property
    def confirm_every(self) -> timedelta:
        """How often it is saved that an incident is still open."""
        return self.doubt_after / CONFIRMATIONS
