r"""The canonical spelling of names, whether from Google, config.yaml or Slack.

Host names are stored, compared and shown in one form: lower case, composed (NFC), without a trailing dot, and
with letters of any language as people read and type them: `münchen.example`, never `xn--mnchen-3ya.example`.
So the state file is readable, a pattern such as `*.münchen.example` works on what people see, and nothing
has to be converted for display. The form need not be ASCII, because it is never looked up in DNS.

Other names (of services, checks and policies: `front/back`, `API: users`) keep their capitals.

Punycode: RFC 3492. Invisible characters: Default_Ignorable_Code_Point of the Unicode standard.
"""

import re
from ipaddress import ip_address
from unicodedata import category, normalize

MAX_NAME_LENGTH, MAX_LABEL_LENGTH = 253, 63  # characters; RFC 1035

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# A fast path for nearly all names: a start may check ten thousand of them.
_PLAIN = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")
_ADDRESS = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://|//)?(?P<user>[^\s/?#]+@)?"
    r"(?P<host>\[[^\s\]]*\]|[^\s/?#:@\[\]]+)"
    r"(?P<port>:(?:\d{1,5}|\*|(?!//)))?"
    r"(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_MISTYPED_SCHEME = re.compile(r"https?(?::/{0,3}|//+)(?!/)", re.IGNORECASE)  # https:/x, https//x
_ASCII_LABEL = re.compile(r"[a-z0-9_*-]*")
_TOP = re.compile(r"[^\W\d_][\w*-]*\*?|\*")
_IDEOGRAPHIC_DOT = "\u3002"
_MIDDLE_DOTS = "\u00b7\u30fb"  # the only punctuation besides the hyphen that a label may hold (RFC 5892)


def visible(text: str) -> str:
    """Drop what cannot be seen, compose (NFC), and turn each run of white space or controls into a space."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(" " if category(char)[0] in "CZ" else char for char in _INVISIBLE.sub("", text))
    return normalize("NFC", " ".join(seen.split()))


def canonical(text: str, *, is_host: bool = False) -> str:
    """The canonical spelling of a name or pattern.

    A URL, or a domain or IP address with a port or a path, is reduced to its host. `is_host` says that the
    text can only be a host, so `web-1:8080` is web-1 and case does not matter; otherwise such a text may be
    the whole name of something.
    """
    if _PLAIN.fullmatch(text) and "xn--" not in text and len(text) <= MAX_NAME_LENGTH:
        return text
    name = visible(text)
    if is_host and " " not in name:
        name = name.rstrip(".")  # before looking for the port: `shop:.` is shop
    if host := _host(name) or _host_after_slip(name, is_host=is_host):
        return host
    found = _ADDRESS.fullmatch(name)
    if found and (is_host or found["scheme"] or not found["user"]):  # ops@example.com may be a whole name
        inside = found["host"].strip("[]")
        if host := _host(inside):
            return host
        if found["scheme"] or (is_host and (found["port"] or found["user"])):
            return _lower(inside.rstrip("."))
    return _lower(name) if is_host else name


def is_host_name(name: str) -> bool:
    """Whether a canonical name is a domain or an IP address."""
    return bool(name) and _host(name) == name


def ascii_form(name: str) -> str:
    """The form of a host name in DNS, with `xn--` labels; other names are returned unchanged."""
    if name.isascii() or not is_host_name(name):
        return name
    return ".".join(label if label.isascii() else _punycode(label) for label in name.split("."))


def looks_like_domain(text: str) -> bool:
    """Whether a text has dots and ends as a domain does, though it may not be a valid one."""
    _, dot, last = text.rstrip(".").rpartition(".")
    return bool(dot) and _is_top(last)


def _host_after_slip(name: str, *, is_host: bool) -> str:
    """The host of a URL whose scheme is mistyped; empty if there is none."""
    slip = _MISTYPED_SCHEME.match(name)
    found = slip and _ADDRESS.fullmatch(name, slip.end())
    if not found or found["scheme"]:
        return ""
    inside = found["host"].strip("[]")
    is_port = inside.isdigit()  # https:443
    return _host(inside) or (_lower(inside.rstrip(".")) if is_host and not is_port else "")


def _host(text: str) -> str:
    """The canonical spelling of a domain (of two labels at least) or IP address; empty for anything else."""
    try:
        address = ip_address(text)
    except ValueError:
        pass
    else:
        # Both mean the same machine: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2
        return str(getattr(address, "ipv4_mapped", None) or address.compressed)
    # Input methods for Chinese, Japanese and Korean type full-width letters and dots.
    spelled = normalize("NFKC", text).replace(_IDEOGRAPHIC_DOT, ".").rstrip(".")
    # Each label on its own, since a sigma at the end of a word has its own lower-case form.
    labels = [_readable(_lower(label)) for label in spelled.split(".")]
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
    """Whether a label can be a top-level domain, unlike the last part of v1.2 or of an abbreviation."""
    return not label.isascii() or label == "*" or (len(label) > 1 and bool(_TOP.fullmatch(label)))


def _readable(label: str) -> str:
    """Decode `xn--mnchen-3ya` to münchen, if that encodes to the same label again, also after a star."""
    if label.startswith("*"):
        bare = label.lstrip("*")
        return label.removesuffix(bare) + _readable(bare)
    if not label.startswith("xn--") or len(label) > MAX_LABEL_LENGTH:
        return label
    try:
        decoded = label.removeprefix("xn--").encode("ascii").decode("punycode")
    except ValueError:  # UnicodeError is one
        return label
    read = visible(decoded)
    is_valid = not read.isascii() and read == _lower(normalize("NFKC", read)) and _is_label(read)
    return read if is_valid and _punycode(decoded) == label else label


def _punycode(label: str) -> str:
    return f"xn--{label.encode('punycode').decode('ascii')}"
