"""Times the criteria on a made-up trial: 262 participants, 9 visits, 2 readers.

`primary` derives every read by PERCIST (percist-nadir) and RECIST 1.1 with full traces, `variants`
the sensitivity table of PERCIST besides: both references and forms in six quantities. Both go
through the service (`derive_trial`), which reads the rule sets and hashes them for every read.
Three passes each, of which the median counts. Targets: below 2 s and below 30 s.
"""

import argparse
import json
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from functools import partial

from app.services.criteria_input import CriteriaInput
from app.services.derive_trial import derive_trial
from benchmarks.criteria_trial import PARTICIPANTS, READERS, VISITS, made_up_inputs

PASSES = 3
TARGETS_S = {"primary": 2.0, "variants": 30.0}


def courses(given: Sequence[CriteriaInput]) -> int:
    """Derives every read by every criterion, with the variants it asks for; their number."""
    return sum(
        len(item.recist) + sum(1 + len(course.variants or ()) for course in item.percist)
        for item in derive_trial(given)
    )


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
    work = {
        "primary": partial(courses, made_up_inputs()),
        "variants": partial(courses, made_up_inputs(variants=True)),
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
