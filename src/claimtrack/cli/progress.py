"""How far long work has come, for the person who waits for it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import typer

_SHOWN_EVERY = 0.1
"""Seconds."""


@contextmanager
def progress(noun: str) -> Iterator[Callable[[int, int, int], None] | None]:
    """Show a person how far work has come, how fast, and how long it will take.

    What it yields is told how many things of that noun are done, and how much is, of how much; it
    yields None where nobody watches.
    """
    if not sys.stderr.isatty():
        yield None
        return
    begun, shown, before = monotonic(), 0.0, 0
    with typer.progressbar(length=1, file=sys.stderr) as bar:

        def told(count: int, done: int, whole: int) -> None:
            nonlocal shown, before
            now = monotonic()
            if now - shown < _SHOWN_EVERY:
                return
            rate = count / max(now - begun, 0.001)
            bar.label = f"{count:,} {noun}, {rate:,.0f} a second"
            bar.length = max(whole, 1)
            bar.update(done - before)
            shown, before = now, done

        yield told
