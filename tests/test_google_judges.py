"""The stand-in, and with it the client, checked against Google's own documents and clients.

Google's clients run as programs of their own, since their package has the same name as ours.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
from cryptography.hazmat.primitives import serialization

from config import Google
from google.api import FIELDS, GoogleApi
from google.rs256 import read_key, sign
from tests.builders import HOUR
from tests.discovery import json_schema, query_parameters
from tests.google_examples import CHANNEL, POLICY, failed_delivery, snooze
from tests.google_stand_in import LISTS, NOW, PROJECT, GoogleStandIn, Mask, alert, check, mask
from tests.test_google_credentials import ACCOUNT, KEY, PEM
from tests.test_google_parsers import captured

ANSWERS = {
    "alerts": "ListAlertsResponse",
    "uptimeCheckConfigs": "ListUptimeCheckConfigsResponse",
    "alertPolicies": "ListAlertPoliciesResponse",
    "notificationChannels": "ListNotificationChannelsResponse",
    "snoozes": "ListSnoozesResponse",
}
STRATEGY = {"autoClose": "1800s", "notificationPrompts": ["OPENED", "CLOSED"]}
SNOOZE, ENTRY = snooze(NOW - HOUR, NOW + HOUR), failed_delivery(NOW)


@pytest.fixture
def google(google: GoogleStandIn) -> GoogleStandIn:
    google.lists |= {
        "alerts": [alert(f"0.oabc1d2e{n:04}") for n in range(3)],
        "uptimeCheckConfigs": [check(), check("tcp", httpCheck={}, tcpCheck={"port": 5432})],
        "alertPolicies": [POLICY | {"alertStrategy": STRATEGY}],
        "notificationChannels": [CHANNEL],
        "snoozes": [SNOOZE],
    }
    google.lists["uptimeCheckConfigs"][1].pop("httpCheck")
    google.entries = [ENTRY]
    return google


def valid(answer: object, document: str, resource: str) -> bool:
    found = jsonschema.Draft202012Validator(json_schema(document, resource)).iter_errors(answer)
    return not list(found)


@pytest.mark.parametrize("kind", LISTS)
def test_the_stand_in_accepts_the_parameters_that_google_documents(kind: str) -> None:
    standard = {"$.xgafv", "access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "uploadType", "upload_protocol"}  # fmt: skip
    assert query_parameters("monitoring.v3", kind, "list") - standard == LISTS[kind]


@pytest.mark.parametrize("kind", LISTS)
def test_what_the_stand_in_lists_is_as_google_documents_it(google: GoogleStandIn, kind: str) -> None:
    answer = {kind: google.lists[kind], "nextPageToken": "x"}
    assert valid(answer, "monitoring.v3", ANSWERS[kind])


@pytest.mark.parametrize("wrong", [{"state": "open"}, {"open_time": "x"}, {"openTime": "now"}, {"policy": {"severity": "No severity"}}])  # fmt: skip
def test_the_judge_finds_what_is_wrong(wrong: dict[str, Any]) -> None:
    assert valid(alert(), "monitoring.v3", "Alert")
    assert not valid(alert() | wrong, "monitoring.v3", "Alert")


async def test_the_client_asks_only_what_google_documents(google: GoogleStandIn, client: GoogleApi) -> None:
    for call in (client.open_alerts, client.checks, client.policies, client.channels):
        await call()
    await client.snoozes(NOW)
    lists = [urlsplit(path) for path in google.asked if path.startswith("/v3/")]
    assert len(lists) == 5
    for asked in lists:
        allowed = query_parameters("monitoring.v3", asked.path.rpartition("/")[2], "list")
        assert {name for name, _ in parse_qsl(asked.query)} <= allowed


@pytest.mark.parametrize(("kind", "fields"), FIELDS.items())
def test_the_fields_that_are_asked_for_are_there(kind: str, fields: str) -> None:
    schema = json_schema("monitoring.v3", ANSWERS[kind])
    assert unknown_fields(mask(f"{kind}({fields}),nextPageToken"), schema, schema["$defs"]) == set()
    assert unknown_fields(mask("alerts(open_time)"), schema, schema["$defs"])


def unknown_fields(wanted: Mask, schema: dict[str, Any], known: dict[str, Any]) -> set[str]:
    if wanted is None:
        return set()
    while "properties" not in schema:
        schema = schema["items"] if "items" in schema else known[schema["$ref"].rpartition("/")[2]]
    has = schema["properties"]
    inner = [unknown_fields(wanted[name], has[name], known) for name in wanted.keys() & has.keys()]
    return set(wanted.keys() - has.keys()).union(*inner)


@pytest.mark.parametrize("kind", ["uptimeCheckConfigs", "alertPolicies", "notificationChannels"])
def test_captured_lists_are_as_google_documents_them(kind: str) -> None:
    assert valid(captured(f"{kind}-list-2020.json"), "monitoring.v3", ANSWERS[kind])


def test_a_failed_delivery_is_as_google_documents_it() -> None:
    assert valid({"entries": [ENTRY]}, "logging.v2", "ListLogEntriesResponse")
    assert valid(
        captured("logging-entries-notification-failed-2023.json"), "logging.v2", "ListLogEntriesResponse"
    )


async def run(program: str, *arguments: str) -> Any:
    """What a program prints, as JSON. It sees only installed packages."""
    command = (sys.executable, "-I", "-W", "ignore", "-c", program, *arguments)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    printed, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    return json.loads(printed)


GOOGLES_CLIENT = """
import json, sys
from google.oauth2.credentials import Credentials
from google.api_core.client_options import ClientOptions
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError
url, project, token = sys.argv[1:]
def service(name, version):
    return build(name, version, static_discovery=True, credentials=Credentials(token), client_options=ClientOptions(api_endpoint=url))
