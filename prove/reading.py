"""Parses what was said into the values of `expected`, and finds the differences."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from prove.values import WORDS, Maybe, OneOf, Value

DATE = re.compile(r"<!date\^(\d+)\^[^>]*>")
LINK = re.compile(r"<https?://[^>|]*/([^>|/]*)\|[^>]*>")
ROW = re.compile(r"(?:(?P<sign>\S+) )?`(?P<name>[^`]+)`(?: \((?:check|policy)\))? — (?P<said>.*)")
COUNTS = {
    "warning": "warnings",
    "recovered": "recovered",
    "closed": "recovered",
    "resolved": "recovered",
    "muted": "muted",
}
TITLES = {
    WORDS.headings.new.title: "new",
    WORDS.headings.still_down.title: "others",
    WORDS.headings.doubtful.title.partition("{")[0]: "doubtful",
}
SIGNS = {
    "🔴": "down",
    "🟢": "recovered",
    "⚪": "recovered",
    "🟡": "warnings",
    "🔔": "returned",
    "🔕": "muted",
}
UP = tuple(f"{heading.title}:" for heading in (WORDS.headings.up, WORDS.headings.never_reported))
WEEK = f"📅 {WORDS.headings.week.title}: "


def plain(text: str) -> list[str]:
    """The lines of a text, with `@SECONDS` for a moment and `[INCIDENT]` for a link."""
    return LINK.sub(r"[\1]", DATE.sub(r"@\1", text)).splitlines()


def text_of(message: Mapping[str, Any]) -> str:
    """Everything that the blocks of a message say."""
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
    told: dict[str, Value] = {"headline": base, "counts": counts, **_sections(lines)}
    told["order"] = _order(lines)
    return told


def alerts(text: str) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {"down": {}, "still": {}, "over": {}}
    for line in plain(text):
        if row := ROW.fullmatch(line):
            first = row["said"].split(" · ")[0]
            if lasting := _after(first, WORDS.down_for("")):
                found["down"][row["name"]] = {"lasting": lasting}
            elif lasting := _after(first, WORDS.still_down_after("")):
                found["still"][row["name"]] = {"lasting": lasting}
            else:
                found["over"][row["name"]] = first
    return found


def _sections(lines: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The rows by group; a missing group is empty."""
    found: dict[str, dict[str, Any]] = {name: {} for name in (*SIGNS.values(), "up", "week")}
    group, is_up = "others", False
    for line in lines:
        group = _group(line, group)
        is_up = line.partition(" ")[2].startswith(UP) or (is_up and line.startswith("`"))
        if is_up:
            found["up"] |= dict.fromkeys(re.findall(r"`([^`]+)`", line), "")
        elif line.startswith(WEEK):
            found["week"][""] = line.removeprefix(WEEK)
        elif (row := ROW.fullmatch(line)) and row["sign"] in SIGNS:
            section = SIGNS[row["sign"]]
            found[section][row["name"]] = _row(section, row["said"], group)
    return found


def _group(line: str, group: str) -> str:
    """The group of hosts down, by the latest title."""
    title = line.strip("*") if line.startswith("*") else ""
    return next((name for start, name in TITLES.items() if title.startswith(start)), group)


def _order(lines: Sequence[str]) -> dict[str, list[str]]:
    """How long each host is down, in each group."""
    found: dict[str, list[str]] = {name: [] for name in TITLES.values()}
    group = "others"
    for line in lines:
        group = _group(line, group)
        row = ROW.fullmatch(line)
        if row and row["sign"] == "🔴":
            found[group].append(_after(row["said"].split(" · ")[0], WORDS.down_for("")))
    return found


def _row(section: str, said: str, group: str) -> Value:
    first, *parts = said.split(" · ")
    flapping, new = _flapping(parts), f"*{WORDS.new}*" in parts
    match section:
        case "down":
            lasting = _after(first, WORDS.down_for(""))
            return {
                "lasting": lasting,
                "new": group == "new",
                "flapping": flapping,
                "lost": group == "doubtful",
            }
        case "warnings":
            return {"lasting": _after(first, WORDS.warning_for("")), "new": new, "flapping": flapping}
        case "recovered":
            return {"told": first, "flapping": flapping}
    return said


def _after(said: str, words: str) -> str:
    return said.removeprefix(words) if said.startswith(words) else ""


def _flapping(parts: Sequence[str]) -> str:
    return next((part for part in parts if part.startswith(WORDS.flapping(outages=0, hours=0)[:8])), "")


def check(text: str) -> dict[str, Value]:
    """What a reply says about one host."""
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
        elif found := re.match(WORDS.earlier(1).partition(",")[0].replace("1", r"(\d+)"), line):
            told["closed"] = int(found[1])
        elif line.startswith("🔕"):
            muted[line] = ""
    return {**told, "open": still, "muted": len(muted) > 0, "also": also_muted(text)}


def also_muted(text: str) -> list[str]:
    """What a reply says about further mutes of a host."""
    parts = (part.removeprefix("↳ ") for line in plain(text) for part in line.split(" · "))
    return [part for part in parts if part.startswith(WORDS.also_muted(name="", who="", until="")[:10])]


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
    """Yields each place where something differs, with what was expected and what was said."""
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
