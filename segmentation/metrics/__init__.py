"""Measures of a region: statistics, peak, diameters, reference regions."""
