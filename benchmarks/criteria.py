"""Times the criteria on a made-up trial: 262 participants, 9 visits, 2 readers.

`primary` derives every read by PERCIST (percist-nadir) and RECIST 1.1 with full traces, `variants`
the sensitivity table of PERCIST besides: both references and forms in six quantities. Three
passes each, of which the median counts. Targets: below 2 s and below 30 s.
"""

import argparse
import json
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial

from app.criteria.percist.derive_course import derive_course
from app.criteria.percist.rules import PercistRules
from app.criteria.percist.variants import derive_variants
from app.criteria.recist.course import recist_course
from app.criteria.recist.rules import RecistRules
from app.services.rule_sets import load_percist_rules, load_rules
from benchmarks.criteria_trial import PARTICIPANTS, READERS, VISITS, MadeUpRead, made_up_trial

PASSES = 3
TARGETS_S = {"primary": 2.0, "variants": 30.0}


def primary(reads: Sequence[MadeUpRead], percist: PercistRules, recist: RecistRules) -> int:
    """Derives every read by both criteria; the number of courses."""
    found: list[object] = []
    for read in reads:
        found.append(derive_course(read.percist, percist))
        found.append(recist_course(read.baseline, read.visits, recist))
    return len(found)


def variants(reads: Sequence[MadeUpRead], percist: PercistRules, recist: RecistRules) -> int:
    """As `primary`, and every PERCIST variant; the number of courses."""
    courses = primary(reads, percist, recist)
    return courses + sum(len(derive_variants(read.quantities, percist)) for read in reads)


def measured(name: str, work: Callable[[], int], passes: int) -> dict[str, object]:
    """Median wall and CPU time, courses and their rate."""
    wall, cpu, courses = [], [], 0
    for _ in range(passes):
        start, own = time.perf_counter(), time.process_time()
        courses = work()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - own)
    seconds = statistics.median(wall)
    return {
        "seconds": round(seconds, 3),
        "cpu_seconds": round(statistics.median(cpu), 3),
        "target_seconds": TARGETS_S[name],
        "within_target": seconds < TARGETS_S[name],
        "courses": courses,
        "follow_ups": courses * (VISITS - 1),
        "peak_courses_per_second": round(courses / min(wall)),
    }


def peak_mebibytes(work: Callable[[], int]) -> float:
    """The most memory that the derivation held at once."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 2**20, 1)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.criteria")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--passes", type=int, default=PASSES)
    arguments = parser.parse_args()
    reads = made_up_trial()
    percist = load_percist_rules("percist-nadir")
    recist = load_rules("recist-1.1", RecistRules)
    work = {
        "primary": partial(primary, reads, percist, recist),
        "variants": partial(variants, reads, percist, recist),
    }
    report: dict[str, object] = {
        "participants": PARTICIPANTS,
        "visits": VISITS,
        "readers": READERS,
        "load_average": round(os.getloadavg()[0], 2),
        **{name: measured(name, step, arguments.passes) for name, step in work.items()},
        "primary_peak_mib": peak_mebibytes(work["primary"]),
    }
    if arguments.json:
        print(json.dumps(report, indent=2))
        return
    for name, figures in report.items():
        print(f"{name}: {figures}")


if __name__ == "__main__":
    main()
