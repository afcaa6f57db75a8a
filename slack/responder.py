"""Answers presses through their `response_url`, in the background.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import asyncio
import json
import logging
from collections.abc import Coroutine
from contextlib import closing, suppress
from typing import Any

from tornado.httpclient import HTTPResponse

from config import Proxy, is_response_url
from http_client import describe_answer, http_client
from slack.client import LIMITS, SlackError, post_json, retry_after

log = logging.getLogger("slack")

SERVER_ERROR_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 60.0  # seconds: people wait; a response_url lasts for 30 minutes and five calls


class Responder:
    """Survives reloads. Calls only Slack, follows no redirect, and retries once."""

    def __init__(self) -> None:
        self._limits = {**LIMITS}
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Begins a task that nobody has to wait for. If it fails, that is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("unhandled exception after a press", exc_info=error)

    async def finish(self, seconds: float) -> None:
        """Waits for the tasks, and for those they start, but not for longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks)

    async def post(self, url: str, message: dict[str, object], proxy: Proxy | None) -> str:
        """Returns why Slack did not take the message; empty if it did."""
        if not is_response_url(url):
            return "it came without a response_url of Slack's"
        failure, pause = await self._call(url, message, proxy)
        if pause:
            await asyncio.sleep(pause)
            failure, _ = await self._call(url, message, proxy)
        return failure

    async def _call(self, url: str, message: dict[str, object], proxy: Proxy | None) -> tuple[str, float]:
        """Returns why it failed, if it did, and after how many seconds to repeat it; 0: never."""
        try:
            with closing(http_client(proxy, defaults=self._limits)) as http:
                return _failure(*await post_json(http, url, message))
        except SlackError as error:
            return str(error), 0


def _failure(response: HTTPResponse, answer: bytes) -> tuple[str, float]:
    """What Slack answers here is not documented: a status other than 2xx, or `"ok": false`, is a failure."""
    if 200 <= response.code < 300 and not _says_not_ok(answer):
        return "", 0
    reason = f"Slack answered {describe_answer(response.code, answer.decode('utf-8', 'replace'))}"
    if response.code == 429:
        return reason, min(retry_after(response.headers.get("Retry-After")), LONGEST_PAUSE)
    return reason, SERVER_ERROR_PAUSE if response.code >= 500 else 0


def _says_not_ok(answer: bytes) -> bool:
    try:
        document = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and document.get("ok") is False
