"""The window that holds it all: start-up, theme, docks, menus, settings."""
