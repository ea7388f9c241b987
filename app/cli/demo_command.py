"""`demo [--out DIR]`: the draft read of the demo patient, a phantom written on first use."""

import argparse
from pathlib import Path

from app.cli.assess_command import assess, console_progress
from app.demo.patient import write_demo_patient
from app.services.export_report import check_folder

DEFAULT_FOLDER = Path("build") / "demo"


def demo_command(arguments: argparse.Namespace) -> str:
    """The same output as `assess`, on the demo patient."""
    out = arguments.out or DEFAULT_FOLDER
    check_folder(out)
    console_progress(arguments.json).step("write_demo")
    baseline, month3 = write_demo_patient(out / "patient")
    return assess([baseline, month3], out, arguments.rules, arguments.json)
