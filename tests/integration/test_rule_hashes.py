"""The rule sets that responses stand on: named with their hash in file and report."""

import json
from dataclasses import replace
from pathlib import Path

from app.criteria.recist.rules import RecistRules
from app.domain.draft_read import DraftRead
from app.domain.rule_content import rules_sha256
from app.reporting.documents import read_document
from app.services.draft_read import measured_draft
from app.services.recist_read import recist_read, recist_rules
from app.services.rule_sets import CRITERIA_FOLDER, load_percist_rules
from tests.builders import pdf_text
from tests.builders.printed_reports import printed
from tests.builders.read_variants import by_recist
from tests.builders.recist_reading import responding
from tests.builders.shared_reads import SharedRead


def hashes(read: DraftRead) -> dict[str, set[str]]:
    """The hashes of reading.json by the name of the rule set that stands beside them."""
    found: dict[str, set[str]] = {}

    def look(item: object) -> None:
        if isinstance(item, dict):
            if "rule_set" in item:
                found.setdefault(item["rule_set"], set()).add(item["rules_sha256"])
            item = list(item.values())
        if isinstance(item, list):
            for part in item:
                look(part)

    look(json.loads(json.dumps(read_document(read, "a", "b"))))
    return found


def test_every_response_names_its_rule_set_by_name_and_hash(demo_read: SharedRead) -> None:
    document = read_document(by_recist(demo_read.draft.read), "a", "b")
    own, other = (load_percist_rules(name) for name in ("percist-nadir", "percist-1.0"))
    assert document["rule_set"] == "percist-nadir"
    assert document["rules_sha256"] == rules_sha256(own)
    answered = document["timepoints"][1]
    assert answered["response"]["rules_sha256"] == rules_sha256(own)
    assert answered["other_rule_set"]["rules_sha256"] == rules_sha256(other)
    assert {item["rules_sha256"] for item in document["recist"]["responses"]} == {
        rules_sha256(recist_rules())
    }
    assert hashes(by_recist(demo_read.draft.read)) == {
        "percist-nadir": {rules_sha256(own)},
        "percist-1.0": {rules_sha256(other)},
        "recist-1.1": {rules_sha256(recist_rules())},
    }


def test_one_number_of_a_rule_set_changes_the_hash_in_the_reading(
    demo_read: SharedRead, tmp_path: Path
) -> None:
    source = (CRITERIA_FOLDER / "percist-nadir.toml").read_text(encoding="utf-8")
    altered = source.replace("uptake_max_s = 4200", "uptake_max_s = 4201")
    assert altered != source
    (tmp_path / "percist-nadir.toml").write_text(altered, "utf-8")
    changed = load_percist_rules("percist-nadir", tmp_path)
    other = load_percist_rules("percist-1.0")
    own, proposed = load_percist_rules("percist-nadir"), demo_read.proposed
    found = hashes(measured_draft(proposed, changed, other).read)
    again = hashes(measured_draft(proposed, own, other).read)
    assert again == hashes(demo_read.draft.read)
    assert found["percist-1.0"] == again["percist-1.0"]
    assert found["percist-nadir"] == {rules_sha256(changed)}
    assert found["percist-nadir"].isdisjoint(again["percist-nadir"])


def test_one_number_changes_the_hash_of_the_recist_read(demo_read: SharedRead) -> None:
    def digest(rules: RecistRules) -> set[str]:
        read = replace(demo_read.draft.read, recist=recist_read(responding(), {}, rules))
        return hashes(read)["recist-1.1"]

    rules = recist_rules()
    assert digest(rules) == digest(recist_rules()) == {rules_sha256(rules)}
    assert digest(replace(rules, sd_min_days=43)) != digest(rules)


def test_the_report_prints_the_beginning_of_each_hash(
    demo_read: SharedRead, tmp_path: Path
) -> None:
    pdf_text.need_poppler()
    text = "".join(pdf_text.pages(printed(by_recist(demo_read.draft.read), (), tmp_path)))
    joined = "".join(text.split())
    for name, rules in (
        ("(Vogsen2021)", load_percist_rules("percist-nadir")),
        ("percist-1.0", load_percist_rules("percist-1.0")),
        ("responsesnotconfirmed", recist_rules()),
    ):
        assert f"{name}[{rules_sha256(rules)[:12]}]" in joined, name
