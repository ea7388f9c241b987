"""Tables of lesions: one row a lesion with all visits, physiological foci, unmatched foci."""

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.lesion import LesionMeasurement, LesionOrigin
from app.reporting.content import Table
from app.reporting.phrases import mark_text, percent, report_string, site_text, visit_name
from app.wording import sentence

NOT_MEASURED = "–"


def lesion_table(read: DraftRead) -> Table:
    """Every lesion of the baseline: SULpeak, SULmax and volume at each visit, and the change."""
    latest = read.latest
    response = latest.response
    columns = ["Lesion", "Site"]
    for point in read.time_points:
        short = visit_name(point.number, short=True)
        columns += [f"{short} SULpeak", f"{short} SULmax", f"{short} mL"]
    if latest.number > 0:
        columns.append("Change SULpeak")
    columns.append("Notes")
    rows, marks = [], []
    for lesion in read.baseline.tumour_lesions:
        row = [lesion.lesion_id, site_text(lesion.site, lesion.side)]
        notes: dict[str, None] = {}
        last: LesionMeasurement | None = None
        for point in read.time_points:
            found = _find(point, lesion.lesion_id)
            row += _measures(found)
            notes.update(dict.fromkeys(_notes(found, point)))
            last = found
        if latest.number > 0:
            row.append(NOT_MEASURED if last is None else _change(lesion, last))
        row.append(", ".join(notes))
        rows.append(tuple(row))
        targets = (response.target_id, response.baseline_target_id) if response else ()
        marks.append("target" if lesion.lesion_id in targets else "")
    numeric = tuple(range(2, len(columns) - 1))
    return Table(
        tuple(columns),
        tuple(rows),
        tuple(marks),
        numeric,
        "SUL in g/mL. mL: volume at or above the scan's threshold. Bold: target.",
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
    columns = ("Focus", "Visit", "Site", "SULpeak", "SULmax", "mL", "Place (LPS, mm)")
    return Table(columns, tuple(rows), numeric=(3, 4, 5))


def physiological_table(read: DraftRead) -> Table:
    """The foci marked as physiological with the reason of each mark, all visits side by side."""
    columns = ["Focus", "Likely"]
    first_seen: dict[str, LesionMeasurement] = {}
    for point in read.time_points:
        short = visit_name(point.number, short=True)
        columns += [f"{short} SULpeak", f"{short} SULmax", f"{short} mL"]
        for item in point.lesions:
            if item.physiological is not None:
                first_seen.setdefault(item.lesion_id, item)
    rows = []
    for lesion_id, item in first_seen.items():
        assert item.physiological is not None
        row = [lesion_id, mark_text(item.physiological)]
        for point in read.time_points:
            row += _measures(_find(point, lesion_id))
        rows.append(tuple(row))
    return Table(
        tuple(columns),
        tuple(rows),
        numeric=tuple(range(2, len(columns))),
        note="Place of the mark: where the focus was first seen. A reader confirms each mark.",
    )


def trend_table(read: DraftRead) -> Table:
    """One row a visit: the hottest lesion, the reference, the response."""
    rows = []
    for point in read.time_points:
        known = {item.lesion_id for item in read.baseline.tumour_lesions}
        hottest = next((i for i in point.tumour_lesions if i.lesion_id in known), None)
        response = point.response
        rows.append(
            (
                visit_name(point.number),
                point.scanned_at.date().isoformat(),
                NOT_MEASURED if hottest is None else hottest.lesion_id,
                NOT_MEASURED if hottest is None else f"{hottest.sul_peak:.2f}",
                f"{point.reference.mean_sul_g_per_ml:.2f} ± {point.reference.sd_sul_g_per_ml:.2f}",
                f"{point.threshold_g_per_ml:.2f}",
                "" if response is None else report_string(response),
            )
        )
    columns = ("Visit", "Date", "Hottest", "SULpeak", "Liver SUL", "Threshold", "Response")
    return Table(columns, tuple(rows), numeric=(3, 4, 5))


def _find(point: TimePoint, lesion_id: str) -> LesionMeasurement | None:
    return next((item for item in point.lesions if item.lesion_id == lesion_id), None)


def _measures(found: LesionMeasurement | None) -> list[str]:
    if found is None:
        return [NOT_MEASURED] * 3
    return [f"{found.sul_peak:.2f}", f"{found.sul_max:.2f}", f"{found.volume_ml:.2f}"]


def _change(baseline: LesionMeasurement, latest: LesionMeasurement) -> str:
    return percent(latest.sul_peak / baseline.sul_peak - 1.0)


def _notes(found: LesionMeasurement | None, point: TimePoint) -> list[str]:
    short = visit_name(point.number, short=True)
    if found is None:
        return [f"{short}: outside the scan"]
    notes = [sentence("flags_short", flag, {}) for flag in found.flags]
    if found.origin is LesionOrigin.CARRIED:
        notes.append(f"{short}: below threshold, measured in place")
    return notes
