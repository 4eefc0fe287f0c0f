"""Which pairs of entries may oppose each other: SQL finds them, `weigh.classification` decides.

Two entries are a candidate pair when one affirms a proposition that the other denies, when both
affirm propositions of one exclusive topic, or when a link joins them as contradicting (or, where
that is asked for, as reconciled). All that oppose each other are among them, and some others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Link, Proposition, Stance, Topic
from claimtrack.query.filters import (
    Filters,
    entry_matches,
    proposition_matches,
    takes_stance,
)
from claimtrack.query.narrowing import PairFilters, linked_by, narrowed
from claimtrack.query.visibility import Scope, day, entry_counts, link_counts, stance_counts
from claimtrack.sql import among, is_one_of, row_by_row, unsought
from claimtrack.vocab import Relation
from claimtrack.weigh.chronology import KINDS_IN_ORDER

Asked: TypeAlias = Callable[[SQLColumnExpression[int]], list[ColumnElement[bool]]]
"""The conditions that a key is of a row that is wanted; none when all are."""


def _anything(_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    return []


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for against an entry.

    Attributes:
        scope: What counts.
        relations: The links that join candidates.
        strength: The least strength that a pair is wanted to have.
        on_what: Which propositions a ground is to be on; a link is on anything.
        whom: Which entries.
    """

    scope: Scope
    relations: tuple[Relation, ...] = (Relation.CONTRADICTS,)
    strength: int = 1
    on_what: Asked = _anything
    whom: Asked = _anything


@lru_cache(maxsize=32)  # to build the statement takes longer than to run it on a small casebook
def select_candidates(wanted: Filters, pairs: PairFilters) -> Select[int, int]:
    """Select the keys of the candidate pairs wanted, subject then counter, by their refs.

    One of the two satisfies all filters on entries together. That a ground is on a proposition that
    is wanted, and what is decided by weighing, remains to be asked.
    """
    search = _search(wanted, pairs)
    if linked_by(pairs):
        return _select_linked(wanted, pairs, search)
    subject, counter = _subjects(wanted, pairs, search), aliased(Entry, name="counter")
    whom = _beside_others(subject, wanted, search)
    against = opposed_to(subject, replace(search, whom=whom)).scalar_subquery()
    return (
        select(subject.id, counter.id)
        .select_from(subject)
        .join(counter, and_(counter.id != subject.id, among(counter.id, against)))
        .where(_precedes(subject, counter))
        .where(*narrowed(subject, counter, pairs, wanted))
        .where(*_entries_match(subject, counter, wanted))
        .order_by(subject.ref, counter.ref)
    )


def _select_linked(wanted: Filters, pairs: PairFilters, search: Search) -> Select[int, int]:
    """Select those candidate pairs likewise where only such are wanted as a link joins.

    Links are fewer than pairs, so that these are found from there. A pair with several links comes
    several times, one after another.
    """
    link = aliased(Link)
    subject, counter = aliased(Entry, name="subject"), aliased(Entry, name="counter")
    ends = (link.from_id, link.to_id)
    relations = linked_by(pairs)[0]
    found = (
        select(subject.id, counter.id)
        .select_from(link)
        .join(subject, subject.id.in_(ends))
        .join(counter, and_(counter.id.in_(ends), counter.id != subject.id))
        .where(link.relation.in_(relations), _precedes(subject, counter))
        .where(*narrowed(subject, counter, pairs, wanted))
        .where(*_entries_match(subject, counter, wanted))
        .order_by(subject.ref, counter.ref)
    )
    if Relation.RESPONDS_TO not in relations:
        return found  # a judge weighed what is linked so, and few are
    these = replace(search, whom=lambda key: [key == counter.id])
    grounds = opposed_to(subject, these, counter).scalar_subquery()
    return found.where(row_by_row(among(counter.id, grounds)))


def each_once(candidates: Iterable[Any]) -> Iterator[Any]:
    """Yield candidates that come in order, each once."""
    return (candidate for candidate, _ in groupby(candidates, key=tuple))


def relations_of(pairs: PairFilters) -> tuple[Relation, ...]:
    """Return the links that join candidates."""
    return (Relation.CONTRADICTS, Relation.RECONCILES)[: 1 + pairs.keeps_reconciled]


