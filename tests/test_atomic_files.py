"""Files made beside their place: whole or not there, and nothing left lying about."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from claimtrack.atomic_files import replace_file, sibling_folder


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_the_folder_is_gone_at_the_end_and_after_an_error(tmp_path: Path) -> None:
    place = tmp_path / "a.csv"
    try:
        with sibling_folder(place) as folder:
            assert folder.stat().st_mode & 0o777 == 0o700
            (folder / "x").write_text("half")
            raise FileNotFoundError
    except FileNotFoundError:
        pass
    assert names(tmp_path) == []


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    place, made = tmp_path / "a.csv", tmp_path / "made"
    place.write_text("old")
    place.chmod(0o640)
    made.write_text("new")
    replace_file(made, place)
    assert (place.read_text(), place.stat().st_mode & 0o777) == ("new", 0o640)
    assert names(tmp_path) == ["a.csv"]


def test_what_a_killed_command_left_is_taken_away_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    place = tmp_path / "a[1].csv"
    script = (
        "import sys, time; from pathlib import Path\n"
        "from claimtrack.atomic_files import sibling_folder\n"
        "with sibling_folder(Path(sys.argv[1])): print('there', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(place)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        [theirs] = names(tmp_path)
        with sibling_folder(place) as ours:
            assert names(tmp_path) == sorted([theirs, ours.name])
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert names(tmp_path) == [theirs]
    with sibling_folder(tmp_path / "b.csv"):
        assert theirs in names(tmp_path)
    with sibling_folder(place) as ours:
        assert names(tmp_path) == [ours.name]
