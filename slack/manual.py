"""What is answered to `help`: every command in a line, or one of them with examples."""

from collections.abc import Sequence

from languages import ENGLISH, Language
from languages.language import Guide


def help_text(about: str | None = None, language: Language = ENGLISH) -> str:
    """About one command, by the word of the code, or about all of them."""
    return _one_command(about, language) if about else _all_commands(language)


def _all_commands(language: Language) -> str:
    rows = [row for guide in language.commands for row in _rows(guide)]
    first_words = [guide.words[0] for guide in language.commands if guide.words]
    some = [guide.examples[0] for guide in (language.commands[0], language.commands[-1])]
    examples = language.for_example(_spans(some))
    return "\n".join([language.help_title, *rows, examples, *_also(first_words, language)])


def _one_command(command: str, language: Language) -> str:
    (guide,) = (guide for guide in language.commands if guide.command == command)
    note = [guide.note] if guide.note else []
    examples = language.for_example(_spans(guide.examples))
    return "\n".join([*_rows(guide), *note, examples, *_also(guide.words, language)])


def _rows(guide: Guide) -> list[str]:
    return [f"• `{usage}` — {meaning}" for usage, meaning in guide.forms]


def _also(words: Sequence[str], language: Language) -> list[str]:
    return [language.other_words(_spans(words))] if words else []


def _spans(texts: Sequence[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)
