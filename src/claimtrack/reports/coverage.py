"""The topics that each source addressed, and those that anonymous sources omitted.

* An entry **addresses** a topic when it takes a stance, 0 among them, on a proposition of the topic
  or of one below it.
* The **sources** of a principal are the documents that are a `primary` citation of a claim by an
  anonymous actor of that principal. Another address of a document is that document, which was
  coded in full when the one cited or the canonical one was.

Coverage has one row per topic and source, by topic, then source. `claims` are the principal's
anonymous claims that address the topic and cite the source as primary; `on_record` are its
statements and actions that address the topic, wherever they were published. The verdict, and what
an omission is and what warrants it, is decided in `weigh.omissions`. One row for each omission, by
topic; `warranted_by` names the assessments that are linked as concerning one of the entries
`on_record`, whoever asserted the link.

Filters on topics and propositions select the rows, and so do sources in the coverage. All other
filters apply to the entries on record only: filtering out a claim would create a silence where
there is none.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.models import Actor, Citation, Document, Entry, Link, Proposition, Stance, Topic
from claimtrack.protection import UNMASKED_DOCUMENT
from claimtrack.query.filters import Filters, match_entry, match_stance, select_documents
from claimtrack.query.sorting import sort_and_page, stream_sorted
from claimtrack.query.visibility import (
    Scope,
    citation_in_scope,
    entry_in_scope,
    factual_link_in_scope,
    get_agent,
    select_actors_below,
    select_topics_below,
    stance_in_scope,
)
from claimtrack.sql import json_list, stream
from claimtrack.vocab import ActorKind, CitationRole, Coverage, EntryKind, Relation
from claimtrack.weigh.omissions import TopicEvidence, find_omission, get_verdict, get_warrant


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """What one source says, and what is on record, about one topic."""

    topic: str
    source: str
    claims: tuple[str, ...]
    on_record: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class OmissionRow:
    """A topic on which a principal spoke or acted, and none of its anonymous sources spoke."""

    topic: str
    principal: str
    on_record: tuple[str, ...]
    warrant: str
    warranted_by: tuple[str, ...]


def coverage(session: Session, filters: Filters, *, principal: str) -> Iterator[CoverageRow]:
    """Yield a row for each topic and source of a principal, by topic, then source.

    Sends one statement. To sort by a list of refs or by the verdict, rows are sorted on disk.
    """
    query = _coverage(filters, principal)
    usual = query.selected_columns["topic"], query.selected_columns["source"]
    completing = partial(_with_on_record, filters=filters, principal=principal)
    return stream_sorted(session, query, _rows, CoverageRow, filters, *usual, completing=completing)


def _rows(found: Iterator[Any]) -> Iterator[CoverageRow]:
    """Yield the rows of the report; those of one topic follow each other."""
    for topic, alike in groupby(found, key=attrgetter("topic")):
        on_record: tuple[str, ...] | None = None
        for row in alike:
            if on_record is None:  # only the first of consecutive rows on one topic has it
                on_record = _refs(json.loads(row.told_on_record or "[]"))
            claims = _refs(row.claims)
            weighed = get_verdict(len(claims), in_full=bool(row.in_full))
            yield CoverageRow(topic, row.source, claims, on_record, weighed.value)


def matrix(rows: Iterable[CoverageRow]) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and the rows of the coverage with topics down and sources across.

    A row holds a topic, the number of entries on record, and for each source the verdict and the
    number of claims. Topics keep their order; sources come by ref.
    """
    by_topic: dict[str, dict[str, CoverageRow]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, {})[row.source] = row
    sources = sorted({source for cells in by_topic.values() for source in cells})
    return ["topic", "on_record", *sources], [
        [
            topic,
            max(len(row.on_record) for row in cells.values()),
            *(_format_cell(cells[source]) if source in cells else () for source in sources),
        ]
        for topic, cells in by_topic.items()
    ]


def _format_cell(row: CoverageRow) -> tuple[str, ...]:
    count = len(row.claims)
    claims = [f"{count} claim{'' if count == 1 else 's'}"] if count else []
    return (row.verdict.replace("_", " "), *claims)


def omissions(session: Session, filters: Filters, *, principal: str) -> Iterator[OmissionRow]:
    """Yield a row for each topic that a principal's anonymous sources omit, by topic.

    Sends five statements; memory grows with the entries on one topic. With a `sort` filter, rows
    are sorted on disk.

    Raises:
        InvalidValue: The filters name a column that the row does not have.
    """
    return sort_and_page(_omissions(session, filters, principal), filters, OmissionRow)


