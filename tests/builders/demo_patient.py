"""The demo patient's files, written once per test run and shared by all workers."""

import dataclasses
from pathlib import Path

from app.demo.patient import write_demo_patient
from app.demo.phantom import Phantom, demo_phantom
from tests.builders.one_at_a_time import one_at_a_time


def small_phantom(slices: int = 4) -> Phantom:
    """The demo phantom scanned over a few slices through the vertebral metastasis only."""
    phantom = demo_phantom()
    level = next(v for v in phantom.visits[0].lesions if v.name == "vertebral metastasis")
    visits = tuple(
        dataclasses.replace(
            visit, lowest_slice_mm=visit.shift_mm[2] + level.body.center[2] - 2.0 * slices
        )
        for visit in phantom.visits
    )
    scanner = dataclasses.replace(phantom.scanner, slices=slices, beds=2)
    return dataclasses.replace(phantom, scanner=scanner, visits=visits)


def shared_demo_patient(folder: Path) -> tuple[Path, Path]:
    """(baseline, month 3) below `folder`; a second worker waits for the first."""
    folder.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(folder / "lock"):
        return write_demo_patient(folder)
