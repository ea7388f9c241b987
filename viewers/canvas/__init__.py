"""The viewports: pictures, overlays and mouse (Qt)."""
