"""Fetches the facts of entries in batches and caches them within bounds."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, case, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from claimtrack import times
from claimtrack.db import Session
from claimtrack.facts import (
    NO_OUTGOING_LINKS,
    Attribution,
    EntryFacts,
    FigureFacts,
    Moment,
    Span,
    StanceFacts,
)
from claimtrack.models import (
    Citation,
    Document,
    Entry,
    Figure,
    Link,
    Measure,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.protection import UNMASKED_DOCUMENT
from claimtrack.query.actors import ActorTree
from claimtrack.query.cache import BatchCache
from claimtrack.query.visibility import (
    JUDGEMENT_RELATIONS,
    SHOWING_ROLES,
    Scope,
    any_link_in_scope,
    cached_by_scope,
    citation_in_scope,
    entry_in_scope,
    factual_link_in_scope,
    figure_in_scope,
    link_end_was_public,
    stance_in_scope,
)
from claimtrack.sql import BATCH_SIZE, fetch_all, is_one_of
from claimtrack.vocab import (
    Basis,
    CitationRole,
    MeasureKind,
    ParticipationRole,
    Precision,
    Relation,
)
from claimtrack.weigh.origins import RepeatLinks

_Links: TypeAlias = dict[int, list[Any]]
"""Links by the key of the entry they lead to: relation, strength and key of the judge of each."""
CACHE_SIZE = 30_000
"""The greatest number of entries whose facts are cached; one takes about 700 bytes."""


class FactsLoader:
    """Loads the facts of entries in a scope: stances and links of its judges, by its day.

    Args:
        session: The session.
        scope: The scope.
        evidence: Whether to load which documents show an entry. Without it no entry is shown by
            any, which suffices to decide what opposes what.
        judgements: Whether to load the stances, figures and links of an entry. Without it there
            are none, which suffices to group entries by origin.
    """

    def __init__(
        self, session: Session, scope: Scope, *, evidence: bool = True, judgements: bool = True
    ) -> None:
        self._session, self._scope = session, scope
        self._evidence, self._judgements = evidence, judgements
        self._cache = BatchCache(self._fetch, CACHE_SIZE)

    def without_judgements(self) -> "FactsLoader":
        """Return a loader like this one without judgements; it shares the tree of actors."""
        found = FactsLoader(self._session, self._scope, evidence=self._evidence, judgements=False)
        found.actors = self.actors
        return found

    @cached_property
    def actors(self) -> ActorTree:
        """The tree of actors, read on first use."""
        return ActorTree(self._session)

    def load(self, keys: Iterable[int]) -> dict[int, EntryFacts]:
        """Return the facts of entries by key, in the order of the keys.

        For those that are not in the cache, sends six statements for each `BATCH_SIZE` entries, one
        less without evidence and three less without judgements; and once the one for the actors.
        """
        return self._cache.get_many(keys)

    def _fetch(self, keys: list[int]) -> Iterator[tuple[int, EntryFacts]]:
        for first in range(0, len(keys), BATCH_SIZE):
            for found in self._load_batch(keys[first : first + BATCH_SIZE]):
                yield found.id, found

    def _load_batch(self, keys: list[int]) -> Iterator[EntryFacts]:
        """Yield the facts of at most `BATCH_SIZE` entries; sends the statements of `load`."""
        judged = self._judgements
        stances, links = (self._load_stances(keys), self._load_links(keys)) if judged else ({}, {})
        figures = self._load_figures(keys) if judged else {}
        roles, shown = self._load_roles(keys), self._load_citations(keys) if self._evidence else {}
        co_actors, subjects = roles[ParticipationRole.CO_ACTOR], roles[ParticipationRole.SUBJECT]
        rows = self._rows(_select_entries(self._scope), keys)
        for key, ref, kind, actor, behalf, counts, *dated in rows:
            people = self.get_attribution(
                actor,
                actor if behalf is None else behalf,
                frozenset(co_actors[key]) if key in co_actors else _NO_ACTORS,
                frozenset(subjects[key]) if key in subjects else _NO_ACTORS,
            )
            date, about = get_span(*dated[:6]), _get_period(*dated[6:])
            # Passed by position: by name, so many arguments take three times as long.
            yield EntryFacts(
                key,
                ref,
                kind,
                *people,
                date,
                about,
                tuple(stances[key]) if key in stances else (),
                tuple(figures[key]) if key in figures else (),
                *(_get_documentation(frozenset(shown[key])) if key in shown else _UNDOCUMENTED),
                links.get(key, NO_OUTGOING_LINKS),
                bool(counts),
            )

    def get_attribution(
        self, actor: int, agent: int, co_actors: frozenset[int], subjects: frozenset[int]
    ) -> Attribution:
        """Return the attribution of an entry.

        Args:
            actor: The key of its actor.
            agent: The key of the actor on whose behalf it is, else of its actor.
            co_actors: The keys of its co-actors.
            subjects: The keys of its participants with the role `subject`.
        """
        actors, intern = self.actors, self._intern
        if co_actors or actor != agent:
            voices = frozenset({actor, agent, *co_actors})
            people = Attribution(
                actor=actor,
                anonymous=actors.is_anonymous(actor),
                voices=intern(voices),
                ancestry=tuple(actors.get_ancestry(voices)),
                actor_ancestry=actors.get_path(actor),
                principal=actors.get_principal(agent),
                principals=intern(frozenset(map(actors.get_principal, (agent, *co_actors)))),
                subjects=_NO_ACTORS,
            )
        else:
            people = self._get_single_actor(actor)
        if not subjects:
            return people
        return Attribution(*people[:-1], intern(frozenset(map(actors.get_principal, subjects))))

    @cached_property
    def _intern(self) -> Callable[[frozenset[int]], frozenset[int]]:
        """Returns one object for equal sets, to save memory: most sets are of a single actor."""
        return lru_cache(maxsize=50_000)(lambda keys: keys)

    @cached_property
    def _get_single_actor(self) -> Callable[[int], Attribution]:
        """Returns the attribution of an entry of one actor, without co-actors or subjects."""
        actors = self.actors

        @lru_cache(maxsize=50_000)
        def get(actor: int) -> Attribution:
            above, voices = actors.get_path(actor), self._intern(frozenset({actor}))
            principals = self._intern(frozenset(above[-1:]))
            anonymous = actors.is_anonymous(actor)
            return Attribution(
                actor, anonymous, voices, above, above, above[-1], principals, _NO_ACTORS
            )

        return get

    def _rows(self, query: Select[*tuple[Any, ...]], keys: list[int]) -> Sequence[Any]:
        return fetch_all(self._session, query, {"entries": keys})

    def _load_stances(self, keys: list[int]) -> Mapping[int, list[StanceFacts]]:
        """Return the stances of some entries, by the key of the entry."""
        found: dict[int, list[StanceFacts]] = defaultdict(list)
        for key, proposition, judge, value, basis, condition, *topics in self._rows(
            _select_stances(self._scope), keys
        ):
            explicit = basis is Basis.EXPLICIT
            found[key].append(
                StanceFacts(proposition, judge, value, explicit, condition or None, *topics)
            )
        return found

    def _load_figures(self, keys: list[int]) -> Mapping[int, list[FigureFacts]]:
        found: dict[int, list[FigureFacts]] = defaultdict(list)
        for key, measure, judge, low, high, basis, hedge, condition, kind, topic in self._rows(
            _select_figures(self._scope), keys
        ):
            explicit, counts = basis is Basis.EXPLICIT, kind is MeasureKind.COUNT
            reading = explicit, bool(hedge), condition or None, counts
            found[key].append(FigureFacts(measure, judge, low, high, *reading, topic))
        return found

    def _load_roles(self, keys: list[int]) -> Mapping[ParticipationRole, Mapping[int, list[int]]]:
        """Return the keys of participants, by role and by the key of the entry."""
        found = {role: defaultdict[int, list[int]](list) for role in _ROLES}
        for key, actor, role in self._rows(_select_participations(), keys):
            found[role][key].append(actor)
        return found

    def _load_links(self, keys: list[int]) -> Mapping[int, _Links]:
        found: dict[int, _Links] = {}
        for one, other, *link in self._rows(_select_links(self._scope), keys):
            found.setdefault(one, defaultdict(list))[other].append(tuple(link))
        return found

    def _load_citations(self, keys: list[int]) -> Mapping[int, list[tuple[int, CitationRole]]]:
        found: dict[int, list[tuple[int, CitationRole]]] = defaultdict(list)
        for key, publisher, role in self._rows(_select_citations(self._scope), keys):
            found[key].append((publisher, role))
        return found

    def load_repeats_and_outsiders(
        self, keys: Collection[int]
    ) -> tuple[RepeatLinks, dict[int, EntryFacts]]:
        """Return the `repeats` links of entries, and the facts of the other entries they lead to.

        Links are followed in chains. Sends the statements of `load_repeats` and `load`.
        """
        found = self.load_repeats(keys)
        reached = {other for others in found.values() for other, _ in others}
        return found, self.load(reached.difference(keys))

    def load_repeats(self, keys: Collection[int]) -> RepeatLinks:
        """Return the `repeats` links that lead from entries, and those that lead on from these.

        Sends one statement for each step of the longest chain (and each `BATCH_SIZE` entries).
        """
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        visited, new = set(keys), list(keys)
        while new:
            reached = dict[int, None]()
            for first in range(0, len(new), BATCH_SIZE):
                rows = self._rows(_select_repeats(self._scope), new[first : first + BATCH_SIZE])
                for one, other, strength in rows:
                    found[one].append((other, strength))
                    reached[other] = None
            new = [key for key in reached if key not in visited]
            visited.update(new)
        return {one: tuple(others) for one, others in found.items()}


_NO_ACTORS = frozenset[int]()
_ROLES = (ParticipationRole.CO_ACTOR, ParticipationRole.SUBJECT)


@lru_cache(maxsize=10_000)  # many entries are of one day, or shown by one publisher
def get_day_span(first: date | None, last: date | None) -> Span:
    """Return the span between two days, either of which may be missing.

    Cached, so that equal spans are one object, which saves memory.
    """
    return Span(None if first is None else Moment(first), None if last is None else Moment(last))


def get_span(
    first: date | None,
    last: date | None,
    time_from: datetime | None,
    time_to: datetime | None,
    zone: str | None,
    precision: Precision | None,
) -> Span:
    """Return the span of an entry's date, whose last time runs to the end of its minute or hour.

    Cached as `get_day_span`.
    """
    if time_from is time_to is None:  # as most are: fewer arguments are faster to look up
        return get_day_span(first, last)
    return _get_timed_span(first, last, time_from, time_to, zone, precision)


@lru_cache(maxsize=10_000)
def _get_timed_span(
    first: date | None,
    last: date | None,
    time_from: datetime | None,
    time_to: datetime | None,
    zone: str | None,
    precision: Precision | None,
) -> Span:
    if zone is not None and time_to is not None:
        time_to = times.run_to_end(time_to, zone, precision)
    return Span(
        None if first is None else Moment(first, time_from),
        None if last is None else Moment(last, time_to),
    )


def _get_period(
    first: date | None, last: date | None, time_from: datetime | None, time_to: datetime | None
) -> Span | None:
    """Return the period that an entry is about; None if it names none."""
    if first is last is None:
        return None
    return get_span(first, last, time_from, time_to, None, None)


_Documentation: TypeAlias = tuple[frozenset[int], frozenset[int], bool]
"""The attributes `publishers`, `primary_publishers` and `shown` of `EntryFacts`."""
_UNDOCUMENTED: _Documentation = (frozenset(), frozenset(), False)


@lru_cache(maxsize=10_000)
def _get_documentation(citations: frozenset[tuple[int, CitationRole]]) -> _Documentation:
    """Return the publishers of some citations; cached, so that equal sets are one object."""
    first_hand = (outlet for outlet, role in citations if role is CitationRole.PRIMARY)
    return frozenset(outlet for outlet, _ in citations), frozenset(first_hand), bool(citations)


def get_date_columns(entry: type[Entry]) -> tuple[InstrumentedAttribute[Any], ...]:
    """Return the columns of an entry's date, as the arguments of `get_span`."""
    return (
        *(entry.date_from, entry.date_to, entry.time_from, entry.time_to),
        *(entry.zone, entry.precision),
    )


