"""RECIST 1.1 (spec 3): components, overall and best responses as pure functions of records."""
