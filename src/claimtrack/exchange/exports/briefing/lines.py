"""The lines of a briefing, each with what must be fetched before it can be written.

Sections are streams of lines. What some hundred of them need is fetched together, so that neither
memory nor the number of statements grows with the size of one entry.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby, islice

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.footnotes import Footnotes
from claimtrack.exchange.exports.briefing.lookups import Lookups, Needs, look_up
from claimtrack.query.filters import Filters

AT_ONCE = 500
"""The number of lines for which values are fetched together."""


NOTHING = Needs()
"""The needs of a line that mentions nothing."""


class Shape(Enum):
    """The kind of a line; consecutive items form one list."""

    HEADING = auto()
    PARAGRAPH = auto()
    ITEM = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a briefing.

    Attributes:
        shape: Its kind.
        write: Returns it as markup, without what surrounds it.
        needs: What must be fetched before that.
        place: The ref of the entry that has its place here, for links.
    """

    shape: Shape
    write: Callable[[Lookups, Footnotes], str]
    needs: Needs = NOTHING
    place: str = ""


def plain(shape: Shape, text: str, *, strong: bool = False) -> Line:
    """Return a line of plain text, which needs nothing."""

    def write(_: Lookups, notes: Footnotes) -> str:
        inner = notes.markup.text(text)
        return notes.markup.strong(inner) if strong else inner

    return Line(shape, write)


def written(
    session: Session, filters: Filters, notes: Footnotes, lines: Iterable[Line]
) -> Iterator[str]:
    """Yield the lines as parts of a page; fetches what they need in batches."""
    markup = notes.markup
    lookups = _looked_up(session, filters, iter(lines))
    for are_items, group in groupby(lookups, key=lambda one: one[0].shape is Shape.ITEM):
        texts = ((line, line.write(lookups, notes)) for line, lookups in group)
        if are_items:
            yield from markup.items(text for _, text in texts)
            continue
        for line, text in texts:
            if line.shape is Shape.HEADING:
                yield markup.heading(3, text, line.place)
            else:
                yield markup.paragraph(text, line.place)


def _looked_up(
    session: Session, filters: Filters, lines: Iterator[Line]
) -> Iterator[tuple[Line, Lookups]]:
    while some := list(islice(lines, AT_ONCE)):
        lookups = look_up(session, filters, [line.needs for line in some])
        yield from ((line, lookups) for line in some)
