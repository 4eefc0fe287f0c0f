"""What became of a promise by a day.

Deeds that begin after the day do not count; a deed whose beginning is unknown does. Pairs that are
reconciled make no breach.

* A deed is **for** a commitment when it shares a voice with it and agrees with it.
* A **breach** is certain or possible, by its timing (`weigh.classification`).
* A deed is against it **under a condition** when it would be a breach, but every ground depends on
  a condition: whether that was met is not decided here.

The **state** is the first that fits:

* broken: by a breach that is certain, of strength 2, not disputed, and over by the day
* possibly_broken: by any other breach
* expired: the end of its period is before the day
* open: anything else

No promise is ever "kept": that no breach is recorded does not show that there was none.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from claimtrack.facts import EntryFacts, get_pair_links
from claimtrack.vocab import EntryKind, PairClass, PairStatus, PromiseState, Timing
from claimtrack.weigh.attribution import share_voice
from claimtrack.weigh.chronology import get_period
from claimtrack.weigh.classification import Pair, could_breach
from claimtrack.weigh.opposition import find_agreement


class Outcome(NamedTuple):
    """What became of a commitment by a day.

    Attributes:
        until: The last day of its period; None if it has no end.
        state: Its state.
        deeds_for: The refs of the deeds for it; this and the following are in order.
        breaches_certain: The refs of the deeds of its certain breaches.
        breaches_possible: The refs of the deeds of its possible breaches.
        deeds_against_under_condition: The refs of the deeds against it under a condition.
    """

    until: date | None
    state: PromiseState
    deeds_for: tuple[str, ...]
    breaches_certain: tuple[str, ...]
    breaches_possible: tuple[str, ...]
    deeds_against_under_condition: tuple[str, ...]


def has_begun(entry: EntryFacts, day: date) -> bool:
    """Whether an entry does not surely begin after a day."""
    return entry.date.first is None or entry.date.first.day <= day


def find_outcome(
    promise: EntryFacts, pairs: Iterable[Pair], candidates: Iterable[EntryFacts], day: date
) -> Outcome:
    """Return what became of a commitment by a day.

    Args:
        promise: The commitment.
        pairs: The pairs that it makes with entries that oppose it; those of other entries than
            deeds are ignored.
        candidates: The entries that may be deeds for it; others are ignored.
        day: The day.
    """
    against = [pair for pair in pairs if pair.is_contradiction and has_begun(pair.counter, day)]
    breaches = [pair for pair in against if pair.klass is PairClass.BREACH]
    conditional = (
        pair.counter
        for pair in against
        if pair.klass is not PairClass.BREACH and could_breach(promise, pair.counter)
    )
    period = get_period(promise)
    until = period.last.day if period is not None and period.last is not None else None
    return Outcome(
        until=until,
        state=_get_state(until, breaches, day),
        deeds_for=_get_refs(
            deed for deed in candidates if _is_deed_for(promise, deed) and has_begun(deed, day)
        ),
        breaches_certain=_get_refs(
            pair.counter for pair in breaches if pair.timing is Timing.CERTAIN
        ),
        breaches_possible=_get_refs(
            pair.counter for pair in breaches if pair.timing is not Timing.CERTAIN
        ),
        deeds_against_under_condition=_get_refs(conditional),
    )


def _is_deed_for(promise: EntryFacts, deed: EntryFacts) -> bool:
    return (
        deed.kind is EntryKind.ACTION
        and share_voice(promise, deed)
        and find_agreement(promise, deed, get_pair_links(promise, deed)) is not None
    )


def _get_state(until: date | None, breaches: Iterable[Pair], day: date) -> PromiseState:
    surely = [_surely_breaks(pair, day) for pair in breaches]
    if any(surely):
        return PromiseState.BROKEN
    if surely:
        return PromiseState.POSSIBLY_BROKEN
    return PromiseState.EXPIRED if until is not None and until < day else PromiseState.OPEN


def _surely_breaks(breach: Pair, day: date) -> bool:
    """Whether a breach is certain, outright, undisputed, and over by a day."""
    last = breach.counter.date.last
    return (
        breach.timing is Timing.CERTAIN
        and breach.opposition is not None
        and breach.opposition.strength == 2
        and breach.status is not PairStatus.DISPUTED
        and last is not None
        and last.day <= day
    )


def _get_refs(entries: Iterable[EntryFacts]) -> tuple[str, ...]:
    return tuple(sorted(entry.ref for entry in entries))
