"""How often each source was right on what has been resolved since.

One row per source, by ref: every actor that made a claim, a statement or an assessment (or, with a
filter on kinds, an entry of those kinds).

* An affirming stance on a proposition that turned out true is right, and so is a denying one on a
  proposition that turned out false; the other way round it is wrong. A stance that leaves it open
  is neither.
* Hindsight does not count: an entry whose earliest date is the day of the resolution or later, nor
  the entry by which the proposition was resolved. One that is undated, or may have come before it,
  does.
* One count for each independent origin and resolved proposition, origins in the widest reading
  (see `origins`), so that nothing which may be a repetition counts twice. An origin on both sides
  of one proposition, in two entries or in the readings of two judges, does not count.
* `mean`, `low` and `high`: the share that was right and its 95 % interval, from Jeffreys' prior
  (`weigh.track_record.jeffreys`); empty where nothing is resolved, which is no record and not a
  poor one.
* With `known_by`, later resolutions do not count. `min_strength` is the least |value| of a stance
  that counts; filters on topics and propositions narrow what counts to those.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.reports.filters import Filters, entries_wanted, in_order, stance_matches
from claimtrack.reports.glossary import stance_counts
from claimtrack.reports.origins import Origins, origin_facts
from claimtrack.sql import json_list, json_row, stream
from claimtrack.vocab import EntryKind
from claimtrack.weigh.track_record import jeffreys

SPOKEN = (EntryKind.CLAIM, EntryKind.STATEMENT, EntryKind.ASSESSMENT)
"""Kinds of entries that can turn out right or wrong, unless others are asked for."""


@dataclass(frozen=True, slots=True)
class TrackRecordRow:
    """A source, and how what it said turned out; no shares where nothing is resolved."""

    source: str
    resolved: int
    right: int
    wrong: int
    mean: float | None
    low: float | None
    high: float | None


def track_record(session: Session, wanted: Filters | None = None) -> Iterator[TrackRecordRow]:
    """Stream the sources with what they got right and wrong, by ref. Sends one statement.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = wanted or Filters()
    return in_order(map(_row, stream(session, _sources(wanted))), wanted, TrackRecordRow)


def _sources(wanted: Filters) -> Select[Any]:
    source, entry = aliased(Actor), aliased(Entry)
    spoke = select(entry.id).where(
        entry.actor_id == source.id,
        entry.kind.in_(wanted.kinds or SPOKEN),
        *entries_wanted(entry, wanted),
    )
    return (
        select(source.ref, _resolved(source, wanted))
        .where(spoke.correlate(source).exists())
        .order_by(source.ref)
    )


def _resolved(source: type[Actor], wanted: Filters) -> ScalarSelect[Any]:
    """Return the stances of a source that turned out: `[proposition, right, origin facts]`."""
    entry, stance, proposition = aliased(Entry), aliased(Stance), aliased(Proposition)
    right = or_(
        and_(proposition.truth.is_(True), stance.value > 0),
        and_(proposition.truth.is_(False), stance.value < 0),
    )
    told = json_row(proposition.id, case((right, 1), else_=0), origin_facts(entry, wanted))
    query = (
        select(json_list(told))
        .select_from(entry)
        .join(stance, stance.entry_id == entry.id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(
            entry.actor_id == source.id,
            entry.kind.in_(wanted.kinds or SPOKEN),
            *entries_wanted(entry, wanted),
            stance.value != 0,
            *stance_matches(stance, wanted),
            *stance_counts(stance, wanted),
            proposition.truth.is_not(None),
            or_(entry.date_from.is_(None), entry.date_from < proposition.resolved_on),
            func.coalesce(proposition.resolved_by_id, 0) != entry.id,
        )
    )
    if wanted.known_by:
        query = query.where(proposition.resolved_on <= wanted.known_by)
    return query.correlate(source).scalar_subquery()


def _row(row: Any) -> TrackRecordRow:
    source, told = row
    right, wrong = _counted(told)
    record = jeffreys(right, wrong)
    return TrackRecordRow(
        source=source,
        resolved=right + wrong,
        right=right,
        wrong=wrong,
        mean=record.mean if record else None,
        low=record.low if record else None,
        high=record.high if record else None,
    )


def _counted(told: list[list[Any]]) -> tuple[int, int]:
    """Count the origins that were right and those that were wrong, for each proposition anew."""
    by_proposition: dict[int, list[tuple[bool, list[Any]]]] = {}
    for proposition, was_right, facts in told:
        by_proposition.setdefault(proposition, []).append((bool(was_right), facts))
    right = wrong = 0
    for cases in by_proposition.values():
        for group in Origins([facts for _, facts in cases]).widest.groups():
            sides = {was_right for was_right, (key, *_) in cases if key in group}
            right += sides == {True}
            wrong += sides == {False}
    return right, wrong
