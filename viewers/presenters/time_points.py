"""The visits as a tree: their series, SUV readiness and findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.findings import Finding, Severity
from app.domain.quantification import Quantification
from app.domain.series import SeriesIdentity
from app.reading.state import VisitEntry
from app.reporting.phrases import visit_name
from app.translation import tr
from app.wording import finding_text, refusal_text
from viewers.presenters.derived import VisitImages
from viewers.presenters.numbers import NumberKind, NumberRef, NumberView, computing, ready

SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in words."""

    severity: Severity
    text: str


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One series of a visit."""

    series_uid: str
    modality: str
    description: str
    scanner: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether SUV may be shown of a PET, and if not which tag stands in the way."""

    ready: bool
    text: str
    tag: str = ""


@dataclass(frozen=True, slots=True)
class TimePointRow:
    """One visit with what was scanned."""

    visit: int
    label: str
    date: str
    uptake: NumberView
    readiness: Readiness | None
    series: tuple[SeriesRow, ...]
    findings: tuple[FindingRow, ...]

    @property
    def worst(self) -> Severity | None:
        """The gravest severity among the findings."""
        return self.findings[0].severity if self.findings else None


def time_point_rows(
    visits: Sequence[VisitEntry], images: Mapping[int, VisitImages]
) -> tuple[TimePointRow, ...]:
    """One row a visit; a visit whose images are not loaded yet shows its date alone."""
    return tuple(_row(entry, images.get(entry.number)) for entry in visits)


def finding_rows(findings: Sequence[Finding]) -> tuple[FindingRow, ...]:
    """Findings in words, the gravest first."""
    ordered = sorted(findings, key=lambda item: SEVERITY_ORDER.index(item.severity))
    return tuple(FindingRow(item.severity, finding_text(item)) for item in ordered)


def readiness(recipe: Quantification) -> Readiness:
    """Whether SUV and the reported SUL are to be had of a PET."""
    if recipe.suvbw_refusal is not None:
        text = tr("SUV refused: {why}").format(why=refusal_text(recipe.suvbw_refusal))
        return Readiness(False, text, recipe.suvbw_refusal.tag)
    refusal = recipe.refusal_of(recipe.reported_sul_quantity())
    if refusal is not None:
        text = tr("SUVbw ready, SUL refused: {why}").format(why=refusal_text(refusal))
        return Readiness(False, text, refusal.tag)
    if recipe.percist_refusal is not None:
        text = tr("SUV ready, no PERCIST: {why}").format(why=refusal_text(recipe.percist_refusal))
        return Readiness(False, text, recipe.percist_refusal.tag)
    return Readiness(True, tr("SUV and SUL ready"))


def uptake_view(recipe: Quantification, visit: int) -> NumberView:
    """The uptake time in minutes."""
    seconds = recipe.uptake_time_s
    minutes = None if seconds is None else seconds / 60.0
    return ready(minutes, 0, "min", NumberRef(NumberKind.UPTAKE_TIME, visit))


def findings_count_text(count: int) -> str:
    """How many findings there are, in words."""
    if count == 0:
        return tr("no findings")
    return tr("1 finding") if count == 1 else tr("{count} findings").format(count=count)


def _row(entry: VisitEntry, images: VisitImages | None) -> TimePointRow:
    label, date = visit_name(entry.number), entry.scanned_at.date().isoformat()
    if images is None:
        return TimePointRow(entry.number, label, date, computing("min"), None, (), ())
    recipe = images.scan.quantification
    series = [_series(images.scan.pet)]
    if images.scan.ct is not None:
        series.append(_series(images.scan.ct))
    return TimePointRow(
        entry.number,
        label,
        date,
        uptake_view(recipe, entry.number),
        readiness(recipe),
        tuple(series),
        finding_rows(images.findings),
    )


def _series(identity: SeriesIdentity) -> SeriesRow:
    modality = {"PT": tr("PET"), "CT": tr("CT")}.get(identity.modality, identity.modality)
    scanner = f"{identity.manufacturer} {identity.model}".strip()
    description = identity.description or tr("(no description)")
    return SeriesRow(identity.series_uid, modality, description, scanner)
