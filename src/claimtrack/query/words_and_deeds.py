"""Who said what of propositions, and what was done, fetched for some propositions at once."""

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
from claimtrack.query.facts import Facts, dated
from claimtrack.query.filters import Filters, entry_matches
from claimtrack.query.visibility import Scope, entry_counts, stance_counts
from claimtrack.sql import AT_ONCE, is_one_of, stream, unsought
from claimtrack.vocab import ActorKind, EntryKind, ParticipationRole
from claimtrack.weigh.origins import WORDS
from claimtrack.weigh.position_index import PositionIndex
from claimtrack.weigh.position_steps import Position


def on_record(entry: type[Entry], wanted: Filters, *, anonymous: bool) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is a word or a deed on the record that is wanted.

    On whichever day: days choose what of the record is shown. Claims of anonymous sources are on
    it where they are asked for.
    """
    kinds: list[ColumnElement[bool]] = [
        unsought(entry.kind).in_((*sorted(WORDS), EntryKind.ACTION))
    ]
    if not anonymous:
        unnamed = select(Actor.id).where(Actor.kind == ActorKind.ANONYMOUS)
        kinds.append(or_(entry.kind != EntryKind.CLAIM, entry.actor_id.not_in(unnamed)))
    matches = entry_matches(entry, replace(wanted, since=None, until=None))
    return [*kinds, *entry_counts(entry, wanted), *matches]


@dataclass(frozen=True)
class Held:
    """What was said of some propositions, and done.

    Attributes:
        propositions: Their keys.
        words: By the keys of a proposition and of a judge, the words.
        deeds: By the key of a proposition, whether they affirm it, and the key of a principal, the
            keys of the deeds of that principal.
        rivals: By the key of a proposition, those of which one alone can be true beside it.
    """

    propositions: Sequence[int]
    words: Mapping[tuple[int, int], PositionIndex]
    deeds: Mapping[tuple[int, bool, int], Sequence[int]]
    rivals: Mapping[int, Sequence[int]]

    def own_deeds_against(self, word: Position, proposition: int) -> Iterator[int]:
        """Yield the keys of the principal's deeds that may oppose a word on a proposition."""
        principal = word.entry.principal
        if word.value:
            yield from self.deeds.get((proposition, word.value < 0, principal), ())
        if word.value > 0:
            for rival in self.rivals.get(proposition, ()):
                yield from self.deeds.get((rival, True, principal), ())


class WordsAndDeeds:
    """Fetches what is held on propositions: the words on record, and all deeds that count."""

    def __init__(self, session: Session, wanted: Filters, facts: Facts, *, anonymous: bool) -> None:
        self._session, self._wanted, self._facts = session, wanted, facts
        self._anonymous = anonymous

    def on(self, propositions: Sequence[int]) -> Iterator[Held]:
        """Yield what is held on propositions, on some of them at a time.

        Sends one statement for each `AT_ONCE` propositions, and four for each that is yielded.
        Memory grows with the words on one proposition, and not with the propositions.
        """
        counts = dict(self._rows(_counts(), propositions))
        some, size = list[int](), 0
        for proposition in propositions:
            if some and size + counts[proposition] > _TOGETHER:
                yield self._on(some)
                some, size = [], 0
            some.append(proposition)
            size += counts[proposition]
        if some:
            yield self._on(some)

    def _on(self, propositions: Sequence[int]) -> Held:
        rivals = defaultdict[int, list[int]](list)
        for one, other in self._rows(_rivals(), propositions):
            rivals[one].append(other)
        near = list(dict.fromkeys([*propositions, *chain.from_iterable(rivals.values())]))
        people = self._people_on(near)
        words = defaultdict[tuple[int, int], list[Position]](list)
        query = _words(self._wanted, anonymous=self._anonymous)
        for proposition, judge, value, entry, first, last, *actors in self._rows(
            query, propositions
        ):
            whose = people(entry, *actors)
            spoken = Utterance(
                entry, dated(first, last), whose.voices, whose.ancestry, whose.principal
            )
            words[proposition, judge].append(Position(spoken, value))
        deeds = defaultdict[tuple[int, bool, int], dict[int, None]](dict)
        for proposition, value, entry, *actors in self._rows(_deeds(self._wanted), near):
            for principal in people(entry, *actors).principals:
                deeds[proposition, value > 0, principal][entry] = None
        return Held(
            propositions,
            {key: PositionIndex(some) for key, some in words.items()},
            {key: list(some) for key, some in deeds.items()},
            rivals,
        )

    def _people_on(self, propositions: Sequence[int]) -> Callable[..., Attribution]:
        """Return what tells whose an entry on propositions is, by its key and its two actors."""
        together = defaultdict[int, set[int]](set)
        for entry, actor in self._rows(_co_actors(), propositions):
            together[entry].add(actor)

        def people(entry: int, actor: int, behalf: int | None) -> Attribution:
            others = frozenset(together[entry]) if entry in together else _NOBODY
            return self._facts.people(actor, actor if behalf is None else behalf, others, _NOBODY)

        return people

    def _rows(self, query: Select[*tuple[Any, ...]], propositions: Sequence[int]) -> Iterator[Any]:
        for first in range(0, len(propositions), AT_ONCE):
            some = list(propositions[first : first + AT_ONCE])
            yield from stream(self._session, query, {"propositions": some})


