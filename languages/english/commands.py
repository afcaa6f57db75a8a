"""The manual in English, which README.md repeats, and the words of questions and conversation."""

from collections.abc import Collection, Mapping

from languages.typed import Guide, by_word, words

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
        everyday=(
            *("unsilence", "unhide", "unsnooze", "unpause", "resume", "enable"),
            *("end mute", "stop mute", "stop muting", "cancel mute", "remove mute"),
        ),
        forms=(("uptime restore HOST", "end a mute; the host is shown again, as it stands now"),),
        examples=("uptime restore www.example.com", "uptime restore *.staging.example.com"),
        note=(
            "A pattern unmutes every muted host, and every muted pattern, that it matches; "
            "`uptime restore! *.staging.example.com` unmutes only the pattern itself."
        ),
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
        forms=(("uptime doctor", "whether Google would report every failing check to this server"),),
        examples=("uptime doctor",),
        note="It needs `google.project` in `config.yaml`.",
    ),
    Guide(
        "undo",
        forms=(
            ("uptime undo", "what to type to undo your last change"),
            ("uptime undo HOST", "the same for your last change of one host or several"),
        ),
        examples=("uptime undo", "uptime undo *.example.com"),
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


_COURTESIES = words("please pls plz kindly thanks thx cheers")


class EnglishQuestions:
    """Only the words; `slack.readings` and `slack.conversation` decide what they mean."""

    up_words: Collection[str] = words("up")
    warning_words: Collection[str] = words("warnings warning")
    extend_words: Collection[str] = words("extend prolong")
    extend_by = (
        r"(?<!\S)(?:(?:for |by )?\+ ?(?=\d)|by (?=\d+(?:\.\d+)? ?[a-z])|"
        r"(?:by |(?<!for )(?<!half )(?=an? |half ))"
        r"(?=(?:half )?[a-z-]+ (?:minute|hour|day|week|month)s?(?!\w)))"
    )
    acknowledge_words: Collection[str] = words("ack acknowledge acked")
    every_host_words: Collection[str] = frozenset(
        {"all", "everything", "everyone", "everybody", "every host", "all hosts", "any", "anything", "hosts"}
    )
    last_change_words: Collection[str] = words("""
        action both change changes command last latest made mistake one previous recent what
    """)
    question_words: Collection[str] = words("""
        a about active and any anything are at availability available back be been can come could current
        currently did do does doing down ever everything find fine for get give go going good happen happened
        happening has have health host hosts how how's i if in is it it's its know latest like list long many
        me moment much my now of ok okay on one ones ongoing online open or our reachable responding right
        running see server servers service services show since site sites sla state status still tell that
        that's the there these they things this those to today until up uptime us was we website websites went
        were what what's whats where whether which why will with work working works you
    """)
    topics: Mapping[str, str] = by_word(
        who="who who's",
        log="changed changes unmuted restored resolved",
        help="commands usage",
        history="when often times recent recently lately yesterday last week month night",
        down="""
            dead died broken broke failing failed crashed wrong offline unreachable unavailable outage problem
            issue issues trouble
        """,
    )
    torn_word = question_end = mute_or_unmute = "(?!)"
    undo_words: Collection[str] = ()
    how_words: Collection[str] = words("how explain does mean")
    asking_words: Collection[str] = words("""
        any anything are can could did do does has have how how's is list show tell was were what what's whats
        when where which who who's why
    """)
    stating_words: Collection[str] = words("""
        are back fine going good has is it's ok okay right running still that there was restored resolved
        unmuted we went were with working you
    """)
    polite_words: Collection[str] = _COURTESIES
    courtesies: Collection[str] = _COURTESIES | words("now hey hi hello")
    word_endings: Collection[str] = ()
    exception = (
        r"(?:(?:(?:all|any|every)\w*(?: hosts?)? )?(?:except|excluding|other than|apart from|but not)"
        r"|(?:all|every\w*)(?: hosts?)? but)(?!\.?[\w-])"
    )
    forbidding = (
        r"(?<!\S)(?:do not|don'?t|never|(?:must|should)(?: not|n'?t))(?: (?:ever|please|just|be|get))* "
        r"(?:{verbs})(?:e?d)?(?!\w| to\b)"  # "don't forget to mute it" is an order
    )
    aside = r"(?<!\S)(?:do not|don'?t) forget to(?!\S)"
    talk_word = (
        r"an?|the|th(?:is|at|ese|ose|em|ey|ere|en|an)|it'?s?|i|i'm|we(?:'re)?|you|he|she|us|me|my|our|your|who|"
        r"is|isn't|are|aren't|was|wasn't|were|be|been|being|am|do|does|don't|did|didn't|done|have|has|had|will|"
        r"won't|would|can|can't|could|should|may|might|must|not?|yes|yeah|yep|nope|and|or|but|so|because|if|as|"
        r"of|in|on|at|to|with|from|by|about|over|out|off|into|again|already|anyway|any(?:one|body)|some(?:one|"
        r"body)|every(?:one|body)|guys|folks|team|all|good|great|nice|cool|fine|ok(?:ay)?|bad|sad|awesome|"
        r"amazing|perfect|lol|haha|thank|ty|cheers|bye|morning|evening|afternoon|night|here|just|really|very|too|"
        r"also|still|looks?|looking|seems?|going|went|gone|got|finished|complete[d]?|clear|ready|sorry|wow|omg|"
        r"oops|hmm|today|tomorrow|yesterday|time|for|enough|(?:my|your|him|her|it)self|\W+"
    )
