"""From a reading to a report: compose, figures, PDF."""
