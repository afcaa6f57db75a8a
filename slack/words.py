"""The words of a language and of English, prepared for comparing them with what people type."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from unicodedata import normalize

from languages import ENGLISH, Language

PUNCTUATION = ".,:;!?"
_MARKUP = "*_~`'\""  # Slack's; it shows ` as ' in a code span
_AROUND_WORDS = f"`~()[]{{}}\"'{PUNCTUATION}"

Verbs = Mapping[str, str]  # each word that may be typed, folded -> the command's English verb


class Words:
    """The words of a language and of English that have a meaning here, all folded."""

    def __init__(self, language: Language) -> None:
        languages = (ENGLISH, language)

        def both(name: str) -> frozenset[str]:
            return frozenset(folded(word) for each in languages for word in getattr(each, name))

        self.verbs = verbs_of(language)
        self.topics = {folded(word): verb for each in languages for word, verb in each.topics.items()}
        self.every_host = both("every_host_words")
        self.courtesies = both("courtesies")
        self.polite = both("polite_words")
        self.how = both("how_words")
        self.asking = both("asking_words")
        self.extending = both("extend_words")
        self.undoing = both("undo_words")
        self.stating = both("stating_words")
        self.last_change = both("last_change_words")
        self.acknowledging = both("acknowledge_words")
        # Verbs with which conversation may begin as well.
        everyday = self.verbs.keys() - verbs_of(language, everyday=False).keys()
        self.everyday = everyday | self.acknowledging | {"version", "undo"}
        self._fillers = both("question_words").union(
            self.topics, self.every_host, self.courtesies, self.verbs
        )

    def is_filler(self, word: str) -> bool:
        """Whether a word may stand in a question without naming a host."""
        return folded(word) in self._fillers

    def possible_names(self, typed: Iterable[str]) -> list[str]:
        return [word for word in typed if not self.is_filler(word)]


@cache
def words_of(language: Language) -> Words:
    return Words(language)


@cache
def verbs_of(language: Language, *, everyday: bool = True) -> Verbs:
    """Returns the verbs of English and of the language, with `everyday` words that mean the same."""
    guides = (*ENGLISH.commands, *language.commands)
    verbs = {folded(word): guide.command for guide in guides for word in (guide.command, *guide.words)}
    if not everyday:
        return verbs
    verbs |= {folded(word): guide.command for guide in guides for word in guide.everyday}
    for each in (ENGLISH, language):
        verbs |= {folded(word): "up" for word in each.up_words}
        verbs |= {folded(word): "warnings" for word in each.warning_words}
    return verbs


@cache
def pattern(expression: str) -> re.Pattern[str]:
    """Compiles an expression of a language once: the cache of `re` might drop it."""
    return re.compile(expression, re.IGNORECASE)


def folded(word: str) -> str:
    """Splits Hangul into letters: some systems send it so, and one typo then changes only one letter."""
    return normalize("NFD", word.lower().rstrip(PUNCTUATION))


def split_verb(text: str, verbs: Verbs) -> tuple[str, str]:
    """Splits text after its verb, which may have two words."""
    first, _, rest = text.partition(" ")
    second, _, after = rest.partition(" ")
    both = f"{first} {second}"
    return (both, after) if folded(both) in verbs else (first, rest)


def split_words(text: str, verbs: Verbs) -> Iterator[str]:
    """Yields the words without punctuation; a verb of two words is one of them."""
    words = [word for each in text.split() if (word := each.strip(_AROUND_WORDS))]
    start = 0
    while start < len(words):
        both = " ".join(words[start : start + 2])
        size = 2 if folded(both) in verbs else 1
        yield " ".join(words[start : start + size])
        start += size


def plain_words(text: str, language: Language) -> str:
    """Returns the text with its verbs stripped of markup and of endings such as in `숨김해줘`."""
    verbs, endings = verbs_of(language), "|".join(language.word_endings)
    stems = {*verbs, *(verb.rpartition(" ")[2] for verb in verbs)}  # also of `종료 처리해줘`
    stems |= words_of(language).acknowledging
    if len(text) > 2 and text[0] in _MARKUP and text[0] == text[-1] and text[0] not in text[1:-1]:
        inside = text[1:-1].strip()
        text = inside if folded(inside.partition(" ")[0]) in verbs else text

    def plain(word: str) -> str:
        bare = word.strip(_MARKUP)
        if bare != word and folded(bare) in verbs:
            return bare
        found = re.fullmatch(rf"(\S+?)({endings})([{PUNCTUATION}]*)", word) if endings else None
        if found is None or folded(found[1]) not in stems:
            return word
        return found[1] if found[2] in language.polite_words else f"{found[1]} {found[2]}{found[3]}"

    return " ".join(map(plain, text.split(" ")))


def joined(text: str, language: Language) -> str:
    """Returns a text with words of a question that are often typed as two in one: `복구 됐어?`."""
    return pattern(language.torn_word).sub(lambda found: found[0].replace(" ", ""), text)


def is_talk(word: str, language: Language) -> bool:
    """Whether a word belongs to conversation and never to a command."""
    bare = word.lower().strip(_AROUND_WORDS)
    is_emoji = word.endswith(":") and len(word) > 1
    return is_emoji or not bare or any(re.fullmatch(each.talk_word, bare) for each in (ENGLISH, language))
