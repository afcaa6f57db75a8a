"""Arguments -> what is asked for -> an exit code that says who must act."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import log
from config import Config, ConfigError, load
from lifecycle.checking import check, post_tests
from lifecycle.serving import serve
from preview import UnknownChannel, preview
from state.disk import Refused, Replaced
from state.loading import AlreadyRunning, Damaged

# Exit codes, by sysexits.h where it has one.
USAGE = 64
BAD_CONFIG = 78
DAMAGED = 65
CANNOT_START = 71
ALREADY_RUNNING = 75


logger = logging.getLogger("server")


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    log.set_up()
    try:
        config = load(options.config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 1 if options.check else BAD_CONFIG
    for warning in config.warnings:
        logger.warning("%s", warning)
    if options.check:
        check(config, options.config)
        return post_tests(config) if options.post else 0
    if options.preview is not None:
        return _guarded(lambda: preview(config, options.preview, datetime.now(UTC)))
    return _guarded(lambda: _run(config, options.config))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Tells Slack how the hosts that Google watches stand.")
    default = Path(__file__).resolve().parent.parent / "config.yaml"
    parser.add_argument("--config", type=Path, default=default, metavar="FILE", help="default: %(default)s")
    parser.add_argument("--check", action="store_true", help="only say whether the configuration is good")
    parser.add_argument("--post", action="store_true", help="with --check: send a test message, too")
    parser.add_argument(
        "--preview",
        nargs="?",
        const="",
        metavar="CHANNEL",
        help="only print the digest that would go out now",
    )
    options = parser.parse_args(arguments)
    if options.post and not options.check:
        parser.error("--post goes with --check")
    return options


def _run(config: Config, path: Path) -> None:
    loop = asyncio.new_event_loop()  # asyncio.run would wait at the end for a name lookup that hangs
    loop.run_until_complete(serve(config, path, lambda: datetime.now(UTC)))


def _guarded(work: Callable[[], None]) -> int:
    """The exit code says who must act: see the table in the README."""
    try:
        work()
    except ConfigError as error:
        return _give_up(error, BAD_CONFIG)
    except (AlreadyRunning, Replaced) as error:
        return _give_up(error, ALREADY_RUNNING)
    except UnknownChannel as error:
        return _give_up(error, USAGE)
    except (Damaged, Refused) as error:
        return _give_up(error, DAMAGED)
    except OSError as error:
        return _give_up(error, CANNOT_START)
    return 0


def _give_up(error: Exception, code: int) -> int:
    logger.critical("%s", error)
    return code
