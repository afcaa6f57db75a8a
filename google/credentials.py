"""Logs in to Google: a token from the metadata server or from a file of credentials.

Files: https://docs.cloud.google.com/docs/authentication/application-default-credentials
Metadata server: https://docs.cloud.google.com/compute/docs/access/authenticate-workloads
Token exchange: RFC 8693. JWT: RFC 7523. An error never contains a token or a key.
"""

import asyncio
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from config.files import read_file, why_not
from google.fields import MAX_OBJECT, clean, json_object, mapping, text, timestamp
from google.refusals import Asked, GoogleError, exchange_refusal, impersonation_refusal, refusal
from google.rs256 import BadKey, read_key, sign
from google.transport import Answer, Transport, metadata_url, safe_url

SCOPES = tuple(f"https://www.googleapis.com/auth/{name}" for name in ("monitoring.read", "logging.read"))
ANY_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
TOKEN_URL, EXCHANGE_URL = "https://oauth2.googleapis.com/token", "https://sts.googleapis.com/v1/token"
GRANT, TYPE = "urn:ietf:params:oauth:grant-type:", "urn:ietf:params:oauth:token-type:"
IMPERSONATED = re.compile(r"/serviceAccounts/([\w.@-]{1,200}):generateAccessToken$", re.ASCII)
POOL = re.compile(
    r"//(iam\.googleapis\.com/[\w./-]{1,200}/work\w{1,20}Pools/[\w-]{1,100})/providers/", re.ASCII
)
TOKEN = re.compile(r"[A-Za-z0-9._~+/-]{1,8192}=*")  # RFC 6750, 2.1: no piece of JSON
LONGEST_LIFETIME = 1e6  # seconds; a token that claims to last longer is refused
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FLAVOR = "Metadata-Flavor"
NOTHING_GRANTED = "{} answered without a token; something in between may have changed it"


class Grant(NamedTuple):
    """A token, how many seconds it is valid, and whose it is, as IAM writes that. Never log it."""

    token: str
    lifetime: float = 0.0
    quota_project: str = ""
    member: str = ""

    def __repr__(self) -> str:
        return "Grant(…)"

    def headers(self) -> dict[str, str]:
        quota = {"X-Goog-User-Project": self.quota_project} if self.quota_project else {}
        return {"Authorization": f"Bearer {self.token}", **quota}


class TokenRequest(NamedTuple):
    """A form to send for a token, and what is known of the grant beforehand. Never log it."""

    url: str
    form: dict[str, str]
    member: str = ""
    quota_project: str = ""
    impersonation_url: str = ""  # where the token is exchanged for that of a service account
    subject: str = ""  # the file with another provider's token, if that is what is exchanged

    def __repr__(self) -> str:
        return "TokenRequest(…)"


class Login:
    """Asks for tokens. `local` is the client without a proxy, for the metadata server."""

    def __init__(self, transport: Transport, local: Transport, now: Callable[[], datetime]) -> None:
        self._transport = transport
        self._local = local
        self._now = now

    async def from_metadata(self) -> Grant:
        """Raises GoogleError."""
        url = f"{metadata_url()}instance/service-accounts/default/token"
        try:
            answer = await self._local.fetch(url, {FLAVOR: "Google"})
        except GoogleError as error:
            raise GoogleError(
                f"google.credentials is metadata, but the metadata server cannot be reached: {error}; "
                "outside Google Cloud, set it to a file of credentials",
                code=error.code,
            ) from None
        if answer.code == 404:
            raise GoogleError("this machine has no service account; attach one to it", code=404)
        if answer.code == 200 and answer.headers.get(FLAVOR) != "Google":
            raise GoogleError(
                "what answers as the metadata server is not Google's; is GCE_METADATA_HOST right?"
            )
        return _read_grant(answer, "the metadata server")._replace(member="serviceAccount:ACCOUNT")

    async def from_file(self, content: bytes, file: Path) -> Grant:
        """Raises GoogleError."""
        request = await prepare_login(content, file, self._now())
        if isinstance(request, Grant):
            return request
        answer = await self._transport.fetch(request.url, FORM, urlencode(request.form).encode())
        if request.subject and answer.code != 200:
            raise exchange_refusal(answer.code, answer.body, request.subject, request.form["subject_token"])
        grant = _read_grant(answer, "Google's login")
        if request.impersonation_url:
            return await self._impersonated(request.impersonation_url, grant, request.member)
        return grant._replace(quota_project=request.quota_project, member=request.member)

    async def _impersonated(self, url: str, grant: Grant, principal: str) -> Grant:
        body = json.dumps({"scope": SCOPES, "lifetime": "3600s"}).encode()
        answer = await self._transport.fetch(
            url, {**grant.headers(), "Content-Type": "application/json"}, body
        )
        found = IMPERSONATED.search(url)
        account = found[1] if found else "ACCOUNT"
        if answer.code != 200:
            project = account.partition("@")[2].partition(".")[0] or "PROJECT"
            asked = Asked(project, "iamcredentials", "the account")
            error = refusal(answer.code, answer.headers, answer.body, asked, self._now())
            raise impersonation_refusal(error, account, principal)
        fields = json_object(answer.body) or {}
        token, expires = text(fields, "accessToken"), timestamp(fields, "expireTime")
        if not TOKEN.fullmatch(token):
            raise GoogleError(NOTHING_GRANTED.format(f"what impersonates {account}"))
        lifetime = (expires - self._now()).total_seconds() if expires else 0.0
        return Grant(token, lifetime, member=f"serviceAccount:{account}")


