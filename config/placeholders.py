"""Text that something else was to fill in, or that has more around it than was meant; pure.

Nothing is filled in here: a value is what is written. So that is said, and never with the value itself.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

# Of shells, systemd, Compose, Helm, Ansible, Jinja, ERB, autoconf, sops, 1Password, Vault, the clouds.
REFERENCE = re.compile(
    r"\$\{|\$\(|\{\{|\{%|<%|#\{|ENC\[|\$ANSIBLE_VAULT|"
    r"^(?:\$\w+|%\w+%|@\w+@|__\w+__|<.+>|`.+`)$|"
    r"^(?:op|vault|secret|env|file|sm|ref\+\w+)://|^projects/[^/]+/secrets/|^arn:aws:"
)
VARIABLE = re.compile(r"\$[A-Za-z_]")  # within a path or a URL; a password may well have one
NOUN = r"(?:pass(?:word|phrase)|secret|token|url|uuid|key|id)"
SAMPLE = re.compile(
    r"(?:change|replace)[-_ ]?(?:me|this|it)\b|(?:todo|tbd|fixme|placeholder)\b|…|\.{3}$|"
    rf"(?:your|insert|enter|paste|put)[-_ ].*{NOUN}|.*{NOUN}[-_ ](?:goes[-_ ])?here$|"
    r"(.)\1{3,}$|[TBX]0{7,}$",  # xxxx, ****; T00000000, as in Slack's own documents
    re.IGNORECASE,
)
CURLY = "".join(map(chr, range(0x2018, 0x2020)))  # single and double, of all word processors
STRAIGHT = "\"'"
ASSIGNMENT = re.compile(
    r"(?:export\s+)?[\w.-]*(?:pass(?:word|wd)?|secret|token|key)[\w.-]*\s*(?:=|:\s)\s*[^\s=]", re.IGNORECASE
)
LONGEST_NAME = 100  # characters that a name in front of a secret is looked for in


def is_reference(text: str) -> bool:
    """Such as ${X}, {{ x }} or op://vault/item; also https://x.test/$X."""
    return bool(REFERENCE.search(text) or (text.startswith("http") and VARIABLE.search(text)))


def quotes_around(text: str) -> str:
    """What kind of quotes are a part of it: curly ones, straight ones inside others, or none."""
    if text and (text[0] in CURLY or text[-1] in CURLY):
        return "curly quotes"
    return "quotes" if len(text) > 1 and text[0] == text[-1] and text[0] in STRAIGHT else ""


def doubts_about(text: str) -> Iterator[str]:
    """About any value: what follows its key in a sentence."""
    if is_reference(text):
        yield "looks like a placeholder that nothing fills in; write here what it stands for"
    if quotes := quotes_around(text):
        yield f"begins or ends with {quotes}, which are taken for a part of it; take them out"


def doubts_about_secret(text: str) -> Iterator[str]:
    """About what is no word of a language, and never begins with a name of its own."""
    parts = unquote(text).split("/") if text.startswith("http") else [text]
    if any(map(SAMPLE.match, parts)):
        yield "looks like a placeholder from an example; write your own"
    if ASSIGNMENT.match(text[:LONGEST_NAME]):
        yield "begins with a name, which is taken for a part of it; write the secret alone"
    if text.startswith("#") and not is_reference(text):
        yield "begins with #, which makes no comment there; take such lines out"
