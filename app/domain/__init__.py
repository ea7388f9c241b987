"""Nouns of the reading: frozen records and enums."""
