"""The lints on pairs of opposing entries: which pairs have a finding, and its sentence.

`weigh.pair_checks` decides which pairs have a finding; `pair_findings` reads the pairs. A warning
or a hint that concerns one entry comes once, however many entries oppose that entry.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from sqlalchemy import select

from claimtrack.db import Session
from claimtrack.facts import EntryFacts, FigureFacts, StanceFacts
from claimtrack.models import Actor, Entry
from claimtrack.query.cache import KeySet
from claimtrack.query.display_values import DisplayValues
from claimtrack.reports.findings import Found, ListedRefs
from claimtrack.sql import stream
from claimtrack.vocab import ActorKind, EntryKind
from claimtrack.weigh import pair_checks
from claimtrack.weigh.classification import Pair


class Hit(NamedTuple):
    """A pair in which a lint found something about an entry: the other entry, and the pair."""

    other: EntryFacts
    pair: Pair


class Records:
    """Looks up the refs of actors and propositions that sentences name."""

    def __init__(self, session: Session, shown: DisplayValues) -> None:
        self._session, self._shown = session, shown

    def actor(self, key: int) -> str:
        """Return the ref of an actor."""
        return self._shown.actors[key]

    def actors(self, keys: Iterable[int]) -> list[str]:
        """Return the refs of actors, in order."""
        return sorted(map(self.actor, keys))

    def propositions(self, keys: Iterable[int]) -> list[str]:
        """Return the refs of propositions, in order."""
        return sorted(self._shown.propositions.get_many(keys).values())

    def measures(self, keys: Iterable[int]) -> list[str]:
        """Return the refs of measures, in order."""
        return sorted(self._shown.measures.get_many(keys).values())

    def judges(self, strengths: Iterable[tuple[int, int]]) -> str:
        """Return the refs of judges, each with the strength of its link."""
        named = sorted((self.actor(judge), strength) for judge, strength in strengths)
        return ", ".join(f"{judge} (strength {strength})" for judge, strength in named)

    @cached_property
    def personal(self) -> KeySet:
        """The keys of commitments that persons made on nobody's behalf. Sends one statement."""
        found = KeySet()
        query = (
            select(Entry.id)
            .join(Actor, Actor.id == Entry.actor_id)
            .where(Entry.kind == EntryKind.COMMITMENT, Entry.on_behalf_of_id.is_(None))
            .where(Actor.kind == ActorKind.PERSON)
        )
        found.update(key for (key,) in stream(self._session, query))
        return found


# --- errors ---------------------------------------------------------------------------------------


