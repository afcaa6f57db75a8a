"""How files stand, also those on a mount that does not answer."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from pathlib import Path

ANSWER_WITHIN = 2  # seconds before others are no longer kept waiting for one file
THREADS = 16  # of which one is kept by every file that does not answer


class Standing(Enum):
    MISSING = "missing"
    NO_ANSWER = "no answer"


Signature = tuple[int, int, int] | Standing


class Watcher:
    """Looks at a file, and at others, in threads of its own; again only at those that have answered."""

    def __init__(self, main: Path) -> None:
        """`main` is looked at however many others keep a thread."""
        self._main = main
        self._for_main = ThreadPoolExecutor(THREADS, thread_name_prefix="watch")
        self._for_others = ThreadPoolExecutor(THREADS, thread_name_prefix="watch")
        self._looks: dict[Path, asyncio.Future[Signature]] = {}

    async def signatures(self, paths: Iterable[Path]) -> dict[Path, Signature]:
        """A signature is another one when its file is. What has not answered yet has NO_ANSWER."""
        paths = tuple(dict.fromkeys(paths))
        if fresh := [self._look_at(path) for path in paths if path not in self._looks]:
            await asyncio.wait(fresh, timeout=ANSWER_WITHIN)
        return {path: self._taken(path) for path in paths}

    def start_over(self) -> None:
        """Look anew at what has never answered: something else may be mounted there by now."""
        self._looks.clear()

    def _look_at(self, path: Path) -> asyncio.Future[Signature]:
        threads = self._for_main if path == self._main else self._for_others
        look = asyncio.get_running_loop().run_in_executor(threads, signature, path)
        self._looks[path] = look
        return look

    def _taken(self, path: Path) -> Signature:
        return self._looks.pop(path).result() if self._looks[path].done() else Standing.NO_ANSWER


def signature(path: Path) -> Signature:
    try:
        found = path.stat()
    except OSError:
        return Standing.MISSING
    # Unlike the time of modification, this one also tells that a file may be read by now.
    return found.st_ctime_ns, found.st_size, found.st_ino
