"""Small builders of configurations, states and incidents for the tests."""

import errno
import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from config import Config, load
from digest.alerts import AlertBatch
from digest.compose import titling
from digest.model import Digest
from digest.sender import Sender
from digest.summary import summarizing
from digest.weekly import summarizing_week
from google.webhook import parse
from hosts.changes import mute, record_incident
from hosts.incident import Incident, Kind, NamedBy, Person
from hosts.model import DEFAULT, Change, Mute, Patch, State, apply
from hosts.problems import Problem, ProblemKind
from languages import ENGLISH, KOREAN, LANGUAGES, Language, Locale, word_for
from state.decoding import decode
from state.encoding import encode_head, encode_host
from state.lines import Lines
from state.loading import open_store
from tests.support import incident_body
from turns import at_once

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEEP = 100
STEVE = Person("U1", "steve")
Step = Change | Incident | Mute
IN_ENGLISH, IN_KOREAN = Locale(UTC, ENGLISH), Locale(UTC, KOREAN)
LOCALES = [Locale(UTC, language) for language in LANGUAGES.values()]

summarize_week, titled = at_once(summarizing_week), at_once(titling)


def summarize(state: State, now: datetime, **more: Any) -> Digest:
    """The digest of the default channel."""
    return at_once(summarizing)(state, now, notified=state.record(DEFAULT).notified_edition, **more)


def problem_of(kind: ProblemKind, subject: str, detail: str) -> Problem:
    """A problem with every field filled in."""
    return Problem(kind, subject, detail, lasting=MINUTE, at=NOON, count=60, more="more")


def heard_in(typed: str) -> list[Language]:
    """English is understood in Korean, too."""
    return [KOREAN] if re.search("[ㄱ-ㅣ가-힣]", typed) else [ENGLISH, KOREAN]


def in_own_words(text: str, language: Language) -> str:
    """Commands to type, in the words of the language's manual."""
    own = {guide.command: word_for(guide.command, language) for guide in language.commands}
    return re.sub(r"(?<=uptime )[a-z]+(?=[ `])", lambda found: own.get(found[0], found[0]), text)


def configured(folder: Path, **keys: object) -> Config:
    """The defaults except for `keys`, with the state in that folder."""
    file = folder / "config.yaml"
    file.write_text(json.dumps({"gcp": {"password": "secret"}, "state_file": "state.json"} | keys))
    return load(file)


@contextmanager
def full_disk() -> Iterator[list[object]]:
    """While it lasts, no state can be saved. Yields the attempts."""
    attempts: list[object] = []

    def refuse(*saved: object) -> None:
        attempts.append(saved)
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("state.atomic_file.AtomicFile.replace", refuse)
        yield attempts


class FakePosting:
    """One message, which is accepted unless `hand_over` raises."""

    is_partly_posted = False

    def __init__(self, hand_over: Callable[[], Awaitable[None]]) -> None:
        self._hand_over = hand_over

    async def post(self) -> None:
        await self._hand_over()


class FakeSender:
    """Hands over what it gets."""

    def __init__(self, digest: Callable[[Digest], Awaitable[None]]) -> None:
        self._digest = digest

    async def digest(self, digest: Digest) -> FakePosting:
        return FakePosting(partial(self._digest, digest))

    def alerts(self, batch: AlertBatch) -> FakePosting:
        raise AssertionError(batch)


def senders(
    post: Callable[[Digest], Awaitable[None]], channels: Collection[str] = (DEFAULT,)
) -> dict[str, Sender]:
    return {name: FakeSender(post) for name in channels}


def at(minutes: int) -> datetime:
    return NOON + minutes * MINUTE


def opened(incident_id: str = "0.abc", host: str = "www.example.com", **fields: object) -> Incident:
    incident = Incident(incident_id, host, NamedBy.HOST, Kind.DOWNTIME, started=NOON)
    return incident._replace(**fields)  # type: ignore[arg-type]


def closed(incident_id: str = "0.abc", host: str = "www.example.com", **fields: object) -> Incident:
    return opened(incident_id, host, **{"ended": NOON + 10 * MINUTE, **fields})


def blips(count: int, before: datetime, host: str = "www.example.com", **fields: object) -> list[Incident]:
    """That many outages of a minute each, ten minutes apart, the last one ten minutes before that moment."""
    starts = [before - number * 10 * MINUTE for number in range(count, 0, -1)]
    return [closed(f"{host} {at}", host, started=at, ended=at + MINUTE, **fields) for at in starts]


def wish(host: str = "www.example.com", **fields: object) -> Mute:
    """A mute by Steve, made at noon."""
    return Mute(host, STEVE, NOON)._replace(**fields)  # type: ignore[arg-type]


def state_after(*steps: Step) -> State:
    return happen(State(), *steps)


def happen(state: State, *steps: Step) -> State:
    """The same state, with incidents reported, mutes made and other changes."""
    for step in steps:
        change = record_incident(step) if isinstance(step, Incident) else step
        apply(state, (mute(change) if isinstance(change, Mute) else change)(state))
    return state


def encoded(state: State) -> bytes:
    """The file of a state."""
    lines = Lines({name: encode_host(host) for name, host in state.hosts.items()})
    return b"".join(lines.file(encode_head(state)))


def known(file: Path) -> set[str]:
    """The ids of all incidents in the file of a state."""
    return set(decode(file.read_bytes())[0].host_by_incident)


async def filled(file: Path, *ids: str) -> bytes:
    """The file once these incidents have opened, each in a save of its own."""
    store = open_store(file, NOON)
    for incident_id in ids:
        await store.commit(record_incident(opened(incident_id)))
    await store.close()
    return file.read_bytes()


def take_digest(state: State) -> Patch:
    """The default channel accepts a digest that reports everything so far."""
    record = state.record(DEFAULT)._replace(notified_edition=state.edition, slot=NOON, posted=NOON)
    return Patch(edition=state.edition + 1, channels={**state.channels, DEFAULT: record})


moments = st.integers(0, 3000).map(lambda minutes: NOON + minutes * MINUTE)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=8)


SOME_IDS = st.sampled_from("abcdef")


@st.composite
def reports(draw: st.DrawFn, ids: st.SearchStrategy[str] = SOME_IDS) -> Incident:
    """Any report of an incident, of few ids and hosts so that they meet: by webhook, or by Google's list."""
    incident = Incident(
        id=draw(ids),
        host=draw(st.sampled_from(["a.test", "b.test", "c policy"])),
        named_by=draw(st.sampled_from(NamedBy)),
        kind=draw(st.sampled_from(Kind)),
        started=draw(moments),
        policy=draw(texts),
        listed=draw(st.booleans()),
    )
    if draw(st.booleans()):
        return incident._replace(ended=incident.started + draw(st.integers(0, 600)) * MINUTE)
    if incident.listed:
        return incident._replace(confirmed=draw(moments))
    return incident._replace(condition=draw(texts), url=draw(texts), observed=draw(texts))


def read_incident(now: datetime = NOON, /, **fields: Any) -> Incident:
    """What is read from an uptime check's delivery with these fields; it started at 10:00."""
    started = int((NOON - timedelta(hours=2)).timestamp())
    body = incident_body(**{"started_at": started, **fields})
    incident = parse(json.dumps(body).encode(), now)
    assert isinstance(incident, Incident)
    return incident


def with_plain_dates(text: str) -> str:
    """Replaces Slack's dates with their fallbacks."""
    return re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", text)
