"""PERCIST: FDG PET response by SULpeak (spec 2)."""
