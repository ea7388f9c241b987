"""Which focus of a follow-up is which lesion of the baseline, and what has no counterpart."""

import numpy as np
import pytest

from app.domain.lesion import PhysiologicalMark
from app.services.carry_lesions import KnownRegion, carry_lesions
from app.services.find_lesions import FoundFocus
from segmentation.anatomy.frame import Place
from segmentation.anatomy.sites import Side, Site
from segmentation.growing.candidates import find_candidates
from segmentation.sampling.registration import IDENTITY, RigidTransform
from segmentation.voi import SphereVoi
from tests.unit.segmentation.growing.hot_spots import GEOMETRY, blobs
from tests.unit.services.synthetic_visit import visit_of

ONE, TWO, AWAY = (-25.0, 0.0, 0.0), (25.0, 0.0, 0.0), (20.0, 50.0, 45.0)
KIDNEY = PhysiologicalMark("kidney", 60.0, 0.7, -120.0)


def known(lesion_id, center, radius=10.0, physiological=False):
    return KnownRegion(lesion_id, SphereVoi(center, 2 * radius).mask(GEOMETRY), physiological)


def follow_up(*balls, organs=()):
    """(visit, foci) of balls (centre, radius, SUL); foci nearest to `organs` look like kidneys."""
    visit = visit_of(blobs(*balls))
    foci = []
    for candidate in find_candidates(visit.sul, 2.5):
        center = np.array(candidate.region.centroid_lps_mm())
        mark = KIDNEY if any(np.linalg.norm(center - o) < 12.0 for o in organs) else None
        place = Place(0.0, 0.5, 0.0)
        foci.append(
            FoundFocus(candidate.region, candidate.peaks, place, Site.CHEST, Side.MIDLINE, mark)
        )
    assert len(foci) == len([ball for ball in balls if ball[2] > 2.5])
    return visit, foci


def near(region, center):
    return np.linalg.norm(np.subtract(region.centroid_lps_mm(), center)) < 4.0


def test_each_focus_goes_to_the_lesion_at_its_place():
    visit, foci = follow_up((ONE, 9.0, 6.0), (TWO, 12.0, 4.0))
    carried = carry_lesions([known("L1", ONE), known("L2", TWO)], IDENTITY, visit, foci)
    assert near(carried.regions["L1"], ONE)
    assert near(carried.regions["L2"], TWO)
    assert carried.unmatched == ()


def test_lesions_are_looked_for_where_the_patient_lies_now():
    shift = np.eye(4)
    shift[:3, 3] = np.subtract(TWO, ONE)
    visit, foci = follow_up((TWO, 9.0, 6.0))
    carried = carry_lesions([known("L1", ONE)], RigidTransform(shift, 1.0), visit, foci)
    assert near(carried.regions["L1"], TWO)
    stayed = carry_lesions([known("L1", ONE)], IDENTITY, visit, foci)
    assert near(stayed.regions["L1"], ONE)
    assert len(stayed.unmatched) == 1


def test_fragments_are_one_lesion():
    visit, foci = follow_up(((-33.0, 0.0, 0.0), 7.0, 6.0), ((-13.0, 0.0, 0.0), 7.0, 5.0))
    carried = carry_lesions([known("L1", (-23.0, 0.0, 0.0), 14.0)], IDENTITY, visit, foci)
    assert len(foci) == 2
    assert carried.regions["L1"].voxels == sum(f.region.voxels for f in foci)


def test_a_vanished_lesion_is_measured_where_it_was_and_not_in_its_neighbour():
    visit, foci = follow_up(((-25.0, 34.0, 0.0), 12.0, 9.0))
    carried = carry_lesions(
        [known("L1", ONE, 12.0), known("L2", (-25.0, 34.0, 0.0))], IDENTITY, visit, foci
    )
    assert near(carried.regions["L1"], ONE)
    assert not (carried.regions["L1"].full() & foci[0].region.full()).any()


