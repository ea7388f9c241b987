"""A whole-body study of the size the program is built for, as the viewports take it."""

import numpy as np

from segmentation.geometry import Geometry
from segmentation.sampling.projection import MipFrames, project_maximum, turn
from segmentation.volume import Unit, Volume
from viewers.scene.images import SceneImages, VisitScene

CT_SHAPE, PET_SHAPE = (370, 512, 512), (370, 200, 200)


def phantom_volumes(seed: int = 0, thin: int = 1) -> tuple[Volume, Volume]:
    """CT 512x512x370 and PET (SUL) 200x200x370: noise in an elliptic body in air.

    `thin` leaves out slices and voxels, for a quick trial.
    """
    rng = np.random.default_rng(seed)
    ct_shape, pet_shape = _thinned(CT_SHAPE, thin), _thinned(PET_SHAPE, thin)
    ct_mm, pet_mm = (3.0 * thin, 0.98 * thin, 0.98 * thin), (3.0 * thin, 3.6 * thin, 3.6 * thin)
    ct_body, pet_body = _body(ct_shape[1], ct_mm[1]), _body(pet_shape[1], pet_mm[1])
    ct = np.where(ct_body, rng.integers(-150, 300, ct_shape, dtype=np.int16), np.int16(-1000))
    pet = rng.gamma(2.0, 0.5, pet_shape) * np.where(pet_body, 1.0, 0.03)
    ct_grid = Geometry.even(ct_shape, ct_mm, (-250.0, -250.0, 0.0))
    pet_grid = Geometry.even(pet_shape, pet_mm, (-358.2, -358.2, 0.0))
    return (
        Volume(ct.astype(np.int16), ct_grid, Unit.HOUNSFIELD),
        Volume(pet.astype(np.float32), pet_grid, Unit.SUL_G_PER_ML),
    )


def phantom_images(thin: int = 1) -> SceneImages:
    """Two visits of the study, registered; the turning MIPs are still to come."""
    visits = []
    for number in range(2):
        ct, pet = phantom_volumes(number, thin)
        visits.append(
            VisitScene(
                number, f"Visit {number + 1}", pet, ct, 1.35, here_from_baseline=np.eye(4),
                liver_mean=1.5,
            )
        )  # fmt: skip
    return SceneImages(tuple(visits))


def phantom_mip(visit: VisitScene) -> MipFrames:
    """The turning MIP as the window prepares it."""
    return project_maximum(visit.sul, turn(), floor=0.1)


def _thinned(shape: tuple[int, int, int], thin: int) -> tuple[int, int, int]:
    return shape[0] // thin, shape[1] // thin, shape[2] // thin


def _body(pixels: int, mm: float) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    at = (np.arange(pixels) - (pixels - 1) / 2) * mm
    return (at[None, :] / 200.0) ** 2 + (at[:, None] / 130.0) ** 2 < 1
