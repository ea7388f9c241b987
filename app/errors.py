"""The one exception for expected failures."""


class ReaderError(Exception):
    """An expected failure, shown to the user as one line: what is wrong and what to do.

    `code` is stable and machine readable, `what` states the fact, `advice` the next step.
    Anything that is not a ReaderError is a defect of the program.
    """

    def __init__(self, code: str, what: str, advice: str) -> None:
        super().__init__(f"{what} {advice}")
        self.code = code
        self.what = what
        self.advice = advice


class InputError(ReaderError):
    """The request itself is malformed: a script gets the exit code of bad arguments."""
