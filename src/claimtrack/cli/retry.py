"""A command that another program's transaction blocked is retried a few times.

It was rolled back whole, so that a retry does nothing twice; unless it has read input, printed or
written something before.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from claimtrack.cli import state
from claimtrack.errors import Contended

PAUSES = (0.1, 0.4, 1.6)
"""Seconds before each further attempt, more or less: two programs must not wait in step."""


def spend(what: str) -> None:
    """Note what was read or printed that cannot be read or printed twice: no retry after it."""
    state.current().spent.append(what)


def spend_stream(file: Path) -> None:
    """Note that a file is to be read which may give nothing twice, as a pipe."""
    with suppress(OSError):  # who reads it tells
        if not file.is_file():
            spend(str(file))


def retry(attempt: Callable[[], None]) -> None:
    """Run a command, and retry it where another program's transaction blocked it.

    Raises:
        Contended: it is blocked in the last attempt too, or must not run twice.
    """
    for pause in PAUSES:
        try:
            return attempt()
        except Contended:
            if state.current().spent:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
    return attempt()
