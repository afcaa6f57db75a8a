"""What is wrong with invalid YAML, and in which line.

The parser often notices a mistake only further below. No issue quotes a line, since it may hold a secret.
"""

import re
from collections.abc import Sequence
from contextlib import suppress

import yaml

from config.errors import ConfigIssue

COLON = "a colon is missing, or the space after it"
DASH = "the space after the dash is missing"
QUOTE = "the closing quote is missing"
HINTS = {  # PyYAML's words -> what to do
    r"'\t'": "there is a tab here; use spaces",
    "cannot start any token": "a value that begins with this character must be in quotes",
    "expected alphabetic or numeric": 'a pattern must be in quotes, such as "*.example.com"',
    "but found another document": "a second document begins here; keep only one",
    "mapping values are not allowed": "one colon too many, or not aligned with the lines above",
    "found '<block mapping start>'": "wrong indentation; align it with the lines above",
    "found '<block sequence start>'": "a list begins here without a key, or misaligned with the dashes above",
    "found '<scalar>'": "there is something after a closing quote or bracket; remove it",
    "found ']'": "one ] too many",
    "found '}'": "one } too many",
    "expected ',' or ']'": "a ] or a comma is missing",
    "expected ',' or '}'": "a } or a comma is missing",
    "escape character": "in double quotes write each backslash twice, or use single quotes",
}
PARSER_TERM = re.compile(r"<[a-z ]+>|[:,\]}]")  # anything else that PyYAML quotes comes from the file
UNCLOSED = re.compile(r"expected ',' or '([]}])', but got '(?!<scalar>|\[|\{)")


def syntax_issue(error: yaml.MarkedYAMLError, text: str) -> ConfigIssue:
    """Where it is and what it is: PyYAML's own message would quote the line."""
    if slip := _slip(error, text):
        line, hint = slip
        return ConfigIssue(line, "", f"is not valid YAML: {hint}")
    mark = error.problem_mark or error.context_mark
    line_of_problem = mark.line + 1 if mark else None
    column = f" (column {mark.column + 1})" if mark else ""
    hint = f"{_hint(error.problem or '')}{_begin(error, line_of_problem)}{column}"
    return ConfigIssue(line_of_problem, "", f"is not valid YAML: {hint}")


def _slip(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str] | None:
    """The line of a mistake that the parser noticed further below, and what is missing there."""
    problem, begin, mark = error.problem or "", error.context_mark, error.problem_mark
    if begin and "could not find expected ':'" in problem:
        return begin.line + 1, _colon_or_dash(text, begin)
    if begin and error.context == "while scanning a quoted scalar" and "found unexpected" in problem:
        return begin.line + 1, QUOTE
    if mark is None:
        return None
    tokens = [token for token in _tokens(text) if token.end_mark.index <= mark.index]
    return _slip_before(problem, begin, mark, tokens, text)


def _slip_before(
    problem: str, begin: yaml.Mark | None, mark: yaml.Mark, tokens: Sequence[yaml.Token], text: str
) -> tuple[int, str] | None:
    """Look for it in `tokens`, which all come before the problem."""
    scalars = [token for token in tokens if isinstance(token, yaml.ScalarToken)]
    last = scalars[-1] if scalars and scalars[-1].start_mark.line < scalars[-1].end_mark.line else None
    if last and last.style in ("'", '"') and last.end_mark.line == mark.line:
        return last.start_mark.line + 1, QUOTE
    if last and "mapping values are not allowed" in problem:
        start = last.start_mark
        if not text.splitlines()[start.line][: start.column].strip(" -"):  # it begins the line
            return start.line + 1, _colon_or_dash(text, start)
    if begin and (unclosed := UNCLOSED.search(problem)):
        return begin.line + 1, f"the closing {unclosed[1]} is missing"
    if tokens and "expected ',' or" in problem and tokens[-1].end_mark.line < mark.line:
        return tokens[-1].end_mark.line + 1, _hint(problem)
    return None


def _tokens(text: str) -> Sequence[yaml.Token]:
    """As many as can be scanned, even past the point that the parser reached."""
    loader, taken = yaml.SafeLoader(text), list[yaml.Token]()
    with suppress(yaml.YAMLError, ValueError, OverflowError):
        while loader.check_token():
            taken.append(loader.get_token())  # type: ignore[no-untyped-call]  # the stubs lack it
    return [*taken, *loader.tokens]


def _colon_or_dash(text: str, mark: yaml.Mark) -> str:
    return DASH if re.match(r"\s*-\S", text.splitlines()[mark.line]) else COLON


def _begin(error: yaml.MarkedYAMLError, line: int | None) -> str:
    """Say where the construct begins that the parser was reading."""
    mark, context = error.context_mark, error.context or ""
    if mark is None or mark.line + 1 == line or not context.startswith("while"):
        return ""
    return f", {context} that begins in line {mark.line + 1}"


def _hint(problem: str) -> str:
    for words, hint in HINTS.items():
        if words in problem:
            return hint
    return re.sub(r"(['\"])(.*?)\1", lambda m: m[0] if PARSER_TERM.fullmatch(m[2]) else "…", problem)
