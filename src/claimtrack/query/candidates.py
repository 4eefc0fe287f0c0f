"""Selects the pairs of entries that may oppose each other; `weigh.classification` decides.

Two entries are a candidate pair when one affirms a proposition that the other denies, when both
affirm propositions of one exclusive topic, when the ranges of two of their figures for one measure
have no number in common, or when a link joins them as contradicting (or as
reconciled, if reconciled pairs are included). Every pair that opposes is a candidate; some
candidates do not oppose each other.
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
    false,
    func,
    or_,
    select,
    tuple_,
    union,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Figure, Link, Measure, Proposition, Stance, Topic
from claimtrack.query.filters import (
    Filters,
    match_content,
    match_entry,
    match_measure,
    match_proposition,
)
from claimtrack.query.pair_filters import PairFilters, get_required_links, match_pair
from claimtrack.query.visibility import (
    Scope,
    cached_by_scope,
    entry_in_scope,
    figure_in_scope,
    get_sort_day,
    get_sort_instant,
    link_in_scope,
    stance_in_scope,
)
from claimtrack.sql import is_in_subquery, is_one_of, row_by_row, without_index
from claimtrack.vocab import Relation
from claimtrack.weigh.chronology import KINDS_IN_ORDER

KeyCondition: TypeAlias = Callable[[SQLColumnExpression[int]], list[ColumnElement[bool]]]
"""Takes the expression of a key and returns conditions on it; none if every key matches."""


def _no_condition(_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    return []


def _never(_: SQLColumnExpression[int]) -> list[ColumnElement[bool]]:
    return [false()]


@dataclass(frozen=True, slots=True)
class CandidateSearch:
    """What makes an entry a candidate opponent of another.

    Attributes:
        scope: The scope.
        relations: The relations of links that join candidates.
        strength: The least strength of a ground.
        proposition_condition: Conditions on the key of the proposition that a ground is on; not
            applied to links.
        measure_condition: The same for the key of the measure.
        opponent_condition: Conditions on the key of the opponent; not applied to links.
    """

    scope: Scope
    relations: tuple[Relation, ...] = (Relation.CONTRADICTS,)
    strength: int = 1
    proposition_condition: KeyCondition = _no_condition
    measure_condition: KeyCondition = _no_condition
    opponent_condition: KeyCondition = _no_condition


@lru_cache(maxsize=32)  # to build the statement takes longer than to run it on a small casebook
def select_candidates(filters: Filters, pairs: PairFilters) -> Select[int, int]:
    """Select the keys of candidate pairs, subject and counter, by subject ref, then counter ref.

    One of the two entries matches all filters on entries, and the pair those of `pairs` that SQL
    can test. Left to the caller: whether the entries are in scope, whether a ground is on a
    proposition of the filters, and all that is decided by weighing.
    """
    search = _search(filters, pairs)
    if get_required_links(pairs):
        return _select_linked(filters, pairs, search)
    subject, counter = _narrow_subjects(filters, pairs, search), aliased(Entry, name="counter")
    opponent_condition = _opponent_condition(subject, filters, search)
    against = select_opponent_keys(
        subject, replace(search, opponent_condition=opponent_condition)
    ).scalar_subquery()
    return (
        select(subject.id, counter.id)
        .select_from(subject)
        .join(counter, and_(counter.id != subject.id, is_in_subquery(counter.id, against)))
        .where(_precedes(subject, counter))
        .where(*match_pair(subject, counter, pairs, filters))
        .where(*_match_entries(subject, counter, filters))
        .order_by(subject.ref, counter.ref)
    )


def _select_linked(
    filters: Filters, pairs: PairFilters, search: CandidateSearch
) -> Select[int, int]:
    """Select candidate pairs as `select_candidates` does, if only linked pairs can match.

    Starts from the links, which are fewer than the pairs. A pair with several links comes several
    times in a row.
    """
    link = aliased(Link)
    subject, counter = aliased(Entry, name="subject"), aliased(Entry, name="counter")
    ends = (link.from_id, link.to_id)
    relations = get_required_links(pairs)[0]
    found = (
        select(subject.id, counter.id)
        .select_from(link)
        .join(subject, subject.id.in_(ends))
        .join(counter, and_(counter.id.in_(ends), counter.id != subject.id))
        .where(link.relation.in_(relations), _precedes(subject, counter))
        .where(*match_pair(subject, counter, pairs, filters))
        .where(*_match_entries(subject, counter, filters))
        .order_by(subject.ref, counter.ref)
    )
    if Relation.RESPONDS_TO not in relations:
        return found  # such a link is a candidate by itself, and they are few
    these = replace(search, opponent_condition=lambda key: [key == counter.id])
    grounds = select_opponent_keys(subject, these, counter).scalar_subquery()
    return found.where(row_by_row(is_in_subquery(counter.id, grounds)))


def drop_repeated(candidates: Iterable[Any]) -> Iterator[Any]:
    """Yield ordered candidates without the repetitions that follow each other."""
    return (candidate for candidate, _ in groupby(candidates, key=tuple))


def get_candidate_relations(pairs: PairFilters) -> tuple[Relation, ...]:
    """Return the relations of links that make two entries a candidate pair."""
    return (Relation.CONTRADICTS, Relation.RECONCILES)[: 1 + pairs.keeps_reconciled]


def _search(filters: Filters, pairs: PairFilters) -> CandidateSearch:
    """Return what makes an entry an opponent under the filters, without `opponent_condition`."""
    return CandidateSearch(
        filters,
        relations=get_candidate_relations(pairs),
        strength=filters.min_strength or 1,
        proposition_condition=_never
        if filters.measures and not filters.propositions
        else partial(match_proposition, filters=filters),
        measure_condition=_never
        if filters.propositions and not filters.measures
        else partial(match_measure, filters=filters),
    )


@cached_by_scope
def select_opponents(scope: Scope, *, by_ref: bool = False) -> Select[int, int]:
    """Select the keys of entries and of their candidate opponents, by the key of the entry.

    Args:
        scope: The scope.
        by_ref: Whether to order by the refs of both instead.

    The statement takes the keys of the entries as its parameter `entries`.
    """
    entry, other = aliased(Entry, name="entry"), aliased(Entry, name="other")
    against = select_opponent_keys(entry, CandidateSearch(scope)).scalar_subquery()
    return (
        select(entry.id, other.id)
        .select_from(entry)
        .join(other, and_(other.id != entry.id, is_in_subquery(other.id, against)))
        .where(is_one_of(entry.id, "entries"))
        .order_by(*((entry.ref, other.ref) if by_ref else (entry.id,)))
    )


def has_opponent_candidates(entry: type[Entry], scope: Scope) -> ColumnElement[bool]:
    """Whether an entry has a candidate opponent that is in scope."""
    other = aliased(Entry)
    against = is_in_subquery(
        other.id, select_opponent_keys(entry, CandidateSearch(scope)).scalar_subquery()
    )
    counts = row_by_row(*entry_in_scope(other, scope))
    return exists(select(other.id).where(other.id != entry.id, against, counts).correlate(entry))


def select_opponent_keys(
    entry: type[Entry], search: CandidateSearch, *enclosing: type[Entry]
) -> CompoundSelect[int]:
    """Select the keys of the candidate opponents of an entry, whether or not they are in scope.

    Args:
        entry: The entry, from the enclosing statement.
        search: What makes an entry an opponent.
        enclosing: Further entries of the enclosing statement that the conditions of the search use.
    """
    arms: list[Select[int]] = []
    for one, other, conditions in (_join_opposite_stances(search), join_exclusive_stances(search)):
        both = [
            *conditions,
            *stance_in_scope(one, search.scope),
            *stance_in_scope(other, search.scope),
        ]
        condition = row_by_row(*search.opponent_condition(other.entry_id))
        arms.append(select(other.entry_id).where(one.entry_id == entry.id, *both, condition))
    one_figure, other_figure, conditions = join_conflicting_figures(search)
    arms.append(
        select(other_figure.entry_id).where(
            one_figure.entry_id == entry.id,
            *conditions,
            *figure_in_scope(one_figure, search.scope),
            *figure_in_scope(other_figure, search.scope),
            row_by_row(*search.opponent_condition(other_figure.entry_id)),
        )
    )
    for relation in search.relations:
        for near, far in (("from_id", "to_id"), ("to_id", "from_id")):
            link = aliased(Link)
            conditions = [getattr(link, near) == entry.id, link.relation == relation]
            counts = link_in_scope(link, search.scope)
            if relation is Relation.CONTRADICTS and search.strength > 1:
                counts = [*counts, link.strength >= search.strength]
            arms.append(select(getattr(link, far)).where(*conditions, *counts))
    return union(*(arm.correlate(entry, *enclosing) for arm in arms))


_Sides: TypeAlias = tuple[type[Stance], type[Stance], list[ColumnElement[bool]]]


def _join_opposite_stances(search: CandidateSearch) -> _Sides:
    """Return two stances and the conditions that they have opposite signs on one proposition."""
    one, other = aliased(Stance), aliased(Stance)
    least = search.strength
    # A range and not `sign <> sign`, so that an index on (proposition, value) finds the other side.
    low, high = case((one.value > 0, -2), else_=least), case((one.value > 0, -least), else_=2)
    condition = search.proposition_condition(one.proposition_id)
    conditions = [
        func.abs(one.value) >= least,
        other.proposition_id == one.proposition_id,
        other.value.between(low, high),
    ]
    return one, other, [*conditions, row_by_row(*condition)] if condition else conditions


def join_exclusive_stances(search: CandidateSearch) -> _Sides:
    """Return two stances and the conditions that their propositions exclude each other.

    They affirm two propositions directly under one exclusive topic, of which one must meet the
    condition of the search.
    """
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
    condition = [
        and_(*on_it)
        for side in (one, other)
        if (on_it := search.proposition_condition(side.proposition_id))
    ]
    return one, other, [*conditions, row_by_row(or_(*condition))] if condition else conditions


def join_conflicting_figures(
    search: CandidateSearch,
) -> tuple[type[Figure], type[Figure], list[ColumnElement[bool]]]:
    """Return two figures and the conditions that their ranges for one measure are disjoint.

    Whether they can be compared at all depends on their periods, which `weigh.figures` decides.
    """
    one, other = aliased(Figure), aliased(Figure)
    conditions = [
        other.measure_id == one.measure_id,
        or_(one.low > other.high, other.low > one.high),
    ]
    required = search.measure_condition(one.measure_id)
    return one, other, [*conditions, row_by_row(*required)] if required else conditions


def _precedes(subject: type[Entry], counter: type[Entry]) -> ColumnElement[bool]:
    """Whether the first of two entries is the subject of their pair."""
    return is_subject(get_pair_order(subject), get_pair_order(counter))


def is_subject(
    one: Sequence[SQLColumnExpression[Any]], other: Sequence[SQLColumnExpression[Any]]
) -> ColumnElement[bool]:
    """Whether the first of two entries is the subject of their pair, as `comes_first` decides.

    Args:
        one: The columns of `get_pair_order` of the first.
        other: Those of the other.
    """
    (kind, day, ref, instant), (kind_2, day_2, ref_2, instant_2) = one, other
    by_day = tuple_(kind, day, ref) < tuple_(kind_2, day_2, ref_2)
    both = and_(instant.is_not(None), instant_2.is_not(None), kind == kind_2)
    return case((both, tuple_(instant, ref) < tuple_(instant_2, ref_2)), else_=by_day)


def get_pair_order(entry: type[Entry]) -> tuple[SQLColumnExpression[Any], ...]:
    """Return the columns by which `is_subject` compares two entries.

    The rank of the kind, the day by which they are sorted, the ref, and the instant of that day;
    null without a time.
    """
    kinds = {kind.value: number for number, kind in enumerate(KINDS_IN_ORDER)}
    return case(kinds, value=entry.kind), get_sort_day(entry), entry.ref, get_sort_instant(entry)


def _narrow_subjects(filters: Filters, pairs: PairFilters, search: CandidateSearch) -> type[Entry]:
    """Return the entries among which the subjects of matching pairs are, so that few are searched.

    A subquery ordered by ref if the filters narrow them. SQLite would walk the index on ref anyway;
    PostgreSQL would compute all pairs and sort them.
    """
    if pairs.entries:
        named = [Entry.ref.in_(pairs.entries)]
        near = is_in_subquery(
            Entry.id,
            _select_with_opponents(
                named, replace(search, proposition_condition=_no_condition)
            ).scalar_subquery(),
        )
    elif filters.has_subject:
        found = _select_entries_on(filters, search)
        if _match_one(Entry, filters):
            found = _select_with_opponents(_match_entry_and_topic(Entry, filters, search), search)
        near = is_in_subquery(without_index(Entry.id), found.scalar_subquery())
    else:
        return aliased(Entry, name="subject")
    return aliased(Entry, select(Entry).where(near).order_by(Entry.ref).subquery("subject"))


def _select_with_opponents(
    criteria: Sequence[ColumnElement[bool]], search: CandidateSearch
) -> CompoundSelect[int]:
    """Select the keys of the entries that meet conditions, and of their candidate opponents."""
    other = aliased(Entry)
    against = is_in_subquery(other.id, select_opponent_keys(Entry, search).scalar_subquery())
    return union(
        select(Entry.id).where(*criteria),
        select(other.id).select_from(Entry).join(other, against).where(*criteria),
    )


def _match_entry_and_topic(
    entry: type[Entry], filters: Filters, search: CandidateSearch
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry matches the filters and can have a ground they match."""
    return [
        is_in_subquery(entry.id, _select_entries_on(filters, search).scalar_subquery()),
        *_match_one(entry, filters),
    ]


