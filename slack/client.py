"""Posts messages to a Slack Incoming Webhook. Its URL is a secret and never appears in errors or logs.

Slack's answers: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from config import Proxy, is_slack_url
from http_client import ProxyError, describe_answer, describe_failure, http_client

log = logging.getLogger("slack")

HOUR = 3600.0
MAX_ANSWER_KEPT = 64 * 1024  # bytes
MESSAGE_INTERVAL = 1.1  # seconds: Slack accepts one message a second
# Following a redirect could lead to anywhere, or turn the POST into a GET and look like success.
LIMITS: Mapping[str, Any] = {"connect_timeout": 5, "request_timeout": 10, "follow_redirects": False}
POST_TIMEOUT = 15  # seconds, should the timeouts of the HTTP client fail
UNEXPECTED_ANSWER = "counts as accepted, but an Incoming Webhook answers 200 'ok'"
# The message is wrong, not the destination: Slack may accept a plainer one.
CONTENT_ERRORS = (
    "invalid_blocks",
    "invalid_attachments",
    "too_many_attachments",
    "invalid_payload",
    "no_text",
    "only_one_table_allowed",
)


class SlackError(Exception):
    """Slack did not accept the message.

    Attributes:
        pause: seconds to wait at least before the next attempt.
        is_content_error: whether Slack rejected the message itself.
    """

    def __init__(self, reason: str, *, pause: float = 0, is_content_error: bool = False) -> None:
        super().__init__(reason)
        self.pause = pause
        self.is_content_error = is_content_error


class SlackClient:
    """Posts to one webhook through an HTTP client of its own, one message per `MESSAGE_INTERVAL`.

    Channels may share it: a pause that Slack asks for applies to all of them.
    """

    def __init__(self, webhook_url: str, proxy: Proxy | None = None) -> None:
        self._url = webhook_url
        self._proxy = proxy
        self._lock = asyncio.Lock()
        self._next_post_at = 0.0
        self._pause_reason = ""
        self._has_warned = False  # of an unexpected answer
        self._http = http_client(proxy, defaults=LIMITS)

    def use_proxy(self, proxy: Proxy | None) -> None:
        """Takes effect with the next message."""
        if proxy != self._proxy:
            self._proxy = proxy
            self._http.close()
            self._http = http_client(proxy, defaults=LIMITS)

    async def post(self, message: dict[str, object]) -> str:
        """Posts one message. Raises SlackError.

        Slack accepts a message by answering 200 and `ok`; from other hosts any 2xx counts.

        Returns:
            An unexpected answer from another host, or else the empty string.
        """
        async with self._lock:
            remaining = self._next_post_at - time.monotonic()
            if remaining > MESSAGE_INTERVAL:
                raise SlackError(self._pause_reason, pause=remaining)
            await asyncio.sleep(max(0, remaining))
            pause = MESSAGE_INTERVAL
            try:
                return await self._post(message)
            except SlackError as error:
                pause, self._pause_reason = max(MESSAGE_INTERVAL, error.pause), str(error)
                raise
            finally:
                self._next_post_at = time.monotonic() + pause

    async def _post(self, message: dict[str, object]) -> str:
        response, body = await post_json(self._http, self._url, message)
        if response.code == 200 and body == b"ok":
            return ""
        text = self._redacted(body.decode("utf-8", "replace"))
        if is_slack_url(self._url) or not 200 <= response.code < 300:
            raise _error(response, text)
        answer = describe_answer(response.code, text)
        if not self._has_warned:
            self._has_warned = True
            log.warning(
                "a webhook_url answered %s, which %s; --check --post names it", answer, UNEXPECTED_ANSWER
            )
        return answer

    def _redacted(self, answer: str) -> str:
        """Some servers quote the requested path, which is the secret."""
        path = urlsplit(self._url).path
        return answer if path in ("", "/") else answer.replace(path, "…")

    async def close_when_idle(self) -> None:
        """Closes after the posts in progress."""
        async with self._lock:
            self.close()

    def close(self) -> None:
        self._http.close()


async def post_json(
    http: AsyncHTTPClient, url: str, message: dict[str, object]
) -> tuple[HTTPResponse, bytes]:
    """Returns any response and the beginning of its body. Raises SlackError if there is none."""
    body = bytearray()
    request = HTTPRequest(
        url,
        method="POST",
        headers={"Content-Type": "application/json; charset=utf-8"},
        body=json.dumps(message),
        streaming_callback=lambda chunk: body.extend(chunk[: MAX_ANSWER_KEPT - len(body)]),
    )
    try:
        async with asyncio.timeout(POST_TIMEOUT):
            return await http.fetch(request, raise_error=False), bytes(body)
    except ProxyError as error:
        raise SlackError(str(error)) from None
    except Exception as error:  # noqa: BLE001 - name resolution, TLS, resets: anything may be raised, none may pass
        raise SlackError(f"no answer from Slack ({describe_failure(error)})") from None


def _error(response: HTTPResponse, answer: str) -> SlackError:
    reason = f"Slack answered {describe_answer(response.code, answer)}"
    if response.code == 429:
        return SlackError(reason, pause=retry_after(response.headers.get("Retry-After")))
    if response.code >= 400 and answer.lstrip().startswith(CONTENT_ERRORS):
        return SlackError(reason, is_content_error=True)
    if response.code < 500:  # disabled, archived, forbidden: until a person acts
        return SlackError(f"{reason}; check the channel and its webhook_url", pause=HOUR)
    return SlackError(reason)


def retry_after(header: str | None) -> float:
    """Seconds from a Retry-After header that may be missing, decimal or absurd; at most an hour."""
    try:
        seconds = float(header or 30)
    except ValueError:
        return 30.0
    return min(max(seconds, 1.0), HOUR) if isfinite(seconds) else HOUR
