"""Fetches the positions on propositions, and the deeds that may oppose them, in batches."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.facts import Attribution, Utterance
from claimtrack.models import Actor, Entry, Participation, Proposition, Stance, Topic
from claimtrack.query.entry_facts import FactsLoader, get_date_columns, get_span
from claimtrack.query.filters import Filters, match_entry
from claimtrack.query.visibility import Scope, cached_by_scope, entry_in_scope, stance_in_scope
from claimtrack.sql import BATCH_SIZE, is_one_of, stream, without_index
from claimtrack.vocab import ActorKind, EntryKind, ParticipationRole
from claimtrack.weigh.origins import WORDS
from claimtrack.weigh.position_index import PositionIndex
from claimtrack.weigh.position_steps import Position


def match_on_record(
    entry: type[Entry], filters: Filters, *, anonymous: bool
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry in scope is on record and matches the entry filters.

    On record are claims, statements, commitments and actions. `since` and `until` are not applied:
    an earlier position is needed for the step of a later one.

    Args:
        entry: The entry.
        filters: The filters.
        anonymous: Whether claims of anonymous sources are on record as well.
    """
    kinds: list[ColumnElement[bool]] = [
        without_index(entry.kind).in_((*sorted(WORDS), EntryKind.ACTION))
    ]
    if not anonymous:
        unnamed = select(Actor.id).where(Actor.kind == ActorKind.ANONYMOUS)
        kinds.append(or_(entry.kind != EntryKind.CLAIM, entry.actor_id.not_in(unnamed)))
    matches = match_entry(entry, replace(filters, since=None, until=None))
    return [*kinds, *entry_in_scope(entry, filters), *matches]


@dataclass(frozen=True)
class PositionFacts:
    """The positions and deeds on some propositions.

    Attributes:
        propositions: The keys of the propositions.
        words: The positions, by the keys of a proposition and of a judge.
        deeds: The keys of actions, by the key of a proposition, whether they affirm it, and the key
            of their principal.
        rivals: By the key of a proposition, the keys of those that exclude it: the others directly
            under the same exclusive topic.
    """

    propositions: Sequence[int]
    words: Mapping[tuple[int, int], PositionIndex]
    deeds: Mapping[tuple[int, bool, int], Sequence[int]]
    rivals: Mapping[int, Sequence[int]]

    def iter_opposing_deeds(self, word: Position, proposition: int) -> Iterator[int]:
        """Yield the keys of the principal's own actions that may oppose its position."""
        principal = word.entry.principal
        if word.value:
            yield from self.deeds.get((proposition, word.value < 0, principal), ())
        if word.value > 0:
            for rival in self.rivals.get(proposition, ()):
                yield from self.deeds.get((rival, True, principal), ())


