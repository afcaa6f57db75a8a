"""People who look at the page, in a thread of their own."""

import os
import selectors
import socket
import threading
import time
from http.client import HTTPConnection
from typing import Self

from bench.servers import LOAD_CORE

ASK_EVERY = 10  # seconds


class Watchers:
    """Each stream reads what comes; each asker asks again for what it has, as an open page does."""

    def __init__(self, port: int, streams: int, askers: int) -> None:
        self._port = port
        self._askers = askers
        self._ends = threading.Event()
        self._selector = selectors.DefaultSelector()
        self._streams = [socket.create_connection(("127.0.0.1", port)) for _ in range(streams)]
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        for stream in self._streams:
            stream.sendall(b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self._selector.register(stream, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        for stream in self._streams:
            stream.close()
        self._selector.close()

    def _watch(self) -> None:
        os.sched_setaffinity(0, {int(LOAD_CORE)})  # of this thread alone
        pause = ASK_EVERY / self._askers if self._askers else ASK_EVERY
        connection, etags = HTTPConnection("127.0.0.1", self._port), [""] * self._askers
        next_at, number = 0.0, 0
        while not self._ends.is_set():
            for key, _ in self._selector.select(min(pause, 0.05)):
                assert key.fileobj.recv(65_536)  # type: ignore[union-attr]
            if self._askers and time.monotonic() >= next_at:
                next_at = max(next_at + pause, time.monotonic() - 1)
                number = (number + 1) % self._askers
                etags[number] = _etag(connection, etags[number])
        connection.close()


def _etag(connection: HTTPConnection, known: str) -> str:
    headers = {"Accept-Encoding": "gzip", **({"If-None-Match": known} if known else {})}
    connection.request("GET", "/", headers=headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status in (200, 304)
    return answer.headers["ETag"]
