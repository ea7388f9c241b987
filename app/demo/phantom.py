"""The demo patient as frozen records: structures, lesions, visits, scanner, from one TOML file."""

import itertools
import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from app.demo.shapes import Capsule, Disc, Ellipsoid, Loft, Point, Shape

PHANTOM_FILE = Path(__file__).parent.parent.parent / "resources" / "demo" / "phantom.toml"

RIB_SEGMENTS = 14
RIB_START_DEG = 12.0


@dataclass(frozen=True, slots=True)
class Structure:
    """A named body in the phantom's frame; `suv` (SUVbw) or `hu` None: not seen there."""

    name: str
    parts: tuple[Shape, ...]
    suv: float | None
    hu: float | None
    on_couch: bool = False


@dataclass(frozen=True, slots=True)
class Lesion:
    """An ellipsoid lesion at one visit, in the phantom's frame."""

    name: str
    body: Ellipsoid
    suv: float
    hu: float


@dataclass(frozen=True, slots=True)
class Visit:
    """One examination: what was given, how the patient lay, what was there."""

    name: str
    description: str
    injection: datetime
    uptake_s: int
    dose_bq: float
    weight_kg: float
    shift_mm: Point
    lowest_slice_mm: float
    noise_seed: int
    structures: tuple[Structure, ...]
    lesions: tuple[Lesion, ...]


@dataclass(frozen=True, slots=True)
class Scanner:
    """Matrices, timing, blur and noise of both modalities."""

    pet_matrix: int
    pet_pixel_mm: float
    ct_matrix: int
    ct_pixel_mm: float
    slices: int
    slice_step_mm: float
    beds: int
    bed_duration_s: float
    bed_step_s: float
    psf_fwhm_mm: float
    noise_cv_at_liver: float
    noise_reference_suv: float
    ct_blur_fwhm_mm: float
    ct_noise_hu: float
    half_life_s: float


@dataclass(frozen=True, slots=True)
class Phantom:
    """The demo patient with all visits, earliest first."""

    patient_name: str
    patient_id: str
    birth_date: date
    size_m: float
    scanner: Scanner
    visits: tuple[Visit, ...]


@cache
def demo_phantom() -> Phantom:
    """The phantom of `resources/demo/phantom.toml`."""
    table = tomllib.loads(PHANTOM_FILE.read_text(encoding="utf-8"))
    patient = table["patient"]
    structures = tuple(_structure(row, table["profile"]) for row in table["structure"])
    visits = [_visit(name, row, structures, table) for name, row in table["visit"].items()]
    return Phantom(
        patient_name=patient["name"],
        patient_id=patient["id"],
        birth_date=patient["birth_date"],
        size_m=patient["size_m"],
        scanner=Scanner(**table["scanner"]),
        visits=tuple(sorted(visits, key=lambda v: v.injection)),
    )


def _visit(
    name: str, row: Mapping[str, Any], structures: Sequence[Structure], table: Mapping[str, Any]
) -> Visit:
    factors = row.get("suv_factor", {})
    unknown = set(factors) - {s.name for s in structures}
    if unknown:
        raise ValueError(f"no such structure: {sorted(unknown)}")
    return Visit(
        name=name,
        description=row["description"],
        injection=row["injection"],
        uptake_s=row["uptake_s"],
        dose_bq=row["dose_mbq"] * 1e6,
        weight_kg=row["weight_kg"],
        shift_mm=_xyz(row["shift_mm"]),
        lowest_slice_mm=row["lowest_slice_mm"],
        noise_seed=row["noise_seed"],
        structures=tuple(
            s if s.suv is None else replace(s, suv=s.suv * factors.get(s.name, 1.0))
            for s in structures
        ),
        lesions=tuple(
            Lesion(
                lesion["id"],
                Ellipsoid(
                    _xyz(lesion["center"]),
                    _xyz(lesion[name]["half"]),
                    _xyz(lesion[name].get("turn_deg", (0, 0, 0))),
                ),
                lesion[name]["suv"],
                lesion[name]["hu"],
            )
            for lesion in table["lesion"]
            if name in lesion
        ),
    )


