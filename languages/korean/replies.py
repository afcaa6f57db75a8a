"""Korean for the replies to commands (the log in the past tense), and for menus and buttons."""

from collections.abc import Mapping, Sequence

from hosts.model import Action
from languages.language import Choice, Dialog

PAST_TENSE: Mapping[Action, str] = {
    Action.REMOVE: "숨김",
    Action.RESTORE: "숨김 해제",
    Action.RESOLVE: "종료 처리",
    Action.FORGET: "기록 삭제",
}


class KoreanReplies:
    """What the program answers."""

    not_this_team = (
        "이 워크스페이스에서는 명령을 쓸 수 없어요. 서버 운영자가 `slack.team_id` 설정으로 허용할 수 있어요."
    )
    help_title = "쓸 수 있는 명령:"
    no_mutes = "숨긴 호스트가 없어요."
    not_named_by_google = "Google 알림에 호스트 이름이 없어서 체크나 정책의 이름으로 표시해요."
    not_saved = "저장하지 못해서 아무것도 바뀌지 않았어요. 다시 시도해 주세요. 원인 확인: `/healthz`"
    sent_again = "처음 받았을 때 이미 처리한 명령이에요. 이번에는 아무것도 바뀌지 않았어요."
    no_outage = "알려진 중단이 없어요."
    no_warning = "경고 상태인 호스트 없음"
    none_up = "정상인 호스트 없음"
    all_regions = "모든 지역"
    history_title = "최근 중단, 최신순:"
    muted_mark = "숨김"
    until_up = "복구될 때까지"
    until_each_up = "각각 복구될 때까지"
    until_unmuted = "해제할 때까지"
    typed_until_up = "복구될 때까지"
    typed_while = "2시간 동안"
    typed_more = "더"
    typed_endless = "무기한"
    own_mute_ended = "이 호스트에 따로 걸린 숨김은 해제했어요."
    matches_none = "지금은 맞는 호스트 없음 (새 호스트부터 적용)"
    instead_of_until_up = "`복구될 때까지` 대신 `2시간 동안`, `18:00까지` 형식으로 입력하세요."
    nothing_to_undo = "로그에 남아 있는 내 변경이 없어요."
    nothing_to_undo_of = "{} 호스트는 로그에 남아 있는 내 변경이 없어요.".format
    nothing_logged = "아직 아무도 변경하지 않았어요."
    log_title = "최근 변경, 최신순:"
    still_watched = "`config.yaml` 파일의 `hosts:` 항목에 있어서 목록에는 남아요. 거기서도 지워 주세요."
    perhaps_configured = "`config.yaml` 파일의 `hosts:` 항목을 확인하세요."
    still_checked = "업타임 체크가 감시하고 있어서 체크가 있는 동안은 목록에 남아요."
    for_example = "예: {}".format
    other_words = "다른 말: {}".format
    which_host = "어느 호스트인가요? `uptime {} HOST` 형식으로 입력하세요.".format
    not_known = "{} 호스트에 대한 알림을 받은 적이 없어요.".format
    none_match = "{} 패턴에 맞는 호스트가 없어요.".format
    is_shared = "{} 호스트가 여러 개예요.".format
    status_now = "현재 {}".format
    by = "{who} 님, {at}".format
    and_more_hosts = "외 {:,}개".format
    hosts_unmuted = "{}, 숨김을 해제했어요".format
    host_unmuted = "{} 호스트의 숨김을 해제했어요.".format
    mute_count = "숨긴 호스트 {}개:".format
    earlier = "이전 인시던트 {:,}건, 최신순:".format
    incidents = "인시던트 {:,}건".format
    help_ignores = "명령에 대한 설명이에요. {} 부분은 쓰지 않았어요.".format
    to_run_it = "실행하려면 이렇게 입력하세요: {}".format
    more_lines = "… 외 {:,}줄".format
    has_no_status = (
        "{} 호스트는 아직 데이터가 없어요. Google이 인시던트를 보내기 전에는 상태를 알 수 없어요."
    ).format
    is_down = "{host} 호스트는 {duration}째 중단 상태예요.".format
    has_warning = "{host} 호스트는 {duration}째 경고 상태예요.".format
    resolved_by = "{} 님이 종료 처리".format
    check_every = "{period}마다, {regions}에서".format
    until = "{}까지".format
    reason = "이유: {}".format
    status_since = "{status} ({since}부터)".format
    matches = "지금 호스트 {:,}개 (새 호스트도 적용)".format
    host_muted = "{host} 호스트는 {until} 숨김 상태예요 ({by}). {status}.".format
    has_no_end = "{} 숨김은 {} 계속되므로 연장할 기한이 없어요.".format
    hosts_muted = "{until} 숨김 상태예요 ({by}).".format
    undo_hint = "되돌리려면 {} 명령을 입력하세요.".format
    pattern_unmuted = "{pattern} 패턴의 숨김을 해제했어요: {hosts}".format
    already = "이미 {}".format
    also_muted = "{name} 숨김도 적용 중 ({who} 님, {until})".format
    replaces_mute = "{who} 님의 이전 숨김({until})을 대신함".format
    nothing_logged_of = "{} 호스트는 아직 아무도 변경하지 않았어요.".format
    nothing_to_resolve = "{} 호스트에는 종료할 인시던트가 없어요.".format
    resolved = (
        "{host} 호스트: {who} 님이 인시던트 {incidents:,}건 종료 처리 ({at}). "
        "나중에 Google 알림이 오면 그 내용을 따라요."
    ).format
    still_open = (
        "{host} 호스트에 열린 인시던트가 있어서 지울 수 없어요. "
        "이미 끝났다면 먼저 {resolve} 명령을 입력하세요."
    ).format
    nothing_to_forget = "{} 호스트는 데이터가 없어요.".format
    confirm_forget = (
        "{hosts} 호스트의 기록을 완전히 지워요 ({lost}). 계속하려면 {command} 명령을 입력하세요."
    ).format
    forgotten = "{} 호스트의 기록을 지웠어요. Google에서 새 인시던트가 오면 다시 나타나요.".format
    confirm_until = "그때까지 숨길까요? 이렇게 입력하세요: {}".format
    starts_at_once = "숨김은 바로 시작돼요. 나중에 시작하도록 예약할 수는 없어요 ({}).".format
    or_mute_until_then = "지금부터 그 시간이 끝날 때까지 숨기려면 이렇게 입력하세요: {}".format
    time_or_reason = (
        "{typed} 부분이 시간인지 이유인지 알 수 없어요. 이유라면 앞에 콜론을 붙여 {reason} 형식으로, "
        "시간이라면 끝나는 때를 한 번에 {end} 형식으로 입력하세요."
    ).format
    ambiguous_zone = (
        "{zone} 시간대가 어느 곳인지 알 수 없어요. {here} 기준으로 `18:00까지` 형식으로 입력하거나, "
        "`UTC+8 18:00까지` 형식으로 UTC와의 차이를 적으세요."
    ).format
    not_a_time = (
        "{} 부분에서 시간을 알 수 없어요. "
        "호스트 뒤에 `2시간 동안`, `18:00까지`, {}, `복구될 때까지` 중 하나와 이유를 입력하세요."
    ).format
    ends_at_once = "{}: 바로 끝나는 기간이에요. `2시간 동안`, `18:00까지` 형식으로 입력하세요.".format
    time_is_past = "{} 시점은 이미 지났어요. `2시간 동안`, `18:00까지` 형식으로 입력하세요.".format
    mute_is_too_long = "{} 기간은 1년을 넘어요. 기간 없이 입력하면 해제할 때까지 숨겨요.".format
    is_up_already = "{} 호스트는 이미 정상이에요.".format
    if_a_reason = "이유라면 기간을 먼저 입력하세요: {}".format
    too_many_hosts = (
        "한 번에 {}개까지 입력할 수 있어요. 수를 줄이세요. "
        "`uptime {}`, `{}`, `{}` 명령에는 `*.example.com` 같은 패턴도 쓸 수 있어요."
    ).format
    host_first = "호스트를 먼저 입력하세요: {}".format
    too_many_patterns = "숨긴 패턴이 이미 {most}개 있어요. {listing} 목록에서 하나를 해제하세요.".format
    mute_pattern = "앞으로 {pattern} 패턴에 맞을 호스트를 숨기려면 이렇게 입력하세요: {command}".format
    no_exceptions = "예외는 지원하지 않아요. 해당하는 호스트나 패턴만 입력하세요."
    is_expression = (
        "{} 형식은 패턴이 아니에요. 정규식은 쓸 수 없고, 이름의 아무 부분이나 뜻하는 `*`만 쓸 수 있어요."
    ).format
    confirm_characters = "이 기호가 이름의 일부라면 이렇게 입력하세요: {}".format
    did_you_mean = "혹시 {} 명령인가요?".format
    mutes_every_host = "모든 호스트가 숨겨져요."
    mutes_all_until_up = "중단되었거나 경고가 있는 모든 호스트가 숨겨져요."
    confirm_every_host = "그래도 숨기려면 이렇게 입력하세요: {}".format
    none_muted_matches = (
        "숨긴 것 중에 {pattern}에 해당하는 것이 없어요. {command} 명령으로 확인하세요."
    ).format
    read_as = "{} 명령으로 알아들었어요.".format
    for_every_host = "모든 호스트라면 이렇게 입력하세요: {}".format
    nothing_to_acknowledge = "인지(ack) 기능은 없어요."
    rather_mute = "이번 중단 알림을 그만 받으려면 이렇게 입력하세요: {}".format
    to_undo = "마지막 변경: {done}. 되돌리려면 이렇게 입력하세요:{command}".format
    cannot_be_undone = "마지막 변경: {}. 되돌릴 수 없어요.".format
    is_undone_already = "마지막 변경: {}. 이미 끝나서 되돌릴 것이 없어요.".format
    undo_of_one = "한 호스트나 패턴만 보려면 {}".format
    replaced_since = "그 뒤에 바뀐 것: {}".format

    menu = "숨기기…"
    menu_with_resolve = "숨기기·종료 처리…"
    choices: Mapping[Choice, str] = {
        Choice.HOUR: "1시간 동안 숨기기",
        Choice.FOUR_HOURS: "4시간 동안 숨기기",
        Choice.TOMORROW: "내일 09:00까지 숨기기",
        Choice.UNTIL_UP: "복구될 때까지 숨기기",
        Choice.FOR_GOOD: "계속 숨기기",
        Choice.RESOLVE: "종료 처리",
        Choice.UNMUTE: "숨김 해제",
    }
    dialog = Dialog(
        "숨기면 그때까지 요약에 나오지 않아요. 종료 처리하면 열린 인시던트가 끝난 것으로 기록돼요. "
        "정상인 것을 확인했을 때만 종료 처리하세요.",
        "계속",
        "취소",
    )
    nothing_changed = "아무것도 바뀌지 않았어요."
    nothing_chosen = "고른 것이 없어서 아무것도 바뀌지 않았어요."
    button_is_old = (
        "다른 버전의 버튼이라 아무것도 바뀌지 않았어요. "
        "지금 보이는 메뉴에서 다시 고르거나 `uptime 도움말` 명령을 입력하세요."
    )
    dialog_title = "{}: 숨기거나 종료 처리할까요?".format
    unmute_label = "{} 숨김 해제".format
    who_muted = "{who} 님이 {host} 숨김 ({until})".format
    buttons_are_off = (
        "버튼을 쓰지 않도록 설정되어 있어 아무것도 바뀌지 않았어요. 대신 쓸 명령은 {} 명령으로 볼 수 있어요."
    ).format
    is_up_again = "{} 호스트가 복구되어 있어서 숨기지 않았어요.".format
    is_not_muted = "{} 호스트는 숨김 상태가 아니어서 아무것도 바뀌지 않았어요.".format

    def not_a_command(self, typed: str, command: str) -> str:
        guess = f"혹시 {command} 명령인가요? " if command else ""
        return f"{typed} 명령은 없어요. {guess}사용법은 `uptime 도움말` 명령으로 확인하세요."

    def not_this_channel(self, channels: Sequence[str]) -> str:
        listed = ", ".join(channels)
        where = f"{listed} 채널에서 입력하세요." if channels else "서버 운영자에게 문의하세요."
        return f"이 채널에서는 명령을 쓸 수 없어요. {where}"

    def not_an_admin(self, admins: Sequence[str]) -> str:
        return f"조회만 할 수 있고 변경은 할 수 없어요. 변경은 {', '.join(admins)} 님에게 요청하세요."

    def unknown_host(self, host: str, instead: Sequence[str]) -> str:
        every = "`uptime 확인` 명령으로 모든 호스트를 볼 수 있어요."
        guess = f"혹시 {' 또는 '.join(instead)} 명령인가요?" if instead else every
        return f"{self.not_known(host)} {guess}"

    def prolong_each(self, commands: Sequence[str]) -> str:
        return f"숨김이 끝나는 때가 서로 달라요. 하나씩 모두 입력하세요: {', '.join(commands)}"

    def which_of(self, commands: Sequence[str]) -> str:
        return f"혹시 {' 또는 '.join(commands)} 명령인가요?"

    def several_hosts(self, name: str, instead: Sequence[str], more: int) -> str:
        left = f" (그 밖에 {more:,}개 더)" if more else ""
        return f"{self.is_shared(name)} 혹시 {' 또는 '.join(instead)} 명령인가요?{left}"

    def still_muted(self, count: int, hosts: str, *, pattern: str, unmute: str) -> str:
        who, names = (f"{hosts} 호스트는", "") if count == 1 else (f"호스트 {count:,}개는", f": {hosts}")
        end = f"이 패턴의 숨김을 해제하려면 {unmute} 명령을 입력하세요."
        return f"{who} {pattern} 패턴으로 아직 숨김 상태예요{names}. {end}"

    def have_own_mutes(self, count: int, hosts: str, *, unmute: str) -> str:
        who, names = (f"{hosts} 호스트에는", "") if count == 1 else (f"호스트 {count:,}개에는", f": {hosts}")
        return f"{who} 따로 걸린 숨김이 남아 있어요{names}. 해제하려면 {unmute} 명령을 입력하세요."

    def muted_by(self, who: str, *spans: str) -> str:
        return f"{' '.join([*spans, who])} 님이 숨김"  # `who` may not seem to be the one who recovers

    def is_up(self, host: str, duration: str) -> str:
        return f"{host} 호스트는 {f'{duration}째 ' if duration else ''}정상이에요."

    def open_incident(self, kind: str, what: str, at: str, duration: str) -> str:
        return f"{kind}:{f' {what},' if what else ''} {at} 시작, {duration}째"

    def past_incident(self, kind: str, lasted: str, at: str, policy: str, how: str) -> str:
        return f"{kind} {lasted}, {at} 시작{f' ({policy})' if policy else ''}, {how}"

    def hosts_and_down(self, hosts: int, down: int, warnings: int) -> str:
        troubled = [f"{count:,}개 {what}" for count, what in ((down, "중단"), (warnings, "경고")) if count]
        return f"호스트 {hosts:,}개" + (f" 중 {', '.join(troubled)}" if troubled else "")

    def history_lost(self, closed: int, since: str, *, muted: bool) -> str:
        return f"{since} 이후 지난 인시던트 {closed:,}건" + (", 숨김" if muted else "")

    def did(self, action: Action, who: str, what: str) -> str:
        return f"{who} 님이 {what} {PAST_TENSE[action]}"

    def pattern_not_allowed(self, command: str, more: int) -> str:
        left = f" (그 밖에 {more:,}개 더)" if more else ""
        return f"여기에는 패턴을 쓸 수 없어요. 호스트 이름을 입력하세요: {command}{left}"

    def host_is_gone(self, host: str) -> str:
        return f"{f'{host} 호스트' if host else '그 호스트'}를 더는 찾을 수 없어 아무것도 바뀌지 않았어요."
