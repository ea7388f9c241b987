"""One time point from its folder: the PET in SUL, its CT, and everything odd about them."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import numpy as np

from app.dicom.scan import scan_folder
from app.dicom.scanned import ScannedSeries
from app.dicom.volume_reader import read_volume
from app.domain.findings import Finding
from app.domain.quantification import Quantification
from app.services.choose_series import (
    check_one_patient,
    matching_ct,
    quantitative_pet,
)
from app.services.progress import SILENT, Progress
from app.wording import reader_error
from segmentation.sampling.orientation import canonical
from segmentation.volume import Unit, Volume


@dataclass(frozen=True, eq=False)
class Visit:
    """A loaded time point; volumes are canonical (z superior, y posterior, x left)."""

    folder: Path
    scanned_at: datetime
    pet: ScannedSeries
    quantification: Quantification
    sul: Volume
    ct_series: ScannedSeries | None
    ct: Volume | None
    findings: tuple[Finding, ...]

    @cached_property
    def content_key(self) -> str:
        """SHA-256 over every voxel and the quantification they were scaled with (spec 0.3 N6)."""
        digest = hashlib.sha256(self.quantification.content_key.encode())
        digest.update(self.sul.values.data)
        if self.ct is not None:
            digest.update(self.ct.values.data)
        return digest.hexdigest()

    @property
    def day(self) -> date:
        """The day of the scan."""
        return self.scanned_at.date()


@dataclass(frozen=True, slots=True)
class VisitSource:
    """Where a visit lies: a folder, and the PET series where a reader chose one."""

    folder: Path
    pet_series_uid: str | None = None


def load_visit(source: VisitSource, progress: Progress = SILENT) -> Visit:
    """The visit of a source.

    Raises ReaderError where the folder holds no PET that PERCIST can be read on, several, or
    series of more than one patient; the message names the tag that stands in the way.
    """
    progress.step("scan_folder")
    scan = scan_folder(source.folder, checkpoint=progress.checkpoint)
    check_one_patient(scan.series)
    chosen = quantitative_pet(scan.series, source.pet_series_uid)
    pet, recipe = chosen.series, chosen.quantification
    if recipe.percist_refusal is not None:
        raise reader_error("NOT_FOR_PERCIST", tag=recipe.percist_refusal.tag)
    scanned_at = recipe.first_emission_time or pet.identity.series_datetime
    if scanned_at is None:
        raise reader_error("SCAN_DATE_MISSING", tag="(0008,0021)")
    progress.step("read_pet")
    sul = sul_volume(pet, recipe, progress)
    ct_series = matching_ct(scan.series, pet)
    ct = None
    if ct_series is not None:
        progress.step("read_ct")
        ct = canonical_volume(read_volume(ct_series, lambda *_: progress.checkpoint()))
    findings = (*scan.findings, *pet.findings, *recipe.findings)
    if ct_series is not None:
        findings = (*findings, *ct_series.findings)
    return Visit(
        source.folder, scanned_at, pet, recipe, sul, ct_series, ct, tuple(dict.fromkeys(findings))
    )


def sul_volume(pet: ScannedSeries, recipe: Quantification, progress: Progress = SILENT) -> Volume:
    """The PET in SUL by the study's formula [g/mL], canonical."""
    volume = read_volume(pet, lambda *_: progress.checkpoint())
    factors = recipe.factors_of(recipe.reported_sul_quantity(), volume.values.shape[0])
    if factors is None:
        raise reader_error("PET_REFUSED", reasons=pet.identity.description)
    return canonical_volume(volume.scaled(np.asarray(factors), Unit.SUL_G_PER_ML))


def canonical_volume(volume: Volume) -> Volume:
    """The volume in canonical order. Raises ReaderError NOT_AXIAL."""
    try:
        return canonical(volume)
    except ValueError as fault:
        raise reader_error("NOT_AXIAL") from fault
