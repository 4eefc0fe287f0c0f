"""Which topics each source addressed, on record and anonymously; and what was left unsaid.

* An entry **addresses** a topic when it takes a stance, 0 among them, on a proposition of the topic
  or of one below it.
* The **sources** of a principal are the documents that are a `primary` citation of a claim by an
  anonymous actor of that principal. Another address of a document is that document, which was
  coded in full when the one cited or the canonical one was.

Coverage has one row per topic and source, by topic, then source. `claims` are the principal's
anonymous claims that address the topic and cite the source as primary; `on_record` are its
statements and actions that address the topic, wherever they were published. The verdict is
`addressed` when there are such claims; else `silent` when the source was coded in full, and
`not_coded` when it was not: silence means something only in a document that was coded in full.

An **omission** is a topic without topics below it that a statement or action of the principal
addresses and no claim of its anonymous actors does. One row for each, by topic. Its warrant is
`complete` when there are sources and all of them were coded in full; else it is
`not_coded_in_full`, and `warranted_by` names the assessments that are linked as concerning one of
the entries `on_record`.

Topics (and propositions) choose the rows, and so do sources in the coverage. All other filters are
asked of the entries on record alone: were a claim filtered away, there would be a silence where
there is none.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Citation, Document, Entry, Link, Proposition, Stance, Topic
from claimtrack.protection import TRUE_DOCUMENT
from claimtrack.query.filters import (
    Filters,
    Ways,
    documents_of,
    entry_matches,
    sorted_rows,
    stance_matches,
)
from claimtrack.query.visibility import (
    Scope,
    actors_below,
    agent,
    citation_counts,
    entry_counts,
    link_counts,
    stance_counts,
    topics_below,
)
from claimtrack.sql import json_list
from claimtrack.vocab import ActorKind, CitationRole, Coverage, EntryKind, Relation


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


def coverage(session: Session, wanted: Filters, *, principal: str) -> Iterator[CoverageRow]:
    """Stream every topic with every source of a principal, by topic, then source; one statement.

    To sort by a list of refs gathers all rows first.
    """
    query = _coverage(wanted, principal)
    usual = query.selected_columns["topic"], query.selected_columns["source"]
    ways = Ways(told=partial(_with_on_record, wanted=wanted, principal=principal))
    return sorted_rows(session, query, _rows, CoverageRow, wanted, *usual, ways=ways)


def _rows(found: Iterator[Any]) -> Iterator[CoverageRow]:
    for topic, alike in groupby(found, key=attrgetter("topic")):
        on_record: tuple[str, ...] | None = None
        for row in alike:
            if on_record is None:  # told with the first of those that follow each other
                on_record = _refs(json.loads(row.told_on_record or "[]"))
            yield CoverageRow(topic, row.source, _refs(row.claims), on_record, row.verdict)


def matrix(rows: Iterable[CoverageRow]) -> tuple[list[str], list[list[Any]]]:
    """Return the columns and the rows of the coverage with topics down and sources across.

    A row holds a topic, how many entries are on record, and for each source its verdict, and how
    many claims. Topics keep their order; sources come by ref.
    """
    by_topic: dict[str, dict[str, CoverageRow]] = {}
    for row in rows:
        by_topic.setdefault(row.topic, {})[row.source] = row
    sources = sorted({source for cells in by_topic.values() for source in cells})
    return ["topic", "on_record", *sources], [
        [
            topic,
            max(len(row.on_record) for row in cells.values()),
            *(_told(cells[source]) if source in cells else () for source in sources),
        ]
        for topic, cells in by_topic.items()
    ]


def _told(row: CoverageRow) -> tuple[str, ...]:
    count = len(row.claims)
    claims = [f"{count} claim{'' if count == 1 else 's'}"] if count else []
    return (row.verdict.replace("_", " "), *claims)


def omissions(session: Session, wanted: Filters, *, principal: str) -> Iterator[OmissionRow]:
    """Stream the topics on which a principal's anonymous sources are silent, by topic.

    Sends one statement. To sort by a list of refs gathers all rows first.
    """
    query = _omissions(wanted, principal)

    def made(row: Any) -> OmissionRow:
        by = () if row.warrant == "complete" else _refs(row.warranted_by)
        return OmissionRow(row.topic, principal, _refs(row.on_record), row.warrant, by)

    topic = query.selected_columns["topic"]
    return sorted_rows(session, query, partial(map, made), OmissionRow, wanted, topic)


def _refs(found: list[str] | None) -> tuple[str, ...]:
    return tuple(sorted(set(found or ())))


def _coverage(wanted: Filters, principal: str) -> Select[Any]:
    topic, document = aliased(Topic, name="topic"), aliased(Document, name="source")
    under, sources = _under(), _sources(wanted, principal)
    claims = _claims_by_source(under, wanted, principal)
    said = and_(claims.c.topic_id == topic.id, claims.c.document_id == sources.c.document_id)
    query = (
        select(
            topic.ref.label("topic"),
            document.ref.label("source"),
            claims.c.refs.label("claims"),
            topic.id.label("topic_id"),
            case(
                (claims.c.topic_id.is_not(None), "addressed"),
                (sources.c.in_full == 1, "silent"),
                else_="not_coded",
            ).label("verdict"),
        )
        .select_from(topic)
        .join(sources, true())
        .join(document, document.id == sources.c.document_id)
        .outerjoin(claims, said)
        .where(*_topic_matches(topic, under, wanted))
    )
    if wanted.sources:
        query = query.where(document.id.in_(documents_of(wanted.sources)))
    return query


def _with_on_record(rows: Subquery, wanted: Filters, principal: str) -> Select[Any]:
    """Select rows with what is on record of their topics, as a JSON list.

    Every source of a topic has the same, and it may be long: of the rows of one topic that follow
    each other the first alone has it.
    """
    recorded = _recorded(_under(), replace(wanted, sources=()), principal)
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


def _omissions(wanted: Filters, principal: str) -> Select[Any]:
    topic, narrower = aliased(Topic, name="topic"), aliased(Topic)
    under, sources = _under(), _sources(wanted, principal)
    claimed = _claimed(under, wanted, principal)
    recorded = _recorded(under, wanted, principal)
    in_full = and_(
        exists(select(sources.c.document_id)),
        not_(exists(select(sources.c.document_id).where(sources.c.in_full == 0))),
    )
    concerning = _concerning(topic, recorded.alias("concerned"), wanted)
    return (
        select(
            topic.ref.label("topic"),
            json_list(recorded.c.ref).label("on_record"),
            case((in_full, "complete"), else_="not_coded_in_full").label("warrant"),
            concerning.label("warranted_by"),
        )
        .select_from(topic)
        .join(recorded, recorded.c.topic_id == topic.id)
        .where(
            not_(exists(select(narrower.id).where(narrower.parent_id == topic.id))),
            topic.id.not_in(select(claimed.c.topic_id)),
            *_topic_matches(topic, under, wanted),
        )
        .group_by(topic.id, topic.ref)
    )


def _under() -> CTE:
    """Return each topic with itself and every topic below it."""
    under = select(Topic.id.label("topic_id"), Topic.id.label("below_id")).cte(recursive=True)
    child = aliased(Topic)
    below = select(under.c.topic_id, child.id).join(under, child.parent_id == under.c.below_id)
    return under.union_all(below)


def _topic_matches(topic: type[Topic], under: CTE, wanted: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.topics:
        conditions.append(topic.id.in_(topics_below(wanted.topics)))
    if wanted.propositions:
        above = select(under.c.topic_id).join(Proposition, Proposition.topic_id == under.c.below_id)
        conditions.append(topic.id.in_(above.where(Proposition.ref.in_(wanted.propositions))))
    return conditions


def _addressing(under: CTE, entry: type[Entry], stance: type[Stance]) -> Select[Any]:
    """Select the topics that entries address by their stances, each entry once for a topic."""
    proposition = aliased(Proposition)
    return (
        select(under.c.topic_id, entry.id.label("entry_id"), entry.ref.label("ref"))
        .select_from(stance)
        .join(entry, entry.id == stance.entry_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .join(under, under.c.below_id == proposition.topic_id)
        .distinct()
    )


def _recorded(under: CTE, wanted: Filters, principal: str) -> CTE:
    """Return the topics that statements and actions of a principal address."""
    entry, stance = aliased(Entry), aliased(Stance)
    return (
        _addressing(under, entry, stance)
        .where(
            entry.kind.in_((EntryKind.STATEMENT, EntryKind.ACTION)),
            agent(entry).in_(actors_below([principal])),
            *entry_counts(entry, wanted),
            *entry_matches(entry, wanted),
            *stance_counts(stance, wanted),
            *stance_matches(stance, wanted),
        )
        .cte("recorded")
    )


def _claimed(under: CTE, scope: Scope, principal: str) -> CTE:
    """Return the topics that claims by anonymous actors of a principal address."""
    entry, stance = aliased(Entry), aliased(Stance)
    return (
        _addressing(under, entry, stance)
        .where(*_anonymous_claim(entry, scope, principal), *stance_counts(stance, scope))
        .cte("claimed")
    )


def _anonymous_claim(entry: type[Entry], scope: Scope, principal: str) -> list[ColumnElement[bool]]:
    anonymous = select(Actor.id).where(Actor.kind == ActorKind.ANONYMOUS)
    return [
        entry.kind == EntryKind.CLAIM,
        entry.actor_id.in_(anonymous),
        agent(entry).in_(actors_below([principal])),
        *entry_counts(entry, scope),
    ]


def _cited(scope: Scope, principal: str) -> Select[Any]:
    """Select the documents that are primary citations of a principal's anonymous claims.

    One row per citation: entry_id, document_id (of the canonical document), in_full (1 or 0).
    """
    entry, citation = aliased(Entry), aliased(Citation)
    document, canonical, true = aliased(Document), aliased(Document), TRUE_DOCUMENT.alias()
    in_full = or_(document.coverage == Coverage.COMPLETE, canonical.coverage == Coverage.COMPLETE)
    return (
        select(
            entry.id.label("entry_id"),
            func.coalesce(true.c.canonical_id, document.id).label("document_id"),
            case((in_full, 1), else_=0).label("in_full"),
        )
        .select_from(entry)
        .join(citation, citation.entry_id == entry.id)
        .join(document, document.id == citation.document_id)
        .join(true, true.c.id == document.id)
        .outerjoin(canonical, canonical.id == true.c.canonical_id)
        .where(citation.role == CitationRole.PRIMARY, *_anonymous_claim(entry, scope, principal))
        .where(*citation_counts(citation, scope))
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
    """Return the refs of the claims that address a topic in a source, where there are any."""
    claimed, cited = _claimed(under, scope, principal), _cited(scope, principal).subquery()
    return (
        select(claimed.c.topic_id, cited.c.document_id, json_list(claimed.c.ref).label("refs"))
        .join(cited, cited.c.entry_id == claimed.c.entry_id)
        .group_by(claimed.c.topic_id, cited.c.document_id)
        .subquery("claims")
    )


def _concerning(topic: type[Topic], concerned: CTE, scope: Scope) -> ScalarSelect[Any]:
    """Return the refs of the assessments that concern what is on record, as a JSON list."""
    assessment, link = aliased(Entry), aliased(Link)
    return (
        select(json_list(assessment.ref))
        .select_from(concerned)
        .join(link, link.to_id == concerned.c.entry_id)
        .join(assessment, assessment.id == link.from_id)
        .where(
            concerned.c.topic_id == topic.id,
            link.relation == Relation.CONCERNS,
            assessment.kind == EntryKind.ASSESSMENT,
            *link_counts(link, scope),
            *entry_counts(assessment, scope),
        )
        .correlate(topic)
        .scalar_subquery()
    )
