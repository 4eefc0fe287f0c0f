"""Fetches the figures of pairs that cannot both be right, with all their columns, for display."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Select, select

from claimtrack.db import Session
from claimtrack.facts import EntryFacts
from claimtrack.models import Entry
from claimtrack.query.entry_facts import FactsLoader
from claimtrack.query.figure_readings import FigureReading, FigureReadings
from claimtrack.query.pair_judgements import PairRefs
from claimtrack.query.visibility import Scope
from claimtrack.sql import batches, is_one_of, stream
from claimtrack.weigh.opposition import FigureGround, list_figure_grounds


class ConflictingFigures(NamedTuple):
    """Two figures for one measure that cannot both be right, and the ground that they make.

    Attributes:
        ground: The ground.
        one: The figure of the first entry.
        other: The figure of the second entry.
    """

    ground: FigureGround
    one: FigureReading
    other: FigureReading


def list_conflicts(
    readings: FigureReadings, one: EntryFacts, other: EntryFacts
) -> list[ConflictingFigures]:
    """Return the figures of two entries that cannot both be right, the strongest grounds first.

    Whether or not the times of the two entries exclude each other.
    """
    found = list_figure_grounds(one, other)
    if not found:
        return []
    by_key = {
        (entry, *reading.key): reading
        for entry, several in readings.entries.get_many([one.id, other.id]).items()
        for reading in several
    }
    return [
        ConflictingFigures(
            ground,
            by_key[one.id, ground.one.measure, ground.one.judge],
            by_key[other.id, ground.other.measure, ground.other.judge],
        )
        for ground in sorted(found, key=lambda ground: (-ground.strength, not ground.explicit))
    ]


def get_conflicts(
    session: Session, scope: Scope, pairs: Collection[PairRefs]
) -> dict[PairRefs, list[ConflictingFigures]]:
    """Return the figures of each pair that cannot both be right; sends nothing without pairs.

    Sends some statements for each 500 pairs.
    """
    if not pairs:
        return {}
    found: dict[PairRefs, list[ConflictingFigures]] = {}
    loader = FactsLoader(session, scope, evidence=False)
    readings = FigureReadings(session, scope)
    for some in batches(iter(pairs)):
        keys = _get_keys(session, {ref for pair in some for ref in pair})
        facts = {entry.ref: entry for entry in loader.load(keys).values()}
        for pair in some:
            one, other = (facts[ref] for ref in pair)
            found[pair] = list_conflicts(readings, one, other)
    return found


def _get_keys(session: Session, refs: Iterable[str]) -> list[int]:
    query: Select[int] = select(Entry.id).where(is_one_of(Entry.ref, "refs"))
    return [key for (key,) in stream(session, query, {"refs": sorted(refs)})]
