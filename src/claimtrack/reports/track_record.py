"""How often each source was right about propositions that have been resolved.

One row per source, by ref: every actor of a claim, statement, commitment or assessment (or, with a
filter on kinds, of an entry of those kinds).

* One case for each source and resolved proposition: the last stance of the source whose latest date
  is on or before the day of the resolution (`weigh.track_record`). If its value is 0, or if the
  source took both sides on that date, there is no case: who withdrew is neither right nor wrong.
* An affirming stance on a proposition that turned out true is right, and so is a denying one on a
  proposition that turned out false; the other way round it is wrong.
* `topics` is the number of different topics of the cases, `changed` the number of cases in which
  the source began on the other side.
* `mean`, `low` and `high` are the estimated share of right cases and its 95 % interval, from
  Jeffreys' prior; empty without any case, since no record is not a poor record.
* With `known_by`, later resolutions are ignored. `min_strength` is the least |value| of the stances
  that are used; filters on topics and propositions limit the cases to those.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ScalarSelect, Select, case, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.present.columns import Cell, Column, Layout, whole_cell
from claimtrack.query.filters import Filters, match_filters, match_stance
from claimtrack.query.sorting import sort_and_page
from claimtrack.query.visibility import stance_in_scope
from claimtrack.sql import json_list, json_row, plain_text, stream
from claimtrack.vocab import EntryKind
from claimtrack.weigh.track_record import Outcome, estimate_share_right, find_outcome

SPOKEN = (EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.COMMITMENT, EntryKind.ASSESSMENT)
"""Kinds of entries that can turn out right or wrong, unless the filters name others."""


def _share(row: Any) -> Cell:
    if not row.resolved:
        return Cell(("no record",))
    return Cell((f"{row.mean:.2f} ({row.low:.2f} to {row.high:.2f})",))


_LAYOUT: Layout = (
    Column("source", whole_cell("source")),
    Column("resolved", whole_cell("resolved")),
    Column("right", whole_cell("right")),
    Column("wrong", whole_cell("wrong")),
    Column("topics", whole_cell("topics")),
    Column("changed", whole_cell("changed")),
    Column("share right (95 %)", _share),
)


@dataclass(frozen=True, slots=True)
class TrackRecordRow:
    """A source, and how what it said turned out; no shares where nothing is resolved."""

    layout = _LAYOUT

    source: str
    resolved: int
    right: int
    wrong: int
    topics: int
    changed: int
    mean: float | None
    low: float | None
    high: float | None


def track_record(session: Session, filters: Filters | None = None) -> Iterator[TrackRecordRow]:
    """Yield a row for each source, by ref. Sends one statement.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    filters = filters or Filters()
    return sort_and_page(map(_row, stream(session, _sources(filters))), filters, TrackRecordRow)


def _sources(filters: Filters) -> Select[Any]:
    """Select one row per source that spoke, by ref, with its stances on resolved propositions."""
    source, entry = aliased(Actor), aliased(Entry)
    entries_of_source = select(entry.id).where(
        entry.actor_id == source.id,
        entry.kind.in_(filters.kinds or SPOKEN),
        *match_filters(entry, filters),
    )
    return (
        select(source.ref, _resolved(source, filters))
        .where(entries_of_source.correlate(source).exists())
        .order_by(source.ref)
    )


def _resolved(source: type[Actor], filters: Filters) -> ScalarSelect[Any]:
    """Return an expression for the stances of a source on resolved propositions, as a JSON list.

    `[proposition, topic, truth (1 or 0), resolved_on, latest date, value]`.
    """
    entry, stance, proposition = aliased(Entry), aliased(Stance), aliased(Proposition)
    stances = json_row(
        proposition.id,
        proposition.topic_id,
        case((proposition.truth.is_(True), 1), else_=0),
        plain_text(proposition.resolved_on),
        plain_text(entry.date_to),
        stance.value,
    )
    query = (
        select(json_list(stances))
        .select_from(entry)
        .join(stance, stance.entry_id == entry.id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(
            entry.actor_id == source.id,
            entry.kind.in_(filters.kinds or SPOKEN),
            *match_filters(entry, filters),
            *match_stance(stance, filters),
            *stance_in_scope(stance, filters),
            proposition.truth.is_not(None),
            entry.date_to <= proposition.resolved_on,
        )
    )
    if filters.known_by:
        query = query.where(proposition.resolved_on <= filters.known_by)
    return query.correlate(source).scalar_subquery()


def _row(row: Any) -> TrackRecordRow:
    """Return the row of one source."""
    source, stances = row
    cases = _cases(stances)
    right = sum(found.right for _, found in cases)
    record = estimate_share_right(right, len(cases) - right)
    return TrackRecordRow(
        source=source,
        resolved=len(cases),
        right=right,
        wrong=len(cases) - right,
        topics=len({topic for topic, _ in cases}),
        changed=sum(found.changed for _, found in cases),
        mean=record.mean if record else None,
        low=record.low if record else None,
        high=record.high if record else None,
    )


def _cases(stances: list[list[Any]]) -> list[tuple[int, Outcome]]:
    """Return the cases of a source, each with the topic of its proposition."""
    words: dict[tuple[int, int, int, str], list[tuple[date | None, int]]] = defaultdict(list)
    for *proposition, last, value in stances:
        words[tuple(proposition)].append((date.fromisoformat(last), value))
    found = (
        (topic, find_outcome(words_said, bool(truth), date.fromisoformat(resolved_on)))
        for (_, topic, truth, resolved_on), words_said in words.items()
    )
    return [(topic, case) for topic, case in found if case is not None]
