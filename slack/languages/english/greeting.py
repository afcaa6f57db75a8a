"""What is said in English where the program is started."""

from collections.abc import Collection, Sequence

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class EnglishGreeting:
    def listens(self, address: str, hosts: int, state_file: str) -> str:
        known = f"knowing {hosts:,} host{'' if hosts == 1 else 's'}"
        return f"uptime-check-manager listens on {address}, {known}; its state is {state_file}"

    def posts(self, channel: str, schedule: str, *, to_slack: bool) -> str:
        name = f" of channel {channel}" if channel else ""
        target = "to Slack" if to_slack else "here, since slack.webhook_url is empty"
        return f"It posts the digest{name} {schedule} {target}."

    def schedule(self, every: str, at: Sequence[str], days: Collection[int]) -> str:
        told = f"every {every}" if every else f"at {', '.join(at)}"
        return f"{told} on {', '.join(DAYS[day] for day in sorted(days))}" if days else told

    def test_message(self, channel: str) -> str:
        return f"🔧 A test of uptime-check-manager: the digests of channel {channel} will appear here."

    def try_it(self, command: str) -> str:
        return f"Try: {command}"