def _search(wanted: Filters, pairs: PairFilters) -> Search:
    return Search(
        wanted,
        relations=relations_of(pairs),
        strength=wanted.min_strength or 1,
        on_what=partial(proposition_matches, wanted=wanted),
    )


@lru_cache(maxsize=8)
def select_opponents(scope: Scope, *, by_ref: bool = False) -> Select[int, int]:
    """Select the keys of `entries`, and of all that have a ground against them, by the former.

    With `by_ref`, by the refs of both.
    """
    entry, other = aliased(Entry, name="entry"), aliased(Entry, name="other")
    against = opposed_to(entry, Search(scope)).scalar_subquery()
    return (
        select(entry.id, other.id)
        .select_from(entry)
        .join(other, and_(other.id != entry.id, among(other.id, against)))
        .where(is_one_of(entry.id, "entries"))
        .order_by(*((entry.ref, other.ref) if by_ref else (entry.id,)))
    )


def has_candidates(entry: type[Entry], scope: Scope) -> ColumnElement[bool]:
    """Whether some entry that counts has a ground against an entry."""
    other = aliased(Entry)
    against = among(other.id, opposed_to(entry, Search(scope)).scalar_subquery())
    counts = row_by_row(*entry_counts(other, scope))
    return exists(select(other.id).where(other.id != entry.id, against, counts).correlate(entry))


def opposed_to(entry: type[Entry], search: Search, *beside: type[Entry]) -> CompoundSelect[int]:
    """Select the keys of the entries that have a ground against an entry.

    Whether they count remains to be asked of them. What the search asks may be of entries `beside`
    it, too.
    """
    arms: list[Select[int]] = []
    for one, other, conditions in (_opposite(search), exclusive_sides(search)):
        both = [*conditions, *stance_counts(one, search.scope), *stance_counts(other, search.scope)]
        asked = row_by_row(*search.whom(other.entry_id))
        arms.append(select(other.entry_id).where(one.entry_id == entry.id, *both, asked))
    for relation in search.relations:
        for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
            link = aliased(Link)
            conditions = [getattr(link, near) == entry.id, link.relation == relation]
            counts = link_counts(link, search.scope)
            if relation is Relation.CONTRADICTS and search.strength > 1:
                counts = [*counts, link.strength >= search.strength]
            arms.append(select(getattr(link, far)).where(*conditions, *counts))
    return union(*(arm.correlate(entry, *beside) for arm in arms))


_Sides: TypeAlias = tuple[type[Stance], type[Stance], list[ColumnElement[bool]]]


def _opposite(search: Search) -> _Sides:
    """Return two stances of opposite sign on one proposition, and the conditions of that."""
    one, other = aliased(Stance), aliased(Stance)
    least = search.strength
    # As a range, so that an index on (proposition, value) finds the other side at once.
    low, high = case((one.value > 0, -2), else_=least), case((one.value > 0, -least), else_=2)
    asked = search.on_what(one.proposition_id)
    conditions = [
        func.abs(one.value) >= least,
        other.proposition_id == one.proposition_id,
        other.value.between(low, high),
    ]
    return one, other, [*conditions, row_by_row(*asked)] if asked else conditions


def exclusive_sides(search: Search) -> _Sides:
    """Return two stances that affirm two propositions of one exclusive topic, likewise."""
    one, other = aliased(Stance), aliased(Stance)
    topic, mine, theirs = aliased(Topic), aliased(Proposition), aliased(Proposition)
    conditions = [
        one.value >= search.strength,
        mine.id == one.proposition_id,
        topic.id == mine.topic_id,
        topic.exclusive.is_(True),
        theirs.topic_id == topic.id,
        theirs.id != mine.id,
        other.proposition_id == theirs.id,
        other.value >= search.strength,
    ]
    asked = [
        and_(*on_it) for side in (one, other) if (on_it := search.on_what(side.proposition_id))
    ]
    return one, other, [*conditions, row_by_row(or_(*asked))] if asked else conditions


def _precedes(subject: type[Entry], counter: type[Entry]) -> ColumnElement[bool]:
    """Whether the first of two entries comes first, as far as days tell (`weigh.chronology`)."""
    return tuple_(*rank(subject)) < tuple_(*rank(counter))


