"""The one way an edit says that it does not fit."""


class EditRefusedError(Exception):
    """The edit does not fit the state; `code` names the sentence for the reader."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
