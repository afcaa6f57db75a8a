"""Stands in for Google: Cloud Monitoring, Cloud Logging, the metadata server and the token endpoints.

It is stricter than Google wherever Google's leniency would hide a mistake of ours, and `test_google_judges`
holds it to Google's own discovery documents and clients.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

PROJECT = "acme-monitoring"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a time at which its examples make sense
PAGED = {"filter", "pageSize", "pageToken"}
SORTED = {*PAGED, "orderBy"}
LISTS = {
    **dict.fromkeys(("uptimeCheckConfigs", "snoozes"), PAGED),
    **dict.fromkeys(("alerts", "alertPolicies", "notificationChannels"), SORTED),
}
STANDARD = {"$.xgafv", "alt", "callback", "fields", "key", "prettyPrint", "quotaUser"}
LIST_PATH = re.compile(rf"/v3/projects/{PROJECT}/({'|'.join(LISTS)})")
ALERT_PATH = re.compile(rf"/v3/projects/{PROJECT}/alerts/([^/]+)")
TOKEN_PATH = "/computeMetadata/v1/instance/service-accounts/default/token"
DEFAULT_PAGE, LARGEST_PAGE = 50, 1000
STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
}


class Refused(Exception):
    """An error answer."""

    def __init__(
        self, code: int, reason: str = "", headers: dict[str, str] | None = None, **metadata: str
    ) -> None:
        super().__init__(code, reason)
        self.code = code
        self.headers = headers or {}
        error: dict[str, Any] = {
            "code": code,
            "message": "canary-text",
            "status": STATUS.get(code, "UNKNOWN"),
        }
        if reason:
            kind = "type.googleapis.com/google.rpc.ErrorInfo"
            info = {"@type": kind, "reason": reason, "domain": "googleapis.com"}
            error["details"] = [info | ({"metadata": metadata} if metadata else {})]
        self.body = {"error": error}


class GoogleStandIn:
    """What Google knows, and how it fails. `failures` are taken in turn by requests whose path has their key."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {kind: [] for kind in LISTS}
        self.entries: list[dict[str, Any]] = []
        self.tokens = {"ya29.canary-1": 3599.0}  # valid ones, the newest last, with their lifetimes
        self.takes_filters = self.says_it_is_google = True
        self.failures: list[tuple[str, Refused | None]] = []
        self.asked: list[str] = []  # paths with queries
        self.grants: list[dict[str, str]] = []  # forms that tokens were asked for with
        self.check_assertion: Callable[[str], None] = lambda _assertion: None
        self.compressed = 0
        sock, self.port = bind_unused_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._server = HTTPServer(Application([(r".*", _Handler, {"google": self})]))
        self._server.add_socket(sock)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.stop()
        await self._server.close_all_connections()

    @property
    def environment(self) -> dict[str, str]:
        """What points a program here."""
        names = ("MONITORING", "LOGGING")
        overrides = {f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name}": self.url for name in names}
        return {"GCE_METADATA_HOST": f"127.0.0.1:{self.port}", **overrides}

    def fail(self, where: str, *errors: Refused | None) -> None:
        """The next requests there fail like this; None: that one succeeds."""
        self.failures += [(where, error) for error in errors]

    def renew(self, token: str, lifetime: float = 3599) -> None:
        """Only this token is valid from now on."""
        self.tokens = {token: lifetime}

    def new_token(self) -> dict[str, object]:
        token, lifetime = list(self.tokens.items())[-1]
        return {"access_token": token, "expires_in": int(lifetime), "token_type": "Bearer"}

    def next_failure(self, path: str) -> None:
        for number, (where, error) in enumerate(self.failures):
            if where in path:
                del self.failures[number]
                if error:
                    raise error
                return


