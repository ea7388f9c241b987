"""The reference sphere: proposed in the lobe, carried where it fits, refused without a liver."""

import numpy as np
import pytest

from app.domain.reference import PlacementMethod
from app.errors import ReaderError
from app.services.place_reference import find_anatomy, measure_sphere, place_reference
from segmentation.geometry import Geometry
from segmentation.volume import Unit, Volume
from tests.unit.segmentation.anatomy.torso import DOME_MM, LIVER, SPLEEN, mirrored, torso
from tests.unit.services.synthetic_visit import visit_of


@pytest.fixture(scope="module")
def visit():
    return visit_of(torso())


@pytest.fixture(scope="module")
def anatomy(visit):
    return find_anatomy(visit)


def test_the_frame_tells_heights_above_the_dome_in_a_standard_patient(visit, anatomy):
    place = anatomy.frame.place((0.0, 0.0, DOME_MM + 165.0))
    assert visit.quantification.size_m == 1.65
    assert place.above_dome_mm == pytest.approx(170.0, abs=13.0)


def test_the_sphere_is_proposed_where_none_is_carried(visit, anatomy):
    sphere, method = place_reference(visit, anatomy)
    assert method is PlacementMethod.AUTOMATIC
    numbers = measure_sphere(visit, sphere)
    assert numbers.mean_sul_g_per_ml == pytest.approx(LIVER.sul, rel=0.03)
    assert numbers.volume_ml == pytest.approx(14.1, rel=0.1)


def test_a_carried_place_is_kept_to_the_millimetre_where_it_fits(visit, anatomy):
    place = (-85.3, 20.1, -44.7)
    sphere, method = place_reference(visit, anatomy, place)
    assert (sphere.center_lps_mm, method) == (place, PlacementMethod.CARRIED)


@pytest.mark.parametrize("place", [SPLEEN.center, (-148.0, 0.0, -10.0), (0.0, 0.0, 900.0)])
def test_a_carried_place_off_the_lobe_is_proposed_anew(visit, anatomy, place):
    assert place_reference(visit, anatomy, place) == place_reference(visit, anatomy)


@pytest.mark.parametrize(
    "sul",
    [
        mirrored(torso()),
        Volume(
            np.zeros((8, 9, 10), np.float32),
            Geometry.even((8, 9, 10), (5.0, 5.0, 5.0)),
            Unit.SUL_G_PER_ML,
        ),
    ],
    ids=["liver_on_the_left", "cold"],
)
def test_without_a_liver_on_the_right_the_visit_is_refused(sul):
    with pytest.raises(ReaderError) as refused:
        find_anatomy(visit_of(sul))
    assert refused.value.code == "LIVER_NOT_FOUND"
    assert "2024-05-06" in refused.value.what


def test_a_lobe_with_room_for_no_sphere_is_refused():
    visit = visit_of(torso(slices=slice(40, 44)))
    with pytest.raises(ReaderError) as refused:
        place_reference(visit, find_anatomy(visit))
    assert refused.value.code == "LIVER_NOT_FOUND"
