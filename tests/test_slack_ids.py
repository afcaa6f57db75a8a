"""Slack ids: another kind of id is reported with how to fix it, and a secret is never quoted."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.values import channel_id, person_id, team_id
from tests.config_files import GOOD, mistakes


@pytest.mark.parametrize(
    ("read", "text"),
    [(team_id, "T1H9ZN51Q"), (team_id, ""), (person_id, "U024BE7LH"), (person_id, "W012A3CDE")]
    + [(channel_id, text) for text in ("C8NLU2M42", "G8PSS9T3V", "D024BE91L", "C2147483705")],
)
def test_an_id_is_itself(read: Callable[[str], str], text: str) -> None:
    assert read(text) == text


@pytest.mark.parametrize(
    ("read", "text", "reported"),
    [
        (team_id, "C8NLU2M42", 'found "C8NLU2M42", which is the id of a channel; write the id of a workspace, such as T1H9ZN51Q'),
        (channel_id, "U024BE7LH", 'found "U024BE7LH", which is the id of a person; write the id of a channel, such as C8NLU2M42'),
        (person_id, "B024BE7LH", 'found "B024BE7LH", which is the id of a bot; write the id of a person, such as U024BE7LH'),
        (channel_id, "#ops", "a name is not enough, since it can change; write the id of a channel, such as C8NLU2M42"),
        (person_id, "@steve", "a name is not enough, since it can change; write the id of a person, such as U024BE7LH"),
        (team_id, "example.slack.com", "write the id of a workspace, such as T1H9ZN51Q"),
        (person_id, "steve", "write the id of a person, such as U024BE7LH"),
    ],
)  # fmt: skip
def test_another_kind_of_id_is_reported_with_its_fix(
    read: Callable[[str], str], text: str, reported: str
) -> None:
    with pytest.raises(ValueError, match="write the id of") as error:
        read(text)
    assert str(error.value) == reported


@pytest.mark.parametrize("read", [channel_id, person_id])
@pytest.mark.parametrize("text", ["", "UX", "C1", "u024be7lh", " U024BE7XX", "U024BE7XX\n", "<@U024BE7XX>", "Ü024BE7LH", "U" + "0" * 30, "xoxb-canary"])  # fmt: skip
def test_an_invalid_id_is_refused_without_being_quoted(read: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match="write the id of") as error:
        read(text)
    assert not text or text not in str(error.value)


def test_all_malformed_ids_are_named_at_once_with_their_lines(tmp_path: Path) -> None:
    text = GOOD + (
        "slack:\n  team_id: U024BE7LH\n  channels:\n    - C8NLU2M42\n    - ops\n"
        "  admins:\n    - C8NLU2M42\n    - U024BE7LH\n    - U024BE7LH\n"
    )
    assert [mistake.partition(";")[0] for mistake in mistakes(tmp_path, text)] == [
        'line 3: slack.team_id: found "U024BE7LH", which is the id of a person',
        "line 6: slack.channels: write the id of a channel, such as C8NLU2M42",
        'line 8: slack.admins: found "C8NLU2M42", which is the id of a channel',
        "line 10: slack.admins: it is already in this list",
    ]
