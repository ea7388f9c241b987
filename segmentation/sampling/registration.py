"""Rigid registration of one visit's scan to another's (SimpleITK)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import SimpleITK as sitk  # noqa: N813 - the library's own abbreviation

from segmentation.geometry import FloatArray, Vector
from segmentation.volume import Volume

WORKING_SPACING_MM = 5.0
SAMPLING_SHARE = 0.3
SAMPLING_SEED = 1
# Below this correlation of the overlapping voxels the result is not to be trusted: scans of two
# different patients reach 0.69 (CT) to 0.86 (PET).
TRUSTED_CORRELATION = 0.88


@dataclass(frozen=True, eq=False)
class RigidTransform:
    """Maps positions of one frame of reference to another: p_target = M @ [p_source, 1].

    `target_from_source` is a 4x4 matrix in LPS millimetres; `correlation` tells how well the two
    scans agree after it (1 is perfect, None where the frames were identical by definition).
    """

    target_from_source: FloatArray
    correlation: float | None = None

    @property
    def trusted(self) -> bool:
        """Whether the scans agree well enough for the transform to carry lesions."""
        return self.correlation is None or self.correlation >= TRUSTED_CORRELATION

    def apply(self, lps_mm: Vector) -> Vector:
        """The position in the target frame."""
        x, y, z = (self.target_from_source @ [*lps_mm, 1.0])[:3]
        return float(x), float(y), float(z)


IDENTITY = RigidTransform(np.eye(4))


def register_rigid(
    target: Volume,
    source: Volume,
    value_range: tuple[float, float],
    starts_mm: Sequence[Vector] = (),
    checkpoint: Callable[[], None] = lambda: None,
) -> RigidTransform:
    """The rigid transform that brings `source` onto `target` (same modality, any frames).

    Maximises the correlation of the values clamped to `value_range` (so that a tumour that
    changed weighs little), at 10 and 5 mm. It starts from coinciding image centres and from each
    translation in `starts_mm` (target minus source, LPS mm) and keeps the best: scans that cover
    different lengths of the body have centres that do not correspond. One thread and regular
    sampling make it repeatable to the bit. `checkpoint` is called at every iteration and may
    raise to cancel.
    """
    fixed, moving = (_coarse(volume, value_range, checkpoint) for volume in (target, source))
    centred = sitk.CenteredTransformInitializer(
        fixed, moving, sitk.Euler3DTransform(), sitk.CenteredTransformInitializerFilter.GEOMETRY
    )
    starts = [sitk.Euler3DTransform(centred)]
    for shift in starts_mm:
        start = sitk.Euler3DTransform(centred)
        # ITK maps fixed to moving: the opposite of target minus source.
        start.SetTranslation([-v for v in shift])
        starts.append(start)
    runs = [_optimise(fixed, moving, start, checkpoint) for start in starts]
    value, best = min(runs, key=lambda run: run[0])
    inverse = best.GetInverse()
    origin = np.asarray(inverse.TransformPoint((0.0, 0.0, 0.0)))
    matrix = np.eye(4)
    matrix[:3, 3] = origin
    for axis in range(3):
        unit = [0.0, 0.0, 0.0]
        unit[axis] = 1.0
        matrix[:3, axis] = np.asarray(inverse.TransformPoint(unit)) - origin
    # ITK's metric is the negative square of the correlation coefficient.
    return RigidTransform(matrix, float(np.sqrt(max(0.0, -value))))


def _optimise(
    fixed: sitk.Image, moving: sitk.Image, start: sitk.Transform, checkpoint: Callable[[], None]
) -> tuple[float, sitk.Transform]:
    method = sitk.ImageRegistrationMethod()
    method.SetNumberOfThreads(1)
    method.SetMetricAsCorrelation()
    method.SetMetricSamplingStrategy(method.REGULAR)
    # ITK jitters even regular samples, seeded by the clock unless told otherwise.
    method.SetMetricSamplingPercentage(SAMPLING_SHARE, SAMPLING_SEED)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetInitialTransform(start, inPlace=False)
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=4.0, minStep=0.02, numberOfIterations=100, relaxationFactor=0.6
    )
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetShrinkFactorsPerLevel([2, 1])
    # Smoothed at the last level too: else noise alone lowers the correlation that trust rests on.
    method.SetSmoothingSigmasPerLevel([2.0, 1.0])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    # Images that do not overlap are an answer here, not a reason to write to stderr.
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    stopped: list[BaseException] = []

    def look() -> None:
        try:
            checkpoint()
        except BaseException as wish:  # noqa: BLE001 - ITK would make a RuntimeError of it
            stopped.append(wish)
            method.StopRegistration()

    for event in (sitk.sitkMultiResolutionIterationEvent, sitk.sitkIterationEvent):
        method.AddCommand(event, look)
    try:
        result = method.Execute(fixed, moving)
    except RuntimeError:
        # ITK's only way to say that the images do not overlap from this start.
        result = None
    if stopped:
        raise stopped[0]
    if result is None:
        return 0.0, start
    return float(method.GetMetricValue()), result


def _coarse(
    volume: Volume, value_range: tuple[float, float], checkpoint: Callable[[], None]
) -> sitk.Image:
    geometry = volume.geometry
    checkpoint()
    values = np.clip(volume.values.astype(np.float32), *value_range)
    checkpoint()
    image = sitk.GetImageFromArray(values)
    checkpoint()
    dz, dy, dx = geometry.spacing_zyx_mm
    image.SetSpacing((dx, dy, dz))
    image.SetOrigin(geometry.origin_lps_mm)
    image.SetDirection(tuple(geometry.axes[:, ::-1].ravel()))
    shrunk = sitk.BinShrink(
        image, [max(1, round(WORKING_SPACING_MM / s)) for s in image.GetSpacing()]
    )
    checkpoint()
    return shrunk
