"""A PET that must not be measured, to be looked at: its stored values and the CT that fits it."""

from dataclasses import dataclass
from pathlib import Path

from app.dicom.scan import scan_folder
from app.dicom.scanned import ScannedSeries
from app.dicom.volume_reader import read_volume
from app.domain.quantification import Quantification, Refusal
from app.services.choose_series import check_one_patient, matching_ct, quantified
from app.services.load_visit import canonical_volume
from app.services.progress import SILENT, Progress
from app.wording import reader_error
from segmentation.sampling.projection import MipFrames, project_maximum, turn
from segmentation.volume import Volume


@dataclass(frozen=True, eq=False)
class Unquantified:
    """Volumes are canonical; `pet` is in its stored unit, whatever that is worth."""

    series: ScannedSeries
    recipe: Quantification
    pet: Volume
    ct_series: ScannedSeries | None
    ct: Volume | None
    mip: MipFrames

    @property
    def refusal(self) -> Refusal | None:
        """What stands in the way of SUV, SUL or PERCIST, the first of them."""
        recipe = self.recipe
        return (
            recipe.suvbw_refusal
            or recipe.refusal_of(recipe.reported_sul_quantity())
            or recipe.percist_refusal
        )


def load_unquantified(folder: Path, series_uid: str, progress: Progress = SILENT) -> Unquantified:
    """A PET of a folder with its CT. Raises ReaderError where it forms no volume."""
    progress.step("scan_folder")
    scan = scan_folder(folder, checkpoint=progress.checkpoint)
    check_one_patient(scan.series)
    named = [item for item in scan.series if item.identity.series_uid == series_uid]
    found = next((item for item in map(quantified, named) if item is not None), None)
    if found is None or found.series.geometry is None:
        raise reader_error("NO_SERIES", uid=series_uid)
    progress.step("read_pet")
    pet = canonical_volume(read_volume(found.series, lambda *_: progress.checkpoint()))
    ct_series, ct = matching_ct(scan.series, found.series), None
    if ct_series is not None:
        progress.step("read_ct")
        ct = canonical_volume(read_volume(ct_series, lambda *_: progress.checkpoint()))
    mip = project_maximum(pet, turn(), checkpoint=progress.checkpoint)
    return Unquantified(found.series, found.quantification, pet, ct_series, ct, mip)
