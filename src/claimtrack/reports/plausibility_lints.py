"""The lints on missing or implausible dates and addresses; `check` describes them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from claimtrack import addresses, dates
from claimtrack.db import Session
from claimtrack.models import Citation, Document, Entry, Figure, Measure, Revision
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import SHOWING_ROLES, entry_in_scope
from claimtrack.reports.findings import Found
from claimtrack.sql import json_field, json_list, plain_text, stream
from claimtrack.vocab import EntryKind, MeasureKind

_OLDEST = date(1800, 1, 1)
_AHEAD = timedelta(hours=14)
"""How far a local date can be ahead of the log, which is in UTC."""


def bad_address(session: Session) -> Found:
    """Yield a finding for each document with an invalid address; new ones are refused."""
    query = (
        select(Document.ref, Document.url, Document.archive_url)
        .where(or_(Document.url.is_not(None), Document.archive_url.is_not(None)))
        .order_by(Document.ref)
    )
    for ref, url, archive_url in stream(session, query):
        for name, text in (("url", url), ("archive_url", archive_url)):
            if text is not None and (why := addresses.find_fault(text)):
                shown = addresses.shorten(text)
                yield (ref,), f"{name} {shown!r} of {ref} is not one address: it {why}"


# --- dates ----------------------------------------------------------------------------------------


def dated_after_documents(session: Session) -> Found:
    """Yield a finding for each entry that is dated later than all documents that show it."""
    document, canonical = aliased(Document), aliased(Document)
    published = _later(_latest(document), _latest(canonical))
    query = (
        select(Entry.ref, Entry.date_from, Entry.date_to, func.max(published))
        .join(Citation, Citation.entry_id == Entry.id)
        .join(document, document.id == Citation.document_id)
        .outerjoin(canonical, canonical.id == document.canonical_id)
        .where(Citation.role.in_(SHOWING_ROLES), Entry.kind != EntryKind.WINDOW)
        .where(Entry.date_from.is_not(None), *entry_in_scope(Entry, Filters()))
        .group_by(Entry.ref, Entry.date_from, Entry.date_to)
        .having(func.count(published) == func.count())
        .having(func.max(published) < Entry.date_from)
        .order_by(Entry.ref)
    )
    for ref, first, last, latest in stream(session, query):
        yield (
            (ref,),
            f"{ref} is dated {dates.format_span(first, last)}, later than every document that "
            f"shows it, the last of which is of {latest}: check both dates",
        )


def _latest(document: type[Document]) -> SQLColumnExpression[date | None]:
    return func.coalesce(document.published_to, document.published_from)


def _later(one: Any, other: Any) -> ColumnElement[date | None]:
    return case((or_(other.is_(None), one >= other), one), else_=other)


def dated_after_logged(session: Session) -> Found:
    """Yield a finding for each entry and document that is dated after the day it was logged."""
    entry = _dated_ahead(Entry, "date_from", "date_to").where(
        Entry.kind != EntryKind.WINDOW, *entry_in_scope(Entry, Filters())
    )
    both = union_all(entry, _dated_ahead(Document, "published_from", "published_to")).subquery()
    for ref, first, last, at, _ in stream(session, select(both).order_by(both.c.ref, both.c.noun)):
        logged = datetime.fromisoformat(at)
        if first > (logged + _AHEAD).date():
            span = dates.format_published(first, last)
            yield (
                (ref,),
                f"{ref} is dated {span}, and that was logged on {logged.date()}: "
                "check the year, and the calendar that it is of",
            )


def _dated_ahead(model: type[Entry | Document], name: str, last: str) -> Select[Any]:
    """Select the rows whose date is after the day (UTC) of a revision in which they had it."""
    column: InstrumentedAttribute[date | None] = getattr(model, name)
    until: InstrumentedAttribute[date | None] = getattr(model, last)
    day = plain_text(column)
    return (
        select(model.ref.label("ref"), column.label("first"), until.label("last"))
        .add_columns(func.min(Revision.at).label("at"))
        .add_columns(literal(model.__tablename__).label("noun"))
        .join(Revision, Revision.row_key == model.ref)
        .where(Revision.table_name == model.__tablename__, column.is_not(None))
        .where(day > func.substr(Revision.at, 1, 10), json_field(Revision.after, name) == day)
        .group_by(model.ref, column, until)
    )


def dated_before_1800(session: Session) -> Found:
    """Yield a finding for each entry and document dated before 1800, wholly or in part."""
    entry = _dated_early(Entry, "date_from", "date_to").where(*entry_in_scope(Entry, Filters()))
    document = _dated_early(Document, "published_from", "published_to")
    both = union_all(entry, document).subquery()
    for ref, first, last, _ in stream(session, select(both).order_by(both.c.ref, both.c.noun)):
        yield (
            (ref,),
            f"{ref} is dated {dates.format_span(first, last)}, before 1800: "
            "check the year, and the calendar that it is of",
        )


def undated(session: Session) -> Found:
    """Yield a finding for each entry whose first and last day are both unknown."""
    query = (
        select(Entry.ref)
        .where(Entry.date_from.is_(None), Entry.date_to.is_(None))
        .where(*entry_in_scope(Entry, Filters()))
        .order_by(Entry.ref)
    )
    for (ref,) in stream(session, query):
        yield (
            (ref,),
            f"{ref} has no date: give the earliest or the latest day that it can be of, "
            "if one is known",
        )


def _dated_early(model: type[Entry | Document], *names: str) -> Select[Any]:
    bounds = [getattr(model, name) for name in names]
    columns = (column.label(name) for column, name in zip(bounds, ("first", "last"), strict=True))
    return select(
        model.ref.label("ref"), *columns, literal(model.__tablename__).label("noun")
    ).where(or_(*(column < _OLDEST for column in bounds)))


# --- periods --------------------------------------------------------------------------------------


def figure_without_period(session: Session) -> Found:
    """Yield a finding for each entry with figures that have no period (`weigh.figures`)."""
    single_day = and_(Measure.kind == MeasureKind.LEVEL, Entry.date_from == Entry.date_to)
    dated = or_(Entry.date_from.is_not(None), Entry.date_to.is_not(None))
    has_day = or_(
        and_(Entry.date_from.is_not(None), Entry.date_to.is_not(None), single_day),
        and_(Entry.kind == EntryKind.ACTION, dated),
    )
    query = (
        select(Entry.ref, Entry.kind, json_list(Measure.ref))
        .select_from(Figure)
        .join(Entry, Entry.id == Figure.entry_id)
        .join(Measure, Measure.id == Figure.measure_id)
        .where(Entry.about_from.is_(None), Entry.about_to.is_(None), not_(has_day))
        .where(*entry_in_scope(Entry, Filters()))
        .group_by(Entry.ref, Entry.kind)
        .order_by(Entry.ref)
    )
    for ref, kind, measures in stream(session, query):
        named = sorted(set(measures))
        figures = "figure" if len(named) == 1 else "figures"
        yield (
            (ref, *named),
            f"the {figures} of {ref} for {' and '.join(named)} can be compared with none, for want "
            f"of a period: say of which, with 'claimtrack {kind.value} edit {ref} --about "
            "FROM/UNTIL'",
        )