def _match_one(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters on one entry of a pair; a measure is of the ground."""
    return match_entry(entry, replace(filters, measures=()))


def _opponent_condition(
    subject: type[Entry], filters: Filters, search: CandidateSearch
) -> KeyCondition:
    """Return the condition that an opponent matches the entry filters if the subject does not.

    `_match_entries` tests the same for each pair found. This one is applied before: thousands may
    oppose a subject of which few are, say, of the month that the filters select.
    """
    matches = _match_one(subject, filters)
    if not matches or not filters.has_subject:
        return _no_condition
    one = aliased(Entry)
    these = select(one.id).where(*_match_entry_and_topic(one, filters, search))
    return lambda key: [or_(and_(*matches), key.in_(these))]


def _match_entries(
    subject: type[Entry], counter: type[Entry], filters: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that one of two entries matches all filters on entries.

    If there are filters on topics, propositions or measures, one of the two (not necessarily the
    same one) must also have a stance or figure on them.
    """
    filters = replace(
        filters, min_strength=None
    )  # of a pair, it is the strength of its best ground
    by_stance = filters if filters.affirming or filters.denying else Filters()
    sides = [
        [*_match_one(entry, filters), *match_content(entry, by_stance)]
        for entry in (subject, counter)
    ]
    matches = [or_(*(and_(*side) for side in sides))] if sides[0] else []
    of_subject, of_counter = (_match_subjects(entry, filters) for entry in (subject, counter))
    either = zip(of_subject, of_counter, strict=True)
    return [*matches, *(or_(mine, theirs) for mine, theirs in either)]


def _match_subjects(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters on topics, propositions and measures alone."""
    about = Filters(
        topics=filters.topics,
        propositions=filters.propositions,
        measures=filters.measures,
        known_by=filters.known_by,
        asserted_by=filters.asserted_by,
    )
    return [*match_entry(entry, about), *match_content(entry, about)]


def _select_entries_on(filters: Filters, search: CandidateSearch) -> CompoundSelect[int]:
    """Select the keys of all entries that can have a ground on what the filters select.

    Those with a stance on one of the propositions or on another proposition of the same exclusive
    topic, those with a figure for one of the measures, and those that a link joins with such an
    entry.
    """
    on_stances = bool(filters.propositions or not filters.measures)
    on_figures = bool(filters.measures or not filters.propositions)
    stance, figure = aliased(Stance), aliased(Figure)
    proposition, measure = aliased(Proposition), aliased(Measure)
    these = select(proposition.id).where(*match_proposition(proposition.id, filters))
    those = select(measure.id).where(*match_measure(measure.id, filters))
    on_these = is_in_subquery(stance.proposition_id, these.scalar_subquery())
    on_those = is_in_subquery(figure.measure_id, those.scalar_subquery())
    arms: list[Select[int]] = []
    if on_stances:
        arms += [select(stance.entry_id).where(on_these), _select_rivals(filters)]
    if on_figures:
        arms.append(select(figure.entry_id).where(on_those))
    for here, there in ((Link.from_id, Link.to_id), (Link.to_id, Link.from_id)):
        linked = Link.relation.in_(search.relations)
        if on_stances:
            far = select(there).join(stance, stance.entry_id == here)
            arms.append(far.where(linked, on_these))
        if on_figures:
            far = select(there).join(figure, figure.entry_id == here)
            arms.append(far.where(linked, on_those))
    return union(*arms)


def _select_rivals(filters: Filters) -> Select[int]:
    """Select the entries with a stance on a proposition that excludes one of the filters."""
    one, other, rival = aliased(Proposition), aliased(Proposition), aliased(Stance)
    return (
        select(rival.entry_id)
        .join(other, other.id == rival.proposition_id)
        .join(Topic, Topic.id == other.topic_id)
        .join(one, one.topic_id == Topic.id)
        .where(Topic.exclusive.is_(True), *match_proposition(one.id, filters))
    )
