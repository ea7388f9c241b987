"""What the reader sees (Qt, pyqtgraph, VTK). The window is not built yet."""
