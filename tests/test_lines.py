"""The encoded lines stay in order and joined, whatever comes and goes."""

from collections.abc import Iterator
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.lines import Lines

names = st.integers(0, 40).map(str)
texts = st.binary(min_size=1, max_size=3)


@pytest.fixture(autouse=True, scope="module")
def _small_blocks() -> Iterator[None]:
    """Blocks so small that they split and vanish all the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("state.lines.BLOCK_LINES", 2)
        yield


@given(st.dictionaries(names, texts), st.lists(st.tuples(names, st.none() | texts)))
def test_any_edits_keep_the_order(wanted: dict[str, bytes], changes: list[tuple[str, bytes | None]]) -> None:
    lines = Lines(wanted)
    for name, line in [*changes, *dict.fromkeys([*wanted, *dict(changes)]).items(), ("again", b"x")]:
        lines.put(name, line)
        if line is None:
            wanted.pop(name, None)
        else:
            wanted[name] = line
        assert b"".join(lines.buffers()) == b",\n".join(wanted[name] for name in sorted(wanted))
        assert lines.checksum == sum(map(crc32, wanted.values()))


def test_an_unchanged_block_is_not_joined_again_and_a_large_one_splits() -> None:
    lines = Lines({f"{n}": b"x" for n in range(6)})
    before = lines.buffers()
    lines.put("0", b"y")
    after = lines.buffers()
    assert before[0] != after[0]
    assert all(one is other for one, other in zip(before[2::2], after[2::2], strict=True))
    for n in range(3):
        lines.put(f"0{n}", b"z")
    assert len(lines.buffers()) == len(before) + 2
