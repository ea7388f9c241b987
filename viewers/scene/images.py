"""What the viewports show of each visit: volumes, factors, texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from segmentation.geometry import FloatArray, Vector
from segmentation.sampling.projection import MipFrames
from segmentation.volume import Unit, Volume
from viewers.scene.extent import Box, body_box


@dataclass(frozen=True, eq=False)
class VisitScene:
    """One time point. Volumes are canonical (z superior, y posterior, x left).

    `sul` is the PET in SUL; where `refusal` is set it is the PET in its stored unit, and no SUV
    of any kind is shown. `here_from_baseline` (rigid 4x4, LPS mm) brings positions of the first
    visit here; None where the two were not registered. Unknown factors are None.
    """

    number: int
    label: str
    sul: Volume
    ct: Volume | None = None
    suvbw_over_sul: float | None = None
    bq_per_ml_over_sul: float | None = None
    liver_mean: float | None = None
    here_from_baseline: FloatArray | None = None
    pet_lines: tuple[str, ...] = ()
    ct_lines: tuple[str, ...] = ()
    patient: str = ""
    refusal: str | None = None
    mip: MipFrames | None = None

    @property
    def is_quantified(self) -> bool:
        """Whether the PET may carry an SUV window and SUV numbers."""
        return self.refusal is None and self.sul.unit is Unit.SUL_G_PER_ML

    @cached_property
    def body(self) -> Box:
        """The box around the patient's body (LPS, mm)."""
        return body_box(self.sul, self.ct)

    @cached_property
    def stored_upper(self) -> float:
        """An upper window end for a PET without SUV: the 99.9th percentile of its positive part."""
        sample = self.sul.values[::4, ::4, ::4]
        positive = sample[sample > 0]
        return float(np.percentile(positive, 99.9)) if positive.size else 1.0


@dataclass(frozen=True, eq=False)
class SceneImages:
    """The visits of a reading, in order."""

    visits: tuple[VisitScene, ...] = ()
    _by_number: Mapping[int, VisitScene] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_number", {v.number: v for v in self.visits})

    def visit(self, number: int) -> VisitScene | None:
        """The visit of a number, if it is here."""
        return self._by_number.get(number)

    def middle_of(self, number: int) -> Vector:
        """The middle of a visit's body: where a reading starts."""
        visit = self._by_number[number]
        low, high = visit.body
        x, y, z = ((a + b) / 2 for a, b in zip(low, high, strict=True))
        return x, y, z
