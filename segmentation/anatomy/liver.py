"""The right lobe of the liver on FDG PET, and where a reference sphere fits in it."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from segmentation.anatomy.body import Body
from segmentation.geometry import FloatArray, Vector
from segmentation.mask import BoolArray, Mask
from segmentation.voi import SphereVoi
from segmentation.volume import Volume

# Normal liver lies well within these limits (g/mL SUL, Tahari 2014: about 1.2-2.4).
LIVER_SUL_RANGE_G_PER_ML = (0.9, 2.6)
SMOOTHING_MM = 4.0
# The right lobe is the only organ of that uptake, right of the midline, that holds a ball of
# this radius and this much volume; mediastinum, bowel and muscle do not.
CORE_RADIUS_MM = 18.0
RIGHT_OF_MIDLINE_MM = 10.0
SMALLEST_LIVER_ML = 250.0
# Liver is at least this many times as warm as the rest of the body at its level (2.6-4 in
# practice). Muscle, which a wrong weight or insulin lifts into the range above, is not.
LEAST_OVER_SURROUNDINGS = 2.0
# From foot to dome in an adult; tells where the dome would be when the scan starts below it.
LIVER_LENGTH_MM = 130.0
SPHERE_DIAMETER_MM = 30.0
# Clear of the edge: at least the sphere's radius and a PET resolution width of partial volume,
# and no shallower than this share of the lobe's depth: near the rim breathing blurs the edge in
# and noise is not that of the organ's middle, where readers place the sphere.
SPHERE_CLEARANCE_MM = 5.0
DEEP_SHARE = 0.85
# The heart's right border may touch the dome; slices thinner than this share of the widest one
# are not liver any more.
THINNEST_SLICE_SHARE = 0.2
# A reference sphere must be typical of the lobe, not sit in a cooler or warmer corner of it.
TYPICAL_SHARE = 0.03


@dataclass(frozen=True, eq=False)
class Liver:
    """The right lobe: its region, its distance-to-edge map and its upper end (the dome)."""

    region: Mask
    depth_mm: FloatArray  # within region.box: distance to the region's edge; the scan's end is none
    dome_mm: float  # along the volume's z axis; estimated where the scan starts below it
    foot_mm: float


def find_liver(sul: Volume, body: Body) -> Liver | None:
    """The right lobe on a canonical SUL volume, or None where no such organ is in the scan."""
    spacing = sul.geometry.spacing_zyx_mm
    smooth = smoothed(sul, SMOOTHING_MM)
    x_mm = np.arange(sul.values.shape[2]) * spacing[2]
    right = x_mm[None, :] < body.midline_x_mm[:, None] - RIGHT_OF_MIDLINE_MM
    low, high = LIVER_SUL_RANGE_G_PER_ML
    warm = (smooth >= low) & (smooth <= high) & body.inside & right[:, None, :]
    candidate = Mask.from_array(warm, sul.geometry)
    if candidate.voxels == 0:
        return None
    # One voxel of surroundings on each side that the scan has makes the box's faces edges. The
    # scan's own ends are none: a liver cut by one goes on beyond it.
    box = tuple(slice(max(0, s.start - 1), s.stop + 1) for s in candidate.box)
    # Small hot or cold speckle inside the organ (noise) must not cut it apart.
    filled = ndimage.binary_closing(np.pad(warm[box], 2), iterations=1)[2:-2, 2:-2, 2:-2]
    depth = ndimage.distance_transform_edt(filled, sampling=spacing)
    labels, count = ndimage.label(depth >= CORE_RADIUS_MM)
    if count == 0:
        return None
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    core = labels == int(sizes.argmax())
    near = ndimage.distance_transform_edt(~core, sampling=spacing) < CORE_RADIUS_MM
    inside = near & filled
    inside &= _liver_slices(inside)[:, None, None]
    whole = np.zeros(sul.geometry.shape_zyx, dtype=bool)
    whole[box] = inside
    region = Mask.from_array(whole, sul.geometry)
    if region.volume_ml < SMALLEST_LIVER_ML or not _stands_out(smooth, region, body):
        return None
    local = tuple(
        slice(a.start - b.start, a.stop - b.start) for a, b in zip(region.box, box, strict=True)
    )
    offsets = np.asarray(sul.geometry.slice_offsets_mm)[region.box[0]]
    foot, dome = float(offsets[0]), float(offsets[-1])
    if region.box[0].stop == sul.geometry.shape_zyx[0] and region.start_zyx[0] > 0:
        dome = max(dome, foot + LIVER_LENGTH_MM)
    return Liver(region, np.where(region.inside, depth[local], 0.0), dome, foot)


def _stands_out(smooth: FloatArray, region: Mask, body: Body) -> bool:
    """Whether the region is much warmer than the rest of the body in its slices."""
    slices = region.box[0]
    rest = body.inside[slices] & ~region.full()[slices]
    if not rest.any():
        return False
    own = float(np.median(smooth[region.box][region.inside]))
    return own >= LEAST_OVER_SURROUNDINGS * float(np.median(smooth[slices][rest]))


def _liver_slices(inside: BoolArray) -> BoolArray:
    """The unbroken run of slices about the widest one that are wide enough to be liver."""
    area = inside.sum(axis=(1, 2))
    wide = area >= THINNEST_SLICE_SHARE * area.max()
    runs, _ = ndimage.label(wide)
    return np.asarray(runs == runs[int(area.argmax())])


def smoothed(volume: Volume, sigma_mm: float) -> FloatArray:
    """The volume's values after a Gaussian of the given width (mm), same shape."""
    sigma = [sigma_mm / s for s in volume.geometry.spacing_zyx_mm]
    return np.asarray(ndimage.gaussian_filter(volume.values.astype(np.float32), sigma))


