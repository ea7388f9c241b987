"""Gestures in patient space turned into intents, without Qt."""
