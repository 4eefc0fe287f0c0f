"""What can be wanted of a pair, and what it implies that SQL can see before the pair is weighed.

A pair that is wanted satisfies all that is implied here; not every pair that does is wanted.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link
from claimtrack.query.visibility import Scope, actors_below, agent
from claimtrack.sql import days_between, row_by_row, without_index
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Relation, Timing

_CLAIM, _STATEMENT = EntryKind.CLAIM, EntryKind.STATEMENT
_ASSESSMENT, _ACTION = EntryKind.ASSESSMENT, EntryKind.ACTION
_SPOKEN = (_CLAIM, _STATEMENT, _ASSESSMENT)
_ALL = tuple(EntryKind)


@dataclass(frozen=True, slots=True)
class PairFilters:
    """What is wanted of a pair, beside what is wanted of its entries. Empty means all.

    Attributes:
        classes: What it is called.
        subject_kinds: The kind of its subject.
        counter_kinds: The kind of its counter.
        min_days: At least so many days from subject to counter, which may be negative.
        max_days: At most so many days apart, whichever is the earlier.
        timings: Whether a deed surely falls into the time.
        statuses: What judges say of it.
        include_reconciled: Also pairs that are reconciled, which are left out else.
        within_principal: The ref of an actor on whose behalf, or on that of anybody below whom,
            both entries are.
        entries: The refs of entries: only pairs in which one of them stands, on either side.
    """

    classes: tuple[PairClass, ...] = ()
    subject_kinds: tuple[EntryKind, ...] = ()
    counter_kinds: tuple[EntryKind, ...] = ()
    min_days: int | None = None
    max_days: int | None = None
    timings: tuple[Timing, ...] = ()
    statuses: tuple[PairStatus, ...] = ()
    include_reconciled: bool = False
    within_principal: str | None = None
    entries: tuple[str, ...] = ()

    @property
    def keeps_reconciled(self) -> bool:
        """Whether reconciled pairs are wanted."""
        return self.include_reconciled or PairStatus.RECONCILED in self.statuses


_KINDS: dict[PairClass, tuple[tuple[EntryKind, ...], tuple[EntryKind, ...]]] = {
    PairClass.BREACH: ((EntryKind.COMMITMENT,), (_ACTION,)),
    PairClass.SOURCE_CONFLICT: ((_CLAIM,), (_CLAIM,)),
    PairClass.BELIED_BY_ACTION: (_SPOKEN, (_ACTION,)),
    PairClass.AT_ODDS_WITH_ACTION: (_SPOKEN, (_ACTION,)),
    PairClass.COUNTERED_BY_ACTION: (_SPOKEN, (_ACTION,)),
    PairClass.ASSESSED_AGAINST: (_ALL, (_ASSESSMENT, EntryKind.WINDOW)),
    PairClass.DENIAL: ((EntryKind.COMMITMENT, _CLAIM, _STATEMENT), (_STATEMENT, EntryKind.WINDOW)),
    PairClass.AT_ODDS_WITH_RECORD: ((_CLAIM,), (_STATEMENT,)),
    PairClass.REVERSAL: ((_STATEMENT,), (_STATEMENT,)),
    PairClass.INCONSISTENT_LINE: ((EntryKind.COMMITMENT, _STATEMENT), (_STATEMENT, _ACTION)),
    PairClass.DISPUTE: (_ALL, _ALL),
}
"""The kinds that subject and counter of a class can have."""

_OF_ONE_PRINCIPAL = {PairClass.BREACH, PairClass.REVERSAL, PairClass.INCONSISTENT_LINE}
"""The classes of which the subject has a voice below the same root as one of the counter."""

_LINKS = {
    PairStatus.CONFIRMED: Relation.CONTRADICTS,
    PairStatus.LINKED: Relation.CONTRADICTS,
    PairStatus.DISPUTED: Relation.RECONCILES,
    PairStatus.RECONCILED: Relation.RECONCILES,
}


def narrowed(
    subject: type[Entry], counter: type[Entry], pairs: PairFilters, scope: Scope
) -> list[ColumnElement[bool]]:
    """Return what is implied by what is wanted of pairs, as conditions on two entries."""
    conditions: list[ColumnElement[bool]] = []
    if pairs.entries:
        conditions.append(or_(*(one.ref.in_(pairs.entries) for one in (subject, counter))))
    for entry, kinds in _wanted_kinds(subject, counter, pairs):
        conditions.append(entry.in_(kinds))
    if pairs.within_principal:
        below = actors_below([pairs.within_principal])
        conditions += [agent(one).in_(below) for one in (subject, counter)]
    conditions += [_joined(subject, counter, *relations) for relations in linked_by(pairs)]
    return [*conditions, *_days(subject, counter, pairs)]


def linked_by(pairs: PairFilters) -> list[tuple[Relation, ...]]:
    """Return the relations of the links that join all pairs wanted: one of each tuple does."""
    found: list[tuple[Relation, ...]] = []
    if pairs.classes and all(one is PairClass.DENIAL for one in pairs.classes):
        found.append((Relation.RESPONDS_TO,))
    if pairs.statuses and all(status in _LINKS for status in pairs.statuses):
        found.append(tuple(sorted({_LINKS[status] for status in pairs.statuses})))
    return found


def of_one_principal(pairs: PairFilters) -> bool:
    """Whether in all pairs wanted the two entries have voices below one root."""
    return bool(pairs.classes) and _OF_ONE_PRINCIPAL.issuperset(pairs.classes)


def is_of_kinds(entry: type[Entry], pairs: PairFilters) -> list[ColumnElement[bool]]:
    """Return the condition that an entry is of a kind that some entry in a pair wanted has."""
    places = [kinds for _, kinds in _wanted_kinds(entry, entry, pairs)]
    if len(places) < 2:
        return []  # all kinds can be in one of the two places
    return [without_index(entry.kind).in_(sorted(set().union(*places)))]


def _wanted_kinds(
    subject: type[Entry], counter: type[Entry], pairs: PairFilters
) -> list[tuple[SQLColumnExpression[EntryKind], list[EntryKind]]]:
    """Return the kinds that the subjects and counters wanted have, where not all are."""
    found = []
    asked = (pairs.subject_kinds, subject.kind), (pairs.counter_kinds, without_index(counter.kind))
    for place, (kinds, column) in enumerate(asked):
        left = set(kinds or _ALL)
        if pairs.classes:
            left &= {kind for klass in pairs.classes for kind in _KINDS[klass][place]}
        if pairs.timings and place:
            left &= {_ACTION, EntryKind.WINDOW}  # an action comes after all but these
        if len(left) < len(_ALL):
            found.append((column, sorted(left)))
    return found


def _joined(one: type[Entry], other: type[Entry], *relations: Relation) -> ColumnElement[bool]:
    """Whether a link joins two entries, whichever way it runs and whether it counts or not."""
    link = aliased(Link)
    ends = ((one.id, other.id), (other.id, one.id))
    either = [
        exists(
            select(link.id)
            .where(link.from_id == first, link.to_id == last, link.relation.in_(relations))
            .correlate(one, other)
        )
        for first, last in ends
    ]
    return row_by_row(or_(*either))


def _days(
    subject: type[Entry], counter: type[Entry], pairs: PairFilters
) -> list[ColumnElement[bool]]:
    after = days_between(subject.date_to, counter.date_from)
    before = days_between(counter.date_to, subject.date_from)
    conditions: list[ColumnElement[bool]] = []
    if pairs.max_days is not None:
        conditions += [or_(gap.is_(None), gap <= pairs.max_days) for gap in (after, before)]
    if pairs.min_days is not None and pairs.min_days > 0:
        conditions.append(after >= pairs.min_days)
    elif pairs.min_days is not None:
        conditions.append(or_(before.is_(None), before <= -pairs.min_days))
    return conditions
