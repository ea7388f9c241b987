"""The demo patient as frozen records: structures, lesions, visits, scanner, from one TOML file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app.demo.anatomy import bodies, xyz
from app.demo.shapes import Ellipsoid, Point, Shape

PHANTOM_FILE = Path(__file__).parent.parent.parent / "resources" / "demo" / "phantom.toml"


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
        shift_mm=xyz(row["shift_mm"]),
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
                    xyz(lesion["center"]),
                    xyz(lesion[name]["half"]),
                    xyz(lesion[name].get("turn_deg", (0, 0, 0))),
                ),
                lesion[name]["suv"],
                lesion[name]["hu"],
            )
            for lesion in table["lesion"]
            if name in lesion
        ),
    )


def _structure(row: Mapping[str, Any], profiles: Mapping[str, Any]) -> Structure:
    return Structure(
        row["name"],
        bodies(row, profiles),
        row.get("suv"),
        row.get("hu"),
        bool(row.get("on_couch", False)),
    )
