"""Times the picture path: turning MIP and the axial step (CT, PET and fusion, three planes)."""

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from app.imaging.frames import (
    CT_SOFT_TISSUE,
    PET_INVERTED,
    FusionStyle,
    fusion_picture,
    slice_picture,
)
from segmentation.geometry import Geometry
from segmentation.sampling.projection import project_maximum, turn
from segmentation.sampling.reslice import Orientation, plane_around
from segmentation.volume import Unit, Volume

VIEW_MM, PIXEL_MM = (500.0, 500.0), 500.0 / 640


def phantom() -> tuple[Volume, Volume]:
    """A CT of 512x512x370 and a PET of 200x200x370 with noise in an elliptic body."""
    rng = np.random.default_rng(0)
    y, x = np.ogrid[-1:1:200j, -1:1:200j]
    body = np.where((x / 0.6) ** 2 + (y / 0.4) ** 2 < 1, 1.0, 0.03) * (x**2 + y**2 < 1)
    pet = (rng.gamma(2.0, 0.5, (370, 200, 200)) * body).astype(np.float32)
    ct = rng.integers(-1000, 1500, (370, 512, 512), dtype=np.int16)
    pet_grid = Geometry.even(pet.shape, (3.0, 3.6, 3.6), (-358.2, -358.2, 0.0))
    ct_grid = Geometry.even(ct.shape, (3.0, 0.98, 0.98), (-250.0, -250.0, 0.0))
    return Volume(ct, ct_grid, Unit.HOUNSFIELD), Volume(pet, pet_grid, Unit.SUL_G_PER_ML)


def milliseconds(work: Callable[[], object], times: int) -> float:
    """The median time of one run."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return float(np.median(taken)) * 1e3


def main() -> None:
    """Print the times."""
    ct, pet = phantom()
    for threads in (1, 2):
        exact = milliseconds(partial(project_maximum, pet, turn(), threads=threads), 1)
        print(f"72 MIP frames, {threads} thread(s): {exact:.0f} ms")
    floored = milliseconds(partial(project_maximum, pet, turn(), floor=0.25), 1)
    print(f"72 MIP frames, air left out, 2 threads: {floored:.0f} ms")
    total = 0.0
    for orientation in Orientation:
        plane = plane_around(orientation, (3.3, -7.7, 551.2), VIEW_MM, PIXEL_MM)
        parts = (
            milliseconds(partial(slice_picture, ct, plane, CT_SOFT_TISSUE), 15),
            milliseconds(partial(slice_picture, pet, plane, PET_INVERTED), 15),
            milliseconds(partial(fusion_picture, ct, pet, plane, FusionStyle()), 15),
        )
        total += sum(parts)
        print(f"{orientation}: CT {parts[0]:.1f}, PET {parts[1]:.1f}, fusion {parts[2]:.1f} ms")
    print(f"CT, PET and fusion on three planes of 640 x 640: {total:.1f} ms")


if __name__ == "__main__":
    main()
