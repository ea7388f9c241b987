"""Where in the body a voxel lies: outline, liver, organs with physiological FDG uptake."""