class _Handler(RequestHandler):
    def initialize(self, google: GoogleStandIn) -> None:
        self.google = google

    def prepare(self) -> None:
        """Answers every method."""
        self.google.asked.append(self.request.uri or "")
        try:
            self.google.next_failure(self.request.path)
            answer = self._found()
        except Refused as refused:
            self.set_status(refused.code)
            for name, value in refused.headers.items():
                self.set_header(name, value)
            answer = refused.body
        self.set_header("Content-Type", "application/json; charset=UTF-8")
        self._send(json.dumps(answer, indent=2).encode())

    def _send(self, body: bytes) -> None:
        wants = self.request.headers.get("Accept-Encoding", ""), self.request.headers.get("User-Agent", "")
        if all("gzip" in want for want in wants):
            self.google.compressed += 1
            self.set_header("Content-Encoding", "gzip")
            body = gzip.compress(body, 1)
        self.finish(body)

    def _found(self) -> dict[str, Any]:
        path = self.request.path
        if path == TOKEN_PATH:
            return self._metadata_token()
        if self.request.method == "POST" and path in ("/token", "/v1/token"):
            return self._token()
        self._require_token()
        if path.endswith(":generateAccessToken"):
            return self._impersonated()
        if path == "/v2/entries:list" and self.request.method == "POST":
            return self._entries()
        if self.request.method == "GET" and (found := LIST_PATH.fullmatch(path)):
            return self._list(found[1])
        if self.request.method == "GET" and (found := ALERT_PATH.fullmatch(path)):
            query = self._query(set())
            for each in self.google.lists["alerts"]:
                if each["name"].endswith(f"/{found[1]}"):
                    return dict(masked(each, mask(query.get("fields", "*"))))
        raise Refused(404)

    def _metadata_token(self) -> dict[str, Any]:
        if self.request.headers.get("Metadata-Flavor") != "Google":
            raise Refused(403)
        if self.google.says_it_is_google:
            self.set_header("Metadata-Flavor", "Google")
        return self.google.new_token()

    def _token(self) -> dict[str, Any]:
        form = dict(parse_qsl(self.request.body.decode(), strict_parsing=True))
        self.google.grants.append(dict(form))
        needed = {
            "refresh_token": {"client_id", "client_secret", "refresh_token"},
            "urn:ietf:params:oauth:grant-type:jwt-bearer": {"assertion"},
            "urn:ietf:params:oauth:grant-type:token-exchange": {"audience", "subject_token", "subject_token_type", "scope", "requested_token_type"},
        }.get(form.pop("grant_type"))  # fmt: skip
        if needed is None or form.keys() != needed:
            raise Refused(400)
        if "assertion" in form:
            self.google.check_assertion(form["assertion"])
        return self.google.new_token()

    def _impersonated(self) -> dict[str, Any]:
        is_json = self.request.headers["Content-Type"] == "application/json"
        if not is_json or json.loads(self.request.body).keys() != {"scope", "lifetime"}:
            raise Refused(400)
        return {"accessToken": self.google.new_token()["access_token"], "expireTime": "2026-11-24T13:00:00Z"}

    def _require_token(self) -> None:
        kind, _, token = self.request.headers.get("Authorization", "").partition(" ")
        if kind != "Bearer" or token not in self.google.tokens:
            challenge = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
            raise Refused(401, headers={"WWW-Authenticate": challenge})

    def _query(self, allowed: set[str]) -> dict[str, str]:
        pairs = parse_qsl(urlsplit(self.request.uri or "").query, keep_blank_values=True)
        if any(name not in allowed | STANDARD for name, _ in pairs) or len(pairs) != len(dict(pairs)):
            raise Refused(400)
        return dict(pairs)

    def _list(self, kind: str) -> dict[str, Any]:
        query = self._query(LISTS[kind])
        found = list(self._filtered(kind, query.get("filter", "")))
        if kind == "alerts":
            found.sort(key=lambda each: each["openTime"], reverse=True)
        return dict(masked(_page(kind, found, query), mask(query.get("fields", "*"))))

    def _filtered(self, kind: str, wanted: str) -> Iterable[dict[str, Any]]:
        known = self.google.lists[kind]
        if not wanted:
            return known
        if self.google.takes_filters:
            if kind == "alerts" and wanted == 'state="OPEN"':
                return [each for each in known if each["state"] == "OPEN"]
            if kind == "snoozes" and (after := re.fullmatch(r'interval\.end_time > "(.*)"', wanted)):
                return [each for each in known if each["interval"]["endTime"] > after[1]]
        raise Refused(400)

    def _entries(self) -> dict[str, Any]:
        wanted = json.loads(self.request.body)
        is_json = self.request.headers.get("Content-Type") == "application/json"
        if not is_json or wanted["resourceNames"] != [f"projects/{PROJECT}"]:
            raise Refused(400)
        if "pageToken" not in wanted:  # the search took too long to find any
            return {"nextPageToken": "more"}
        found = [each for each in self.google.entries if _channel(each) in wanted["filter"]]
        return {"entries": found} if found else {}


