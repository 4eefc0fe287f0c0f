"""Lists of records: one row per record, by its ref, or by the refs of its key.

The filters describe entries. They select other records as follows:

* actor: it is one of `actors` or `principal`, or below, and makes an entry that the others match
* document: it is one of `sources`, was published between `since` and `until`, and is cited for an
  entry that the others match
* topic, proposition: it is under `topics`, and an entry that the others match takes a stance on it
* measure: it is under `topics`, and an entry that the others match gives a figure for it
* actor, document, topic, proposition, measure: with `asserted_by`, such an entry has a stance or
  figure by the judge, or for an actor or document a link that is not `unrelated`
* figure: it is for one of `measures` under `topics`, and its entry matches
* stance, grade: its entry matches; a grade's `asserted_by` is its rater
* link: one of its two entries matches, and one is `entry`, if that is passed

`min_strength` is the least |value| of a stance, or the strength of a link. Superseded entries are
left out with their stances, figures, citations and grades, unless the filters include them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SQLColumnExpression,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.escaping import format_stance
from claimtrack.kinds import KINDS
from claimtrack.lookup.rows import (
    ActorRow,
    DocumentRow,
    EntryRow,
    GivenFigureRow,
    GradeRow,
    LinkRow,
    MeasureRow,
    PropositionRow,
    StanceRow,
    TopicRow,
)
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Figure,
    Grade,
    Link,
    Measure,
    Named,
    Proposition,
    Stance,
    Topic,
)
from claimtrack.number_ranges import format_range, to_plain
from claimtrack.query.filters import (
    Filters,
    match_content,
    match_entry,
    match_judges,
    match_measure,
    match_proposition,
    match_stance,
    select_documents,
)
from claimtrack.query.local_times import get_local_times
from claimtrack.query.sorting import stream_sorted
from claimtrack.query.visibility import (
    citation_in_scope,
    entry_in_scope,
    figure_in_scope,
    link_in_scope,
    select_actors_below,
    select_topics_below,
    stance_in_scope,
    was_published_by,
)
from claimtrack.records import NAMED, get
from claimtrack.reports.citations import CitationRow, citations
from claimtrack.sql import json_list, json_row
from claimtrack.vocab import SYMMETRIC, EntryKind, fields_of


@dataclass(frozen=True)
class Listing:
    """The definition of a list.

    Attributes:
        row: The row class.
        query: Returns the statement that selects the records for some filters.
        order: The names of the columns of the default order.
    """

    row: type[Any]
    query: Callable[[Filters], Select[Any]]
    order: tuple[str, ...] = ("ref",)


def list_records(session: Session, noun: str, filters: Filters | None = None) -> Iterator[Any]:
    """Stream the records of a type, one row each, by ref. Sends one statement.

    Stances come by entry, proposition and judge, figures by entry, measure and judge, links by the
    refs of both entries, relation and judge, grades by entry, day and rater, citations as in
    `reports.citations`.

    Args:
        session: The session.
        noun: One of `refs.NOUNS`; `entry` for all kinds of entry; `stance`, `figure`, `link`,
            `citation` or `grade`.
        filters: The filters, the page and the order.

    Raises:
        InvalidValue: There is no such type, or the filters name a column that the row lacks.
    """
    filters = filters or Filters()
    if row_type(noun) is CitationRow:
        return citations(session, filters)
    return listed(session, LISTINGS[noun], filters)


def list_links(
    session: Session, filters: Filters | None = None, *, entry: str | None = None
) -> Iterator[LinkRow]:
    """Stream the links, or those of one entry, by the refs of both ends, relation and judge.

    A link without direction has `entry` as its `from_`; without `entry`, its end with the lower
    ref. Sends one statement, and with `entry` one more.

    Raises:
        UnknownRef: There is no such entry.
        InvalidValue: The filters name a column that the row does not have.
    """
    found = None if entry is None else get(session, Entry, entry)
    listing = replace(LISTINGS["link"], query=partial(_links, of=found))
    return listed(session, listing, filters or Filters())


def row_type(noun: str) -> type[Any]:
    """Return the row class of a list, whose fields are the columns.

    Raises:
        InvalidValue: There is no such record type.
    """
    if noun == "citation":
        return CitationRow
    if noun not in LISTINGS:
        raise InvalidValue("noun", noun, f"one of {', '.join([*LISTINGS, 'citation'])}")
    return LISTINGS[noun].row


def listed(
    session: Session, listing: Listing, filters: Filters, *conditions: ColumnElement[bool]
) -> Iterator[Any]:
    """Stream the rows of a list that match the filters and further conditions.

    To sort by a column that holds a list, such as the aliases, all rows are sorted on disk.
    """
    query = listing.query(filters).where(*conditions)
    usual = [query.selected_columns[name] for name in listing.order]
    names = [field.name for field in fields(listing.row)]

    def to_row(row: Any) -> Any:
        return listing.row(**{name: _cell(row, name) for name in names})

    return stream_sorted(session, query, partial(map, to_row), listing.row, filters, *usual)


def _cell(row: Any, name: str) -> Any:
    """Return the value of a column; a list comes in order, without duplicates."""
    several = row._mapping.get(f"{name}_list")
    if several is None:
        value = row._mapping[name]
        return to_plain(value) if name in ("low", "high") else value
    if name == "propositions":
        return tuple(_stance_words(ref, value) for ref, value in sorted({*map(tuple, several)}))
    if name == "figures":
        return tuple(sorted({f"{ref} {format_range(*bounds)}" for ref, *bounds in several}))
    return tuple(several) if name == "aliases" else tuple(sorted(set(several)))


def _stance_words(proposition: str, value: int) -> str:
    return f"{proposition} {format_stance(value)}"


# --- the selects ----------------------------------------------------------------------------------


def _ref_of(model: type[Any], key: Any) -> ScalarSelect[str]:
    """Return the ref of the record to which a foreign key points."""
    other = aliased(model)
    return select(other.ref).where(other.id == key).scalar_subquery()


def _columns(model: type[Any], *names: str) -> list[Any]:
    return [getattr(model, name).label(name) for name in names]


_TIMES = ("time_from", "time_to")
"""The fields of an entry that are shown in the zone of its source."""


def _own(model: type[Named], row: type[Any]) -> Iterator[Any]:
    """Yield the columns of a row class that are fields of the record, labelled for `_cell`.

    Foreign keys become refs; the label of a list ends in `_list`. The other columns are left to the
    caller.
    """
    kind = KINDS[model.__tablename__]
    for field in (kind.by_name[name] for name in fields_of(row) if name in kind.by_name):
        column = getattr(model, field.column)
        if field.refers_to:
            yield _ref_of(NAMED[field.refers_to], column).label(field.name)
        elif field.name in _TIMES:
            yield get_local_times(model)[_TIMES.index(field.name)].label(field.name)
        else:
            yield column.label(f"{field.name}_list" if field.several else field.name)


def _actors(filters: Filters) -> Select[Any]:
    query = select(*_own(Actor, ActorRow))
    if filters.actors:
        query = query.where(Actor.id.in_(select_actors_below(filters.actors)))
    if filters.principal:
        query = query.where(Actor.id.in_(select_actors_below([filters.principal])))
    entry, about = aliased(Entry), replace(filters, actors=(), principal=None)
    if matches := _made_like(entry, about):
        query = query.where(exists().where(entry.actor_id == Actor.id, *matches))
    return query


def _documents(filters: Filters) -> Select[Any]:
    query = select(*_own(Document, DocumentRow))
    if filters.sources:
        query = query.where(Document.id.in_(select_documents(filters.sources)))
    last = func.coalesce(Document.published_to, Document.published_from)
    if filters.since:
        query = query.where(last >= filters.since)
    if filters.until:
        query = query.where(func.coalesce(Document.published_from, last) <= filters.until)
    if filters.known_by:
        query = query.where(was_published_by(Document.id, filters.known_by))
    cited = aliased(Entry)
    about = replace(filters, sources=(), since=None, until=None, known_by=None)
    if matches := _made_like(cited, about):
        cites = select(Citation.id).join(cited, cited.id == Citation.entry_id).where(*matches)
        query = query.where(exists(cites.where(Citation.document_id == Document.id)))
    return query


def _topics(filters: Filters) -> Select[Any]:
    under = aliased(Proposition)
    of_topic = select(func.count()).select_from(under).where(under.topic_id == Topic.id)
    measured = aliased(Measure)
    measures = select(func.count()).select_from(measured).where(measured.topic_id == Topic.id)
    query = select(
        *_own(Topic, TopicRow),
        of_topic.scalar_subquery().label("propositions"),
        measures.scalar_subquery().label("measures"),
    )
    if filters.topics:
        query = query.where(Topic.id.in_(select_topics_below(filters.topics)))
    addressed = aliased(Proposition)
    conditions = [
        *match_proposition(addressed.id, replace(filters, topics=())),
        *_addressed(addressed, filters),
    ]
    if conditions:
        query = query.where(exists().where(addressed.topic_id == Topic.id, *conditions))
    return query


def _propositions(filters: Filters) -> Select[Any]:
    def entries(*sign: ColumnElement[bool]) -> ScalarSelect[int]:
        counted = select(func.count(stance.entry_id.distinct())).join(entry)
        counted = counted.where(stance.proposition_id == Proposition.id, *sign)
        counts = (*stance_in_scope(stance, filters), *entry_in_scope(entry, filters))
        return counted.where(*counts).scalar_subquery()

    stance, entry = aliased(Stance), aliased(Entry)
    return select(
        *_own(Proposition, PropositionRow),
        entries(stance.value > 0).label("affirmed_by"),
        entries(stance.value < 0).label("denied_by"),
    ).where(*match_proposition(Proposition.id, filters), *_addressed(Proposition, filters))


def _measures(filters: Filters) -> Select[Any]:
    figure, entry = aliased(Figure), aliased(Entry)
    of_measure = (
        select(func.count(figure.entry_id.distinct()))
        .join(entry, entry.id == figure.entry_id)
        .where(figure.measure_id == Measure.id)
    )
    counts = (*figure_in_scope(figure, filters), *entry_in_scope(entry, filters))
    query = select(
        *_own(Measure, MeasureRow), of_measure.where(*counts).scalar_subquery().label("entries")
    ).where(*match_measure(Measure.id, filters))
    matches = _matches(entry, replace(filters, topics=(), measures=()))
    if matches or filters.known_by or filters.asserted_by:
        query = query.where(of_measure.where(*matches, *counts).scalar_subquery() > 0)
    return query


def _entries(filters: Filters) -> Select[Any]:
    stance, proposition = aliased(Stance), aliased(Proposition)
    figure, measure = aliased(Figure), aliased(Measure)
    figures = (
        select(json_list(json_row(measure.ref, figure.low, figure.high)))
        .select_from(figure)
        .join(measure, measure.id == figure.measure_id)
        .where(figure.entry_id == Entry.id, *figure_in_scope(figure, filters))
    )
    citation, document = aliased(Citation), aliased(Document)
    stances = (
        select(json_list(json_row(proposition.ref, stance.value)))
        .select_from(stance)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(stance.entry_id == Entry.id, *stance_in_scope(stance, filters))
    )
    cited = (
        select(json_list(document.ref))
        .select_from(citation)
        .join(document, document.id == citation.document_id)
        .where(citation.entry_id == Entry.id, *citation_in_scope(citation, filters))
    )
    return select(
        *_own(Entry, EntryRow),
        stances.scalar_subquery().label("propositions_list"),
        figures.scalar_subquery().label("figures_list"),
        cited.scalar_subquery().label("documents_list"),
    ).where(*entry_in_scope(Entry, filters), *_matches(Entry, filters))


def _of_kind(kind: EntryKind) -> Callable[[Filters], Select[Any]]:
    return lambda filters: _entries(filters).where(Entry.kind == kind)


def _stances(filters: Filters) -> Select[Any]:
    names = ("value", "basis", "hedge", "condition", "likelihood", "confidence", "rationale")
    return (
        select(
            *_columns(Stance, *names),
            Entry.ref.label("entry"),
            Proposition.ref.label("proposition"),
            Actor.ref.label("asserted_by"),
            _ref_of(Document, Stance.document_id).label("document"),
        )
        .join(Entry, Entry.id == Stance.entry_id)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Actor, Actor.id == Stance.asserted_by_id)
        .where(*match_stance(Stance, filters), *stance_in_scope(Stance, filters))
        .where(*entry_in_scope(Entry, filters), *match_entry(Entry, filters))
    )


def _figures(filters: Filters) -> Select[Any]:
    names = ("low", "high", "basis", "hedge", "condition", "rationale")
    return (
        select(
            *_columns(Figure, *names),
            Entry.ref.label("entry"),
            Measure.ref.label("measure"),
            Measure.unit.label("unit"),
            Actor.ref.label("asserted_by"),
            _ref_of(Document, Figure.document_id).label("document"),
        )
        .join(Entry, Entry.id == Figure.entry_id)
        .join(Measure, Measure.id == Figure.measure_id)
        .join(Actor, Actor.id == Figure.asserted_by_id)
        .where(*match_measure(Figure.measure_id, filters), *figure_in_scope(Figure, filters))
        .where(*entry_in_scope(Entry, filters))
        .where(*_matches(Entry, replace(filters, topics=(), measures=())))
    )


def _links(filters: Filters, of: Entry | None = None) -> Select[Any]:
    first, second = aliased(Entry), aliased(Entry)
    ends: tuple[SQLColumnExpression[str], ...] = (first.ref, second.ref)
    if of is not None:
        reversed_link = and_(Link.to_id == of.id, Link.relation.in_(SYMMETRIC))
        ends = tuple(case((reversed_link, far), else_=near) for near, far in (ends, reversed(ends)))
    query = (
        select(
            *_columns(Link, "relation", "strength", "rationale"),
            ends[0].label("from_"),
            ends[1].label("to"),
            Actor.ref.label("asserted_by"),
            _ref_of(Document, Link.document_id).label("document"),
        )
        .join(first, first.id == Link.from_id)
        .join(second, second.id == Link.to_id)
        .join(Actor, Actor.id == Link.asserted_by_id)
        .where(*link_in_scope(Link, filters))
    )
    if of is not None:
        query = query.where(or_(Link.from_id == of.id, Link.to_id == of.id))
    if filters.min_strength is not None:
        query = query.where(Link.strength >= filters.min_strength)
    whole = replace(filters, include_superseded=True)  # else no `supersedes` would be listed
    query = query.where(*entry_in_scope(first, whole), *entry_in_scope(second, whole))
    of_entry = replace(filters, min_strength=None)
    either = [_matches(end, of_entry) for end in (first, second)]
    return query.where(or_(*(and_(*end) for end in either))) if either[0] else query


def _grades(filters: Filters) -> Select[Any]:
    query = (
        select(
            *_columns(Grade, "graded_on", "reliability", "credibility", "rationale"),
            Entry.ref.label("entry"),
            Actor.ref.label("graded_by"),
        )
        .join(Entry, Entry.id == Grade.entry_id)
        .join(Actor, Actor.id == Grade.graded_by_id)
        .where(*entry_in_scope(Entry, filters), *_matches(Entry, filters))
    )
    return query.where(Actor.ref.in_(filters.asserted_by)) if filters.asserted_by else query


# --- what the filters ask -------------------------------------------------------------------------


def _matches(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters on an entry, apart from its scope; may be empty."""
    return [*match_entry(entry, filters), *match_content(entry, filters)]


