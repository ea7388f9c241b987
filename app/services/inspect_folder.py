"""What a folder holds and what it allows: the intake sheet."""

from dataclasses import dataclass
from pathlib import Path

from app.dicom.scan import scan_folder
from app.dicom.scanned import ScannedSeries
from app.domain.findings import Finding
from app.domain.quantification import Quantification
from app.services.choose_series import quantified
from app.services.progress import SILENT, Progress


@dataclass(frozen=True, slots=True)
class InspectedSeries:
    """A series with its SUV recipe (None where it is no PET) and all its findings."""

    series: ScannedSeries
    quantification: Quantification | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class IntakeSheet:
    """All series of a folder, and findings about files that belong to none."""

    series: tuple[InspectedSeries, ...]
    findings: tuple[Finding, ...]


def inspect_folder(folder: Path, progress: Progress = SILENT) -> IntakeSheet:
    """The intake sheet of a folder. Raises ReaderError where it holds no DICOM."""
    scan = scan_folder(folder, checkpoint=progress.checkpoint)
    return IntakeSheet(tuple(_inspected(item) for item in scan.series), scan.findings)


def _inspected(series: ScannedSeries) -> InspectedSeries:
    pet = quantified(series)
    if pet is None:
        return InspectedSeries(series, None, series.findings)
    findings = dict.fromkeys((*series.findings, *pet.quantification.findings))
    return InspectedSeries(series, pet.quantification, tuple(findings))
