"""Readers for host names and patterns; each raises ValueError saying what to write.

No message quotes what was written, since a secret may have been pasted there.
"""

import re

from config.placeholders import quotes_around
from hosts.names import canonical, is_host_name, looks_like_domain

MAX_NAME_LENGTH = 500  # characters; some things are named by their policy, which may be a sentence
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
REGULAR_EXPRESSION = re.compile(  # matches nothing that a policy's name may have: *[MAX]* (eu)*
    r"\\|(?:^|:)\^|[\w*]\$$|^/.*/\w*$|"  # \d, ^www, regex:^www, com$, /www/i
    r"^\.[*+?]|\.\+|\w\?[\w.*:]|"  # .*, .+, https?:
    r"\w\[|\[\w-\w|\][.+?{]|"  # www[12], [a-z], [12]+
    r"\S\|\S|\(\?|\)[+?{]|\{\d"  # a|b, (?i), (a)+, {2}
)
EXPRESSION_IN_WORD = re.compile(r"^[!~$?|]|[|+?(){}]")  # !www, ~www, $www, www|, {www,api}
NOT_IN_DOMAIN = re.compile(r"[^\w.*/-]+")
IS_EXPRESSION = "regular expressions are not supported; * stands for any part of a name: *.example.com"
SEPARATELY = "write each host as an item of its own: [one.test, two.test]"
SEVERAL_HOSTS = f"a host name has no white space; {SEPARATELY}"
NOT_A_HOST = "write only the name of the host, such as www.example.com: letters, digits, hyphens, single dots"


def host(text: str) -> str:
    """The canonical name of one host. White space can only mean several hosts."""
    name = host_pattern(text)
    if "*" in name:
        raise ValueError("write the full name of a host, not a pattern")
    if " " in name:
        raise ValueError(SEVERAL_HOSTS)
    return name


def host_pattern(text: str) -> str:
    """The canonical pattern. White space is allowed in the names of policies, and in `api (prod)`."""
    name = canonical(text, is_host=True).lower()
    if is_host_name(name):
        return name
    if REGULAR_EXPRESSION.search(name):
        raise ValueError(IS_EXPRESSION)
    if not name or "://" in name or len(name) > MAX_NAME_LENGTH or CONTROL.search(text):
        raise ValueError("write the name of a host; * stands for any part of it and needs quotes")
    if re.match(r"\.[^.]", name):
        raise ValueError(f"a name cannot begin with a dot; for all hosts below it write *{name}")
    _check_words(name)
    return name


def is_expression(text: str) -> bool:
    """Whether `host_pattern` refuses a text as a regular expression."""
    try:
        host_pattern(text)
    except ValueError as refused:
        return str(refused) == IS_EXPRESSION
    return False


def _check_words(name: str) -> None:
    """Accept the names of services, checks and policies, but not what was meant for a domain."""
    words = [word for word in re.split(r"[\s,;]+", name) if word]
    if len(words) > 1 and any(is_host_name(canonical(word)) for word in words):
        several = f"{SEVERAL_HOSTS}; in the name of a policy, write * instead"
        raise ValueError(several if " " in name else SEPARATELY)
    if " " in name:
        return
    if quotes := quotes_around(name):
        raise ValueError(f"{quotes} are part of the value; remove them")
    parts = [part.partition("/")[0] for part in NOT_IN_DOMAIN.split(name)]  # no domain in front/v1.beta
    has_domain = any(looks_like_domain(part) or is_host_name(part) for part in parts)
    if EXPRESSION_IN_WORD.search(name) if has_domain else re.match(r"[!~$?|]", name):
        raise ValueError(IS_EXPRESSION)
    if has_domain or name[0] in "-/%`" or name in ("http", "https"):
        raise ValueError(NOT_A_HOST)
