"""View records for panels and sheets, and the pure functions that build them. No Qt."""
