"""The yardstick: a bare Tornado handler that checks the credentials and parses the same body."""

import asyncio
import base64
import hmac
import json

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

WANTED = b"google:a long enough password"


class Handler(RequestHandler):
    """Checks the credentials and parses the body."""

    def post(self) -> None:
        given = base64.b64decode(self.request.headers.get("Authorization", "Basic ")[6:])
        if not hmac.compare_digest(given, WANTED):
            self.send_error(401)
            return
        json.loads(self.request.body)
        self.write({"result": "recorded"})


async def main() -> None:
    server = HTTPServer(Application([("/fromGCPMonitoring", Handler)], log_function=lambda _: None))
    sockets = bind_sockets(0, "127.0.0.1")
    server.add_sockets(sockets)
    print(f"listens on http://127.0.0.1:{sockets[0].getsockname()[1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
