"""Expected failures of the import, worded from `resources/wording`."""

from app.domain.findings import ParamValue
from app.errors import ReaderError
from app.wording import sentence


def refusal(code: str, **params: ParamValue) -> ReaderError:
    """The ReaderError of a code: `[errors]` says what is wrong, `[advice]` what to do."""
    return ReaderError(code, sentence("errors", code, params), sentence("advice", code, params))
