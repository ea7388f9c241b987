"""The course under other settings: one row each, the reading's own row marked."""

from app.domain.draft_read import DraftRead
from app.domain.percist_response import SensitivityRow
from app.reporting.content import Table
from app.reporting.phrases import visit_name
from app.translation import tr
from app.wording import sentences

ONE_LESION = 1


def sensitivity_table(read: DraftRead) -> Table | None:
    """Formula, peak method, lesions and reference against the category of each follow-up."""
    if not read.sensitivity:
        return None
    words = sentences("comparability_values")
    references = {"nadir": tr("the nadir"), "baseline": tr("the baseline")}
    follow_ups = [visit_name(point.number, short=True) for point in read.time_points[1:]]
    rows = tuple(
        (
            words.get(row.lbm_formula, row.lbm_formula),
            words.get(row.peak_method, row.peak_method),
            tr("hottest lesion") if row.lesions == ONE_LESION else tr("sum of five"),
            references[row.progression_reference],
            *(category.value.replace("_", " ") for category in row.categories),
            row.best.value.replace("_", " "),
        )
        for row in read.sensitivity
    )
    own = read.latest.percist
    return Table(
        (
            tr("Lean body mass"),
            "SULpeak",
            tr("Lesions"),
            tr("Rise from"),
            *follow_ups,
            tr("Best"),
        ),
        rows,
        tuple(
            "block" if own is not None and row.categories[-1] is not own.overall else ""
            for row in read.sensitivity
        ),
        note=_note(read.sensitivity),
    )


def _note(rows: tuple[SensitivityRow, ...]) -> str:
    found = list(dict.fromkeys(row.categories[-1].value.replace("_", " ") for row in rows))
    if len(found) == 1:
        return tr("Every setting gives {category} at the last visit.").format(category=found[0])
    return tr(
        "The category of the last visit depends on the settings: {categories}. Marked rows differ "
        "from the response of this report."
    ).format(categories=", ".join(found))
