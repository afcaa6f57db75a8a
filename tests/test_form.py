"""A form is read once and strictly: nothing doubled, nothing endless."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack.verify import LONGEST_GLANCE, MOST_FIELDS, NotSlack, form_fields


def test_each_field_is_read_also_when_it_is_empty() -> None:
    assert form_fields(b"token=a+b%26c&text=") == {"token": "a b&c", "text": ""}


@pytest.mark.parametrize(
    "data", [b"token=a&token=b", b"token=a&token=a", b"a=&text=&text=", b"t%65xt=&text="]
)
def test_a_field_that_stands_twice_is_not_of_slack(data: bytes) -> None:
    with pytest.raises(NotSlack, match="twice"):
        form_fields(data)


def test_thousands_of_fields_are_not_of_slack() -> None:
    assert len(form_fields(b"&".join(b"%d=" % n for n in range(MOST_FIELDS)))) == MOST_FIELDS
    with pytest.raises(NotSlack, match="Too many fields"):
        form_fields(b"&".join(b"%d=" % n for n in range(MOST_FIELDS + 1)))


def test_only_what_is_short_is_glanced_at() -> None:
    form = form_fields(b"token=%61" + b"&long=" + b"x" * (LONGEST_GLANCE + 1))
    assert (form.glance("token"), form.glance("long"), form.glance("missing")) == ("a", "", "")
    assert len(form["long"]) == LONGEST_GLANCE + 1


@given(st.lists(st.sampled_from([b"a", b"%61", b"b", b"=", b"&", b"+", b"%", b"%ff", b"\xff", "é".encode()])))
def test_what_is_read_is_what_the_standard_library_reads(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    pairs = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True)
    try:
        assert form_fields(data) == dict(pairs)
    except NotSlack:
        assert len(dict(pairs)) < len(pairs)


@given(st.binary() | st.lists(st.sampled_from([b"%", b"&", b"=", b"+", b"%00", b"\xff", b"a"])).map(b"".join))
def test_any_bytes_are_fields_or_not_of_slack(data: bytes) -> None:
    try:
        fields = form_fields(data)
    except NotSlack as error:
        assert str(error).isascii()
    else:
        assert all(char < "\ud800" or char > "\udfff" for value in fields.values() for char in value)
