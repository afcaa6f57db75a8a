"""What a language must provide for the findings of the doctor."""

from collections.abc import Mapping
from typing import Protocol

from hosts.notifying import Fault


class DoctorWords(Protocol):
    """Sentences of mrkdwn, as in replies. A cure begins with a capital letter and may be missing."""

    findings: Mapping[Fault, str]  # with {subject}, {detail}, {duration} and {at}
    cures: Mapping[Fault, str]  # with {command} or {page}
    console: str  # the text of the link to a page of Google's console
    not_asked: str
    not_examined_yet: str

    def found(self, to_mend: int) -> str: ...
    def all_heard(self, checks: int) -> str: ...
    def examined(self, at: str) -> str: ...
    def not_examined(self, why: str) -> str: ...