monitoring = service("monitoring", "v3")
projects, parent = monitoring.projects(), f"projects/{project}"
def pages(collection, key, **arguments):
    found, request = [], collection.list(**arguments)
    while request:
        answer = request.execute()
        found += answer.get(key, [])
        request = collection.list_next(request, answer)
    return found
def code(request):
    try:
        return request.execute()
    except HttpError as error:
        return [error.status_code, error.reason]
print(json.dumps({
    "alerts": pages(projects.alerts(), "alerts", parent=parent, pageSize=2, filter='state="OPEN"', fields="alerts(name,state),nextPageToken"),
    "checks": pages(projects.uptimeCheckConfigs(), "uptimeCheckConfigs", parent=parent),
    "policies": pages(projects.alertPolicies(), "alertPolicies", name=parent),
    "channels": pages(projects.notificationChannels(), "notificationChannels", name=parent),
    "snoozes": pages(projects.snoozes(), "snoozes", parent=parent, filter='interval.end_time > "2026-11-24T12:00:00Z"'),
    "alert": projects.alerts().get(name=f"{parent}/alerts/0.oabc1d2e0001").execute()["openTime"],
    "unknown": code(projects.alerts().get(name=f"{parent}/alerts/0.none")),
    "entries": pages(service("logging", "v2").entries(), "entries", body={"resourceNames": [parent], "filter": 'resource.labels.channel_id="17"'}),
}))
"""


async def test_googles_own_client_understands_the_stand_in(google: GoogleStandIn) -> None:
    found = await run(GOOGLES_CLIENT, google.url, PROJECT, "ya29.canary-1")
    assert found == {
        "alerts": [{"name": each["name"], "state": "OPEN"} for each in google.lists["alerts"]],
        "checks": google.lists["uptimeCheckConfigs"],
        "policies": google.lists["alertPolicies"],
        "channels": [CHANNEL],
        "snoozes": [SNOOZE],
        "alert": "2026-11-24T09:00:00Z",
        "unknown": [404, "canary-text"],
        "entries": [ENTRY],
    }
    assert google.compressed


GOOGLES_LOGIN = """
import json, sys
from google.auth import crypt, jwt
from google.auth.compute_engine import Credentials
from google.auth.transport.requests import Request
public, private, audience, assertion, signed = sys.argv[1:]
credentials = Credentials()
credentials._retrieve_info = lambda request: None
credentials.refresh(Request())
print(json.dumps({
    "token": [credentials.token, credentials.valid],
    "issuer": jwt.decode(assertion, certs={"0123abcd": public}, verify=True, audience=audience)["iss"],
    "signature": crypt.RSASigner.from_string(private, "k").sign(signed).hex(),
}))
"""


async def test_google_auth_takes_a_token_from_the_stand_in_verifies_our_assertion_and_signs_the_same(
    google: GoogleStandIn, tmp_path: Path
) -> None:
    seen: list[str] = []
    google.check_assertion = seen.append
    file, audience = tmp_path / "key.json", f"{google.url}token"
    file.write_text(json.dumps(ACCOUNT | {"token_uri": audience}))
    client = GoogleApi(Google(PROJECT, file, timedelta(minutes=5)), None, lambda: datetime.now(UTC))
    await client.checks()
    client.close()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public = KEY.public_key().public_bytes(serialization.Encoding.PEM, form).decode()
    assert await run(GOOGLES_LOGIN, public, PEM, audience, seen[0], "header.claims") == {
        "token": ["ya29.canary-1", True],
        "issuer": ACCOUNT["client_email"],
        "signature": (await sign(b"header.claims", read_key(PEM))).hex(),
    }
