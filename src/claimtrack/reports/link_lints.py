"""The lints on links that contradict each other; `check` describes them."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Entry, Link
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_in_scope
from claimtrack.reports.findings import Found
from claimtrack.sql import json_list, json_row, stream
from claimtrack.vocab import Relation

_SCOPE = Filters()


# --- errors ---------------------------------------------------------------------------------------


def contradicts_and_reconciles(session: Session) -> Found:
    """Yield a finding for each pair that one judge links both as contradicting and compatible."""
    for one, other, links in stream(session, _pairs_judged_both_ways()):
        contradicting, reconciling = _by_relation(links)
        for judge in sorted(contradicting.keys() & reconciling.keys()):
            yield (
                (one, other),
                f"{judge} links {one} and {other} both as contradicting (strength "
                f"{contradicting[judge]}) and as compatible (strength {reconciling[judge]}): "
                "remove one of the two with 'claimtrack link remove'",
            )


def _pairs_judged_both_ways() -> Select[Any]:
    """Select the pairs that are linked both as contradicting and as compatible, by their refs.

    The columns are the two refs and, for each such link, the relation, the judge and the strength.
    Symmetric links are stored once, lower ref first, so all links of a pair have the same ends.
    """
    first, second = aliased(Entry), aliased(Entry)
    columns: list[Any] = [first.ref, second.ref]
    return (
        select(*columns, json_list(json_row(Link.relation, Actor.ref, Link.strength)))
        .select_from(Link)
        .join(first, first.id == Link.from_id)
        .join(second, second.id == Link.to_id)
        .join(Actor, Actor.id == Link.asserted_by_id)
        .where(Link.relation.in_((Relation.CONTRADICTS, Relation.RECONCILES)))
        .where(*entry_in_scope(first, _SCOPE), *entry_in_scope(second, _SCOPE))
        .group_by(first.ref, second.ref)
        .having(func.min(Link.relation) != func.max(Link.relation))
        .order_by(first.ref, second.ref)
    )


def _by_relation(links: Iterable[tuple[str, str, int]]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the strength of each judge's `contradicts` link, and that of `reconciles` links."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for relation, judge, strength in links:
        found[relation][judge] = strength
    return found[Relation.CONTRADICTS], found[Relation.RECONCILES]


# --- hints ----------------------------------------------------------------------------------------


def unrelated_but_linked(session: Session) -> Found:
    """Yield a finding for each pair that is linked as unrelated and by another relation."""
    first, second = aliased(Entry), aliased(Entry)
    judge, other_judge = aliased(Actor), aliased(Actor)
    other = aliased(Link)
    either_way = or_(
        and_(other.from_id == Link.from_id, other.to_id == Link.to_id),
        and_(other.from_id == Link.to_id, other.to_id == Link.from_id),
    )
    query = (
        select(first.ref, second.ref, judge.ref, other.relation, other_judge.ref)
        .select_from(Link)
        .join(first, first.id == Link.from_id)
        .join(second, second.id == Link.to_id)
        .join(judge, judge.id == Link.asserted_by_id)
        .join(other, and_(either_way, other.relation != Relation.UNRELATED))
        .join(other_judge, other_judge.id == other.asserted_by_id)
        .where(Link.relation == Relation.UNRELATED)
        .where(*entry_in_scope(first, _SCOPE), *entry_in_scope(second, _SCOPE))
        .order_by(first.ref, second.ref)
    )
    for refs, links in groupby(stream(session, query), itemgetter(0, 1)):
        judges, others = set(), set()
        for _, _, name, relation, other_name in links:
            judges.add(name)
            others.add(f"{relation} ({other_name})")
        one, another = refs
        yield (
            (one, another),
            f"{one} and {another} are linked as unrelated by {', '.join(sorted(judges))}, "
            f"and in another way too: {', '.join(sorted(others))}",
        )
