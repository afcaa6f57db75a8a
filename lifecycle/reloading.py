"""How files stand, also those on a mount that does not answer."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from enum import Enum
from pathlib import Path

from config import Config, ConfigError, check_exposed, has_pending_reads, load
from digest.stats import Stats
from hosts.problems import Problem, ProblemKind

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


log = logging.getLogger("config")

NEEDS_START = ("listen", "state_file")  # whose new value is used from the next start on
LOOKS_UNTIL_NEXT_TRY = 60  # of what was refused: what kept it from being read may end without a trace


class Reloader:
    """Looks at the files that the configuration was read from, and reads them again when they change."""

    def __init__(
        self,
        path: Path,
        config: Config,
        adopt: Callable[[Config], None],
        stats: Stats,
        addresses: Sequence[str],
    ) -> None:
        """`adopt` is called with what is to be used from now on. `addresses` are listened on."""
        self._path = path
        self._config = config
        self._adopt = adopt
        self._stats = stats
        self._addresses = addresses
        self._sources = config.sources
        self._tried = self._seen = {path: signature(path) for path in config.sources}
        self._refused: ConfigError | None = None
        self._looks = 0  # since it was refused, while nothing has changed
        self._turn = asyncio.Lock()
        self._watcher = Watcher(path)
        # A thread of its own: a file may be long, or lie where reading takes its time.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="config")

    async def look(self) -> None:
        """To be called every second. What is still being written is waited for until the next look."""
        if self._turn.locked():
            return
        found = await self._watcher.signatures(self._sources)
        if found == self._tried:
            await self._try_again()
        elif found == self._seen:
            await self.reload()
        self._seen = found

    async def reload(self) -> None:
        self._refused = None  # whoever asks for it is told all of it again
        await self._reload()

    async def _try_again(self) -> None:
        """Mistakes are told once. While a file still keeps somebody waiting, it is not asked once more."""
        self._looks += 1
        if self._refused and self._looks >= LOOKS_UNTIL_NEXT_TRY and not has_pending_reads():
            await self._reload()

    async def _reload(self) -> None:
        async with self._turn:
            self._looks = 0
            try:
                self._tried = await self._watcher.signatures(self._sources)
                config = await asyncio.get_running_loop().run_in_executor(self._thread, load, self._path)
                await self._take_over(config)
            except ConfigError as error:
                await self._refuse(error)
            except Exception:  # a fault of this program: what is in use must go on
                log.exception("%s could not be taken over", self._path)

    async def _take_over(self, config: Config) -> None:
        """Raises ConfigError."""
        waiting = tuple(key for key in NEEDS_START if getattr(config, key) != getattr(self._config, key))
        config = replace(config, **{key: getattr(self._config, key) for key in waiting})
        check_exposed(config, self._path, self._addresses)
        self._refused = None
        self._forget_what_did_not_answer()
        await self._follow(config.sources)
        self._stats.config_problem = None
        self._stats.restart_required = waiting
        for warning in config.warnings:
            log.warning("%s", warning)
        for key in waiting:
            log.warning("%s: %s was changed; that is used from the next start on", self._path, key)
        changed = config.changed_keys(self._config)
        changed = [key for key in changed if not key.startswith(NEEDS_START)]
        in_use = f"in use now: {', '.join(changed)}" if changed else "no key has another value"
        log.info("%s is in use as it is now; %s", self._path, in_use)
        self._config = config
        self._adopt(config)

    def _forget_what_did_not_answer(self) -> None:
        """Everything was read, and so it answers by now."""
        self._watcher.start_over()
        self._tried = {path: found for path, found in self._tried.items() if found != Standing.NO_ANSWER}

    async def _refuse(self, error: ConfigError) -> None:
        if str(error) != str(self._refused):
            self._say(error)
        self._refused = error
        await self._follow((*error.sources, *self._sources))

    def _say(self, error: ConfigError) -> None:
        for mistake in error.issues:
            log.error("%s %s", self._path, mistake)
        log.error("%s is not in use as it is now: what was good before is", self._path)
        first, more = error.issues[0], len(error.issues) - 1
        told = f"{first} (and {more} more)" if more else str(first)
        sentence = f"an edit of {self._path} is not in use: {told}"
        self._stats.config_problem = Problem(sentence, ProblemKind.BAD_CONFIG, str(self._path), told)

    async def _follow(self, sources: Iterable[Path]) -> None:
        """Look at these files; a new one has been read as it is now."""
        self._sources = tuple(dict.fromkeys(sources))
        found = await self._watcher.signatures(self._sources)
        self._tried = {path: self._tried.get(path, as_it_is) for path, as_it_is in found.items()}
