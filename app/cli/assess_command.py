"""`assess --timepoint DIR --timepoint DIR --out DIR`: a draft PERCIST read with its report."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from app.cli.json_text import json_text
from app.reporting.progression_facts import response_line
from app.services.draft_read import draft_read
from app.services.export_report import (
    READING_NAME,
    REPORT_NAME,
    check_folder,
    export_report,
)
from app.services.progress import SILENT, Console, Progress
from app.services.rule_sets import PERCIST_SETS, load_percist_rules


def assess_command(arguments: argparse.Namespace) -> str:
    """The read as JSON, or a summary with where the report lies."""
    return assess(arguments.timepoints, arguments.out, arguments.rules, arguments.json)


def assess(folders: Sequence[Path], out: Path, rules: str, as_json: bool) -> str:
    """Drafts and exports a read; the output for stdout."""
    check_folder(out)
    progress = console_progress(as_json)
    other = next(name for name in PERCIST_SETS if name != rules)
    draft = draft_read(folders, load_percist_rules(rules), load_percist_rules(other), progress)
    document = export_report(draft, out, datetime.now(UTC), progress)
    if as_json:
        return json_text(document)
    answer = draft.read.latest.percist
    return _summary(document, "" if answer is None else response_line(answer), out)


def console_progress(as_json: bool) -> Progress:
    """Progress for a person at a terminal; scripts get a clean standard error."""
    return Console() if sys.stderr.isatty() and not as_json else SILENT


def _summary(document: Mapping[str, object], answer: str, out: Path) -> str:
    points = document["timepoints"]
    assert isinstance(points, list)
    lines = []
    for point in points:
        lesions = [item for item in point["lesions"] if not item["physiologic"]]
        hottest = lesions[0] if lesions else None
        value = (
            "no lesion" if hottest is None else f"{hottest['id']} SULpeak {hottest['sul_peak']:.2f}"
        )
        reference = point["reference"]
        lines.append(
            f"{point['date']}  {value}, liver {reference['mean']:.2f} ± {reference['sd']:.2f}, "
            f"threshold {reference['threshold']:.2f} g/mL"
        )
    response = points[-1]["response"]
    if response is not None:
        lines.append(f"{answer} ({response['rule_set']}), draft, not reviewed")
        if response["margin"]:
            lines.append(response["margin"]["text"])
    lines.append(f"Report: {out / REPORT_NAME}")
    lines.append(f"Reading: {out / READING_NAME}")
    return "\n".join(lines) + "\n"
