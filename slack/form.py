"""A form as Slack sends it: a dozen fields, each of them once."""

from urllib.parse import parse_qsl

MOST_FIELDS = 100  # Slack sends about a dozen


class NotSlack(Exception):
    """Why it is not taken, in one line of ASCII without anything that was sent."""


def form_fields(body: bytes) -> dict[str, str]:
    """Raises NotSlack: of a field that stands twice, others on the way may have read the other one."""
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise NotSlack("Too many fields for a form of Slack") from None
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise NotSlack("A field stands twice in the form")
    return fields
