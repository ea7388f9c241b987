"""Visits, progression-free survival and lead time (spec 3.11)."""
