"""Finds the known names that an unknown one may stand for, in steps: among ten thousand that takes long."""

from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from heapq import nlargest, nsmallest
from itertools import islice, takewhile

from turns import Steps

MOST_SUGGESTED = 3  # names that a reply suggests
_SHORT = 2  # letters: so few are in many names, and one slip away from many
_COMPARED_CHARACTERS = 200  # of a name
_GREATEST_DISTANCE = 0.3  # 0 to 1: names further apart than this are different names
_ONE_SLIP = 0.1  # the distance of two labels that differ by one character
_COMPARED_PAIRS = 12
_SHORTLIST = 40  # names to compare closely at 50 µs each: ten thousand of them would be felt
_LOOKED_AT = 200  # names in one step


def finding_nearest(wanted: str, known: Iterable[str]) -> Steps[list[str]]:
    """Returns those that contain `wanted`, which `host_name` has spelt, and then those spelt like it."""
    wanted = wanted[:_COMPARED_CHARACTERS]
    if not wanted:
        return []
    names: dict[str, list[str]] = {}
    for name in known:
        yield
        names.setdefault(name.lower(), []).append(name)  # capitals may be all that tells two apart
    folded, pairs = list(names), _rarest_pairs(wanted, names)
    containing, similar = list[str](), list[str]()
    for start in range(0, len(folded), _LOOKED_AT):
        yield
        some = folded[start : start + _LOOKED_AT]
        containing = _containing(wanted, [*containing, *some])
        similar = nlargest(_SHORTLIST, [*similar, *some], lambda name: sum(map(name.__contains__, pairs)))
    found = [*containing, *((yield from _spelt_like(wanted, similar)) if not is_short(wanted) else ())]
    return [name for each in dict.fromkeys(found) for name in sorted({*names[each]})][:MOST_SUGGESTED]


def _containing(wanted: str, names: Iterable[str]) -> list[str]:
    """Looks for the first word alone, too: people add "please"."""
    first_word = wanted.partition(" ")[0].rstrip(".,;")
    without_www = wanted.removeprefix("www.")
    containing = [name for name in names if contains(name, wanted) or name in (first_word, without_www)]
    return nsmallest(MOST_SUGGESTED, containing, lambda name: (not name.startswith(wanted), len(name), name))


def is_short(word: str) -> bool:
    """Whether a word says too little to be a part of a name: two syllables of Hangul say enough."""
    return len(word) < _SHORT or (len(word) == _SHORT and word.isascii())


def contains(name: str, part: str) -> bool:
    """Whether a name, in lower case, contains a part: `db` of two letters only as its first word."""
    if not is_short(part):
        return part in name
    return len(part) == _SHORT and first_letters(name) == part


def first_letters(name: str) -> str:
    """Returns the first word of a name if it has two letters, else nothing."""
    return name[:_SHORT] if not name[_SHORT : _SHORT + 1].isalnum() else ""


def _rarest_pairs(wanted: str, names: Collection[str]) -> list[str]:
    """Returns the pairs of letters in `wanted` that tell names apart, judging by some of them."""
    sample = list(islice(names, 0, None, len(names) // 64 + 1))
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return sorted(pairs, key=lambda pair: (sum(pair in name for name in sample), pair))[:_COMPARED_PAIRS]


def _spelt_like(wanted: str, names: Iterable[str]) -> Steps[list[str]]:
    """Compares the first labels, then the rest, as a common domain does not make two names alike."""
    first, _, rest = wanted.partition(".")
    labels, rests = SequenceMatcher(autojunk=False), SequenceMatcher(autojunk=False)
    labels.set_seq2(first)
    rests.set_seq2(rest)

    def distance(name: str) -> float:
        label, _, behind = name.partition(".")
        if is_one_slip(wanted, name):
            return 0
        found = _distance(first, label, labels)
        return max(found, _distance(rest, behind, rests)) if rest and found <= _GREATEST_DISTANCE else found

    rated = []
    for name in names:
        yield
        rated.append((distance(name[:_COMPARED_CHARACTERS]), name))
    return [name for rating, name in sorted(rated)[:MOST_SUGGESTED] if rating <= _GREATEST_DISTANCE]


def _distance(typed: str, meant: str, compared: SequenceMatcher[str]) -> float:
    if is_one_slip(typed, meant):
        return _ONE_SLIP if typed != meant else 0
    compared.set_seq1(meant)
    return 1 - compared.ratio()


def finding_only(part: str, known: Iterable[str]) -> Steps[list[str]]:
    """Returns the only name with a part as a label, and the only one that contains it, or else nothing."""
    labelled, containing = list[str](), list[str]()
    for name in known:
        yield
        if contains(name.lower(), part):
            containing.append(name)
            labelled += [name] if part in name.lower().split(".") else []
    return [found[0] if len(found) == 1 else "" for found in (labelled, containing)]


def finding_one_slip(word: str, known: Iterable[str]) -> Steps[list[str]]:
    """Returns the names whose first label is one typo away from a word."""
    if is_short(word):
        return []
    half = max(1, (len(word) - 1) // 2)  # a typo leaves one of these halves as it is
    first, last, found = word[:half], word[-half:], list[str]()
    for name in known:
        yield
        label = name.lower().partition(".")[0].partition(" (")[0]  # of `api (prod)`, `api`
        if (label.startswith(first) or label.endswith(last)) and is_one_slip(word, label):
            found.append(name)
    return found


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is added, missing or wrong, or two are swapped."""
    start = _common_start(typed, meant)
    left, right = typed[start:], meant[start:]
    end = _common_start(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def _common_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
