"""Says why Google's API refused a request, and how to fix that.

It goes by the HTTP code, `status` and `reason`, never by the message: https://google.aip.dev/193
"""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from tornado.httputil import HTTPHeaders

from google.fields import clean, duration, json_object, mapping, mappings, text

WORD = re.compile(r"[A-Z][A-Z0-9_]{1,60}")
CONSUMER = re.compile(r"projects/([\w.:-]{1,100})", re.ASCII)
LONG_WORD = re.compile(r"[\w+=~-]{25,}")  # perhaps a token in another form
SECRET_PART = 8  # characters: so many in a row that a text shares with a token are no coincidence
MAX_DESCRIPTION = 200  # characters
DIGITS = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)
LONGEST_ASKED_PAUSE, QUOTA_PAUSE = 3600.0, 60.0  # seconds


OWNERS = {  # what to put in place of these words, where the credentials do not say whose they are
    "ACCOUNT": "this machine's service account",
    "SUBJECT": "the subject of the exchanged token",
    "EMAIL": "your address",
}


class GoogleError(Exception):
    """The text says what is wrong and how to fix it, and contains no secret.

    `retry_after` is how many seconds Google asked us to wait, if it did. `code` is the HTTP status code; 0 if
    there was no answer, or only one to a login that is not worth trying again.
    """

    def __init__(self, text: str, retry_after: float | None = None, code: int = 0) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.code = code


class Asked(NamedTuple):
    """What was asked for, so that the error can say how to fix it."""

    project: str
    service: str  # monitoring or logging
    what: str  # such as alerts or uptimeCheckConfigs
    member: str = ""  # whom the credentials belong to, as IAM writes it, if known
    is_project_right: bool = False  # something else of this project has been read

    @property
    def api(self) -> str:
        return f"{self.service}.googleapis.com"


def refusal(code: int, headers: HTTPHeaders, body: bytes, asked: Asked, now: datetime) -> GoogleError:
    """The error to raise. It quotes only those words of the answer that cannot be secret."""
    error = mapping(json_object(body) or {}, "error")
    details = mappings(error, "details")
    reasons = [reason for each in details if WORD.fullmatch(reason := text(each, "reason"))]
    status = text(error, "status")
    said = " ".join([str(code), *([status] if WORD.fullmatch(status) else []), *reasons[:1]])
    pause = _pause(headers, details, now)
    if code == 429:
        pause = max(pause or 0.0, QUOTA_PAUSE)
    return GoogleError(f"{_hint(code, reasons, details, asked)} ({said})", pause, code)


def impersonation_refusal(error: GoogleError, account: str, principal: str) -> GoogleError:
    """What `refusal` says, but for whether `principal` may act as a service account."""
    if error.code == 403 and "SERVICE_DISABLED" not in str(error):
        member = principal or "principal://POOL/subject/SUBJECT"
        why = (
            f"with {OWNERS['SUBJECT']} for SUBJECT, run: gcloud iam service-accounts add-iam-policy-binding "
            f"{account} --member={member} --role=roles/iam.workloadIdentityUser"
        )
    elif error.code == 404:
        why = f"is there a service account {account}, as service_account_impersonation_url says?"
    else:
        why = str(error)
    told = f"cannot act as the service account ({error.code}): {why}"
    return GoogleError(told, error.retry_after, error.code)


def exchange_refusal(code: int, body: bytes, file: str, secret: str) -> GoogleError:
    """Why another provider's token, which is in `file`, is not exchanged: RFC 6749, 5.2, and RFC 8693, 2.2.2.

    Google's description says which part of the configuration is wrong. It may quote what was sent.
    """
    fields = json_object(body) or {}
    found = text(fields, "error")
    word = f" {found}" if re.fullmatch(r"[a-z_]{1,40}", found) else ""
    told = _without_parts_of(secret, clean(fields.get("error_description")))
    told = LONG_WORD.sub("…", told)[:MAX_DESCRIPTION]
    question = f"; is the token in {file} out of date, or not one that the pool accepts?"
    why = question if found == "invalid_grant" else ""
    said = f": {told}" if told and word else ""
    return GoogleError(f"Google does not exchange the token ({code}{word}){said}{why}", code=code)


def _without_parts_of(secret: str, told: str) -> str:
    """A printable text in which … stands for all that it has in common with a secret."""
    size = min(SECRET_PART, len(secret)) or len(told) + 1
    starts = [at for at in range(len(told) - size + 1) if told[at : at + size] in secret]
    hidden = {at + offset for at in starts for offset in range(size)}
    return re.sub("\0+", "…", "".join("\0" if at in hidden else char for at, char in enumerate(told)))


def _hint(code: int, reasons: list[str], details: list[dict[str, Any]], asked: Asked) -> str:
    api, project = asked.api, asked.project
    if code == 403:
        return _permission(reasons, details, asked)
    if 300 <= code < 400:
        return (
            "the answer is a redirect, which Google never sends; something in between may have intercepted it"
        )
    doubt = "" if asked.is_project_right else f"; is {project} the right google.project?"
    hints = {
        400: f"Google rejects the request for {asked.what}{doubt}",
        401: "Google does not accept the token; are the credentials of google.credentials still valid?",
        404: f"Google does not find {asked.what} in project {project}{doubt}",
        429: f"the quota of {api} is used up; ask less often with google.every",
        501: f"{api} does not offer this in project {project}",
    }
    return hints.get(code, "Google cannot answer right now")


def _permission(reasons: list[str], details: list[dict[str, Any]], asked: Asked) -> str:
    if "SERVICE_DISABLED" in reasons:
        named = (CONSUMER.fullmatch(text(mapping(each, "metadata"), "consumer")) for each in details)
        consumer = next((found[1] for found in named if found), asked.project)
        return f"the API is not enabled; run: gcloud services enable {asked.api} --project={consumer}"
    if "ACCESS_TOKEN_SCOPE_INSUFFICIENT" in reasons:
        return (
            f"the credentials lack the scope {asked.service}.read; on a VM, stop it, run: gcloud compute "
            "instances set-service-account VM --scopes=cloud-platform, and start it again"
        )
    if "USER_PROJECT_DENIED" in reasons:
        return "the account may not use its quota project; grant it roles/serviceusage.serviceUsageConsumer"
    doubt = "" if asked.is_project_right else f", or {asked.project} is the wrong google.project"
    member = asked.member or "serviceAccount:ACCOUNT"
    placeholder = re.split(r"[:/]", member)[-1]
    owner = OWNERS.get(placeholder, "") if asked.member else "the account of the token"
    whose = f"with {owner} for {placeholder}, " if owner else ""
    return (
        f"the role is missing{doubt}; {whose}run: gcloud projects "
        f"add-iam-policy-binding {asked.project} --member={member} "
        f"--role=roles/{asked.service}.viewer --condition=None"
    )


def _pause(headers: HTTPHeaders, details: list[dict[str, Any]], now: datetime) -> float | None:
    """The seconds in Retry-After (a number or a date) or in google.rpc.RetryInfo."""
    header = headers.get("Retry-After", "").strip()
    asked = [span.total_seconds() for each in details if (span := duration(each, "retryDelay"))]
    if DIGITS.fullmatch(header):
        asked.append(float(header))
    elif header:
        try:
            until = parsedate_to_datetime(header)
            asked.append((until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds())
        except (ValueError, OverflowError, TypeError):
            pass
    return max((min(max(seconds, 0.0), LONGEST_ASKED_PAUSE) for seconds in asked), default=None)
