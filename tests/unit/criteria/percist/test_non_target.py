"""The non-target component and its numeric guide (spec 2.9)."""

import itertools

import pytest

from app.criteria.percist.non_target import (
    NonTargetItem,
    non_target_change,
    non_target_response,
)
from app.domain.percist_response import NonTargetStatus as Status
from tests.unit.criteria.percist.rule_sets import NADIR

WORST_FIRST = [Status.PMD, Status.NON_CMR_NON_PMD, Status.NE, Status.CMR]


def test_the_worst_finding_decides_and_order_never_matters():
    for count in (1, 2, 3):
        for states in itertools.product(Status, repeat=count):
            items = [NonTargetItem(f"N{n}", state) for n, state in enumerate(states)]
            found = non_target_response(items, NADIR)
            assert found.category.value == min(states, key=WORST_FIRST.index).value
            assert non_target_response(items[::-1], NADIR) == found


def test_no_item_no_category():
    assert non_target_response([], NADIR).category is None


@pytest.mark.parametrize(
    ("peak", "reference", "extent", "status", "flags"),
    [
        (3.25, 2.5, False, Status.NON_CMR_NON_PMD, ()),  # +30 % but 0.75
        (3.3, 2.5, False, Status.NON_CMR_NON_PMD, ("NON_TARGET_RISE N1",)),  # +0.8, +32 %
        (5.2, 4.0, False, Status.NON_CMR_NON_PMD, ("NON_TARGET_RISE N1",)),  # exactly +30 %
        (5.1996, 4.0, False, Status.NE, ()),
        (4.0, 4.0, True, Status.NON_CMR_NON_PMD, ("NON_TARGET_RISE N1",)),
        (4.5, 4.0, False, Status.PMD, ("NON_TARGET_PMD_BELOW_GUIDE N1",)),
        (5.2, 4.0, False, Status.PMD, ()),
        (4.0, None, True, Status.PMD, ()),
        (4.0, None, False, Status.PMD, ()),
        (None, 4.0, False, Status.PMD, ()),
        (1.0, 0.0, False, Status.CMR, ("NON_TARGET_RISE N1",)),
    ],
)
def test_the_guide_flags_and_never_decides(peak, reference, extent, status, flags):
    item = NonTargetItem("N1", status, peak, reference, extent)
    found = non_target_response([item], NADIR)
    assert (found.category.value, found.flags) == (status.value, flags)


def test_the_change_of_an_item():
    assert non_target_change(NonTargetItem("N1", Status.NE, 5.2, 4.0)) == 0.3
    assert non_target_change(NonTargetItem("N1", Status.NE, 5.2, 0.0)) is None
    assert non_target_change(NonTargetItem("N1", Status.NE, 5.2)) is None
