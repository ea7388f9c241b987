"""The verdict on a focus first seen at a follow-up: what is asked before it is accepted."""

from dataclasses import dataclass

from app.criteria.percist.organs import asks_for_ild
from app.reading.edits import ClassifyNew
from app.reading.state import Lesion, NewLesionClass
from app.translation import tr


@dataclass(frozen=True, slots=True)
class ClassificationView:
    """What a reader has said of a new focus; `ild_asked` where the question is mandatory."""

    lesion_id: str
    new_class: NewLesionClass | None
    reason: str
    ild_asked: bool
    ild_considered: bool


def classification(lesion: Lesion) -> ClassificationView | None:
    """The verdict on a lesion, or None for one of the baseline, which cannot be new."""
    if lesion.first_visit == 0:
        return None
    return ClassificationView(
        lesion.lesion_id,
        lesion.new_class,
        lesion.new_reason,
        asks_for_ild(lesion.site),
        lesion.ild_considered,
    )


def verdict(
    view: ClassificationView,
    new_class: NewLesionClass | None,
    reason: str,
    ild_considered: bool,
) -> ClassifyNew | str:
    """The edit for a verdict, or the question that stands in its way (spec 2.8)."""
    malignant = new_class in (NewLesionClass.UNEQUIVOCAL, NewLesionClass.EQUIVOCAL)
    if malignant and view.ild_asked and not ild_considered:
        return tr("Answer first: was ILD or pneumonitis considered?")
    if new_class is NewLesionClass.NOT_MALIGNANT and not reason:
        return tr("Choose the reason why the focus is not malignant.")
    kept = reason if new_class is NewLesionClass.NOT_MALIGNANT else ""
    return ClassifyNew(view.lesion_id, new_class, kept, ild_considered)


def class_text(new_class: NewLesionClass | None) -> str:
    """The name of a verdict."""
    if new_class is None:
        return tr("not classified")
    return {
        NewLesionClass.UNEQUIVOCAL: tr("Unequivocal"),
        NewLesionClass.EQUIVOCAL: tr("Equivocal"),
        NewLesionClass.NOT_MALIGNANT: tr("Not malignant"),
    }[new_class]


def reasons() -> tuple[tuple[str, str], ...]:
    """Codes and names of the reasons for a focus that is not malignant, as in spec 2.8."""
    return (
        ("infection", tr("Infection")),
        ("inflammation", tr("Inflammation")),
        ("post_surgery", tr("After surgery")),
        ("post_radiotherapy", tr("After radiotherapy")),
        ("fracture_healing", tr("Fracture or healing")),
        ("sarcoid_like_node", tr("Sarcoid-like node reaction")),
        ("vaccine_node", tr("Vaccine node")),
        ("brown_fat", tr("Brown fat")),
        ("muscle", tr("Muscle")),
        ("marrow_activation", tr("Marrow activation (G-CSF)")),
        ("thymus", tr("Thymus")),
        ("bowel_or_urinary", tr("Physiological bowel or urinary tract")),
        ("pneumonitis_ild", tr("Drug-related pneumonitis or ILD")),
    )


def reason_name(code: str) -> str:
    """The name of a reason."""
    return dict(reasons()).get(code, code)
