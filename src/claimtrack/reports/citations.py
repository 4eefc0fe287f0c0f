"""The citations of entries: which document each entry cites, and via which note it was found.

One row per citation, by default by entry_ref, document_ref, via, label and the position of the
quotation. Missing values come last, except for labels: a missing label is the empty text.

The filters apply to the entry, except for `sources`, which selects the cited document.
`asserted_by` selects entries with a stance or a link of the judge. With `known_by` the document
must have been published by that day, too. Citations in the role `support` are included.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, select
from sqlalchemy.orm import aliased

from claimtrack import dates
from claimtrack.db import Session
from claimtrack.escaping import format_value
from claimtrack.models import Actor, Citation, Document, Entry
from claimtrack.present.columns import Cell, Column, Layout, line_of, whole_cell
from claimtrack.query.filters import Filters, match_filters, match_judges, select_documents
from claimtrack.query.sorting import stream_sorted
from claimtrack.query.visibility import Scope, cached_by_scope, citation_in_scope
from claimtrack.sql import batches, is_one_of, stream
from claimtrack.vocab import CitationRole


def _document(row: Any) -> Cell:
    note = " ".join(part for part in (row.via and f"via {row.via}", row.label) if part)
    return Cell((row.document_ref, format_value(row.role), *line_of(note)))


def _source(row: Any) -> Cell:
    quoted = [f'"{row.exact}"'] if row.exact else []
    published = dates.format_published(row.published_from, row.published_to)
    publication = ", ".join(filter(None, (row.publisher, published)))
    parts = [publication, *([row.url] if row.url else []), *quoted]
    return Cell(text="\n".join(parts))


_LAYOUT: Layout = (
    Column("entry", whole_cell("entry_ref")),
    Column("document", _document),
    Column("source", _source),
)


@dataclass(frozen=True, slots=True)
class CitationRow:
    """A document that stands behind an entry, and where it was found."""

    layout = _LAYOUT

    entry_ref: str
    document_ref: str
    role: str
    via: str | None
    label: str
    wording: str | None
    exact: str | None
    url: str | None
    publisher: str
    published_from: date | None
    published_to: date | None


def citations(session: Session, filters: Filters | None = None) -> Iterator[CitationRow]:
    """Yield the citations of the matching entries, in the order above. Sends one statement."""
    filters = filters or Filters()
    conditions = [
        *match_filters(Entry, replace(filters, sources=())),
        *match_judges(Entry, filters),
    ]
    if filters.sources:
        conditions.append(Citation.document_id.in_(select_documents(filters.sources)))
    conditions += citation_in_scope(Citation, filters)
    return list_citations_where(session, *conditions, filters=filters)


def list_citations_where(
    session: Session, *conditions: ColumnElement[bool], filters: Filters | None = None
) -> Iterator[CitationRow]:
    """Yield the citations that meet conditions on `Citation` and its `Entry`."""
    query = _citations().where(*conditions)
    usual = _order(query)
    return stream_sorted(session, query, _rows, CitationRow, filters or Filters(), *usual)


def get_citations(
    session: Session, entries: Iterable[str], scope: Filters, roles: tuple[CitationRole, ...] = ()
) -> dict[str, list[CitationRow]]:
    """Return the citations in scope of some entries, by the ref of the entry.

    Sends one statement for some hundred entries. `roles` selects roles; without it, any.
    """
    found: dict[str, list[CitationRow]] = {}
    for some in batches(iter(sorted(set(entries)))):
        for row in _rows(stream(session, _of_entries(scope, roles), {"refs": some})):
            found.setdefault(row.entry_ref, []).append(row)
    return found


@cached_by_scope
def _of_entries(scope: Scope, roles: tuple[CitationRole, ...]) -> Select[Any]:
    query = _citations().where(is_one_of(Entry.ref, "refs"), *citation_in_scope(Citation, scope))
    if roles:
        query = query.where(Citation.role.in_(roles))
    return query.order_by(*_order(query))


def _order(query: Select[Any]) -> tuple[SQLColumnExpression[Any], ...]:
    via = query.selected_columns["via"].nulls_last()
    return Entry.ref, Document.ref, via, Citation.label, Citation.start_pos.nulls_last()


def _rows(found: Iterator[Any]) -> Iterator[CitationRow]:
    return (CitationRow(**row._mapping) for row in found)


def _citations() -> Select[Any]:
    """Select the columns of `CitationRow` for every citation, unordered."""
    via = aliased(Document)
    columns: list[Any] = [
        Entry.ref.label("entry_ref"),
        Document.ref.label("document_ref"),
        Citation.role.label("role"),
        via.ref.label("via"),
        Citation.label.label("label"),
        Citation.wording.label("wording"),
        Citation.exact.label("exact"),
        Document.url.label("url"),
        Actor.ref.label("publisher"),
        Document.published_from.label("published_from"),
        Document.published_to.label("published_to"),
    ]
    return (
        select(*columns)
        .select_from(Citation)
        .join(Entry, Entry.id == Citation.entry_id)
        .join(Document, Document.id == Citation.document_id)
        .join(Actor, Actor.id == Document.publisher_id)
        .outerjoin(via, via.id == Citation.via_id)
    )
