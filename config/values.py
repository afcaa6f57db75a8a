"""Readers for single values. Each takes the text of a scalar and raises ValueError saying what to write.

No message quotes a secret.
"""

import re
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from config.placeholders import is_reference, quotes_around
from config.times import OFF
from languages import LANGUAGES

BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
LANGUAGE_NAMES = {"english": "en", "korean": "ko", "한국어": "ko"}
METADATA = "metadata"
CHANNEL_NAME = re.compile(r"[\w.-]{1,80}")
MENTION = re.compile(r"here|channel|[UWS][A-Z0-9]{2,30}")
SYSTEMD_CREDENTIAL = re.compile(r"(?:%d|\$\{?CREDENTIALS_DIRECTORY\}?)/")
# What shells, systemd and templates would expand.
EXPANSION = re.compile(r"(?:^|/)~|\$[\w{(]|%[A-Za-z%{(]|@\w+@|\{\w+\}|^<|`")
NOT_A_PATH = re.compile(r"^[A-Za-z]+:[/\\]|\\|(?:^|/)\.{0,2}$")  # file:/x, C:\x, a folder
PROJECT = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|[1-9][0-9]{5,18}")
WIRE_FORM = re.compile(r"<(?:!subteam\^|[!@])([A-Za-z0-9]+)(?:\|[^>]*)?>")
SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{2,20}")
SLACK_ID_KINDS = {  # by the first letter
    "A": "an app",
    "B": "a bot",
    "C": "a channel",
    "D": "a direct message",
    "E": "an organization",
    "G": "a private channel",
    "T": "a workspace",
    "U": "a person",
    "W": "a person",
}


def integer(low: int, high: int, text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", text) or not low <= int(text) <= high:
        raise ValueError(f"write a whole number from {low} to {high}")
    return int(text)


def days(low: int, high: int, text: str) -> int:
    """`90`, `90d`, `90 days`."""
    return integer(low, high, re.sub(r" ?(?:d|days?)$", "", text.lower()))


def split(text: str) -> list[str]:
    """The items of a text in place of a list."""
    return re.split(r"[\s,]+", text.strip())


def split_or_off(text: str) -> list[str]:
    return [] if text.strip().lower() in OFF else split(text)


def channel_name(text: str) -> str:
    if not CHANNEL_NAME.fullmatch(text):
        raise ValueError("write a name of letters, digits, dots, - and _, such as ops")
    return text


def path(text: str) -> Path:
    text = text.strip()
    if SYSTEMD_CREDENTIAL.match(text):
        raise ValueError(
            "write only the name of the credential, such as gcp-password; systemd supplies the folder"
        )
    if quotes := quotes_around(text):
        raise ValueError(f"{quotes} are part of the value; remove them")
    if not text.isprintable() or "://" in text or NOT_A_PATH.search(text):
        raise ValueError("write the path of a file, such as /srv/x.json")
    if is_reference(text) or EXPANSION.search(text):
        raise ValueError("~ and variables are not expanded here; write the full path, such as /srv/x.json")
    return Path(text)


def path_or_none(text: str) -> Path | None:
    return path(text) if text else None


def project(text: str) -> str:
    """The id or number of a Google Cloud project; empty for none."""
    text = text.removeprefix("projects/")
    if text and not PROJECT.fullmatch(text):
        raise ValueError(
            "write the id of a project, such as acme-monitoring, not its name; see: gcloud projects list"
        )
    return text


def credentials(text: str) -> Path | None:
    """The path of a file; None for the metadata server."""
    if text.startswith(("{", "ya29.")):
        raise ValueError("save the credentials in a file, and write its path")
    if text.lower() in ("", METADATA):
        return None
    if get_close_matches(text.lower(), [METADATA], cutoff=0.85):
        raise ValueError(f"write {METADATA}, or ./{text} for a file of that name")
    return path(text)


def user_name(text: str) -> str:
    if not text or ":" in text or not text.isprintable():
        raise ValueError("write a name without a colon, which Basic authentication cannot carry")
    return text


def secret(text: str) -> str:
    if not text:
        raise ValueError("is empty; write a secret, such as the output of: openssl rand -base64 24")
    if text != text.strip() or not text.isprintable():
        raise ValueError("begins or ends with white space, or contains control characters; remove them")
    return text


def boolean(text: str) -> bool:
    if text.lower() not in BOOLEANS:
        raise ValueError("write true or false")
    return BOOLEANS[text.lower()]


def language(text: str) -> str:
    """`ko`, `Korean` or `ko_KR`."""
    code = LANGUAGE_NAMES.get(text.lower(), re.split(r"[-_]", text.lower())[0])
    if code not in LANGUAGES:
        raise ValueError(f"write {' or '.join(LANGUAGES)}")
    return code


def mention(text: str) -> str:
    """`here`, `channel` or an id, also in Slack's notation: `@here`, `<!here>`, `<@U024BE7LH>`."""
    bare = WIRE_FORM.sub(r"\1", text).removeprefix("@")
    text = bare.lower() if bare.lower() in ("here", "channel") else bare
    if not MENTION.fullmatch(text):
        raise ValueError("write here, channel, or the id of a person (U…, W…) or of a user group (S…)")
    return text


def _slack_id(letters: str, wanted: str, text: str) -> str:
    if SLACK_ID.fullmatch(text) and text[0] in letters:
        return text
    why = "a name is not enough, since it can change; " if text.startswith(("@", "#")) else ""
    # Quote only what looks like an id: the sections around it hold secrets.
    if SLACK_ID.fullmatch(text) and text[0] in SLACK_ID_KINDS:
        why = f'found "{text}", which is the id of {SLACK_ID_KINDS[text[0]]}; '
    raise ValueError(f"{why}write the id of {wanted}")


channel_id = partial(_slack_id, "CGD", "a channel, such as C8NLU2M42")
person_id = partial(_slack_id, "UW", "a person, such as U024BE7LH")


def team_id(text: str) -> str:
    return _slack_id("T", "a workspace, such as T1H9ZN51Q", text) if text else ""
