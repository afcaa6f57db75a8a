"""How Korean says for how long, and what is told to those who err."""

from collections.abc import Mapping

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_UNITS: Mapping[str, int] = {"분": _MINUTE, "시간": _HOUR, "일": _DAY, "주일": 7 * _DAY, "주": 7 * _DAY}
_ONE = r"\d{1,6} ?(?:분|시간|주일|주|일)"
_SPAN = rf"(?P<span>{_ONE}(?: ?{_ONE})*)(?: ?동안|간)?"
_DATE = r"(?P<day>\d{4}-\d\d-\d\d|(?:\d{4}년 ?)?\d{1,2}월 ?\d{1,2}일|오늘|내일) ?"
_CLOCK = r"(?:(?P<half>오전|오후) ?)?(?P<hour>\d{1,2})(?::|시)(?: ?(?P<minute>\d{1,2})분?)? ?까지"
_UP = r"(?P<up>복구(?:될|되는|할)? ?(?:때 ?)?까지|정상(?:이|으로)? ?(?:될|돌아올)? ?때 ?까지)"
_RESTORED = r"(?P<restored>(?:복원|해제)(?:할|될)? ?(?:때 ?)?까지)"


class KoreanTerm:
    term = rf"(?<!\S)(?:{_SPAN}|{_UP}|{_RESTORED}|(?:{_DATE})?{_CLOCK})(?=[,.;:!]*(?:\s|$))"
    begins_term = r"(?<!\S)\S*(?:동안|까지)(?!\S)"
    typed_units: Mapping[str, int] = _UNITS
    typed_days: Mapping[str, int] = {"오늘": 0, "내일": 1}
    afternoon = "오후"

    def not_a_term(self, typed: str) -> str:
        how = "호스트 뒤에 `2시간 동안`, `18:00까지`, `복구될 때까지` 중 하나와 이유를 입력하세요."
        return f"{typed} 부분에서 시간을 알 수 없어요. {how}"

    def term_is_past(self, typed: str) -> str:
        return f"{typed} 시점은 이미 지났어요. `2시간 동안`, `18:00까지` 형식으로 입력하세요."

    def term_is_long(self, typed: str) -> str:
        return f"{typed} 기간은 1년을 넘어요. 기간 없이 입력하면 복원할 때까지 숨겨요."

    def is_up_already(self, host: str) -> str:
        instead = "`복구될 때까지` 대신 `2시간 동안`, `18:00까지` 형식으로 입력하세요."
        return f"{host} 호스트는 이미 정상이에요. {instead}"

    def maybe_a_reason(self, typed: str, command: str) -> str:
        return f"{typed} 호스트에 대한 알림을 받은 적이 없어요. 이유라면 기간을 먼저 입력하세요: {command}"

    def too_many_hosts(self, most: int) -> str:
        return (
            f"한 번에 {most}개까지 입력할 수 있어요. 수를 줄이세요. "
            "`uptime remove`, `restore`, `history` 명령에는 `*.example.com` 같은 패턴도 쓸 수 있어요."
        )

    def host_first(self, command: str) -> str:
        return f"호스트를 먼저 입력하세요: {command}"

    def no_pattern(self, command: str, more: int) -> str:
        left = f" (그 밖에 {more:,}개 더)" if more else ""
        return f"여기에는 패턴을 쓸 수 없어요. 호스트 이름을 입력하세요: {command}{left}"

    def too_many_patterns(self, most: int) -> str:
        return f"패턴이 이미 {most}개 있어요. `uptime removed` 목록에서 하나를 복원하세요."

    def is_every_host(self, command: str) -> str:
        return f"모든 호스트가 숨겨져요. 그래도 숨기려면 이렇게 입력하세요: {command}"

    def none_removed_matches(self, pattern: str) -> str:
        return f"숨긴 것 중에 {pattern} 패턴에 맞는 것이 없어요. `uptime removed` 목록을 확인하세요."
