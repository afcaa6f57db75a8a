"""Converts Slack's wire text to plain text and back.

The format: https://docs.slack.dev/messaging/formatting-message-text
"""

import html
import re
from datetime import datetime
from urllib.parse import quote, unquote, urlsplit

from hosts.incident import is_web_address
from hosts.names import visible

MAX_UNTRUSTED_TEXT = 100  # characters of a name, a policy or a reason
_TOKEN = re.compile(r"<([^<>]*)>")
_UNSAFE_IN_LINK = re.compile(r"[^!-;=?-{}~]+")  # anything but printable ASCII, and < > | and space
JOINER = "\u034f"  # combining grapheme joiner: no width, no meaning
_DOT_OF_A_HOST = r"(?<=\w\.)(?=[^\W\d])"  # no top-level domain begins with a joiner, so no link
_MENTION = re.compile(r"(?<=[@#])(?=\w)")
_FORMATTING_IN_LINK = re.compile(rf"[*_~]|^>|(?<=:)//|{_MENTION.pattern}")
_FORMATTING = re.compile(rf"{_FORMATTING_IN_LINK.pattern}|{_DOT_OF_A_HOST}")
_COMMAND = re.compile(r"(?:(?<=run: )|(?<=see: )|(?<=with: ))[a-z]+ [^;,()]*[^;,()\s]")
_PARTICLE = "은|는|이|가|을|를|도|만|의|에|에서|으?로|와|과|이?랑|하고|참고|참조"
# Neither one that a cut has shortened, nor one with letters beyond ASCII, except a Korean particle behind it.
_ADDRESS = re.compile(
    rf"(?<![\w/])https?://[a-z0-9][!-;=?-_a-{{}}~]*+(?=(?:{_PARTICLE})?(?!\w|…|[.\u2013\u2014]\w))",
    re.IGNORECASE,
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
BOT_NAME = "uptime"  # what people call us, whatever trigger word is configured
BOT_NAME_IN_KOREAN = "업타임"
_CURLY_QUOTES = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b"
_FULL_WIDTH = "".join(map(chr, range(0xFF01, 0xFF5F))) + "\u3001"  # ASCII, and the ideographic comma
_ORDINARY = "".join(map(chr, range(0x21, 0x7F))) + ","
_AS_ON_A_KEYBOARD = str.maketrans(_CURLY_QUOTES + _FULL_WIDTH, '"' * 4 + "'" * 4 + _ORDINARY)


def plain(wire: str) -> str:
    """Returns what a person typed, on one line: `<http://a.test|a.test>` becomes a.test, `&lt;` <."""
    # Tokens first, then entities: a typed "<" must not become markup.
    pieces = _TOKEN.split(wire)
    pieces[1::2] = map(_token, pieces[1::2])
    return tidy("".join(map(unescape, pieces)))


def tidy(text: str) -> str:
    """Undoes full width, curly quotes, invisible characters and decomposed letters, which nobody means."""
    return visible(text if text.isascii() else text.translate(_AS_ON_A_KEYBOARD))


def _token(inside: str) -> str:
    body, _, label = inside.partition("|")
    if body.startswith(("@", "#")):
        return body[0] + (label or body[1:])
    if body.startswith("!"):
        return "@" + (label.removeprefix("@") or body[1:].partition("^")[0])
    if body.startswith("mailto:"):
        return label or body.removeprefix("mailto:")
    # People can put any label on any link: it counts only if it names the same host.
    if label and tidy(unescape(label)) == _host_on_page(body):
        return label
    host = _host(body)
    return label if host and host == _host(label if "//" in label else f"//{label}") else body


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _host_on_page(url: str) -> str:
    """Returns the host of a link to the web page, as in names that were copied from a reply."""
    path, _, name = url.partition("/host?name=")
    return tidy(unquote(name)) if is_web_address(path) else ""


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def escape(text: str) -> str:
    """Prevents links and mentions, but no formatting: untrusted text goes through `code` or `inert`."""
    return html.escape(text, quote=False)


def one_line(text: str) -> str:
    """Replaces line breaks, control, format and bidi characters by spaces."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def cut(text: str, max_length: int = MAX_UNTRUSTED_TEXT) -> str:
    """Cuts untrusted text visibly. To be done before escaping."""
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def code(text: str) -> str:
    """Returns a code span of untrusted text: nothing is formatted, mentioned or linked inside.

    A joiner keeps a name that begins like a command from looking like one.
    """
    literal = _literal(text)
    return f"`{JOINER}{literal}`" if literal.startswith(f"{BOT_NAME} ") else f"`{literal}`"


def quoted(text: str, most: int = MAX_UNTRUSTED_TEXT) -> str:
    """Returns a code span of untrusted text, cut visibly."""
    return code(cut(text, most))


def to_type(text: str) -> str:
    """Returns a code span of a command to type, which may contain untrusted text."""
    return f"`{BOT_NAME} {_literal(text)}`"


def by_slash(text: str) -> str:
    """Returns a reply in which every command, a code span, begins with a slash."""
    return text.replace(f"`{BOT_NAME} ", f"`/{BOT_NAME} ")


def _literal(text: str) -> str:
    return escape(_without_backticks(one_line(text))) or "?"


def inert(text: str) -> str:
    """Returns untrusted text for outside code spans, on one line, unable to format or to become a link.

    `*`, `_`, `~`, `://`, the dot of a bare host, and `@` and `#` before a name have no escape. An
    invisible joiner before them stops Slack from interpreting them; `plain` drops it when people copy
    the text back. Slack may still turn `:fire:` into an emoji.
    """
    return _cleaned(text, _FORMATTING)


def inert_but_commands(text: str) -> str:
    """Returns one of our own sentences with untrusted words in it, as `inert` does.

    A command (`run: chmod …`) becomes a code span, since a joiner inside would be copied along.
    """
    return _COMMAND.sub(lambda found: f"`{found[0].replace(JOINER, '')}`", inert(text))


def inert_but_addresses(text: str) -> str:
    """Returns untrusted text as `inert` does, but with its web addresses as links that show themselves."""
    line, written, start = _without_backticks(one_line(text)), "", 0
    for found in _ADDRESS.finditer(line):
        address = _without_punctuation(found[0])
        written += f"{_disarmed(line[start : found.start()])}{link(address, '')}"
        start = found.start() + len(address)
    return written + _disarmed(line[start:])


def _without_punctuation(address: str) -> str:
    """Leaves the full stop behind an address, and the bracket around it, to the sentence."""
    while address[-1] in ".,:;!?'\"*_~" or address.count(address[-1]) > address.count(
        _CLOSING.get(address[-1], address[-1])
    ):
        address = address[:-1]
    return address


def bare(text: str) -> str:
    """Returns untrusted text for a notification, where names must stay as people type them."""
    return _cleaned(text, _MENTION)


def _cleaned(text: str, dangerous: re.Pattern[str]) -> str:
    return _disarmed(_without_backticks(one_line(text)), dangerous)


def _disarmed(line: str, dangerous: re.Pattern[str] = _FORMATTING) -> str:
    return escape(dangerous.sub(lambda found: f"{JOINER}{found[0]}", line))


def link(url: str, label: str) -> str:
    """Returns a link with an untrusted label, or the label alone if the URL is not a web address."""
    target = _UNSAFE_IN_LINK.sub(lambda found: quote(found[0], errors="replace"), url).replace("&", "&amp;")
    if not is_web_address(target):
        return inert(label)
    shown = _cleaned(_without_markup(label), _FORMATTING_IN_LINK)
    return f"<{target}|{shown}>" if shown else f"<{target}>"


def _without_backticks(text: str) -> str:
    return text.replace("`", "'")  # it has no escape


def _without_markup(label: str) -> str:
    return label.replace("<", "(").replace(">", ")").replace("|", "/")


def date(moment: datetime, tokens: str, fallback: str) -> str:
    """Returns a time that Slack shows in each reader's zone.

    `tokens` is such as "{date_short} {time}"; `fallback` must name its zone.
    """
    shown = escape(_without_markup(fallback))
    return f"<!date^{int(moment.timestamp())}^{tokens}|{shown}>"


def length(text: str) -> int:
    """Counts UTF-16 units, never fewer than code points: Slack does not say which of them it counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
