"""Picture descriptions turned into RGBA; values of a plane are sampled once and then reused."""

from collections import OrderedDict

import numpy as np
import numpy.typing as npt

from app.imaging.frames import fuse
from app.imaging.palette import Rgba, colour
from segmentation.sampling.reslice import SlicePlane, sample_plane
from segmentation.volume import Volume
from viewers.scene.hanging import Content
from viewers.scene.images import SceneImages, VisitScene
from viewers.scene.resolve import PictureSpec

_PLANES_KEPT = 20  # two visits with CT and PET on three planes, and some to come back to


class Pictures:
    """Renders picture descriptions of one set of images.

    CT, PET and fusion of one plane share its values, and a new window only colours them anew.
    """

    def __init__(self, images: SceneImages) -> None:
        self._images = images
        self._values: OrderedDict[tuple[int, SlicePlane], npt.NDArray[np.float32]] = OrderedDict()

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
        values = visit.mip.sample(spec.mip_frame, spec.plane, spec.pet.outside)
        return colour(values, spec.pet.window, spec.pet.palette)

    def _sampled(
        self, volume: Volume, plane: SlicePlane, outside: float
    ) -> npt.NDArray[np.float32]:
        key = (id(volume), plane)  # the images keep their volumes alive as long as this cache
        values = self._values.get(key)
        if values is None:
            values = sample_plane(volume, plane, outside=outside)
            self._values[key] = values
            if len(self._values) > _PLANES_KEPT:
                self._values.popitem(last=False)
        else:
            self._values.move_to_end(key)
        return values
