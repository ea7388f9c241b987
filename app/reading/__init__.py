"""The case now open: immutable state, edits, history and the store. No files, no Qt."""