_NOBODY = frozenset[int]()
_TOGETHER = 5_000
"""Stances on propositions that are in memory at once, unless one proposition has more."""


@lru_cache(maxsize=1)
def _counts() -> Select[int, int]:
    return (
        select(Stance.proposition_id, func.count())
        .where(is_one_of(Stance.proposition_id, "propositions"))
        .group_by(Stance.proposition_id)
    )


@lru_cache(maxsize=16)
def _words(wanted: Filters, *, anonymous: bool) -> Select[*tuple[Any, ...]]:
    entry, stance = aliased(Entry), aliased(Stance)
    reading = (stance.proposition_id, stance.asserted_by_id, stance.value)
    spoken = (entry.id, entry.date_from, entry.date_to, entry.actor_id, entry.on_behalf_of_id)
    return (
        select(*reading, *spoken)
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), entry.kind != EntryKind.ACTION)
        .where(*on_record(entry, wanted, anonymous=anonymous), *stance_counts(stance, wanted))
    )


@lru_cache(maxsize=16)
def _deeds(scope: Scope) -> Select[*tuple[Any, ...]]:
    entry, stance = aliased(Entry), aliased(Stance)
    done = (entry.id, entry.actor_id, entry.on_behalf_of_id)
    return (
        select(stance.proposition_id, stance.value, *done)
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), stance.value != 0)
        .where(unsought(entry.kind) == EntryKind.ACTION)
        .where(*entry_counts(entry, scope), *stance_counts(stance, scope))
    )


@lru_cache(maxsize=1)
def _co_actors() -> Select[*tuple[Any, ...]]:
    co_actor = Participation.role == ParticipationRole.CO_ACTOR
    return (
        select(Participation.entry_id, Participation.actor_id)
        .join(Stance, and_(Stance.entry_id == Participation.entry_id, co_actor))
        .where(is_one_of(Stance.proposition_id, "propositions"))
        .distinct()
    )


@lru_cache(maxsize=1)
def _rivals() -> Select[*tuple[Any, ...]]:
    """Select propositions with each other one directly under the same exclusive topic."""
    one, other = aliased(Proposition), aliased(Proposition)
    return (
        select(one.id, other.id)
        .join(Topic, Topic.id == one.topic_id)
        .join(other, and_(other.topic_id == Topic.id, other.id != one.id))
        .where(is_one_of(one.id, "propositions"), Topic.exclusive.is_(True))
        .order_by(one.id, other.id)
    )