async def read_credentials(file: Path) -> bytes:
    """Read the file in a thread, as it may be on a mount that hangs. Raises GoogleError."""
    try:
        content, _ = await asyncio.to_thread(read_file, file, MAX_OBJECT)
    except OSError as error:
        raise GoogleError(f"cannot read {file}: {why_not(error, file)}") from None
    return content


async def prepare_login(content: bytes, file: Path, now: datetime) -> Grant | TokenRequest:
    """The token in the file, or the request for one. Does not use the network. Raises GoogleError."""
    fields = json_object(content)
    if fields is None:
        return _bare_token(content, file)
    try:
        match fields.get("type"):
            case "authorized_user":
                return _user_request(fields, file)
            case "service_account":
                return await _service_account_request(fields, file, now)
            case "external_account":
                return await _workload_request(fields, file)
    except BadKey as error:
        raise GoogleError(f"the private key in {file} cannot be used: {error}; create another one") from None
    kinds = "authorized_user, service_account, external_account"
    raise GoogleError(f"{file} does not hold credentials of a supported kind: {kinds}")


def _user_request(fields: dict[str, Any], file: Path) -> TokenRequest:
    form = {key: _needed(fields, key, file) for key in ("client_id", "client_secret", "refresh_token")}
    url, quota_project = _url(fields, "token_uri", TOKEN_URL, file), clean(fields.get("quota_project_id"))
    return TokenRequest(url, form | {"grant_type": "refresh_token"}, "user:EMAIL", quota_project)


async def _service_account_request(fields: dict[str, Any], file: Path, now: datetime) -> TokenRequest:
    url, account = _url(fields, "token_uri", TOKEN_URL, file), _needed(fields, "client_email", file)
    key = read_key(_needed(fields, "private_key", file))
    issued = int(now.timestamp())
    header = {"alg": "RS256", "typ": "JWT", "kid": text(fields, "private_key_id")}
    claims = {
        "iss": account,
        "scope": " ".join(SCOPES),
        "aud": url,
        "iat": issued,
        "exp": issued + 3600,
    }
    signed = f"{_base64(json.dumps(header).encode())}.{_base64(json.dumps(claims).encode())}"
    assertion = f"{signed}.{_base64(await sign(signed.encode(), key))}"
    form = {"grant_type": f"{GRANT}jwt-bearer", "assertion": assertion}
    return TokenRequest(url, form, f"serviceAccount:{clean(account)}")


async def _workload_request(fields: dict[str, Any], file: Path) -> TokenRequest:
    """Exchanges another provider's token (workload identity federation), and may impersonate with it."""
    source = mapping(fields, "credential_source")
    if not text(source, "file"):
        raise GoogleError(f"{file}: credential_source must be a file; URLs and commands are not supported")
    key = "service_account_impersonation_url"
    impersonated = _url(fields, key, "", file) if text(fields, key) else ""
    form = {
        "grant_type": f"{GRANT}token-exchange",
        "requested_token_type": f"{TYPE}access_token",
        "audience": _needed(fields, "audience", file),
        "subject_token": await _subject_token(source, file),
        "subject_token_type": _needed(fields, "subject_token_type", file),
        "scope": ANY_SCOPE if impersonated else " ".join(SCOPES),
    }
    pool = POOL.match(form["audience"])
    principal = f"principal://{pool[1]}/subject/SUBJECT" if pool else ""
    url, subject = _url(fields, "token_url", EXCHANGE_URL, file), text(source, "file")
    return TokenRequest(url, form, principal, impersonation_url=impersonated, subject=subject)


def _read_grant(answer: Answer, whose: str) -> Grant:
    """Read the answer of a token endpoint. Its error codes are those of RFC 6749, 5.2."""
    fields = json_object(answer.body) or {}
    if answer.code != 200:
        error = text(fields, "error")
        word = f" {error}" if re.fullmatch(r"[a-z_]{1,40}", error) else ""
        hints = {
            "invalid_grant": "; log in again, or create another key; is this machine's clock right?",
            "invalid_client": "; the file is damaged, or its client was deleted",
        }
        raise GoogleError(
            f"{whose} issued no token ({answer.code}{word}){hints.get(error, '')}", code=answer.code
        )
    token, lifetime = text(fields, "access_token"), fields.get("expires_in")
    if not TOKEN.fullmatch(token):
        raise GoogleError(NOTHING_GRANTED.format(whose))
    if not isinstance(lifetime, int | float) or not 0 < lifetime < LONGEST_LIFETIME:
        lifetime = 0.0
    return Grant(token, float(lifetime))


def _bare_token(content: bytes, file: Path) -> Grant:
    token = content.decode("ascii", "replace").strip()
    if not TOKEN.fullmatch(token):
        raise GoogleError(f"{file} holds neither JSON credentials nor a token; see docs/google.md")
    return Grant(token)


async def _subject_token(source: dict[str, Any], file: Path) -> str:
    content = await read_credentials(file.parent / text(source, "file"))
    form = mapping(source, "format")
    if text(form, "type") != "json":
        return content.decode("utf-8", "replace").strip()
    return _needed(
        json_object(content) or {}, text(form, "subject_token_field_name"), Path(text(source, "file"))
    )


def _needed(fields: dict[str, Any], key: str, file: Path) -> str:
    if found := text(fields, key):
        return found
    raise GoogleError(f"{file} has no {clean(key)[:60]!a}; download it again")


def _url(fields: dict[str, Any], key: str, default: str, file: Path) -> str:
    return safe_url(text(fields, key) or default, f"{key} in {file}")


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
