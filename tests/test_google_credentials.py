"""How the client logs in: every kind of credentials against the stand-in, and no secret in an error."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from google.credentials import Grant, Login
from google.refusals import GoogleError, exchange_refusal
from google.tokens import Tokens
from google.transport import NO_ANSWER, Transport
from tests.google_stand_in import NOW, GoogleStandIn, Refused
from tests.quiet import failure, quiet_log

KEY = rsa.generate_private_key(65537, 2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
USER = {
    "type": "authorized_user",
    "client_id": "id.apps.googleusercontent.com",
    "client_secret": "canary-secret",
    "refresh_token": "1//canary-refresh",
    "quota_project_id": "acme-quota",
}
ACCOUNT = {
    "type": "service_account",
    "client_email": "uptime@acme-monitoring.iam.gserviceaccount.com",
    "private_key": PEM,
    "private_key_id": "0123abcd",
}
EXTERNAL = {
    "type": "external_account",
    "audience": "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "credential_source": {"file": "subject"},
}


POOL = "iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p"


@dataclass
class TokenRig:
    """Tokens that the test can look into."""

    google: GoogleStandIn
    folder: Path
    make: Callable[[Path | None], Tokens]
    monotonic: float = 1000.0

    @property
    def file(self) -> Path:
        return self.folder / "credentials.json"

    def write(self, fields: dict[str, Any] | str) -> Tokens:
        urls = {"token_uri": f"{self.google.url}token", "token_url": f"{self.google.url}v1/token"}
        self.file.write_text(fields if isinstance(fields, str) else json.dumps(urls | fields))
        return self.make(self.file)


@pytest.fixture
async def rig(
    tmp_path: Path, google: GoogleStandIn, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[TokenRig]:
    transport = Transport(None)
    login = Login(transport, transport, lambda: NOW)
    made = TokenRig(google, tmp_path, lambda file: Tokens(login, file, lambda: made.monotonic))
    with quiet_log(caplog):
        yield made
    transport.close()


async def test_the_metadata_server_gives_tokens(rig: TokenRig) -> None:
    grant = await rig.make(None).get()
    assert grant == Grant("ya29.canary-1", 3599.0, member="serviceAccount:ACCOUNT")
    assert "canary" not in repr(grant)


@pytest.mark.parametrize(
    ("lifetime", "kept"),
    [
        *((3599, 3359), (300, 60), (240, 10), (0, 10), (-5, 10), (10**5, 3600), (10**18, 10), (10**400, 10)),
        *((json.loads(odd), 10) for odd in ("Infinity", "NaN", '"3599"', "true", "null", "[]", "1e400")),
    ],
)
async def test_a_token_is_kept_for_an_hour_at_most_and_briefly_if_its_lifetime_is_implausible(
    rig: TokenRig, lifetime: object, kept: float
) -> None:
    """Renewed four minutes before its end."""
    rig.google.new_token = lambda: {"access_token": "ya29.canary-1", "expires_in": lifetime}  # type: ignore[method-assign]
    tokens = rig.make(None)
    for seconds in (0, kept - 1, 1):
        rig.monotonic += seconds
        await tokens.get()
    assert len(rig.google.asked) == 2


async def test_a_user_logs_in_by_the_refresh_token(rig: TokenRig) -> None:
    grant = await rig.write(USER).get()
    assert grant.member == "user:EMAIL"  # the file does not say whose it is
    assert grant.headers() == {
        "Authorization": "Bearer ya29.canary-1",
        "X-Goog-User-Project": "acme-quota",
    }
    assert rig.google.grants[0]["grant_type"] == "refresh_token"


def read_unverified(assertion: str) -> list[dict[str, Any]]:
    """Header and claims. That the signature is right: `test_google_judges`."""
    return [json.loads(urlsafe_b64decode(f"{part}==")) for part in assertion.split(".")[:2]]


async def test_a_service_account_signs_its_own_assertion(rig: TokenRig) -> None:
    grant = await rig.write(ACCOUNT).get()
    header, claims = read_unverified(rig.google.grants[0]["assertion"])
    assert header == {"alg": "RS256", "typ": "JWT", "kid": "0123abcd"}
    assert claims == {
        "iss": ACCOUNT["client_email"],
        "scope": "https://www.googleapis.com/auth/monitoring.read https://www.googleapis.com/auth/logging.read",
        "aud": f"{rig.google.url}token",
        "iat": NOW.timestamp(),
        "exp": NOW.timestamp() + 3600,
    }
    assert grant.member == f"serviceAccount:{ACCOUNT['client_email']}"


@pytest.mark.parametrize("format_", [{}, {"type": "json", "subject_token_field_name": "id"}])
async def test_a_workload_exchanges_its_own_token(rig: TokenRig, format_: dict[str, str]) -> None:
    (rig.folder / "subject").write_text('{"id": "canary-subject"}' if format_ else "canary-subject\n")
    source = {"file": "subject", "format": format_}
    grant = await rig.write(EXTERNAL | {"credential_source": source}).get()
    assert (grant.token, grant.member) == ("ya29.canary-1", f"principal://{POOL}/subject/SUBJECT")
    assert rig.google.grants[0]["subject_token"] == "canary-subject"
    assert "cloud-platform" not in rig.google.grants[0]["scope"]


async def test_a_workload_may_act_as_a_service_account(rig: TokenRig) -> None:
    (rig.folder / "subject").write_text("canary-subject")
    url = f"{rig.google.url}v1/projects/-/serviceAccounts/a@b.test:generateAccessToken"
    grant = await rig.write(EXTERNAL | {"service_account_impersonation_url": url}).get()
    assert (grant.token, grant.lifetime) == ("ya29.canary-1", 3600.0)
    assert grant.member == "serviceAccount:a@b.test"


GRANT = (
    "with the subject of the exchanged token for SUBJECT, run: gcloud iam service-accounts "
    f"add-iam-policy-binding a@acme.iam.gserviceaccount.com --member=principal://{POOL}/subject/SUBJECT "
    "--role=roles/iam.workloadIdentityUser"
)


@pytest.mark.parametrize(
    ("refused", "told", "pause"),
    [
        (Refused(403), GRANT, None),
        (Refused(403, "IAM_PERMISSION_DENIED"), GRANT, None),
        (
            Refused(403, "SERVICE_DISABLED", consumer="projects/123"),
            "run: gcloud services enable iamcredentials.googleapis.com --project=123 ",
            None,
        ),
        (Refused(403, "SERVICE_DISABLED"), "iamcredentials.googleapis.com --project=acme ", None),
        (Refused(404), "is there a service account a@acme.iam.gserviceaccount.com,", None),
        (Refused(429), "the quota of iamcredentials.googleapis.com is used up", 60.0),
        (Refused(503, headers={"Retry-After": "9"}), "Google cannot answer right now", 9.0),
    ],
)
async def test_a_workload_that_may_not_act_as_a_service_account_says_why(
    rig: TokenRig, refused: Refused, told: str, pause: float | None
) -> None:
    (rig.folder / "subject").write_text("canary-subject")
    account = "a@acme.iam.gserviceaccount.com"
    url = f"{rig.google.url}v1/projects/-/serviceAccounts/{account}:generateAccessToken"
    rig.google.fail("generateAccessToken", refused)
    error = await failure(rig.write(EXTERNAL | {"service_account_impersonation_url": url}).get())
    assert told in str(error)
    assert ("workloadIdentityUser" in str(error)) is (told == GRANT)
    assert (error.code, error.retry_after) == (refused.code, pause)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"error": "invalid_grant", "error_description": "The given credential is rejected by the attribute condition."},
            r"\(400 invalid_grant\): The given credential is rejected by the attribute condition\.; is the token in subject out of date",
        ),
        (
            {"error": "invalid_target", "error_description": f'The target service indicated by the "audience" parameters is invalid: //{POOL}'},
            rf"\(400 invalid_target\): The target service .*{POOL}$",
        ),
        ({"error": "unauthorized_client", "error_description": "no"}, r"\(400 unauthorized_client\): no$"),
        ({"error": "invalid_request", "error_description": "Bad: " + "canary" * 9 + ".canary-subject"}, r"\): Bad: …\.…$"),
        ({"error": "invalid_request", "error_description": "long " * 99}, r"\): (long ){40}$"),
        ({"error": "canary words", "error_description": "canary"}, r"\(400\)$"),
        ({}, r"\(400\)$"),
    ],
)  # fmt: skip
async def test_a_token_that_is_not_exchanged_says_why(rig: TokenRig, body: dict[str, Any], told: str) -> None:
    (rig.folder / "subject").write_text("canary-subject")
    refused = Refused(400)
    refused.body = body
    rig.google.fail("v1/token", refused)
    said = str(await failure(rig.write(EXTERNAL).get()))
    assert re.search(told, said)
    assert "log in again" not in said


JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczov.bXktc2lnbmF0dXJl-x_Y"
BASE64 = "abcDEF123/ghiJKL456/mnoPQR789/stuVWX012/yzABC345+Q=="


@pytest.mark.parametrize("token", [JWT, BASE64, f"{JWT}\n", "short"])
@pytest.mark.parametrize("quoted", [slice(None), slice(0, -3), slice(2, 24), slice(-22, None)])
def test_no_part_of_a_token_that_google_quotes_is_told(token: str, quoted: slice) -> None:
    part = token.strip()[quoted] if len(token) > 8 else token
    body = {
        "error": "invalid_request",
        "error_description": f"The token '{part}' cannot be parsed, {part}...",
    }
    said = str(exchange_refusal(400, json.dumps(body).encode(), "/f", token))
    assert said.endswith(": The token '…' cannot be parsed, …...")


@pytest.mark.parametrize(
    "told",
    [
        f'The target service indicated by the "audience" parameters is invalid: //{POOL}',
        "The issuer https://token.actions.githubusercontent.com/ is not https://gitlab.example.com:8443/",
        "See https://cloud.google.com/iam/docs/workload-identity-pools",
        "Invalid value for subject_token_type: urn:ietf:params:oauth:token-type:jwt",
        "IAM Service Account Credentials API iamcredentials.googleapis.com is disabled in project 123456789012",
    ],
)
def test_what_google_says_besides_a_token_stays(told: str) -> None:
    body = {"error": "invalid_request", "error_description": told}
    for token in (JWT, BASE64, ""):
        said = str(exchange_refusal(400, json.dumps(body).encode(), "/f", token))
        assert said.endswith(f": {told}")


async def test_another_file_is_used_at_once(rig: TokenRig) -> None:
    tokens = rig.write(USER)
    await tokens.get()
    rig.write(ACCOUNT)
    await tokens.get()
    assert [form["grant_type"][-10:] for form in rig.google.grants] == ["resh_token", "jwt-bearer"]
    rig.file.unlink()
    assert "No such file" in str(await failure(tokens.get()))
    rig.write("ya29.canary-of-a-file")
    assert (await tokens.get()).token == "ya29.canary-of-a-file"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "holds neither JSON credentials nor a token"),
        ("ya29.canary and more", "holds neither JSON credentials nor a token"),
        ("\xff", "holds neither JSON credentials nor a token"),
        *[(broken, "holds neither JSON credentials nor a token") for broken in ("{", "[]", '"canary"', '{"type":"service_account",')],
        ("[" * 100_000, "is larger than 65536 bytes"),
        ("[" * 60_000, "holds neither|no credentials"),
        ("{}", "does not hold credentials of a supported kind"),
        ('{"type": "impersonated_service_account"}', "does not hold credentials of a supported kind"),
        ('{"type": "authorized_user", "client_id": "canary"}', "has no 'client_secret'; download it again"),
        (json.dumps(ACCOUNT | {"private_key": "canary"}), "private key in .* cannot be used: it is not in PEM format"),
        (json.dumps(ACCOUNT | {"token_uri": "http://canary.example.com"}), "token_uri in /.*credentials.json must be an https URL, or http to this machine"),
        (json.dumps(EXTERNAL | {"service_account_impersonation_url": "http://canary.example.com"}), "service_account_impersonation_url in /.*credentials.json must be"),
        (json.dumps(EXTERNAL | {"credential_source": {"url": "http://169.254.169.254/canary"}}), "credential_source must be a file"),
        (json.dumps(EXTERNAL), "cannot read .*/subject: No such file"),
    ],
)  # fmt: skip
async def test_an_unusable_file_is_reported_with_the_reason(rig: TokenRig, content: str, told: str) -> None:
    assert re.search(told, str(await failure(rig.write(content).get())))


async def test_a_missing_metadata_server_is_asked_only_now_and_then(
    rig: TokenRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def fetch(*_: object) -> None:
        nonlocal tries
        tries += 1
        raise GoogleError("no answer from metadata.google.internal (HTTPTimeoutError)", code=NO_ANSWER)

    tokens = rig.make(None)
    monkeypatch.setattr(tokens._login._local, "fetch", fetch)
    for seconds in (0, 1, 6, 2):
        rig.monotonic += seconds
        assert "outside Google Cloud, set it to a file of credentials" in str(await failure(tokens.get()))
    assert tries == 2


async def test_a_metadata_server_that_does_not_identify_itself_is_not_trusted(rig: TokenRig) -> None:
    rig.google.says_it_is_google = False
    assert "is GCE_METADATA_HOST right?" in str(await failure(rig.make(None).get()))


EXPIRED = {"error": "invalid_grant", "error_description": "canary"}


@pytest.mark.parametrize(
    ("login", "code", "body", "told"),
    [
        (None, 404, {}, "this machine has no service account"),
        (None, 403, {}, r"the metadata server issued no token \(403\)"),
        (USER, 400, EXPIRED, "log in again, .* this machine's clock right"),
        (USER, 400, {"error": "canary words"}, r"Google's login issued no token \(400\)$"),
        (USER, 400, {"error": {"status": "canary"}}, r"issued no token \(400\)$"),
    ],
)
async def test_a_login_that_is_refused_says_why(
    rig: TokenRig, login: dict[str, Any] | None, code: int, body: dict[str, Any], told: str
) -> None:
    refused = Refused(code)
    refused.body = body
    rig.google.fail("/token", refused)
    tokens = rig.write(login) if login else rig.make(None)
    assert re.search(told, str(await failure(tokens.get())))


@pytest.mark.parametrize("token", ["", None, 5, "a b", "canary\r\nX: y", "ü"])
async def test_what_cannot_be_a_token_is_refused(rig: TokenRig, token: object) -> None:
    rig.google.new_token = lambda: {"access_token": token, "expires_in": 60}  # type: ignore[method-assign]
    assert "answered without a token" in str(await failure(rig.write(USER).get()))
