"""From a draft read to the content of its report."""

from collections.abc import Sequence
from datetime import datetime

from app.domain.draft_read import DraftRead, TimePoint
from app.domain.findings import Severity
from app.domain.response import ComparabilityItem, ComparabilitySeverity, TargetResponse
from app.domain.rule_content import short_hash
from app.reporting.acquisition_tables import (
    UNKNOWN,
    acquisition_table,
    provenance_table,
    reference_table,
)
from app.reporting.cautions import cautions, outside_protocol
from app.reporting.change_text import change_text
from app.reporting.content import (
    Answer,
    Field,
    PictureFile,
    PictureRow,
    ReportContent,
    Table,
)
from app.reporting.fixed_labels import translated_labels
from app.reporting.key_images import lesion_title, scale_upper_sul, shown_lesions, shown_window
from app.reporting.lesion_tables import lesion_table, trend_table, unmatched_table
from app.reporting.phrases import (
    comparability_label,
    comparability_text,
    margin_text,
    percent,
    review_text,
    site_text,
    visit_name,
)
from app.reporting.physiological_table import physiological_table
from app.reporting.picture_files import KeyImage, Shown, range_text
from app.reporting.progression_facts import course_facts, progression_facts
from app.reporting.reasons import reason_text
from app.reporting.recist_tables import recist_section
from app.reporting.sensitivity_table import sensitivity_table
from app.translation import language, mark, tr
from app.wording import finding_text, sentence, sentences

VERDICTS = {
    ComparabilitySeverity.OK: mark("ok"),
    ComparabilitySeverity.WARN: mark("warning"),
    ComparabilitySeverity.BLOCK: mark("not comparable"),
}
SEVERITIES = {
    Severity.INFO: mark("for information"),
    Severity.WARNING: mark("warning"),
    Severity.ERROR: mark("refused"),
}
SEXES = {"F": mark("female"), "M": mark("male"), "O": mark("other")}  # PS3.3 C.7.1.1
TONES = {"CMR": "good", "PMR": "good", "SMD": "stable", "PMD": "bad"}
INVESTIGATIONAL = mark("Investigational use in trials. Not for clinical decisions.")


def compose(read: DraftRead, issued_utc: datetime, images: Sequence[KeyImage]) -> ReportContent:
    """The content of the report of a draft read; `issued_utc` is printed, not read here."""
    patient = read.patient
    subject = patient.patient_id or tr("(no id)")
    stamp = issued_utc.strftime("%Y-%m-%d %H:%M UTC")
    return ReportContent(
        language=language(),
        labels=translated_labels(),
        title=tr("PERCIST response, FDG PET-CT"),
        status=review_text(read.review),
        investigational=tr(INVESTIGATIONAL),
        running_head=(
            f"{subject} · {visit_name(read.latest.number)} {_day(read.latest)} · "
            f"{stamp} · {tr('inputs')} {read.inputs_hash[:12]}"
        ),
        patient=(
            Field(tr("Subject"), subject),
            Field(tr("Sex"), _sex(patient.patient_sex)),
            Field(tr("Time points"), " · ".join(map(_visit, read.time_points))),
            Field(tr("Issued"), stamp),
        ),
        answer=_answer(read),
        texts=tuple(
            Field(label, text)
            for label, text in (
                (tr("Impression"), read.impression),
                (tr("Comment"), read.comment),
            )
            if text.strip()
        ),
        trend=trend_table(read),
        sensitivity=sensitivity_table(read),
        acquisition=acquisition_table(read),
        comparability=tuple((_visit(point), _comparability(point)) for point in read.time_points),
        references=reference_table(read),
        reference_pictures=PictureRow("", _files(images, Shown.REFERENCE)),
        lesions=lesion_table(read),
        physiological=physiological_table(read),
        unmatched=unmatched_table(read),
        mips=PictureRow(
            tr("Maximum intensity projections"),
            _files(images, Shown.MIP),
            range_text(shown_window(read)),
        ),
        key_images=_lesion_pictures(read, images),
        image_note=_image_note(read),
        findings=_findings(read),
        settings=_settings(read),
        provenance=provenance_table(read),
        recist=recist_section(read),
    )


def _sex(code: str) -> str:
    return tr(SEXES.get(code, code)) if code else tr("not stated")


def _day(point: TimePoint) -> str:
    return point.scanned_at.date().isoformat()


def _visit(point: TimePoint) -> str:
    return f"{visit_name(point.number)} {_day(point)}"


def _answer(read: DraftRead) -> Answer:
    response = read.latest.percist
    if response is None:
        return Answer(
            category="–",
            category_text=tr("Baseline only: no response yet"),
            tone="open",
            change="",
            target=_target(read, None),
            margin="",
            rule_set=_rule_set(read, read.rule_set),
            other_rule_set="",
            outside=outside_protocol(read),
            progression=(),
            reasons=(),
            cautions=cautions(read),
        )
    other = read.latest.other_percist
    code = response.overall.value
    return Answer(
        category=code.replace("_", " "),
        category_text=sentence("categories", code, {}),
        tone=TONES.get(code, "open") if read.review.complete else "draft",
        change=change_text(response.target),
        target=_target(read, response.target),
        margin=margin_text(response.overall, response.margins) or "",
        rule_set=_rule_set(read, response.rule_set),
        other_rule_set=(
            ""
            if other is None
            else tr("{rule_set}: {category} ({percent} from baseline)").format(
                rule_set=f"{other.rule_set} [{short_hash(read.rules_sha256[other.rule_set])}]",
                category=other.overall.value.replace("_", " "),
                percent=percent(other.target.change_from_baseline_fraction),
            )
        ),
        outside=outside_protocol(read),
        progression=(
            *progression_facts(read.latest, not read.review.complete),
            *course_facts(read),
        ),
        reasons=tuple(Field(item.rule, reason_text(item)) for item in response.trace),
        cautions=cautions(read),
    )


