"""Regions from voxels: thresholds, components, lesion candidates."""
