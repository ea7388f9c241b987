"""The visits as a tree: their series, SUV readiness and findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.draft_read import DraftRead
from app.domain.findings import Finding, Severity
from app.domain.quantification import Quantification
from app.domain.response import ComparabilityItem, ComparabilitySeverity
from app.domain.series import SeriesIdentity
from app.reading.state import VisitEntry
from app.reporting.phrases import comparability_label, comparability_text, visit_name
from app.translation import tr
from app.wording import finding_text, refusal_text
from viewers.presenters.derived import VisitImages
from viewers.presenters.numbers import NumberKind, NumberRef, NumberView, computing, ready

SEVERITY_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)
UPTAKE_RULE, EARLIER_UPTAKE_RULE = "UPTAKE_WINDOW", "UPTAKE_WINDOW_EARLIER"
_GRAVITY = {
    ComparabilitySeverity.BLOCK: Severity.ERROR,
    ComparabilitySeverity.WARN: Severity.WARNING,
}


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
class DoubtRow:
    """One rule of comparability that a visit does not keep."""

    rule: str
    severity: Severity
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class TimePointRow:
    """One visit with what was scanned. `doubts` are what its comparability warns of or blocks."""

    visit: int
    label: str
    date: str
    uptake: NumberView
    readiness: Readiness | None
    series: tuple[SeriesRow, ...]
    findings: tuple[FindingRow, ...]
    doubts: tuple[DoubtRow, ...] = ()

    @property
    def worst(self) -> Severity | None:
        """The gravest of what was found, refused and doubted; None where nothing was."""
        seen = [row.severity for row in self.findings] + [row.severity for row in self.doubts]
        if self.readiness is not None and not self.readiness.ready:
            seen.append(Severity.ERROR)
        return min(seen, key=SEVERITY_ORDER.index, default=None)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What warns or blocks, in words, the gravest first."""
        refused = self.readiness is not None and not self.readiness.ready
        lines = [(Severity.ERROR, self.readiness.text)] if refused and self.readiness else []
        lines += [
            (d.severity, tr("{label}: {value}").format(label=d.label, value=d.text))
            for d in self.doubts
        ]
        lines += [(f.severity, f.text) for f in self.findings if f.severity is not Severity.INFO]
        return tuple(t for _, t in sorted(lines, key=lambda item: SEVERITY_ORDER.index(item[0])))


def time_point_rows(
    visits: Sequence[VisitEntry], images: Mapping[int, VisitImages], read: DraftRead | None = None
) -> tuple[TimePointRow, ...]:
    """One row a visit; a visit whose images are not loaded yet shows its date alone.

    What a visit's comparability warns of comes with the read.
    """
    points = () if read is None else read.time_points
    cards = {point.number: point.comparability for point in points}
    return tuple(
        _row(entry, images.get(entry.number), doubt_rows(cards.get(entry.number, ())))
        for entry in visits
    )


def doubt_rows(card: Sequence[ComparabilityItem]) -> tuple[DoubtRow, ...]:
    """What a visit's card warns of or blocks, the gravest first.

    Left out: facts that are only not entered yet, and the uptake of the earlier visit, which
    stands with that visit.
    """
    rows = [
        DoubtRow(
            item.rule, _GRAVITY[item.severity], comparability_label(item), comparability_text(item)
        )
        for item in card
        if item.severity in _GRAVITY
        and item.rule != EARLIER_UPTAKE_RULE
        and not (item.severity is ComparabilitySeverity.WARN and item.value is None)
    ]
    return tuple(sorted(rows, key=lambda row: SEVERITY_ORDER.index(row.severity)))


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
    """How many findings of the data there are, in words that no one takes for lesions."""
    if count == 0:
        return tr("data checks passed")
    return (
        tr("data checks: 1 note")
        if count == 1
        else tr("data checks: {count} notes").format(count=count)
    )


def _row(
    entry: VisitEntry, images: VisitImages | None, doubts: tuple[DoubtRow, ...]
) -> TimePointRow:
    label, date = visit_name(entry.number), entry.scanned_at.date().isoformat()
    if images is None:
        return TimePointRow(entry.number, label, date, computing("min"), None, (), (), doubts)
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
        doubts,
    )


def _series(identity: SeriesIdentity) -> SeriesRow:
    modality = {"PT": tr("PET"), "CT": tr("CT")}.get(identity.modality, identity.modality)
    scanner = f"{identity.manufacturer} {identity.model}".strip()
    description = identity.description or tr("(no description)")
    return SeriesRow(identity.series_uid, modality, description, scanner)
