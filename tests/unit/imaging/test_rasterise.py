import numpy as np
import pytest
from PIL import ImageFont

from app.imaging.lettering import FONT_FOLDER, Face, typeface
from app.imaging.overlay import Ink, Lines, Patch, Ring, Text
from app.imaging.picture import Picture
from app.imaging.rasterise import draw, text_size
from segmentation.sampling.reslice import Orientation, plane_around

RED = Ink((255, 0, 0), None)


def black(rows=80, columns=100):
    rgba = np.zeros((rows, columns, 4), np.uint8)
    rgba[..., 3] = 255
    plane = plane_around(Orientation.AXIAL, (0.0, 0.0, 0.0), (columns * 1.0, rows * 1.0), 1.0)
    return Picture(rgba, plane)


def weights(picture):
    return picture.rgba[..., 0].astype(float) / 255


def test_the_input_stays_as_it_is_and_the_result_is_opaque():
    picture = black()
    drawn = draw(picture, [Ring((40.0, 50.0), 10.0, RED)])
    assert picture.rgba[..., 0].max() == 0
    assert drawn.rgba[..., 0].max() == 255
    assert (drawn.rgba[..., 3] == 255).all()
    assert drawn.plane is picture.plane


@pytest.mark.parametrize("center", [(40.0, 50.0), (40.5, 50.25), (33.3, 61.7)])
def test_a_ring_is_centred_to_a_tenth_of_a_pixel(center):
    seen = weights(draw(black(), [Ring(center, 12.0, RED, 2.0)]))
    index = np.argwhere(seen > 0)
    middle = np.average(index, axis=0, weights=seen[seen > 0])
    assert middle == pytest.approx(center, abs=0.15)
    radius = np.average(np.hypot(*(index - center).T), weights=seen[seen > 0])
    assert radius == pytest.approx(12.0, abs=0.2)


def test_a_line_is_as_wide_as_asked_and_lies_on_its_pixels():
    line = Lines(np.array([[[20.0, 10.0], [20.0, 90.0]]]), RED, 3.0)
    profile = weights(draw(black(), [line]))[:, 50]
    assert profile.sum() == pytest.approx(3.0, abs=0.3)
    assert np.average(np.arange(80), weights=profile) == pytest.approx(20.0, abs=0.2)


def test_items_across_the_border_are_cut():
    items = [
        Ring((0.0, 0.0), 12.0, RED),
        Ring((-200.0, 0.0), 12.0, RED),
        Lines(np.array([[[-40.0, -40.0], [200.0, 300.0]]]), RED),
        Lines(np.empty((0, 2, 2)), RED),
        Text("beyond", (78.0, 90.0), 20.0, Ink((255, 0, 0), (0, 0, 255))),
        Text("far away", (500.0, 90.0), 20.0, RED),
        Patch(np.full((10, 10, 4), 255, np.uint8), -5, 95),
    ]
    drawn = draw(black(), items)
    assert drawn.rgba.shape == (80, 100, 4)
    assert (drawn.rgba[:5, 95:, :] == 255).all()


def test_text_stands_where_its_alignment_puts_it():
    size = text_size(Text("HHH", (0.0, 0.0), 20.0, RED))
    for align in ((0.0, 0.0), (0.5, 0.5), (1.0, 1.0)):
        drawn = weights(draw(black(), [Text("HHH", (40.0, 50.0), 20.0, RED, align)]))
        columns = np.flatnonzero(drawn.any(axis=0))
        left = 50.0 - align[1] * size[1]
        assert left - 1 <= columns[0]
        assert columns[-1] <= left + size[1] + 1
        rows = np.flatnonzero(drawn.any(axis=1))
        assert rows[-1] <= 40.0 - align[0] * size[0] + size[0]


def test_a_halo_keeps_text_legible_on_its_own_colour():
    white = black()
    white.rgba[:] = 255
    drawn = draw(white, [Text("T1", (40.0, 50.0), 20.0, Ink((255, 255, 255), (0, 0, 0)))])
    assert drawn.rgba[..., 0].min() < 30


@pytest.mark.parametrize("face", Face)
def test_the_shipped_typefaces_have_the_signs_reports_need(face):
    assert isinstance(typeface(face, 14.0), ImageFont.FreeTypeFont)
    missing = typeface(face, 40.0).getmask("\U0010fffd")
    for sign in "−±≥≤µ²³°é×→…%":
        assert bytes(typeface(face, 40.0).getmask(sign)) != bytes(missing), sign


def test_the_licence_of_the_typefaces_lies_beside_them():
    assert "SIL Open Font License" in (FONT_FOLDER / "OFL.txt").read_text(encoding="utf-8")
