"""The measurability threshold (spec 2.4)."""

from dataclasses import replace

import pytest

from app.criteria.percist.threshold import measurability_threshold_g_per_ml
from app.domain.reference import ReferenceRegionKind
from tests.unit.criteria.percist.rule_sets import NADIR


def test_liver():
    liver = ReferenceRegionKind.LIVER
    assert measurability_threshold_g_per_ml(liver, 1.9, 0.2, NADIR) == pytest.approx(3.25)


@pytest.mark.parametrize(("sd_term", "threshold"), [(True, 3.5), (False, 3.0)])
def test_blood_pool_by_the_text_and_by_the_table(sd_term, threshold):
    rules = replace(NADIR, bloodpool_sd_term=sd_term)
    pool = ReferenceRegionKind.BLOOD_POOL
    assert measurability_threshold_g_per_ml(pool, 1.5, 0.25, rules) == pytest.approx(threshold)
