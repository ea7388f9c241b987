"""Writing the demo patient: once, whole, the same bytes every time, never over foreign files."""

import dataclasses
import json

import pytest

from app.demo.patient import MANIFEST, parameter_hash, write_demo_patient
from app.demo.phantom import demo_phantom
from app.errors import ReaderError
from tests.builders.demo_patient import small_phantom

SMALL = small_phantom(slices=2)


def contents(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if not f.is_dir()}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "new"
    shares = []
    visits = write_demo_patient(folder, shares.append, SMALL)
    return folder, visits, shares


def test_two_visits_with_pet_and_ct_appear_and_nothing_else(written):
    folder, visits, _ = written
    assert visits == (folder / "baseline", folder / "month3")
    expected = {
        f"{visit}/{m}/{m}000{n}.dcm"
        for visit in ("baseline", "month3")
        for m in ("PT", "CT")
        for n in (1, 2)
    }
    assert set(contents(folder)) == expected | {MANIFEST}


def test_progress_rises_to_one(written):
    shares = written[2]
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_the_same_bytes_every_time(written, tmp_path):
    write_demo_patient(tmp_path, phantom=SMALL)
    assert contents(tmp_path) == contents(written[0])


def test_a_complete_set_is_reused(written):
    file = written[1][0] / "CT" / "CT0001.dcm"
    before = file.stat().st_mtime_ns
    write_demo_patient(written[0], phantom=SMALL)
    assert file.stat().st_mtime_ns == before


def test_the_manifest_tells_no_truth(written):
    manifest = json.loads((written[0] / MANIFEST).read_text())
    assert set(manifest) == {"parameters", "files"}


def test_other_parameters_have_another_hash():
    visits = (dataclasses.replace(SMALL.visits[0], noise_seed=1), SMALL.visits[1])
    assert parameter_hash(SMALL) != parameter_hash(dataclasses.replace(SMALL, visits=visits))
    assert parameter_hash(SMALL) != parameter_hash(demo_phantom())
    assert parameter_hash(SMALL) == parameter_hash(small_phantom(slices=2))


def test_an_interrupted_write_leaves_no_half_visit_and_is_done_again(written, tmp_path):
    def stop(share):
        if share > 0.6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_demo_patient(tmp_path, stop, SMALL)
    assert set(contents(tmp_path)) == {MANIFEST}
    write_demo_patient(tmp_path, phantom=SMALL)
    assert contents(tmp_path) == contents(written[0])


@pytest.mark.parametrize("damage", ["missing", "truncated", "manifest"])
def test_a_damaged_set_is_written_again(written, tmp_path, damage):
    write_demo_patient(tmp_path, phantom=SMALL)
    victim = tmp_path / "month3" / "PT" / "PT0002.dcm"
    if damage == "missing":
        victim.unlink()
    elif damage == "truncated":
        victim.write_bytes(victim.read_bytes()[:1000])
    else:
        (tmp_path / MANIFEST).write_text("[")
    write_demo_patient(tmp_path, phantom=SMALL)
    assert contents(tmp_path) == contents(written[0])


@pytest.mark.parametrize("name", ["IM1.dcm", "CT/CT0001.dcm"])
def test_somebody_elses_files_are_never_replaced(tmp_path, name):
    foreign = tmp_path / "baseline" / name
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"a real patient")
    with pytest.raises(ReaderError) as refusal:
        write_demo_patient(tmp_path, phantom=SMALL)
    assert refusal.value.code == "DEMO_FOLDER_OCCUPIED"
    assert foreign.read_bytes() == b"a real patient"


def test_a_full_disk_is_one_clear_line_and_leaves_nothing(tmp_path):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # a CT slice is larger
    try:
        with pytest.raises(ReaderError) as refusal:
            write_demo_patient(tmp_path, phantom=SMALL)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert refusal.value.code == "DEMO_NOT_WRITTEN"
    assert set(contents(tmp_path)) == {MANIFEST}


def test_a_file_in_the_place_of_the_folder_is_one_clear_line(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(ReaderError) as refusal:
        write_demo_patient(tmp_path / "taken", phantom=SMALL)
    assert refusal.value.code == "DEMO_NOT_WRITTEN"
