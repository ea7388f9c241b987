"""The headless commands: inspect, measure, assess, demo. A contract for scripts."""

from app.cli.run import run

__all__ = ["run"]