def _made_like(entry: type[Entry], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions on an entry that a record must have; empty if no filter is set."""
    matches = [*_matches(entry, filters), *match_judges(entry, filters)]
    return [*matches, *entry_in_scope(entry, filters)] if matches or filters.known_by else []


def _addressed(proposition: type[Proposition], filters: Filters) -> list[ColumnElement[bool]]:
    """Return the condition that a matching entry takes a matching stance on a proposition."""
    stance, entry = aliased(Stance), aliased(Entry)
    stance_conditions = match_stance(stance, replace(filters, topics=(), propositions=()))
    matches = match_entry(entry, filters)
    if not (stance_conditions or matches or filters.known_by or filters.asserted_by):
        return []
    positions = (
        select(stance.entry_id)
        .join(entry, entry.id == stance.entry_id)
        .where(
            stance.proposition_id == proposition.id,
            *stance_conditions,
            *stance_in_scope(stance, filters),
        )
    )
    return [exists(positions.where(*matches, *entry_in_scope(entry, filters)))]


LISTINGS: dict[str, Listing] = {
    "actor": Listing(ActorRow, _actors),
    "document": Listing(DocumentRow, _documents),
    "topic": Listing(TopicRow, _topics),
    "proposition": Listing(PropositionRow, _propositions),
    "measure": Listing(MeasureRow, _measures),
    **{kind.value: Listing(EntryRow, _of_kind(kind)) for kind in EntryKind},
    "entry": Listing(EntryRow, _entries),
    "stance": Listing(StanceRow, _stances, ("entry", "proposition", "asserted_by")),
    "figure": Listing(GivenFigureRow, _figures, ("entry", "measure", "asserted_by")),
    "link": Listing(LinkRow, _links, ("from_", "to", "relation", "asserted_by")),
    "grade": Listing(GradeRow, _grades, ("entry", "graded_on", "graded_by")),
}
"""The lists by record type; the list of citations is the report `citations`."""
