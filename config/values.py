"""One value each: what was written -> what is meant, or a sentence on how to write it.

Every reader takes the text of a scalar and raises ValueError with the cure. None quotes a secret.
"""

import re
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from config.placeholders import VARIABLE, is_reference, quotes_around
from config.times import OFF
from hosts.names import canonical, is_host_name
from languages import LANGUAGES

TRUTHS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
LANGUAGE_NAMES = {"english": "en", "korean": "ko", "한국어": "ko"}
LONGEST_NAME = 500  # characters; what names no host is named by its policy, which may be a sentence
CHANNEL_NAME = re.compile(r"[\w.-]{1,80}")
MENTION = re.compile(r"here|channel|[UWS][A-Z0-9]{2,30}")
SLACK = ("hooks.slack.com", "hooks.slack-gov.com")  # where Slack itself takes messages
CREDENTIALS = re.compile(r"(?:%d|\$\{?CREDENTIALS_DIRECTORY\}?)/")  # of systemd
EXPANDED = re.compile(r"^~|^%[A-Za-z]/|%\w+%|@\w+@|^<|`")  # by shells, systemd and templates
WIRE_FORM = re.compile(r"<(?:!subteam\^|[!@])([A-Za-z0-9]+)(?:\|[^>]*)?>")
EVERYWHERE = ("*", "any", "all", "everywhere")
WITH_PORT = re.compile(r"(?:\[[^]]*\]|[^:]*):\d+")
HOST_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*\.?")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
REGULAR_EXPRESSION = re.compile(  # in which nothing is that policies' names have, too, such as CPU [MAX] (eu)
    r"\\|^\^|\w\$$|^/.*/$|"  # \d, ^www, com$, /www/
    r"^\.[*+?]|\.\+|\w\?[\w.*:]|"  # .*, .+, https?:
    r"\w\[|\[\w-\w|\][\w.*+?{]|"  # www[12], [a-z], [12]+
    r"\S\|\S|\(\?|\)[*+?{]|\{\d"  # a|b, (?i), (a)*, {2}
)
SEVERAL_HOSTS = (
    "white space stands in no name of a host; write each as an item of its own: [one.test, two.test]"
)


def whole(low: int, high: int, text: str) -> int:
    if not re.fullmatch(r"0|[1-9][0-9]{0,8}", text) or not low <= int(text) <= high:
        raise ValueError(f"write a whole number from {low} to {high}")
    return int(text)


def days(low: int, high: int, text: str) -> int:
    """`90`, `90d`, `90 days`."""
    return whole(low, high, re.sub(r" ?(?:d|days?)$", "", text.lower()))


def several(text: str) -> list[str]:
    """Of one text in the place of a list."""
    return re.split(r"[\s,]+", text.strip())


def several_or_none(text: str) -> list[str]:
    return [] if text.strip().lower() in OFF else several(text)


def address(text: str) -> str:
    """Also in the brackets of a URL."""
    if text in EVERYWHERE:
        raise ValueError('write 0.0.0.0 for every IPv4 address, or "::" for every address')
    try:
        return str(ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text))
    except ValueError:
        if HOST_NAME.fullmatch(text) and not re.fullmatch(r"[\d.]+", text):
            return text
    if WITH_PORT.fullmatch(text):
        raise ValueError("write the address alone; its port is listen.port")
    raise ValueError("write an IP address such as 127.0.0.1, or a host name")


def is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return text.rstrip(".").lower() == "localhost"


def network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValueError(_network_cure(text)) from None


def _network_cure(text: str) -> str:
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        return "write an address such as 10.0.0.5, or a network such as 10.0.0.0/8"
    return f"write {meant} for the network, or {text.partition('/')[0]} for one address"


def url(text: str) -> str:
    """http or https, as it is sent: in ASCII; empty or `off` for none. White space around it was pasted."""
    text = text.strip()
    if not text or text.lower() in OFF:
        return ""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and _one_word(text)
        sent = text if text.isascii() else _in_ascii(parts)
    except ValueError:
        good = False
    if not good:
        raise ValueError("write a URL that begins with https://")
    return sent


def _in_ascii(parts: SplitResult) -> str:
    """What is not ASCII in the host's name by IDNA, the rest percent-encoded. Raises ValueError.

    https://www.rfc-editor.org/rfc/rfc3987#section-3.1
    """
    user, at, host = parts.netloc.rpartition("@")
    encoded = (quote(part, safe="%/?:@!$&'()*+,;=") for part in (parts.path, parts.query, parts.fragment))
    path, query, fragment = encoded
    netloc = f"{user}{at}{host.encode('idna').decode()}"
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def webhook_url(text: str) -> str:
    """https, or http to this machine; empty for the terminal."""
    sent = url(text)
    parts = urlsplit(sent)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("write a URL that begins with https://")
    return sent


