"""Slices, fused slices and MIP frames as pictures: frozen description in, picture out."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from app.imaging.palette import Palette, Rgba, colour, look_up, quantise, table, words
from app.imaging.picture import Picture
from app.imaging.window import PRESETS, Window, WindowPreset
from segmentation.sampling.projection import MipFrames
from segmentation.sampling.reslice import SlicePlane, sample_plane
from segmentation.sampling.separable import Interpolation
from segmentation.volume import Volume


@dataclass(frozen=True, slots=True)
class Layer:
    """How one volume is shown: window, colours, and how it is read between voxels.

    `outside` is the value shown where there is no voxel (air on CT, nothing on PET).
    """

    window: Window
    palette: Palette
    interpolation: Interpolation = Interpolation.LINEAR
    outside: float = 0.0


_TOP_RISE = 1.8
CT_SOFT_TISSUE = Layer(PRESETS[WindowPreset.CT_SOFT_TISSUE], Palette.GREY, outside=-1024.0)
PET_INVERTED = Layer(PRESETS[WindowPreset.PET_0_5], Palette.INVERTED_GREY)
PET_HOT = Layer(PRESETS[WindowPreset.PET_0_5], Palette.HOT_METAL)


@dataclass(frozen=True, slots=True)
class FusionStyle:
    """PET colours over CT grey: a constant opacity, nothing below `transparent_below`.

    In the upper half of the window the opacity rises to `_TOP_RISE` times its value: half a bright
    colour over grey is a paler one, and the hottest lesion would look like the coolest bone. The
    opacity also rises over `soft_edge` above that value (both in the PET's unit), so that noise
    around it leaves no frayed border. Values under the window's lower end are always
    transparent: the picture outside the PET is plain CT.
    """

    ct: Layer = CT_SOFT_TISSUE
    pet: Layer = PET_HOT
    opacity: float = 0.5
    transparent_below: float = 0.5
    soft_edge: float = 0.75

    def __post_init__(self) -> None:
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError(f"opacity {self.opacity} is not between 0 and 1")


def slice_picture(volume: Volume, plane: SlicePlane, layer: Layer) -> Picture:
    """One volume on a plane."""
    values = sample_plane(volume, plane, layer.interpolation, layer.outside)
    return Picture(colour(values, layer.window, layer.palette), plane)


def fusion_picture(
    ct: Volume,
    pet: Volume,
    plane: SlicePlane,
    style: FusionStyle,
    pet_from_ct: npt.ArrayLike | None = None,
) -> Picture:
    """PET over CT on a plane given in the CT's frame of reference.

    `pet_from_ct` (rigid 4x4, LPS mm) is needed where the two have different frames.
    """
    pet_plane = plane if pet_from_ct is None else plane.moved(pet_from_ct)
    grey = sample_plane(ct, plane, style.ct.interpolation, style.ct.outside)
    hot = sample_plane(pet, pet_plane, style.pet.interpolation, style.pet.outside)
    return Picture(fuse(grey, hot, style), plane)


def fuse(
    ct_values: npt.NDArray[np.float32], pet_values: npt.NDArray[np.float32], style: FusionStyle
) -> Rgba:
    """Sampled CT and PET of one plane blended to opaque RGBA, in one table look-up a pixel."""
    edge = (style.transparent_below, style.transparent_below + style.soft_edge)
    start, full = (int(v) for v in quantise(np.array(edge, np.float32), style.pet.window))
    blended = _blended(style.ct.palette, style.pet.palette, style.opacity, start, full)
    pair = quantise(ct_values, style.ct.window).astype(np.uint16)
    pair <<= 8
    pair |= quantise(pet_values, style.pet.window)
    return look_up(blended, pair)


def mip_picture(frames: MipFrames, frame: int, plane: SlicePlane, layer: Layer) -> Picture:
    """A frame of a turning MIP on a plane facing it (`frames.plane` gives the whole frame)."""
    values = frames.sample(frame, plane, layer.outside)
    return Picture(colour(values, layer.window, layer.palette), plane)


@lru_cache(maxsize=32)
def _blended(
    ct: Palette, pet: Palette, opacity: float, start: int, full: int
) -> npt.NDArray[np.uint32]:
    """Colour words for every pair (CT index * 256 + PET index).

    The PET is invisible below index `start`, and always at index 0; it reaches its opacity at
    `full`.
    """
    below = table(ct).astype(np.float32)[:, None, :]
    above = table(pet).astype(np.float32)[None, :, :]
    index = np.arange(256, dtype=np.float32)
    share = opacity * np.clip((index - start + 1) / max(full - start + 1, 1), 0.0, 1.0)
    share *= 1.0 + (min(_TOP_RISE, 1.0 / max(opacity, 1e-9)) - 1.0) * np.clip(
        (index - 128.0) / 127.0, 0.0, 1.0
    )
    share[0] = 0.0
    mixed = np.rint(below + (above - below) * share[None, :, None]).astype(np.uint8)
    pairs = words(mixed.reshape(-1, 4))
    pairs.setflags(write=False)
    return pairs
