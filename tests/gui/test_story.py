"""The whole read in a real process: mouse, kill -9, reopening, keys, report."""

import json
import os
import shutil
import subprocess

import pytest

from app.cli import run
from app.domain.region import SphereRegion
from tests.builders.pdf_text import need_poppler, tool
from tests.gui.story_process import Played, first_proposal, only_state, store_proposal

pytestmark = pytest.mark.realdata


@pytest.fixture
def own_display():
    """The name of an X display of this test alone."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as told:
        yield ":" + told.readline().strip()
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def proposals():
    """What the program proposed for the folders, once a test of this file has let it.

    It takes as long as half the story and has nothing to do with the display: the other display
    finds the proposal in its archive.
    """
    return []


def measured(folder, uid, region, capsys):
    """What `measure --sphere` says of a sphere."""
    place = ",".join(map(repr, (*region.center_lps_mm, region.diameter_mm)))
    line = ["measure", str(folder), "--series", uid, f"--sphere={place}", "--json"]
    assert run(line, lambda _: 0) == 0
    (found,) = json.loads(capsys.readouterr().out)["regions"]
    return found


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_a_read_from_the_folders_to_the_report(
    platform, review_data, proposals, tmp_path, request, capsys
):
    need_poppler()
    display = {}
    if platform == "xcb":
        display = {"DISPLAY": request.getfixturevalue("own_display")}
    folders = [review_data / "acrin042" / name for name in ("baseline", "followup")]
    out = tmp_path / "out"
    out.mkdir()

    for proposal in proposals:
        store_proposal(tmp_path, proposal)
    first = Played(tmp_path, "story", *folders, platform=platform, **display)
    placed, dragged, undone, redone, ready = (first.hear() for _ in range(5))
    first.kill()
    proposals[:] = [first_proposal(tmp_path)]
    state = only_state(tmp_path)
    name = placed["lesion"]
    region = state.lesion(name).region_at(0)
    assert isinstance(region, SphereRegion)
    uid = state.visits[0].pet_series_uid
    pet = folders[0] / "PET_AC"
    there = measured(pet, uid, SphereRegion(*placed["sphere"]), capsys)
    assert there["sul"]["min"] > placed["threshold"]  # all of it counts as volume
    assert placed["card"]["Volume (MTV)"] == f"{there['volume_ml']:.2f}"
    now = measured(pet, uid, region, capsys)
    for card, truth in ((placed, there), (undone, there), (dragged, now), (redone, now)):
        assert card["card"]["SULpeak"] == f"{truth['sul']['peak']['continuous']:.2f}"
        assert card["card"]["SULmax"] == f"{truth['sul']['max']:.2f}"
    assert dragged["card"] != placed["card"] == undone["card"]
    assert redone["card"] == dragged["card"]

    again = Played(tmp_path, "finish", platform=platform, STORY_OUT=str(out), **display)
    reopened, confirmed = again.hear(), again.hear()
    assert reopened["panels"] == ready["panels"]
    assert not [row for row in confirmed["panels"] if row[1].endswith("?")]
    assert str(out) in again.hear()["message"]
    assert again.end() == 0
    document = json.loads((out / "reading.json").read_text())
    text = tool("pdftotext", "-layout", out / "report.pdf", "-")
    peaks = list(sul_peaks(document))
    assert len(peaks) >= len(confirmed["panels"])
    assert [peak for peak in peaks if f"{peak:.2f}" not in text] == []


def sul_peaks(document):
    """Every SULpeak of the lesions in a reading's document."""
    for point in document["timepoints"]:
        for lesion in point["lesions"]:
            yield lesion["sul_peak"]
