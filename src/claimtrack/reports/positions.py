"""What an actor held on record, by date: a story of its words, deeds and promises.

One row per stance of a statement, action or commitment, and, when asked for, of a claim by an
anonymous source. Rows come by date (`date_from`, else `date_to`; undated last), entry_ref,
proposition and asserted_by.

* The **step** compares a row with the one before it that has the same principal, proposition and
  judge: `reversed` when the sign changes, `hedged` from a side to 0, `hardened` when the value is
  greater, `softened` when it is smaller, `reaffirmed` when it is equal; empty on the first row and
  after a 0. Greater and smaller compare |value|, how far from 0, for and against alike: a denial
  hardens from -1 to -2. A claim has no step, and no row is compared with one: what a nameless
  source says is no position taken.
* The **gap** names what the same principal did against it: its actions that oppose the entry (see
  `opposition`) with a ground on this very stance, or by a link, which stands for all stances of the
  entry. Pairs that a judge has reconciled are left out, as in the contradictions report.

Filters on actor, principal, kind and source choose the record within which rows are compared.
Dates, signs and strength only choose what of it is shown, so that a reversal stays one when the row
before it is not shown. Asking for claims by kind is asking for the anonymous ones.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
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
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Entry, Proposition, Stance
from claimtrack.query.filters import (
    Filters,
    Ways,
    date_matches,
    entry_matches,
    proposition_matches,
    sorted_rows,
    stance_matches,
)
from claimtrack.query.visibility import day, entry_counts, principal, stance_counts
from claimtrack.reports.opposition import linked, stance_grounds
from claimtrack.reports.pair import opposing, reconciled
from claimtrack.sql import json_list, unsought
from claimtrack.vocab import ActorKind, EntryKind, Relation

ON_RECORD = (EntryKind.STATEMENT, EntryKind.ACTION, EntryKind.COMMITMENT)
"""Kinds in which an actor takes a position of its own."""


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A stance that a principal took, and how it stands to the one before and to its own deeds."""

    date_from: date | None
    date_to: date | None
    entry_ref: str
    kind: str
    actor: str
    proposition: str
    asserted_by: str
    value: int
    step: str | None
    gap: tuple[str, ...]
    hedge: str | None
    likelihood: str | None
    summary: str


def positions(
    session: Session, wanted: Filters | None = None, *, anonymous: bool = False
) -> Iterator[PositionRow]:
    """Stream the positions on record by date, with anonymous claims among them when asked for.

    Sends one statement. To sort by the gap gathers all rows first.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = wanted or Filters()
    query = _positions(wanted, anonymous=anonymous)

    def page(most: int) -> Select[Any]:
        first = _positions(wanted, anonymous=anonymous, most=most)
        return first.order_by(*_order(first))

    made, ways = partial(map, _row), Ways(page, _shown(wanted, anonymous=anonymous))
    order = _order(query)
    return sorted_rows(session, query, made, PositionRow, wanted, *order, ways=ways)


def _order(query: Select[Any]) -> list[ColumnElement[Any]]:
    columns = query.selected_columns
    names = ("entry_ref", "proposition", "asserted_by")
    return [day(columns), *(columns[name] for name in names)]


def _positions(wanted: Filters, *, anonymous: bool, most: int | None = None) -> Select[Any]:
    """Select the positions; so many at most, of which only the propositions are gone through."""
    shown = None if most is None else _shown(wanted, anonymous=anonymous).limit(most).cte("shown")
    record = _record(wanted, shown, anonymous=anonymous)
    entry, stance = aliased(Entry, name="entry"), aliased(Stance, name="stance")
    actor, judge, proposition = aliased(Actor), aliased(Actor), aliased(Proposition)
    query = (
        select(
            entry.date_from.label("date_from"),
            entry.date_to.label("date_to"),
            entry.ref.label("entry_ref"),
            entry.kind.label("kind"),
            actor.ref.label("actor"),
            proposition.ref.label("proposition"),
            judge.ref.label("asserted_by"),
            stance.value.label("value"),
            _step(entry, stance, record.c.before).label("step"),
            _deeds_against(entry, proposition, judge, wanted).label("deeds_against"),
            stance.hedge.label("hedge"),
            stance.likelihood.label("likelihood"),
            entry.summary.label("summary"),
        )
        .select_from(record)
        .join(entry, entry.id == record.c.entry_id)
        .join(stance, _same(stance, record.c))
        .join(actor, actor.id == entry.actor_id)
        .join(judge, judge.id == stance.asserted_by_id)
        .join(proposition, proposition.id == stance.proposition_id)
    )
    if shown is not None:
        return query.join(shown, _same(shown.c, record.c))
    return query.where(*_chosen(entry, stance, wanted))


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    keys = ("entry_id", "proposition_id", "asserted_by_id")
    return and_(*(getattr(one, key) == getattr(other, key) for key in keys))


def _shown(wanted: Filters, *, anonymous: bool) -> Select[int, int, int]:
    """Select the keys of the stances that are shown, in the order in which they are."""
    entry, stance, source = aliased(Entry), aliased(Stance), aliased(Actor)
    judge, proposition = aliased(Actor), aliased(Proposition)
    some = wanted.topics or wanted.propositions
    return (
        select(stance.entry_id, stance.proposition_id, stance.asserted_by_id)
        .select_from(entry)
        # Entries are walked through by day, unless few stances are asked for.
        .join(stance, stance.entry_id == (entry.id if some else unsought(entry.id)))
        .join(source, source.id == entry.actor_id)
        .join(judge, judge.id == stance.asserted_by_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(*_held(entry, stance, source, wanted, anonymous=anonymous))
        .where(*_chosen(entry, stance, wanted))
        .order_by(day(entry), entry.ref, proposition.ref, judge.ref)
    )


def _chosen(entry: type[Entry], stance: type[Stance], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that choose what is shown of the record."""
    return [*date_matches(entry, wanted), *stance_matches(stance, wanted)]


