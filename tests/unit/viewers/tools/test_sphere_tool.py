import pytest

from app.domain.region import SphereRegion
from tests.unit.viewers.tools.pointers import at, drag
from viewers.scene.overlays import EditedSphere, ReferenceSphere, VisitOverlays
from viewers.tools.intents import MoveReference, MoveRegion, PlaceSphere
from viewers.tools.sphere_tool import ReferenceTool, SphereTool

EDITED = VisitOverlays(edited=EditedSphere("L2", (10.0, 20.0, -100.0), 40.0))
# The slice is 12 mm off the centre: it cuts the sphere of radius 20 in a circle of radius 16.
OFF_CENTRE = VisitOverlays(edited=EditedSphere("L2", (10.0, 20.0, -112.0), 40.0))
REFERENCE = VisitOverlays(reference=ReferenceSphere("liver", (10.0, 20.0, -105.0), 30.0))


def test_a_click_places_a_sphere_of_the_default_size():
    assert drag(SphereTool(25.0), at(3, 4)) == PlaceSphere(0, (3.0, 4.0, -100.0), 25.0)


def test_a_trembling_click_keeps_the_default_size():
    assert drag(SphereTool(25.0), at(3, 4), at(5, 4)).diameter_mm == 25.0


def test_a_drag_draws_the_sphere_from_its_centre():
    assert drag(SphereTool(), at(0, 0), at(5, 0), at(9, 12)) == PlaceSphere(
        0, (0.0, 0.0, -100.0), 30.0
    )


def test_the_preview_follows_the_drag_and_goes_with_it():
    tool = SphereTool()
    tool.press(at(0, 0), VisitOverlays())
    tool.move(at(0, 12))
    assert tool.preview.diameter_mm == 24.0
    tool.release(at(0, 12))
    assert tool.preview is None


def test_the_inside_moves_the_sphere_without_a_jump():
    intent = drag(SphereTool(), at(13, 18), at(20, 18), at(23, 28), over=EDITED)
    assert intent == MoveRegion(0, "L2", SphereRegion((20.0, 30.0, -100.0), 40.0))


def test_moving_on_a_slice_off_the_centre_keeps_the_depth():
    intent = drag(SphereTool(), at(10, 20), at(15, 20), over=OFF_CENTRE)
    assert intent.sphere == SphereRegion((15.0, 20.0, -112.0), 40.0)


def test_the_rim_resizes_about_the_centre():
    intent = drag(SphereTool(), at(30, 20), at(35, 20), over=EDITED)
    assert intent == MoveRegion(0, "L2", SphereRegion((10.0, 20.0, -100.0), 50.0))


def test_the_rim_is_where_the_slice_cuts_the_sphere():
    intent = drag(SphereTool(), at(26, 20), at(10 + 35, 20), over=OFF_CENTRE)
    assert intent.sphere.center_lps_mm == (10.0, 20.0, -112.0)
    assert intent.sphere.diameter_mm == pytest.approx(2 * (35**2 + 12**2) ** 0.5, abs=0.05)


def test_a_click_on_the_edited_sphere_changes_nothing():
    assert drag(SphereTool(), at(13, 18), over=EDITED) is None
    assert drag(SphereTool(), at(30, 20), at(31, 20), over=EDITED) is None


def test_a_press_beside_the_edited_sphere_starts_a_new_one():
    assert isinstance(drag(SphereTool(), at(80, 80), over=EDITED), PlaceSphere)


def test_a_sphere_smaller_than_the_pointer_can_still_be_moved():
    small = VisitOverlays(edited=EditedSphere("L2", (10.0, 20.0, -100.0), 6.0))
    intent = drag(SphereTool(), at(10, 20), at(40, 20), over=small)
    assert intent.sphere == SphereRegion((40.0, 20.0, -100.0), 6.0)


def test_escape_drops_the_drag():
    tool = SphereTool()
    tool.press(at(0, 0), VisitOverlays())
    tool.move(at(0, 30))
    tool.cancel()
    assert tool.preview is None
    assert tool.release(at(0, 30)) is None


def test_the_pointer_over_another_visit_does_not_drag():
    tool = SphereTool()
    tool.press(at(0, 0), VisitOverlays())
    tool.move(at(0, 12))
    tool.move(at(0, 50, visit=1))
    assert tool.preview.diameter_mm == 24.0


def test_the_reference_is_dragged_by_its_inside():
    intent = drag(ReferenceTool(), at(12, 20), at(17, 24), over=REFERENCE)
    assert intent == MoveReference(0, (15.0, 24.0, -105.0))


def test_the_reference_comes_to_a_click_beside_it():
    assert drag(ReferenceTool(), at(80, 70), over=REFERENCE) == MoveReference(
        0, (80.0, 70.0, -100.0)
    )


def test_a_click_inside_the_reference_leaves_it():
    assert drag(ReferenceTool(), at(12, 20), over=REFERENCE) is None


def test_without_a_reference_there_is_nothing_to_move():
    assert drag(ReferenceTool(), at(12, 20), at(30, 20)) is None
