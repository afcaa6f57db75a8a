"""Posts messages to a Slack Incoming Webhook. Its URL is a secret and is never shown.

What an answer means: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import asyncio
import json
import logging
import time
from math import isfinite
from urllib.parse import urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from config import Proxy, is_slack_url
from http_client import ProxyError, http_client

log = logging.getLogger("slack")

HOUR = 3600.0
KEPT = 64 * 1024  # bytes of an answer
APART = 1.1  # seconds between messages: Slack takes one a second
WITHIN = 15  # seconds for one answer, should the limits of the HTTP client fail
STRANGE = "counts as taken, but is not what an Incoming Webhook answers (200 'ok')"
# The message is wrong, not the destination: a plainer one may be taken.
REFUSED_CONTENT = (
    "invalid_blocks",
    "invalid_attachments",
    "too_many_attachments",
    "invalid_payload",
    "no_text",
    "only_one_table_allowed",
)


class SlackError(Exception):
    """Slack did not take the message. `pause`: seconds to wait at least before the next try."""

    def __init__(self, reason: str, *, pause: float = 0, content: bool = False) -> None:
        super().__init__(reason)
        self.pause = pause
        self.content = content  # the message itself was refused


class SlackClient:
    """One webhook, through an HTTP client of its own: never more than a message in `APART`.

    Channels may share it; when Slack asks for a pause, it is asked of them all.
    """

    def __init__(self, webhook_url: str, proxy: Proxy | None = None) -> None:
        self._url = webhook_url
        self._proxy = proxy
        self._turn = asyncio.Lock()
        self._open_at = 0.0
        self._refusal = ""  # why it is not open before that
        self._warned = False  # of answers that are not those of an Incoming Webhook
        self._http = self._http_client()

    def _http_client(self) -> AsyncHTTPClient:
        # A followed redirect would turn the POST into a GET, and look like success.
        limits = {"connect_timeout": 5, "request_timeout": 10, "follow_redirects": False}
        return http_client(self._proxy, defaults=limits)

    def go_through(self, proxy: Proxy | None) -> None:
        """From the next message on."""
        if proxy != self._proxy:
            self._proxy = proxy
            self._http.close()
            self._http = self._http_client()

    async def post(self, message: dict[str, object]) -> str:
        """Raises SlackError unless it was taken.

        Slack takes a message by answering 200 and `ok`. From other hosts any 2xx counts: returns that
        answer when it is not `ok`, and else nothing.
        """
        async with self._turn:
            left = self._open_at - time.monotonic()
            if left > APART:
                raise SlackError(self._refusal, pause=left)
            await asyncio.sleep(max(0, left))
            pause = APART
            try:
                return await self._post(message)
            except SlackError as error:
                pause, self._refusal = max(APART, error.pause), str(error)
                raise
            finally:
                self._open_at = time.monotonic() + pause

    async def _post(self, message: dict[str, object]) -> str:
        body = bytearray()
        request = HTTPRequest(
            self._url,
            method="POST",
            headers={"Content-Type": "application/json; charset=utf-8"},
            body=json.dumps(message),
            # What follows is not kept: whether a message was taken does not depend on how much is said.
            streaming_callback=lambda chunk: body.extend(chunk[: KEPT - len(body)]),
        )
        try:
            async with asyncio.timeout(WITHIN):
                response = await self._http.fetch(request, raise_error=False)
        except ProxyError as error:
            raise SlackError(str(error)) from None
        except Exception as error:  # noqa: BLE001 - name resolution, TLS, resets: anything may come, none may pass
            raise SlackError(f"no answer from Slack ({type(error).__name__})") from None
        if response.code == 200 and body == b"ok":
            return ""
        said = self._without_secret(body.decode("utf-8", "replace")).strip()
        if is_slack_url(self._url) or not 200 <= response.code < 300:
            raise _error(response, said)
        answer = f"{response.code} {said[:80]!a}"
        if not self._warned:
            self._warned = True
            log.warning("a webhook_url answered %s, which %s; --check --post says whose", answer, STRANGE)
        return answer

    def _without_secret(self, said: str) -> str:
        """Some tell the path that was asked for."""
        path = urlsplit(self._url).path
        return said if path in ("", "/") else said.replace(path, "…")

    async def retire(self) -> None:
        """Close after what is being posted."""
        async with self._turn:
            self.close()

    def close(self) -> None:
        self._http.close()


def _error(response: HTTPResponse, said: str) -> SlackError:
    reason = f"Slack answered {response.code} {said[:80]!a}"
    if response.code == 429:
        return SlackError(reason, pause=retry_after(response.headers.get("Retry-After")))
    if said.startswith(REFUSED_CONTENT):
        return SlackError(reason, content=True)
    if response.code < 500:  # disabled, archived, forbidden: it stays so until a person acts
        return SlackError(f"{reason}; check its webhook_url and the channel", pause=HOUR)
    return SlackError(reason)


def retry_after(header: str | None) -> float:
    """Seconds from a Retry-After header that may be missing, decimal or absurd; at most an hour."""
    try:
        seconds = float(header or 30)
    except ValueError:
        return 30.0
    return min(max(seconds, 1.0), HOUR) if isfinite(seconds) else HOUR
