"""How each claim stands: the analyst's morning view, contested ones first.

One row per claim; contested claims first, then by ref.

* `affirmed_by` counts the entries that agree with the claim on any of its propositions, or by a
  link (`weigh.opposition`), `borne_out_by_actions` the actions among them, and `publishers` through
  how many publishers they are known. `independent_min` and `independent_max`: from how many
  independent origins other than its own, at least and at most (`weigh.origins`).
* An entry **denies** a claim when the two are a pair of the contradictions report, one that no
  judge has reconciled. `denied_by` counts them all; `contradicted_by_...` by their kind, and
  `worst_strength` is that of the strongest pair.
* contested: something denies it. uncontradicted: nothing does. uncorroborated: no other origin than
  its own bears it out (`independent_max` is 0). single_origin: none that is surely another does
  (`independent_min` is 0).
* reliability and credibility are those of the latest grade (of one day, the last rater by ref); F
  and 6 mean that nobody could judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Citation, Document, Entry, Grade
from claimtrack.query.agreeing import Agreeing, Support
from claimtrack.query.visibility import SHOWS, citation_counts
from claimtrack.reports.contradictions import urls
from claimtrack.reports.filters import Filters, Ways, entries_wanted, in_order, sorted_rows
from claimtrack.reports.pair import Pair, opposing, reconciled
from claimtrack.sql import Query, batches, json_list, json_row, stream
from claimtrack.vocab import ActorKind, EntryKind

_TOLD = (EntryKind.STATEMENT, EntryKind.ACTION, EntryKind.CLAIM, EntryKind.ASSESSMENT)
"""The kinds of which it is told how many deny a claim."""


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """What is wanted of a claim beside what is wanted of any entry."""

    contested: bool = False
    uncontradicted: bool = False
    uncorroborated: bool = False
    single_origin: bool = False
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim, and what speaks for and against it."""

    ref: str
    actor: str
    outlet: tuple[str, ...]
    date_from: date | None
    date_to: date | None
    summary: str
    affirmed_by: int
    independent_min: int
    independent_max: int
    publishers: int
    denied_by: int
    borne_out_by_actions: int
    contradicted_by_statements: int
    contradicted_by_actions: int
    contradicted_by_claims: int
    contradicted_by_assessments: int
    worst_strength: int | None
    reliability: str | None
    credibility: int | None
    urls: tuple[str, ...]


