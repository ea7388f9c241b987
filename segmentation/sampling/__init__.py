"""Values between voxels: reslicing, resampling, projection, registration."""
