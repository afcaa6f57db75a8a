"""Placeholders that nothing fills in, and quotes or names that ended up in a value.

Values are taken literally, so these become warnings; none of them quotes the value.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

# For shells, systemd, Compose, Helm, Ansible, Jinja, ERB, autoconf, sops, 1Password, Vault, the clouds.
REFERENCE = re.compile(
    r"\$\{|\$\(|\{\{|\{%|<%|#\{|ENC\[|\$ANSIBLE_VAULT|^projects/[^/]+/secrets/|^arn:aws:|"
    r"^(?:op|vault|secret|env|file|sm|ssm|ref\+\w+):[^\s:]"
)
WHOLE_REFERENCE = re.compile(
    r"\$+(?:env:)?\w+|%\w+%|%\(\w+\)s?|%?\{[\w.-]+\}|@\w+@|__\w+__|<.+>|\[\[.+\]\]|`.+`", re.IGNORECASE
)
VARIABLE = re.compile(r"\$[A-Za-z_]")  # in a URL; a password may contain one
URL_PARTS = re.compile(r"[/?&=#]")
NOUN = r"(?:pass(?:word|phrase)|secret|token|url|uuid|key|id)"
SAMPLE = re.compile(
    r"(?:change|replace)[-_ ]?(?:me|this|it)(?![a-z])|(?:todo|tbd|fixme|placeholder)(?![a-z0-9])|…|\.{3}$|"
    rf"(?:your|insert|enter|paste|put)[-_ ].*{NOUN}|.*{NOUN}[-_ ](?:goes[-_ ])?here$|"
    r"(.)\1{3,}$|[TBX]0{7,}$",  # xxxx, ****; T00000000, as in Slack's documentation
    re.IGNORECASE,
)
CURLY = set(map(chr, range(0x2018, 0x2020)))  # single and double
STRAIGHT = "\"'"
OTHER_QUOTES = set("«»「」『』")
ASSIGNMENT = re.compile(
    r"(?:export\s+)?[\w.-]*(?:pass(?:word|wd)?|secret|token|key)[\w.-]*\s*(?:=|:\s)\s*[^\s=]", re.IGNORECASE
)
MAX_ASSIGNMENT_LENGTH = 100  # characters; how far to look for a name in front of a secret


def is_reference(text: str) -> bool:
    """Whether it is ${X}, {{ x }}, op://vault/item, https://x.test/$X, https://x.test/<uuid> and the like."""
    if REFERENCE.search(text) or WHOLE_REFERENCE.fullmatch(text):
        return True
    return text.startswith("http") and bool(
        VARIABLE.search(text) or any(map(WHOLE_REFERENCE.fullmatch, _parts(text)))
    )


def _parts(url: str) -> list[str]:
    """The parts of a URL, as written and decoded."""
    return [part for form in (url, unquote(url)) for part in URL_PARTS.split(form)]


def quotes_around(text: str) -> str:
    """`curly quotes` or `quotes` if they begin or end the text, or else empty."""
    first, last = text[:1], text[-1:]
    if CURLY & {first, last}:
        return "curly quotes"
    is_quoted = OTHER_QUOTES & {first, last} or (len(text) > 1 and first == last and first in STRAIGHT)
    return "quotes" if is_quoted else ""


def advice(text: str, error: ValueError) -> str:
    """What to do about a text that could not be read: its quotes are the likelier cause."""
    quotes = quotes_around(text)
    return f"{quotes} are part of the value; remove them" if quotes else str(error)


def value_warnings(text: str) -> Iterator[str]:
    """Warnings about any value; each completes a sentence that begins with the key."""
    if is_reference(text):
        yield "looks like a placeholder, but nothing fills it in; write the value itself"
    if quotes := quotes_around(text):
        yield f"begins or ends with {quotes}, which are taken as part of the value; remove them"


def secret_warnings(text: str) -> Iterator[str]:
    """Warnings about a secret that looks unlike any generated one."""
    parts = _parts(text) if text.startswith("http") else [text]
    if any(map(SAMPLE.match, parts)):
        yield "looks like a placeholder from an example; write your own"
    if ASSIGNMENT.match(text[:MAX_ASSIGNMENT_LENGTH]):
        yield "begins with a name, which is taken as part of the secret; write only the secret"
    if text.startswith("#") and not is_reference(text):
        yield "begins with #, which is not a comment there; remove such lines"
