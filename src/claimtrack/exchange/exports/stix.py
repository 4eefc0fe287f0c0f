"""The casebook as a STIX 2.1 bundle, streamed.

* actor: an identity
* entry: a note, about the actors in it; its documents are external references, and the Admiralty
  credibility of its latest grade is its confidence
* proposition: a grouping of the notes of the entries that take a stance on it
* link: a relationship of its own type; `repeats` is `derived-from`, and `unrelated` is left out, as
  platforms draw any relationship as a connection
* pair of the contradictions report: a relationship `opposes`, with its timing, its status and both
  principals in the extension
* review of a claim by an assessment (`reports.reviews`): an opinion on the claim's note
* the export itself: a report of all these

Fields that STIX lacks are in an extension, under the names of claimtrack's tables. Ids are derived
from refs; objects are created with the casebook, and modified with the last change of anything in
it.

Source: STIX 2.1 (OASIS Standard, 2021), and its Appendix A for confidence.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement, func, or_, select

from claimtrack import history
from claimtrack.addresses import to_web_uri
from claimtrack.db import Session, format_instant
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.json_objects import (
    dump_safe,
    group_by_ref,
    in_one_part,
    make_stable_id,
    without_empty,
    write_objects,
)
from claimtrack.exchange.exports.selection import (
    build_conditions,
    get_active_filters,
    has_masked_records,
    note_outside,
    stream_pairs,
)
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.tables import csv_tables
from claimtrack.models import Capture, Casebook, Citation, Document, Entry, Link, Topic
from claimtrack.query.filters import Filters
from claimtrack.query.pair_judgements import Judgement, get_judgements
from claimtrack.records import selected
from claimtrack.reports.citations import CitationRow, list_citations_where
from claimtrack.reports.contradictions import ContradictionRow
from claimtrack.reports.reviews import ReviewRow, reviews
from claimtrack.reports.wording import (
    describe_status,
    describe_timing,
    has_reconciling_judge,
    spell_word,
)
from claimtrack.sql import batches, stream
from claimtrack.vocab import ActorKind, Relation, fields_of
from claimtrack.weigh.grades import find_latest_grade

EXTENSION = f"extension-definition--{make_stable_id('stix', 'extension')}"
MAKER = f"identity--{make_stable_id('stix', 'claimtrack')}"
_DEFINED = "2026-11-30T00:00:00.000Z"
"""The date of this version of the extension."""
_MEANING = (
    "Properties of casebook records, under the names of the tables of claimtrack: 'ref' is what "
    "people call a record; 'record' says which kind it is; a name that stands for another record "
    "is its ref."
)
_CLASSES = {
    ActorKind.PERSON: "individual",
    ActorKind.GROUP: "group",
    ActorKind.ORGANISATION: "organization",
    ActorKind.STATE: "organization",
    ActorKind.OUTLET: "organization",
    ActorKind.ANONYMOUS: "unknown",
}
_TYPES = {Relation.REPEATS: "derived-from"}
_OPINIONS = ("strongly-disagree", "disagree", "neutral", "agree", "strongly-agree")
"""By value, from -2 to 2."""
_CONFIDENCE = {1: 90, 2: 70, 3: 50, 4: 30, 5: 10}
"""By Admiralty credibility; 6 means unknown."""

_OF_PAIRS = ("subject_principal", "counter_principal")
"""Fields of a pair about its entries that their notes lack."""

Object = dict[str, Any]


def export(work: Export, out: IO[bytes]) -> None:
    """Write the bundle of an export."""
    write_stix(work.session, out, work.filters, work.spare, work.notes)


def write_stix(
    session: Session, out: IO[bytes], filters: Filters, spare: Path, notes: Notes
) -> None:
    """Write the casebook, or what the filters choose, as a bundle.

    The same bytes for the same casebook.

    The ids that the report object lists are spooled to a file in the folder `spare`. What is left
    out is counted in `notes`.
    """
    _note_left_out(session, filters, notes)
    head = history.get_anchor(session)
    made = session.scalars(select(Casebook.created_at)).one()
    times = _times(format_instant(made), str(head.at))
    scope = json.dumps(get_active_filters(filters), default=str)
    withheld = str(has_masked_records(session))
    bundle = make_stable_id("bundle", str(head), scope, withheld)
    report = {
        **_common("report", f"report--{make_stable_id('report', str(bundle))}", MAKER, times),
        "name": "Casebook of sourced claims, and of what contradicts them",
        "published": times["modified"],
        **_extended(
            "export", head=f"{head.seq}:{head.hash}", casebook=head.casebook, filters=scope
        ),
    }
    listed = spare / "refs"
    handle = os.open(listed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as refs:

        def noted() -> Iterator[Iterator[str]]:
            for one in _objects(session, filters, times, notes):
                refs.write(f'"{one["id"]}"\n')
                yield in_one_part(one)
            refs.flush()

        parts = chain(noted(), iter([_with_refs(report, listed)]))
        write_objects(out, {"type": "bundle", "id": f"bundle--{bundle}"}, "objects", parts)


def _with_refs(report: Object, listed: Path) -> Iterator[str]:
    yield f'{dump_safe(report)[:-1]}, "object_refs": ['
    with listed.open(encoding="ascii") as refs:
        for number, ref in enumerate(refs):
            yield f"{', ' if number else ''}{ref.rstrip()}"
    yield "]}"


def _times(created: str, modified: str) -> Object:
    return {"created": created, "modified": max(created, modified)}


def _common(kind: str, identifier: str, maker: str, times: Mapping[str, str]) -> Object:
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": identifier,
        "created_by_ref": maker,
        **times,
    }


def _extended(record: str, **values: Any) -> Object:
    told_of = {"extension_type": "property-extension", "record": record, **without_empty(**values)}
    return {"extensions": {EXTENSION: told_of}}


def _id(kind: str, table: str, *key: str) -> str:
    return f"{kind}--{make_stable_id(table, *key)}"


def _note(ref: str) -> str:
    return _id("note", "entry", ref)


def _identity(ref: str) -> str:
    return _id("identity", "actor", ref)


def _note_left_out(session: Session, filters: Filters, notes: Notes) -> None:
    """Count what the filters leave out, and what STIX has no object for."""
    kept = build_conditions(filters)
    note_outside(session, kept, notes)
    cited = select(Citation.document_id)
    uncited = [Document.id.not_in(cited)]
    unrelated = [Link.relation == Relation.UNRELATED]
    described = or_(*(column.is_not(None) for column in (Document.title, Document.body)))
    for model, conditions, reason in (
        (Topic, [], "has no object in STIX: left out, but for its ref"),
        (Capture, [], "has no object in STIX: left out"),
        (Document, uncited, "is cited for no entry: left out"),
        (Link, unrelated, "says that two entries are unrelated, and would connect them: left out"),
        (Document, [Document.id.in_(cited), described], "is included without its title and text"),
    ):
        table = model.__tablename__
        where = [*conditions, *([kept[table]] if table in kept else [])]
        count = session.scalars(select(func.count()).select_from(model).where(*where)).one()
        notes.add(table, "", reason, count)


def _objects(session: Session, filters: Filters, times: Object, notes: Notes) -> Iterator[Object]:
    kept = build_conditions(filters)

    def rows_of(table: str, *conditions: ColumnElement[bool]) -> Iterator[Any]:
        conditions += (kept[table],) if table in kept else ()
        return csv_tables.rows_of(session, table, *conditions)

    yield from _definitions()
    for row in rows_of("actor"):
        yield _actor(row._mapping, times)
    cited = group_by_ref(
        list_citations_where(session, *([kept["citation"]] if kept else [])), "entry_ref"
    )
    others = {name: group_by_ref(rows_of(name)) for name in ("participation", "stance", "grade")}
    for row in rows_of("entry"):
        hanging = {name: list(parts(row.ref)) for name, parts in others.items()}
        yield _entry(row._mapping, list(cited(row.ref)), hanging, times, notes)
    stances = group_by_ref(_by_proposition(session, filters), "proposition")
    for row in rows_of("proposition"):
        entries = dict.fromkeys(stance.entry for stance in stances(row.ref))
        if entries:
            yield _proposition(row._mapping, list(entries), times)
        else:
            notes.add("proposition", row.ref, "has no stance on it: left out")
    for row in rows_of("link", Link.relation != Relation.UNRELATED):
        yield _link(row._mapping, times)
    for pairs in batches(stream_pairs(session, filters, notes)):
        judged = [
            (pair.subject_ref, pair.counter_ref) for pair in pairs if has_reconciling_judge(pair)
        ]
        judgements = get_judgements(session, filters, judged)
        for pair in pairs:
            given = judgements.get((pair.subject_ref, pair.counter_ref), ())
            yield _opposition(pair, given, times)
    for review in _reviews(session, filters, notes):
        yield _opinion(review, times)


def _reviews(session: Session, filters: Filters, notes: Notes) -> Iterator[ReviewRow]:
    """Yield the reviews by exported assessments; the others are counted in `notes`.

    Sends one statement, and with filters one more for each batch of some hundred reviews.
    """
    kept = build_conditions(filters)
    for some in batches(reviews(session, filters)):
        there = {review.assessment for review in some}
        if kept:
            query = select(Entry.ref).where(Entry.ref.in_(there), kept["entry"])
            there = set(session.scalars(query))
        given = [review for review in some if review.assessment in there]
        yield from given
        reason = "is by an assessment outside the filters: left out"
        notes.add("review of a claim", "", reason, len(some) - len(given))


def _by_proposition(session: Session, filters: Filters) -> Iterator[Any]:
    kept = build_conditions(filters)
    query = selected("stance").where(*([kept["stance"]] if kept else []))
    columns = query.selected_columns
    return stream(session, query.order_by(columns["proposition"], columns["entry"]))


def _definitions() -> Iterator[Object]:
    times = _times(_DEFINED, _DEFINED)
    yield {
        **_common("identity", MAKER, MAKER, times),
        "name": "claimtrack",
        "identity_class": "system",
    }
    yield {
        **_common("extension-definition", EXTENSION, MAKER, times),
        "name": "Casebook records",
        "description": _MEANING,
        "schema": _MEANING,
        "version": "1.1.0",
        "extension_types": ["property-extension"],
    }


def _actor(row: Mapping[str, Any], times: Object) -> Object:
    fields = dict(row)
    parent = fields.pop("parent")
    return {
        **_common("identity", _identity(row["ref"]), MAKER, times),
        **without_empty(name=row["name"], description=row["described_as"]),
        "identity_class": _CLASSES[row["kind"]],
        **_extended("actor", **fields, parent=parent, parent_ref=parent and _identity(parent)),
    }


def _entry(
    row: Mapping[str, Any],
    cited: list[CitationRow],
    hanging: Mapping[str, list[Any]],
    times: Object,
    notes: Notes,
) -> Object:
    about = [row["actor"], row["on_behalf_of"], *(one.actor for one in hanging["participation"])]
    grades = hanging["grade"]
    latest = find_latest_grade(grades)
    lists = {
        f"{name}s": [_fields(one, without="entry") for one in rows]
        for name, rows in hanging.items()
    }
    lists["citations"] = [_citation(one) for one in cited]
    return {
        **_common("note", _note(row["ref"]), MAKER, times),
        "content": row["summary"],
        "object_refs": [_identity(ref) for ref in dict.fromkeys(filter(None, about))],
        "labels": [row["kind"].value],
        **without_empty(
            confidence=latest and _CONFIDENCE.get(latest.credibility),
            external_references=list(_references(cited, notes)),
        ),
        **_extended("entry", **row, **lists),
    }


def _fields(row: Any, *, without: str) -> Object:
    values = row._mapping if hasattr(row, "_mapping") else _slots(row)
    return without_empty(**{name: value for name, value in values.items() if name != without})


def _citation(row: CitationRow) -> Object:
    """Return the fields of a citation; an address that is not a web link is not a `url`."""
    fields = _fields(row, without="entry_ref")
    if "url" in fields and not to_web_uri(row.url):
        fields["address"] = fields.pop("url")
    return fields


def _slots(row: Any) -> Object:
    return {name: getattr(row, name) for name in fields_of(type(row))}


def _references(cited: list[CitationRow], notes: Notes) -> Iterator[Object]:
    for (document, publisher, url), _ in groupby(
        cited, attrgetter("document_ref", "publisher", "url")
    ):
        if url and not to_web_uri(url):
            notes.add("url", url, "is not a web address: it is exported as address, not as url")
        yield without_empty(source_name=publisher, external_id=document, url=to_web_uri(url))


def _proposition(row: Mapping[str, Any], entries: list[str], times: Object) -> Object:
    return {
        **_common("grouping", _id("grouping", "proposition", row["ref"]), MAKER, times),
        "name": row["text"],
        "context": "unspecified",
        "object_refs": [_note(ref) for ref in entries],
        **_extended("proposition", **row),
    }


def _link(row: Mapping[str, Any], times: Object) -> Object:
    key = (row["from"], row["relation"], row["to"], row["asserted_by"])
    fields = {name: value for name, value in row.items() if name not in ("from", "to")}
    return {
        **_common(
            "relationship",
            _id("relationship", "link", *key),
            _identity(row["asserted_by"]),
            times,
        ),
        "relationship_type": _TYPES.get(row["relation"], row["relation"].replace("_", "-")),
        "source_ref": _note(row["from"]),
        "target_ref": _note(row["to"]),
        **without_empty(description=row["rationale"]),
        **_extended("link", **fields, from_entry=row["from"], to_entry=row["to"]),
    }


def _opposition(pair: ContradictionRow, judgements: Sequence[Judgement], times: Object) -> Object:
    ends = (pair.subject_ref, pair.counter_ref)
    fields = {
        name: value
        for name, value in _slots(pair).items()
        if name in _OF_PAIRS or not name.startswith(("subject_", "counter_"))
    }
    timing = describe_timing(pair.klass, pair.timing, pair.days)
    called = spell_word(pair.klass or "reconciled") + (f" ({timing})" if timing else "")
    judged = f"; {describe_status(pair, judgements)}" if has_reconciling_judge(pair) else ""
    return {
        **_common("relationship", _id("relationship", "opposition", *ends), MAKER, times),
        "relationship_type": "opposes",
        "source_ref": _note(pair.subject_ref),
        "target_ref": _note(pair.counter_ref),
        "description": f"{called}{judged}",
        **_extended(
            "opposition",
            subject=pair.subject_ref,
            counter=pair.counter_ref,
            **{"class": fields.pop("klass")},
            **fields,
        ),
    }


def _opinion(review: ReviewRow, times: Object) -> Object:
    key = (review.claim, review.assessment, review.proposition, review.asserted_by)
    value = review.value
    fields = {
        name: getattr(review, name)
        for name in ("claim", "assessment", "proposition", "asserted_by", "value", "basis", "hedge")
    }
    return {
        **_common(
            "opinion",
            _id("opinion", "review", *key, str(value)),
            _identity(review.actor),
            times,
        ),
        "opinion": _OPINIONS[value + 2],
        "object_refs": [_note(review.claim)],
        "explanation": review.summary,
        **_extended("review", **fields),
    }
