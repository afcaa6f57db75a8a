"""Runs --doctor: asks Google, and prints what keeps its notifications from arriving."""

import asyncio
import os
import sys
from contextlib import suppress
from datetime import datetime

from config import Config
from google.api import GoogleApi
from google.refusals import GoogleError
from hosts.examination import Examination
from hosts.model import State
from lifecycle import streams
from polling.examiner import examine, read_settings, with_failures
from slack import terminal
from slack.doctor_replies import examination_lines
from state.loading import StateDamaged, read_current

TO_FIX = 1


def doctor(config: Config, now: datetime) -> int:
    """Return the exit code. A server may be running meanwhile, or not. Raises GoogleError."""
    if not config.google.project:
        raise GoogleError(terminal.render({"text": config.locale.language.not_asked}))
    found = asyncio.run(_examination(config, now))
    for line in examination_lines(found, now, config.locale):
        print(terminal.render({"text": line}, colour=sys.stdout.isatty()))
    streams.check_written()
    return TO_FIX if found.to_fix else os.EX_OK


async def _examination(config: Config, now: datetime) -> Examination:
    api = GoogleApi(config.google, config.proxy, lambda: now)
    try:
        settings, checks = await read_settings(api, now, config.page.url), await api.checks()
        settings = await with_failures(api, settings, now)
    finally:
        api.close()
    return await examine(config.google.project, checks, settings, _state(config), now)


def _state(config: Config) -> State:
    """The saved state; an empty one if it cannot be read, as little depends on it here."""
    with suppress(OSError, StateDamaged):
        return read_current(config.state_file).state
    return State()
