"""Which series of a folder is the examination: the quantitative PET and the CT that fits it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.dicom.scanned import ScannedSeries
from app.domain.quantification import Quantification
from app.domain.series import SeriesRole
from app.errors import ReaderError
from app.quantification.quantify import quantify
from app.wording import reader_error, refusal_text


@dataclass(frozen=True, slots=True)
class QuantifiedSeries:
    """A PET series with its SUV recipe."""

    series: ScannedSeries
    quantification: Quantification


def quantified(series: ScannedSeries) -> QuantifiedSeries | None:
    """The series with its SUV recipe, or None where it is no PET."""
    if series.pet_header is None:
        return None
    return QuantifiedSeries(series, quantify(series.pet_header))


def check_one_patient(series: Sequence[ScannedSeries]) -> None:
    """Raises ReaderError OTHER_PATIENT where series belong to different patients.

    Compared are Patient ID and, where both state it, birth date; the message names neither.
    """
    identities = [item.identity for item in series]
    ids = {item.patient_id for item in identities}
    births = {item.patient_birth_date for item in identities if item.patient_birth_date}
    if len(ids) > 1 or len(births) > 1:
        tag = "(0010,0020)" if len(ids) > 1 else "(0010,0030)"
        raise reader_error("OTHER_PATIENT", tag=tag, patients=max(len(ids), len(births)))


def quantitative_pet(
    series: Sequence[ScannedSeries], named_uid: str | None = None
) -> QuantifiedSeries:
    """The one series that PERCIST can be read on; `named_uid` where a reader chose it.

    Raises ReaderError: NO_PET, PET_REFUSED (with the reason and tag of each PET found) or
    SEVERAL_PETS (listing them).
    """
    candidates = [s for s in series if named_uid in (None, s.identity.series_uid)]
    pets = [item for item in map(quantified, candidates) if item is not None]
    volumes = [item for item in pets if item.series.geometry is not None]
    usable = [
        item
        for item in volumes
        if item.series.role is SeriesRole.PET_AC
        and item.quantification.refusal_of(item.quantification.reported_sul_quantity()) is None
    ]
    if len(usable) > 1:
        raise several([item.series for item in usable], "SEVERAL_PETS")
    if usable:
        return usable[0]
    if not pets:
        raise reader_error("NO_PET")
    raise pets_refused(pets)


def pets_refused(pets: Iterable[QuantifiedSeries]) -> ReaderError:
    """The error that says of each PET why it cannot be quantified, with the tag."""
    return reader_error("PET_REFUSED", reasons="; ".join(_why_not(item) for item in pets))


def matching_ct(series: Sequence[ScannedSeries], pet: ScannedSeries) -> ScannedSeries | None:
    """The CT on the PET's frame of reference with the most slices, or None."""
    frame = pet.identity.frame_of_reference_uid
    fitting = [
        item
        for item in series
        if item.role is SeriesRole.CT
        and item.geometry is not None
        and frame
        and item.identity.frame_of_reference_uid == frame
    ]
    return max(
        fitting, key=lambda item: (len(item.instances), item.identity.series_uid), default=None
    )


def several(series: Sequence[ScannedSeries], code: str) -> ReaderError:
    """The error that lists series among which the program will not choose."""
    listed = "; ".join(
        f"{item.identity.series_uid} ({item.identity.description or item.role.value})"
        for item in series
    )
    return reader_error(code, count=len(series), listed=listed)


def _why_not(item: QuantifiedSeries) -> str:
    name = item.series.identity.description or item.series.identity.series_uid
    quantity = item.quantification.reported_sul_quantity()
    return f"{name}: {refusal_text(item.quantification.refusal_of(quantity))}"
