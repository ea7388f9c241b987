"""A draft read: what the program proposes for the visits of one patient, before any reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.findings import Finding
from app.domain.lesion import LesionMeasurement
from app.domain.percist_response import FirstProgression, PercistResponse, SensitivityRow
from app.domain.quantification import Quantification
from app.domain.recist_read import RecistRead
from app.domain.reference import ReferenceRegion
from app.domain.response import ComparabilityItem, MetabolicCategory, TargetResponse
from app.domain.series import SeriesIdentity


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """What was read at a visit: the series, how they were quantified, how large the voxels are."""

    pet: SeriesIdentity
    ct: SeriesIdentity | None
    quantification: Quantification
    pet_shape_zyx: tuple[int, int, int]
    pet_spacing_zyx_mm: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class TimePoint:
    """One visit of the draft: its reference region, lesions, comparability and response.

    `prerequisites` is what PERCIST asks of this scan alone; `comparability` the same at baseline
    and the card against the baseline later. `percist` is None at baseline; `other_percist` is the
    same visit under the other named rule set. `baseline_from_here` maps a position of this visit
    to the baseline (4x4 rows, LPS mm), None at baseline.
    """

    number: int
    scanned_at: datetime
    scan: ScanSummary
    reference: ReferenceRegion
    threshold_g_per_ml: float
    lesions: tuple[LesionMeasurement, ...]
    comparability: tuple[ComparabilityItem, ...]
    percist: PercistResponse | None
    other_percist: PercistResponse | None
    flags: tuple[str, ...]
    findings: tuple[Finding, ...]
    registration_correlation: float | None = None
    here_from_baseline: tuple[tuple[float, ...], ...] | None = None
    prerequisites: tuple[ComparabilityItem, ...] = ()

    @property
    def response(self) -> TargetResponse | None:
        """The target component, None at baseline."""
        return None if self.percist is None else self.percist.target

    @property
    def tumour_lesions(self) -> tuple[LesionMeasurement, ...]:
        """The foci taken for tumour, hottest first: neither physiological nor unsure."""
        return tuple(
            item for item in self.lesions if item.physiological is None and not item.unsure
        )


@dataclass(frozen=True, slots=True)
class Review:
    """How much of a read a reader has confirmed: foci and reference regions."""

    confirmed: int
    total: int

    @property
    def begun(self) -> bool:
        """Whether a reader has confirmed anything."""
        return self.confirmed > 0

    @property
    def complete(self) -> bool:
        """Whether nothing of the draft is left unconfirmed."""
        return self.confirmed == self.total


@dataclass(frozen=True, slots=True)
class DraftRead:
    """The visits in order of date, and the rule set that the response stands on.

    `rules_sha256` has what every rule set that a response names says, as a hash (spec 0.3 N6).
    `best` and `first_progression` are of the whole course, None without a follow-up (or without
    progression); `sensitivity` is the same course under other settings.
    """

    patient: SeriesIdentity
    rule_set: str
    rules_sha256: Mapping[str, str]
    lbm_formula: str
    peak_kernel: str
    time_points: tuple[TimePoint, ...]
    program_version: str
    inputs_hash: str
    review: Review
    comment: str = ""
    impression: str = ""
    best: MetabolicCategory | None = None
    first_progression: FirstProgression | None = None
    sensitivity: tuple[SensitivityRow, ...] = ()
    recist: RecistRead | None = None

    @property
    def baseline(self) -> TimePoint:
        """The first visit."""
        return self.time_points[0]

    @property
    def latest(self) -> TimePoint:
        """The last visit."""
        return self.time_points[-1]
