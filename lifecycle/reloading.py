"""Reloads the configuration when one of its files changes, even on a mount that hangs."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from enum import Enum
from pathlib import Path

from config import Config, ConfigError, check_exposed, has_pending_reads, load
from config.schema import INHERITED
from digest.health import Stats
from hosts.problems import Problem, ProblemKind
from lifecycle.check import TO_TERMINAL
from state.atomic_file import backup_path

log = logging.getLogger("config")

STAT_TIMEOUT = 2  # seconds that one file may hold up the others
THREADS = 16  # each file that hangs occupies one
RESTART_KEYS = ("listen", "state_file")  # changes take effect at the next start
UNUSED = ("", (), None)
POLLS_BEFORE_RETRY = 60  # of a rejected file: what made it unreadable may end without changing its signature


class Unavailable(Enum):
    """Why a watched file has no signature."""

    MISSING = "missing"
    NO_ANSWER = "no answer"


Signature = tuple[int, int, int] | Unavailable
Signatures = dict[Path, Signature]


class Watcher:
    """Reads the signatures of files in threads; a file that hangs is not read again until it answers."""

    def __init__(self, main: Path) -> None:
        """`main` has threads of its own, so that others that hang cannot keep it from being read."""
        self._main = main
        self._for_main = ThreadPoolExecutor(THREADS, thread_name_prefix="watch")
        self._for_others = ThreadPoolExecutor(THREADS, thread_name_prefix="watch")
        self._pending: dict[Path, asyncio.Future[Signature]] = {}

    async def signatures(self, paths: Iterable[Path]) -> Signatures:
        """Waits two seconds at most; what has not answered by then is NO_ANSWER."""
        paths = tuple(dict.fromkeys(paths))
        if started := [self._start(path) for path in paths if path not in self._pending]:
            await asyncio.wait(started, timeout=STAT_TIMEOUT)
        return {path: self._result(path) for path in paths}

    def start_over(self) -> None:
        """Read again what has never answered: something else may be mounted there by now."""
        self._pending.clear()

    def _start(self, path: Path) -> asyncio.Future[Signature]:
        threads = self._for_main if path == self._main else self._for_others
        future = asyncio.get_running_loop().run_in_executor(threads, signature, path)
        self._pending[path] = future
        return future

    def _result(self, path: Path) -> Signature:
        is_done = self._pending[path].done()
        return self._pending.pop(path).result() if is_done else Unavailable.NO_ANSWER


def signature(path: Path) -> Signature:
    """Differs once the file has changed."""
    try:
        status = path.stat()
    except OSError:
        return Unavailable.MISSING
    # ctime, unlike mtime, also changes with the permissions.
    return status.st_ctime_ns, status.st_size, status.st_ino


def signatures(config: Config) -> Signatures:
    """The signatures of all files that the configuration was read from, to be taken right after that."""
    return {path: signature(path) for path in config.sources}


class Reloader:
    """Watches the files that the configuration was read from."""

    def __init__(
        self,
        config: Config,
        loaded: Signatures,
        adopt: Callable[[Config], None],
        stats: Stats,
        addresses: Sequence[str],
    ) -> None:
        """`loaded` are the signatures of the files of `config`; an edit since then is noticed.

        `adopt` is called with each new configuration. `addresses` are those that the server listens on.
        """
        self._path = config.sources[0]
        self._config = config
        self._adopt = adopt
        self._stats = stats
        self._addresses = addresses
        self._sources = config.sources
        self._loaded = self._seen = loaded
        self._rejected: ConfigError | None = None
        self._polls = 0  # since the last load
        self._lock = asyncio.Lock()
        self._watcher = Watcher(self._path)
        # Its own thread: the file may be long, or slow to read.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="config")

    async def poll(self) -> None:
        """Reload if the files have changed since the last load but not since the last poll: every second."""
        if self._lock.locked():
            return
        found = await self._watcher.signatures(self._sources)
        if found == self._loaded:
            await self._retry()
        elif found == self._seen:
            await self.reload()
        self._seen = found

    async def reload(self) -> None:
        self._rejected = None  # log every mistake again
        await self._reload()

    async def _retry(self) -> None:
        """Load a rejected file again from time to time, unless a read of it still hangs."""
        self._polls += 1
        if self._rejected and self._polls >= POLLS_BEFORE_RETRY and not has_pending_reads():
            await self._reload()

    async def _reload(self) -> None:
        async with self._lock:
            self._polls = 0
            try:
                self._loaded = await self._watcher.signatures(self._sources)
                config = await asyncio.get_running_loop().run_in_executor(self._thread, load, self._path)
                self._apply(config)
            except ConfigError as error:
                await self._reject(error)
            except Exception:  # a bug of ours: carry on with the previous configuration
                log.exception("cannot reload %s: unhandled exception", self._path)

    def _apply(self, config: Config) -> None:
        """Raises ConfigError."""
        postponed = tuple(key for key in RESTART_KEYS if getattr(config, key) != getattr(self._config, key))
        state_file = config.state_file
        config = replace(config, **{key: getattr(self._config, key) for key in postponed})
        check_exposed(config, self._addresses)
        self._rejected = None
        # All files have been read, so those that did not answer must do so by now.
        self._watcher.start_over()
        self._sources = config.sources
        # A new file may have changed since it was read; having no signature here, it will be read once more.
        self._loaded = {path: found for path, found in self._loaded.items() if path in config.sources}
        self._log_reload(config, postponed, state_file)
        self._stats.config_problem = None
        self._stats.restart_required = postponed
        self._config = config
        self._adopt(config)

    def _log_reload(self, config: Config, postponed: Iterable[str], state_file: Path) -> None:
        """`state_file` is the one of the next start."""
        for warning in config.warnings:
            log.warning("%s", warning)
        if lost := _lost_channels(self._config, config):
            log.warning("%s: %s", self._path, lost)
        for key in postponed:
            how = (
                _how_to_move(config.state_file, state_file) if key == "state_file" else "restart to apply it"
            )
            log.warning("%s: %s has changed; %s", self._path, key, how)
        in_use, no_longer = _changes(self._config, config)
        parts = {"in use now": in_use, "no longer in use": no_longer}
        news = "; ".join(f"{what}: {', '.join(keys)}" for what, keys in parts.items() if keys)
        recovered = ", which is valid again" if self._stats.config_problem else ""
        log.info("reloaded %s%s; %s", self._path, recovered, news or "no setting in use has changed")

    async def _reject(self, error: ConfigError) -> None:
        if str(error) != str(self._rejected):
            self._report(error)
        self._rejected = error
        self._sources = tuple(dict.fromkeys((*error.sources, *self._sources)))
        self._loaded = await self._watcher.signatures(self._sources) | self._loaded

    def _report(self, error: ConfigError) -> None:
        for issue in error.issues:
            log.error("%s", issue.in_file(self._path))
        log.error("reload of %s rejected; keeping the previous configuration", self._path)
        first, more = error.issues[0], len(error.issues) - 1
        detail = f"{first} (and {more} more)" if more else str(first)
        self._stats.config_problem = Problem(ProblemKind.BAD_CONFIG, str(self._path), detail)


def _how_to_move(state: Path, to: Path) -> str:
    moves = f"{state} to {to}, and {backup_path(state)} to {backup_path(to)}"
    return f"to apply it, stop the server, move {moves}, and start it: it would start empty without them"


def _changes(old: Config, new: Config) -> tuple[list[str], list[str]]:
    """The paths of the keys that are in use now, and of those that no longer are.

    Paths of a channel begin with its name; a channel that was added or removed is one path. A value that
    channels inherit is named once, as a top-level key.
    """
    top = _changed(old.values, new.values)
    keys = dict(top)
    for name, values in new.channel_values.items():
        if name in old.channel_values:
            own = _changed(old.channel_values[name], values)
            inherited = {key for key in INHERITED if key in own and key in top and own[key] == top[key]}
            keys |= {f"channels.{name}.{key}": own[key] for key in own.keys() - inherited}
        else:
            keys[f"channels.{name}"] = values
    keys |= {f"channels.{name}": None for name in old.channel_values.keys() - new.channel_values.keys()}
    changed = {key: value for key, value in keys.items() if not key.startswith(RESTART_KEYS)}
    unused = {key for key, value in changed.items() if value in UNUSED}
    return sorted(changed.keys() - unused), sorted(unused)


def _lost_channels(old: Config, new: Config) -> str:
    """What is no longer posted to Slack; empty for a channel that was renamed, or got another webhook."""
    before = {channel.name: channel.webhook_url for channel in old.channels if channel.webhook_url}
    after = {channel.name: channel.webhook_url for channel in new.channels if channel.webhook_url}
    if before and not after:
        return f"nothing is posted to Slack any more; {TO_TERMINAL}"
    lost = sorted(name for name in before.keys() - after.keys() if before[name] not in after.values())
    return f"nothing is posted to the channel {' and '.join(lost)} any more" if lost else ""


def _changed(old: dict[str, object], new: dict[str, object]) -> dict[str, object]:
    """The new values of the keys whose values differ."""
    return {key: value for key, value in new.items() if value != old.get(key)}
