"""The part a series plays, from SOP class and header facts, never from its description."""

from collections.abc import Sequence

from pydicom.dataset import Dataset

from app.dicom.header_values import integer, text, texts
from app.dicom.pet_header import read_pet_header
from app.domain.findings import Finding
from app.domain.pet_header import PetHeader
from app.domain.series import SeriesRole
from app.quantification.attenuation import check_attenuation
from segmentation.volume import Unit

_STORAGE = "1.2.840.10008.5.1.4.1.1."
CT_CLASSES = (f"{_STORAGE}2", f"{_STORAGE}2.1", f"{_STORAGE}2.2")
PET_CLASSES = (f"{_STORAGE}128", f"{_STORAGE}128.1", f"{_STORAGE}130")
ROLE_OF_CLASS = {
    **dict.fromkeys(CT_CLASSES, SeriesRole.CT),
    **dict.fromkeys(PET_CLASSES, SeriesRole.PET_NAC),
    f"{_STORAGE}20": SeriesRole.NM,
    f"{_STORAGE}66.4": SeriesRole.SEG,
    f"{_STORAGE}66.7": SeriesRole.SEG,
    f"{_STORAGE}67": SeriesRole.RWVM,
    f"{_STORAGE}481.3": SeriesRole.RTSTRUCT,
}
SECONDARY_CAPTURE = f"{_STORAGE}7"
STRUCTURED_REPORT = f"{_STORAGE}88."
KEY_OBJECT = f"{_STORAGE}88.59"
# Words of an Image Type that mean a picture made from slices, not slices.
PROJECTIONS = ("MIP", "MINIP", "MAX_IP", "MIN_IP", "PROJECTION IMAGE", "CSA MIP", "REPROJECTION")
SCREENS = ("SCREEN SAVE", "SCREEN", "SCREENSAVE")
GREYSCALE = ("MONOCHROME1", "MONOCHROME2", "")
VOLUME_ROLES = (SeriesRole.CT, SeriesRole.PET_AC, SeriesRole.PET_NAC, SeriesRole.OTHER)


def instance_role(dataset: Dataset) -> SeriesRole:
    """The role one object can play; a PET is pet_nac until its whole series says otherwise.

    An object without a SOP class (ACR-NEMA) goes by its modality.
    """
    sop_class = text(dataset, "SOPClassUID")
    if sop_class == SECONDARY_CAPTURE or sop_class.startswith(f"{SECONDARY_CAPTURE}."):
        return SeriesRole.SECONDARY_CAPTURE
    if sop_class.startswith(STRUCTURED_REPORT) and sop_class != KEY_OBJECT:
        return SeriesRole.SR
    role = ROLE_OF_CLASS.get(sop_class, SeriesRole.OTHER)
    if not sop_class and text(dataset, "Modality") == "CT":
        role = SeriesRole.CT
    if role not in (SeriesRole.CT, SeriesRole.PET_NAC):
        return role
    kinds = (*texts(dataset, "ImageType"), *texts(dataset, "SeriesType"))
    if "LOCALIZER" in kinds:
        return SeriesRole.LOCALIZER
    if any(kind in SCREENS for kind in kinds):
        return SeriesRole.SECONDARY_CAPTURE
    if any(kind in PROJECTIONS for kind in kinds) or not is_greyscale(dataset):
        return SeriesRole.OTHER
    return role


def is_greyscale(dataset: Dataset) -> bool:
    """Whether a pixel is one value, not a colour or an index into a palette."""
    one_sample = (integer(dataset, "SamplesPerPixel") or 1) == 1
    return one_sample and text(dataset, "PhotometricInterpretation") in GREYSCALE


def pet_role(
    datasets: Sequence[Dataset],
) -> tuple[SeriesRole, PetHeader, tuple[Finding, ...]]:
    """The role of a PET series with its header record: the quantitative PET or not (spec 1.2)."""
    header = read_pet_header(datasets)
    check = check_attenuation(header)
    role = SeriesRole.PET_AC if check.quantitative else SeriesRole.PET_NAC
    return role, header, check.findings


def pet_unit(header: PetHeader) -> Unit:
    """What the rescaled voxels of a PET mean (spec 1.3): SUV other than body weight is unknown."""
    if header.units == "BQML":
        return Unit.BQ_PER_ML
    if header.units == "GML" and header.suv_type in ("", "BW"):
        return Unit.SUVBW_G_PER_ML
    return Unit.COUNTS if header.units in ("CNTS", "PROPCNTS") else Unit.UNKNOWN
