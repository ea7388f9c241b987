"""Picture descriptions turned into RGBA; values of a plane are sampled once and then reused."""

from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from app.imaging.frames import fuse
from app.imaging.palette import Rgba, colour
from segmentation.sampling.reslice import SlicePlane, sample_plane
from segmentation.volume import Volume
from viewers.canvas.sagittal import SagittalBlocks
from viewers.scene.hanging import Content
from viewers.scene.images import SceneImages, VisitScene
from viewers.scene.resolve import PictureSpec

Values = npt.NDArray[np.float32]  # [rows, columns]
_PLANES_KEPT = 20  # two visits with CT and PET on three planes, and some to come back to


class Pictures:
    """Renders picture descriptions of one set of images.

    CT, PET and fusion of one plane share its values, and a new window only colours them anew.
    """

    def __init__(self, images: SceneImages) -> None:
        self._images = images
        self._mip_values: dict[int, tuple[tuple[int, int, SlicePlane], Values]] = {}
        self._sagittal = SagittalBlocks()
        self._values: OrderedDict[tuple[int, SlicePlane], Values] = OrderedDict()

    def render(self, spec: PictureSpec) -> Rgba:
        """The pixels [rows, columns, 4] of a picture."""
        visit = self._images.visit(spec.visit)
        assert visit is not None
        if spec.content is Content.MIP:
            return self._mip(visit, spec)
        if spec.fusion is not None:
            assert visit.ct is not None
            ct = self._sampled(visit.ct, spec.plane, spec.fusion.ct.outside)
            pet = self._sampled(visit.sul, spec.plane, spec.fusion.pet.outside)
            return fuse(ct, pet, spec.fusion)
        if spec.ct is not None:
            assert visit.ct is not None
            values = self._sampled(visit.ct, spec.plane, spec.ct.outside)
            return colour(values, spec.ct.window, spec.ct.palette)
        assert spec.pet is not None
        values = self._sampled(visit.sul, spec.plane, spec.pet.outside)
        return colour(values, spec.pet.window, spec.pet.palette)

    def _mip(self, visit: VisitScene, spec: PictureSpec) -> Rgba:
        assert visit.mip is not None and spec.mip_frame is not None and spec.pet is not None
        key = (id(visit.mip), spec.mip_frame, spec.plane)
        kept = self._mip_values.get(spec.visit)
        if kept is None or kept[0] != key:
            kept = key, visit.mip.sample(spec.mip_frame, spec.plane, spec.pet.outside)
            self._mip_values[spec.visit] = kept
        values = kept[1]
        return colour(values, spec.pet.window, spec.pet.palette)

    def _sampled(self, volume: Volume, plane: SlicePlane, outside: float) -> Values:
        key = (id(volume), plane)  # the images keep their volumes alive as long as this cache
        values = self._values.get(key)
        if values is None:
            near = self._sagittal.near(volume, plane)
            values = sample_plane(near, plane, outside=outside)
            self._values[key] = values
            if len(self._values) > _PLANES_KEPT:
                self._values.popitem(last=False)
        else:
            self._values.move_to_end(key)
        return values
