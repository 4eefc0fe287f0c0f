"""Two entries that oppose each other: what the pair is called, and how strong it is.

Class, the first that fits:

* breach: a commitment and an action of the same principal, the action's latest date not before the
  commitment's earliest (an open end is later, a missing start is no breach), with some ground that
  hangs on no condition
* source_conflict: claim and claim
* belied_by_action: an action and a claim, statement or assessment
* assessed_against: either is an assessment
* denial: a statement that responds to the other
* at_odds_with_record: a claim and a statement
* reversal: two statements of the same principal whose date bounds do not overlap
* dispute: anything else

Status, the first that fits: reconciled (a judge finds the two compatible), confirmed (a judge's
link stands beside opposing stances), linked (only the link), derived (only the stances).

Strength and basis are those of the best ground: the stronger, then the explicit; a link decides
only when it stands alone, and has no basis. `days` is 0 when the date bounds overlap, else the
signed gap from subject to counter between the nearest ends, empty when unknown.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Subquery,
    and_,
    case,
    exists,
    func,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from claimtrack.models import Actor, Entry
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_counts, overlap, principal
from claimtrack.reports.opposition import (
    Asked,
    anything,
    linked,
    may_oppose,
    opposed_to,
    responds,
    stance_grounds,
)
from claimtrack.sql import among, days_between, json_list, json_row, row_by_row
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Relation


@dataclass(frozen=True, slots=True)
class Pair:
    """Two entries, and what may be asked of them in SQL once they oppose each other."""

    subject: type[Entry]
    counter: type[Entry]
    scope: Filters

    @property
    def strength(self) -> ColumnElement[int]:
        """That of the best ground; of a link only when it stands alone."""
        return func.coalesce(_best_ground(self) // 2, _link_strength(self))

    @property
    def basis(self) -> ColumnElement[str | None]:
        """That of the best ground; null of a link."""
        best = _best_ground(self)
        return case((best % 2 == 1, "explicit"), (best % 2 == 0, "inferred"), else_=null())

    @property
    def status(self) -> ColumnElement[str]:
        """What the judges' links say of the pair."""
        linked, derived = _link_strength(self).is_not(None), _best_ground(self).is_not(None)
        return case(
            (reconciled(self.subject, self.counter, self.scope), PairStatus.RECONCILED.value),
            (and_(linked, derived), PairStatus.CONFIRMED.value),
            (linked, PairStatus.LINKED.value),
            else_=PairStatus.DERIVED.value,
        )

    @property
    def klass(self) -> ColumnElement[str]:
        """What the pair is called."""
        return _class(self.subject, self.counter, self.scope)

    @property
    def days(self) -> ColumnElement[int | None]:
        """The signed gap from subject to counter."""
        return _days(self.subject, self.counter)


def opposing(
    subject: type[Entry],
    counter: type[Entry],
    scope: Filters,
    on_what: Asked = anything,
    whom: Asked = anything,
) -> ColumnElement[bool]:
    """Whether the second entry counts and opposes the first; a judge may have reconciled them.

    What may be asked of their grounds is as in `opposed_to`. An entry never opposes itself, however
    differently its judges read it.
    """
    return and_(
        counter.id != subject.id,
        among(counter.id, opposed_to(subject, scope, on_what, whom).scalar_subquery()),
        may_oppose(subject, counter),
        row_by_row(*entry_counts(counter, scope)),
    )


def _best_ground(pair: Pair) -> ScalarSelect[int]:
    ground = stance_grounds(pair.subject, pair.counter, pair.scope)
    best = select(func.max(packed(ground)))
    return best.correlate(pair.subject, pair.counter).scalar_subquery()


def packed(ground: Subquery) -> ColumnElement[int]:
    """Pack strength and basis into the number that ranks grounds: 2 * strength + 1 if explicit."""
    return ground.c.strength * 2 + ground.c.explicit


def _link_strength(pair: Pair) -> ScalarSelect[int]:
    link = linked(pair.subject, pair.counter, Relation.CONTRADICTS, pair.scope).subquery()
    strongest = select(func.max(link.c.strength))
    return strongest.correlate(pair.subject, pair.counter).scalar_subquery()


def reconciled(subject: type[Entry], counter: type[Entry], scope: Filters) -> ColumnElement[bool]:
    """Whether a judge finds the two entries compatible."""
    return row_by_row(linked(subject, counter, Relation.RECONCILES, scope).exists())


