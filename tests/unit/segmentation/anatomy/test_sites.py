"""Where organs and lesions lie, and which of them a draft marks."""

import dataclasses

import pytest

from segmentation.anatomy.frame import Place
from segmentation.anatomy.sites import (
    ORGAN_RULES,
    Focus,
    Organ,
    Side,
    Site,
    likely_organ,
    likely_site,
    side_of,
)

ROUND = (20.0, 20.0, 20.0)
LONG = (50.0, 15.0, 15.0)


def focus(left, depth, above, volume=10.0, heat=3.0, extent=ROUND, rim=0.0, hu=None):
    return Focus(Place(left, depth, above), volume, heat, extent, rim, hu)


# Places of organs in a patient of 1.70 m, from surface anatomy: mm left of the midline, share of
# the depth, mm above the liver dome.
ORGANS = [
    (Organ.BRAIN, focus(0, 0.5, 330, 1200, 5.0)),
    (Organ.BRAIN, focus(-40, 0.7, 290, 60, 4.0)),
    (Organ.PHARYNX, focus(5, 0.35, 250, 3, 2.0)),
    (Organ.HEART, focus(50, 0.35, 20, 120, 4.0)),
    (Organ.HEART, focus(35, 0.45, -20, 15, 2.2)),
    (Organ.OESOPHAGUS, focus(10, 0.6, 90, 4, 2.2, LONG)),
    (Organ.KIDNEY, focus(-70, 0.7, -140, 70, 6.0)),
    (Organ.KIDNEY, focus(65, 0.66, -120, 3, 12.0)),
    (Organ.URETER, focus(34, 0.52, -330, 1.2, 3.5, LONG)),
    (Organ.BOWEL, focus(-80, 0.35, -140, 20, 2.0)),
    (Organ.BOWEL, focus(20, 0.3, -270, 8, 3.0)),
    (Organ.BLADDER, focus(0, 0.4, -365, 200, 15.0)),
]
LESIONS = [
    (Site.HILUM, focus(-50, 0.5, 85, 20, 18.0)),
    (Site.MEDIASTINUM, focus(-20, 0.45, 190, 25, 5.0)),
    (Site.AXILLA, focus(150, 0.5, 130, 13, 6.0)),
    (Site.CHEST, focus(-90, 0.6, 60, 5, 5.0)),
    (Site.NECK, focus(45, 0.5, 230, 4, 5.0)),
    (Site.LIVER, focus(-70, 0.4, -60, 9, 4.0, rim=0.9)),
    (Site.LIVER, focus(-70, 0.7, -90, 9, 4.0, rim=0.5)),
    (Site.ABDOMEN, focus(0, 0.65, -150, 4, 3.0)),
    (Site.BONE, focus(0, 0.75, -150, 4, 3.0, hu=250.0)),
    (Site.PELVIS, focus(-95, 0.7, -300, 6, 5.0)),
    (Site.THIGH, focus(60, 0.5, -470, 300, 3.0)),
    (Site.HEAD, focus(100, 0.5, 300, 4, 2.0)),
]


@pytest.mark.parametrize(("organ", "found"), ORGANS)
def test_an_organ_at_its_place_is_marked(organ, found):
    assert likely_organ(found) is organ


@pytest.mark.parametrize(("site", "found"), LESIONS)
def test_a_lesion_is_not_marked_and_its_site_is_told(site, found):
    assert likely_organ(found) is None
    assert likely_site(found) is site


@pytest.mark.parametrize(("organ", "found"), ORGANS)
def test_the_same_focus_with_liver_around_it_is_a_liver_lesion(organ, found):
    inside = dataclasses.replace(found, share_of_rim_in_liver=0.6)
    assert likely_organ(inside) is None
    assert likely_site(inside) is Site.LIVER
    beside = dataclasses.replace(found, share_of_rim_in_liver=0.4)
    assert likely_organ(beside) is organ


@pytest.mark.parametrize(("organ", "found"), ORGANS)
def test_no_organ_is_marked_350_mm_out_of_place(organ, found):
    for shift in (350.0, -350.0):
        left, depth, above = found.place
        aside = dataclasses.replace(found, place=Place(left + shift, depth, above))
        assert likely_organ(aside) is not organ
        if not (organ is Organ.BRAIN and shift > 0):
            along = dataclasses.replace(found, place=Place(left, depth, above + shift))
            assert likely_organ(along) is not organ


def test_the_mirror_image_of_the_heart_is_no_heart():
    heart = focus(50, 0.35, 20, 120, 4.0)
    left, depth, above = heart.place
    assert likely_organ(dataclasses.replace(heart, place=Place(-left, depth, above))) is None


def test_small_foci_and_cool_ones_are_not_the_organs_that_are_large_and_hot():
    assert likely_organ(focus(50, 0.35, 20, volume=1.0)) is None  # a node beside the heart
    assert likely_organ(focus(0, 0.6, -365, volume=200, heat=1.9)) is None  # not urine
    assert likely_organ(focus(0, 0.5, 330, 5, heat=2.0)) is None  # cooler than any brain
    assert likely_organ(focus(10, 0.6, 90, 4, 2.2, ROUND)) is None  # round: not the oesophagus


def test_limits_are_inclusive_and_every_organ_has_a_rule():
    kidney = next(rule for rule in ORGAN_RULES if rule.organ is Organ.KIDNEY)
    for aside in kidney.aside_mm:
        for above in kidney.above_dome_mm:
            for depth in kidney.depth:
                assert kidney.fits(focus(-aside, depth, above))
    assert not kidney.fits(focus(kidney.aside_mm.high + 0.1, 0.7, -120))
    assert {rule.organ for rule in ORGAN_RULES} == set(Organ)


@pytest.mark.parametrize(
    ("left", "side"),
    [(-60, Side.RIGHT), (-20, Side.MIDLINE), (0, Side.MIDLINE), (20.5, Side.LEFT)],
)
def test_sides(left, side):
    assert side_of(Place(left, 0.5, 0.0)) is side
