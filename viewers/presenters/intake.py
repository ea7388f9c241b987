"""The intake sheet: which study of the folders is which visit, and whether SUV is to be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from os.path import commonpath
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.series import SeriesRole
from app.reporting.phrases import visit_name
from app.translation import tr
from viewers.presenters.images import acquisition_text
from viewers.presenters.numbers import NONE_TEXT
from viewers.presenters.time_points import FindingRow, Readiness, finding_rows, readiness

if TYPE_CHECKING:
    from app.services.inspect_folder import InspectedSeries, IntakeSheet

ROLE_ORDER = {SeriesRole.PET_AC: 0, SeriesRole.CT: 1, SeriesRole.PET_NAC: 2}


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series on the sheet. `readiness` is None where it is no PET."""

    series_uid: str
    role: SeriesRole
    role_text: str
    description: str
    size: str
    readiness: Readiness | None
    selectable: bool
    findings: tuple[FindingRow, ...]
    acquisition: str = ""
    viewable: bool = False  # a PET that is refused but forms a volume: to be looked at


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One study: when, where, its series, and what is proposed to be read.

    `problem` says why it cannot be a visit; "" where it can.
    """

    study_uid: str
    folder: Path
    scanned_at: datetime | None
    description: str
    series: tuple[SeriesLine, ...]
    pets: tuple[SeriesLine, ...]
    pet_uid: str | None
    ct_uid: str | None
    problem: str

    @property
    def date_text(self) -> str:
        """The moment of the scan."""
        if self.scanned_at is None:
            return tr("no date")
        return self.scanned_at.strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class IntakeView:
    """All studies in order of time. `problem` stands in the way of everything."""

    patient: str
    studies: tuple[StudyLine, ...]
    findings: tuple[FindingRow, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class VisitChoice:
    """One study accepted as a visit, with the series to be read."""

    number: int
    study_uid: str
    folder: Path
    pet_series_uid: str
    ct_series_uid: str | None


def intake_view(sheets: Sequence["IntakeSheet"]) -> IntakeView:
    """The sheet for the opened folders: studies in order of time, each with a proposal."""
    grouped: dict[str, list[InspectedSeries]] = {}
    for item in (series for sheet in sheets for series in sheet.series):
        grouped.setdefault(item.series.identity.study_uid, []).append(item)
    studies = sorted(
        (_study(uid, items) for uid, items in grouped.items()),
        key=lambda study: "" if study.scanned_at is None else study.scanned_at.isoformat(),
    )
    identities = [item.series.identity for items in grouped.values() for item in items]
    patients = sorted({identity.patient_id for identity in identities})
    births = {identity.patient_birth_date for identity in identities} - {None}
    problem = ""
    if len(patients) > 1 or len(births) > 1:
        problem = tr("The folder holds more than one patient. Open one patient at a time.")
    elif not any(not study.problem for study in studies):
        problem = tr("No study here can be read: see why below.")
    files = [item for sheet in sheets for item in sheet.findings]
    return IntakeView(
        ", ".join(name or tr("(no id)") for name in patients),
        tuple(studies),
        finding_rows(files),
        problem,
    )


def choices(
    view: IntakeView, used: Sequence[str], pet_of: Mapping[str, str] | None = None
) -> tuple[VisitChoice, ...]:
    """The studies ticked (by UID) as visits in order of time; `pet_of` where one was chosen."""
    chosen = [study for study in view.studies if study.study_uid in used and not study.problem]
    accepted = []
    for number, study in enumerate(chosen):
        pet = (pet_of or {}).get(study.study_uid) or study.pet_uid
        if pet is not None:
            accepted.append(VisitChoice(number, study.study_uid, study.folder, pet, study.ct_uid))
    return tuple(accepted)


def visit_label(view: IntakeView, used: Sequence[str], study_uid: str) -> str:
    """`Baseline`, `Follow-up 1` ... for a ticked study, a dash for another."""
    ticked = [study.study_uid for study in view.studies if study.study_uid in used]
    return visit_name(ticked.index(study_uid)) if study_uid in ticked else NONE_TEXT


def role_text(role: SeriesRole) -> str:
    """The name of a role."""
    return {
        SeriesRole.PET_AC: tr("PET, attenuation corrected"),
        SeriesRole.PET_NAC: tr("PET, not corrected"),
        SeriesRole.CT: tr("CT"),
        SeriesRole.LOCALIZER: tr("Localizer"),
        SeriesRole.NM: tr("Scintigraphy"),
        SeriesRole.SR: tr("Structured report"),
        SeriesRole.SEG: tr("Segmentation"),
        SeriesRole.RTSTRUCT: tr("Contours"),
        SeriesRole.RWVM: tr("Value mapping"),
        SeriesRole.SECONDARY_CAPTURE: tr("Screenshot"),
        SeriesRole.OTHER: tr("Other"),
    }[role]


def _study(uid: str, items: Sequence["InspectedSeries"]) -> StudyLine:
    ordered = sorted(items, key=lambda item: ROLE_ORDER.get(item.series.role, len(ROLE_ORDER)))
    lines = tuple(_line(item) for item in ordered)
    pets = tuple(line for line in lines if line.selectable and line.readiness is not None)
    pet_uid = pets[0].series_uid if pets else None
    chosen = next((item for item in items if item.series.identity.series_uid == pet_uid), None)
    dated = chosen or items[0]
    moment = dated.series.identity.series_datetime
    if dated.quantification is not None and dated.quantification.first_emission_time is not None:
        moment = dated.quantification.first_emission_time
    files = {str(instance.path.parent) for item in items for instance in item.series.instances}
    return StudyLine(
        study_uid=uid,
        folder=Path(commonpath(files)) if files else Path(),
        scanned_at=moment,
        description=items[0].series.identity.study_description,
        series=lines,
        pets=pets,
        pet_uid=pet_uid,
        ct_uid=_matching_ct(items, chosen),
        problem="" if pets else _problem(lines),
    )


def _line(item: "InspectedSeries") -> SeriesLine:
    series, recipe = item.series, item.quantification
    state = None if recipe is None else readiness(recipe)
    geometry = series.geometry
    size = tr("no volume")
    if geometry is not None:
        counts = " × ".join(str(n) for n in reversed(geometry.shape_zyx))
        steps = " × ".join(f"{step:.2f}" for step in reversed(geometry.spacing_zyx_mm))
        size = f"{counts}, {steps} mm"
    usable = geometry is not None and series.role is SeriesRole.PET_AC
    return SeriesLine(
        series_uid=series.identity.series_uid,
        role=series.role,
        role_text=role_text(series.role),
        description=series.identity.description or tr("(no description)"),
        size=size,
        readiness=state,
        acquisition="" if recipe is None else acquisition_text(recipe),
        viewable=state is not None and not state.ready and geometry is not None,
        selectable=usable and state is not None and state.ready,
        findings=finding_rows(item.findings),
    )


def _matching_ct(items: Sequence["InspectedSeries"], pet: "InspectedSeries | None") -> str | None:
    frame = None if pet is None else pet.series.identity.frame_of_reference_uid
    fitting = [
        item.series
        for item in items
        if item.series.role is SeriesRole.CT
        and item.series.geometry is not None
        and frame
        and item.series.identity.frame_of_reference_uid == frame
    ]
    best = max(fitting, key=lambda one: (len(one.instances), one.identity.series_uid), default=None)
    return None if best is None else best.identity.series_uid


def _problem(lines: Sequence[SeriesLine]) -> str:
    refused = [line.readiness for line in lines if line.readiness is not None]
    for state in refused:
        if not state.ready:
            return state.text
    if refused:
        return tr("The PET forms no volume or is not attenuation corrected.")
    return tr("No PET in this study.")
