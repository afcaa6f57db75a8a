"""A server in this process whose saves wait until the test decides how each ends: no interleaving is left to luck."""

import asyncio
import queue
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from enum import Enum
from pathlib import Path

from tornado.testing import bind_unused_port

from digest.health import Stats
from digest.job import DigestJob
from digest.model import Digest
from handlers import make_app
from handlers.deduplicator import RequestDeduplicator
from handlers.dispatch import Dispatcher
from handlers.http_server import BoundedHTTPServer
from hosts.model import Change, State
from slack.responder import Responder
from state.atomic_file import AtomicFile
from state.decoding import decode
from state.lines import Lines
from state.store import LoadedState, Store
from tests.builders import KEEP, NOON, configured, senders
from tests.support import PASSWORD, USER


class End(Enum):
    """How a save ends."""

    SAVED = "saved"
    REFUSED = "refused"  # nothing was written
    UNSURE = "unsure"  # the file is new, and still an error: the last fsync


class GatedDisk(AtomicFile):
    """A real disk. Each save waits at the gate for its end."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.is_at_gate = False
        self._ends: queue.Queue[End] = queue.Queue()

    def replace(self, pieces: Sequence[bytes]) -> None:
        self.is_at_gate = True
        end = self._ends.get(timeout=60)
        if end is End.REFUSED:
            raise OSError(28, "No space left on device")
        super().replace(pieces)
        if end is End.UNSURE:
            raise OSError(5, "Input/output error")

    def pass_one(self, end: End) -> None:
        self.is_at_gate = False
        self._ends.put(end)

    def content(self) -> State:
        return decode(self.path.read_bytes())[0] if self.path.exists() else State()


class CountingStore(Store):
    """Counts the changes that reach it."""

    came = 0

    async def commit(self, change: Change) -> bool:
        self.came += 1
        return await super().commit(change)


class Gated:
    """The routes on real sockets, and a store that saves through the gate."""

    def __init__(self, folder: Path) -> None:
        self.disk = GatedDisk(folder / "state.json")
        self.store = CountingStore(self.disk, LoadedState(State(), Lines({})), release=lambda: None)
        config = configured(folder, gcp={"username": USER, "password": PASSWORD}, history_per_host=KEEP)
        job = DigestJob(self.store, config, senders(_post_nothing), lambda: NOON, stats=Stats(NOON))
        app = make_app(
            config,
            self.store,
            job,
            lambda: NOON,
            stats=Stats(NOON),
            deduplicator=RequestDeduplicator(),
            responder=Responder(),
        )
        self.server = BoundedHTTPServer(Dispatcher(app))
        socket, self.port = bind_unused_port()
        self.server.add_socket(socket)

    def is_idle(self) -> bool:
        return self.store._writer is None

    async def came_to_rest(self) -> None:
        """Wait until a save is at the gate, or none is under way."""
        while not (self.is_idle() or self.disk.is_at_gate):
            await asyncio.sleep(0)

    async def close(self) -> None:
        await self.came_to_rest()
        while not self.is_idle():
            self.disk.pass_one(End.SAVED)
            await self.came_to_rest()
        self.server.stop()
        await self.server.close_all_connections()
        await self.store.close()


async def _post_nothing(_digest: Digest) -> None:
    raise AssertionError("no digest is due")


@asynccontextmanager
async def gated(folder: Path) -> AsyncIterator[Gated]:
    service = Gated(folder)
    try:
        yield service
    finally:
        await service.close()