def _structure(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> Structure:
    parts = _PARTS[row["shape"]](row, profiles)
    if row.get("mirror"):
        parts += tuple(_mirrored(p) for p in parts)
    return Structure(
        row["name"], parts, row.get("suv"), row.get("hu"), bool(row.get("on_couch", False))
    )


def _ellipsoid(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    turn = _xyz(row.get("turn_deg", (0, 0, 0)))
    return (Ellipsoid(_xyz(row["center"]), _xyz(row["half"]), turn),)


def _tube(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    return _chain([_xyz(p) for p in row["points"]], row["radii"])


def _chain(points: Sequence[Point], radii: Sequence[float]) -> tuple[Shape, ...]:
    joints = list(zip(points, radii, strict=True))
    return tuple(
        Capsule(a, b, (float(ra), float(rb))) for (a, ra), (b, rb) in itertools.pairwise(joints)
    )


def _loft(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> tuple[Shape, ...]:
    profile, inset = profiles[row["profile"]], row.get("inset_mm", 0.0)
    center_x = profile.get("x", [0.0] * len(profile["z"]))
    nodes = tuple(
        (float(z), float(x), float(y), float(hx - inset), float(hy - inset))
        for z, x, y, hx, hy in zip(
            profile["z"], center_x, profile["y"], profile["half_x"], profile["half_y"], strict=True
        )
    )
    return (Loft(nodes, float(profile.get("exponent", 2.0))),)


def _stack(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Discs at the given levels along a polyline (intervertebral discs)."""
    along = np.asarray(row["along"], dtype=float)
    x, y, r = (
        np.interp(row["levels"], along[:, 2], column)
        for column in (along[:, 0], along[:, 1], np.asarray(row["radii"], dtype=float))
    )
    half = float(row["half_height_mm"])
    return tuple(
        Disc((float(a), float(b), float(z)), float(c), half)
        for a, b, c, z in zip(x, y, r, row["levels"], strict=True)
    )


def _ribs(row: Mapping[str, Any], _: Mapping[str, Any]) -> tuple[Shape, ...]:
    """Both ribs of each level: arcs of an ellipse around the chest, sinking to the front."""
    parts: tuple[Shape, ...] = ()
    columns = (row[k] for k in ("levels", "half_x", "half_y", "y", "drop_mm", "end_deg"))
    for z, rx, ry, cy, drop, end in zip(*columns, strict=True):
        angles = np.linspace(math.radians(RIB_START_DEG), math.radians(end), RIB_SEGMENTS + 1)
        points = [
            (rx * math.sin(t), cy + ry * math.cos(t), z - drop * (1 - math.cos(t)) / 2)
            for t in angles
        ]
        arc = _chain(points, [row["radius_mm"]] * len(points))
        parts += arc + tuple(_mirrored(p) for p in arc)
    return parts


_PARTS = {"ellipsoid": _ellipsoid, "tube": _tube, "loft": _loft, "stack": _stack, "ribs": _ribs}


def _mirrored(part: Shape) -> Shape:
    """The same body on the other side of the midline."""
    if isinstance(part, Ellipsoid):
        x, y, z = part.center
        about_x, about_y, about_z = part.turn_deg
        return Ellipsoid((-x, y, z), part.half_mm, (about_x, -about_y, -about_z))
    if isinstance(part, Capsule):
        (ax, ay, az), (bx, by, bz) = part.start, part.stop
        return Capsule((-ax, ay, az), (-bx, by, bz), part.radius_mm)
    if isinstance(part, Loft):
        return Loft(tuple((z, -x, y, hx, hy) for z, x, y, hx, hy in part.nodes), part.exponent)
    raise TypeError(f"{type(part).__name__} has no mirror image")


def _xyz(values: Sequence[float]) -> Point:
    x, y, z = values
    return float(x), float(y), float(z)
