"""Voxels in patient space: numbers, regions and their measures; no Qt, no DICOM, no SQL."""
