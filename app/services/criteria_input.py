"""Measurements of visits in a JSON file, as the records that the criteria read (input.md)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from app.criteria.percist.course import PercistCourse, VisitRecord
from app.criteria.percist.selection import BaselineLesion
from app.criteria.percist.variants import MeasuredVisit, Quantity, course_in
from app.domain.bone import BoneVisit
from app.domain.recist import RecistBaseline, RecistVisit
from app.errors import InputError
from app.services.strict_json import SchemaError, parsed, shown, structured
from app.wording import sentence

MOST_BYTES = 64 * 2**20
# The reported SULpeak (spec 10: lean-mass formula and peak kernel).
REPORTED = Quantity("LBMJANMA", "continuous")
SECTIONS = ("percist", "recist", "bone")


@dataclass(frozen=True, slots=True)
class OtherQuantity:
    """The same visits in the numbers of another lean-mass formula or peak method."""

    lbm_formula: str
    peak_method: str
    visits: tuple[MeasuredVisit, ...]


@dataclass(frozen=True, slots=True)
class PercistInput:
    """A PERCIST course, the baseline first. Raises ValueError where it contradicts itself."""

    rule_set: tuple[str, ...]
    visits: tuple[VisitRecord, ...]
    lesions: tuple[BaselineLesion, ...] = ()
    therapy_start: date | None = None
    variants: bool = False
    quantity: Quantity = REPORTED
    other_quantities: tuple[OtherQuantity, ...] = ()

    def __post_init__(self) -> None:
        _check_names(self.rule_set)
        names = [lesion.lesion_id for lesion in self.lesions]
        _check_once("lesion", names)
        if len(self.courses()) <= len(self.other_quantities):
            raise ValueError("a quantity is stated twice")
        if self.other_quantities and not self.variants:
            raise ValueError("other_quantities are for variants, which are not asked for")
        baseline = self.visits[0].sul_peaks.keys()
        _check_known(names, baseline, "lesions")
        earlier: set[int] = set()
        for visit in self.visits:
            for number in sorted(visit.blocked_against - earlier):
                raise ValueError(
                    f"visit {visit.number}: blocked_against {number} is no earlier visit"
                )
            earlier.add(visit.number)
            known = baseline | visit.sul_peaks.keys()
            for name in ("resolved", "missing", "typical"):
                _check_known(sorted(getattr(visit, name)), known, f"visit {visit.number}: {name}")

    def course(self) -> PercistCourse:
        """The course in its own quantity."""
        lesions = {lesion.lesion_id: lesion for lesion in self.lesions}
        return PercistCourse(self.visits, lesions, self.therapy_start)

    def courses(self) -> Mapping[Quantity, PercistCourse]:
        """The course in every quantity. Raises ValueError where one has not all visits."""
        course = self.course()
        found = {self.quantity: course}
        for other in self.other_quantities:
            if len(other.visits) != len(self.visits):
                raise ValueError("other_quantities must have all visits")
            quantity = Quantity(other.lbm_formula, other.peak_method)
            found[quantity] = course_in(course, other.visits)
        return found


@dataclass(frozen=True, slots=True)
class RecistInput:
    """A RECIST 1.1 baseline with its follow-ups, in any order."""

    rule_set: tuple[str, ...]
    baseline: RecistBaseline
    visits: tuple[RecistVisit, ...] = ()
    reference_date: date | None = None

    def __post_init__(self) -> None:
        _check_names(self.rule_set)
        _check_once("visit", [visit.visit_id for visit in self.visits])
        for visit in self.visits:
            if visit.scan_date < self.baseline.scan_date:
                raise ValueError(f"visit {visit.visit_id} lies before the baseline")


@dataclass(frozen=True, slots=True)
class BoneInput:
    """All visits of the schedule with their bone scans; the smallest number is the baseline."""

    rule_set: tuple[str, ...]
    therapy_start: date
    visits: tuple[BoneVisit, ...]

    def __post_init__(self) -> None:
        _check_names(self.rule_set)


@dataclass(frozen=True, slots=True)
class TimelineInput:
    """What of a patient's history progression-free survival looks at; `trial` names its rules."""

    trial: str
    randomisation: date | None = None
    baseline_done: bool = True
    death: date | None = None
    new_therapy: date | None = None
    cutoff: date | None = None


@dataclass(frozen=True, slots=True)
class CriteriaInput:
    """The whole file: any of the criteria, with or without the timeline."""

    percist: PercistInput | None = None
    recist: RecistInput | None = None
    bone: BoneInput | None = None
    timeline: TimelineInput | None = None

    def __post_init__(self) -> None:
        if self.percist is None and self.recist is None and self.bone is None:
            raise ValueError(f"it holds none of {', '.join(SECTIONS)}")


def read_criteria(file: Path) -> tuple[CriteriaInput, str]:
    """The input with the SHA-256 of its content. Raises InputError, which names file and path."""
    try:
        data = file.read_bytes()
    except OSError as error:
        cause = error.strerror or type(error).__name__
        raise _input_error("INPUT_UNREADABLE", file=str(file), cause=cause) from error
    try:
        document = parsed(_text(data))
        return structured(_with_lists(document), CriteriaInput), content_sha256(document)
    except SchemaError as refused:
        raise input_refused(file, refused) from refused


def input_refused(file: Path, refused: SchemaError) -> InputError:
    """The error of a file that was refused."""
    return _input_error("INPUT_REFUSED", file=str(file), what=str(refused))


def content_sha256(document: Any) -> str:
    """SHA-256 (hex) over the canonical JSON of a document: keys sorted, 91.0 is 91, no spaces."""
    text = json.dumps(_canonical(document), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _canonical(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise SchemaError("", f"it is larger than {MOST_BYTES // 2**20} MiB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SchemaError("", "not JSON (it is not UTF-8)") from None
    if not text.strip():
        raise SchemaError("", "it is empty")
    return text


def _with_lists(document: Any) -> Any:
    """One rule set may be stated by its name alone."""
    if not isinstance(document, dict):
        return document
    found = dict(document)
    for name in SECTIONS:
        section = found.get(name)
        if isinstance(section, dict) and isinstance(section.get("rule_set"), str):
            found[name] = {**section, "rule_set": [section["rule_set"]]}
    return found


def _check_names(rule_sets: tuple[str, ...]) -> None:
    if not rule_sets:
        raise ValueError("rule_set names none")
    _check_once("rule set", list(rule_sets))


def _check_once(what: str, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what} {shown(twice[0])} is stated twice")


def _check_known(names: list[str], known: Any, where: str) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{where} names {shown(name)}, which was not measured")


def _input_error(code: str, **params: str) -> InputError:
    return InputError(code, sentence("errors", code, params), sentence("advice", code, params))
