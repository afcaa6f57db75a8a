"""Renders the replies to `help`: the manual of one command, or of all."""

import re
from collections.abc import Sequence

from languages import Locale
from languages.typed import Guide, MuteVerbs
from slack.command import REMOVE, Help, UsageError, offer
from slack.text import BOT_NAME, quoted


def help_text(asked: Help, locale: Locale) -> str:
    """The manual of one command, or of all."""
    return _one_command(asked.command, locale, asked.verbs) if asked.command else _all_commands(locale)


def instead_of_help(asked: Help, locale: Locale) -> UsageError:
    """Asks whether what was ignored is to be run."""
    run = _with_verbs(f"{BOT_NAME} {asked.verb or asked.command} {asked.ignored}", asked.verbs, locale)
    problem = locale.language.help_ignores(quoted(asked.ignored))
    return offer(locale.language.to_run_it, run.removeprefix(f"{BOT_NAME} "), problem)


def _all_commands(locale: Locale) -> str:
    language = locale.language
    rows = [row for guide in language.commands for row in _rows(guide)]
    others = [_other_words_for(guide, "\n".join(_rows(guide))) for guide in language.commands]
    examples = [guide.examples[0] for guide in (language.commands[0], language.commands[-1])]
    return "\n".join(
        [
            language.help_title,
            *rows,
            language.for_example(_spans(examples)),
            *_other_words([words[0] for words in others if words], locale),
        ]
    )


def _one_command(command: str, locale: Locale, verbs: MuteVerbs | None) -> str:
    (guide,) = (guide for guide in locale.language.commands if guide.command == command)
    lines = [*_rows(guide), guide.note, locale.language.for_example(_spans(guide.examples))]
    said = _with_verbs("\n".join(filter(None, lines)), verbs, locale)
    return "\n".join([said, *_other_words(_other_words_for(guide, said), locale)])


def _with_verbs(text: str, verbs: MuteVerbs | None, locale: Locale) -> str:
    if verbs is None:
        return text
    said = {
        word: meant
        for each in (REMOVE, *locale.language.mute_verbs)
        for word, meant in zip(each, verbs, strict=True)
    }
    words = "|".join(sorted(map(re.escape, said), key=len, reverse=True))
    return re.sub(rf"(?<=uptime )(?:{words})(?!\w)", lambda found: said[found[0]], text)


def _rows(guide: Guide) -> list[str]:
    forms = guide.own_forms or [usage for usage, _ in guide.forms]
    return [f"• `{usage}` — {meaning}" for usage, (_, meaning) in zip(forms, guide.forms, strict=True)]


def _other_words_for(guide: Guide, shown: str) -> list[str]:
    """Returns a command's other words, which do not appear in `shown`, its forms."""
    words = (guide.command, *guide.words, *guide.everyday)
    return [word for word in words if not re.search(rf"(?<=uptime ){word}(?!\w)", shown)]


def _other_words(words: Sequence[str], locale: Locale) -> list[str]:
    return [locale.language.other_words(_spans(words))] if words else []


def _spans(texts: Sequence[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)
