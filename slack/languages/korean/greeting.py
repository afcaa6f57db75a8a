"""What is said in Korean where the program is started."""

from collections.abc import Collection, Sequence

DAYS = "월화수목금토일"


class KoreanGreeting:
    def listens(self, address: str, hosts: int, state_file: str) -> str:
        return f"uptime-check-manager 시작: {address} (호스트 {hosts:,}개, 상태 파일 {state_file})"

    def posts(self, channel: str, schedule: str, *, to_slack: bool) -> str:
        name = f"{channel} 채널 요약" if channel else "요약"
        target = "Slack" if to_slack else "여기 (slack.webhook_url이 비어 있음)"
        return f"{name}: {schedule}, {target}"

    def schedule(self, every: str, at: Sequence[str], days: Collection[int]) -> str:
        told = f"{every}마다" if every else f"매일 {', '.join(at)}"
        if not days:
            return told
        named = "·".join(DAYS[day] for day in sorted(days))
        return f"{named}요일 {told.removeprefix('매일 ')}"

    def test_message(self, channel: str) -> str:
        return f"🔧 uptime-check-manager 시험 메시지: {channel} 채널 요약이 여기에 올라옵니다."

    def try_it(self, command: str) -> str:
        return f"시험해 보기: {command}"
