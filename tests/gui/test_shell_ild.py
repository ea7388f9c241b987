"""A new focus in the lung in the running window: the question on ILD, asked once, answered."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QRadioButton

from app.reading.state import NewLesionClass
from app.services.export_report import READING_NAME, REPORT_NAME
from app.translation import set_language
from tests.builders import pdf_text
from tests.gui.real_window import RealWindow
from tests.gui.small_archive import small_folders, write_reading

QUESTION = {
    "en": "Answer first: was ILD or pneumonitis considered?",
    "fr": "Répondre d'abord\u00a0: une PID ou une pneumopathie a-t-elle été envisagée\u00a0?",
}
LABEL = {
    "en": "ILD or pneumonitis considered",
    "fr": "PID ou pneumopathie envisagée",
}
IN_REPORT = {
    "en": "The reader considered drug-related lung disease (ILD or pneumonitis) for: U1.",
    "fr": "Le lecteur a envisagé une atteinte pulmonaire médicamenteuse (PID ou pneumopathie) pour",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return small_folders(tmp_path_factory.mktemp("patient"))


@pytest.fixture
def started(folders, tmp_path):
    """Opens windows on a reading with a new focus in a lung, and closes them."""
    archive = tmp_path / "archive"
    write_reading(archive / "readings.sqlite", folders, new_site="lung")
    running = []

    def start(language):
        for former in running:
            former.close()
        running[:] = [RealWindow(archive, language)]
        running[0].open_recent()
        running[0].pick("U1")
        return running[0]

    yield start
    for window in running:
        window.close()
    set_language("en")


def click(window, kind, name):
    """Clicks a control of the card that a reader can see."""
    control = window.case.column.card.findChild(kind, name)
    assert control.isVisible() and control.isEnabled(), name
    place = control.rect().center()
    place.setX(8)  # the box or circle, however wide the words beside it
    QTest.mouseClick(control, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    window.settle()


def asked(window):
    """The question in sight, "" where there is none."""
    control = window.case.column.card._verdict
    return control._question.text() if control._question.isVisible() else ""


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_question_is_asked_once_and_its_answer_is_kept(started, language, tmp_path):
    window = started(language)
    first = window.saved()
    assert first.lesion("U1").new_class is None and asked(window) == ""
    assert window.case.column.card.findChild(QCheckBox, "ild_considered").text() == LABEL[language]

    click(window, QRadioButton, "class_unequivocal")
    assert asked(window) == QUESTION[language]
    assert window.saved() == first  # a verdict without the answer is none

    click(window, QCheckBox, "ild_considered")
    assert asked(window) == "" and window.message == ""
    lesion = window.saved().lesion("U1")
    assert (lesion.new_class, lesion.ild_considered) == (NewLesionClass.UNEQUIVOCAL, True)

    click(window, QRadioButton, "class_equivocal")
    assert asked(window) == ""  # answered: another verdict is taken at once
    assert window.saved().lesion("U1").new_class is NewLesionClass.EQUIVOCAL
    window.trigger("undo")
    window.settle()

    window = started(language)
    assert asked(window) == ""
    assert window.case.column.card.findChild(QCheckBox, "ild_considered").isChecked()
    out = tmp_path / "out"
    window.case.export(out)
    window.until(lambda: str(out) in window.message)
    document = json.loads((out / READING_NAME).read_text())
    response = document["timepoints"][1]["response"]
    assert response["new_lesions"] == ["U1"]
    assert "ILD_SAFETY_ALERT U1" in response["flags"]
    assert "ILD_CONSIDERED U1" in response["flags"]
    pdf_text.need_poppler()
    text = " ".join("".join(pdf_text.pages(out / REPORT_NAME)).split())
    assert IN_REPORT[language] in text


def test_without_the_answer_nothing_is_called_new(started, tmp_path):
    window = started("en")
    click(window, QRadioButton, "class_unequivocal")
    assert asked(window)
    window.pick("L1")
    window.pick("U1")
    assert window.saved().lesion("U1").new_class is None
    assert window.case.derived.read.latest.percist.new_lesions.unequivocal == ()
