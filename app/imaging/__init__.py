"""Pictures without Qt: slices, fusion, MIP and overlays as RGBA, for report and viewers."""
