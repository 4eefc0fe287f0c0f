"""The wording of origins, timings, days and statuses in sentences and tables.

The wording claims no more than the evidence does: a count of entries is not a number of origins, a
breach whose order is not known is not a certain one, and a reading by which two entries oppose each
other is not yet a judge's finding that they contradict each other.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from claimtrack.escaping import format_count
from claimtrack.vocab import PairClass, PairStatus, Relation, Timing

if TYPE_CHECKING:
    from claimtrack.query.pair_judgements import Judgement
    from claimtrack.reports.contradictions import ContradictionRow


def spell_word(name: str) -> str:
    """Return a vocabulary word as it is written in a sentence: `at odds with record`."""
    return name.replace("_", " ")


def describe_origins(least: int, most: int) -> str:
    """Return a range of origins, `1 to 5 origins`; a single number only if both ends are equal."""
    number = format_count(most, "origin")
    return number if least == most else f"{least} to {number}"


ORDER_NOT_KNOWN = "order not known"
OUTSIDE_PERIOD = "may lie outside the period"


def describe_timing(klass: str | None, timing: str | None, days: int | None) -> str:
    """Return the doubt about the timing of a pair; an empty text if there is none.

    For a breach: the order is not known. For a breach whose commitment surely came first, and for
    any other pair: the deed may lie outside the period.
    """
    if timing != Timing.POSSIBLE:
        return ""
    # Between a promise and a deed there are days where the one is surely before the other.
    return ORDER_NOT_KNOWN if klass == PairClass.BREACH and not days else OUTSIDE_PERIOD


def describe_days(pair: "ContradictionRow", side: str = "counter") -> str:
    """Return the days between the entries of a pair, `2 days later`; an empty text if unknown.

    If either date spans several days, the number is the least: the days between the nearest ends.
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
    distance = f"{format_count(abs(pair.days), 'day')} {'later' if later else 'earlier'}"
    return distance if exact else f"at least {distance}"


def has_reconciling_judge(pair: "ContradictionRow") -> bool:
    """Whether a judge reconciles a pair, in which case reports name who does and who does not."""
    return pair.status in (PairStatus.DISPUTED, PairStatus.RECONCILED)


def describe_status(
    pair: "ContradictionRow",
    judgements: Iterable["Judgement"],
    named: Callable[[str], str] = str,
) -> str:
    """Return the status of a pair: `disputed: bea contradicts, cam reconciles (reason)`.

    Args:
        pair: The pair.
        judgements: Its `contradicts` and `reconciles` links (`query.pair_judgements`).
        named: Returns the name of a judge with a ref.
    """
    if not has_reconciling_judge(pair):
        return spell_word(pair.status)
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
    return [f"opposed as {join_words(judges)} read them"] if judges else []


def join_words(parts: Sequence[str]) -> str:
    """Return texts as a list in a sentence: `a, b and c`."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