def test_two_lesions_that_merged_share_their_focus_by_place():
    """Leaving one out would make the visit not evaluable; one alone would change the target."""
    visit, foci = follow_up(((4.0, 0.0, 0.0), 30.0, 6.0))
    pair = [known("L1", (-8.0, 0.0, 0.0), 6.0), known("L2", (16.0, 0.0, 0.0))]
    regions = carry_lesions(pair, IDENTITY, visit, foci).regions
    one, two = regions["L1"].full(), regions["L2"].full()
    assert not (one & two).any()
    assert np.array_equal(one | two, foci[0].region.full())
    assert regions["L1"].centroid_lps_mm()[0] < 0.0 < regions["L2"].centroid_lps_mm()[0]


def test_a_lesion_whose_neighbour_grew_up_to_it_is_measured_beside_it():
    visit, foci = follow_up(((16.0, 0.0, 0.0), 20.0, 6.0))
    pair = [known("L1", (-14.0, 0.0, 0.0), 8.0), known("L2", (16.0, 0.0, 0.0))]
    regions = carry_lesions(pair, IDENTITY, visit, foci).regions
    assert regions["L2"].voxels == foci[0].region.voxels
    assert not (regions["L1"].full() & foci[0].region.full()).any()


def test_an_organ_that_lights_up_over_a_lesion_is_not_the_lesion():
    visit, foci = follow_up(((4.0, 0.0, 0.0), 40.0, 6.0), organs=[(4.0, 0.0, 0.0)])
    carried = carry_lesions([known("L1", (4.0, 0.0, 0.0), 5.0)], IDENTITY, visit, foci)
    assert carried.regions == {}
    assert carried.unmatched == tuple(foci)


def test_a_lesion_keeps_its_focus_where_the_rules_waver():
    """A focus of its own size at its place, now within an organ's limits, is still the lesion."""
    visit, foci = follow_up((ONE, 12.0, 6.0), organs=[ONE])
    carried = carry_lesions([known("L1", ONE)], IDENTITY, visit, foci)
    assert near(carried.regions["L1"], ONE)
    assert carried.unmatched == ()


def test_an_organ_keeps_its_own_and_gives_back_what_only_touches_it():
    kidney = known("P1", ONE, 12.0, physiological=True)
    visit, foci = follow_up((ONE, 12.0, 6.0), organs=[ONE])
    assert set(carry_lesions([kidney], IDENTITY, visit, foci).regions) == {"P1"}
    visit, foci = follow_up((ONE, 12.0, 6.0))  # moved out of its zone: still the kidney
    assert set(carry_lesions([kidney], IDENTITY, visit, foci).regions) == {"P1"}
    visit, foci = follow_up(((3.0, 0.0, 0.0), 12.0, 6.0))  # beside it
    carried = carry_lesions([kidney], IDENTITY, visit, foci)
    assert carried.regions == {}
    assert len(carried.unmatched) == 1


def test_an_organ_that_went_cold_is_left_out():
    visit, foci = follow_up((TWO, 9.0, 6.0))
    carried = carry_lesions([known("P1", ONE, physiological=True)], IDENTITY, visit, foci)
    assert carried.regions == {}
    assert len(carried.unmatched) == 1


def test_a_lesion_beyond_the_scan_has_no_region():
    far = np.eye(4)
    far[:3, 3] = (0.0, 0.0, 900.0)
    visit, foci = follow_up((TWO, 9.0, 6.0))
    carried = carry_lesions([known("L1", ONE)], RigidTransform(far, 1.0), visit, foci)
    assert carried.regions == {}


@pytest.mark.parametrize("lesions", [[], [known("L1", ONE)]])
def test_what_lies_on_nothing_is_unmatched(lesions):
    visit, foci = follow_up((AWAY, 9.0, 6.0))
    assert carry_lesions(lesions, IDENTITY, visit, foci).unmatched == tuple(foci)
