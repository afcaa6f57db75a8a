"""The languages that the program speaks."""

from collections.abc import Mapping

from languages.english import English
from languages.korean import Korean
from languages.language import Language
from languages.locale import Locale, plain

ENGLISH: Language = English()
KOREAN: Language = Korean()
LANGUAGES: Mapping[str, Language] = {"en": ENGLISH, "ko": KOREAN}

__all__ = ["ENGLISH", "KOREAN", "LANGUAGES", "Language", "Locale", "plain", "word_for"]


def word_for(command: str, language: Language) -> str:
    """Returns the word that the manual has for a command: `undo`, or in Korean `실행취소`."""
    guide = next(guide for guide in language.commands if guide.command == command)
    return guide.words[0] if guide.own_forms else command
