"""The manual in English; README.md has the same table."""

from languages.language import Guide

COMMANDS = (
    Guide(
        "check",
        forms=(
            ("uptime check", "how all hosts stand now"),
            ("uptime check HOST", "all that is known about one host"),
        ),
        examples=("uptime check www.example.com", "uptime check *.example.com", "uptime up"),
        everyday=("status", "list", "all", "show", "hosts", "report", "summary", "overview", "digest"),
        note="A host may be typed as a link or a URL, with a port or a path, in capitals.",
    ),
    Guide(
        "down",
        forms=(("uptime down", "only what is down"),),
        examples=("uptime down", "uptime down *.example.com"),
        everyday=("problems", "incidents", "alerts", "failures"),
    ),
    Guide(
        "remove",
        words=("mute", "snooze"),
        everyday=("silence", "hide", "ignore", "delete", "maintenance", "pause", "suppress", "disable"),
        forms=(
            ("uptime remove HOST", "mute a host: it leaves the digest, but stays tracked"),
            ("uptime remove HOST for 2h REASON", "the same for a while; also `until 18:00`, `until up`"),
            ("uptime remove *.example.com", "the same for all hosts whose names match, now and later"),
        ),
        examples=(
            "uptime remove www.example.com",
            "uptime remove www.example.com for 2h new release",
            "uptime remove www.example.com until 18:00",
            "uptime remove a.example.com b.example.com until up",
            "uptime remove *.staging.example.com",
        ),
        note=(
            "It begins at once. After a colon everything is the reason: `for 2h: Monday's release`. "
            "A pattern that matches every host has to be confirmed with `uptime remove! …`."
        ),
    ),
    Guide(
        "removed",
        words=("muted",),
        everyday=("hidden", "silenced", "snoozed", "ignored", "paused"),
        forms=(("uptime removed", "which hosts are muted, by whom, until when and why"),),
        examples=("uptime removed", "uptime removed www.example.com"),
    ),
    Guide(
        "restore",
        words=("unmute",),
        everyday=("unsilence", "unhide", "unsnooze", "unpause", "resume", "enable"),
        forms=(("uptime restore HOST", "end a mute; the host is shown again, as it is by then"),),
        examples=("uptime restore www.example.com", "uptime restore *.staging.example.com"),
        note="A pattern unmutes every muted host, and every muted pattern, that it matches.",
    ),
    Guide(
        "resolve",
        everyday=("close",),
        forms=(("uptime resolve HOST", "end what is open on a host, when Google's close was lost"),),
        examples=("uptime resolve www.example.com", "uptime resolve www.example.com api.example.com"),
        note="Google has the last word: a late close sets the true end, and a reminder reopens it.",
    ),
    Guide(
        "forget",
        forms=(("uptime forget HOST", "forget a host that was mistyped or retired, with its history"),),
        examples=("uptime forget ww.example.com",),
        note="You are asked to confirm it, and nothing may be open on the host.",
    ),
    Guide(
        "history",
        words=("outages",),
        forms=(
            ("uptime history", "the last outages of all hosts, and how long they were"),
            ("uptime history HOST", "those of one host or several"),
        ),
        examples=("uptime history www.example.com", "uptime history *.example.com"),
        note="Outages of muted hosts are among them, and marked.",
    ),
    Guide(
        "log",
        forms=(("uptime log", "the last changes made by people: who, what, when"),),
        examples=("uptime log", "uptime log www.example.com"),
    ),
    Guide(
        "doctor",
        forms=(("uptime doctor", "whether Google would tell this server of every failing check"),),
        examples=("uptime doctor",),
        note="It needs `google.project` in `config.yaml`.",
    ),
    Guide(
        "undo",
        forms=(("uptime undo", "what to type to undo your last change"),),
        examples=("uptime undo",),
        everyday=("revert", "cancel"),
    ),
    Guide(
        "version",
        forms=(("uptime version", "the version of this server"),),
        examples=("uptime version",),
    ),
    Guide(
        "help",
        forms=(("uptime help", "this list"), ("uptime help COMMAND", "one command, with examples")),
        examples=("uptime help resolve",),
    ),
)