def claims(
    session: Session, wanted: Filters | None = None, standing: ClaimFilters | None = None
) -> Iterator[ClaimRow]:
    """Stream the claims, contested ones first, then by ref.

    Sends one statement, and for each 500 claims those that ask what agrees with them. What stands
    for a claim is weighed as the rows come by: with `uncorroborated` and `single_origin` the page
    is cut here and not by the database, and to sort by a count gathers all rows first, as it does
    by the grade and by the lists.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted, standing = wanted or Filters(), standing or ClaimFilters()
    query = _claims(wanted, standing)
    usual = query.selected_columns["is_contested"].desc(), query.selected_columns["ref"]
    made = partial(_rows, session, wanted)
    if not (standing.single_origin or standing.uncorroborated):
        ways = Ways(partial(_first, wanted, standing))
        return sorted_rows(session, query, made, ClaimRow, wanted, *usual, ways=ways)
    most = "independent_max" if standing.uncorroborated else "independent_min"
    rows = made(stream(session, query.order_by(*usual)))
    return in_order((row for row in rows if getattr(row, most) == 0), wanted, ClaimRow)


def _first(wanted: Filters, standing: ClaimFilters, most: int) -> Query:
    """Select the first claims: the first contested ones, then the first of the others.

    So that not every claim is asked whether it is contested, where few are shown.
    """
    both = ("contested", "uncontradicted")
    asked = [how for how in both if getattr(standing, how)] or both
    parts = [_claims(wanted, replace(standing, **{how: True})) for how in asked]
    firsts = (part.order_by(part.selected_columns["ref"]).limit(most).subquery() for part in parts)
    found = union_all(*(select(first) for first in firsts))
    return found.order_by(
        found.selected_columns["is_contested"].desc(), found.selected_columns["ref"]
    )


def _claims(wanted: Filters, standing: ClaimFilters) -> Select[Any]:
    claim, source = aliased(Entry, name="claim"), aliased(Actor)
    contested = _denied(claim, wanted)
    query = (
        select(
            claim.id.label("id"),
            claim.ref.label("ref"),
            source.ref.label("actor"),
            _outlets(claim, wanted).label("outlet"),
            claim.date_from.label("date_from"),
            claim.date_to.label("date_to"),
            claim.summary.label("summary"),
            _against(claim, wanted).label("against"),
            _grade(claim, wanted).label("grade"),
            urls(claim, wanted).label("urls"),
            case((contested, 1), else_=0).label("is_contested"),
        )
        .select_from(claim)
        .join(source, source.id == claim.actor_id)
        .where(claim.kind == EntryKind.CLAIM, *entries_wanted(claim, wanted))
    )
    if standing.contested:
        query = query.where(contested)
    if standing.uncontradicted:
        query = query.where(not_(contested))
    if standing.anonymous:
        query = query.where(source.kind == ActorKind.ANONYMOUS)
    return query


def _denied(claim: type[Entry], scope: Filters) -> ColumnElement[bool]:
    other = aliased(Entry)
    against = and_(opposing(claim, other, scope), not_(reconciled(claim, other, scope)))
    return exists(select(other.id).where(against).correlate(claim))


def _against(claim: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    """Return how many entries deny a claim, in all and of each kind told, and the worst strength.

    Counted by the database: thousands may deny one claim.
    """
    other = aliased(Entry)
    counted = [func.count().filter(other.kind == kind) for kind in _TOLD]
    worst = func.max(Pair(claim, other, scope).strength)
    against = and_(opposing(claim, other, scope), not_(reconciled(claim, other, scope)))
    return (
        select(json_row(func.count(), *counted, worst))
        .select_from(other)
        .where(against)
        .correlate(claim)
        .scalar_subquery()
    )


def _outlets(claim: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    citation, document, outlet = aliased(Citation), aliased(Document), aliased(Actor)
    return (
        select(json_list(json_row(citation.role, outlet.ref)))
        .select_from(citation)
        .join(document, document.id == citation.document_id)
        .join(outlet, outlet.id == document.publisher_id)
        .where(citation.entry_id == claim.id, citation.role.in_(SHOWS))
        .where(*citation_counts(citation, scope))
        .correlate(claim)
        .scalar_subquery()
    )


def _grade(claim: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    grade, rater = aliased(Grade), aliased(Actor)
    query = (
        select(json_row(grade.reliability, grade.credibility))
        .join(rater, rater.id == grade.graded_by_id)
        .where(grade.entry_id == claim.id)
        .order_by(grade.graded_on.desc(), rater.ref.desc())
        .limit(1)
        .correlate(claim)
    )
    if scope.known_by:
        query = query.where(grade.graded_on <= scope.known_by)
    return query.scalar_subquery()


def _rows(session: Session, wanted: Filters, found: Iterator[Any]) -> Iterator[ClaimRow]:
    agreeing = Agreeing(session, wanted)
    for batch in batches(found):
        supports = agreeing.support([row.id for row in batch])
        yield from map(_row, batch, supports)


def _row(row: Any, support: Support) -> ClaimRow:
    denied_by, *counts, worst = row.against
    denying = dict(zip(_TOLD, counts, strict=True))
    primary = {outlet for role, outlet in row.outlet if role == "primary"}
    return ClaimRow(
        ref=row.ref,
        actor=row.actor,
        outlet=tuple(sorted(primary or {outlet for _, outlet in row.outlet})),
        date_from=row.date_from,
        date_to=row.date_to,
        summary=row.summary,
        affirmed_by=support.entries,
        independent_min=support.least,
        independent_max=support.most,
        publishers=support.publishers,
        denied_by=denied_by,
        borne_out_by_actions=support.deeds,
        contradicted_by_statements=denying[EntryKind.STATEMENT],
        contradicted_by_actions=denying[EntryKind.ACTION],
        contradicted_by_claims=denying[EntryKind.CLAIM],
        contradicted_by_assessments=denying[EntryKind.ASSESSMENT],
        worst_strength=worst,
        reliability=row.grade[0] if row.grade else None,
        credibility=row.grade[1] if row.grade else None,
        urls=tuple(sorted(set(row.urls))),
    )
