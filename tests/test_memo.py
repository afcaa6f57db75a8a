"""A memo never tells of a value what was true of another."""

from hypothesis import given
from hypothesis import strategies as st

from hosts.cache import IdentityCache
from hosts.incident import Person
from hosts.model import Action, AuditEntry, Mute, State
from state.encoding import encode_head
from tests.builders import NOON


@given(st.lists(st.sampled_from(["a", "b", "c"])))
def test_it_answers_what_its_function_does(values: list[str]) -> None:
    memo = IdentityCache[str, bytes](str.encode)
    assert [memo(value) for value in values] == [value.encode() for value in values]


def test_a_value_is_encoded_once_while_it_stays_the_same() -> None:
    seen: list[list[int]] = []

    def encode(value: list[int]) -> bytes:
        seen.append(value)
        return bytes(value)

    memo, one, its_twin = IdentityCache(encode), [1], [1]
    assert [memo(one), memo(one), memo(its_twin)] == [b"\x01"] * 3
    assert [value is one for value in seen] == [True, False]


def test_the_head_of_a_file_is_not_made_anew_for_what_stayed() -> None:
    """Two stores in one process may take turns, and each gets its own."""
    deed = AuditEntry(Action.REMOVE, "a.test", Person("U1", "steve"), NOON)
    one = State(mutes={"a.test": Mute("a.test", "U1", "steve", NOON)}, log=(deed,))
    other = State(mutes={}, log=(deed, deed))
    heads = [encode_head(state) for state in (one, other)]
    assert heads == [encode_head(state) for state in (one, other)]
    assert [head.count(b'"did"') for head in heads] == [1, 2]
    assert [head.count(b'"a.test":{') for head in heads] == [1, 0]
