"""Whether a choice of targets keeps to the limits (spec 3.3)."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.criteria.recist.lesion_order import lesion_order
from app.criteria.recist.rules import RecistRules
from app.domain.response import Reason, reason

LYMPH_NODES = "lymph node"
_SIDES = re.compile(r"\b(left|right|bilateral|both|l|r)\b\.?")
_PLURALS = {"ovaries": "ovary", "metastases": "metastasis", "testes": "testis"}
# Singular words that end in s.
_KEPT = frozenset({"pancreas", "uterus", "anus", "oesophagus", "esophagus", "thymus", "pelvis"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lesion that is, or could be, a target. `site` tells nodes of different chains apart."""

    lesion_id: str
    organ: str
    nodal: bool = False
    measurable: bool = True
    site: str = ""


@dataclass(frozen=True, slots=True)
class SelectionCheck:
    """Whether a choice is valid; `problems` forbid it, `hints` only advise."""

    valid: bool
    problems: tuple[Reason, ...]
    hints: tuple[Reason, ...]


def counted_organ(organ: str, nodal: bool = False) -> str:
    """The organ a lesion counts for: paired organs are one, all lymph nodes are one.

    Case, side, lobe (after a comma) and plural do not matter. Source: spec 3.3.
    """
    text = " ".join(organ.lower().replace("_", " ").split(",")[0].split())
    words = [word for word in re.split(r"[\s./()-]+", _SIDES.sub(" ", text)) if word]
    words = [_singular(word) for word in words]
    if nodal or {"node", "lymphnode"} & set(words):
        return LYMPH_NODES
    return " ".join(words)


def check_selection(
    selected: Sequence[Candidate], rules: RecistRules, others: Sequence[Candidate] = ()
) -> SelectionCheck:
    """Whether the chosen targets keep to 5 in total, 2 per organ, measurable lesions only.

    `others` are lesions that were not chosen: an organ among them that could still be covered
    gives a hint, as does a second node of the same chain. Source: spec 3.3.
    """
    problems: list[Reason] = []
    total = len(selected)
    if total > rules.max_targets:
        problems.append(reason("REC-3.3-MAX", "MAX_5_TOTAL", count=total, limit=rules.max_targets))
    organs = Counter(counted_organ(item.organ, item.nodal) for item in selected)
    limit = rules.max_targets_per_organ
    for organ, count in sorted(organs.items()):
        if count > limit:
            problems.append(
                reason("REC-3.3-ORGAN", "MAX_2_PER_ORGAN", organ=organ, count=count, limit=limit)
            )
    for item in sorted(selected, key=lambda item: lesion_order(item.lesion_id)):
        if not item.measurable:
            problems.append(
                reason("REC-3.3-MEASURABLE", "TARGET_NOT_MEASURABLE", lesion=item.lesion_id)
            )
    return SelectionCheck(not problems, tuple(problems), _hints(selected, others, organs, rules))


def _hints(
    selected: Sequence[Candidate],
    others: Sequence[Candidate],
    organs: Counter[str],
    rules: RecistRules,
) -> tuple[Reason, ...]:
    hints: list[Reason] = []
    left_out = {counted_organ(item.organ, item.nodal) for item in others if item.measurable}
    if len(selected) < rules.max_targets:
        for organ in sorted(left_out - organs.keys()):
            hints.append(reason("REC-3.3-COVER", "ORGAN_NOT_COVERED", organ=organ))
    chains = Counter(
        item.site.strip().lower()
        for item in selected
        if item.site and counted_organ(item.organ, item.nodal) == LYMPH_NODES
    )
    for chain, count in sorted(chains.items()):
        if count > 1:
            hints.append(reason("REC-3.3-CHAIN", "SAME_NODE_CHAIN", chain=chain))
    return tuple(hints)


def _singular(word: str) -> str:
    if word in _KEPT or not word.endswith("s") or len(word) < 4:
        return word
    return _PLURALS.get(word, word[:-1])
