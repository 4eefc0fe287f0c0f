"""The rows that hold together when a casebook is narrowed by the filters of the reports.

The entries are those that lists give for the filters; with them go what hangs on them, the links
between two of them, and all that any of that refers to, up to the topmost.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import aliased

from claimtrack.models import (
    Actor,
    Capture,
    Citation,
    Document,
    Entry,
    Grade,
    Link,
    Participation,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.reports.filters import Filters, entries_wanted

Chosen = Mapping[str, ColumnElement[bool]]


def chosen(wanted: Filters) -> Chosen:
    """Return the condition on the rows of each table; none where nothing is narrowed."""
    if wanted == Filters():
        return {}
    entry = aliased(Entry)
    entries = select(entry.id).where(*entries_wanted(entry, wanted))
    stances = Stance.entry_id.in_(entries)
    citations = Citation.entry_id.in_(entries)
    links = Link.from_id.in_(entries) & Link.to_id.in_(entries)
    grades = Grade.entry_id.in_(entries)
    participations = Participation.entry_id.in_(entries)
    propositions = Proposition.id.in_(select(Stance.proposition_id).where(stances))
    resolving = select(Proposition.resolved_by_id).where(propositions)
    all_entries = Entry.id.in_(entries) | Entry.id.in_(resolving)
    topics = _up(Topic, Topic.parent_id, [select(Proposition.topic_id).where(propositions)])
    documents = _up(
        Document,
        Document.canonical_id,
        [
            select(Citation.document_id).where(citations),
            select(Citation.via_id).where(citations),
            select(Stance.document_id).where(stances),
            select(Link.document_id).where(links),
        ],
    )
    actors = _up(
        Actor,
        Actor.parent_id,
        [
            select(Entry.actor_id).where(all_entries),
            select(Entry.on_behalf_of_id).where(all_entries),
            select(Participation.actor_id).where(participations),
            select(Stance.asserted_by_id).where(stances),
            select(Link.asserted_by_id).where(links),
            select(Grade.graded_by_id).where(grades),
            select(Document.publisher_id).where(documents),
        ],
    )
    return {
        "actor": actors,
        "document": documents,
        "topic": topics,
        "entry": all_entries,
        "proposition": propositions,
        "participation": participations,
        "citation": citations,
        "stance": stances,
        "link": links,
        "grade": grades,
        "capture": Capture.document_id.in_(select(Document.id).where(documents)),
    }


def _up(model: Any, above: Any, starts: list[Select[Any]]) -> ColumnElement[bool]:
    """Return the condition that a row is among those named, or above one of them."""
    named = union(*starts).subquery()
    row = aliased(model)
    up = select(row.id, getattr(row, above.key)).where(row.id.in_(select(named.c[0])))
    found = up.cte(recursive=True)
    higher = aliased(model)
    found = found.union(
        select(higher.id, getattr(higher, above.key)).join(found, higher.id == found.c[1])
    )
    condition: ColumnElement[bool] = model.id.in_(select(found.c.id))
    return condition
