"""Tables of lesions: one row a lesion with all visits, unmatched foci, the course."""

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.reporting.content import Table
from app.reporting.phrases import percent, site_text, visit_name
from app.reporting.progression_facts import response_line
from app.translation import mark, tr
from app.wording import sentence

NOT_MEASURED = "–"
MOST_VISITS_ABREAST = 2
LESION_NOTE = mark("SUL in g/mL. Volume: at or above the scan's threshold. Bold: target.")


def lesion_table(read: DraftRead) -> Table:
    """Every lesion of the baseline: SULpeak, SULmax and volume at each visit, and the change.

    Visits stand side by side while the page is wide enough, else below each other.
    """
    if len(read.time_points) > MOST_VISITS_ABREAST:
        return _lesions_below(read)
    columns = [tr("Lesion"), tr("Site")]
    groups = [("", 1), ("", 1)]
    for point in read.time_points:
        columns += _measure_names()
        groups.append((visit_name(point.number), len(_measure_names())))
    if read.latest.number > 0:
        columns.append(tr("Change SULpeak"))
    columns.append(tr("Notes"))
    rows = []
    for lesion in read.baseline.tumour_lesions:
        row = [lesion.lesion_id, site_text(lesion.site, lesion.side)]
        notes: dict[str, None] = {}
        for point in read.time_points:
            found = _find(point, lesion.lesion_id)
            row += _measures(found)
            notes.update(dict.fromkeys(_notes(found, point)))
        if read.latest.number > 0:
            row.append(_change(lesion, _find(read.latest, lesion.lesion_id)))
        rows.append((*row, ", ".join(notes)))
    numeric = tuple(range(2, len(columns) - 1))
    groups += [("", 1)] * (len(columns) - sum(span for _, span in groups))
    marks = _marks(read, 1)
    return Table(tuple(columns), tuple(rows), marks, numeric, tr(LESION_NOTE), tuple(groups))


def _lesions_below(read: DraftRead) -> Table:
    rows = []
    for lesion in read.baseline.tumour_lesions:
        place = (lesion.lesion_id, site_text(lesion.site, lesion.side))
        for point in read.time_points:
            found = _find(point, lesion.lesion_id)
            change = "" if point.number == 0 else _change(lesion, found)
            notes = ", ".join(_notes(found, point))
            rows.append((*place, _short(point), *_measures(found), change, notes))
            place = ("", "")
    names = (tr("Lesion"), tr("Site"), tr("Visit"))
    columns = (*names, *_measure_names(), tr("Change SULpeak"), tr("Notes"))
    marks = _marks(read, len(read.time_points))
    return Table(columns, tuple(rows), marks, (3, 4, 5, 6), tr(LESION_NOTE))


def _marks(read: DraftRead, rows_per_lesion: int) -> tuple[str, ...]:
    response = read.latest.response
    targets = (response.target_id, response.baseline_target_id) if response else ()
    return tuple(
        "target" if lesion.lesion_id in targets else ""
        for lesion in read.baseline.tumour_lesions
        for _ in range(rows_per_lesion)
    )


def unmatched_table(read: DraftRead) -> Table | None:
    """Foci of follow-ups that were not there at baseline and look like no organ."""
    rows = []
    for point in read.time_points[1:]:
        for item in point.tumour_lesions:
            if item.lesion_id.startswith("U"):
                x, y, z = item.peak_lps_mm
                rows.append(
                    (
                        item.lesion_id,
                        visit_name(point.number),
                        site_text(item.site, item.side),
                        f"{item.sul_peak:.2f}",
                        f"{item.sul_max:.2f}",
                        f"{item.volume_ml:.2f}",
                        f"{x:.0f}, {y:.0f}, {z:.0f}",
                    )
                )
    if not rows:
        return None
    columns = (tr("Focus"), tr("Visit"), tr("Site"), *_measure_names(), tr("Place (LPS, mm)"))
    return Table(columns, tuple(rows), numeric=(3, 4, 5))


def trend_table(read: DraftRead) -> Table:
    """One row a visit: the hottest lesion, the reference, the response."""
    rows = []
    for point in read.time_points:
        known = {item.lesion_id for item in read.baseline.tumour_lesions}
        hottest = next((i for i in point.tumour_lesions if i.lesion_id in known), None)
        response = point.percist
        rows.append(
            (
                visit_name(point.number),
                point.scanned_at.date().isoformat(),
                NOT_MEASURED if hottest is None else hottest.lesion_id,
                NOT_MEASURED if hottest is None else f"{hottest.sul_peak:.2f}",
                f"{point.reference.mean_sul_g_per_ml:.2f} ± {point.reference.sd_sul_g_per_ml:.2f}",
                f"{point.threshold_g_per_ml:.2f}",
                "" if response is None else response_line(response),
            )
        )
    columns = (
        tr("Visit"),
        tr("Date"),
        tr("Hottest"),
        "SULpeak",
        tr("Reference SUL"),
        tr("Threshold"),
        tr("Response"),
    )
    return Table(columns, tuple(rows), numeric=(3, 4, 5), note=tr("SUL in g/mL."))


def _measure_names() -> tuple[str, ...]:
    return "SULpeak", "SULmax", tr("Volume mL")


def _short(point: TimePoint) -> str:
    return visit_name(point.number, short=True)


def _find(point: TimePoint, lesion_id: str) -> LesionMeasurement | None:
    return next((item for item in point.lesions if item.lesion_id == lesion_id), None)


def _measures(found: LesionMeasurement | None) -> list[str]:
    if found is None:
        return [NOT_MEASURED] * 3
    return [f"{found.sul_peak:.2f}", f"{found.sul_max:.2f}", f"{found.volume_ml:.2f}"]


def _change(baseline: LesionMeasurement, latest: LesionMeasurement | None) -> str:
    if latest is None:
        return NOT_MEASURED
    return percent(latest.sul_peak / baseline.sul_peak - 1.0)


def _notes(found: LesionMeasurement | None, point: TimePoint) -> list[str]:
    if found is None:
        return [tr("{visit}: outside the scan").format(visit=_short(point))]
    notes = [sentence("flags_short", flag, {}) for flag in found.flags]
    if found.origin is LesionOrigin.CARRIED:
        notes.append(tr("{visit}: below threshold, measured in place").format(visit=_short(point)))
    return notes
