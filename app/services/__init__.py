"""Verbs: one use case per file."""
