"""The intake sheet on real files of the demo patient and on views built by hand."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton

from app.domain.series import SeriesRole
from app.services.inspect_folder import inspect_folder
from viewers.panels.intake_sheet import IntakeSheetPanel
from viewers.presenters.intake import IntakeView, SeriesLine, StudyLine, choices, intake_view
from viewers.presenters.time_points import Readiness

READY = Readiness(True, "SUV and SUL ready")
REFUSED = Readiness(False, "SUV refused: Patient's Weight is missing.", "(0010,1030)")


def line(uid, readiness=READY, role=SeriesRole.PET_AC):
    return SeriesLine(uid, role, "PET", f"series {uid}", "no volume", readiness, True, ())


def study(uid, day, pets=("p",), problem=""):
    pet_lines = tuple(line(f"{uid}.{pet}") for pet in pets)
    series = pet_lines or (line(f"{uid}.x", REFUSED),)
    return StudyLine(
        uid,
        Path(uid),
        datetime(2026, 1, day, 9, 0),
        "PET-CT",
        series,
        pet_lines,
        pet_lines[0].series_uid if pet_lines else None,
        None,
        problem,
    )


VIEW = IntakeView(
    "SUBJECT-7", (study("a", 1), study("b", 5), study("c", 9, (), REFUSED.text)), (), ""
)


@pytest.fixture
def sheet(qtbot):
    panel = IntakeSheetPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 600)
    panel.taken = []
    panel.accepted.connect(panel.taken.append)
    panel.show()
    return panel


def accept(sheet, qtbot):
    qtbot.mouseClick(sheet.findChild(QPushButton, "accept_intake"), Qt.MouseButton.LeftButton)


def test_what_is_proposed_is_taken_in_the_order_of_the_scans(sheet, qtbot):
    sheet.show_intake(VIEW)
    assert sheet.taken == []
    accept(sheet, qtbot)
    assert [(c.number, c.study_uid, c.pet_series_uid) for c in sheet.taken[0]] == [
        (0, "a", "a.p"),
        (1, "b", "b.p"),
    ]


def test_leaving_a_study_out_renumbers_the_others(sheet, qtbot):
    sheet.show_intake(VIEW)
    sheet.findChild(QCheckBox, "use_a").setChecked(False)
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert "Baseline" in texts and "Follow-up 1" not in texts
    accept(sheet, qtbot)
    assert [(c.number, c.study_uid) for c in sheet.taken[0]] == [(0, "b")]


def test_a_refused_study_cannot_be_ticked_and_names_its_tag(sheet):
    sheet.show_intake(VIEW)
    assert not sheet.findChild(QCheckBox, "use_c").isEnabled()
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert any("(0010,1030)" in text for text in texts)


@pytest.mark.parametrize("what", ["nothing ticked", "two patients"])
def test_nothing_can_be_accepted(sheet, what):
    sheet.show_intake(replace(VIEW, problem="two patients" if what == "two patients" else ""))
    if what == "nothing ticked":
        for uid in "ab":
            sheet.findChild(QCheckBox, f"use_{uid}").setChecked(False)
    assert not sheet.findChild(QPushButton, "accept_intake").isEnabled()


def test_one_of_several_pets_is_chosen(sheet, qtbot):
    sheet.show_intake(IntakeView("S", (study("a", 1, ("p", "q")),), (), ""))
    sheet._studies[0]._pet.setCurrentIndex(1)
    accept(sheet, qtbot)
    assert sheet.taken[0][0].pet_series_uid == "a.q"


def test_showing_another_folder_leaves_nothing_of_the_first(sheet):
    sheet.show_intake(VIEW)
    sheet.show_intake(IntakeView("OTHER", (study("z", 2),), (), ""))
    assert sheet.used() == ("z",)


def test_cancelling_takes_nothing(sheet, qtbot):
    sheet.show_intake(VIEW)
    with qtbot.waitSignal(sheet.cancelled):
        button = sheet.findChild(QPushButton, "cancel_intake")
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sheet.taken == []


def test_the_demo_patient_is_two_visits_ready_to_read(demo_patient):
    sheets = [inspect_folder(folder) for folder in reversed(demo_patient)]
    view = intake_view(sheets)
    assert view.problem == "" and [s.problem for s in view.studies] == ["", ""]
    taken = choices(view, [s.study_uid for s in view.studies])
    assert [choice.number for choice in taken] == [0, 1]
    assert [choice.folder for choice in taken] == list(demo_patient)
    assert all(choice.ct_series_uid for choice in taken)


@pytest.mark.realdata
def test_the_uncorrected_pet_is_refused_and_the_corrected_one_proposed(review_data):
    view = intake_view([inspect_folder(review_data / "acrin042" / "baseline")])
    (only,) = view.studies
    proposed = next(s for s in only.series if s.series_uid == only.pet_uid)
    assert proposed.role is SeriesRole.PET_AC and proposed.readiness.ready
    refused = [s.readiness for s in only.series if s.role is SeriesRole.PET_NAC]
    assert refused and not any(state.ready for state in refused)
    assert all(state.tag for state in refused)
    assert only.ct_uid is not None
