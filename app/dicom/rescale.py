"""From stored pixel values to HU or activity: the rescale and padding rules of a header."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from app.dicom.header_values import integer, items, number, text
from app.dicom.slices import frame_values

# A padding value is outside the reconstructed field. It becomes this in the volume (CT: HU of
# air at the lower end of 12-bit scanners), so that neither windows nor statistics see -2000.
CT_PADDING_HU = -1024.0
# Values this low are padding whatever the header says: rescaled exports leave the Pixel Padding
# Value of the original behind (acrin042: -2000 stated, -3024 stored).
CT_IMPOSSIBLE_HU = -1500.0
# A padding value between these is a value tissue can have: left alone, and said so.
CT_TISSUE_HU = (-1000.0, 3100.0)
HOUNSFIELD_TYPES = ("", "HU")


@dataclass(frozen=True, slots=True)
class Rescale:
    """value = slope * stored + intercept; `kind` is Rescale Type (0028,1054), "" where absent."""

    slope: float
    intercept: float
    kind: str


def rescale_of(dataset: Dataset, frame: int | None) -> Rescale | None:
    """The rescale of an image, or of one frame of a multi-frame image; None where not stated.

    A frame's real world value mapping (PET: the activity) goes before its rescale.
    """
    groups: list[Dataset] = [dataset]
    if frame is not None:
        per_frame = items(dataset, "PerFrameFunctionalGroupsSequence")
        own = [per_frame[frame]] if frame < len(per_frame) else []
        groups = [*own, *items(dataset, "SharedFunctionalGroupsSequence"), dataset]
    if text(dataset, "Modality") == "PT" and frame is not None:
        for source in frame_values(groups, "RealWorldValueMappingSequence")[:-1]:
            slope = number(source, "RealWorldValueSlope")
            intercept = number(source, "RealWorldValueIntercept")
            if slope is not None:
                return Rescale(slope, intercept or 0.0, "")
    for source in frame_values(groups, "PixelValueTransformationSequence"):
        slope, intercept = number(source, "RescaleSlope"), number(source, "RescaleIntercept")
        if slope is not None:
            return Rescale(slope, intercept or 0.0, text(source, "RescaleType").upper())
    return None


def padding_range(dataset: Dataset) -> tuple[int, int] | None:
    """Lowest and highest stored value that mean "outside the field" (0028,0120/0121), or None."""
    first = integer(dataset, "PixelPaddingValue")
    if first is None:
        return None
    last = integer(dataset, "PixelPaddingRangeLimit")
    return (first, first) if last is None else (min(first, last), max(first, last))


def padding_is_replaced(dataset: Dataset, rescale: Rescale, is_pet: bool) -> bool:
    """Whether the padding value can be told from tissue, so that it may be replaced."""
    padding = padding_range(dataset)
    if padding is None:
        return False
    ends = [rescale.slope * stored + rescale.intercept for stored in padding]
    if is_pet:
        return max(ends) < 0
    return max(ends) <= CT_TISSUE_HU[0] or min(ends) >= CT_TISSUE_HU[1]
