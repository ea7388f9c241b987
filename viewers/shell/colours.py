"""The colours of the reading room, and how legible one is on another. Qt-free."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """Named for their use; `#rrggbb`. Quiet greys, so that the images own the screen."""

    window: str = "#15171a"
    panel: str = "#1b1e22"
    raised: str = "#24282d"
    hovered: str = "#2e343b"
    border: str = "#3a4149"
    image: str = "#000000"
    text: str = "#d5d9de"
    muted: str = "#9aa3ad"
    disabled: str = "#626b75"
    accent: str = "#6fb3e0"
    selected: str = "#274a63"
    on_selected: str = "#f0f4f8"
    warning: str = "#e3b057"
    refused: str = "#f28b82"
    agreed: str = "#7cc79a"


COLOURS = Colours()
# What is read on what; a test holds each pair to WCAG 2.2 level AA for body text.
BACKGROUNDS = ("window", "panel", "raised", "hovered", "image")
TEXTS = ("text", "muted", "accent", "warning", "refused", "agreed")
SELECTED_TEXTS = ("on_selected",)
LEAST_CONTRAST = 4.5


def names() -> dict[str, str]:
    """All colours by name, for the style sheet."""
    return asdict(COLOURS)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance of sRGB)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of `#rrggbb`, 0 to 1."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
