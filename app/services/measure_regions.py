"""Regions measured on one series: a sphere, everything above a value, or a segmentation file."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from app.dicom.regions import read_regions
from app.dicom.scan import scan_folder
from app.dicom.scanned import ScannedSeries
from app.dicom.volume_reader import read_volume
from app.domain.findings import Finding, Severity, finding
from app.domain.quantification import Quantification, Refusal, SuvQuantity
from app.domain.series import SeriesRole
from app.services.choose_series import pets_refused, quantified, several
from app.wording import reader_error
from segmentation.growing.components import region_between
from segmentation.mask import Mask
from segmentation.metrics.diameter import Diameters, region_diameters
from segmentation.metrics.peak import Peaks, region_peaks
from segmentation.metrics.statistics import RegionStatistics, region_statistics
from segmentation.voi import SphereVoi
from segmentation.volume import Unit, Volume


class MeasureUnit(StrEnum):
    """The unit of a threshold."""

    SUVBW = "suvbw"
    SUL = "sul"
    HU = "hu"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Voxels with above <= value (<= below); inclusive, in `unit` (None: the series' own)."""

    above: float
    below: float | None
    unit: MeasureUnit | None


RegionRequest = SphereVoi | Threshold | Path


@dataclass(frozen=True, eq=False)
class UptakeMeasures:
    """Statistics in one unit; `peaks` are the three SUVpeak methods, None on CT."""

    statistics: RegionStatistics
    peaks: Peaks | None


@dataclass(frozen=True, eq=False)
class MeasuredRegion:
    """One region; a quantity that is refused or does not apply is None."""

    label: str
    voxels: int
    volume_ml: float
    suvbw: UptakeMeasures | None
    sul: UptakeMeasures | None
    hu: UptakeMeasures | None
    tlg_g: float | None
    diameters: Diameters | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Measures:
    """What was measured on which series, and why SUV is refused where it is."""

    series: ScannedSeries
    refusal: Refusal | None
    regions: tuple[MeasuredRegion, ...]


@dataclass(frozen=True, eq=False)
class _Images:
    """One series in every unit it can be told in, on one grid."""

    series: ScannedSeries
    refusal: Refusal | None
    suvbw: Volume | None
    sul: Volume | None
    hu: Volume | None


@dataclass(frozen=True, eq=False)
class _Contour:
    """The image a threshold applies to, and the level of its iso-line (None: there are two)."""

    volume: Volume
    level: float | None


def measure_regions(
    folder: Path, request: RegionRequest, series_uid: str | None, sul_quantity: SuvQuantity
) -> Measures:
    """The measures of the requested regions.

    Without a series UID the quantitative PET is taken, else the CT. Raises ReaderError where
    none or several qualify, the series is no volume, a region is empty or a threshold's unit is
    not to be had.
    """
    series, recipe = _choose(scan_folder(folder).series, series_uid)
    images = _images(series, recipe, sul_quantity)
    contour = _contour(request, images) if isinstance(request, Threshold) else None
    if isinstance(request, Threshold) and contour is None:
        return Measures(series, images.refusal, ())
    return Measures(
        series,
        images.refusal,
        tuple(
            _measured(label, mask, found, images, contour)
            for label, mask, found in _regions(request, images, contour)
        ),
    )


def _choose(
    series: Sequence[ScannedSeries], uid: str | None
) -> tuple[ScannedSeries, Quantification | None]:
    if uid is not None:
        named = [item for item in series if item.identity.series_uid == uid]
        if not named:
            raise reader_error("NO_SERIES", uid=uid)
        chosen = next((item for item in named if item.geometry is not None), None)
        if chosen is None:
            raise reader_error("NOT_A_VOLUME", uid=uid, role=named[0].role.value)
    else:
        volumes = [item for item in series if item.geometry is not None]
        pets = [item for item in volumes if item.role is SeriesRole.PET_AC]
        usable = [
            item
            for item in pets
            if (found := quantified(item)) and found.quantification.suvbw_refusal is None
        ]
        cts = [item for item in volumes if item.role is SeriesRole.CT]
        qualified = usable or pets or cts
        if len(qualified) > 1:
            code = "SEVERAL_CTS" if qualified is cts else "SEVERAL_PETS"
            raise several(qualified, code)
        if not qualified:
            refused = [pet for item in series if (pet := quantified(item))]
            raise pets_refused(refused) if refused else reader_error("NO_MEASURABLE_SERIES")
        chosen = qualified[0]
    pet = quantified(chosen)
    return chosen, None if pet is None else pet.quantification


