"""The encoded hosts, sorted and in blocks, so that a save joins only the blocks that changed."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from zlib import crc32

from state.encoding import SEPARATOR, encode_tail

BLOCK_LINES = 64  # joining a block costs about 3 µs; 100,000 hosts make 1,560 of them


class Block:
    """Neighbouring lines, and their bytes joined as in the file."""

    __slots__ = ("_joined", "lines", "names")

    def __init__(self, names: list[str], lines: list[bytes]) -> None:
        self.names = names
        self.lines = lines
        self._joined: bytes | None = None

    def put(self, name: str, line: bytes | None) -> int:
        """Replace, insert or (None) remove a line. Returns the change of the sum of CRC-32s."""
        at = bisect_left(self.names, name)
        known = at < len(self.names) and self.names[at] == name
        grown = -crc32(self.lines[at]) if known else 0
        end = at + known
        self.names[at:end] = [] if line is None else [name]
        self.lines[at:end] = [] if line is None else [line]
        self._joined = None
        return grown + (0 if line is None else crc32(line))

    def joined(self) -> bytes:
        if self._joined is None:
            self._joined = SEPARATOR.join(self.lines)
        return self._joined


class Lines:
    """The lines of all hosts. `checksum` is the sum of their CRC-32s."""

    def __init__(self, lines: Mapping[str, bytes], checksum: int | None = None) -> None:
        names = sorted(lines)
        self._blocks = [
            Block(part, [lines[name] for name in part])
            for part in (names[at : at + BLOCK_LINES] for at in range(0, len(names), BLOCK_LINES))
        ] or [Block([], [])]
        self._firsts = [block.names[0] for block in self._blocks if block.names]
        self.checksum = sum(map(crc32, lines.values())) if checksum is None else checksum

    def put(self, name: str, line: bytes | None) -> None:
        at = max(0, bisect_right(self._firsts, name) - 1)
        block = self._blocks[at]
        self.checksum += block.put(name, line)
        if 0 < len(block.names) <= 2 * BLOCK_LINES:
            self._firsts[at : at + 1] = block.names[:1]
        else:
            self._blocks[at : at + 1] = _split(block) if block.names else []
            self._blocks = self._blocks or [Block([], [])]
            self._firsts = [block.names[0] for block in self._blocks if block.names]

    def file(self, head: bytes) -> list[bytes]:
        """The whole file in pieces, beginning with `head`."""
        return [head, *self.buffers(), encode_tail(crc32(head) + self.checksum)]

    def buffers(self) -> list[bytes]:
        """The part of the file between head and tail, in pieces."""
        pieces: list[bytes] = []
        for block in self._blocks:
            if block.names:
                pieces += [SEPARATOR, block.joined()] if pieces else [block.joined()]
        return pieces


def _split(block: Block) -> list[Block]:
    middle = len(block.names) // 2
    return [
        Block(block.names[:middle], block.lines[:middle]),
        Block(block.names[middle:], block.lines[middle:]),
    ]
