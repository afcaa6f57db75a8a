"""The encoded lines stay in order and joined, whatever comes and goes."""

from collections.abc import Iterator
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.lines import BLOCK_LINES, Lines

edits = st.lists(st.tuples(st.integers(0, 40).map(str), st.none() | st.binary(min_size=1, max_size=3)))


def check(lines: Lines, wanted: dict[str, bytes]) -> None:
    assert b"".join(lines.buffers()) == b",\n".join(wanted[name] for name in sorted(wanted))
    assert lines.checksum == sum(map(crc32, wanted.values()))


@pytest.fixture(autouse=True, scope="module", params=[2, BLOCK_LINES])
def _block(request: pytest.FixtureRequest) -> Iterator[None]:
    """Also with blocks so small that they split and vanish all the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("state.lines.BLOCK_LINES", request.param)
        yield


@given(st.dictionaries(st.integers(0, 40).map(str), st.binary(min_size=1, max_size=3)), edits)
def test_any_edits_leave_the_lines_in_order(
    wanted: dict[str, bytes], changes: list[tuple[str, bytes | None]]
) -> None:
    lines = Lines(wanted)
    for name, line in changes:
        lines.put(name, line)
        if line is None:
            wanted.pop(name, None)
        else:
            wanted[name] = line
        check(lines, wanted)


def test_blocks_split_and_vanish() -> None:
    lines, wanted = Lines({}), {}
    for n in range(5 * BLOCK_LINES):
        wanted[f"{n * 7919 % 10007:05}"] = line = b"line %d" % n
        lines.put(f"{n * 7919 % 10007:05}", line)
    check(lines, wanted)
    assert len(lines.buffers()) > 2
    for name in list(wanted):
        lines.put(name, None)
        del wanted[name]
        check(lines, wanted)
    lines.put("again", b"x")
    check(lines, {"again": b"x"})


def test_an_unchanged_block_is_not_joined_again() -> None:
    lines = Lines({f"{n:04}": b"x" for n in range(3 * BLOCK_LINES)})
    before = lines.buffers()
    lines.put("0000", b"y")
    after = lines.buffers()
    assert before[0] != after[0]
    assert all(one is other for one, other in zip(before[2::2], after[2::2], strict=True))
