"""Why Google's API did not give what it was asked for."""


class GoogleError(Exception):
    """The text says what is wrong and who can mend it how, and contains no secret.

    `retry_after` is for how many seconds Google wants to be left alone, if it said so. `code` is that of its
    HTTP answer; 0 if there is none.
    """

    def __init__(self, text: str, retry_after: float | None = None, code: int = 0) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.code = code