def _omissions(session: Session, filters: Filters, principal: str) -> Iterator[OmissionRow]:
    """Yield one row per topic that the anonymous sources of a principal leave out, by topic."""
    sources = _sources(filters, principal)
    warrant = get_warrant(map(bool, session.scalars(select(sources.c.in_full))))
    claimed = set(session.scalars(select(_claimed(_topics_alone(), filters, principal).c.topic_id)))
    wider = set(session.scalars(select(Topic.parent_id).where(Topic.parent_id.is_not(None))))
    judged_by = defaultdict[int, list[str]](list)
    for key, ref in stream(session, _select_concerning(filters, principal)):
        judged_by[key].append(ref)
    recorded = stream(session, _select_recorded(filters, principal))
    for (key, topic), entries in groupby(recorded, itemgetter(0, 1)):
        found = TopicEvidence(
            is_leaf=key not in wider,
            on_record=[entry for *_, entry in entries],
            is_claimed=key in claimed,
            judged_by=judged_by[key],
        )
        omission = find_omission(found, warrant)
        if omission is not None:
            yield OmissionRow(
                topic,
                principal,
                tuple(found.on_record),
                omission.warrant.value,
                omission.warranted_by,
            )


def _refs(found: list[str] | None) -> tuple[str, ...]:
    return tuple(sorted(set(found or ())))


def _coverage(filters: Filters, principal: str) -> Select[Any]:
    """Select one row per topic and source, with the claims of the source under the topic."""
    topic, document = aliased(Topic, name="topic"), aliased(Document, name="source")
    under, sources = _topics_with_below(), _sources(filters, principal)
    claims = _claims_by_source(under, filters, principal)
    same_claims = and_(claims.c.topic_id == topic.id, claims.c.document_id == sources.c.document_id)
    query = (
        select(
            topic.ref.label("topic"),
            document.ref.label("source"),
            claims.c.refs.label("claims"),
            topic.id.label("topic_id"),
            sources.c.in_full.label("in_full"),
        )
        .select_from(topic)
        .join(sources, true())
        .join(document, document.id == sources.c.document_id)
        .outerjoin(claims, same_claims)
        .where(*_topic_matches(topic, under, filters))
    )
    if filters.sources:
        query = query.where(document.id.in_(select_documents(filters.sources)))
    return query


def _with_on_record(rows: Subquery, filters: Filters, principal: str) -> Select[Any]:
    """Select rows with the entries on record on their topics, as a JSON list.

    All sources of a topic have the same list, which may be long, so only the first of consecutive
    rows on one topic has it.
    """
    recorded = _recorded(_topics_with_below(), replace(filters, sources=()), principal)
    refs = cast(json_list(recorded.c.ref), Text).label("refs")
    on_record = select(recorded.c.topic_id, refs).group_by(recorded.c.topic_id).subquery()
    before = func.lag(rows.c.topic_id).over(order_by=rows.c.place).label("before")
    found = select(rows, before).subquery("found")
    is_first = found.c.before.is_distinct_from(found.c.topic_id)
    return (
        select(found, on_record.c.refs.label("told_on_record"))
        .select_from(found)
        .outerjoin(on_record, and_(on_record.c.topic_id == found.c.topic_id, is_first))
        .order_by(found.c.place)
    )


def _select_recorded(filters: Filters, principal: str) -> Select[int, str, str]:
    """Select the entries on record directly under matching topics, by topic, then entry."""
    topic, recorded = aliased(Topic), _recorded(_topics_alone(), filters, principal)
    return (
        select(topic.id, topic.ref, recorded.c.ref)
        .join(recorded, recorded.c.topic_id == topic.id)
        .where(*_topic_matches(topic, _topics_with_below(), filters))
        .order_by(topic.ref, recorded.c.ref)
    )


def _select_concerning(filters: Filters, principal: str) -> Select[int, str]:
    """Select the assessments that concern entries on record directly under topics."""
    assessment, link = aliased(Entry), aliased(Link)
    recorded = _recorded(_topics_alone(), filters, principal)
    return (
        select(recorded.c.topic_id, assessment.ref)
        .join(link, link.to_id == recorded.c.entry_id)
        .join(assessment, assessment.id == link.from_id)
        .where(link.relation == Relation.CONCERNS, assessment.kind == EntryKind.ASSESSMENT)
        .where(*factual_link_in_scope(link, filters), *entry_in_scope(assessment, filters))
        .distinct()
    )


def _topics_alone() -> CTE:
    """Return each topic paired with itself only, as for topics that have none below them."""
    return select(Topic.id.label("topic_id"), Topic.id.label("below_id")).cte("itself")


def _topics_with_below() -> CTE:
    """Return each topic paired with itself and with every topic below it."""
    under = select(Topic.id.label("topic_id"), Topic.id.label("below_id")).cte(recursive=True)
    child = aliased(Topic)
    below = select(under.c.topic_id, child.id).join(under, child.parent_id == under.c.below_id)
    return under.union_all(below)


