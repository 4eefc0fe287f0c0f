"""The filters on pairs, and the conditions that they imply before a pair is weighed.

Most of these filters concern what weighing decides, such as the class. The SQL conditions here are
necessary and not sufficient: every pair that matches the filters meets them.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link
from claimtrack.query.visibility import Scope, get_agent, select_actors_below
from claimtrack.sql import days_between, row_by_row, without_index
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Relation, Timing

_CLAIM, _STATEMENT = EntryKind.CLAIM, EntryKind.STATEMENT
_ASSESSMENT, _ACTION = EntryKind.ASSESSMENT, EntryKind.ACTION
_SPOKEN = (_CLAIM, _STATEMENT, _ASSESSMENT)
_ALL = tuple(EntryKind)


@dataclass(frozen=True, slots=True)
class PairFilters:
    """The filters on pairs, in addition to those on entries. An empty value does not filter.

    Attributes:
        classes: The classes of the pair.
        subject_kinds: The kinds of its subject.
        counter_kinds: The kinds of its counter.
        min_days: The least number of days from subject to counter; may be negative.
        max_days: The greatest number of days between the two, whichever is earlier.
        timings: The timings of the pair.
        statuses: The statuses of the pair.
        include_reconciled: Whether to include reconciled pairs.
        within_principal: The ref of an actor: both entries are on its behalf or on behalf of anyone
            below it.
        entries: Refs of entries: one of them is the subject or the counter.
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
        """Whether reconciled pairs can match."""
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
"""The kinds that the subject and the counter of a pair of each class can have."""

_OF_ONE_PRINCIPAL = {PairClass.BREACH, PairClass.REVERSAL, PairClass.INCONSISTENT_LINE}
"""The classes in which a voice of the subject and one of the counter have one principal."""

_LINKS = {
    PairStatus.CONFIRMED: Relation.CONTRADICTS,
    PairStatus.LINKED: Relation.CONTRADICTS,
    PairStatus.DISPUTED: Relation.RECONCILES,
    PairStatus.RECONCILED: Relation.RECONCILES,
}


def match_pair(
    subject: type[Entry], counter: type[Entry], pairs: PairFilters, scope: Scope
) -> list[ColumnElement[bool]]:
    """Return the conditions that the filters on pairs imply for the two entries."""
    conditions: list[ColumnElement[bool]] = []
    if pairs.entries:
        conditions.append(or_(*(one.ref.in_(pairs.entries) for one in (subject, counter))))
    for entry, kinds in _list_possible_kinds(subject, counter, pairs):
        conditions.append(entry.in_(kinds))
    if pairs.within_principal:
        below = select_actors_below([pairs.within_principal])
        conditions += [get_agent(one).in_(below) for one in (subject, counter)]
    conditions += [
        _is_linked(subject, counter, *relations) for relations in get_required_links(pairs)
    ]
    return [*conditions, *_match_days(subject, counter, pairs)]


def get_required_links(pairs: PairFilters) -> list[tuple[Relation, ...]]:
    """Return the relations of the links that every matching pair has.

    Each tuple is a set of alternatives, of which every pair has one: a denial needs a reply, a
    confirmed pair a `contradicts` link. Empty if pairs without a link can match.
    """
    found: list[tuple[Relation, ...]] = []
    if pairs.classes and all(one is PairClass.DENIAL for one in pairs.classes):
        found.append((Relation.RESPONDS_TO,))
    if pairs.statuses and all(status in _LINKS for status in pairs.statuses):
        found.append(tuple(sorted({_LINKS[status] for status in pairs.statuses})))
    return found


def requires_one_principal(pairs: PairFilters) -> bool:
    """Whether the two entries of every matching pair have voices of one principal."""
    return bool(pairs.classes) and _OF_ONE_PRINCIPAL.issuperset(pairs.classes)


def match_possible_kinds(entry: type[Entry], pairs: PairFilters) -> list[ColumnElement[bool]]:
    """Return the condition that an entry has a kind that occurs in matching pairs, on any side."""
    places = [kinds for _, kinds in _list_possible_kinds(entry, entry, pairs)]
    if len(places) < 2:
        return []  # the subject or the counter can be of any kind
    return [without_index(entry.kind).in_(sorted(set().union(*places)))]


def _list_possible_kinds(
    subject: type[Entry], counter: type[Entry], pairs: PairFilters
) -> list[tuple[SQLColumnExpression[EntryKind], list[EntryKind]]]:
    """Return the column `kind` and the kinds possible for subjects and counters.

    Each only if not all kinds are possible.
    """
    found = []
    requested = (
        (pairs.subject_kinds, subject.kind),
        (pairs.counter_kinds, without_index(counter.kind)),
    )
    for place, (kinds, column) in enumerate(requested):
        left = set(kinds or _ALL)
        if pairs.classes:
            left &= {kind for klass in pairs.classes for kind in _KINDS[klass][place]}
        if pairs.timings and place:
            left &= {_ACTION, EntryKind.WINDOW}  # an action is the counter of all other kinds
        if len(left) < len(_ALL):
            found.append((column, sorted(left)))
    return found


def _is_linked(one: type[Entry], other: type[Entry], *relations: Relation) -> ColumnElement[bool]:
    """Whether a link of some relations joins two entries, in either direction, in scope or not."""
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


def _match_days(
    subject: type[Entry], counter: type[Entry], pairs: PairFilters
) -> list[ColumnElement[bool]]:
    """Return the conditions that `min_days` and `max_days` imply; null if an end is unknown."""
    # Instants may be less than a day apart on two days; `weigh` decides where both have times.
    both = [func.coalesce(one.time_from, one.time_to).is_not(None) for one in (subject, counter)]
    after = days_between(subject.date_to, counter.date_from)
    before = days_between(counter.date_to, subject.date_from)
    conditions: list[ColumnElement[bool]] = []
    if pairs.max_days is not None:
        conditions += [or_(gap.is_(None), gap <= pairs.max_days) for gap in (after, before)]
    if pairs.min_days is not None and pairs.min_days > 0:
        conditions.append(after >= pairs.min_days)
    elif pairs.min_days is not None:
        conditions.append(or_(before.is_(None), before <= -pairs.min_days))
    return [or_(condition, and_(*both)) for condition in conditions]
