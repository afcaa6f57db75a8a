"""What English says of hosts that are off the list."""


def _hosts(count: int) -> str:
    return f"{count:,} host{'' if count == 1 else 's'}"


class EnglishRemoval:
    until_up = "until it is up"
    until_restored = "until restored"
    matches_none = "no host now, but those to come"

    def until(self, at: str) -> str:
        return f"until {at}"

    def because(self, reason: str) -> str:
        return f"Reason: {reason}"

    def standing(self, status: str, since: str) -> str:
        return f"{status} since {since}"

    def hosts_and_down(self, hosts: int, down: int) -> str:
        return _hosts(hosts) + (f", {down:,} down" if down else "")

    def matches(self, hosts: int) -> str:
        return f"{_hosts(hosts)} now, and those to come"

    def removed_many(self, until: str, by: str, undo: str) -> str:
        return f"Off the list {until}, removed by {by}. Type {undo} to bring them back."

    def pattern_restored(self, pattern: str, hosts: str) -> str:
        return f"{pattern} hides no host any more: {hosts}"

    def still_hidden(self, host: str, pattern: str, undo: str) -> str:
        return (
            f"{host} is off the list by the pattern {pattern}. Type {undo} to bring back all that it hides."
        )
