"""A page for what cannot be shown, in the words of the readers."""

from typing import NamedTuple

from languages import Language


class ErrorPage(NamedTuple):
    lang: str
    title: str
    text: str
    back: str


def error_page(status: int, sentence: str, lang: str, language: Language) -> ErrorPage:
    """`sentence` says more than the status does, if it is not empty."""
    refused = language.page.refused
    title, text = refused.get(status) or refused[400 if status < 500 else 500]
    return ErrorPage(lang, title, sentence or text, language.page.show_all if status in (400, 404) else "")
