"""JSON from strangers: an object, or one sentence about what is wrong with it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from google.strict_json import InvalidPayload
from google.webhook import Ignored, parse
from hosts.incident import Incident
from tests.builders import NOON, read_incident
from tests.support import takes_time_in_proportion


@pytest.mark.parametrize(
    "mend", [lambda text: text, lambda text: text.replace("}", "}}"), lambda text: "{" * len(text)]
)
def test_braces_in_a_text_are_not_depth(mend: Callable[[str], str]) -> None:
    document = {"content": mend('a {b} [c] \\"{' * 300)}
    assert read_incident(documentation=document).is_open


def test_depth_is_refused_at_once() -> None:
    with pytest.raises(InvalidPayload, match="deeper"):
        parse(b'{"incident":' * 33 + b"1" + b"}" * 33, NOON)


def test_an_unterminated_string_does_not_backtrack() -> None:
    def refuse(length: int) -> None:
        with pytest.raises(InvalidPayload):
            parse(b"[" * 33 + b'"' + b'\\"' * length, NOON)

    takes_time_in_proportion(refuse, 120_000)


def test_of_duplicate_keys_the_last_wins() -> None:
    found = parse(b'{"incident":{"state":"closed","state":"open","incident_id":"x"}}', NOON)
    assert isinstance(found, Incident)
    assert found.is_open


def test_an_error_quotes_nothing_of_the_body() -> None:
    with pytest.raises(InvalidPayload) as caught:
        parse(b'{"incident": canary}', NOON)
    assert "canary" not in str(caught.value)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_payload_or_refused(body: bytes) -> None:
    try:
        assert isinstance(parse(body, NOON), Incident | Ignored)
    except InvalidPayload as error:
        assert str(error).isprintable()
