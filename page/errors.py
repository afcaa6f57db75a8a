"""A page for what cannot be shown, in the words of the readers."""

from collections.abc import Sequence
from typing import NamedTuple

from languages import Language


class ErrorPage(NamedTuple):
    """What stands on the page."""

    lang: str
    title: str
    text: str
    back: str
    question: str = ""
    nearest: Sequence[str] = ()  # names of hosts


def error_page(
    status: int, sentence: str, lang: str, language: Language, nearest: Sequence[str] = ()
) -> ErrorPage:
    """`sentence` says more than the status does, if it is not empty."""
    refused = language.page.refused
    title, text = refused.get(status) or refused[400 if status < 500 else 500]
    back = language.page.show_all if status in (400, 404) else ""
    return ErrorPage(lang, title, sentence or text, back, language.page.nearest, tuple(nearest))
