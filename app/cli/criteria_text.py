"""The document of `criteria` as text: categories, trace, flags and margins in sentences."""

from collections.abc import Iterable
from typing import Any

from app.wording import sentence

Json = dict[str, Any]


def criteria_text(document: Json) -> str:
    """What a person reads at a terminal."""
    lines: list[str] = []
    for name, kind in (("PERCIST", "percist"), ("RECIST 1.1", "recist"), ("Bone", "bone")):
        for course in document[kind]:
            lines += [*_course(name, kind, course), ""]
    if document["timeline"] is not None:
        lines += [*_timeline(document["timeline"]), ""]
    lines.append(f"Program {document['engine_version']}, input {document['inputs_sha256'][:12]}")
    return "\n".join(lines) + "\n"


def _course(name: str, kind: str, course: Json) -> Iterable[str]:
    rules = course["rule_set"]
    yield f"{name}, rule set {rules['name']} ({rules['sha256'][:12]})"
    for visit in course["visits"]:
        yield from _visit(kind, visit)
    if kind == "percist":
        yield f"  Best response: {course['best']}"
    elif kind == "recist":
        yield f"  Best response: {course['best']['category']}"
    yield f"  First progression: {_first(kind, course['first_progression'])}"
    for row in course.get("variants") or ():
        quantity = row["quantity"]
        yield (
            f"  {quantity['lbm_formula']}, {quantity['peak_method']}, {row['lesions']} lesion(s), "
            f"from {row['reference']}: {' '.join(row['categories'])}; best {row['best']}"
        )


def _visit(kind: str, visit: Json) -> Iterable[str]:
    if kind == "bone":
        day, name, category = visit["scan_date"], visit["visit"], visit["category"]
        words, text = "", category
    elif kind == "recist":
        day, name, category = visit["scan_date"], visit["visit_id"], visit["overall"]
        words, text = sentence("recist_categories", category, {}), visit["report_string"]
    else:
        day, name, category = visit["on"], visit["visit"], visit["overall"]
        words, text = sentence("categories", category, {}), visit["report_string"]
    yield f"  {day or 'no scan'}  visit {name}: {text}" + (f"  ({words})" if words else "")
    yield from (f"    {step['rule']}: {step['text']}" for step in visit["trace"])
    yield from (f"    ! {flag['text']}" for flag in visit["flags"])
    for margin in visit.get("margins", ()):
        if margin["text"]:
            yield f"    ~ {category} {margin['text']}"
    if kind == "percist":
        yield from (f"    - {item['text']}" for item in visit["excluded"])


def _first(kind: str, first: Json | None) -> str:
    if first is None:
        return "none"
    day = first[{"percist": "on", "recist": "scan_date", "bone": "dated"}[kind]]
    basis = [first["evidence"]] if kind == "bone" else first["basis"]
    name = first["visit_id"] if kind == "recist" else first["visit"]
    return f"{day}, visit {name} ({', '.join(basis)})"


def _timeline(timeline: Json) -> Iterable[str]:
    yield f"Timeline, trial {timeline['trial']['name']}"
    for name, found in timeline["survival"].items():
        what = "event" if found["event"] else "censored"
        days = "-" if found["days"] is None else found["days"]
        yield f"  {name}: {what} ({found['kind']}), {found['dated'] or 'no date'}, {days} days"
        yield from (f"    {step['rule']}: {step['text']}" for step in found["trace"])
    yield from (f"  {pair['why']['text']}" for pair in timeline["lead_time"]["pairs"])
