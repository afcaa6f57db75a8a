"""The server with one of its promises left out: the proofs must notice each. Usage: without.py WHAT [ARGUMENT …]"""

import asyncio
import json
import logging
import os
import socket
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import filelock
from tornado.httpserver import HTTPServer

from digest import weekly
from digest.upkeep import PruneHorizon
from google import webhook
from handlers import auth, deliveries, http_server
from hosts import mutes, outages, retention
from hosts.model import Change, Host, Mute, State, apply
from hosts.outages import Period
from lifecycle.main import main
from slack.client import SlackClient, SlackError
from state import atomic_file, decoding, encoding, loading, store
from state.lines import Lines

WITHOUT = Path(__file__).resolve()


async def acknowledge_first(self: store.Store, change: Change) -> bool:
    """Publish and answer now, save some time later."""
    patch = change(self.state)
    apply(self.state, patch)
    self._put_lines(patch.hosts, self.state)
    if patch and not getattr(self, "_late", False):
        self._late = True  # type: ignore[attr-defined]
        asyncio.get_running_loop().call_later(0.2, _begin_late, self)
    return bool(patch)


def _begin_late(self: store.Store) -> None:
    self._late = False  # type: ignore[attr-defined]
    self._writer = asyncio.create_task(_save_late(self))


async def _save_late(self: store.Store) -> None:
    try:
        await self._save(encoding.encode_head(self.state))
    finally:
        self._writer = None


def in_place(self: atomic_file.AtomicFile, pieces: Sequence[bytes]) -> None:
    """Overwrite the file itself, a piece at a time, and sync it."""
    with self.path.open("wb", buffering=0) as file:
        for piece in pieces:
            file.write(piece)
        os.fsync(file.fileno())


def _fsync_unread(fsync: Callable[[int], None], descriptor: int) -> None:
    with suppress(OSError):
        fsync(descriptor)


def _fsync_unless(left_out: Callable[[int], bool], fsync: Callable[[int], None], descriptor: int) -> None:
    if not left_out(os.fstat(descriptor).st_mode):
        fsync(descriptor)


def _never_looked_up(real: Callable[..., Any], host: str, *rest: Any, **more: Any) -> Any:
    """As if the name server did not answer."""
    if host.endswith(".test"):
        print("looking up", host, file=sys.stderr, flush=True)
        threading.Event().wait()
    return real(host, *rest, **more)


class _Shared(ThreadPoolExecutor):
    """Runs the saves in the threads that also look up names."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__()
        asyncio.get_running_loop().set_default_executor(self)


def nothing(*_: object, **__: object) -> None:
    """Leave it out."""


async def no_draining(self: http_server.BoundedHTTPServer, _seconds: float) -> None:
    await self.close_all_connections()


def unchecked_lines(data: bytes, checksum: int) -> tuple[list[bytes], int]:
    body = data.partition(b'"hosts":{\n')[2].rpartition(b'\n},"checksum":')[0]
    return body.split(encoding.SEPARATOR) if body else [], checksum


class _NeverRaised(Exception):
    """Stands in for an error, so that nothing catches it."""


def _kept(parse: Callable[[bytes, datetime], object]) -> Callable[[bytes, datetime], object]:
    kept: list[bytes] = []

    def parse_and_keep(body: bytes, now: datetime) -> object:
        kept.append(body * 50)
        if len(kept) % 20 == 0:  # each time would soon use up all descriptors
            os.dup(sys.stderr.fileno())
        return parse(body, now)

    return parse_and_keep


def _of_its_open_incidents(host: Host, *, downtime: bool) -> Period | None:
    """The outage without the incidents that have already closed."""
    opened = tuple(i for i in host.open if (i.kind is outages.DOWNTIME) is downtime)
    return Period(host, opened, opened[0].started, None) if opened else None


def _while_anything_is_open(mute: Mute, state: State) -> frozenset[str]:
    host = state.hosts.get(mute.host)
    return frozenset([mute.host] if host and host.open else [])


def _told_everything(state: State) -> int:
    return state.edition


def _whatever_the_clock_says(_horizon: PruneHorizon, now: datetime) -> datetime:
    return now


def _mutes_by_name(state: State, _now: datetime) -> Callable[[str], object]:
    return state.mutes.get


def tell_credentials(given: Sequence[str], _expected: object) -> bool:
    logging.getLogger("deliveries").info("refused: %s", given)
    return False


async def tell_address(self: SlackClient, _message: object) -> None:
    raise SlackError(f"no answer from {self._url}")


NO_NAMES = (socket, "getaddrinfo", partial(_never_looked_up, socket.getaddrinfo))
LEFT_OUT: dict[str, list[tuple[Any, str, object]]] = {
    "acknowledge-first": [(store.Store, "commit", acknowledge_first)],
    "in-place": [(atomic_file.AtomicFile, "replace", in_place)],
    "no-fsync": [(os, "fsync", nothing)],
    "file-fsync": [(os, "fsync", partial(_fsync_unless, stat.S_ISREG, os.fsync))],
    "directory-fsync": [(os, "fsync", partial(_fsync_unless, stat.S_ISDIR, os.fsync))],
    "fsync-errors": [(os, "fsync", partial(_fsync_unread, os.fsync))],
    "settling": [(atomic_file.AtomicFile, "_sync", nothing)],
    "cleaning": [(atomic_file.AtomicFile, "_unlink", nothing)],
    "fence": [(atomic_file.AtomicFile, "_is_deleted", nothing)],
    "folder": [(atomic_file.AtomicFile, "_check_folder", nothing)],
    "locks": [(loading, "lock_descriptor", lambda *_, **__: True), (filelock.FileLock, "acquire", nothing)],
    "folder-lock": [(loading, "lock_descriptor", lambda *_, **__: True)],
    "refusal": [(loading, "_with_damaged_file", lambda *_: loading.Version(None, State(), Lines({})))],
    "draining": [(http_server.BoundedHTTPServer, "drain", no_draining)],
    "checksum": [(decoding, "_checked_lines", unchecked_lines)],
    "strict-json": [(webhook, "read_object", json.loads)],
    "error-table": [(deliveries, "InvalidPayload", _NeverRaised)],
    "letting-go": [(deliveries, "parse", _kept(webhook.parse))],
    "bound": [(http_server.BoundedHTTPServer, "handle_stream", HTTPServer.handle_stream)],
    "names": [NO_NAMES],
    "own-thread": [NO_NAMES, (store, "ThreadPoolExecutor", _Shared)],
    "ending-at-once": [NO_NAMES, (os, "_exit", sys.exit)],
    "one-outage": [(outages, "_current", _of_its_open_incidents)],
    "until-up": [(mutes, "_goes_on", _while_anything_is_open)],
    "repeats": [(retention, "REPEAT_WINDOW", timedelta(days=-1000))],
    "untold": [(State, "notified_edition", _told_everything)],
    "muted-in-the-week": [(weekly, "mute_lookup", _mutes_by_name)],
    "settled-time": [(PruneHorizon, "next", _whatever_the_clock_says)],
    "secret-address": [(SlackClient, "post", tell_address)],
    "secret-credentials": [(auth, "is_authorized", tell_credentials)],
}


def leave_out(what: str, put: Callable[[Any, str, object], None] = setattr) -> None:
    for place, name, _ in chain(*LEFT_OUT.values()):
        getattr(place, name)  # a renamed one would silently not be left out
    for place, name, instead in LEFT_OUT[what]:
        put(place, name, instead)


if __name__ == "__main__":
    leave_out(sys.argv[1])
    code = main(sys.argv[2:])
    sys.stdout.flush()
    os._exit(code)
