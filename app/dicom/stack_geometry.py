"""Where the voxels of a stack lie, and everything odd about its slices (spec 1.2)."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.dicom.grouping import COINCIDENCE_MM, Stack, offsets_mm
from app.dicom.slices import Slice
from app.domain.findings import Finding, Severity, finding
from segmentation.geometry import EVEN_STEP_TOLERANCE, Geometry

FloatArray = npt.NDArray[np.float64]

# Single joints up to this share off the nominal step are bed joints (spec 1.2).
JOINT_TOLERANCE = 0.05
# Steps may be off by the rounding of the positions whatever the step (mm).
ROUNDING_MM = 0.011
# A gap this near to a whole number of steps is counted in missing slices.
WHOLE_STEPS_TOLERANCE = 0.1
# In-plane drift below this share of a pixel is rounding; above, the stack is straightened.
DRIFT_TOLERANCE_PX = 0.1
# A stack that drifts farther than this share of its matrix is no stack.
DRIFT_LIMIT = 1.0
THICKNESS_TOLERANCE = 0.05
AXIS_NAMES = "xyz"


@dataclass(frozen=True, slots=True)
class StackGeometry:
    """A stack's slices in order with the in-plane shift of each (px), and its geometry or None."""

    slices: tuple[Slice, ...]
    shifts_yx_px: tuple[tuple[float, float], ...]
    geometry: Geometry | None
    findings: tuple[Finding, ...]
    broken_joints: tuple[int, ...] = ()
    quantifiable: bool = True


def stack_geometry(stack: Stack) -> StackGeometry:
    """The geometry of slices sorted along their normal, with true offsets for uneven steps.

    A sheared stack (gantry tilt: the step is not along the normal) keeps its tilted planes; the
    grid is widened to hold the drift and the reader shifts every slice into its place. Duplicate
    positions keep the slice that comes first by its instance UID. No geometry, with the reason
    as a finding: no position, orientation or pixel spacing, directions not perpendicular,
    drift beyond the matrix.
    """
    refused = _refused(stack)
    if refused is not None:
        no_shift = ((0.0, 0.0),) * len(stack)
        return StackGeometry(tuple(stack), no_shift, None, (refused,), (), False)
    kept, doubled, findings = _without_duplicates(stack)
    offsets = offsets_mm(kept)
    findings += _step_findings(kept, offsets)
    broken = set(_broken_steps(offsets)) | {
        joint for k in doubled for joint in (k - 1, k) if 0 <= joint < len(kept) - 1
    }
    spacing = kept[0].spacing
    directions = kept[0].directions
    assert spacing is not None and directions is not None
    drift = _drift_px(kept, directions, spacing)
    span = np.ptp(drift, axis=0)
    matrix = np.array([kept[0].rows, kept[0].columns])
    if np.any(span > DRIFT_LIMIT * matrix):
        lost = finding("SLICES_NOT_STACKED", Severity.ERROR, drift_px=float(span.max()))
        no_shift = ((0.0, 0.0),) * len(kept)
        return StackGeometry(tuple(kept), no_shift, None, (*findings, lost), (), False)
    sheared = bool(span.max() > DRIFT_TOLERANCE_PX)
    if sheared:
        findings.append(_shear_finding(drift, offsets, spacing))
        low, extra = drift.min(axis=0), np.ceil(span - 1e-9).astype(int)
    else:
        low, extra, drift = np.zeros(2), np.zeros(2, dtype=int), np.zeros_like(drift)
    first = np.asarray(kept[0].position, dtype=np.float64)
    in_plane_mm = low * np.asarray(spacing)
    origin = first + in_plane_mm[0] * directions[1] + in_plane_mm[1] * directions[0]
    if not sheared:
        origin = first
    geometry = Geometry(
        shape_zyx=(len(kept), int(matrix[0] + extra[0]), int(matrix[1] + extra[1])),
        spacing_yx_mm=(spacing[0], spacing[1]),
        origin_lps_mm=_vector(origin),
        row_direction=_vector(directions[0]),
        column_direction=_vector(directions[1]),
        slice_offsets_mm=tuple(float(v) for v in offsets - offsets[0]),
    )
    shifts = tuple((float(y), float(x)) for y, x in drift - low)
    return StackGeometry(
        tuple(kept), shifts, geometry, tuple(findings), tuple(sorted(broken)), len(kept) > 1
    )


def _vector(values: FloatArray) -> tuple[float, float, float]:
    x, y, z = (float(v) + 0.0 for v in values)
    return x, y, z


def _refused(stack: Stack) -> Finding | None:
    first = stack[0]
    if first.position is None or first.orientation is None:
        return finding("SLICE_POSITION_MISSING", Severity.ERROR, slices=len(stack))
    if first.directions is None:
        return finding("ORIENTATION_INVALID", Severity.ERROR, slices=len(stack))
    if first.spacing is None or min(first.spacing) <= 0:
        return finding("PIXEL_SPACING_MISSING", Severity.ERROR, slices=len(stack))
    if min(first.rows, first.columns) < 1:
        return finding("MATRIX_MISSING", Severity.ERROR, slices=len(stack))
    return None


def _place(item: Slice) -> tuple[str, float]:
    """Patient axis nearest to the normal and the slice's position on it (mm)."""
    assert item.directions is not None and item.position is not None
    axis = int(np.argmax(np.abs(np.cross(item.directions[0], item.directions[1]))))
    return AXIS_NAMES[axis], float(item.position[axis])


