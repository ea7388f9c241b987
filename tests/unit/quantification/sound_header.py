"""A sound FDG PET header to bend: two beds, 18F, 300 MBq, 70 kg woman, injection at 10:00."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.pet_header import (
    CodedEntry,
    PetHeader,
    PetSlice,
    RadiopharmaceuticalItem,
    ReconstructionFacts,
    TimeOfDay,
    Timestamp,
)
from app.quantification.decay import average_count_rate_time_s

SERIES = datetime(2026, 3, 1, 11, 0, 0)
INJECTION = datetime(2026, 3, 1, 10, 0, 0)
HALF_LIFE_S = 6586.2
F18 = CodedEntry("77004003", "SCT", "^18^Fluorine")
FDG = CodedEntry("35321007", "SCT", "Fluorodeoxyglucose F^18^")
BED_S = 180.0


def stamp(moment: datetime, offset: int | None = None) -> Timestamp:
    return Timestamp(moment, offset, moment.strftime("%Y%m%d%H%M%S"))


def time_of_day(text: str) -> TimeOfDay:
    hours, minutes, seconds = int(text[:2]), int(text[2:4]), int(text[4:6])
    return TimeOfDay(timedelta(hours=hours, minutes=minutes, seconds=seconds), text)


def bed(start_s: float, series: datetime = SERIES, **changes) -> PetSlice:
    """A slice of a bed that starts so many seconds after the series, as non-GE scanners write."""
    t_ave = average_count_rate_time_s(BED_S, HALF_LIFE_S)
    one = PetSlice(
        acquisition=stamp(series + timedelta(seconds=start_s)),
        frame_reference_time_ms=1000.0 * (start_s + t_ave),
        actual_frame_duration_ms=1000.0 * BED_S,
        decay_factor=2.0 ** ((start_s + t_ave) / HALF_LIFE_S),
        slope=1.5,
        intercept=0.0,
        series=stamp(series),
    )
    return replace(one, **changes)


ITEM = RadiopharmaceuticalItem(
    text="FDG",
    start_datetime=stamp(INJECTION),
    start_time=time_of_day("100000"),
    total_dose=300e6,
    half_life=HALF_LIFE_S,
    nuclide_codes=(F18,),
    tracer_codes=(FDG,),
)

SOUND = PetHeader(
    sop_class_uid="1.2.840.10008.5.1.4.1.1.128",
    modality="PT",
    manufacturer="SIEMENS",
    model="Biograph",
    units="BQML",
    corrected_image=("NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN"),
    decay_correction="START",
    series_type=("WHOLE BODY", "IMAGE"),
    image_type=("ORIGINAL", "PRIMARY"),
    series=stamp(SERIES),
    weight=70.0,
    size=1.65,
    sex="F",
    radiopharmaceuticals=(ITEM,),
    slices=(bed(0.0), bed(0.0), bed(190.0), bed(190.0)),
    reconstruction=ReconstructionFacts(attenuation_method="measured,CT"),
)


def header(**changes) -> PetHeader:
    """The sound header with some of its values changed."""
    return replace(SOUND, **changes)


def with_item(**changes) -> PetHeader:
    """The sound header with some values of its radiopharmaceutical item changed."""
    return replace(SOUND, radiopharmaceuticals=(replace(ITEM, **changes),))


def with_slices(**changes) -> PetHeader:
    """The sound header with the same change on every slice."""
    return replace(SOUND, slices=tuple(replace(one, **changes) for one in SOUND.slices))
