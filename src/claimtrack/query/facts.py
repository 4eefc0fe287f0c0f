"""The facts of entries, fetched for many at once and kept within bounds."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, case, func, select, true
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.facts import NO_OUTGOING_LINKS, Attribution, EntryFacts, Moment, Span, StanceFacts
from claimtrack.models import (
    Citation,
    Document,
    Entry,
    Link,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.protection import TRUE_DOCUMENT
from claimtrack.query.actors import ActorTree
from claimtrack.query.cache import Cache
from claimtrack.query.visibility import (
    JUDGED,
    SHOWS,
    Scope,
    citation_counts,
    end_known,
    entry_counts,
    lineage_counts,
    of_relation_counts,
    stance_counts,
)
from claimtrack.sql import AT_ONCE, fetch, is_one_of
from claimtrack.vocab import Basis, CitationRole, ParticipationRole, Relation
from claimtrack.weigh.origins import RepeatLinks

_Links: TypeAlias = dict[int, list[Any]]
"""By the entry that links lead to: of each its relation, its strength and the key of its judge."""
MOST_KEPT = 30_000
"""Entries whose facts are kept, of some 700 bytes each."""


class Facts:
    """The facts of entries, as far as they count in a scope: its judges, its day.

    Args:
        evidence: Whether it is asked which documents show an entry. Without, all seem not shown:
            enough for what opposes what, and less to fetch.
        judgements: Whether it is asked what judges read in an entry, and linked it with. Without,
            all seem to say nothing: enough for what goes back to one origin.
    """

    def __init__(
        self, session: Session, scope: Scope, *, evidence: bool = True, judgements: bool = True
    ) -> None:
        self._session, self._scope = session, scope
        self._evidence, self._judgements = evidence, judgements
        self._kept = Cache(self._fetch, MOST_KEPT)

    def without_judgements(self) -> "Facts":
        """Return the same facts but for what judges read in entries; the actors are read once."""
        found = Facts(self._session, self._scope, evidence=self._evidence, judgements=False)
        found.actors = self.actors
        return found

    @cached_property
    def actors(self) -> ActorTree:
        """Who is above whom."""
        return ActorTree(self._session)

    def of(self, keys: Iterable[int]) -> dict[int, EntryFacts]:
        """Return the facts of entries by key.

        What is not at hand is fetched: five statements for each `AT_ONCE`, one less without
        evidence and two less without judgements; and once that which reads the actors.
        """
        return self._kept.of(keys)

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, EntryFacts]]:
        for first in range(0, len(keys), AT_ONCE):
            for found in self._some(keys[first : first + AT_ONCE]):
                yield found.id, found

    def _some(self, keys: list[int]) -> Iterator[EntryFacts]:
        judged = self._judgements
        stances, links = (self._stances(keys), self._links(keys)) if judged else ({}, {})
        roles, shown = self._roles(keys), self._shown(keys) if self._evidence else {}
        together, subjects = roles[ParticipationRole.CO_ACTOR], roles[ParticipationRole.SUBJECT]
        rows = self._rows(_entries(self._scope), keys)
        for key, ref, kind, actor, behalf, counts, first, last, about_first, about_last in rows:
            people = self.people(
                actor,
                actor if behalf is None else behalf,
                frozenset(together[key]) if key in together else _NOBODY,
                frozenset(subjects[key]) if key in subjects else _NOBODY,
            )
            about = None if about_first is about_last is None else dated(about_first, about_last)
            # By position: to pass so many by name takes three times as long.
            yield EntryFacts(
                key,
                ref,
                kind,
                *people,
                dated(first, last),
                about,
                tuple(stances[key]) if key in stances else (),
                *(_shown_by(frozenset(shown[key])) if key in shown else _NOT_SHOWN),
                links.get(key, NO_OUTGOING_LINKS),
                bool(counts),
            )

    def people(
        self, actor: int, agent: int, together: frozenset[int], subjects: frozenset[int]
    ) -> Attribution:
        """Return what is known of whose an entry is; the same sets of people are kept once."""
        actors, same = self.actors, self._same
        if together or actor != agent:
            voices = frozenset({actor, agent, *together})
            people = Attribution(
                actor=actor,
                anonymous=actors.is_anonymous(actor),
                voices=same(voices),
                ancestry=tuple(actors.above(voices)),
                actor_ancestry=actors.up(actor),
                principal=actors.principal(agent),
                principals=same(frozenset(map(actors.principal, (agent, *together)))),
                subjects=_NOBODY,
            )
        else:
            people = self._alone(actor)
        if not subjects:
            return people
        return Attribution(*people[:-1], same(frozenset(map(actors.principal, subjects))))

    @cached_property
    def _same(self) -> Callable[[frozenset[int]], frozenset[int]]:
        """Returns one object for equal sets: most are of a single actor, of which few differ."""
        return lru_cache(maxsize=50_000)(lambda keys: keys)

    @cached_property
    def _alone(self) -> Callable[[int], Attribution]:
        """Returns what is known of an entry of a single actor, for itself, about nobody."""
        actors = self.actors

        @lru_cache(maxsize=50_000)
        def alone(actor: int) -> Attribution:
            above, voices = actors.up(actor), self._same(frozenset({actor}))
            principals = self._same(frozenset(above[-1:]))
            anonymous = actors.is_anonymous(actor)
            return Attribution(
                actor, anonymous, voices, above, above, above[-1], principals, _NOBODY
            )

        return alone

    def _rows(self, query: Select[*tuple[Any, ...]], keys: list[int]) -> Sequence[Any]:
        return fetch(self._session, query, {"entries": keys})

    def _stances(self, keys: list[int]) -> Mapping[int, list[StanceFacts]]:
        found: dict[int, list[StanceFacts]] = defaultdict(list)
        for key, proposition, judge, value, basis, condition, *topics in self._rows(
            _stances(self._scope), keys
        ):
            explicit = basis is Basis.EXPLICIT
            found[key].append(
                StanceFacts(proposition, judge, value, explicit, condition or None, *topics)
            )
        return found

    def _roles(self, keys: list[int]) -> Mapping[ParticipationRole, Mapping[int, list[int]]]:
        """Return by role and entry the keys of those who take part."""
        found = {role: defaultdict[int, list[int]](list) for role in _ROLES}
        for key, actor, role in self._rows(_participations(), keys):
            found[role][key].append(actor)
        return found

    def _links(self, keys: list[int]) -> Mapping[int, _Links]:
        found: dict[int, _Links] = {}
        for one, other, *link in self._rows(_links(self._scope), keys):
            found.setdefault(one, defaultdict(list))[other].append(tuple(link))
        return found

    def _shown(self, keys: list[int]) -> Mapping[int, list[tuple[int, CitationRole]]]:
        found: dict[int, list[tuple[int, CitationRole]]] = defaultdict(list)
        for key, publisher, role in self._rows(_citations(self._scope), keys):
            found[key].append((publisher, role))
        return found

    def repetitions(self, keys: Collection[int]) -> tuple[RepeatLinks, dict[int, EntryFacts]]:
        """Return what entries repeat, as `repeats`, and the facts of what else is in the chains."""
        found = self.repeats(keys)
        reached = {other for others in found.values() for other, _ in others}
        return found, self.of(reached.difference(keys))

    def repeats(self, keys: Collection[int]) -> RepeatLinks:
        """Return what entries repeat, and what that repeats; a statement for each step back."""
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        seen, new = set(keys), list(keys)
        while new:
            reached = dict[int, None]()
            for first in range(0, len(new), AT_ONCE):
                rows = self._rows(_repeats(self._scope), new[first : first + AT_ONCE])
                for one, other, strength in rows:
                    found[one].append((other, strength))
                    reached[other] = None
            new = [key for key in reached if key not in seen]
            seen.update(new)
        return {one: tuple(others) for one, others in found.items()}


_NOBODY = frozenset[int]()
_ROLES = (ParticipationRole.CO_ACTOR, ParticipationRole.SUBJECT)


@lru_cache(maxsize=10_000)  # many entries are of one day, or shown by one publisher
def dated(first: date | None, last: date | None) -> Span:
    """Return the span between two days, of which either may be missing."""
    return Span(None if first is None else Moment(first), None if last is None else Moment(last))


_Shown: TypeAlias = tuple[frozenset[int], frozenset[int], bool]
"""Of `EntryFacts` the publishers, those at first hand, and whether any document shows it."""
_NOT_SHOWN: _Shown = (frozenset(), frozenset(), False)


@lru_cache(maxsize=10_000)
def _shown_by(citations: frozenset[tuple[int, CitationRole]]) -> _Shown:
    first_hand = (outlet for outlet, role in citations if role is CitationRole.PRIMARY)
    return frozenset(outlet for outlet, _ in citations), frozenset(first_hand), bool(citations)


@lru_cache(maxsize=8)
def _entries(scope: Scope) -> Select[*tuple[Any, ...]]:
    columns = (Entry.id, Entry.ref, Entry.kind, Entry.actor_id, Entry.on_behalf_of_id)
    counts = case((and_(true(), *entry_counts(Entry, scope)), 1), else_=0)
    days = (Entry.date_from, Entry.date_to, Entry.about_from, Entry.about_to)
    return select(*columns, counts, *days).where(is_one_of(Entry.id, "entries"))


@lru_cache(maxsize=8)
def _links(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the links that lead from entries; replies count whichever judges are asked for."""
    columns = (Link.from_id, Link.to_id, Link.relation, Link.strength, Link.asserted_by_id)
    return select(*columns).where(
        is_one_of(Link.from_id, "entries"),
        Link.relation.in_((*JUDGED, Relation.RESPONDS_TO)),
        of_relation_counts(Link, scope),
    )


