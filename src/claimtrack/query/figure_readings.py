"""The figures of entries with all their columns, for display, fetched in batches and cached.

`facts.FigureFacts` has the part of a figure that the definitions need.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Document, Figure, Measure
from claimtrack.number_ranges import format_range
from claimtrack.query.cache import BatchCache
from claimtrack.query.stance_readings import CACHE_SIZE
from claimtrack.query.visibility import Scope, cached_by_scope, figure_in_scope
from claimtrack.sql import BATCH_SIZE, is_one_of, stream


class FigureReading(NamedTuple):
    """The figure of an entry for one measure, as one judge reads it.

    Attributes:
        key: The keys of the measure and of the judge.
        measure: The ref of the measure.
        text: What is measured.
        unit: The unit of the measure.
        asserted_by: The ref of the judge.
        document: The ref of the document in which the reading was published, if any.
        url: The address of that document.

    The other attributes are columns of `figure`.
    """

    key: tuple[int, int]
    measure: str
    text: str
    unit: str
    low: float | None
    high: float | None
    basis: str
    hedge: str | None
    condition: str | None
    asserted_by: str
    rationale: str | None
    document: str | None
    url: str | None

    @property
    def number(self) -> str:
        """The number or range, as people write it."""
        return format_range(self.low, self.high)


class FigureReadings:
    """Looks up the figures of entries in a scope.

    Attributes:
        entries: A cache of the figures of entries, by key; those of an entry in the order of the
            refs of measure and judge.
    """

    def __init__(self, session: Session, scope: Scope) -> None:
        self._session, self._scope = session, scope
        self.entries = BatchCache(self._fetch, CACHE_SIZE)

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, tuple[FigureReading, ...]]]:
        for first in range(0, len(keys), BATCH_SIZE):
            some = keys[first : first + BATCH_SIZE]
            found: dict[int, list[FigureReading]] = defaultdict(list)
            query = _select_figures(self._scope)
            for entry, measure, judge, *columns in stream(self._session, query, {"entries": some}):
                found[entry].append(FigureReading((measure, judge), *columns))
            yield from ((key, tuple(found.get(key, ()))) for key in some)


@cached_by_scope
def _select_figures(scope: Scope) -> Select[*tuple[Any, ...]]:
    judge, document = aliased(Actor), aliased(Document)
    keys = (Figure.entry_id, Figure.measure_id, Figure.asserted_by_id)
    number = (Measure.ref, Measure.text, Measure.unit, Figure.low, Figure.high)
    reading = (Figure.basis, Figure.hedge, Figure.condition)
    return (
        select(*keys, *number, *reading)
        .add_columns(judge.ref, Figure.rationale, document.ref, document.url)
        .join(Measure, Measure.id == Figure.measure_id)
        .join(judge, judge.id == Figure.asserted_by_id)
        .outerjoin(document, document.id == Figure.document_id)
        .where(is_one_of(Figure.entry_id, "entries"), *figure_in_scope(Figure, scope))
        .order_by(Measure.ref, judge.ref)
    )
