"""What is wrong, or doubtful, between values that are each good."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from config.model import Schedule
from config.nodes import Problem
from config.reading import Reading
from config.times import format_duration
from config.values import is_loopback

PLACEHOLDER = "change-me"  # the password that config.yaml is shipped with
SHORT_PASSWORD = 12  # characters; fewer can be guessed over the network in a year


def refusals(reading: Reading) -> Iterator[Problem]:
    yield from _shipped_password(reading)
    yield from _schedule(reading)


def _shipped_password(reading: Reading) -> Iterator[Problem]:
    address = str(reading.values.get("listen.address", "127.0.0.1"))
    if reading.values.get("gcp.password") != PLACEHOLDER or is_loopback(address):
        return
    why = "is the one that everybody can read in this project, so only 127.0.0.1 may be listened on with it"
    cure = "make your own, with: openssl rand -base64 24"
    yield Problem(reading.lines.get("gcp.password"), "gcp.password", f"{why}; {cure}")


def _schedule(reading: Reading) -> Iterator[Problem]:
    every, at = reading.lines.get("digest.every"), reading.lines.get("digest.at")
    if every and at and reading.values.get("digest.at") != ():
        yield Problem(at, "digest.at", f"digest.every is given too, in line {every}; keep one")
    span, days = reading.values.get("digest.every"), reading.values.get("digest.days")
    if isinstance(span, timedelta) and span > timedelta(days=1) and days and not at:
        text = f"with digest.days, in line {reading.lines['digest.days']}, write 1d at most"
        yield Problem(every, "digest.every", f'found "{format_duration(span)}"; {text}')


def doubts(values: dict[str, Any], schedule: Schedule) -> Iterator[str]:
    password = values["gcp.password"]
    if password == PLACEHOLDER:
        yield "gcp.password is still the shipped one; make your own before Google connects"
    elif len(password) < SHORT_PASSWORD:
        yield f"gcp.password is short; take {SHORT_PASSWORD} characters or more"
    if schedule.every and schedule.every < timedelta(minutes=1):
        yield f"a digest every {format_duration(schedule.every)} is good for a trial only"
