import pytest

from app.imaging.window import PRESETS, Window, WindowPreset, suits
from segmentation.volume import Unit


@pytest.mark.parametrize(
    ("preset", "width", "level"),
    [
        (WindowPreset.CT_SOFT_TISSUE, 400, 40),
        (WindowPreset.CT_LUNG, 1500, -600),
        (WindowPreset.CT_BONE, 2000, 350),
        (WindowPreset.CT_LIVER, 150, 90),
        (WindowPreset.CT_BRAIN, 80, 40),
        (WindowPreset.PET_0_5, 5, 2.5),
    ],
)
def test_presets_are_those_of_the_house(preset, width, level):
    assert (PRESETS[preset].width, PRESETS[preset].level) == (width, level)


def test_every_preset_has_a_window():
    assert set(PRESETS) == set(WindowPreset)


def test_an_empty_window_is_refused():
    with pytest.raises(ValueError, match="empty"):
        Window(3.0, 3.0)


def test_no_sul_window_on_becquerels():
    assert suits(WindowPreset.PET_0_5, Unit.SUL_G_PER_ML)
    assert not suits(WindowPreset.PET_0_5, Unit.BQ_PER_ML)
    assert suits(WindowPreset.CT_LUNG, Unit.HOUNSFIELD)
    assert not suits(WindowPreset.CT_LUNG, Unit.SUL_G_PER_ML)
