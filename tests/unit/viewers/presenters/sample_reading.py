"""A small reading with everything derived from it: two visits, five foci, one of them new.

The response comes from the rules themselves and the quantification from a sound header, so the
record has the shape and the coherence of a real one.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from app.criteria.percist.comparability import compare_scans, scan_prerequisites
from app.domain.draft_read import DraftRead, Review, ScanSummary, TimePoint
from app.domain.findings import Severity, finding
from app.domain.lesion import LesionMeasurement, LesionOrigin, PhysiologicalMark
from app.domain.reference import PlacementMethod, ReferenceRegion, ReferenceRegionKind
from app.domain.region import SphereRegion, ThresholdRegion
from app.domain.rule_content import rules_sha256
from app.domain.scan_facts import ScanFacts
from app.domain.series import SeriesIdentity
from app.quantification.quantify import quantify
from app.reading.state import Lesion, LesionRole, ReadingState, VisitEntry
from app.services.percist_course import JudgedVisit, judged
from app.services.rule_sets import load_percist_rules
from tests.unit.quantification.sound_header import SOUND

KIDNEY = PhysiologicalMark("kidney", -60.0, 0.7, -40.0)
DAYS = (datetime(2026, 3, 1, 11, 0), datetime(2026, 6, 1, 11, 0))
PEAKS = {
    ("L1", 0): 10.0,
    ("L1", 1): 6.0,
    ("L2", 0): 5.0,
    ("L2", 1): 4.5,
    ("L3", 0): 4.0,
    ("L3", 1): 1.0,
    ("P1", 0): 20.0,
    ("P1", 1): 21.0,
    ("U1", 1): 3.5,
}
THRESHOLD = 2.67
FACTS = ScanFacts(
    reference_kind=ReferenceRegionKind.LIVER,
    reference_mean_sul_g_per_ml=1.36,
    uptake_time_s=3600.0,
)


@dataclass(frozen=True)
class SampleReading:
    """Shaped as the session hands it to the presenters."""

    state: ReadingState
    references: dict = field(default_factory=dict)
    thresholds: dict = field(default_factory=dict)
    measurements: dict = field(default_factory=dict)
    read: DraftRead | None = None
    impossible: frozenset = frozenset()


def lesion(lesion_id: str, **changes) -> Lesion:
    visits = sorted(visit for name, visit in PEAKS if name == lesion_id)
    made = Lesion(
        lesion_id,
        f"2.25.{sum(map(ord, lesion_id))}",
        LesionRole.TUMOUR,
        "liver",
        "right",
        first_visit=visits[0],
        regions=tuple((visit, SphereRegion((10.0, 20.0, 30.0), 24.0)) for visit in visits),
    )
    return replace(made, **changes)


def state(**changes) -> ReadingState:
    entries = tuple(
        VisitEntry(
            number,
            "",
            f"1.2.{number}",
            None,
            day,
            SphereRegion((-80.0, 5.0, 100.0), 30.0),
            PlacementMethod.CARRIED if number else PlacementMethod.AUTOMATIC,
            registration_correlation=0.95 if number else None,
        )
        for number, day in enumerate(DAYS)
    )
    lesions = (
        lesion("L1", site="hilum", confirmed=True),
        lesion("P1", role=LesionRole.PHYSIOLOGICAL, site="abdomen", mark=KIDNEY),
        lesion("L2", regions=((0, ThresholdRegion((1.0, 2.0, 3.0), 2.67, 80.0)),)),
        lesion("L3", site="bone", side="midline"),
        lesion("U1", site="chest", side="left"),
    )
    made = ReadingState("r", "SUBJECT-7", "percist-nadir", entries, lesions)
    return replace(made, **changes)


def computing(of: ReadingState | None = None) -> SampleReading:
    """The reading before anything is measured."""
    shown = of or state()
    nothing = {entry.number: None for entry in shown.visits}
    return SampleReading(shown, nothing, dict(nothing))


def complete(of: ReadingState | None = None) -> SampleReading:
    """The reading with all its numbers."""
    shown = of or state()
    references = {entry.number: reference(entry.number) for entry in shown.visits}
    measurements = {
        (item.lesion_id, visit): measurement(item, visit, PEAKS[item.lesion_id, visit])
        for item in shown.present_lesions()
        for visit in (0, 1)
        if (item.lesion_id, visit) in PEAKS
    }
    rules = load_percist_rules("percist-nadir")
    facts = [
        replace(FACTS, glucose_mmol_per_l=entry.facts.glucose_mmol_per_l) for entry in shown.visits
    ]
    baseline = point(0, measurements, scan_prerequisites(facts[0], rules), ("NO_FLAG",)[:0])
    follow_up = point(
        1, measurements, compare_scans(facts[0], facts[1], rules), ("UNMATCHED_FOCUS U1",)
    )
    visits = [
        JudgedVisit(shown_point, fact, (), True)
        for shown_point, fact in zip((baseline, follow_up), facts, strict=True)
    ]
    (mine,) = judged(shown, visits, rules).responses
    other = load_percist_rules("percist-1.0")
    (theirs,) = judged(shown, visits, other).responses
    baseline = replace(baseline, prerequisites=baseline.comparability)
    alone = scan_prerequisites(facts[1], rules)
    follow_up = replace(follow_up, percist=mine, other_percist=theirs, prerequisites=alone)
    read = DraftRead(
        identity("PT"),
        rules.name,
        {rules.name: rules_sha256(rules), other.name: rules_sha256(other)},
        "LBMJANMA",
        "continuous",
        (baseline, follow_up),
        "0.1",
        "ab" * 32,
        Review(0, 4),
    )
    return SampleReading(shown, references, {0: THRESHOLD, 1: THRESHOLD}, measurements, read)


def point(number: int, measurements: dict, card, flags: tuple[str, ...]) -> TimePoint:
    recipe = quantify(SOUND)
    here = [item for (_, visit), item in measurements.items() if visit == number]
    return TimePoint(
        number=number,
        scanned_at=DAYS[number],
        scan=ScanSummary(
            identity("PT"), identity("CT"), recipe, (135, 128, 128), (3.27, 4.69, 4.69)
        ),
        reference=reference(number),
        threshold_g_per_ml=THRESHOLD,
        lesions=tuple(sorted(here, key=lambda item: -item.sul_peak)),
        comparability=card,
        percist=None,
        other_percist=None,
        flags=flags,
        findings=(
            finding("NON_DICOM_FILES", Severity.INFO, files=1),
            finding("RESCALE_MISSING", Severity.WARNING, slices=2),
        ),
    )


def measurement(item: Lesion, visit: int, peak: float) -> LesionMeasurement:
    return LesionMeasurement(
        lesion_id=item.lesion_id,
        tracking_uid=item.tracking_uid,
        origin=LesionOrigin.CARRIED if peak < THRESHOLD else LesionOrigin.CANDIDATE,
        peak_lps_mm=(10.0, 20.0, 30.0),
        sul_peak_continuous=peak,
        sul_peak_fractional=peak - 0.1,
        sul_peak_ibsi_binary=peak + 0.1,
        peak_volume_ml=1.0,
        sul_max=peak + 2.0,
        sul_mean=None if peak < THRESHOLD else peak - 1.0,
        volume_ml=0.0 if peak < THRESHOLD else 3.21,
        tlg_g=None if peak < THRESHOLD else 12.3,
        longest_diameter_mm=18.0,
        site=item.site,
        side=item.side,
        physiological=item.mark if item.role is LesionRole.PHYSIOLOGICAL else None,
        flags=("SMALL_LESION_PVE",) if item.lesion_id == "L3" else (),
    )


def reference(number: int) -> ReferenceRegion:
    return ReferenceRegion(
        ReferenceRegionKind.LIVER,
        (-80.0, 5.0, 100.0),
        30.0,
        1.36,
        0.31,
        0.5,
        2.5,
        287,
        14.2,
        PlacementMethod.CARRIED if number else PlacementMethod.AUTOMATIC,
        ("REFERENCE_INHOMOGENEOUS",) if number else (),
    )


def identity(modality: str) -> SeriesIdentity:
    return SeriesIdentity(
        f"1.2.840.{modality}",
        "1.2.840.1",
        "SUBJECT-7",
        "",
        None,
        "F",
        modality,
        "",
        f"{modality} whole body",
        "",
        "SIEMENS",
        "Biograph",
        DAYS[0].date(),
        DAYS[0],
        "1.2.840.99",
    )
