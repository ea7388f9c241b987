"""The foci of a synthetic visit: what is marked as an organ, what is not, and where it lies."""

import numpy as np
import pytest

from app.services.find_lesions import find_lesions
from app.services.place_reference import find_anatomy
from segmentation.anatomy.sites import Side, Site
from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.anatomy.torso import KIDNEYS, LIVER, ORGANS, Ball, torso
from tests.unit.services.synthetic_visit import visit_of

IN_LIVER = Ball((-60.0, 40.0, -35.0), (12.0, 12.0, 12.0), 6.0)  # at a kidney's aside and depth
IN_LUNG = Ball((-90.0, 10.0, 150.0), (12.0, 12.0, 12.0), 6.0)
IN_SPINE = Ball((5.0, 70.0, -90.0), (12.0, 12.0, 12.0), 5.0)
LESIONS = (IN_LIVER, IN_LUNG, IN_SPINE)


def ct_of(sul, bone=()):
    """A CT of water on a coarser grid with balls of bone."""
    geometry = Geometry.even((112, 66, 106), (4.0, 4.0, 4.0), sul.geometry.origin_lps_mm)
    lps = geometry.lps_from_zyx(np.moveaxis(np.indices(geometry.shape_zyx), 0, -1))
    values = np.full(geometry.shape_zyx, 40, np.int16)
    for ball in bone:
        values[ball.holds(lps, 4.0)] = 400
    return Volume(values, geometry, Unit.HOUNSFIELD)


@pytest.fixture(scope="module")
def foci():
    sul = torso((*ORGANS, *LESIONS))
    visit = visit_of(sul, ct_of(sul, [IN_SPINE]))
    return find_lesions(visit, find_anatomy(visit), 2.6, LIVER.sul)


def at(foci, ball):
    (one,) = [
        f for f in foci if np.linalg.norm(np.subtract(f.region.centroid_lps_mm(), ball.center)) < 6
    ]
    return one


def test_every_hot_organ_and_lesion_is_one_focus_hottest_first(foci):
    assert len(foci) == len(KIDNEYS) + len(LESIONS)
    peaks = [focus.peaks.continuous.value for focus in foci]
    assert peaks == sorted(peaks, reverse=True)


def test_the_kidneys_are_marked_with_their_place(foci):
    for kidney in KIDNEYS:
        mark = at(foci, kidney).mark
        assert mark.organ == "kidney"
        assert mark.left_mm == pytest.approx(kidney.center[0], abs=4.0)
        assert mark.above_dome_mm < -100.0


@pytest.mark.parametrize(
    ("ball", "site", "side"),
    [
        (IN_LIVER, Site.LIVER, Side.RIGHT),
        (IN_LUNG, Site.CHEST, Side.RIGHT),
        (IN_SPINE, Site.BONE, Side.MIDLINE),
    ],
)
def test_the_lesions_are_not_marked(foci, ball, site, side):
    focus = at(foci, ball)
    assert (focus.mark, focus.site, focus.side) == (None, site, side)


def test_without_a_ct_bone_is_not_told_from_what_lies_around_it():
    visit = visit_of(torso((*ORGANS, *LESIONS)))
    focus = at(find_lesions(visit, find_anatomy(visit), 2.6, LIVER.sul), IN_SPINE)
    assert (focus.mark, focus.site) == (None, Site.ABDOMEN)