def _contradiction_agrees(records: Records, one: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield a finding for each judge who links two entries that take the same side."""
    for other, pair in hits:
        on = ", ".join(records.propositions(pair_checks.get_propositions_agreed_despite_link(pair)))
        for judge in records.actors(pair.links.contradicts):
            yield (
                (one.ref, other.ref),
                f"{judge} links them as contradicting, but they take the same side of {on}",
            )


def _corroboration_opposes(records: Records, one: EntryFacts, hits: Iterator[Hit]) -> Found:
    for other, pair in hits:
        on = ", ".join([*records.propositions(_on(pair)), *records.measures(_measures_of(pair))])
        reason = f"they oppose each other on {on}" if on else "a judge links them as contradicting"
        for judge in records.actors(pair_checks.get_corroborating_judges(pair)):
            yield (one.ref, other.ref), f"{judge} links them as corroborating, but {reason}"


def _on(pair: Pair) -> Iterable[int]:
    """Return the keys of the propositions on which the stances of a pair oppose each other."""
    grounds = pair.opposition.stances if pair.opposition else ()
    return {stance.proposition for ground in grounds for stance in (ground.one, ground.other)}


def _measures_of(pair: Pair) -> Iterable[int]:
    """Return the keys of the measures for which the figures of a pair cannot both be right."""
    return {ground.one.measure for ground in (pair.opposition.figures if pair.opposition else ())}


# --- warnings -------------------------------------------------------------------------------------


def _disputed_compatibility(records: Records, one: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield a finding for each pair that some judges reconcile and others do not."""
    for other, pair in hits:
        against = pair_checks.get_unreconciled_judges(pair)
        parts = [f"reconciled by {records.judges(pair.links.reconciles.items())}"]
        if links := [link for link in pair.links.contradicts.items() if link[0] in against]:
            parts.append(f"linked as contradicting by {records.judges(links)}")
        if readers := _readers(pair, against):
            parts.append(f"opposed in the reading of {' and '.join(records.actors(readers))}")
        yield (
            (one.ref, other.ref),
            f"it is disputed whether {one.ref} and {other.ref} are compatible: {'; '.join(parts)}",
        )


def _readers(pair: Pair, against: frozenset[int]) -> frozenset[int]:
    """Return all judges of the grounds that have a judge in `against`."""
    grounds = pair.opposition.grounds if pair.opposition else ()
    judges = [{ground.one.judge, ground.other.judge} for ground in grounds]
    return frozenset().union(*(some for some in judges if some & against))


def _one_sided_condition(records: Records, bound: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield a finding for each set of conditions that only one side of pairs has."""
    free: dict[tuple[str, ...], ListedRefs] = defaultdict(ListedRefs)
    for other, pair in hits:
        free[_conditions(records, bound, pair)].add(other.ref)
    yield from sorted(
        (
            (bound.ref, *others.first),
            f"{bound.ref} speaks of {'; '.join(conditions)}, and {others} without one",
        )
        for conditions, others in free.items()
    )


def _conditions(records: Records, bound: EntryFacts, pair: Pair) -> tuple[str, ...]:
    """Return the conditions of an entry that the other one of a pair does not have."""
    found = pair_checks.get_one_sided_conditions(pair, bound)
    named = {(*_names_of(records, one), one.condition) for one in found}
    return tuple(f'{on} on the condition "{condition}"' for on, condition in sorted(named))


def _names_of(records: Records, one: StanceFacts | FigureFacts) -> Iterable[str]:
    """Return the ref of the proposition or measure that a stance or figure is on."""
    if isinstance(one, StanceFacts):
        return records.propositions([one.proposition])
    return records.measures([one.measure])


# --- hints ----------------------------------------------------------------------------------------


def _may_be_reply(_: Records, reply: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield one finding for an entry that may reply to others without a link that says so."""
    earlier, later = ListedRefs(), ListedRefs()
    either_way = False
    for other, pair in hits:
        earlier.add(other.ref)
        later.add(f"{other.ref} ({_before(pair.days or 0)})")
        either_way |= pair.days == 0 and other.kind is EntryKind.STATEMENT
    whichever = ", or the other way round where both are of one day" if either_way else ""
    yield (
        (reply.ref, *earlier.first),
        f"{reply.ref} opposes {later}, of another principal, and may be a reply that nobody has "
        f"recorded: if so, 'claimtrack link add {reply.ref} responds_to {earlier.first[0]}'"
        f"{whichever}",
    )


def _before(days: int) -> str:
    return f"{days} {'day' if days == 1 else 'days'} before" if days else "of the same day"


def _personal_promise(records: Records, promise: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield a finding for a promise on nobody's behalf that deeds of its principal oppose."""
    if promise.id not in records.personal:
        return
    deeds = _listed(hits)
    maker, principal = records.actor(promise.actor), records.actor(promise.principal)
    yield (
        (promise.ref, *deeds.first),
        f"{promise.ref} is a promise of {maker} on nobody else's behalf, and {deeds}, by "
        f"{principal} or together with it, {_oppose(deeds)} it: if it was made for {principal}, "
        f"'claimtrack commitment edit {promise.ref} --on-behalf-of {principal}'",
    )


def _promise_without_end(_: Records, promise: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield one finding for a promise without an end that much later deeds oppose."""
    deeds = _listed(hits)
    yield (
        (promise.ref, *deeds.first),
        f"{promise.ref} names no end, and {deeds} {_oppose(deeds)} it more than a year later: say "
        "until when it holds, if that is known, with "
        f"'claimtrack commitment edit {promise.ref} --about FROM/UNTIL'",
    )


def _listed(hits: Iterator[Hit]) -> ListedRefs:
    found = ListedRefs()
    for hit in hits:
        found.add(hit.other.ref)
    return found


def _oppose(deeds: ListedRefs) -> str:
    return "opposes" if deeds.total == 1 else "oppose"


def _unrelated_but_opposed(records: Records, one: EntryFacts, hits: Iterator[Hit]) -> Found:
    """Yield a finding for each pair that is linked as unrelated and opposes each other."""
    for other, pair in hits:
        on = ", ".join([*records.propositions(_on(pair)), *records.measures(_measures_of(pair))])
        judges = ", ".join(records.actors(pair.links.unrelated))
        yield (
            (one.ref, other.ref),
            f"{one.ref} and {other.ref} are linked as unrelated by {judges}, but they oppose each "
            f"other on {on}",
        )


# --- all of them ----------------------------------------------------------------------------------


Finder: TypeAlias = Callable[[Pair], Sequence[EntryFacts]]
"""Returns the entries of a pair that a lint concerns; empty if it finds nothing."""
Teller: TypeAlias = Callable[[Records, EntryFacts, Iterator[Hit]], Found]
"""Yields the findings on one entry, from its hits, which come by the ref of the other entry."""


class PairLint(NamedTuple):
    """A lint on pairs.

    Attributes:
        level: The level of its findings.
        name: Its name.
        finds: Returns the entries of a pair that it concerns.
        describe: Yields the findings on such an entry.
    """

    level: str
    name: str
    finds: Finder
    describe: Teller


def _find_one(is_odd: Callable[[Pair], object], choose: Callable[[Pair], EntryFacts]) -> Finder:
    """Return a function that returns one entry of a pair if a check finds something in the pair."""
    return lambda pair: (choose(pair),) if is_odd(pair) else ()


def _subject(pair: Pair) -> EntryFacts:
    return pair.subject


def _counter(pair: Pair) -> EntryFacts:
    return pair.counter


def _lower(pair: Pair) -> EntryFacts:
    return min(pair.subject, pair.counter, key=attrgetter("ref"))


def _bound(pair: Pair) -> Sequence[EntryFacts]:
    """Return the entries of a pair whose stance has a condition while the other's has none."""
    sides = pair.subject, pair.counter
    return [entry for entry in sides if pair_checks.get_one_sided_conditions(pair, entry)]


PAIR_LINTS = (
    PairLint(
        *("error", "contradiction_agrees"),
        _find_one(pair_checks.get_propositions_agreed_despite_link, _lower),
        _contradiction_agrees,
    ),
    PairLint(
        *("error", "corroboration_opposes"),
        _find_one(pair_checks.get_corroborating_judges, _lower),
        _corroboration_opposes,
    ),
    PairLint(
        *("warning", "disputed_compatibility"),
        _find_one(pair_checks.get_unreconciled_judges, _lower),
        _disputed_compatibility,
    ),
    PairLint("warning", "one_sided_condition", _bound, _one_sided_condition),
    PairLint(
        "hint",
        "may_be_reply",
        _find_one(pair_checks.may_be_unrecorded_reply, _counter),
        _may_be_reply,
    ),
    PairLint(
        *("hint", "personal_promise"),
        _find_one(pair_checks.is_deed_of_principal, _subject),
        _personal_promise,
    ),
    PairLint(
        *("hint", "promise_without_end"),
        _find_one(pair_checks.is_deed_long_after_promise, _subject),
        _promise_without_end,
    ),
    PairLint(
        *("hint", "unrelated_but_opposed"),
        _find_one(pair_checks.is_linked_as_unrelated, _lower),
        _unrelated_but_opposed,
    ),
)
"""All lints on pairs, in the order of their findings."""
