"""The one-line report: which change of the sum it tells, and when none."""

import pytest

from app.criteria.recist.report_string import recist_string, told_change
from app.domain.recist import NewLesionCertainty, NewLesionFinding
from tests.unit.criteria.recist.reads import baseline, course, visit

SURE = NewLesionFinding("N1", NewLesionCertainty.UNEQUIVOCAL)
BASE = baseline(40, 60, items=["NT1"])


@pytest.mark.parametrize(
    ("visits", "text", "change"),
    [
        ([visit(1, 30, 35, items={"NT1": "present"})], "PR -35", -0.35),
        ([visit(1, 40, 61, items={"NT1": "present"})], "SD +1", 0.01),
        ([visit(1, 40, 60, items={"NT1": "present"})], "SD +0", 0.0),
        # From the nadir for PD: 70 to 91 is a rise of 30 %, though 9 % below the baseline.
        (
            [
                visit(1, 30, 40, items={"NT1": "present"}),
                visit(2, 41, 50, items={"NT1": "present"}),
            ],
            "PD +30",
            0.3,
        ),
        # PD by other disease: the sum has fallen, and its fall says nothing of the progression.
        ([visit(1, 30, 45, items={"NT1": "pd"})], "PD", None),
        ([visit(1, 30, 45, items={"NT1": "present"}, new_lesions=(SURE,))], "PD, new: 1", None),
        # By both: the sum counts.
        (
            [visit(1, 60, 80, items={"NT1": "present"}, new_lesions=(SURE,))],
            "PD +40, new: 1",
            0.4,
        ),
        ([visit(1, None, 60, items={"NT1": "present"})], "NE", None),
    ],
)
def test_the_string_tells_the_change_that_its_category_rests_on(visits, text, change):
    last = course(BASE, *visits).responses[-1]
    assert recist_string(last) == text
    assert told_change(last) == (None if change is None else pytest.approx(change))


def test_without_targets_there_is_no_change():
    only = course(baseline(items=["NT1"]), visit(1, items={"NT1": "present"})).responses[-1]
    assert told_change(only) is None
    assert recist_string(only) == only.overall.value.replace("_", " ")
