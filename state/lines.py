"""The encoded hosts, sorted and in blocks, so that a save joins only the blocks that changed."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from zlib import crc32

from state.encoding import SEPARATOR, encode_tail

BLOCK_LINES = 64  # joining a block costs about 3 µs; 100,000 hosts make 1,560 of them


class Block:
    """Neighbouring lines, and their bytes joined as in the file."""

    def __init__(self, names: list[str], lines: list[bytes]) -> None:
        self.names = names
        self.lines = lines
        self._joined: bytes | None = None

    def put(self, name: str, line: bytes | None) -> int:
        """Replace, insert or (None) remove a line. Returns the change in the sum of CRC-32s."""
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
        parts = (names[at : at + BLOCK_LINES] for at in range(0, len(names), BLOCK_LINES))
        self._blocks = [Block(part, [lines[name] for name in part]) for part in parts]  # none is empty
        self.checksum = sum(map(crc32, lines.values())) if checksum is None else checksum

    def put(self, name: str, line: bytes | None) -> None:
        at = max(0, bisect_right(self._blocks, name, key=lambda block: block.names[0]) - 1)
        if not self._blocks:
            self._blocks.append(Block([], []))
        block = self._blocks[at]
        self.checksum += block.put(name, line)
        names, lines, middle = block.names, block.lines, len(block.names) // 2
        if not names:
            del self._blocks[at]
        elif len(names) > 2 * BLOCK_LINES:
            halves = Block(names[:middle], lines[:middle]), Block(names[middle:], lines[middle:])
            self._blocks[at : at + 1] = halves

    def file(self, head: bytes) -> list[bytes]:
        """The whole file in pieces, beginning with `head`."""
        return [head, *self.buffers(), encode_tail(crc32(head) + self.checksum)]

    def buffers(self) -> list[bytes]:
        """The part of the file between head and tail, in pieces."""
        return [piece for block in self._blocks for piece in (SEPARATOR, block.joined())][1:]
