"""Fetches the `contradicts` and `reconciles` links of pairs, with their judges and reasons."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Entry, Link
from claimtrack.query.visibility import Scope, cached_by_scope, link_in_scope
from claimtrack.sql import batches, is_one_of, stream
from claimtrack.vocab import Relation


class Judgement(NamedTuple):
    """The link of one judge between the two entries of a pair.

    Attributes:
        relation: `contradicts` or `reconciles`.
        judge: The ref of the judge.
        strength: 1 or 2.
        rationale: The judge's reason; None if there is none.
    """

    relation: Relation
    judge: str
    strength: int
    rationale: str | None


PairRefs: TypeAlias = tuple[str, str]
"""The refs of the two entries of a pair, in the order of the report."""


def get_judgements(
    session: Session, scope: Scope, pairs: Iterable[PairRefs]
) -> dict[PairRefs, tuple[Judgement, ...]]:
    """Return the judgements in scope on each pair, by relation and judge.

    Sends one statement for each 500 pairs. Pairs without such a link have an empty tuple.
    """
    found: dict[PairRefs, list[Judgement]] = {pair: [] for pair in pairs}
    for some in batches(iter(found)):
        refs = sorted({ref for pair in some for ref in pair})
        for one, other, *judgement in stream(session, _select_judgements(scope), {"refs": refs}):
            for pair in ((one, other), (other, one)):
                if pair in found:
                    found[pair].append(Judgement(*judgement))
    return {pair: tuple(sorted(several)) for pair, several in found.items()}


@cached_by_scope
def _select_judgements(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Select the links by which judges contradict or reconcile, between entries, by ref."""
    link, one, other = aliased(Link), aliased(Entry), aliased(Entry)
    return (
        select(one.ref, other.ref, link.relation, Actor.ref, link.strength, link.rationale)
        .join(one, one.id == link.from_id)
        .join(other, other.id == link.to_id)
        .join(Actor, Actor.id == link.asserted_by_id)
        .where(is_one_of(one.ref, "refs"), is_one_of(other.ref, "refs"))
        .where(link.relation.in_((Relation.CONTRADICTS, Relation.RECONCILES)))
        .where(*link_in_scope(link, scope))
    )
