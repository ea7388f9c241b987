"""MD Anderson bone criteria (Hamaoka; spec 4.4): a secondary read, RECIST decides.

The numeric limits of "measurable change" are not computed (spec 9, question 11): a reader says
what is seen, the table gives the category. CDISC: HAMAOKA BREAST CANCER 2010, C126011.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.domain.bone import BoneCategory
from app.domain.response import Reason, reason


class MdaCategory(StrEnum):
    """Categories of the MDA criteria."""

    CR = "CR"
    PR = "PR"
    SD = "SD"
    PD = "PD"
    NE = "NE"


class MdaFinding(StrEnum):
    """What a reader sees, one per row and modality of the table."""

    COMPLETE_FILL_IN = "complete_fill_in"
    UPTAKE_GONE = "uptake_gone"
    SIGNAL_GONE = "signal_gone"
    DENSITY_NORMAL = "density_normal"
    SCLEROTIC_RIM = "sclerotic_rim"
    PARTIAL_FILL_IN = "partial_fill_in"
    SCLEROSIS_OF_UNSEEN_LESION = "sclerosis_of_unseen_lesion"
    MEASURABLE_REGRESSION = "measurable_regression"
    UPTAKE_LESS = "uptake_less"
    BLASTIC_DECREASE = "blastic_decrease"
    NO_CHANGE = "no_change"
    MEASURABLE_INCREASE = "measurable_increase"
    NEW_LESION_ON_CT_OR_MRI = "new_lesion_on_ct_or_mri"
    NEW_LESION_ON_SCAN = "new_lesion_on_scan"
    UPTAKE_MORE = "uptake_more"
    BLASTIC_OR_LYTIC_INCREASE = "blastic_or_lytic_increase"


_ROWS: tuple[tuple[MdaCategory, tuple[MdaFinding, ...]], ...] = (
    (
        MdaCategory.CR,
        (
            MdaFinding.COMPLETE_FILL_IN,
            MdaFinding.UPTAKE_GONE,
            MdaFinding.SIGNAL_GONE,
            MdaFinding.DENSITY_NORMAL,
        ),
    ),
    (
        MdaCategory.PR,
        (
            MdaFinding.SCLEROTIC_RIM,
            MdaFinding.PARTIAL_FILL_IN,
            MdaFinding.SCLEROSIS_OF_UNSEEN_LESION,
            MdaFinding.MEASURABLE_REGRESSION,
            MdaFinding.UPTAKE_LESS,
            MdaFinding.BLASTIC_DECREASE,
        ),
    ),
    (MdaCategory.SD, (MdaFinding.NO_CHANGE,)),
    (
        MdaCategory.PD,
        (
            MdaFinding.MEASURABLE_INCREASE,
            MdaFinding.NEW_LESION_ON_CT_OR_MRI,
            MdaFinding.NEW_LESION_ON_SCAN,
            MdaFinding.UPTAKE_MORE,
            MdaFinding.BLASTIC_OR_LYTIC_INCREASE,
        ),
    ),
)
TABLE: Mapping[MdaFinding, MdaCategory] = MappingProxyType(
    {finding: category for category, findings in _ROWS for finding in findings}
)
# Counted only once a flare is excluded.
SCINTIGRAPHIC_RISE = frozenset({MdaFinding.NEW_LESION_ON_SCAN, MdaFinding.UPTAKE_MORE})


@dataclass(frozen=True, slots=True)
class MdaResponse:
    """The secondary category and how it was reached."""

    category: MdaCategory
    reasons: tuple[Reason, ...]
    flags: tuple[str, ...] = ()


def mda_response(findings: Collection[MdaFinding], bone: BoneCategory, flare: bool) -> MdaResponse:
    """The MDA category of a visit from what was seen in all lesions; NE where nothing was read.

    One progression is PD; CR needs every finding to be of its row; any response otherwise is PR.
    While a flare is suspected (`flare`), more uptake and new foci on the scan count as no change.
    `bone` is the primary component; a different verdict is flagged, never carried over.
    """
    if not findings:
        return MdaResponse(MdaCategory.NE, (reason("BON-4.4", "MDA_NOTHING_READ"),))
    excluded = sorted(set(findings) & SCINTIGRAPHIC_RISE) if flare else []
    rows = {MdaCategory.SD if item in excluded else TABLE[item] for item in findings}
    trace = []
    if excluded:
        trace.append(reason("BON-4.4", "MDA_FLARE_NOT_EXCLUDED", findings=", ".join(excluded)))
    if MdaCategory.PD in rows:
        category = MdaCategory.PD
    elif rows == {MdaCategory.CR}:
        category = MdaCategory.CR
    elif rows == {MdaCategory.SD}:
        category = MdaCategory.SD
    else:
        category = MdaCategory.PR
    seen = ", ".join(sorted(set(findings)))
    trace.append(reason("BON-4.4", "MDA_CATEGORY", findings=seen, category=category.value))
    differs = (category is MdaCategory.PD) != (bone is BoneCategory.PD)
    return MdaResponse(category, tuple(trace), ("MDA_DIFFERS_ON_PROGRESSION",) if differs else ())