def _channel(entry: dict[str, Any]) -> str:
    return f'channel_id="{entry["resource"]["labels"]["channel_id"]}"'


def _page(kind: str, found: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    size = int(query.get("pageSize", 0))
    size = min(size, LARGEST_PAGE) if size > 0 else DEFAULT_PAGE
    token = query.get("pageToken", "at-0")
    if not re.fullmatch(r"at-\d+", token):
        raise Refused(400)
    start = int(token.removeprefix("at-"))
    page: dict[str, Any] = {kind: found[start : start + size]} if found[start:] else {}
    if found[start + size :]:
        page["nextPageToken"] = f"at-{start + size}"
    return page | ({} if kind == "snoozes" or not found else {"totalSize": len(found)})


Mask = dict[str, Any] | None  # None: everything


def mask(written: str) -> Mask:
    """Reads `a(b,c),d`, as if it were JSON."""
    if written == "*":
        return None
    names = re.sub(r"(\w+)(\(?)", lambda found: f'"{found[1]}":{"{" if found[2] else "null"}', written)
    try:
        return dict(json.loads(f"{{{names.replace(')', '}')}}}"))
    except ValueError:
        raise Refused(400) from None


def masked(value: Any, wanted: Mask) -> Any:
    if wanted is None:
        return value
    if isinstance(value, list):
        return [masked(each, wanted) for each in value]
    return {key: masked(each, wanted[key]) for key, each in value.items() if key in wanted}


def alert(alert_id: str = "0.oabc1d2e3f4g", host: str = "www.example.com", **fields: Any) -> dict[str, Any]:
    return {
        "name": f"projects/{PROJECT}/alerts/{alert_id}",
        "state": "OPEN",
        "openTime": "2026-11-24T09:00:00Z",
        "resource": {"type": "uptime_url", "labels": {"host": host, "project_id": PROJECT}},
        "metadata": {},
        "metric": {"type": "monitoring.googleapis.com/uptime_check/check_passed"},
        "policy": {
            "name": f"projects/{PROJECT}/alertPolicies/10818649829280032162",
            "displayName": "www uptime failure",
            "severity": "CRITICAL",
            "userLabels": {"team": "web"},
        },
        **fields,
    }


def check(check_id: str = "www-abc", host: str = "www.example.com", **fields: Any) -> dict[str, Any]:
    return {
        "name": f"projects/{PROJECT}/uptimeCheckConfigs/{check_id}",
        "displayName": "www",
        "monitoredResource": {"type": "uptime_url", "labels": {"host": host, "project_id": PROJECT}},
        "httpCheck": {
            "useSsl": True,
            "path": "/health",
            "port": 443,
            "requestMethod": "GET",
            "authInfo": {"username": "me", "password": "canary-of-a-check"},
        },
        "period": "300s",
        "timeout": "10s",
        **fields,
    }