@cached_by_scope
def _select_entries(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the keys, dates and parties of some entries, and whether each is in scope."""
    columns = (Entry.id, Entry.ref, Entry.kind, Entry.actor_id, Entry.on_behalf_of_id)
    counts = case((and_(true(), *entry_in_scope(Entry, scope)), 1), else_=0)
    about = (Entry.about_from, Entry.about_to, Entry.about_time_from, Entry.about_time_to)
    return select(*columns, counts, *get_date_columns(Entry), *about).where(
        is_one_of(Entry.id, "entries")
    )


@cached_by_scope
def _select_links(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the judgement links and replies that lead from entries."""
    columns = (Link.from_id, Link.to_id, Link.relation, Link.strength, Link.asserted_by_id)
    return select(*columns).where(
        is_one_of(Link.from_id, "entries"),
        Link.relation.in_((*JUDGEMENT_RELATIONS, Relation.RESPONDS_TO)),
        any_link_in_scope(Link, scope),
    )


@cached_by_scope
def _select_stances(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the stances of some entries, each with its topic if that is exclusive."""
    exclusive = case((Topic.exclusive.is_(True), Topic.id))
    columns = (Stance.entry_id, Stance.proposition_id, Stance.asserted_by_id, Stance.value)
    return (
        select(*columns, Stance.basis, Stance.condition, exclusive, Proposition.topic_id)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Topic, Topic.id == Proposition.topic_id)
        .where(is_one_of(Stance.entry_id, "entries"), *stance_in_scope(Stance, scope))
        .order_by(Stance.entry_id, Stance.proposition_id, Stance.asserted_by_id)
    )


@cached_by_scope
def _select_figures(scope: Scope) -> Select[*tuple[Any, ...]]:
    columns = (Figure.entry_id, Figure.measure_id, Figure.asserted_by_id, Figure.low, Figure.high)
    reading = (Figure.basis, Figure.hedge, Figure.condition, Measure.kind, Measure.topic_id)
    return (
        select(*columns, *reading)
        .join(Measure, Measure.id == Figure.measure_id)
        .where(is_one_of(Figure.entry_id, "entries"), *figure_in_scope(Figure, scope))
        .order_by(Figure.entry_id, Figure.measure_id, Figure.asserted_by_id)
    )


@lru_cache(maxsize=1)  # built once: building takes longer than running it
def _select_participations() -> Select[*tuple[Any, ...]]:
    return select(Participation.entry_id, Participation.actor_id, Participation.role).where(
        is_one_of(Participation.entry_id, "entries"), Participation.role.in_(_ROLES)
    )


@cached_by_scope
def _select_citations(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the publishers that show some entries, and in which role.

    A further address of a document counts as the document.
    """
    true, canonical = UNMASKED_DOCUMENT.alias(), aliased(Document)
    publisher = func.coalesce(canonical.publisher_id, Document.publisher_id)
    return (
        select(Citation.entry_id, publisher, Citation.role)
        .join(Document, Document.id == Citation.document_id)
        .join(true, true.c.id == Document.id)
        .outerjoin(canonical, canonical.id == true.c.canonical_id)
        .where(is_one_of(Citation.entry_id, "entries"), Citation.role.in_(SHOWING_ROLES))
        .where(*citation_in_scope(Citation, scope))
        .distinct()
    )


@cached_by_scope
def _select_repeats(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the `repeats` links from some entries between entries that were public."""
    return (
        select(Link.from_id, Link.to_id, Link.strength)
        .where(is_one_of(Link.from_id, "entries"), Link.relation == Relation.REPEATS)
        .where(*factual_link_in_scope(Link, scope))
        .where(
            *link_end_was_public(Link, Link.from_id, scope),
            *link_end_was_public(Link, Link.to_id, scope),
        )
        .order_by(Link.from_id, Link.to_id, Link.strength)
    )
