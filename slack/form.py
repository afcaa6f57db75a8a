"""A form as Slack sends it: a dozen fields, each of them once."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

MOST_FIELDS = 100  # Slack sends about a dozen
LONGEST_NAME = 100  # bytes on the wire; a longer name is not decoded, for no field of Slack has one
GLANCE = 1024  # bytes on the wire of a value that is looked at before it is known who sent it


class NotSlack(Exception):
    """Why it is not taken, in one line of ASCII without anything that was sent."""


class Form(Mapping[str, str]):
    """The fields of a form. A value is decoded when it is asked for, and not before.

    Decoding takes time in proportion to the length, and anybody can send a long form: until the
    sender is known, only `glance` may look at a value.
    """

    def __init__(self, encoded: Mapping[str, bytes]) -> None:
        self._encoded = encoded

    def __getitem__(self, name: str) -> str:
        return _decoded(self._encoded[name])

    def __contains__(self, name: object) -> bool:
        return name in self._encoded

    def __iter__(self) -> Iterator[str]:
        return iter(self._encoded)

    def __len__(self) -> int:
        return len(self._encoded)

    def glance(self, name: str) -> str:
        """A short value; empty if it is missing or long."""
        value = self._encoded.get(name, b"")
        return _decoded(value) if len(value) <= GLANCE else ""


def form_fields(body: bytes) -> Form:
    """Raises NotSlack: of a field that stands twice, others on the way may have read the other one."""
    if body.count(b"&") >= MOST_FIELDS:
        raise NotSlack("Too many fields for a form of Slack")
    pairs = [pair.partition(b"=") for pair in body.split(b"&") if pair]
    encoded = {_name(name): value for name, _, value in pairs}
    if len(encoded) < len(pairs):
        raise NotSlack("A field stands twice in the form")
    return Form(encoded)


def _name(encoded: bytes) -> str:
    return _decoded(encoded) if len(encoded) <= LONGEST_NAME else encoded.decode("latin-1")


def _decoded(text: bytes) -> str:
    return unquote_plus(text.decode("utf-8", "replace"))
