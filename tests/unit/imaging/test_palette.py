import numpy as np
import pytest

from app.imaging.palette import CALM_GROUND, Palette, colour, quantise, table
from app.imaging.window import Window


@pytest.mark.parametrize("palette", Palette)
def test_a_palette_has_256_opaque_colours_of_ordered_luminance(palette):
    colours = table(palette)
    assert colours.shape == (256, 4)
    assert (colours[:, 3] == 255).all()
    luminance = colours[:, :3] @ np.array([0.2126, 0.7152, 0.0722])
    steps = np.diff(luminance)
    assert (steps >= -1e-9).all() or (steps <= 1e-9).all()
    span = {Palette.CALM_INVERTED_GREY: CALM_GROUND[0], Palette.HOT_METAL: 248.86}
    assert np.ptp(luminance) == pytest.approx(span.get(palette, 255.0), abs=0.01)


def test_hot_metal_ends_in_a_colour_that_no_bone_has():
    red, _, blue, _ = (int(v) for v in table(Palette.HOT_METAL)[255])
    assert red - blue > 60


def test_inverted_grey_is_black_where_hot_on_white():
    colours = table(Palette.INVERTED_GREY)
    assert tuple(colours[0]) == (255, 255, 255, 255)
    assert tuple(colours[255]) == (0, 0, 0, 255)
    assert np.array_equal(colours[::-1], table(Palette.GREY))


def test_the_calm_ground_gives_half_the_light_of_white_and_every_step_stays():
    calm, white = (
        table(p)[:, 0] / 255 for p in (Palette.CALM_INVERTED_GREY, Palette.INVERTED_GREY)
    )
    assert ((calm[0] + 0.055) / 1.055) ** 2.4 == pytest.approx(0.5, abs=0.05)  # sRGB
    assert calm == pytest.approx(white * calm[0], abs=0.5 / 255 + 1e-9)


def test_hot_iron_follows_its_formula():
    index = np.arange(256)
    red = np.minimum(index * 2, 255)
    assert np.abs(table(Palette.HOT_IRON)[:, 0].astype(int) - red).max() <= 1
    blue = np.clip((index - 191.25) * 4, 0, 255)
    assert np.abs(table(Palette.HOT_IRON)[:, 2] - blue).max() <= 1


def test_values_are_clamped_to_their_window():
    values = np.array([[-1e9, 0.0, 2.5, 5.0, 1e9]], dtype=np.float32)
    assert quantise(values, Window(0.0, 5.0)).tolist() == [[0, 0, 128, 255, 255]]


def test_a_small_window_is_not_rounded_away():
    values = np.linspace(0.10, 0.20, 11, dtype=np.float32)[None]
    assert np.all(np.diff(quantise(values, Window(0.10, 0.20))[0].astype(int)) >= 25)


def test_colouring_equals_the_table_pixel_by_pixel():
    values = np.random.default_rng(0).uniform(-1, 8, (13, 7)).astype(np.float32)
    window = Window(0.5, 6.5)
    picture = colour(values, window, Palette.HOT_METAL)
    index = np.clip(np.floor((values - 0.5) / 6.0 * 255 + 0.5), 0, 255).astype(int)
    assert picture.dtype == np.uint8
    assert np.array_equal(picture, table(Palette.HOT_METAL)[index])
