"""An edited configuration is taken over whole, or not at all."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config import Config, ConfigError, check_exposed, load
from state.trouble import Problem, Trouble
from vitals import Vitals

logger = logging.getLogger("config")

NEEDS_START = ("listen", "state_file")  # whose new value is used from the next start on
Signature = tuple[int, int, int] | None  # None: there is no such file


class Reloader:
    """Looks at the files that the configuration was read from, and reads them again when they change."""

    def __init__(
        self,
        path: Path,
        config: Config,
        adopt: Callable[[Config], None],
        vitals: Vitals,
        addresses: Sequence[str],
    ) -> None:
        """`adopt` is called with what is to be used from now on. `addresses` are listened on."""
        self._path = path
        self._config = config
        self._adopt = adopt
        self._vitals = vitals
        self._addresses = addresses
        self._sources = config.sources
        self._tried = self._seen = _signatures(config.sources)
        self._turn = asyncio.Lock()
        # A thread of its own: a file may be long, or lie where reading takes its time.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="config")

    async def look(self) -> None:
        """To be called every second. What is still being written is waited for until the next look."""
        found = _signatures(self._sources)
        if found == self._tried or self._turn.locked():
            return
        if found == self._seen:
            await self.reload()
        self._seen = found

    async def reload(self) -> None:
        async with self._turn:
            self._tried = _signatures(self._sources)
            try:
                config = await asyncio.get_running_loop().run_in_executor(self._thread, load, self._path)
                self._take_over(config)
            except ConfigError as error:
                self._refuse(error)
            except Exception:  # a fault of this program: what is in use must go on
                logger.exception("%s could not be taken over", self._path)

    def _take_over(self, config: Config) -> None:
        """Raises ConfigError."""
        waiting = tuple(key for key in NEEDS_START if getattr(config, key) != getattr(self._config, key))
        config = config._replace(**{key: getattr(self._config, key) for key in waiting})
        check_exposed(config, self._path, self._addresses)
        self._follow(config.sources)
        self._vitals.config_problem = None
        self._vitals.at_restart = waiting
        for warning in config.warnings:
            logger.warning("%s", warning)
        for key in waiting:
            logger.warning("%s: %s was changed; that is used from the next start on", self._path, key)
        logger.info("%s is in use as it is now", self._path)
        self._config = config
        self._adopt(config)

    def _refuse(self, error: ConfigError) -> None:
        self._follow((*error.sources, *self._sources))
        for mistake in error.problems:
            logger.error("%s %s", self._path, mistake)
        logger.error("%s is not in use as it is now: what was good before is", self._path)
        first, more = error.problems[0], len(error.problems) - 1
        told = f"{first} (and {more} more)" if more else str(first)
        sentence = f"an edit of {self._path} is not in use: {told}"
        self._vitals.config_problem = Problem(sentence, Trouble.BAD_CONFIG, self._path, told)

    def _follow(self, sources: Iterable[Path]) -> None:
        """Look at these files; a new one has been read as it is now."""
        self._sources = tuple(dict.fromkeys(sources))
        known = dict(self._tried)
        self._tried = {path: known.get(path, found) for path, found in _signatures(self._sources).items()}


def _signatures(paths: Iterable[Path]) -> dict[Path, Signature]:
    return {path: _signature(path) for path in paths}


def _signature(path: Path) -> Signature:
    try:
        found = path.stat()
    except OSError:
        return None
    # Unlike the time of modification, this one also tells that a file may be read by now.
    return found.st_ctime_ns, found.st_size, found.st_ino
