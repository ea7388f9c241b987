"""Rules of medicine: pure functions of records."""
