"""An edited configuration is taken over whole, or not at all."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from config import READ_WITHIN, TOO_SLOW, Config, ConfigError, check_exposed, load
from config import Problem as ConfigIssue
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
        self._looker = ThreadPoolExecutor(1, thread_name_prefix="look")
        self._looking: asyncio.Future[dict[Path, Signature]] | None = None

    async def look(self) -> None:
        """To be called every second. What is still being written is waited for until the next look."""
        if self._turn.locked():
            return
        try:
            found = await self._look_at(self._sources)
        except TimeoutError:
            self._say_that_it_hangs()
            return
        if found == self._tried:
            return
        if found == self._seen:
            await self.reload()
        self._seen = found

    async def reload(self) -> None:
        async with self._turn:
            try:
                self._tried = await self._look_at(self._sources)
                config = await asyncio.get_running_loop().run_in_executor(self._thread, load, self._path)
                await self._take_over(config)
            except ConfigError as error:
                await self._refuse(error)
            except TimeoutError:
                self._say_that_it_hangs()
            except Exception:  # a fault of this program: what is in use must go on
                logger.exception("%s could not be taken over", self._path)

    async def _take_over(self, config: Config) -> None:
        """Raises ConfigError."""
        waiting = tuple(key for key in NEEDS_START if getattr(config, key) != getattr(self._config, key))
        config = config._replace(**{key: getattr(self._config, key) for key in waiting})
        check_exposed(config, self._path, self._addresses)
        await self._follow(config.sources)
        self._vitals.config_problem = None
        self._vitals.at_restart = waiting
        for warning in config.warnings:
            logger.warning("%s", warning)
        for key in waiting:
            logger.warning("%s: %s was changed; that is used from the next start on", self._path, key)
        changed = [key for key in config.written.changed(self._config.written) if not key.startswith(waiting)]
        in_use = f"in use now: {', '.join(changed)}" if changed else "no key has another value"
        logger.info("%s is in use as it is now; %s", self._path, in_use)
        self._config = config
        self._adopt(config)

    async def _refuse(self, error: ConfigError) -> None:
        self._say(error)
        await self._follow((*error.sources, *self._sources))

    def _say_that_it_hangs(self) -> None:
        """Once: it is looked at again and again until it answers."""
        if TOO_SLOW not in (self._vitals.config_problem or ""):
            self._say(ConfigError(self._path, [ConfigIssue(None, "", TOO_SLOW)]))

    def _say(self, error: ConfigError) -> None:
        for mistake in error.problems:
            logger.error("%s %s", self._path, mistake)
        logger.error("%s is not in use as it is now: what was good before is", self._path)
        first, more = error.problems[0], len(error.problems) - 1
        told = f"{first} (and {more} more)" if more else str(first)
        sentence = f"an edit of {self._path} is not in use: {told}"
        self._vitals.config_problem = Problem(sentence, Trouble.BAD_CONFIG, self._path, told)

    async def _follow(self, sources: Iterable[Path]) -> None:
        """Look at these files; a new one has been read as it is now."""
        self._sources = tuple(dict.fromkeys(sources))
        known = dict(self._tried)
        with suppress(TimeoutError):
            found = await self._look_at(self._sources)
            self._tried = {path: known.get(path, signature) for path, signature in found.items()}

    async def _look_at(self, sources: Sequence[Path]) -> dict[Path, Signature]:
        """Raises TimeoutError as long as a look, this one or an earlier one, gets no answer."""
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.run_in_executor(self._looker, _signatures, sources)
        looking = self._looking
        await asyncio.wait([looking], timeout=READ_WITHIN)
        if not looking.done():
            raise TimeoutError
        self._looking = None
        return looking.result()


def _signatures(paths: Iterable[Path]) -> dict[Path, Signature]:
    return {path: _signature(path) for path in paths}


def _signature(path: Path) -> Signature:
    try:
        found = path.stat()
    except OSError:
        return None
    # Unlike the time of modification, this one also tells that a file may be read by now.
    return found.st_ctime_ns, found.st_size, found.st_ino
