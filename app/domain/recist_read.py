"""A RECIST 1.1 read from calipers: each lesion with its role, sizes and states, and the course."""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.lesion import NewLesionClass
from app.domain.recist import NonTargetStatus, RecistBaseline, RecistVisit, TargetState
from app.domain.recist_response import RecistCourse, RecistResponse
from app.domain.response import Reason

FOLLOW_UP = "FU"


class RecistRole(StrEnum):
    """What a lesion of the baseline is to RECIST (spec 3.3)."""

    TARGET = "target"
    NON_TARGET = "non_target"
    NONE = "none"


def follow_up_id(number: int) -> str:
    """The id of a follow-up in traces; the same in every language."""
    return f"{FOLLOW_UP}{number}"


@dataclass(frozen=True, slots=True)
class RecistFinding:
    """A lesion at one visit; mm. `size_mm` is the axis that counts: of a node the short one.

    `state` is set of a target at a follow-up, `status` of a non-target; None is not evaluated.
    """

    visit: int
    caliper_id: str | None = None
    long_mm: float | None = None
    short_mm: float | None = None
    size_mm: float | None = None
    state: TargetState | None = None
    status: NonTargetStatus | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecistLesion:
    """A lesion, or a caliper of none, with its role and why. `findings` has one of each visit.

    `chosen` tells that a reader chose the role; else it is proposed. `new_class` is the verdict
    on a focus first seen at a follow-up.
    """

    lesion_id: str
    site: str
    side: str
    nodal: bool
    role: RecistRole
    chosen: bool
    reasons: tuple[Reason, ...]
    findings: tuple[RecistFinding, ...]
    new_class: NewLesionClass | None = None

    @property
    def left_out(self) -> bool:
        """Whether nothing of it enters the response; `reasons` say why."""
        return self.role is RecistRole.NONE and self.new_class is None


@dataclass(frozen=True, slots=True)
class RecistRead:
    """The read by RECIST of one reading, made of its calipers.

    `problems` name a choice of targets that RECIST forbids, `hints` one it advises against.
    `rules_sha256` is what the rule set says, as a hash (spec 0.3 N6).
    """

    lesions: tuple[RecistLesion, ...]
    visit_numbers: tuple[int, ...]
    baseline: RecistBaseline
    visits: tuple[RecistVisit, ...]
    course: RecistCourse
    problems: tuple[Reason, ...]
    hints: tuple[Reason, ...]
    rule_set: str
    rules_sha256: str

    def of_role(self, role: RecistRole) -> tuple[RecistLesion, ...]:
        """The lesions of a role."""
        return tuple(item for item in self.lesions if item.role is role)

    def response(self, number: int) -> RecistResponse | None:
        """The response at a visit; None at baseline."""
        wanted = follow_up_id(number)
        return next((item for item in self.course.responses if item.visit_id == wanted), None)

    @property
    def proposed(self) -> int:
        """How many roles no reader has chosen yet."""
        return sum(not i.chosen for i in self.lesions if i.role is not RecistRole.NONE)
