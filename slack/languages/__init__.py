"""What is said to people, in the language they chose."""

from collections.abc import Mapping

from slack.languages.english import English
from slack.languages.korean import Korean
from slack.languages.language import Language

ENGLISH: Language = English()
KOREAN: Language = Korean()
LANGUAGES: Mapping[str, Language] = {"en": ENGLISH, "ko": KOREAN}

__all__ = ["ENGLISH", "KOREAN", "LANGUAGES", "Language"]
