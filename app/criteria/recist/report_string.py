"""The one-line report of a RECIST visit, in the form of PERCIST's (spec 2.11)."""

from app.criteria.percist.report_string import report_string
from app.domain.recist import RecistCategory
from app.domain.recist_response import RecistResponse


def recist_string(response: RecistResponse) -> str:
    """As the PERCIST string without the weeks: `PR -35`, `PD +28`, `PD, new: 1`."""
    new = len({item.lesion_id for item in response.new_lesions.counted})
    return report_string(response.overall.value, told_change(response), None, new)


def told_change(response: RecistResponse) -> float | None:
    """The change of the sum that goes with a category: from the nadir for PD, else from baseline.

    None where there is no such change, or where PD does not come from the sum (spec 3.5): the
    sum may have fallen meanwhile.
    """
    target, overall = response.target, response.overall
    if target is None or overall in (RecistCategory.ND, RecistCategory.NE):
        return None
    if overall is not RecistCategory.PD:
        return target.change_from_baseline_fraction
    by_sum = target.category is RecistCategory.PD
    return target.change_from_nadir_fraction if by_sum else None