def _topic_matches(topic: type[Topic], under: CTE, filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on a topic that the filters set."""
    conditions: list[ColumnElement[bool]] = []
    if filters.topics:
        conditions.append(topic.id.in_(select_topics_below(filters.topics)))
    if filters.propositions:
        above = select(under.c.topic_id).join(Proposition, Proposition.topic_id == under.c.below_id)
        conditions.append(topic.id.in_(above.where(Proposition.ref.in_(filters.propositions))))
    return conditions


def _addressing(under: CTE, entry: type[Entry], stance: type[Stance]) -> Select[Any]:
    """Select the topics that entries address by a stance, one row for each entry and topic."""
    proposition = aliased(Proposition)
    return (
        select(under.c.topic_id, entry.id.label("entry_id"), entry.ref.label("ref"))
        .select_from(stance)
        .join(entry, entry.id == stance.entry_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .join(under, under.c.below_id == proposition.topic_id)
        .distinct()
    )


def _recorded(under: CTE, filters: Filters, principal: str) -> CTE:
    """Return the topics that statements and actions of a principal address."""
    entry, stance = aliased(Entry), aliased(Stance)
    return (
        _addressing(under, entry, stance)
        .where(
            entry.kind.in_((EntryKind.STATEMENT, EntryKind.ACTION)),
            get_agent(entry).in_(select_actors_below([principal])),
            *entry_in_scope(entry, filters),
            *match_entry(entry, filters),
            *stance_in_scope(stance, filters),
            *match_stance(stance, filters),
        )
        .cte("recorded")
    )


def _claimed(under: CTE, scope: Scope, principal: str) -> CTE:
    """Return the topics that claims by anonymous actors of a principal address."""
    entry, stance = aliased(Entry), aliased(Stance)
    return (
        _addressing(under, entry, stance)
        .where(*_anonymous_claim(entry, scope, principal), *stance_in_scope(stance, scope))
        .cte("claimed")
    )


def _anonymous_claim(entry: type[Entry], scope: Scope, principal: str) -> list[ColumnElement[bool]]:
    """Return the conditions on an entry to be a claim of an anonymous source of a principal."""
    anonymous = select(Actor.id).where(Actor.kind == ActorKind.ANONYMOUS)
    return [
        entry.kind == EntryKind.CLAIM,
        entry.actor_id.in_(anonymous),
        get_agent(entry).in_(select_actors_below([principal])),
        *entry_in_scope(entry, scope),
    ]


def _cited(scope: Scope, principal: str) -> Select[Any]:
    """Select the documents that are primary citations of a principal's anonymous claims.

    One row per citation: entry_id, document_id (of the canonical document), in_full (1 or 0). To
    not reveal that an open document is an address of a protected one, the two keep separate rows;
    both were coded in full if either was.
    """
    entry, citation = aliased(Entry), aliased(Citation)
    document, canonical, true = aliased(Document), aliased(Document), UNMASKED_DOCUMENT.alias()
    in_full = or_(document.coverage == Coverage.COMPLETE, canonical.coverage == Coverage.COMPLETE)
    itself = func.coalesce(true.c.canonical_id, true.c.id)
    any_in_full: Any = func.max(case((in_full, 1), else_=0))
    return (
        select(
            entry.id.label("entry_id"),
            func.coalesce(document.canonical_id, document.id).label("document_id"),
            any_in_full.over(partition_by=itself).label("in_full"),
        )
        .select_from(entry)
        .join(citation, citation.entry_id == entry.id)
        .join(document, document.id == citation.document_id)
        .join(true, true.c.id == document.id)
        .outerjoin(canonical, canonical.id == true.c.canonical_id)
        .where(citation.role == CitationRole.PRIMARY, *_anonymous_claim(entry, scope, principal))
        .where(*citation_in_scope(citation, scope))
    )


def _sources(scope: Scope, principal: str) -> CTE:
    """Return the sources of a principal: document_id, and in_full (1 or 0)."""
    cited = _cited(scope, principal).subquery()
    return (
        select(cited.c.document_id, func.max(cited.c.in_full).label("in_full"))
        .group_by(cited.c.document_id)
        .cte("sources")
    )


def _claims_by_source(under: CTE, scope: Scope, principal: str) -> Subquery:
    """Return the refs of the claims that address a topic in a source, if there are any."""
    claimed, cited = _claimed(under, scope, principal), _cited(scope, principal).subquery()
    return (
        select(claimed.c.topic_id, cited.c.document_id, json_list(claimed.c.ref).label("refs"))
        .join(cited, cited.c.entry_id == claimed.c.entry_id)
        .group_by(claimed.c.topic_id, cited.c.document_id)
        .subquery("claims")
    )