def _images(
    series: ScannedSeries, recipe: Quantification | None, sul_quantity: SuvQuantity
) -> _Images:
    volume = read_volume(series)
    if recipe is None:
        hu = volume if volume.unit is Unit.HOUNSFIELD else None
        return _Images(series, None, None, None, hu)
    suvbw = _scaled(volume, recipe, SuvQuantity.SUVBW, Unit.SUVBW_G_PER_ML)
    sul = _scaled(volume, recipe, sul_quantity, Unit.SUL_G_PER_ML)
    refusal = recipe.suvbw_refusal or recipe.refusal_of(sul_quantity)
    return _Images(series, refusal, suvbw, sul, None)


def _scaled(
    volume: Volume, recipe: Quantification, quantity: SuvQuantity, unit: Unit
) -> Volume | None:
    factors = recipe.factors_of(quantity, volume.values.shape[0])
    return None if factors is None else volume.scaled(np.asarray(factors), unit)


def _regions(
    request: RegionRequest, images: _Images, contour: _Contour | None
) -> list[tuple[str, Mask, tuple[Finding, ...]]]:
    geometry = images.series.geometry
    assert geometry is not None
    found: list[tuple[str, Mask, tuple[Finding, ...]]]
    if isinstance(request, Path):
        frame = images.series.identity.frame_of_reference_uid
        return [
            (region.label, region.mask, region.findings)
            for region in read_regions(request, geometry, frame)
        ]
    if isinstance(request, SphereVoi):
        mask = request.mask(geometry)
        found = [("sphere", mask, _outside(request, mask))]
    else:
        assert contour is not None
        found = [("above", region_between(contour.volume, request.above, request.below), ())]
    for label, mask, _ in found:
        if mask.voxels == 0:
            raise reader_error("REGION_WITHOUT_VOXELS", label=label)
    return found


def _outside(sphere: SphereVoi, mask: Mask) -> tuple[Finding, ...]:
    """That a sphere leaves the image, with the share of its volume that is lost."""
    geometry = mask.geometry
    center = geometry.zyx_from_lps(sphere.center_lps_mm)
    reach = 0.5 * sphere.diameter_mm / np.asarray(geometry.spacing_zyx_mm)
    if geometry.contains_zyx(np.stack([center - reach, center + reach])).all():
        return ()
    whole_ml = math.pi / 6.0 * (sphere.diameter_mm / 10.0) ** 3
    share = 100.0 * max(0.0, 1.0 - mask.volume_ml / whole_ml)
    return (finding("REGION_OUTSIDE_IMAGE", Severity.WARNING, share_percent=share),)


def _contour(request: Threshold, images: _Images) -> _Contour | None:
    """None where SUV is refused. Raises ReaderError where the series cannot have the unit."""
    own = MeasureUnit.HU if images.hu is not None else MeasureUnit.SUVBW
    unit = request.unit or own
    volume = {
        MeasureUnit.SUVBW: images.suvbw,
        MeasureUnit.SUL: images.sul,
        MeasureUnit.HU: images.hu,
    }[unit]
    if volume is not None:
        return _Contour(volume, request.above if request.below is None else None)
    if images.refusal is not None and unit is not MeasureUnit.HU:
        return None
    raise reader_error("UNIT_NOT_AVAILABLE", unit=unit.value, role=images.series.role.value)


def _measured(
    label: str,
    mask: Mask,
    findings: tuple[Finding, ...],
    images: _Images,
    contour: _Contour | None,
) -> MeasuredRegion:
    crossing = mask.voxels > 0 and images.series.crosses_broken_joint(
        mask.box[0].start, mask.box[0].stop - 1
    )
    if crossing or not images.series.quantifiable:
        # Spec 1.2: a region across a gap or an untrusted step is not quantified.
        gap = finding("REGION_CROSSES_GAP", Severity.ERROR, label=label)
        return MeasuredRegion(
            label, mask.voxels, mask.volume_ml, None, None, None, None, None, (*findings, gap)
        )
    sul = _uptake(images.sul, mask)
    return MeasuredRegion(
        label=label,
        voxels=mask.voxels,
        volume_ml=mask.volume_ml,
        suvbw=_uptake(images.suvbw, mask),
        sul=sul,
        hu=_uptake(images.hu, mask),
        tlg_g=None if sul is None else sul.statistics.lesion_glycolysis_g,
        diameters=_diameters(mask, contour),
        findings=findings,
    )


def _diameters(mask: Mask, contour: _Contour | None) -> Diameters | None:
    """Along the iso-line where one threshold made the region, else along the voxels' outline."""
    if contour is None or contour.level is None:
        return region_diameters(mask)
    return region_diameters(mask, contour.volume, contour.level)


def _uptake(volume: Volume | None, mask: Mask) -> UptakeMeasures | None:
    if volume is None:
        return None
    statistics = region_statistics(volume, mask)
    if statistics is None:
        return None
    peaks = None if volume.unit is Unit.HOUNSFIELD else region_peaks(volume, mask)
    return UptakeMeasures(statistics, peaks)
