"""The commands as English tells of them; README.md has the same table."""

from slack.languages.language import Guide

COMMANDS = (
    Guide(
        "check",
        forms=(
            ("uptime check", "how all hosts stand now"),
            ("uptime check HOST", "all that is known about one host"),
        ),
        examples=("uptime check www.example.com",),
        note="A host may be typed as a link or a URL, with a port or a path, in capitals.",
    ),
    Guide(
        "remove",
        forms=(("uptime remove HOST", "take a host off the list; it stays tracked"),),
        examples=("uptime remove www.example.com",),
    ),
    Guide(
        "removed",
        forms=(("uptime removed", "which hosts are removed, by whom and since when"),),
        examples=("uptime removed",),
    ),
    Guide(
        "restore",
        forms=(("uptime restore HOST", "put a removed host back, as it stands by then"),),
        examples=("uptime restore www.example.com",),
    ),
    Guide(
        "resolve",
        forms=(("uptime resolve HOST", "end what is open on a host, when Google's close was lost"),),
        examples=("uptime resolve www.example.com", "uptime resolve www.example.com api.example.com"),
        note="Google's word counts more: a later close tells the true end, a later reminder opens it again.",
    ),
    Guide(
        "log",
        forms=(("uptime log", "the last changes made by people: who, what, when"),),
        examples=("uptime log",),
    ),
    Guide(
        "help",
        forms=(("uptime help", "this list"), ("uptime help COMMAND", "one command, with examples")),
        examples=("uptime help resolve",),
    ),
)
