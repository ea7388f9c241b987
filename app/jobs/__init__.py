"""Off-thread work: knows neither Qt nor medicine."""
