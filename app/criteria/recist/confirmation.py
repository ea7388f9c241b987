"""Which responses of a sequence are confirmed by a later visit (spec 3.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.criteria.recist.rules import RecistRules
from app.domain.recist import RecistCategory

CR, PR, SD, NE = (
    RecistCategory.CR,
    RecistCategory.PR,
    RecistCategory.SD,
    RecistCategory.NE,
)


@dataclass(frozen=True, slots=True)
class AssessedVisit:
    """The overall response of one visit and its date."""

    scan_date: date
    category: RecistCategory


def confirming_visit(
    visits: Sequence[AssessedVisit], first: int, rules: RecistRules
) -> AssessedVisit | None:
    """The visit that confirms the response of visit number `first` (CR or PR), or None.

    The candidate is the first later visit that could confirm and is `confirm_days` or more
    away; what lies between runs up to and including it, so a further candidate could only add
    obstacles. CR needs a CR with nothing but CR and NE between. PR needs a CR or PR with
    nothing but CR, PR, SD and NE between, no PR after a CR, and no SD (`accept_sd`: at most
    one). Both allow at most `max_ne` NE. Source: admiralonco, as in spec 3.10.
    """
    start = visits[first]
    confirming = (CR,) if start.category is CR else (CR, PR)
    run: list[RecistCategory] = []
    for visit in visits[first + 1 :]:
        run.append(visit.category)
        days = (visit.scan_date - start.scan_date).days
        if visit.category in confirming and days >= rules.confirm_days:
            return visit if _unbroken(start.category, run, rules) else None
    return None


def _unbroken(start: RecistCategory, run: Sequence[RecistCategory], rules: RecistRules) -> bool:
    if run.count(NE) > rules.max_ne:
        return False
    if start is CR:
        return set(run) <= {CR, NE}
    if not set(run) <= {CR, PR, SD, NE} or run.count(SD) > (1 if rules.accept_sd else 0):
        return False
    return CR not in run or PR not in run[run.index(CR) :]
