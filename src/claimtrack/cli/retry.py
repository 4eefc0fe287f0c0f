"""Retries a command that was blocked by the transaction of another program.

The transaction was rolled back, so a retry writes nothing twice. A command that has already read
stdin, printed or written something is not retried.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from claimtrack.cli import state
from claimtrack.errors import Contended

PAUSES = (0.1, 0.4, 1.6)
"""Seconds before each retry, randomised so that two programs do not retry at the same times."""


def mark_consumed(what: str) -> None:
    """Note that something was read or printed which a retry would repeat; prevents retries."""
    state.current().consumed.append(what)


def mark_stream_consumed(file: Path) -> None:
    """Call `mark_consumed` for an input that cannot be read twice, such as a pipe."""
    with suppress(OSError):  # reading it will report the error
        if not file.is_file():
            mark_consumed(str(file))


def retry(attempt: Callable[[], None]) -> None:
    """Run a command, and retry it if the transaction of another program blocked it.

    Raises:
        Contended: It is blocked in the last attempt too, or must not be retried.
    """
    for pause in PAUSES:
        try:
            return attempt()
        except Contended:
            if state.current().consumed:
                raise
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - no secret
    return attempt()
