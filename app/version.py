"""The version of the program, printed on every report."""

VERSION = "0.1.0"
