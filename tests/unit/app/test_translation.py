"""Every text a reader sees stands in the catalogue, translated, with its placeholders."""

import ast
import importlib.util
import string
import sys

import pytest
from fontTools.ttLib import TTFont

from app import translation
from app.translation import catalogue_file, set_language, system_language, tr
from app.wording import WORDING_FOLDER, sentence, sentences
from tests.architecture.source_tree import PROJECT, python_files

SPEC = importlib.util.spec_from_file_location("catalogue", PROJECT / ".ci/catalogue.py")
catalogue = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(catalogue)

MESSAGES = catalogue.messages()
FRENCH = catalogue.read(catalogue_file("fr"))
# Calls by which text comes on screen; their literals must go through tr().
SHOWING = {
    "setText", "setWindowTitle", "setToolTip", "setPlaceholderText", "setStatusTip",
    "setAccessibleName", "setInformativeText", "setTitle", "setHeaderLabels", "setPrefix",
    "setSuffix", "addAction", "addTab", "addRow", "addItem", "addItems", "addMenu", "drawText",
    "show_message", "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction",
    "QDockWidget", "QToolBar", "plain_label", "wrapped_label", "ElidedLabel", "show_text",
}  # fmt: skip
SAME_EVERYWHERE = {"OncoRead", "SUL", "SUVbw", "SULpeak", "HU", "CT", "PET", "MIP", "mL", "mm"}


@pytest.fixture(autouse=True)
def english_afterwards():
    yield
    set_language("en")


def placeholders(text):
    return sorted(
        (name, spec) for _, name, spec, _ in string.Formatter().parse(text) if name is not None
    )


def test_there_are_messages():
    assert len(MESSAGES) > 100


def test_every_message_has_a_french_translation():
    assert [text for text in MESSAGES if not (FRENCH.get(text) and FRENCH.get(text).string)] == []


def test_the_catalogue_holds_nothing_else():
    assert [message.id for message in FRENCH if message.id and message.id not in MESSAGES] == []


def test_translations_keep_placeholders_dots_and_mnemonics():
    for text in MESSAGES:
        french = FRENCH.get(text).string
        assert placeholders(french) == placeholders(text), text
        assert french.endswith("…") == text.endswith("…"), text
        assert french.count("&") == text.count("&"), text


def test_french_spaces_do_not_break():
    for text in [*(message.string for message in FRENCH if message.id), *french_sentences()]:
        for mark in ":;!?»%":
            at = text.find(f" {mark}")
            assert at < 0, f"use a no-break space before {mark}: {text}"


def french_sentences():
    for file in sorted((WORDING_FOLDER / "fr").glob("*.toml")):
        for kind in tables(file).values():
            yield from kind.values()


def tables(file):
    import tomllib

    return tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", sorted(f.name for f in (WORDING_FOLDER / "en").glob("*.toml")))
def test_both_languages_word_the_same_codes_with_the_same_placeholders(file):
    english, french = (tables(WORDING_FOLDER / code / file) for code in ("en", "fr"))
    assert {kind: sorted(table) for kind, table in french.items()} == {
        kind: sorted(table) for kind, table in english.items()
    }
    for kind, table in english.items():
        for code, text in table.items():
            assert placeholders(french[kind][code]) == placeholders(text), f"{kind}.{code}"


def test_no_french_file_without_an_english_one():
    names = [{f.name for f in (WORDING_FOLDER / code).glob("*.toml")} for code in ("en", "fr")]
    assert names[0] == names[1]


def test_the_fonts_of_the_program_can_draw_every_text():
    drawn = set(TTFont(PROJECT / "resources/fonts/IBMPlexSans-Regular.ttf").getBestCmap())
    texts = [*MESSAGES, *(str(message.string) for message in FRENCH), *french_sentences()]
    assert {letter for text in texts for letter in text if ord(letter) not in drawn} - {
        "\n"
    } == set()


def test_the_language_is_chosen_at_run_time():
    assert tr("Undo") == "Undo"
    set_language("fr")
    assert tr("Undo") == "Annuler"
    assert tr("") == ""
    assert tr("not in the catalogue") == "not in the catalogue"
    assert sentence("categories", "PMR", {}) == "Réponse métabolique partielle"
    set_language("en")
    assert sentence("categories", "PMR", {}) == "Partial metabolic response"
    assert sentences("categories", "fr")["CMR"] == "Réponse métabolique complète"
    with pytest.raises(ValueError, match="xx"):
        set_language("xx")


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_GB", "LC_MESSAGES": "fr_CA"}, "fr"),
    ],
)
def test_the_system_language_is_followed_where_offered(monkeypatch, variables, code):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == code


def test_the_translation_room_needs_nothing_of_qt():
    assert not [name for name in vars(translation) if "Qt" in name]
    assert "app.translation" in sys.modules


def literal_texts(node):
    """Words that a call would show as they stand; placeholders of f-strings do not count."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield part.value
    elif isinstance(node, ast.List | ast.Tuple):
        for item in node.elts:
            yield from literal_texts(item)
    elif isinstance(node, ast.IfExp):
        yield from literal_texts(node.body)
        yield from literal_texts(node.orelse)
    elif isinstance(node, ast.BinOp):
        yield from literal_texts(node.left)
        yield from literal_texts(node.right)


def untranslated(source):
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in SHOWING:
            shown = node.args[:2] if name in {"addAction", "addTab", "addRow"} else node.args[:1]
            for argument in shown:
                for text in literal_texts(argument):
                    words = "".join(c if c.isalpha() else " " for c in text).split()
                    if set(words) - SAME_EVERYWHERE:
                        yield f"{name}({text!r}) in line {node.lineno}"


def test_nothing_is_shown_past_the_catalogue():
    found = {
        file.relative_to(PROJECT).as_posix(): list(untranslated(file.read_text(encoding="utf-8")))
        for file in python_files("viewers")
    }
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ("label.setText('Some words')", True),
        ("label.setText(f'{n} lesions')", True),
        ("QLabel('yes' if x else '')", True),
        ("label.setText(tr('Some words'))", False),
        ("label.setText(f'{n} mL')", False),
        ("label.setText(text)", False),
    ],
)
def test_the_search_for_untranslated_text_can_fail(source, caught):
    assert bool(list(untranslated(source))) is caught


def test_only_literals_are_given_to_tr_or_the_table_is_marked():
    assert list(catalogue.literals("tr('a'); mark('b'); tr(x); tr(''); other('c')")) == ["a", "b"]
