"""English words of questions and of conversation, as people type them after our name."""

from collections.abc import Collection, Mapping

_COURTESIES = frozenset({"please", "pls", "plz", "kindly", "thanks", "thx", "cheers"})


class EnglishQuestions:
    """Words alone; `slack.questions` and `slack.conversation` say what comes of them."""

    up_words: Collection[str] = frozenset({"up"})
    warning_words: Collection[str] = frozenset({"warnings", "warning"})
    acknowledge_words: Collection[str] = frozenset({"ack", "acknowledge", "acked"})
    every_host_words: Collection[str] = frozenset(
        {"all", "everything", "everyone", "everybody", "every host", "all hosts", "any", "anything", "hosts"}
    )
    question_words: Collection[str] = frozenset({
        "a", "about", "active", "and", "any", "anything", "are", "at", "availability", "available",
        "back", "be", "been", "can", "come", "could", "current", "currently", "did", "do", "does",
        "doing", "down", "ever", "everything", "find", "fine", "for", "get", "give", "go", "going",
        "good", "happen", "happened", "happening", "has", "have", "health", "host", "hosts", "how",
        "how's", "i", "if", "in", "is", "it", "it's", "its", "know", "latest", "like", "list", "long",
        "many", "me", "moment", "much", "my", "now", "of", "ok", "okay", "on", "one", "ones", "ongoing",
        "online", "open", "or", "our", "reachable", "responding", "right", "running", "see", "server",
        "servers", "service", "services", "show", "since", "site", "sites", "sla", "state", "status",
        "still", "tell", "that", "the", "there", "these", "they", "things", "this", "those", "to",
        "today", "until", "up", "uptime", "us", "was", "we", "website", "websites", "went", "were",
        "what", "what's", "whats", "where", "whether", "which", "why", "will", "with", "work", "working",
        "works", "you",
    })  # fmt: skip
    topics: Mapping[str, str] = {
        **dict.fromkeys(("who", "who's"), "who"),
        **dict.fromkeys(("changed", "changes", "unmuted", "restored", "resolved"), "log"),
        **dict.fromkeys(("commands", "usage"), "help"),
        **dict.fromkeys(("when", "often", "times", "recent", "recently", "lately"), "history"),
        **dict.fromkeys(("yesterday", "last", "week", "month", "night"), "history"),
        **dict.fromkeys(("dead", "died", "broken", "broke", "failing", "failed", "crashed"), "down"),
        **dict.fromkeys(("wrong", "offline", "unreachable", "unavailable", "outage"), "down"),
        **dict.fromkeys(("problem", "issue", "issues", "trouble"), "down"),
    }
    how_words: Collection[str] = frozenset({"how", "explain", "does", "mean"})
    asking_words: Collection[str] = frozenset({
        "any", "anything", "are", "can", "could", "did", "do", "does", "has", "have", "how", "how's",
        "is", "list", "show", "tell", "was", "were", "what", "what's", "whats", "when", "where", "which",
        "who", "who's", "why",
    })  # fmt: skip
    stating_words: Collection[str] = frozenset({
        "are", "back", "fine", "going", "good", "has", "is", "it's", "ok", "okay", "right", "running",
        "still", "that", "there", "was", "we", "went", "were", "with", "working", "you",
    })  # fmt: skip
    polite_words: Collection[str] = _COURTESIES
    courtesies: Collection[str] = frozenset({*_COURTESIES, "now", "hey", "hi", "hello"})
    word_endings: Collection[str] = ()
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
