"""Bone scintigraphy: foci, flare, and how bone enters the response (spec 3.8, 4)."""