def _class(subject: type[Entry], counter: type[Entry], scope: Filters) -> ColumnElement[str]:
    kinds = EntryKind

    def both(first: EntryKind, second: EntryKind) -> ColumnElement[bool]:
        # The subject is the one whose kind comes first, so that one order is enough.
        return and_(subject.kind == first, counter.kind == second)

    same_principal = principal(subject) == principal(counter)
    ground = stance_grounds(subject, counter, scope)
    unconditional = or_(
        exists(
            select(ground.c.strength)
            .where(ground.c.condition.is_(None), ground.c.other_condition.is_(None))
            .correlate(subject, counter)
        ),
        linked(subject, counter, Relation.CONTRADICTS, scope).exists(),
    )
    in_time = or_(counter.date_to.is_(None), counter.date_to >= subject.date_from)
    spans = (subject.date_from, subject.date_to), (counter.date_from, counter.date_to)
    spoken = (kinds.CLAIM, kinds.STATEMENT, kinds.ASSESSMENT)
    denies = or_(
        and_(counter.kind == kinds.STATEMENT, responds(counter, subject, scope)),
        and_(subject.kind == kinds.STATEMENT, responds(subject, counter, scope)),
    )
    named = PairClass
    return case(
        (
            and_(
                both(kinds.COMMITMENT, kinds.ACTION),
                subject.date_from.is_not(None),
                in_time,
                same_principal,
                unconditional,
            ),
            named.BREACH.value,
        ),
        (both(kinds.CLAIM, kinds.CLAIM), named.SOURCE_CONFLICT.value),
        (
            and_(subject.kind.in_(spoken), counter.kind == kinds.ACTION),
            named.BELIED_BY_ACTION.value,
        ),
        (
            or_(subject.kind == kinds.ASSESSMENT, counter.kind == kinds.ASSESSMENT),
            named.ASSESSED_AGAINST.value,
        ),
        (denies, named.DENIAL.value),
        (both(kinds.CLAIM, kinds.STATEMENT), named.AT_ODDS_WITH_RECORD.value),
        (
            and_(both(kinds.STATEMENT, kinds.STATEMENT), not_(overlap(*spans)), same_principal),
            named.REVERSAL.value,
        ),
        else_=named.DISPUTE.value,
    )


def _days(subject: type[Entry], counter: type[Entry]) -> ColumnElement[int | None]:
    spans = (subject.date_from, subject.date_to), (counter.date_from, counter.date_to)
    undated = or_(*(and_(first.is_(None), last.is_(None)) for first, last in spans))
    return case(
        (undated, null()),
        (overlap(*spans), 0),
        (subject.date_to < counter.date_from, days_between(subject.date_to, counter.date_from)),
        else_=days_between(subject.date_from, counter.date_to),
    )


def told_links(
    first: type[Entry], second: type[Entry], relation: Relation, scope: Filters
) -> ScalarSelect[Any]:
    """Return the strength and the judge of each link of a relation on a pair, as a JSON list."""
    link = linked(first, second, relation, scope).subquery()
    judge = aliased(Actor)
    return (
        select(json_list(json_row(link.c.strength, judge.ref)))
        .select_from(link)
        .join(judge, judge.id == link.c.asserted_by_id)
        .correlate(first, second)
        .scalar_subquery()
    )


@lru_cache(maxsize=1024)  # pairs that follow each other often have the same
def read_grounds(told: str, told_links: str) -> tuple[Any, ...]:
    """Read a pair's grounds, of stances (see `packed`) and of `told_links`, told as JSON.

    From `status` to `asserted_by`, as `ContradictionRow` has them; status, strength and basis as
    `Pair` has them in SQL, but for reconciled pairs.
    """
    grounds, links = json.loads(told), json.loads(told_links)
    ways, propositions, conditions = set(), set(), set()
    judges = {judge for _, judge in links}
    for _, arm, proposition, second, condition, other_condition, judge, other in grounds:
        ways.add(arm)
        propositions |= {proposition, second} - {None}
        conditions |= {condition, other_condition} - {None}
        judges |= {judge, other}
    if links:
        ways.add("link")
    beside_links = PairStatus.CONFIRMED if grounds else PairStatus.LINKED
    status = (beside_links if links else PairStatus.DERIVED).value
    best = max((packed for packed, *_ in grounds), default=None)
    strength = max(strength for strength, _ in links) if best is None else best // 2
    basis = None if best is None else "explicit" if best % 2 else "inferred"
    via = tuple(name for name in ("proposition", "exclusive_topic", "link") if name in ways)
    told_in_order = (tuple(sorted(names)) for names in (propositions, conditions, judges))
    return status, strength, basis, via, *told_in_order
