"""A finished picture and where its pixels lie in the patient."""

from dataclasses import dataclass

from app.imaging.palette import Rgba
from segmentation.sampling.reslice import SlicePlane


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """RGBA [rows, columns, 4] with the plane its pixels lie on.

    For a MIP the plane is that of the projection: pixels follow from positions, not the reverse.
    """

    rgba: Rgba
    plane: SlicePlane

    def __post_init__(self) -> None:
        if self.rgba.shape != (self.plane.rows, self.plane.columns, 4):
            raise ValueError(f"picture {self.rgba.shape} does not fit its plane")
