"""What was said, taken apart into the values of `expected`, and how the two differ."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prove.expected import WORDS, Maybe, OneOf, Value

DATE = re.compile(r"<!date\^(\d+)\^[^>]*>")
LINK = re.compile(r"<https?://[^>|]*/([^>|/]*)\|[^>]*>")
ROW = re.compile(r"(?:(?P<sign>\S+) )?`(?P<name>[^`]+)`(?: \((?:check|policy)\))? — (?P<said>.*)")
COUNTS = {"warning": "warnings", "recovered": "recovered", "closed": "recovered", "muted": "muted"}
TITLES = {
    WORDS.headings.down.title: "down",
    WORDS.headings.recovered.title: "recovered",
    WORDS.headings.closed.title: "recovered",
    WORDS.headings.warnings.title: "warnings",
    WORDS.headings.up.title: "up",
    WORDS.headings.never_reported.title: "up",
    WORDS.headings.mutes_ended.title: "returned",
    WORDS.headings.muted.title: "muted",
    WORDS.headings.week.title: "week",
    WORDS.alert_headings.down.title: "down",
    WORDS.alert_headings.still_down.title: "still",
    WORDS.alert_headings.recovered.title: "over",
}


def plain(text: str) -> list[str]:
    """Its lines, with `@SECONDS` for a moment and `[INCIDENT]` for a link."""
    return LINK.sub(r"[\1]", DATE.sub(r"@\1", text)).splitlines()


def text_of(message: Mapping[str, Any]) -> str:
    """All that the blocks of a message say."""
    blocks = message.get("blocks")
    assert isinstance(blocks, list)
    texts = [
        text["text"]
        for block in blocks
        for text in ([block["text"]] if "text" in block else block["elements"])
    ]
    return "\n".join(texts)


def digest(text: str) -> dict[str, Any]:
    first, *lines = plain(text)
    base, *rest = first.strip("*").partition(" ")[2].split(" · ")
    counts = dict.fromkeys(COUNTS.values(), 0)
    counts["muted_down"] = 0
    for said in rest:
        count, word, *more = said.split(" ")
        if more == ["watched"]:
            continue
        counts[COUNTS[word.removesuffix("s")]] += int(count.replace(",", ""))
        counts["muted_down"] += int(more[0].strip("(")) if more else 0
    sections = {name: rows for name, rows in _sections(lines) if name not in {"still", "over"}}
    told: dict[str, Value] = {"headline": base, "counts": counts, **sections}
    told["order"] = [row["lasting"] for row in sections["down"].values()]
    return told


def alerts(text: str) -> dict[str, Any]:
    found = dict(_sections(plain(text)[1:]))
    return {
        "down": {name: {"lasting": row["lasting"]} for name, row in found["down"].items()},
        "still": {name: {"lasting": row.split(" · ")[0]} for name, row in found["still"].items()},
        "over": {name: row.split(" · ")[0] for name, row in found["over"].items()},
    }


def _sections(lines: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """By `TITLES`; empty where nothing is said."""
    found: dict[str, dict[str, Any]] = {name: {} for name in TITLES.values()}
    section = ""
    for line in lines:
        if title := re.fullmatch(r"\*(?:\W+ )?(.+?)(?: \(\d+\))?\*", line):
            section = TITLES.get(title[1], "")
        elif section == "up":
            found["up"] |= dict.fromkeys(re.findall(r"`([^`]+)`", line), "")
        elif section == "week" and line.startswith("• "):
            found["week"][""] = line.removeprefix("• ")
        elif section and (row := ROW.fullmatch(line)):
            found[section][row["name"]] = _row(section, row["said"])
    yield from found.items()


def _row(section: str, said: str) -> Value:
    first, *parts = said.split(" · ")
    flapping, new = _flapping(parts), f"*{WORDS.new}*" in parts
    match section:
        case "down":
            lost = WORDS.close_may_be_lost in parts
            return {"lasting": first, "new": new, "flapping": flapping, "lost": lost}
        case "warnings":
            return {"lasting": first, "new": new}
        case "recovered":
            return {"told": first, "flapping": flapping}
    return said


def _flapping(parts: Sequence[str]) -> str:
    return next((part for part in parts if part.startswith(WORDS.flapping(0, 0)[:8])), "")


def check(text: str) -> dict[str, Value]:
    """What is said of one host."""
    first, *lines = plain(text)
    said, _, doubts = _unquoted(first).partition(" ⚠️ ")
    parts = doubts.split(" · ")
    told: dict[str, Value] = {"status": said.partition(" ")[2], "uptime": {}, "closed": 0}
    told |= {"flapping": _flapping(parts), "lost": WORDS.close_may_be_lost in parts}
    still: dict[str, Value] = {}
    muted: dict[str, Value] = {}
    for line in lines:
        if line.startswith("📈"):
            told["uptime"] = dict(re.findall(r"(\d+ [hd]|since @\d+) ([\d.]+) %", line))
        elif found := re.fullmatch(r"• [^:]+: \[([^\]]+)\][^,]*, (@\d+, .+)", line):
            still[found[1]] = found[2]
        elif found := re.match(WORDS.earlier(0).replace("0", r"(\d+)"), line):
            told["closed"] = int(found[1])
        elif line.startswith("🔕"):
            muted[line] = ""
    return {**told, "open": still, "muted": len(muted) > 0}


def history(text: str) -> list[tuple[str, int, str, bool]]:
    """Host, when it began, how long it lasted, and whether it goes on."""
    rows = []
    for line in plain(text):
        if found := ROW.fullmatch(line):
            lasted = re.search(r"for ([^,]+), @(\d+)|, @(\d+), ([^·]+)", found["said"])
            assert lasted, line
            start, length = lasted[2] or lasted[3], lasted[1] or lasted[4]
            rows.append((found["name"], int(start), length.strip(), lasted[3] is not None))
    return rows


def removed(text: str) -> dict[str, str]:
    return {row["name"]: row["said"] for line in plain(text) if (row := ROW.fullmatch(line))}


def sentence(text: str) -> str:
    return "\n".join(_unquoted(line) for line in plain(text))


def _unquoted(line: str) -> str:
    return line.replace("`", "")


def differences(expected: Value, seen: Value, where: str = "") -> Iterator[str]:
    """Each with where it is, what should be said and what was said."""
    if isinstance(expected, OneOf):
        if expected.values and all(any(differences(one, seen)) for one in expected.values):
            best = min(expected.values, key=lambda one: len(list(differences(one, seen))))
            yield from differences(best, seen, where)
    elif isinstance(expected, Maybe):
        yield from differences(expected.value, seen, where)
    elif isinstance(expected, Mapping):
        assert isinstance(seen, Mapping)
        for name in sorted(expected.keys() | seen.keys()):
            at = f"{where}.{name}"
            if name not in seen:
                if not isinstance(expected[name], Maybe):
                    yield f"{at}: not said: {expected[name]}"
            elif name not in expected:
                yield f"{at}: said: {seen[name]}"
            else:
                yield from differences(expected[name], seen[name], at)
    elif expected != seen:
        yield f"{where}: {expected!r} is right, said: {seen!r}"
