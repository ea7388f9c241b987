"""The demo patient: a phantom with known answers, written as DICOM files."""