def is_slacks(webhook_url: str) -> bool:
    """Does Slack itself answer there, and not something that takes messages in its place?"""
    return (urlsplit(webhook_url).hostname or "").rstrip(".") in SLACK


def channel_webhook_url(text: str) -> str:
    """Only the one channel of a file without `channels` may be the terminal."""
    sent = webhook_url(text)
    if not sent:
        raise ValueError("is empty; write a URL that begins with https://")
    return sent


def channel_name(text: str) -> str:
    if not CHANNEL_NAME.fullmatch(text):
        raise ValueError("write a name of letters, digits, dots, - and _, such as ops")
    return text


def path(text: str) -> Path:
    text = text.strip()
    if not text or not text.isprintable() or text.endswith("/") or "://" in text:
        raise ValueError("write the path of a file")
    if CREDENTIALS.match(text):
        raise ValueError("write the name of the credential alone, such as gcp-password: its folder is known")
    if is_reference(text) or VARIABLE.search(text) or EXPANDED.search(text):
        raise ValueError("~ and variables are not filled in here; write the whole path, such as /srv/x.json")
    if quotes := quotes_around(text):
        raise ValueError(f"{quotes} are a part of it; take them out")
    return Path(text)


def file_or_none(text: str) -> Path | None:
    return path(text) if text else None


def user_name(text: str) -> str:
    if not text or ":" in text or not text.isprintable():
        raise ValueError("write a name without a colon, which Basic authentication cannot carry")
    return text


def secret(text: str) -> str:
    if not text:
        raise ValueError("is empty; write a secret, such as one made by: openssl rand -base64 24")
    if text != text.strip() or not text.isprintable():
        raise ValueError("begins or ends with white space, or holds control characters; take them out")
    return text


def truth(text: str) -> bool:
    """As YAML has it."""
    if text.lower() not in TRUTHS:
        raise ValueError("write true or false")
    return TRUTHS[text.lower()]


def language(text: str) -> str:
    """Also by its name, or with a country: `ko_KR`."""
    code = LANGUAGE_NAMES.get(text.lower(), re.split(r"[-_]", text.lower())[0])
    if code not in LANGUAGES:
        raise ValueError(f"write {' or '.join(LANGUAGES)}")
    return code


def host(text: str) -> str:
    """In its one spelling; nothing but a host can be meant, so white space stands between two of them."""
    name = host_pattern(text)
    if "*" in name:
        raise ValueError("write the whole name: a pattern names no host")
    if " " in name:
        raise ValueError(SEVERAL_HOSTS)
    return name


def host_pattern(text: str) -> str:
    """In its one spelling. A policy's name may hold white space, and so does `api (prod)`."""
    name = canonical(text, is_host=True).lower()
    if REGULAR_EXPRESSION.search(name):
        raise ValueError("a regular expression is not read; * stands for any part of a name: *.example.com")
    if not name or "://" in name or len(name) > LONGEST_NAME or CONTROL.search(text):
        raise ValueError("write the name of a host; * stands for any part of it, and then quotes are needed")
    if name.startswith("."):
        raise ValueError(f"no name begins with a dot; for all hosts below it write *{name}")
    words = re.split(r"[\s,;]+", name)
    if len(words) > 1 and any(is_host_name(canonical(word)) for word in words):
        raise ValueError(f"{SEVERAL_HOSTS}; in the name of a policy, write * for it")
    return name


def mention(text: str) -> str:
    """As in Slack: `@here`, `<!here>` and `<@U024BE7LH>` are what stands within."""
    bare = WIRE_FORM.sub(r"\1", text).removeprefix("@")
    text = bare.lower() if bare.lower() in ("here", "channel") else bare
    if not MENTION.fullmatch(text):
        raise ValueError("write here, channel, or the id of a person (U…, W…) or of a user group (S…)")
    return text


def _one_word(text: str) -> bool:
    return text.isprintable() and " " not in text


ID = re.compile(r"[A-Z][A-Z0-9]{2,20}")
OWNERS = {  # by the first letter
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


def _id(letters: str, wanted: str, text: str) -> str:
    if ID.fullmatch(text) and text[0] in letters:
        return text
    raise ValueError(f"{_found(text)}write the id of {wanted}")


def _found(text: str) -> str:
    """Only what looks like an id is quoted: the sections around it hold secrets."""
    if ID.fullmatch(text) and text[0] in OWNERS:
        return f'found "{text}", which is the id of {OWNERS[text[0]]}; '
    return "a name is not enough, for it can change; " if text.startswith(("@", "#")) else ""


def team(text: str) -> str:
    return _id("T", "a workspace, such as T1H9ZN51Q", text) if text else ""


channel = partial(_id, "CGD", "a channel, such as C8NLU2M42")
person = partial(_id, "UW", "a person, such as U024BE7LH")