class PositionFactsLoader:
    """Fetches the positions on record, and all actions in scope, on propositions.

    Args:
        session: The session.
        filters: The filters on entries; positions match them, actions need not.
        facts: Supplies the tree of actors.
        anonymous: Whether positions of anonymous sources are included.
    """

    def __init__(
        self, session: Session, filters: Filters, facts: FactsLoader, *, anonymous: bool
    ) -> None:
        self._session, self._filters, self._facts = session, filters, facts
        self._anonymous = anonymous

    def load(self, propositions: Sequence[int]) -> Iterator[PositionFacts]:
        """Yield the positions and deeds on propositions, a batch of propositions at a time.

        Sends one statement for each `BATCH_SIZE` propositions and four for each batch. A batch has
        at most `_BATCH_STANCES` stances, or one proposition with more: memory grows with the
        positions on one proposition, not with the number of propositions.
        """
        counts = dict(self._rows(_select_stance_counts(), propositions))
        some, size = list[int](), 0
        for proposition in propositions:
            if some and size + counts[proposition] > _BATCH_STANCES:
                yield self._load_batch(some)
                some, size = [], 0
            some.append(proposition)
            size += counts[proposition]
        if some:
            yield self._load_batch(some)

    def _load_batch(self, propositions: Sequence[int]) -> PositionFacts:
        """Return the positions on propositions, and the deeds on these and their rivals."""
        rivals = defaultdict[int, list[int]](list)
        for one, other in self._rows(_select_rivals(), propositions):
            rivals[one].append(other)
        near = list(dict.fromkeys([*propositions, *chain.from_iterable(rivals.values())]))
        people = self._load_attribution(near)
        words = defaultdict[tuple[int, int], list[Position]](list)
        query = _select_words(self._filters, anonymous=self._anonymous)
        for proposition, judge, value, entry, actor, behalf, *dated in self._rows(
            query, propositions
        ):
            parties = people(entry, actor, behalf)
            utterance = Utterance(
                entry,
                get_span(*dated),
                parties.voices,
                parties.ancestry,
                parties.principal,
            )
            words[proposition, judge].append(Position(utterance, value))
        deeds = defaultdict[tuple[int, bool, int], dict[int, None]](dict)
        for proposition, value, entry, *actors in self._rows(_select_deeds(self._filters), near):
            for principal in people(entry, *actors).principals:
                deeds[proposition, value > 0, principal][entry] = None
        return PositionFacts(
            propositions,
            {key: PositionIndex(some) for key, some in words.items()},
            {key: list(some) for key, some in deeds.items()},
            rivals,
        )

    def _load_attribution(self, propositions: Sequence[int]) -> Callable[..., Attribution]:
        """Return a function that returns the attribution of an entry on these propositions.

        Its arguments are the key of the entry, of its actor and of the actor on whose behalf it is.
        """
        co_actors = defaultdict[int, set[int]](set)
        for entry, actor in self._rows(_select_co_actors(), propositions):
            co_actors[entry].add(actor)

        def people(entry: int, actor: int, behalf: int | None) -> Attribution:
            others = frozenset(co_actors[entry]) if entry in co_actors else _NO_ACTORS
            return self._facts.get_attribution(
                actor, actor if behalf is None else behalf, others, _NO_ACTORS
            )

        return people

    def _rows(self, query: Select[*tuple[Any, ...]], propositions: Sequence[int]) -> Iterator[Any]:
        """Yield the rows of a query; sends a statement for each `BATCH_SIZE` propositions."""
        for first in range(0, len(propositions), BATCH_SIZE):
            some = list(propositions[first : first + BATCH_SIZE])
            yield from stream(self._session, query, {"propositions": some})


_NO_ACTORS = frozenset[int]()
_BATCH_STANCES = 5_000
"""The greatest number of stances in a batch of more than one proposition; bounds memory."""


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_stance_counts() -> Select[int, int]:
    return (
        select(Stance.proposition_id, func.count())
        .where(is_one_of(Stance.proposition_id, "propositions"))
        .group_by(Stance.proposition_id)
    )


@lru_cache(maxsize=16)  # once for each scope: building takes longer than running it
def _select_words(filters: Filters, *, anonymous: bool) -> Select[*tuple[Any, ...]]:
    """Select the stances on record on some propositions, each with its entry."""
    entry, stance = aliased(Entry), aliased(Stance)
    reading = (stance.proposition_id, stance.asserted_by_id, stance.value)
    columns = (entry.id, entry.actor_id, entry.on_behalf_of_id)
    return (
        select(*reading, *columns, *get_date_columns(entry))
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), entry.kind != EntryKind.ACTION)
        .where(
            *match_on_record(entry, filters, anonymous=anonymous), *stance_in_scope(stance, filters)
        )
    )


@cached_by_scope
def _select_deeds(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the stances other than 0 of the actions on some propositions."""
    entry, stance = aliased(Entry), aliased(Stance)
    done = (entry.id, entry.actor_id, entry.on_behalf_of_id)
    return (
        select(stance.proposition_id, stance.value, *done)
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), stance.value != 0)
        .where(without_index(entry.kind) == EntryKind.ACTION)
        .where(*entry_in_scope(entry, scope), *stance_in_scope(stance, scope))
    )


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_co_actors() -> Select[*tuple[Any, ...]]:
    """Select the co-actors of the entries that have a stance on some propositions."""
    co_actor = Participation.role == ParticipationRole.CO_ACTOR
    return (
        select(Participation.entry_id, Participation.actor_id)
        .join(Stance, and_(Stance.entry_id == Participation.entry_id, co_actor))
        .where(is_one_of(Stance.proposition_id, "propositions"))
        .distinct()
    )


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_rivals() -> Select[*tuple[Any, ...]]:
    """Select the pairs of propositions directly under one exclusive topic."""
    one, other = aliased(Proposition), aliased(Proposition)
    return (
        select(one.id, other.id)
        .join(Topic, Topic.id == one.topic_id)
        .join(other, and_(other.topic_id == Topic.id, other.id != one.id))
        .where(is_one_of(one.id, "propositions"), Topic.exclusive.is_(True))
        .order_by(one.id, other.id)
    )