def _held(
    entry: type[Entry],
    stance: type[Stance],
    source: type[Actor],
    wanted: Filters,
    *,
    anonymous: bool,
) -> list[ColumnElement[bool]]:
    """Return the conditions that a stance is on record."""
    held: list[ColumnElement[bool]] = [unsought(entry.kind).in_(ON_RECORD)]
    if anonymous or EntryKind.CLAIM in wanted.kinds:
        held.append(and_(entry.kind == EntryKind.CLAIM, source.kind == ActorKind.ANONYMOUS))
    return [
        or_(*held),
        *entry_counts(entry, wanted),
        *entry_matches(entry, replace(wanted, since=None, until=None)),
        *stance_counts(stance, wanted),
        *proposition_matches(stance.proposition_id, wanted),
    ]


def _record(wanted: Filters, shown: CTE | None, *, anonymous: bool) -> Subquery:
    """Return the keys of all stances on record, each with the value `before` it.

    Of the propositions alone that are shown, where that is known.
    """
    entry, stance, source = aliased(Entry), aliased(Stance), aliased(Actor)
    before = func.lag(stance.value).over(
        # Claims are set apart, so that no row is compared with one.
        partition_by=[
            principal(entry),
            stance.proposition_id,
            stance.asserted_by_id,
            case((entry.kind == EntryKind.CLAIM, 1), else_=0),
        ],
        order_by=[day(entry), entry.ref],
    )
    query = (
        select(
            stance.entry_id, stance.proposition_id, stance.asserted_by_id, before.label("before")
        )
        .join(entry, entry.id == stance.entry_id)
        .join(source, source.id == entry.actor_id)
        .where(*_held(entry, stance, source, wanted, anonymous=anonymous))
    )
    if shown is not None:
        query = query.where(stance.proposition_id.in_(select(shown.c.proposition_id)))
    return query.subquery("record")


def _step(
    entry: type[Entry], stance: type[Stance], before: ColumnElement[int]
) -> ColumnElement[str | None]:
    return case(
        (or_(entry.kind == EntryKind.CLAIM, before.is_(None), before == 0), null()),
        (stance.value * before < 0, "reversed"),
        (stance.value == 0, "hedged"),
        (func.abs(stance.value) > func.abs(before), "hardened"),
        (func.abs(stance.value) < func.abs(before), "softened"),
        else_="reaffirmed",
    )


def _deeds_against(
    entry: type[Entry], proposition: type[Proposition], judge: type[Actor], scope: Filters
) -> ScalarSelect[Any]:
    """Return the refs of the principal's own actions against a stance, as a JSON list."""
    deed = aliased(Entry, name="deed")
    ground = stance_grounds(entry, deed, scope)
    on_this_stance = exists(
        select(ground.c.strength)
        .where(ground.c.proposition == proposition.ref, ground.c.judge == judge.ref)
        .correlate(entry, deed, proposition, judge)
    )
    by_link = linked(entry, deed, Relation.CONTRADICTS, scope).exists()
    return (
        select(json_list(deed.ref))
        .where(
            unsought(deed.kind) == EntryKind.ACTION,
            opposing(entry, deed, scope),
            or_(on_this_stance, by_link),
            principal(deed) == principal(entry),
            not_(reconciled(entry, deed, scope)),
        )
        .correlate(entry, proposition, judge)
        .scalar_subquery()
    )


def _row(row: Any) -> PositionRow:
    return PositionRow(
        date_from=row.date_from,
        date_to=row.date_to,
        entry_ref=row.entry_ref,
        kind=row.kind.value,
        actor=row.actor,
        proposition=row.proposition,
        asserted_by=row.asserted_by,
        value=row.value,
        step=row.step,
        gap=tuple(sorted(row.deeds_against)),
        hedge=row.hedge,
        likelihood=row.likelihood and row.likelihood.value,
        summary=row.summary,
    )
