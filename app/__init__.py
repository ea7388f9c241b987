"""The headless program of OncoRead: everything but the window, never Qt."""
