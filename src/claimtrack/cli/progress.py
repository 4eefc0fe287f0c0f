"""A progress line on stderr for long-running commands."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import typer

_SHOWN_EVERY = 0.1
"""Seconds between two updates."""


@contextmanager
def progress(noun: str) -> Iterator[Callable[[int, int, int], None] | None]:
    """Show the progress, the rate and the remaining time on a terminal while the block runs.

    Yields a function to be called with the number of items done (which `noun` names), the work done
    and the whole work in any unit; yields None if stderr is not a terminal.
    """
    if not sys.stderr.isatty():
        yield None
        return
    started, shown, before = monotonic(), 0.0, 0
    with typer.progressbar(length=1, file=sys.stderr) as bar:

        def report(count: int, done: int, whole: int) -> None:
            nonlocal shown, before
            now = monotonic()
            if now - shown < _SHOWN_EVERY:
                return
            rate = count / max(now - started, 0.001)
            bar.label = f"{count:,} {noun}, {rate:,.0f} a second"
            bar.length = max(whole, 1)
            bar.update(done - before)
            shown, before = now, done

        yield report
