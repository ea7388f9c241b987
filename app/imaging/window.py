"""Grey-level windows and the presets readers know."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from segmentation.volume import Unit


@dataclass(frozen=True, slots=True)
class Window:
    """The values shown as the first and the last colour of a palette."""

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not self.upper > self.lower:
            raise ValueError(f"window {self.lower} to {self.upper} is empty")

    @staticmethod
    def around(width: float, level: float) -> "Window":
        """The window of a given width and centre, as CT presets are written."""
        return Window(level - width / 2.0, level + width / 2.0)

    @property
    def width(self) -> float:
        """Upper minus lower value."""
        return self.upper - self.lower

    @property
    def level(self) -> float:
        """The value in the middle."""
        return (self.lower + self.upper) / 2.0


class WindowPreset(StrEnum):
    """Windows by name; the words for them stand in the resources."""

    CT_SOFT_TISSUE = "ct_soft_tissue"
    CT_LUNG = "ct_lung"
    CT_BONE = "ct_bone"
    CT_LIVER = "ct_liver"
    CT_BRAIN = "ct_brain"
    PET_0_5 = "pet_0_5"
    PET_0_7 = "pet_0_7"
    PET_0_10 = "pet_0_10"


# Design 6; width and level of the CT presets in HU, PET limits in g/mL (SUL by default).
PRESETS = MappingProxyType(
    {
        WindowPreset.CT_SOFT_TISSUE: Window.around(400.0, 40.0),
        WindowPreset.CT_LUNG: Window.around(1500.0, -600.0),
        WindowPreset.CT_BONE: Window.around(2000.0, 350.0),
        WindowPreset.CT_LIVER: Window.around(150.0, 90.0),
        WindowPreset.CT_BRAIN: Window.around(80.0, 40.0),
        WindowPreset.PET_0_5: Window(0.0, 5.0),
        WindowPreset.PET_0_7: Window(0.0, 7.0),
        WindowPreset.PET_0_10: Window(0.0, 10.0),
    }
)

_CT_UNITS = frozenset({Unit.HOUNSFIELD})
_PET_UNITS = frozenset({Unit.SUVBW_G_PER_ML, Unit.SUL_G_PER_ML})


def suits(preset: WindowPreset, unit: Unit) -> bool:
    """Whether a preset may be applied to values of a unit.

    An SUV window on Bq/mL paints the whole patient hot (peers 1.C, C9), so it is not offered.
    """
    return unit in (_CT_UNITS if preset.value.startswith("ct_") else _PET_UNITS)