def _without_duplicates(stack: Stack) -> tuple[Stack, list[int], list[Finding]]:
    offsets = offsets_mm(stack)
    kept: Stack = []
    doubled: list[int] = []
    last = -math.inf
    for item, offset in zip(stack, offsets, strict=True):
        if offset - last > COINCIDENCE_MM:
            kept.append(item)
            last = offset
        elif not doubled or doubled[-1] != len(kept) - 1:
            doubled.append(len(kept) - 1)
    if not doubled:
        return kept, [], []
    axis, at_mm = _place(kept[doubled[0]])
    found = finding(
        "DUPLICATE_POSITION",
        Severity.ERROR,
        slices=len(stack) - len(kept),
        positions=len(doubled),
        axis=axis,
        at_mm=at_mm,
    )
    return kept, doubled, [found]


def _broken_steps(offsets: FloatArray) -> list[int]:
    if len(offsets) < 2:
        return []
    steps = np.diff(offsets)
    nominal = float(np.median(steps))
    off = np.abs(steps - nominal)
    return [int(k) for k in np.flatnonzero(off > max(JOINT_TOLERANCE * nominal, ROUNDING_MM))]


def _step_findings(kept: Stack, offsets: FloatArray) -> list[Finding]:
    if len(kept) == 1:
        return [finding("SINGLE_SLICE", Severity.WARNING)]
    found: list[Finding] = []
    if len(kept) == 2:
        found.append(finding("ONLY_TWO_SLICES", Severity.WARNING))
    steps = np.diff(offsets)
    nominal = float(np.median(steps))
    found += _broken_step_findings(kept, steps, nominal, _broken_steps(offsets))
    off = np.abs(steps - nominal)
    slack = max(EVEN_STEP_TOLERANCE * nominal, ROUNDING_MM)
    joints = [
        k for k in np.flatnonzero(off > slack) if off[k] <= max(JOINT_TOLERANCE * nominal, slack)
    ]
    if joints:
        worst = max(joints, key=lambda k: off[k])
        axis, after_mm = _place(kept[worst])
        found.append(
            finding(
                "UNEVEN_SLICE_JOINT",
                Severity.INFO,
                joints=len(joints),
                axis=axis,
                after_mm=after_mm,
                deviation_percent=float(100 * (steps[worst] - nominal) / nominal),
            )
        )
    return found + _thickness_finding(kept, nominal)


def _broken_step_findings(
    kept: Stack, steps: FloatArray, nominal: float, broken: list[int]
) -> list[Finding]:
    """One finding for each size of step that is off, at the first place it occurs."""
    sizes: dict[float, list[int]] = {}
    for k in broken:
        sizes.setdefault(round(float(steps[k]), 1), []).append(k)
    found = []
    for places in sizes.values():
        first = places[0]
        axis, after_mm = _place(kept[first])
        missing = round(steps[first] / nominal) - 1
        whole = abs(steps[first] / nominal - missing - 1) <= WHOLE_STEPS_TOLERANCE
        gap = missing >= 1 and whole
        found.append(
            finding(
                "MISSING_SLICE" if gap else "UNEVEN_SLICE_SPACING",
                Severity.ERROR,
                places=len(places),
                axis=axis,
                after_mm=after_mm,
                step_mm=float(steps[first]),
                nominal_mm=nominal,
                **({"missing": missing} if gap else {}),
            )
        )
    return found


def _thickness_finding(kept: Stack, nominal: float) -> list[Finding]:
    thickness = sorted({s.thickness_mm for s in kept if s.thickness_mm is not None})
    if len(thickness) == 1 and abs(thickness[0] - nominal) <= THICKNESS_TOLERANCE * nominal:
        return []
    if not thickness or thickness[0] <= 0:
        return []
    return [
        finding(
            "THICKNESS_DIFFERS_FROM_SPACING",
            Severity.INFO,
            thickness_mm=thickness[0],
            thickest_mm=thickness[-1],
            spacing_mm=nominal,
        )
    ]


def _drift_px(kept: Stack, directions: FloatArray, spacing: tuple[float, ...]) -> FloatArray:
    """In-plane offset of every slice from the first one, pixels along (columns, rows)."""
    positions = np.asarray([item.position for item in kept], dtype=np.float64)
    relative = positions - positions[0]
    return np.stack(
        [relative @ directions[1] / spacing[0], relative @ directions[0] / spacing[1]], axis=1
    )


def _shear_finding(
    drift_px: FloatArray, offsets: FloatArray, spacing: tuple[float, ...]
) -> Finding:
    """Gantry tilt where the drift is one line, in-plane jumps where it is not."""
    drift_mm = drift_px * np.asarray(spacing)
    along = offsets - offsets[0]
    slope = (along @ drift_mm) / float(along @ along)
    residual_px = np.abs(drift_mm - np.outer(along, slope)) / np.asarray(spacing)
    return finding(
        "GANTRY_TILT" if residual_px.max() <= 0.5 else "SLICES_SHIFTED_IN_PLANE",
        Severity.WARNING,
        tilt_degrees=math.degrees(math.atan(float(np.hypot(*slope)))),
        drift_mm=float(np.hypot(*np.ptp(drift_mm, axis=0))),
    )
