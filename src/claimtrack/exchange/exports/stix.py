"""The casebook as a STIX 2.1 bundle, streamed.

* actor: an identity
* entry: a note, about the actors in it; its documents are external references, and the Admiralty
  credibility of its latest grade is its confidence
* proposition, measure: a grouping of the notes of the entries that take a stance on it, or give a
  figure for it
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
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO, Any

from sqlalchemy import ColumnElement, func, or_, select

from claimtrack import history
from claimtrack.db import Session, format_instant
from claimtrack.exchange.exports.exporting import Export
from claimtrack.exchange.exports.json_objects import (
    dump_safe,
    group_by_ref,
    in_one_part,
    make_stable_id,
    write_objects,
)
from claimtrack.exchange.exports.selection import (
    build_conditions,
    get_active_filters,
    has_masked_records,
    note_outside,
    stream_pairs,
)
from claimtrack.exchange.exports.stix_objects import (
    MAKER,
    Object,
    make_common,
    make_definitions,
    make_extension,
    make_grouping,
    make_identity,
    make_note,
    make_opinion,
    make_opposition,
    make_relationship,
    make_times,
)
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.tables import csv_tables
from claimtrack.models import Capture, Casebook, Citation, Document, Entry, Link, Topic
from claimtrack.query.filters import Filters
from claimtrack.query.pair_judgements import get_judgements
from claimtrack.records import selected
from claimtrack.reports.citations import list_citations_where
from claimtrack.reports.reviews import ReviewRow, reviews
from claimtrack.reports.wording import has_reconciling_judge
from claimtrack.sql import batches, stream
from claimtrack.vocab import Relation


def export(work: Export, out: IO[bytes]) -> None:
    """Write the bundle of an export."""
    write_stix(work.session, out, work.filters, work.scratch, work.notes)


def write_stix(
    session: Session, out: IO[bytes], filters: Filters, scratch: Path, notes: Notes
) -> None:
    """Write the casebook, or what the filters choose, as a bundle.

    The same bytes for the same casebook.

    The ids that the report object lists are spooled to a file in the folder `scratch`. What is left
    out is counted in `notes`.
    """
    _note_left_out(session, filters, notes)
    head = history.get_anchor(session)
    made = session.scalars(select(Casebook.created_at)).one()
    times = make_times(format_instant(made), str(head.at))
    scope = json.dumps(get_active_filters(filters), default=str)
    withheld = str(has_masked_records(session))
    bundle = make_stable_id("bundle", str(head), scope, withheld)
    report = {
        **make_common("report", f"report--{make_stable_id('report', str(bundle))}", MAKER, times),
        "name": "Casebook of sourced claims, and of what contradicts them",
        "published": times["modified"],
        **make_extension(
            "export", head=f"{head.seq}:{head.hash}", casebook=head.casebook, filters=scope
        ),
    }
    listed = scratch / "refs"
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


def _note_left_out(session: Session, filters: Filters, notes: Notes) -> None:
    """Count what the filters leave out, and what STIX has no object for."""
    scope = build_conditions(filters)
    note_outside(session, scope, notes)
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
        criteria = [*conditions, *([scope[table]] if table in scope else [])]
        count = session.scalars(select(func.count()).select_from(model).where(*criteria)).one()
        notes.add(table, "", reason, count)


def _objects(session: Session, filters: Filters, times: Object, notes: Notes) -> Iterator[Object]:
    scope = build_conditions(filters)

    def rows_of(table: str, *conditions: ColumnElement[bool]) -> Iterator[Any]:
        conditions += (scope[table],) if table in scope else ()
        return csv_tables.rows_of(session, table, *conditions)

    yield from make_definitions()
    for row in rows_of("actor"):
        yield make_identity(row._mapping, times)
    cited = group_by_ref(
        list_citations_where(session, *([scope["citation"]] if scope else [])), "entry_ref"
    )
    others = {
        name: group_by_ref(rows_of(name)) for name in ("participation", "stance", "figure", "grade")
    }
    for row in rows_of("entry"):
        hanging = {name: list(parts(row.ref)) for name, parts in others.items()}
        yield make_note(row._mapping, list(cited(row.ref)), hanging, times, notes)
    stances = group_by_ref(_by_subject(session, filters, "stance", "proposition"), "proposition")
    for row in rows_of("proposition"):
        entries = dict.fromkeys(stance.entry for stance in stances(row.ref))
        if entries:
            yield make_grouping("proposition", row._mapping, list(entries), times)
        else:
            notes.add("proposition", row.ref, "has no stance on it: left out")
    figures = group_by_ref(_by_subject(session, filters, "figure", "measure"), "measure")
    for row in rows_of("measure"):
        entries = dict.fromkeys(figure.entry for figure in figures(row.ref))
        if entries:
            yield make_grouping("measure", row._mapping, list(entries), times)
        else:
            notes.add("measure", row.ref, "has no figure for it: left out")
    for row in rows_of("link", Link.relation != Relation.UNRELATED):
        yield make_relationship(row._mapping, times)
    for pairs in batches(stream_pairs(session, filters, notes)):
        judged = [
            (pair.subject_ref, pair.counter_ref) for pair in pairs if has_reconciling_judge(pair)
        ]
        judgements = get_judgements(session, filters, judged)
        for pair in pairs:
            given = judgements.get((pair.subject_ref, pair.counter_ref), ())
            yield make_opposition(pair, given, times)
    for review in _reviews(session, filters, notes):
        yield make_opinion(review, times)


def _reviews(session: Session, filters: Filters, notes: Notes) -> Iterator[ReviewRow]:
    """Yield the reviews by exported assessments; the others are counted in `notes`.

    Sends one statement, and with filters one more for each batch of some hundred reviews.
    """
    scope = build_conditions(filters)
    for some in batches(reviews(session, filters)):
        exported = {review.assessment for review in some}
        if scope:
            query = select(Entry.ref).where(Entry.ref.in_(exported), scope["entry"])
            exported = set(session.scalars(query))
        chosen = [review for review in some if review.assessment in exported]
        yield from chosen
        reason = "is by an assessment outside the filters: left out"
        notes.add("review of a claim", "", reason, len(some) - len(chosen))


def _by_subject(session: Session, filters: Filters, table: str, subject: str) -> Iterator[Any]:
    """Yield the exported stances or figures, by what they are on, then by entry."""
    scope = build_conditions(filters)
    query = selected(table).where(*([scope[table]] if scope else []))
    columns = query.selected_columns
    return stream(session, query.order_by(columns[subject], columns["entry"]))
