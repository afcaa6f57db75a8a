"""Who comes in at /fromSlack: by which secret, from where, and whether for the first time."""

from collections.abc import Callable
from datetime import datetime

from tornado.httputil import HTTPServerRequest
from tornado.web import HTTPError

from config import Slack
from handlers.base import Refusal
from handlers.repeats import Repeats
from languages import Language
from slack import permission
from slack.credentials import Sent, WrongCredentials
from slack.form import NotSlack
from slack.permission import Rules
from slack.request import Request, read


class Door:
    def __init__(
        self, slack: Slack, language: Language, now: Callable[[], datetime], repeats: Repeats
    ) -> None:
        self.repeats = repeats
        self._slack = slack
        self._rules = Rules(slack.team_id, slack.channels, slack.admins)
        self._language = language
        self._now = now

    def let_in(self, request: HTTPServerRequest) -> Request | None:
        """None: it is really Slack, and there is nothing to answer. Raises HTTPError 403 for all others."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        sent = Sent(request.body, timestamp, signature)
        try:
            return read(sent, self._slack.outgoing_tokens, self._slack.signing_secrets, self._now())
        except WrongCredentials as error:
            raise Refusal(403, reason=str(error)) from None
        except NotSlack as error:
            raise HTTPError(403, reason=str(error)) from None

    def check_asking(self, request: Request) -> None:
        """Raises permission.NotAllowed."""
        permission.check_asking(request, self._rules, self._language)

    def check_changing(self, request: Request) -> None:
        """Raises permission.NotAllowed."""
        permission.check_changing(request, self._rules, self._language)
