"""What numbers, timings and statuses of reports are called in sentences and tables.

Each says no more than what it stands for: a count of entries is no number of origins, a breach of
which the order is not known is no certain one, and a reading that makes two entries oppose each
other is not yet somebody's judgement that they contradict each other.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from claimtrack.escaping import counted
from claimtrack.vocab import PairClass, PairStatus, Relation, Timing

if TYPE_CHECKING:
    from claimtrack.query.pair_judgements import Judgement
    from claimtrack.reports.contradictions import ContradictionRow


def words_of(name: str) -> str:
    """Return a word of a vocabulary as people write it: `at odds with record`."""
    return name.replace("_", " ")


def describe_origins(least: int, most: int) -> str:
    """Return a range of origins: `1 to 5 origins`; never a number alone that is not sure."""
    number = counted(most, "origin")
    return number if least == most else f"{least} to {number}"


ORDER_NOT_KNOWN = "order not known"
OUTSIDE_PERIOD = "may lie outside the period"


def describe_timing(klass: str | None, timing: str | None, days: int | None) -> str:
    """Return what is not known of the time of a pair's deed; nothing where all is.

    Of a breach, that the order is not known; but where the promise surely came first, and of any
    other pair, that the deed may lie outside the period.
    """
    if timing != Timing.POSSIBLE:
        return ""
    # Between a promise and a deed there are days where the one is surely before the other.
    return ORDER_NOT_KNOWN if klass == PairClass.BREACH and not days else OUTSIDE_PERIOD


def describe_days(pair: "ContradictionRow", side: str = "counter") -> str:
    """Return how far one end of a pair is from the other: `2 days later`; nothing if not known.

    Where either has no single day, the days are those between the nearest ends, and so the least.
    """
    if pair.days is None:
        return ""
    subject = pair.subject_date_from, pair.subject_date_to
    counter = pair.counter_date_from, pair.counter_date_to
    exact = len({*subject}) == len({*counter}) == 1
    if pair.days == 0 and exact:
        return "on the same day" if subject == counter else "less than a day apart"
    if pair.days == 0:
        return "dates overlap"
    later = (pair.days > 0) == (side == "counter")
    apart = f"{counted(abs(pair.days), 'day')} {'later' if later else 'earlier'}"
    return apart if exact else f"at least {apart}"


def are_judged(pair: "ContradictionRow") -> bool:
    """Whether some judge reconciles a pair, so that it is told who does, and who does not."""
    return pair.status in (PairStatus.DISPUTED, PairStatus.RECONCILED)


def describe_status(
    pair: "ContradictionRow",
    judgements: Iterable["Judgement"],
    named: Callable[[str], str] = str,
) -> str:
    """Return what judges say of a pair: `disputed: bea contradicts, cam reconciles (reason)`.

    Args:
        pair: The pair.
        judgements: Who contradicts and who reconciles it, as `query.pair_judgements` has them.
        named: Returns how a judge is called, given the ref.
    """
    if not are_judged(pair):
        return words_of(pair.status)
    links = list(judgements)
    against = [one for one in links if one.relation is Relation.CONTRADICTS]
    compatible = {one.judge for one in links if one.relation is Relation.RECONCILES}
    parts = [_says(one, "contradicts", named) for one in against]
    parts = parts or _readings(pair, compatible, named)
    if pair.status == PairStatus.RECONCILED:
        parts = []  # whoever made them oppose each other is among those who reconcile them
    parts += [
        _says(one, "reconciles" if one.strength == 2 else "possibly reconciles", named)
        for one in links
        if one.relation is Relation.RECONCILES
    ]
    return f"{pair.status}: {', '.join(parts)}"


def _says(one: "Judgement", verb: str, named: Callable[[str], str]) -> str:
    why = f" ({one.rationale})" if one.rationale else ""
    return f"{named(one.judge)} {verb}{why}"


def _readings(
    pair: "ContradictionRow", compatible: Collection[str], named: Callable[[str], str]
) -> list[str]:
    """Return whose readings make two entries oppose each other which nobody linked.

    One judge who read both contradicts the one by the other, unless they find the two `compatible`;
    of several, each may have read but one of the two.
    """
    judges = [named(judge) for judge in pair.asserted_by]
    if len(judges) == 1 and pair.asserted_by[0] not in compatible:
        return [f"{judges[0]} contradicts"]
    return [f"opposed as {in_words(judges)} read them"] if judges else []


def in_words(parts: Sequence[str]) -> str:
    """Return several as a list in a sentence: `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
