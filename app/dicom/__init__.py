"""The only room that sees a pydicom Dataset."""
