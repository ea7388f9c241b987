"""SUV gate, reference time, lean mass and factors: pure functions of header records."""
