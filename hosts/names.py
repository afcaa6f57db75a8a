r"""One spelling for each name, whoever wrote it and however: Google, config.yaml, or people in Slack.

A host name is kept, compared and shown in one form: lower case, composed (NFC), without a trailing dot,
and with letters of any language as people read and type them: `münchen.example`, never
`xn--mnchen-3ya.example`. One form for everything means that the state file can be read, that a pattern
such as `*.münchen.example` works on what people see, and that nothing has to be converted on the way out.
It is never used to look up an address, so it need not be ASCII.

Names that are not host names (of services, checks and policies: `front/back`, `API: users`) keep what is
written in them, capitals included.

Punycode: RFC 3492. Which characters show nothing: Default_Ignorable_Code_Point of the Unicode standard.
"""

import re
from ipaddress import ip_address
from unicodedata import category, normalize

MAX_NAME_LENGTH, MAX_LABEL_LENGTH = 253, 63  # characters; RFC 1035

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# What nearly every name is, told at a glance: a start looks at ten thousand of them.
_PLAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_ADDRESS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://|//)?(?P<user>[^\s/?#]+@)?"
    r"(?P<host>\[[^\s\]]*\]|[^\s/?#:@\[\]]+)"
    r"(?P<port>:(?:\d{0,5}|\*))?(?!//)"
    r"(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_ASCII_LABEL = re.compile(r"[a-z0-9_*-]*")
_TOP = re.compile(r"[^\W\d_][\w*-]*\*?|\*")
_IDEOGRAPHIC_DOT = "\u3002"
_MIDDLE_DOTS = "\u00b7\u30fb"  # the only punctuation besides the hyphen that a label may hold (RFC 5892)


def visible(text: str) -> str:
    """One line of what can be seen: composed (NFC), each run of white space and controls a single space."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    seen = "".join(" " if category(char)[0] in "CZ" else char for char in _INVISIBLE.sub("", text))
    return normalize("NFC", " ".join(seen.split()))


def canonical(text: str, *, is_host: bool = False) -> str:
    """The one spelling of a name. Patterns go through the same: a `*` may stand anywhere.

    Of a URL, or of a domain or IP address with a port or a path, the host is what counts.
    `is_host`: it can be nothing but a host, so `web-1:8080` is web-1, and capitals mean nothing.
    Otherwise that may be the whole name of something.
    """
    if _PLAIN.fullmatch(text) and "xn--" not in text and len(text) <= MAX_NAME_LENGTH:
        return text
    name = visible(text)
    if host := _host(name):
        return host
    found = _ADDRESS.fullmatch(name)
    if found and (is_host or found["scheme"] or not found["user"]):  # ops@example.com may be all of a name
        inside = found["host"].strip("[]")
        if host := _host(inside):
            return host
        if found["scheme"] or (is_host and (found["port"] or found["user"])):
            return _lower(inside.rstrip("."))
    if is_host:
        return _lower(name) if " " in name else _lower(name.rstrip("."))
    return name


def is_host_name(name: str) -> bool:
    """Is a canonical name that of a host: a domain, or an IP address?"""
    return bool(name) and _host(name) == name


def ascii_form(name: str) -> str:
    """A host name as DNS has it, with `xn--` labels; anything else as it is."""
    if name.isascii() or not is_host_name(name):
        return name
    return ".".join(label if label.isascii() else _punycode(label) for label in name.split("."))


def _host(text: str) -> str:
    """The canonical spelling of a domain (two labels at least) or an IP address; empty for anything else."""
    try:
        return ip_address(text).compressed
    except ValueError:
        pass
    # Full-width letters and dots are what an input method for Chinese, Japanese or Korean types.
    spelled = _lower(normalize("NFKC", text)).replace(_IDEOGRAPHIC_DOT, ".").rstrip(".")
    labels = [_readable(label) for label in spelled.split(".")]
    name = ".".join(labels)
    if len(labels) < 2 or len(name) > MAX_NAME_LENGTH or not all(map(_is_label, labels)):
        return ""
    return name if _is_top(labels[-1]) else ""


def _lower(text: str) -> str:
    return normalize("NFC", text.lower())


def _is_label(label: str) -> bool:
    if not 0 < len(label) <= MAX_LABEL_LENGTH or label[0] == "-" or label[-1] == "-":
        return False
    if label.isascii():
        return bool(_ASCII_LABEL.fullmatch(label))
    return all(
        _ASCII_LABEL.fullmatch(char)
        if char.isascii()
        else category(char)[0] in "LMNS" or char in _MIDDLE_DOTS
        for char in label
    )


def _is_top(label: str) -> bool:
    """Of a version such as v1.2, or of a shortened word, the last part is none."""
    return not label.isascii() or label == "*" or (len(label) > 1 and bool(_TOP.fullmatch(label)))


def _readable(label: str) -> str:
    """`mnchen-3ya` behind `xn--` as münchen, if that is what it stands for and nothing else does."""
    if not label.startswith("xn--") or len(label) > MAX_LABEL_LENGTH:
        return label
    try:
        decoded = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except ValueError:  # UnicodeError is one
        return label
    read = visible(decoded)
    is_lawful = not read.isascii() and read == _lower(normalize("NFKC", read)) and _is_label(read)
    return read if is_lawful and _punycode(decoded) == label else label


def _punycode(label: str) -> str:
    return f"xn--{label.encode('punycode').decode('ascii')}"
