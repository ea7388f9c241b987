"""The headless commands: inspect, measure, assess, criteria, demo. A contract for scripts."""

from app.cli.process import run_process
from app.cli.run import run

__all__ = ["run", "run_process"]
