"""A stand-in for Slack that is as strict as Slack."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from tests.presses import Presses
from tests.slack_rules import check
from tests.support import PATIENCE


@dataclass
class Answer:
    """What the stand-in answers to one message."""

    status: int = 200
    body: str = "ok"
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeSlack:
    """A small real HTTP server. It accepts a message only if that keeps every rule of Slack.

    `answers` are given to the next messages, in order; after them every valid message is accepted.
    `calls` are the mentions that a message may hold. `think` is awaited before each answer.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.taken: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.answers: list[Answer] = []
        self.calls: list[str] = []
        self.asked = 0  # how many messages came
        self.think: Callable[[], Awaitable[object]] = partial(asyncio.sleep, 0)
        self._arrived = asyncio.Event()
        self.presses = Presses()
        routes = [("/services/.*", _Webhook, {"slack": self}), ("/actions/.*", _ResponseUrl, {"slack": self})]
        self._server = HTTPServer(Application(routes), ssl_options=tls)
        self._base = "https://localhost" if tls else "http://127.0.0.1"

    async def __aenter__(self) -> Self:
        socket, port = bind_unused_port()
        self._server.add_socket(socket)
        self.port = port
        self.url = f"{self._base}:{port}/services/T0/B0/secret"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.stop()
        await self._server.close_all_connections()

    def receive(self, body: bytes) -> Answer:
        self.asked += 1
        self._arrived.set()
        if self.answers:
            answer = self.answers.pop(0)
            if answer.status != 200 or answer.body != "ok":
                return answer
        try:
            message = json.loads(body)
            check(message, self.calls)
        except (ValueError, AssertionError) as error:
            self.refused.append(str(error))
            return Answer(400, "invalid_blocks")
        self.taken.append(message)
        return Answer()

    async def arrived(self) -> None:
        """Wait until one more message has come."""
        await asyncio.wait_for(self._arrived.wait(), PATIENCE)
        self._arrived.clear()


class _Webhook(RequestHandler):
    def initialize(self, slack: FakeSlack) -> None:
        self.slack = slack

    async def post(self) -> None:
        await self.slack.think()
        answer = self.answer()
        self.set_status(answer.status)
        for name, value in answer.headers.items():
            self.set_header(name, value)
        self.finish(answer.body or None)

    def answer(self) -> Answer:
        return self.slack.receive(self.request.body)


class _ResponseUrl(_Webhook):
    def answer(self) -> Answer:
        if self.slack.answers:
            return self.slack.answers.pop(0)
        return Answer(*self.slack.presses.receive(self.request.path, self.request.body))
