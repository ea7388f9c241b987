"""A PET that is refused is shown with its reason, without SUV, and nothing is read from it."""

import pytest
from pydicom import dcmread
from PySide6.QtWidgets import QPushButton

from app.persistence.archive import Archive
from tests.builders.dicom_copies import copied
from tests.gui.real_window import RealWindow
from tests.gui.small_archive import small_folders, utc_now
from viewers.panels.intake_sheet import IntakeSheetPanel
from viewers.shell.look_page import LookPage


def without_weight(dataset):
    if "PatientWeight" in dataset:
        del dataset.PatientWeight


@pytest.fixture
def refused(tmp_path):
    """The baseline of the small phantom whose files state no weight, and its PET's UID."""
    folder = small_folders(tmp_path / "patient")[0]
    by_series = {}
    for file in sorted(folder.rglob("*.dcm")):
        by_series.setdefault(file.parent, []).append(file)
    uid = ""
    for number, files in enumerate(by_series.values()):
        header = dcmread(files[0], stop_before_pixels=True)
        uid = header.SeriesInstanceUID if header.Modality == "PT" else uid
        copied(files, tmp_path / "refused" / str(number), without_weight)
    return tmp_path / "refused", uid


@pytest.fixture
def window(tmp_path):
    made = RealWindow(tmp_path / "archive")
    made.settle()
    yield made
    made.close()


def shown(window, kind):
    return next((w for w in window.window.findChildren(kind) if w.isVisible()), None)


def test_a_refused_pet_is_looked_at_with_its_reason_and_left_again(window, refused):
    folder, uid = refused
    window.application.desk.open_folders([folder])
    window.until(lambda: shown(window, IntakeSheetPanel))
    button = window.window.findChild(QPushButton, f"look_{uid}")
    assert button is not None and button.isVisible()
    accept = window.window.findChild(QPushButton, "accept_intake")
    assert not accept.isEnabled()
    button.click()
    page = window.until(lambda: shown(window, LookPage))
    window.settle()
    assert "(0010,1030)" in page.reason.text()
    frames = page.canvas.frames
    window.until(lambda: {"0.pet.axial", "0.ct.axial", "0.mip.any"} <= set(page.canvas.frames))
    for frame in frames.values():
        assert frame.scale is None or frame.scale.quantity is None  # no SUV window
    assert all(frame.picture is not None for frame in page.canvas.frames.values())
    assert window.case is None
    window.window.findChild(QPushButton, "close_look").click()
    window.until(lambda: shown(window, IntakeSheetPanel))
    assert shown(window, LookPage) is None
    archive = Archive(window.file, utc_now)
    assert archive.readings() == ()
    archive.close()


def test_a_look_is_given_up_with_its_sheet(window, refused):
    folder, uid = refused
    window.application.desk.open_folders([folder])
    window.until(lambda: shown(window, IntakeSheetPanel))
    window.window.findChild(QPushButton, f"look_{uid}").click()
    window.window.findChild(QPushButton, "cancel_intake").click()
    window.settle()
    assert shown(window, LookPage) is None
    assert shown(window, IntakeSheetPanel) is None
    assert window.message == ""
