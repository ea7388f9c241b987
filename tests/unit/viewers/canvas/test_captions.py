from dataclasses import replace

import pytest

from app.imaging.overlay import ON_DARK, Text
from app.imaging.rasterise import text_size
from app.imaging.window import Window
from segmentation.volume import Unit
from tests.unit.viewers.scene.scenes import images, pet_volume, visit
from viewers.canvas.captions import corners_of, position_text, refusal_lines, scale_note, unit_of
from viewers.scene.resolve import resolve
from viewers.scene.state import SceneState, ShownQuantity
from viewers.scene.windows import PetScale

SUL = PetScale(Window(0, 5), Window(0, 5), ShownQuantity.SUL, Unit.SUL_G_PER_ML)
SUVBW = PetScale(Window(0, 4), Window(0, 5), ShownQuantity.SUVBW, Unit.SUVBW_G_PER_ML)
COUNTS = PetScale(Window(0, 9000), Window(0, 9000), None, Unit.COUNTS)


def frame_of(key, scene, **fields):
    state = SceneState(crosshairs=((0, (1.0, -12.34, -220.0)),), **fields)
    return resolve(state, scene, {key: (400, 400)})[key]


def test_one_visit_needs_no_word_about_its_scale():
    assert scale_note([SUL], locked=True) == ""


def test_two_visits_say_whether_their_scale_is_locked():
    assert scale_note([SUL, SUL], locked=True) == "scale locked"
    assert scale_note([SUL, SUL], locked=False) == "scale not locked"


def test_visits_in_different_units_are_never_called_locked():
    assert scale_note([SUL, SUVBW], locked=True) == "different units"
    assert scale_note([SUL, COUNTS], locked=True) == "different units"
    assert scale_note([COUNTS, COUNTS], locked=True) == "no common scale"


def test_the_unit_is_never_suv_for_a_refused_series():
    assert unit_of(SUL) == "SUL g/mL"
    assert unit_of(SUVBW) == "SUVbw g/mL"
    assert unit_of(COUNTS) == "counts"


def test_positions_name_the_patient_direction():
    scene = images(visit())
    assert position_text(frame_of("0.ct.axial", scene)) == "F 220.0 mm"
    assert position_text(frame_of("0.ct.coronal", scene)) == "A 12.3 mm"
    assert position_text(frame_of("0.ct.sagittal", scene)) == "L 1.0 mm"


def test_the_corners_tell_window_and_zoom():
    scene = images(visit())
    frame = frame_of("0.ct.axial", scene)
    corners = corners_of(frame, scene.visits[0], "", 13.0)
    assert corners.top_left[:2] == ("Visit 0", "CT")
    assert corners.bottom_right == ("F 220.0 mm", "W 400  L 40", "× 1.00")
    pet = corners_of(frame_of("0.pet.axial", scene), scene.visits[0], "scale locked", 13.0)
    assert "SUL 0–5" in pet.bottom_right
    assert pet.top_right == ("scale locked",)


def test_a_refused_series_carries_the_warning_and_its_reason():
    refused = visit(sul=pet_volume(Unit.COUNTS), refusal="Dose missing (0018,1074)")
    assert refusal_lines(refused) == ("NOT FOR QUANTIFICATION", "Dose missing (0018,1074)")
    frame = frame_of("0.pet.axial", images(refused))
    lines = corners_of(frame, refused, "", 13.0).bottom_right
    assert not any("SU" in line for line in lines)


def narrow(key, scene, columns, **fields):
    state = SceneState(crosshairs=((0, (1.0, -12.34, -220.0)),), **fields)
    return resolve(state, scene, {key: (columns, 400)})[key]


@pytest.mark.parametrize("columns", [130, 190, 250, 330, 600])
@pytest.mark.parametrize("key", ["0.ct.axial", "0.pet.axial", "0.mip.any"])
def test_no_line_runs_into_the_letter_the_colour_bar_or_its_neighbour(columns, key):
    told = visit(
        with_mip=True,
        ct_lines=("CT WB STANDARD",),
        pet_lines=("GE MEDICAL SYSTEMS Discovery ST", "uptake 159 min · 589 MBq · 91 kg"),
    )
    told = replace(told, label="Follow-up 1 1960-04-16")
    size = 11.0
    corners = corners_of(narrow(key, images(told), columns), told, "scale not locked", size)

    def width(text):
        return text_size(Text(text, (0.0, 0.0), size, ON_DARK))[1]

    half = columns / 2 - size
    assert width(corners.top_left[0]) <= half
    assert all(width(line) <= half for line in corners.top_right)
    room = columns - 4.6 * size if "ct" not in key else columns
    assert all(width(line) <= room for line in corners.top_left[3:])
    if "ct" not in key:
        assert "scale not locked" in (*corners.top_right, *corners.bottom_right)
        said = " ".join(corners.top_left)
        assert columns < 190 or all(part in said for part in ("uptake 159 min", "589 MBq", "91 kg"))


def test_upright_planes_do_not_repeat_the_acquisition():
    told = visit(pet_lines=("uptake 60 min",))
    for key, repeated in (("0.pet.axial", True), ("0.pet.coronal", False)):
        lines = corners_of(frame_of(key, images(told)), told, "", 13.0).top_left
        assert ("uptake 60 min" in lines) is repeated


def test_the_patient_is_named_on_every_mip_and_on_slices_with_room():
    told = visit(with_mip=True, patient="ACRIN-NSCLC-FDG-PET-042")
    scene = images(told)
    size = 11.0

    def lines(key, columns, rows):
        state = SceneState(crosshairs=((0, (1.0, -12.34, -220.0)),))
        frame = resolve(state, scene, {key: (columns, rows)})[key]
        return corners_of(frame, scene.visits[0], "", size).top_left

    assert "ACRIN-NSCLC-FDG-PET-042" in lines("0.ct.axial", 600, 600)
    assert "ACRIN-NSCLC-FDG-PET-042" not in lines("0.ct.axial", 240, 240)
    assert "ACRIN-NSCLC-FDG-PET-042" in lines("0.mip.any", 500, 900)
    (short,) = (line for line in lines("0.mip.any", 150, 700) if "…" in line)
    head, tail = short.split("…")
    assert "ACRIN-NSCLC-FDG-PET-042".startswith(head) and head
    assert "ACRIN-NSCLC-FDG-PET-042".endswith(tail) and tail