def rank(entry: type[Entry]) -> tuple[SQLColumnExpression[Any], ...]:
    """Return by what an entry comes first in a pair: the least is the subject."""
    kinds = {kind.value: number for number, kind in enumerate(KINDS_IN_ORDER)}
    return case(kinds, value=entry.kind), day(entry), entry.ref


def _subjects(wanted: Filters, pairs: PairFilters, search: Search) -> type[Entry]:
    """Return the entries that can be subjects of the pairs wanted, so that not all are asked.

    They come by ref, which SQLite sees to itself; PostgreSQL would work out all pairs, and sort.
    """
    if pairs.entries:
        named = [Entry.ref.in_(pairs.entries)]
        near = among(Entry.id, _beside(named, replace(search, on_what=_anything)).scalar_subquery())
    elif wanted.topics or wanted.propositions:
        found = _on_it(wanted, search)
        if entry_matches(Entry, wanted):
            found = _beside(_matching(Entry, wanted, search), search)
        near = among(unsought(Entry.id), found.scalar_subquery())
    else:
        return aliased(Entry, name="subject")
    return aliased(Entry, select(Entry).where(near).order_by(Entry.ref).subquery("subject"))


def _beside(which: Sequence[ColumnElement[bool]], search: Search) -> CompoundSelect[int]:
    """Select the keys of some entries, and of all that have a ground against them."""
    other = aliased(Entry)
    against = among(other.id, opposed_to(Entry, search).scalar_subquery())
    return union(
        select(Entry.id).where(*which),
        select(other.id).select_from(Entry).join(other, against).where(*which),
    )


def _matching(entry: type[Entry], wanted: Filters, search: Search) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry matches, and can have a ground on what is wanted."""
    return [
        among(entry.id, _on_it(wanted, search).scalar_subquery()),
        *entry_matches(entry, wanted),
    ]


def _beside_others(subject: type[Entry], wanted: Filters, search: Search) -> Asked:
    """Ask of what opposes a subject on what is wanted that it matches, unless the subject does.

    Which `_entries_match` asks of each pair found; thousands may oppose a subject, few of a month.
    """
    matches = entry_matches(subject, wanted)
    if not matches or not (wanted.topics or wanted.propositions):
        return _anything
    one = aliased(Entry)
    these = select(one.id).where(*_matching(one, wanted, search))
    return lambda key: [or_(and_(*matches), key.in_(these))]


def _entries_match(
    subject: type[Entry], counter: type[Entry], wanted: Filters
) -> list[ColumnElement[bool]]:
    """One of the two satisfies all entry filters together, and one speaks of what is wanted."""
    wanted = replace(wanted, min_strength=None)  # which is that of the pair
    by_stance = wanted if wanted.affirming or wanted.denying else Filters()
    sides = [
        [*entry_matches(entry, wanted), *takes_stance(entry, by_stance)]
        for entry in (subject, counter)
    ]
    matches = [or_(*(and_(*side) for side in sides))] if sides[0] else []
    if not (wanted.topics or wanted.propositions):
        return matches
    about = replace(wanted, affirming=False, denying=False)
    return [*matches, or_(*takes_stance(subject, about), *takes_stance(counter, about))]


def _on_it(wanted: Filters, search: Search) -> CompoundSelect[int]:
    """Select the keys of all entries that can have a ground on what is wanted.

    Those with a stance on it, or on another proposition of an exclusive topic; and what is linked.
    """
    stance, beside = aliased(Stance), aliased(Stance)
    one, other, proposition = aliased(Proposition), aliased(Proposition), aliased(Proposition)
    these = select(proposition.id).where(*proposition_matches(proposition.id, wanted))
    on_these = among(stance.proposition_id, these.scalar_subquery())
    arms: list[Select[int]] = [
        select(stance.entry_id).where(on_these),
        select(beside.entry_id)
        .join(other, other.id == beside.proposition_id)
        .join(Topic, Topic.id == other.topic_id)
        .join(one, one.topic_id == Topic.id)
        .where(Topic.exclusive.is_(True), *proposition_matches(one.id, wanted)),
    ]
    for here, there in ((Link.from_id, Link.to_id), (Link.to_id, Link.from_id)):
        far = select(there).join(stance, stance.entry_id == here)
        arms.append(far.where(Link.relation.in_(search.relations), on_these))
    return union(*arms)
