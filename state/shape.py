"""Type checks for every value in a state file: a correct checksum does not guarantee right types.

Unknown keys are ignored, for a later version of this program may write more.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from hosts.incident import Kind, NamedBy
from hosts.model import Action

Check = Callable[[Any], bool]

MAX_INTEGER = 2**53  # above it, some JSON parsers lose digits
# A day from either end of the calendar, so that no time zone leads out of it.
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
FIRST_SECOND, LAST_SECOND = int(EARLIEST.timestamp()), int(LATEST.timestamp())


def first_error(document: Mapping[str, Any]) -> str | None:
    """Say which part is wrong. Raises LookupError or AttributeError if it is no state file at all."""
    return next(_errors(document), None)


def _errors(document: Mapping[str, Any]) -> Iterator[str]:
    digest = document["digest"]
    if not DIGEST(digest) or (digest.get("channels") is None and not CHANNEL(digest)):
        yield "its digest section is invalid"
    if not MUTES(document["mutes"]):
        yield "its mutes are invalid"
    if not FORGOTTEN(document.get("forgotten", {})):
        yield "its list of forgotten incidents is invalid"
    if not or_none(is_moment)(document.get("last_delivery")):
        yield "its last delivery is invalid"
    if not REPORTED(document.get("reported")):
        yield "its notices are invalid"
    if not LOG(document.get("log", [])):
        yield "its log is invalid"
    for name, host in document["hosts"].items():
        if not (is_text(name) and HOST(host)):
            yield f"its entry for {name:.100} is invalid"


def is_text(value: Any) -> bool:
    return type(value) is str and (value.isascii() or _is_whole(value))


def _is_whole(text: str) -> bool:
    """Whether it has no lone surrogate, which cannot be encoded."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value < MAX_INTEGER


def is_seconds(value: Any) -> bool:
    """Whether it is a number of seconds, at most a day."""
    return is_number(value) and value <= 86_400


def is_boolean(value: Any) -> bool:
    return type(value) is bool


def is_moment(value: Any) -> bool:
    """Whether it is a date and time with a zone."""
    if type(value) is not str:
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and EARLIEST <= moment <= LATEST


def one_of(values: Collection[str]) -> Check:
    return lambda value: type(value) is str and value in values


def or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def list_of(check: Check) -> Check:
    return lambda value: type(value) is list and all(map(check, value))


def row_of(*checks: Check) -> Check:
    return lambda value: (
        type(value) is list
        and len(value) == len(checks)
        and all(check(item) for check, item in zip(checks, value, strict=True))
    )


def mapping_of(check: Check) -> Check:
    return lambda value: type(value) is dict and all(map(is_text, value)) and all(map(check, value.values()))


def fields_of(needed: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    def check(value: Any) -> bool:
        if type(value) is not dict or not needed.keys() <= value.keys():
            return False
        for name, item in value.items():
            is_good = needed.get(name) or optional.get(name)
            if is_good and not is_good(item):
                return False
        return True

    return check


def are_rows(rows: Any) -> bool:
    """Check closed incidents in one loop with few calls, for there may be hundreds of thousands."""
    if type(rows) is not list:
        return False
    for row in rows:
        if type(row) is not list or not 4 <= len(row) <= 6:
            return False
        incident, begun, lasted, edition = row[:4]
        if not (
            type(incident) is str
            and (incident.isascii() or _is_whole(incident))
            and type(begun) is type(lasted) is type(edition) is int
            and FIRST_SECOND <= begun <= begun + lasted <= LAST_SECOND
            and 0 <= edition < MAX_INTEGER
        ):
            return False
        if len(row) > 4 and not _are_extras(row[4:]):
            return False
    return True


def _are_extras(extras: list[Any]) -> bool:
    """Check the edition in which it opened, what else is unusual about it, or both in this order."""
    if len(extras) == 1:
        return is_number(extras[0]) or UNUSUAL(extras[0])
    return is_number(extras[0]) and UNUSUAL(extras[1])


NAMES = {named_by.name.lower() for named_by in NamedBy}
PERSON = row_of(is_text, is_text)
UNUSUAL = fields_of(
    {},
    {
        "kind": one_of(set(Kind)),
        "named_by": one_of(NAMES),
        "observed": is_text,
        "resolved_by": PERSON,
        "listed": is_boolean,
        "snoozed": is_boolean,
    },
)
OPEN = fields_of(
    {
        "id": is_text,
        "started": is_moment,
        "kind": one_of(set(Kind)),
        "named_by": one_of(NAMES),
        "edition": is_number,
    },
    {
        "policy": is_text,
        "condition": is_text,
        "url": is_text,
        "observed": is_text,
        "listed": is_boolean,
        "confirmed": or_none(is_moment),
        "absent": is_boolean,
    },
)
CHECK = fields_of(
    {"id": is_text},
    {
        "name": is_text,
        "target": is_text,
        "period": is_seconds,
        "regions": list_of(is_text),
        "disabled": is_boolean,
    },
)
WATCH = fields_of(
    {"since": is_moment, "checks": list_of(CHECK)}, {"ended_in": is_number, "snoozed": is_moment}
)
HOST = fields_of(
    {"open": list_of(OPEN), "past": mapping_of(are_rows)},
    {"forgotten_since": or_none(is_moment), "known_since": or_none(is_moment), "watch": or_none(WATCH)},
)
EXPIRY = {"until": or_none(is_moment), "until_up": is_boolean, "reason": is_text}
AUTHORSHIP = {"by": is_text, "by_name": is_text, "at": is_moment}
MUTES = mapping_of(fields_of(AUTHORSHIP, {**EXPIRY, "about": list_of(is_text), "ended_in": is_number}))
FORGOTTEN = mapping_of(is_moment)
REPORTED = or_none(mapping_of(list_of(is_text)))
LOG = list_of(fields_of({**AUTHORSHIP, "did": one_of(set(Action)), "what": is_text}, EXPIRY))
ALERTS = fields_of({"covers": is_number, "told": mapping_of(row_of(is_moment, is_boolean))}, {})
RECORD = {"covers": is_number, "slot": or_none(is_moment)}
CHANNEL = fields_of(RECORD, {"posted": or_none(is_moment), "told": is_text, "alerts": or_none(ALERTS)})
DIGEST = fields_of(
    {"edition": is_number}, {"channels": or_none(mapping_of(CHANNEL)), "returned": mapping_of(is_number)}
)
