"""Slack's wire text, both ways.

The format: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from datetime import datetime
from urllib.parse import quote, urlsplit

from hosts.names import visible

_TOKEN = re.compile(r"<([^<>]*)>")
_UNSAFE_IN_LINK = re.compile(r"[^!-;=?-{}~]+")  # all but printable ASCII without < > | and space
JOINER = "\u034f"  # combining grapheme joiner: no width, no meaning
_AFTER_A_DOT = r"(?<=\w\.)(?=[^\W\d])"  # of a bare host: no top-level domain begins with a joiner
_FORMATTING = re.compile(rf"[*_~]|^>|(?<=:)//|(?<=[@#])(?=\w)|{_AFTER_A_DOT}")
CALL = "uptime"  # what people call us by, whatever trigger word is configured
_CURLY = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b"
_AS_TYPED = str.maketrans(_CURLY, '"' * 4 + "'" * 4)


def plain(wire: str) -> str:
    """What a person typed, on one line: `<http://a.test|a.test>` is read as a.test, `&lt;` as <."""
    # Tokens first, entities after: a typed "<" must not become markup.
    pieces = _TOKEN.split(wire)
    pieces[1::2] = map(_token, pieces[1::2])
    return tidy("".join(map(_unescape, pieces)))


def tidy(text: str) -> str:
    """Undoes what clients and the clipboard do: curly quotes, invisible characters, letters in pieces."""
    return visible(text if text.isascii() else text.translate(_AS_TYPED))


def _token(inside: str) -> str:
    body, _, label = inside.partition("|")
    if body.startswith(("@", "#")):
        return body[0] + (label or body[1:])
    if body.startswith("!"):
        return "@" + (label.removeprefix("@") or body[1:].partition("^")[0])
    if body.startswith("mailto:"):
        return label or body.removeprefix("mailto:")
    # A person can put any label on any link: it counts only when it leads to the same host.
    host = _host(body)
    return label if host and host == _host(label if "//" in label else f"//{label}") else body


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """For mrkdwn: no link, no mention. It can still format: foreign text goes through `code` or `inert`."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def one_line(text: str) -> str:
    """Without control, format and bidi characters and line breaks; spaces in their place."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def code(text: str) -> str:
    """A code span of foreign text: literal, for nothing is formatted, mentioned or linked inside.

    A name that begins as a command does is kept apart from one by a joiner.
    """
    literal = _literal(text)
    return f"`{JOINER}{literal}`" if literal.startswith(f"{CALL} ") else f"`{literal}`"


def to_type(text: str) -> str:
    """A code span of what to type after our name, which may hold foreign text."""
    return f"`{CALL} {_literal(text)}`"


def by_slash(text: str) -> str:
    """An answer with every command, which stands in a code span, as people type it with a slash."""
    return text.replace(f"`{CALL} ", f"`/{CALL} ")


def _literal(text: str) -> str:
    return escape(_without_backticks(one_line(text))) or "?"


def inert(text: str) -> str:
    """Foreign text outside code spans, on one line, unable to format or to be a link.

    `*`, `_`, `~`, `://`, the dot of a bare host, and `@` and `#` before a name have no escape. A joiner
    keeps them what they are: they no longer stand at the edge of a word, it is not seen, and `plain`
    drops it when people copy it back.
    What stays: `:fire:` may become an emoji.
    """
    cleaned = _without_backticks(one_line(text))
    return escape(_FORMATTING.sub(_defused, cleaned))


def _defused(formatting: re.Match[str]) -> str:
    return f"{JOINER}{formatting[0]}"


def link(url: str, label: str) -> str:
    """A link with a foreign label, or the label alone when the URL is not http(s)."""
    if not url.lower().startswith(("http://", "https://")):
        return inert(label)
    target = _UNSAFE_IN_LINK.sub(_quoted, url).replace("&", "&amp;")
    shown = inert(_without_markup(label))
    return f"<{target}|{shown}>" if shown else f"<{target}>"


def _without_backticks(text: str) -> str:
    return text.replace("`", "'")  # it has no escape


def _without_markup(label: str) -> str:
    return label.replace("<", "(").replace(">", ")").replace("|", "/")


def _quoted(unsafe: re.Match[str]) -> str:
    return quote(unsafe[0], errors="replace")


def date(moment: datetime, tokens: str, fallback: str) -> str:
    """A time in each reader's zone, `tokens` such as "{date_short} {time}"; `fallback` must name its zone."""
    shown = escape(_without_markup(fallback))
    return f"<!date^{int(moment.timestamp())}^{tokens}|{shown}>"


def length(text: str) -> int:
    """UTF-16 units, of which there are never fewer than code points: Slack does not say which it counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
