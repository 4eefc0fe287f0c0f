"""Who contradicts and who reconciles pairs of entries, and why: as it is shown."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Entry, Link
from claimtrack.query.visibility import Scope, link_counts
from claimtrack.sql import batches, is_one_of, stream
from claimtrack.vocab import Relation


class Judgement(NamedTuple):
    """What one judge recorded of a pair of entries.

    Attributes:
        relation: `contradicts` or `reconciles`.
        judge: The ref of the judge.
        strength: 1 or 2.
        rationale: Why, in the judge's words; None where they gave no reason.
    """

    relation: Relation
    judge: str
    strength: int
    rationale: str | None


PairRefs: TypeAlias = tuple[str, str]
"""The refs of the two entries of a pair, as a report has them."""


def judgements_of(
    session: Session, scope: Scope, pairs: Iterable[PairRefs]
) -> dict[PairRefs, tuple[Judgement, ...]]:
    """Return who contradicts and who reconciles each of some pairs, by relation and judge.

    Sends one statement for each 500 pairs. A pair that nobody linked so has no judgement.
    """
    found: dict[PairRefs, list[Judgement]] = {pair: [] for pair in pairs}
    for some in batches(iter(found)):
        refs = sorted({ref for pair in some for ref in pair})
        for one, other, *judgement in stream(session, _judgements(scope), {"refs": refs}):
            for pair in ((one, other), (other, one)):
                if pair in found:
                    found[pair].append(Judgement(*judgement))
    return {pair: tuple(sorted(several)) for pair, several in found.items()}


@lru_cache(maxsize=8)
def _judgements(scope: Scope) -> Select[*tuple[Any, ...]]:
    link, one, other = aliased(Link), aliased(Entry), aliased(Entry)
    return (
        select(one.ref, other.ref, link.relation, Actor.ref, link.strength, link.rationale)
        .join(one, one.id == link.from_id)
        .join(other, other.id == link.to_id)
        .join(Actor, Actor.id == link.asserted_by_id)
        .where(is_one_of(one.ref, "refs"), is_one_of(other.ref, "refs"))
        .where(link.relation.in_((Relation.CONTRADICTS, Relation.RECONCILES)))
        .where(*link_counts(link, scope))
    )