def propose_reference_sphere(sul: Volume, liver: Liver) -> SphereVoi | None:
    """The 3 cm sphere in the right lobe where uptake varies least, clear of edges (spec 2.3).

    Variation is judged on the smoothed image: the raw one would pick the spot where noise
    happens to cancel and understate the SD that enters the threshold. Returns None where no
    sphere with clearance fits.
    """
    spacing = sul.geometry.spacing_zyx_mm
    radius = SPHERE_DIAMETER_MM / 2.0
    within = np.where(_in_scan(sul, liver)[:, None, None], liver.depth_mm, 0.0)
    fits = within >= max(radius + SPHERE_CLEARANCE_MM, DEEP_SHARE * float(within.max()))
    if not fits.any():
        return None
    smooth = smoothed(sul, SMOOTHING_MM)[liver.region.box]
    mean, variation = _ball_mean_and_sd(smooth, spacing, radius)
    level = float(np.median(smooth[liver.depth_mm >= radius]))
    typical = fits & (np.abs(mean - level) <= TYPICAL_SHARE * level)
    variation = np.where(typical if typical.any() else fits, variation, np.inf)
    best = np.unravel_index(int(np.argmin(variation)), variation.shape)
    index = [int(b) + s for b, s in zip(best, liver.region.start_zyx, strict=True)]
    x, y, z = sul.geometry.lps_from_zyx(index)
    return SphereVoi((float(x), float(y), float(z)), SPHERE_DIAMETER_MM)


def sphere_fits(liver: Liver, sul: Volume, center_lps_mm: Vector) -> bool:
    """Whether a reference sphere at this place lies in the right lobe with clearance."""
    index = np.rint(sul.geometry.zyx_from_lps(center_lps_mm)).astype(int)
    local = index - np.asarray(liver.region.start_zyx)
    if np.any(local < 0) or np.any(local >= liver.depth_mm.shape):
        return False
    deep = liver.depth_mm[tuple(local)] >= SPHERE_DIAMETER_MM / 2.0
    return bool(deep and _in_scan(sul, liver)[local[0]])


def _in_scan(sul: Volume, liver: Liver) -> BoolArray:
    """For each slice of the lobe's box whether a sphere centred there lies wholly in the scan."""
    offsets = np.asarray(sul.geometry.slice_offsets_mm)
    here = offsets[liver.region.box[0]]
    to_end = np.minimum(here, offsets[-1] - here)
    return np.asarray(to_end >= SPHERE_DIAMETER_MM / 2.0 + sul.geometry.slice_step_mm)


def _ball_mean_and_sd(
    values: FloatArray, spacing: tuple[float, float, float], radius: float
) -> tuple[FloatArray, FloatArray]:
    reach = [int(radius // s) for s in spacing]
    axes = [np.arange(-n, n + 1) * s for n, s in zip(reach, spacing, strict=True)]
    distance = sum(a**2 for a in np.meshgrid(*axes, indexing="ij"))
    ball = (distance <= radius**2).astype(np.float64)
    ball /= ball.sum()
    offset = float(values.mean())  # keeps the difference of squares well conditioned
    centred = values.astype(np.float64) - offset
    # Not scipy.signal: its import costs half a second, this convolution a tenth of one.
    mean = ndimage.convolve(centred, ball, mode="constant")
    square = ndimage.convolve(centred**2, ball, mode="constant")
    return mean + offset, np.sqrt(np.maximum(square - mean**2, 0.0))
