"""What assessments make of claims: how far each bears out what the claim says.

One row per claim, assessment, proposition on which both take a stance, and judge who reads the
assessment so. By claim, assessment, proposition, judge.

* `value` is that of the assessment's stance where the claim affirms the proposition, and its
  opposite where the claim denies it: -2 contradicts the claim outright, 0 leaves it open, 2 bears
  it out. A claim that leaves the proposition open cannot be reviewed; one that judges read both
  ways is, both ways.
* `url` is the address of the document in which the reading was published, else of the first one by
  ref that shows the assessment, primary ones before the others; addresses of the web alone count.

Filters are asked of the claim; the assessment need only count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Citation, Document, Entry, Proposition, Stance
from claimtrack.query.filters import Filters, entries_wanted, proposition_matches
from claimtrack.query.visibility import SHOWS, citation_counts, entry_counts, stance_counts
from claimtrack.sql import stream
from claimtrack.vocab import CitationRole, EntryKind


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """What an assessment makes of a claim, as one judge reads it."""

    claim: str
    assessment: str
    proposition: str
    text: str
    asserted_by: str
    value: int
    turned: bool
    """Whether the claim denies the proposition, so that `value` is the opposite of the stance's."""
    basis: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    confidence: str | None
    rationale: str | None
    actor: str
    date_from: date | None
    date_to: date | None
    summary: str
    url: str | None


def reviews(session: Session, wanted: Filters | None = None) -> Iterator[ReviewRow]:
    """Stream what assessments make of the claims wanted; one statement."""
    rows = stream(session, _reviews(wanted or Filters()))
    for _, alike in groupby(rows, key=lambda row: (*row[:3], row.asserted_by, row.value)):
        yield ReviewRow(**next(alike)._mapping)


def _reviews(wanted: Filters) -> Select[Any]:
    claim, own, stance = aliased(Entry), aliased(Stance), aliased(Stance)
    proposition, judge, actor = aliased(Proposition), aliased(Actor), aliased(Actor)
    value = case((own.value > 0, stance.value), else_=-stance.value)
    told = ("basis", "hedge", "condition", "likelihood", "confidence", "rationale")
    keys = (claim.ref, Entry.ref, proposition.ref, judge.ref)
    return (
        select(
            claim.ref.label("claim"),
            Entry.ref.label("assessment"),
            proposition.ref.label("proposition"),
            proposition.text.label("text"),
            judge.ref.label("asserted_by"),
            value.label("value"),
            and_(own.value < 0, stance.value != 0).label("turned"),
            *(getattr(stance, name).label(name) for name in told),
            actor.ref.label("actor"),
            Entry.date_from.label("date_from"),
            Entry.date_to.label("date_to"),
            Entry.summary.label("summary"),
            _address(stance, wanted).label("url"),
        )
        .select_from(claim)
        .join(own, own.entry_id == claim.id)
        .join(proposition, proposition.id == own.proposition_id)
        .join(stance, stance.proposition_id == proposition.id)
        .join(Entry, Entry.id == stance.entry_id)
        .join(actor, actor.id == Entry.actor_id)
        .join(judge, judge.id == stance.asserted_by_id)
        .where(claim.kind == EntryKind.CLAIM, Entry.kind == EntryKind.ASSESSMENT)
        .where(own.value != 0, *stance_counts(own, wanted), *stance_counts(stance, wanted))
        .where(*entries_wanted(claim, wanted), *entry_counts(Entry, wanted))
        .where(*proposition_matches(proposition.id, wanted))
        .order_by(*keys, value)
    )


def _address(stance: type[Stance], wanted: Filters) -> ColumnElement[str | None]:
    published, cited, citation = aliased(Document), aliased(Document), aliased(Citation)
    of_reading = select(published.url).where(
        published.id == stance.document_id, _on_the_web(published.url)
    )
    first_hand = case((citation.role == CitationRole.PRIMARY, 0), else_=1)
    shown: ScalarSelect[str | None] = (
        select(cited.url)
        .join(citation, citation.document_id == cited.id)
        .where(citation.entry_id == Entry.id, citation.role.in_(SHOWS), _on_the_web(cited.url))
        .where(*citation_counts(citation, wanted))
        .order_by(first_hand, cited.ref)
        .limit(1)
        .correlate(Entry)
        .scalar_subquery()
    )
    return func.coalesce(of_reading.correlate(stance).scalar_subquery(), shown)


def _on_the_web(url: SQLColumnExpression[str | None]) -> ColumnElement[bool]:
    return or_(url.ilike("http://%"), url.ilike("https://%"))
