"""What Korean says of hosts that are off the list."""


class KoreanRemoval:
    until_up = "복구될 때까지"
    until_restored = "복원할 때까지"
    matches_none = "지금은 맞는 호스트 없음 (새 호스트부터 적용)"

    def until(self, at: str) -> str:
        return f"{at}까지"

    def because(self, reason: str) -> str:
        return f"이유: {reason}"

    def standing(self, status: str, since: str) -> str:
        return f"{status} ({since}부터)"

    def hosts_and_down(self, hosts: int, down: int) -> str:
        return f"호스트 {hosts:,}개" + (f" 중 {down:,}개 중단" if down else "")

    def matches(self, hosts: int) -> str:
        return f"지금 호스트 {hosts:,}개 (새 호스트도 적용)"

    def removed_many(self, until: str, by: str, undo: str) -> str:
        return f"{until} 숨김 상태예요. {by}. 되돌리려면 {undo} 명령을 입력하세요."

    def pattern_restored(self, pattern: str, hosts: str) -> str:
        return f"{pattern} 패턴의 숨김을 해제했어요: {hosts}"

    def still_hidden(self, host: str, pattern: str, undo: str) -> str:
        undoing = f"이 패턴이 숨긴 호스트를 모두 되돌리려면 {undo} 명령을 입력하세요."
        return f"{host} 호스트는 {pattern} 패턴으로 숨김 상태예요. {undoing}"
