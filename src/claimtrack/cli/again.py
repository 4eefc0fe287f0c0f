"""A command that another program's transaction was in the way of is run again, for a while.

It was rolled back whole, so that running it again does nothing twice; unless it has asked, read,
printed or written something before.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from claimtrack.errors import Contended

PAUSES = (0.1, 0.4, 1.6)
"""Seconds before each further attempt, more or less: two programs must not wait in step."""

_begun: list[str] = []


def spend(what: str) -> None:
    """Note what this command has taken or given that cannot be taken or given twice."""
    _begun.append(what)


def spend_stream(file: Path) -> None:
    """Note that a file is to be read which may give nothing twice, as a pipe."""
    with suppress(OSError):  # who reads it tells
        if not file.is_file():
            spend(str(file))


def begin_anew() -> None:
    """Forget what another command of this process has taken or given."""
    _begun.clear()


def until_free(attempt: Callable[[], None]) -> None:
    """Run a command, and run it again where another program was in the way.

    Raises:
        Contended: it still is after the last attempt, or the command cannot be run again.
    """
    for pause in PAUSES:
        try:
            return attempt()
        except Contended:
            if _begun:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
    return attempt()
