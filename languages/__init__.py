"""The languages that the program speaks."""

from collections.abc import Mapping

from languages.english import English
from languages.korean import Korean
from languages.language import Language
from languages.locale import Locale

ENGLISH: Language = English()
KOREAN: Language = Korean()
LANGUAGES: Mapping[str, Language] = {"en": ENGLISH, "ko": KOREAN}

__all__ = ["ENGLISH", "KOREAN", "LANGUAGES", "Language", "Locale"]
