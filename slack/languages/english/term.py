"""How English says for how long, and what is told to those who err."""

from collections.abc import Mapping

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS: Mapping[str, int] = {
    **dict.fromkeys(("minutes", "minute", "mins", "min", "m"), _MINUTE),
    **dict.fromkeys(("hours", "hour", "hrs", "hr", "h"), _HOUR),
    **dict.fromkeys(("days", "day", "d"), _DAY),
    **dict.fromkeys(("weeks", "week", "w"), 7 * _DAY),
}
_ONE = rf"\d{{1,6}} ?(?:{'|'.join(_UNITS)})"
_SPAN = rf"(?:for )?(?P<span>{_ONE}(?:(?: and |, ?| )?{_ONE})*)"
_DATE = r"(?P<day>\d{4}-\d\d-\d\d|today|tomorrow),?(?: at)? "
_CLOCK = r"(?=\d{1,2}(?::| ?[ap]m))(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?: ?(?P<half>am|pm))?"
_END = r"(?=[,.;:!]*(?:\s|$))"
_UP = r"(?P<up>(?:(?:it's|it is|they are) )?(?:up|back)(?: again)?)"


class EnglishTerm:
    term = (
        rf"(?<!\S)(?:{_SPAN}|(?:until|till|til) (?:{_UP}|(?P<restored>restored)|(?:{_DATE})?{_CLOCK})){_END}"
    )
    begins_term = r"(?<!\S)(?:for|until|till|til)(?!\S)"
    typed_units: Mapping[str, int] = _UNITS
    typed_days: Mapping[str, int] = {"today": 0, "tomorrow": 1}
    afternoon = "pm"

    def not_a_term(self, typed: str) -> str:
        return f"{typed} is not a time. Type `for 2h`, `until 18:00` or `until up` after the host, then why."

    def term_is_past(self, typed: str) -> str:
        return f"{typed} is over. Type a time to come, such as `for 2h` or `until 18:00`."

    def term_is_long(self, typed: str) -> str:
        return f"{typed} is more than a year. Leave it out: the host is off the list until restored."

    def is_up_already(self, host: str) -> str:
        return f"{host} is up already. Type `for 2h` or `until 18:00` instead of `until up`."

    def maybe_a_reason(self, typed: str, command: str) -> str:
        return f"No host called {typed} is known. If it is the reason, say how long before it: {command}"

    def too_many_hosts(self, most: int) -> str:
        return (
            f"More than {most} hosts at once. Type fewer; "
            "`uptime remove`, `restore` and `history` take a pattern such as `*.example.com`, too."
        )

    def host_first(self, command: str) -> str:
        return f"The host comes first: {command}"

    def no_pattern(self, command: str, more: int) -> str:
        left = f" (and {more:,} more)" if more else ""
        return f"No pattern can stand here. Type the hosts themselves: {command}{left}"

    def too_many_patterns(self, most: int) -> str:
        return f"There are {most} patterns already. Restore one of those that `uptime removed` lists."

    def is_every_host(self, command: str) -> str:
        return f"That would hide every host. If you mean it, type {command}"

    def none_removed_matches(self, pattern: str) -> str:
        return f"Nothing that is removed matches {pattern}. Type `uptime removed` to see what is."
