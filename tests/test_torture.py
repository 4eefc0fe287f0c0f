"""What a casebook withstands, in a small size; `make torture` does all of it."""

import re
import subprocess
import sys
from pathlib import Path


def test_a_small_torture_finds_no_promise_broken() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "torture", "--size", "small"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^\| ([a-z, ]+) \| (\d) \| (\d) \|$", done.stdout, re.MULTILINE)
    kills = {name: int(on_file) + int(on_server) for name, on_file, on_server in rows}
    assert sum(kills.values()) >= 9
    assert all(kills.values()), kills
    assert all(sum(int(row[at]) for row in rows) for at in (1, 2)), rows
