"""The look of the reading room: own fonts, dark palette, style sheet."""

from pathlib import Path
from string import Template

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from app.translation import ENGLISH, language
from viewers.shell.colours import COLOURS, names

RESOURCES = Path(__file__).parents[2] / "resources"
FAMILY = "IBM Plex Sans"
POINT_SIZE = 10.0


def apply_theme(application: QApplication) -> None:
    """Dresses the application; to be called before the first widget is made."""
    load_fonts()
    application.setStyle(QStyleFactory.create("Fusion"))
    application.setPalette(dark_palette())
    font = QFont(FAMILY)
    font.setPointSizeF(POINT_SIZE)
    font.setFeature(QFont.Tag("tnum"), 1)  # figures of one width: columns stay aligned
    application.setFont(font)
    application.setStyleSheet(style_sheet())


def load_fonts() -> list[str]:
    """The families loaded from `resources/fonts`: without system fonts Qt would draw boxes."""
    families: list[str] = []
    for file in sorted((RESOURCES / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number)
    return families


def style_sheet() -> str:
    """The style sheet with colours and icons filled in. Raises KeyError for a name not known."""
    text = (RESOURCES / "styles" / "dark.qss").read_text(encoding="utf-8")
    _, _, rules = text.partition("*/")
    return Template(rules).substitute(names(), icons=(RESOURCES / "icons").as_posix())


def dark_palette() -> QPalette:
    """The palette for what the style sheet does not name."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for what, colour in (
        (role.Window, COLOURS.window),
        (role.WindowText, COLOURS.text),
        (role.Base, COLOURS.panel),
        (role.AlternateBase, COLOURS.window),
        (role.Text, COLOURS.text),
        (role.PlaceholderText, COLOURS.muted),
        (role.Button, COLOURS.raised),
        (role.ButtonText, COLOURS.text),
        (role.BrightText, COLOURS.refused),
        (role.ToolTipBase, COLOURS.raised),
        (role.ToolTipText, COLOURS.text),
        (role.Highlight, COLOURS.selected),
        (role.HighlightedText, COLOURS.on_selected),
        (role.Link, COLOURS.accent),
        (role.LinkVisited, COLOURS.accent),
        (role.Accent, COLOURS.accent),
    ):
        palette.setColor(what, QColor(colour))
    for what in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, what, QColor(COLOURS.disabled))
    return palette


def qt_translator(application: QApplication) -> QTranslator | None:
    """Qt's own words (Cancel, Open, ...) in the chosen language, or None in English."""
    if language() == ENGLISH:
        return None
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator if translator.load(f"qtbase_{language()}", folder) else None
