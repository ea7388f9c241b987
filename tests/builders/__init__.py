"""Inputs with known answers for the tests."""