def _rule_set(read: DraftRead, name: str) -> str:
    """What a rule set is, and the beginning of the hash of what it says."""
    return f"{sentence('rule_sets', name, {})} [{short_hash(read.rules_sha256[name])}]"


def _target(read: DraftRead, response: TargetResponse | None) -> str:
    lesions = {item.lesion_id: item for item in read.latest.lesions}
    name = response.target_id if response else None
    if response is None or name is None or response.sul_peak_g_per_ml is None:
        hottest = next(iter(read.baseline.tumour_lesions), None)
        if hottest is None:
            return tr("No measurable lesion at baseline")
        return tr("{lesion} ({site}): SULpeak {value} g/mL at baseline").format(
            lesion=hottest.lesion_id,
            site=site_text(hottest.site, hottest.side),
            value=f"{hottest.sul_peak:.2f}",
        )
    lesion = lesions[name]
    start = f"{response.baseline_sul_peak_g_per_ml:.2f}"
    if response.baseline_target_id != name:
        start += f" ({response.baseline_target_id})"
    return tr("{lesion} ({site}): SULpeak {start} → {now} g/mL").format(
        lesion=name,
        site=site_text(lesion.site, lesion.side),
        start=start,
        now=f"{response.sul_peak_g_per_ml:.2f}",
    )


def _comparability(point: TimePoint) -> Table:
    return Table(
        (tr("Rule"), tr("Found"), tr("Verdict")),
        tuple(
            (
                comparability_label(item),
                _found(item),
                tr(VERDICTS[item.severity]),
            )
            for item in point.comparability
        ),
        marks=tuple(item.severity.value for item in point.comparability),
    )


def _found(item: ComparabilityItem) -> str:
    """What was found; a fact that nobody stated in words that agree with every label."""
    return tr(UNKNOWN) if item.code == "FACT_UNKNOWN" else comparability_text(item)


def _files(images: Sequence[KeyImage], shown: Shown) -> tuple[PictureFile, ...]:
    return tuple(PictureFile(i.file, i.caption) for i in images if i.shown is shown)


def _lesion_pictures(read: DraftRead, images: Sequence[KeyImage]) -> tuple[PictureRow, ...]:
    rows: dict[str, list[PictureFile]] = {}
    for image in images:
        if image.lesion_id is not None:
            rows.setdefault(image.lesion_id, []).append(PictureFile(image.file, image.caption))
    note = range_text(shown_window(read))
    return tuple(
        PictureRow(lesion_title(read, name), tuple(pictures), note)
        for name, pictures in rows.items()
    )


def _image_note(read: DraftRead) -> str:
    note = tr(
        "All visits on one scale: SUL 0–{upper} g/mL; CT 400/40 HU; fusion 50 %; one pixel is the "
        "same length in all slices. Rings are drawn about the hottest point of each lesion."
    ).format(upper=f"{scale_upper_sul(read):g}")
    shown, known = len(shown_lesions(read)), len(read.baseline.tumour_lesions)
    if shown < known:
        text = tr("Shown: the {shown} hottest of {known} lesions; the MIPs show all.")
        note += " " + text.format(shown=shown, known=known)
    return note


def _findings(read: DraftRead) -> Table:
    return Table(
        (tr("Visit"), tr("Severity"), tr("Finding")),
        tuple(
            (visit_name(point.number), tr(SEVERITIES[item.severity]), finding_text(item))
            for point in read.time_points
            for item in point.findings
        ),
    )


def _settings(read: DraftRead) -> Table:
    words = sentences("comparability_values")
    rows = (
        (tr("Program"), f"OncoRead {read.program_version}"),
        (
            tr("Rule set"),
            tr("{rule}: {found}.").format(rule=read.rule_set, found=_rule_set(read, read.rule_set)),
        ),
        (tr("Lean body mass"), words.get(read.lbm_formula, read.lbm_formula)),
        (
            "SULpeak",
            tr("{kernel}, 1 mL (diameter 12.407 mm), cubic B-spline, any centre").format(
                kernel=words.get(read.peak_kernel, read.peak_kernel)
            ),
        ),
        (
            tr("Threshold"),
            tr("liver: 1.5 × mean + 2 SD (SD with n−1), SULpeak at or above it, at baseline"),
        ),
        (
            tr("Volume (MTV)"),
            tr("voxels at or above the scan's own threshold, 26-connected, cut at saddles"),
        ),
        (
            tr("Target"),
            tr("hottest lesion of each scan among those of the baseline (one-lesion PERCIST)"),
        ),
        (
            tr("Physiological marks"),
            tr("rules on position, size and heat; a reader confirms each"),
        ),
        (tr("Inputs (SHA-256)"), read.inputs_hash),
    )
    return Table((tr("Setting"), tr("Value")), rows)
