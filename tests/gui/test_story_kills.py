"""kill -9 at any moment of a read: what the window took is there afterwards, and nothing else."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from app.persistence.codec import edit_from, state_from, state_text
from app.reading.history import History
from app.reading.store import Action
from tests.gui.small_archive import small_folders, with_reading
from tests.gui.story_process import Server, archive_file, only_state, opened

KILLS, AT_ONCE = 20, 2
LONGEST_LIFE_S = 0.8


def test_no_accepted_edit_is_lost_by_20_kills(tmp_path):
    folders = small_folders(tmp_path / "patient")
    homes = [tmp_path / f"home{number}" for number in range(AT_ONCE)]
    for home in homes:
        with_reading(home, folders)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        counts = list(pool.map(killed_again_and_again, homes, range(AT_ONCE)))
    assert sum(counts) > KILLS  # the kills met a reading that was being changed


def killed_again_and_again(home, seed):
    """Kills one reading many times; returns how many changes were taken in all."""
    chance = random.Random(seed)
    last = -1
    server = Server()
    for life in range(KILLS // AT_ONCE):
        # Each life ends a little later than the one before, at no chosen place of an edit.
        lifetime_s = LONGEST_LIFE_S * (life + chance.random()) / (KILLS // AT_ONCE)
        names = {"STORY_SEED": f"{seed}{life}", "STORY_ARCHIVE": str(archive_file(home))}
        state = only_state(home)
        process = server.start(home, "edits", **names)
        begun = server.hear()
        assert shown(begun["panels"]) == listed(state)
        assert begun["done"] >= last
        time.sleep(lifetime_s)
        told = [begun, *server.kill(process)]
        done = told[-1]["done"]
        assert [line["done"] for line in told] == sorted(line["done"] for line in told)
        rows = journal(home)
        assert shown(told[-1]["panels"]) == listed(replayed(home, rows[:done]).state)
        assert len(rows) in (done, done + 1)  # one may be on disk before it was told
        assert state_text(only_state(home)) == state_text(replayed(home, rows).state)
        last = len(rows)
    server.close()
    return last


def journal(home):
    """Action and edit of every row on disk, in order."""
    archive = opened(home)
    try:
        return archive._db.execute("SELECT action, edit FROM journal ORDER BY seq").fetchall()
    finally:
        archive.close()


def replayed(home, rows):
    """The rows applied to the first state, one by one."""
    archive = opened(home)
    (first,) = archive._db.execute("SELECT initial_state FROM reading").fetchone()
    archive.close()
    history = History(state_from(first))
    for action, edit in rows:
        if action == Action.EDIT:
            history = history.after(edit_from(edit))
        else:
            history = history.undone() if action == Action.UNDO else history.redone()
    return history


def shown(panels):
    """Id and role letters of the list."""
    return [row[:2] for row in panels]


def listed(state):
    """The same of a state."""
    letters = {"tumour": "L", "physiological": "P", "unsure": "U"}
    return [
        [item.lesion_id, letters[item.role.value] + ("" if item.confirmed else "?")]
        for item in state.present_lesions()
    ]
