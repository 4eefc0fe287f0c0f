"""A command in a process of its own, for tests of its start and of its streams."""

import os
import subprocess
import sys


def run_process(*line: str, stdout: int, first: str = "") -> tuple[int, str]:
    """Run a command after the Python code `first`; return its exit code and its stderr."""
    program = f"{first}\nfrom claimtrack.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, *line],
        check=False,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.returncode, done.stderr.decode()
