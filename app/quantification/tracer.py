"""Which nuclide and tracer was given (spec 1.2 last row)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.exact import exact
from app.domain.findings import Finding, Severity, finding
from app.domain.pet_header import CodedEntry, RadiopharmaceuticalItem
from app.domain.quantification import Refusal, refusal

NUCLIDE_TAG = "(0054,0300)"
TRACER_TAG = "(0054,0304)"
F18_HALF_LIFE_RANGE_S = (6500, 6700)  # spec 1.6
F18_HALF_LIFE_RANGE_MIN = (100, 120)  # spec 1.6: stored in minutes

# Other PET nuclides: SNOMED CT codes of CID 4020 and their retired SRT/SNM3 twins.
OTHER_NUCLIDE_SCT = {
    "40565003": "11C",
    "21576001": "13N",
    "129504001": "15O",
    "35337001": "68Ga",
    "3932008": "64Cu",
    "63360001": "89Zr",
    "40937006": "124I",
    "79197006": "82Rb",
}
OTHER_NUCLIDE_SRT = {
    "C-105A1": "11C",
    "C-107A1": "13N",
    "C-B1038": "15O",
    "C-131A3": "68Ga",
    "C-127A2": "64Cu",
    "C-168A4": "89Zr",
    "C-114A5": "124I",
    "C-159A2": "82Rb",
}

# "FDG" as a word of its own (18F-FDG, 18FFDG, FDG18) but not FDGal; deoxyglucose, désoxyglucose.
FDG_TEXT = re.compile(
    r"(?<![A-EG-Z])FDG(?![A-Z])|D[EÉ]S?OXY\W*(?:D\W*)?GLUCOSE|FLUORO\W*D\W*GLUCOSE",
    re.IGNORECASE,
)
NO_TRACER_TEXT = re.compile(
    r"\W*(?:F(?:LUOR(?:INE)?)?\W*18|18\W*F(?:LUOR(?:INE)?)?|UNKNOWN|NONE|N/?A|OTHER)?\W*",
    re.IGNORECASE,
)
FDG_CODES = {"35321007", "C-B1031", "Y-X1743"}  # SCT, its SRT twin, GE's own
OTHER_TRACER_TEXT = re.compile(
    r"(?<![A-Z])(?:FLT|FES|FDHT|FMISO|FAZA|FET|FCH|FDOPA|F-DOPA|NAF|FACBC|DCFPYL|PSMA|FAPI|"
    r"DOTATATE|DOTATOC|DOTANOC|FLORBETA\w+|FLUTEMETAMOL|FLUCICLOVINE|FLUOROESTRADIOL|"
    r"FLUOROTHYMIDINE|FLUOROCHOLINE|CHOLINE|SODIUM FLUORIDE|METHIONINE|AMMONIA|RUBIDIUM)"
    r"(?![A-Z])",
    re.IGNORECASE,
)


class Tracer(StrEnum):
    """What the header says was injected, as far as PERCIST cares."""

    FDG = "FDG"
    OTHER = "other"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True)
class TracerStatement:
    """Nuclide and tracer with the refusals and findings that follow."""

    is_f18: bool
    coded_f18: bool
    coded_other_nuclide: bool
    tracer: Tracer
    percist_refusal: Refusal | None
    suv_refusal: Refusal | None
    findings: tuple[Finding, ...]


def state_tracer(
    item: RadiopharmaceuticalItem | None, protocol_texts: tuple[str, ...] = ()
) -> TracerStatement:
    """The nuclide and tracer of an item; texts outside it can only speak against FDG."""
    item = item or RadiopharmaceuticalItem()
    coded_f18 = any(_is_f18(code) for code in item.nuclide_codes)
    coded_other = not coded_f18 and any(_is_other_nuclide(code) for code in item.nuclide_codes)
    timed_f18 = half_life_is_f18(item.half_life)
    conflict = None
    if coded_other and timed_f18:
        conflict = refusal("RP_NUCLIDE_CONFLICT", NUCLIDE_TAG, half_life_s=item.half_life)
    is_f18 = coded_f18 or (timed_f18 and not coded_other)
    tracer, hint = _tracer(item, protocol_texts)
    findings: list[Finding] = []
    percist: Refusal | None = None
    if coded_other or (item.half_life is not None and not is_f18):
        percist = refusal("PERCIST_NOT_F18", NUCLIDE_TAG)
        tracer = Tracer.OTHER
    elif tracer is Tracer.OTHER:
        percist = refusal("PERCIST_TRACER_NOT_FDG", TRACER_TAG, tracer=hint)
    if percist is not None:
        findings.append(finding(percist.code, Severity.ERROR, **dict(percist.params)))
    elif tracer is Tracer.UNSTATED:
        findings.append(finding("RP_TRACER_UNSTATED", Severity.WARNING, tag=TRACER_TAG))
    return TracerStatement(
        is_f18, coded_f18, coded_other, tracer, percist, conflict, tuple(findings)
    )


def half_life_is_f18(value: float | None) -> bool:
    """Whether a stored half-life is that of 18F, in seconds or in minutes."""
    if value is None:
        return False
    stored = exact(value)
    return any(
        low <= stored <= high for low, high in (F18_HALF_LIFE_RANGE_S, F18_HALF_LIFE_RANGE_MIN)
    )


def _is_f18(code: CodedEntry) -> bool:
    return (code.value == "77004003" and code.scheme == "SCT") or code.value == "C-111A1"


def _is_other_nuclide(code: CodedEntry) -> bool:
    if code.scheme == "SCT":
        return code.value in OTHER_NUCLIDE_SCT
    return code.value in OTHER_NUCLIDE_SRT


def _tracer(item: RadiopharmaceuticalItem, protocol_texts: tuple[str, ...]) -> tuple[Tracer, str]:
    """The tracer and the words that named it: codes first, then texts, then hints against FDG."""
    if any(code.value in FDG_CODES for code in item.tracer_codes):
        return Tracer.FDG, "FDG"
    stated = [*(code.meaning for code in item.tracer_codes), item.text]
    if any(FDG_TEXT.search(text) for text in stated):
        return Tracer.FDG, "FDG"
    named = [text for text in stated if not NO_TRACER_TEXT.fullmatch(text)]
    if named:
        return Tracer.OTHER, named[0]
    if any(code.value for code in item.tracer_codes):
        return Tracer.OTHER, item.tracer_codes[0].value
    hints = [match for text in protocol_texts if (match := OTHER_TRACER_TEXT.search(text))]
    if hints and not any(FDG_TEXT.search(text) for text in protocol_texts):
        return Tracer.OTHER, hints[0].group()
    return Tracer.UNSTATED, ""