@lru_cache(maxsize=8)
def _stances(scope: Scope) -> Select[*tuple[Any, ...]]:
    exclusive = case((Topic.exclusive.is_(True), Topic.id))
    columns = (Stance.entry_id, Stance.proposition_id, Stance.asserted_by_id, Stance.value)
    return (
        select(*columns, Stance.basis, Stance.condition, exclusive, Proposition.topic_id)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Topic, Topic.id == Proposition.topic_id)
        .where(is_one_of(Stance.entry_id, "entries"), *stance_counts(Stance, scope))
        .order_by(Stance.entry_id, Stance.proposition_id, Stance.asserted_by_id)
    )


@lru_cache(maxsize=1)
def _participations() -> Select[*tuple[Any, ...]]:
    return select(Participation.entry_id, Participation.actor_id, Participation.role).where(
        is_one_of(Participation.entry_id, "entries"), Participation.role.in_(_ROLES)
    )


@lru_cache(maxsize=8)
def _citations(scope: Scope) -> Select[*tuple[Any, ...]]:
    true, canonical = TRUE_DOCUMENT.alias(), aliased(Document)
    publisher = func.coalesce(canonical.publisher_id, Document.publisher_id)
    return (
        select(Citation.entry_id, publisher, Citation.role)
        .join(Document, Document.id == Citation.document_id)
        .join(true, true.c.id == Document.id)
        .outerjoin(canonical, canonical.id == true.c.canonical_id)
        .where(is_one_of(Citation.entry_id, "entries"), Citation.role.in_(SHOWS))
        .where(*citation_counts(Citation, scope))
        .distinct()
    )


@lru_cache(maxsize=8)
def _repeats(scope: Scope) -> Select[*tuple[Any, ...]]:
    return (
        select(Link.from_id, Link.to_id, Link.strength)
        .where(is_one_of(Link.from_id, "entries"), Link.relation == Relation.REPEATS)
        .where(*lineage_counts(Link, scope))
        .where(*end_known(Link, Link.from_id, scope), *end_known(Link, Link.to_id, scope))
        .order_by(Link.from_id, Link.to_id, Link.strength)
    )
