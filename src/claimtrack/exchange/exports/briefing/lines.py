"""The lines that a page is made of, each with what must be looked up before it can be written.

Sections are streams of lines. What some hundred of them need is looked up at once, so that neither
memory nor the number of statements grows with what one entry has to say.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, islice

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lookups import Known, Needs, known_of
from claimtrack.query.filters import Filters

AT_ONCE = 500
"""Lines whose needs are looked up together."""


NOTHING = Needs()
"""What a line needs that has all its words."""


class Shape(Enum):
    """What a line is on the page; items that follow each other are one list."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page.

    Attributes:
        shape: What it is.
        write: Returns it, marked up, without what surrounds it.
        needs: What has to be known for that.
        place: The ref of the entry whose place on the page it is.
    """

    shape: Shape
    write: Callable[[Known, Footnotes], str]
    needs: Needs = NOTHING
    place: str = ""


def plain(shape: Shape, text: str, *, strong: bool = False) -> Line:
    """Return a line that needs nothing but its own plain text."""

    def write(_: Known, notes: Footnotes) -> str:
        inner = notes.markup.text(text)
        return notes.markup.strong(inner) if strong else inner

    return Line(shape, write)


def written(
    session: Session, wanted: Filters, notes: Footnotes, lines: Iterable[Line]
) -> Iterator[str]:
    """Yield the parts of a page that has some lines, on what filters choose."""
    markup = notes.markup
    known = _looked_up(session, wanted, iter(lines))
    for are_items, group in groupby(known, key=lambda one: one[0].shape is Shape.ITEM):
        texts = ((line, line.write(known, notes)) for line, known in group)
        if are_items:
            yield from markup.items(text for _, text in texts)
            continue
        for line, text in texts:
            if line.shape is Shape.HEADING:
                yield markup.heading(3, text, line.place)
            else:
                yield markup.paragraph(text, line.place)


def _looked_up(
    session: Session, wanted: Filters, lines: Iterator[Line]
) -> Iterator[tuple[Line, Known]]:
    while some := list(islice(lines, AT_ONCE)):
        known = known_of(session, wanted, [line.needs for line in some])
        yield from ((line, known) for line in some)
