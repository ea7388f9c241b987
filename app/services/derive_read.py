"""From a reading and its numbers to the read: lesions, comparability, response, flags.

Nothing is measured here. What is not in the numbers yet is None ("computing"); the read itself
exists only when every number does.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from app.criteria.percist.comparability import compare_scans, scan_prerequisites
from app.criteria.percist.organs import asks_for_ild
from app.criteria.percist.rules import PercistRules
from app.domain.draft_read import DraftRead, Review, ScanSummary, TimePoint
from app.domain.lesion import LesionMeasurement, LesionOrigin, PhysiologicalMark
from app.domain.numbers import (
    REFERENCE,
    NumberKey,
    ReferenceKey,
    ReferenceNumbers,
    RegionKey,
    RegionNumbers,
)
from app.domain.recist_read import RecistRead
from app.domain.reference import PlacementMethod, ReferenceRegion, ReferenceRegionKind
from app.domain.rule_content import rules_sha256
from app.reading.state import Lesion, LesionRole, NewLesionClass, ReadingState, VisitEntry
from app.services.load_visit import Visit
from app.services.measure_visit import Numbers, threshold_of
from app.services.percist_course import JudgedVisit, judged, sensitivity
from app.services.recist_read import ct_slices, recist_read, recist_rules
from app.services.scan_facts import PEAK_KERNEL, facts_of
from app.version import VERSION
from segmentation.sampling.registration import TRUSTED_CORRELATION

# Below this diameter partial volume lowers the uptake noticeably (spec 2.4).
SMALL_LESION_MM = 20.0
BY_READER = "reader"


@dataclass(frozen=True, slots=True)
class RulePair:
    """The rule set of the reading and the other named one, printed beside it."""

    own: PercistRules
    other: PercistRules


@dataclass(frozen=True, eq=False)
class Derived:
    """What can be told of a state now; None stands for "computing" (or no voxel to measure).

    `impossible` holds (lesion id or REFERENCE, visit) of numbers the read needs and cannot have:
    a reference sphere without a voxel, a computation that failed. While it holds any, there is
    no read, and none is on its way. `recist` needs calipers only, none of the numbers.
    """

    state: ReadingState
    references: Mapping[int, ReferenceRegion | None]
    thresholds: Mapping[int, float | None]
    measurements: Mapping[tuple[str, int], LesionMeasurement | None]
    read: DraftRead | None
    impossible: frozenset[tuple[str, int]] = frozenset()
    recist: RecistRead | None = None


def derive_read(
    state: ReadingState,
    visits: Mapping[int, Visit],
    numbers: Numbers,
    rules: RulePair,
    failed: Collection[NumberKey] = (),
) -> Derived:
    """Everything that follows from a state and the numbers computed so far.

    `failed` are the numbers whose computation ended in a defect.
    """
    references: dict[int, ReferenceRegion | None] = {}
    thresholds: dict[int, float | None] = {}
    measurements: dict[tuple[str, int], LesionMeasurement | None] = {}
    impossible: set[tuple[str, int]] = set()
    complete = True
    slices = {entry.number: ct_slices(visits[entry.number]) for entry in state.visits}
    recist = recist_read(state, slices, recist_rules())
    for entry in state.visits:
        voxels = visits[entry.number].content_key
        key = ReferenceKey(voxels, entry.reference)
        found = numbers.get(key)
        complete &= found is not None
        if found is None and (key in numbers or key in failed):
            impossible.add((REFERENCE, entry.number))
        reference = _reference(entry, found) if isinstance(found, ReferenceNumbers) else None
        threshold = threshold_of(found, rules.own)
        references[entry.number], thresholds[entry.number] = reference, threshold
        for lesion in state.present_lesions():
            region = lesion.region_at(entry.number)
            if region is None:
                continue
            measured = None
            if threshold is not None:
                region_key = RegionKey(voxels, region, threshold)
                complete &= region_key in numbers
                if region_key in failed:
                    impossible.add((lesion.lesion_id, entry.number))
                value = numbers.get(region_key)
                if isinstance(value, RegionNumbers):
                    measured = _measurement(lesion, value, threshold)
            measurements[lesion.lesion_id, entry.number] = measured
    read = None
    if complete:
        read = _Assembly(state, visits, references, thresholds, measurements, rules).read()
        read = replace(read, recist=recist)
    return Derived(state, references, thresholds, measurements, read, frozenset(impossible), recist)


@dataclass(frozen=True, eq=False)
class _Assembly:
    state: ReadingState
    visits: Mapping[int, Visit]
    references: Mapping[int, ReferenceRegion | None]
    thresholds: Mapping[int, float | None]
    measurements: Mapping[tuple[str, int], LesionMeasurement | None]
    rules: RulePair

    def read(self) -> DraftRead:
        visits = [self._judged(entry) for entry in self.state.visits]
        points = [visit.point for visit in visits]
        own = judged(self.state, visits, self.rules.own)
        other = judged(self.state, visits, self.rules.other)
        answered = [
            replace(point, percist=mine, other_percist=theirs)
            for point, mine, theirs in zip(points[1:], own.responses, other.responses, strict=True)
        ]
        first = self.visits[self.state.visits[0].number]
        digest = hashlib.sha256()
        for entry in self.state.visits:
            digest.update(self.visits[entry.number].content_key.encode())
        return DraftRead(
            patient=first.pet.identity,
            rule_set=self.rules.own.name,
            rules_sha256={
                rules.name: rules_sha256(rules) for rules in (self.rules.own, self.rules.other)
            },
            lbm_formula=first.quantification.lbm_formula.value,
            peak_kernel=PEAK_KERNEL,
            time_points=(points[0], *answered),
            program_version=VERSION,
            inputs_hash=digest.hexdigest(),
            review=self._review(),
            comment=self.state.comment,
            impression=self.state.impression,
            best=own.best if answered else None,
            first_progression=own.first_progression,
            sensitivity=sensitivity(self.state, visits, self.rules.own) if answered else (),
        )

    def _review(self) -> Review:
        marks = [lesion.confirmed for lesion in self.state.present_lesions()]
        marks += [entry.reference_confirmed for entry in self.state.visits]
        return Review(sum(marks), len(marks))

    def _judged(self, entry: VisitEntry) -> JudgedVisit:
        """A visit with its measurements and its card; the responses need all visits."""
        visit = self.visits[entry.number]
        reference, threshold = self.references[entry.number], self.thresholds[entry.number]
        assert reference is not None and threshold is not None
        lesions = self._lesions(entry.number)
        facts = facts_of(visit, reference, entry.facts)
        base = self.state.visits[0]
        alone = card = scan_prerequisites(facts, self.rules.own)
        if entry is not base:
            base_reference = self.references[base.number]
            assert base_reference is not None
            before = facts_of(self.visits[base.number], base_reference, base.facts)
            card = compare_scans(before, facts, self.rules.own)
        point = TimePoint(
            number=entry.number,
            scanned_at=entry.scanned_at,
            scan=_summary(visit),
            reference=reference,
            threshold_g_per_ml=threshold,
            lesions=lesions,
            comparability=card,
            percist=None,
            other_percist=None,
            flags=self._flags(entry, lesions),
            findings=visit.findings,
            registration_correlation=entry.registration_correlation,
            here_from_baseline=entry.here_from_baseline,
            prerequisites=alone,
        )
        aligned = entry is base or _aligned(entry)
        return JudgedVisit(point, facts, self._missing(entry), aligned)

    def _lesions(self, number: int) -> tuple[LesionMeasurement, ...]:
        found = [m for (_, v), m in self.measurements.items() if v == number and m is not None]
        return tuple(sorted(found, key=lambda item: (-item.sul_peak, item.lesion_id)))

    def _missing(self, entry: VisitEntry) -> tuple[str, ...]:
        """Baseline lesions without a measurement here: outside the scan, or taken away."""
        return tuple(
            lesion.lesion_id
            for lesion in self.state.present_lesions()
            if lesion.first_visit == 0
            and lesion.role is LesionRole.TUMOUR
            and self.measurements.get((lesion.lesion_id, entry.number)) is None
        )

    def _flags(self, entry: VisitEntry, lesions: Sequence[LesionMeasurement]) -> tuple[str, ...]:
        if entry.number == self.state.visits[0].number:
            found = any(item.physiological is None for item in lesions)
            return () if found else ("NO_MEASURABLE_LESION",)
        flags = [f"UNSURE_LESION {item.lesion_id}" for item in lesions if item.unsure]
        for lesion in self.state.present_lesions():
            if lesion.first_visit != entry.number or lesion.role is not LesionRole.TUMOUR:
                continue
            if lesion.new_class is None:
                flags.append(f"UNMATCHED_FOCUS {lesion.lesion_id}")
            elif lesion.new_class is not NewLesionClass.NOT_MALIGNANT:
                flags.append(f"NEW_LESION_{lesion.new_class.name} {lesion.lesion_id}")
        flags += [
            f"ILD_CONSIDERED {lesion.lesion_id}"
            for lesion in self.state.present_lesions()
            if 0 < lesion.first_visit <= entry.number
            and lesion.ild_considered
            and asks_for_ild(lesion.site)
        ]
        if _aligned(entry):
            flags += [f"LESION_OUTSIDE_SCAN {name}" for name in self._missing(entry)]
        else:
            flags.append("REGISTRATION_NOT_TRUSTED")
        return tuple(flags)


def _aligned(entry: VisitEntry) -> bool:
    correlation = entry.registration_correlation
    return correlation is not None and correlation >= TRUSTED_CORRELATION


def _reference(entry: VisitEntry, numbers: ReferenceNumbers) -> ReferenceRegion:
    moved = entry.number > 0 and entry.reference_method is PlacementMethod.AUTOMATIC
    return ReferenceRegion(
        kind=ReferenceRegionKind.LIVER,
        center_lps_mm=entry.reference.center_lps_mm,
        diameter_mm=entry.reference.diameter_mm,
        mean_sul_g_per_ml=numbers.mean_sul_g_per_ml,
        sd_sul_g_per_ml=numbers.sd_sul_g_per_ml,
        min_sul_g_per_ml=numbers.min_sul_g_per_ml,
        max_sul_g_per_ml=numbers.max_sul_g_per_ml,
        voxels=numbers.voxels,
        volume_ml=numbers.volume_ml,
        method=entry.reference_method,
        flags=(*(("REFERENCE_MOVED",) if moved else ()), *numbers.flags),
    )


def _measurement(lesion: Lesion, numbers: RegionNumbers, threshold: float) -> LesionMeasurement:
    mark = None
    if lesion.role is LesionRole.PHYSIOLOGICAL:
        mark = lesion.mark or PhysiologicalMark(BY_READER)
    flags = list(numbers.flags)
    diameter = numbers.isocontour_diameter_mm
    if mark is None and diameter is not None and diameter < SMALL_LESION_MM:
        flags.append("SMALL_LESION_PVE")
    below = numbers.sul_peak_continuous < threshold
    return LesionMeasurement(
        lesion_id=lesion.lesion_id,
        tracking_uid=lesion.tracking_uid,
        origin=LesionOrigin.CARRIED if below else LesionOrigin.CANDIDATE,
        peak_lps_mm=numbers.peak_lps_mm,
        sul_peak_continuous=numbers.sul_peak_continuous,
        sul_peak_fractional=numbers.sul_peak_fractional,
        sul_peak_ibsi_binary=numbers.sul_peak_ibsi_binary,
        peak_volume_ml=numbers.peak_volume_ml,
        sul_max=numbers.sul_max,
        sul_mean=numbers.sul_mean,
        volume_ml=numbers.volume_ml,
        tlg_g=numbers.tlg_g,
        longest_diameter_mm=diameter,
        site=lesion.site,
        side=lesion.side,
        physiological=mark,
        unsure=lesion.role is LesionRole.UNSURE,
        flags=tuple(flags),
    )


def _summary(visit: Visit) -> ScanSummary:
    geometry = visit.sul.geometry
    return ScanSummary(
        pet=visit.pet.identity,
        ct=None if visit.ct_series is None else visit.ct_series.identity,
        quantification=visit.quantification,
        pet_shape_zyx=geometry.shape_zyx,
        pet_spacing_zyx_mm=geometry.spacing_zyx_mm,
    )
