"""The lints of `check` on single records; `check` describes them.

Each yields the refs and the sentence of a finding.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from claimtrack import dates
from claimtrack.db import Session
from claimtrack.escaping import format_stance
from claimtrack.kinds import JUDGES
from claimtrack.models import (
    Actor,
    Citation,
    Document,
    Entry,
    Figure,
    Link,
    Proposition,
    Revision,
    Stance,
)
from claimtrack.query.filters import Filters
from claimtrack.query.visibility import entry_in_scope
from claimtrack.records import KEYS
from claimtrack.reports.duplicate_lints import same_address, same_name, same_words
from claimtrack.reports.findings import Found
from claimtrack.reports.link_lints import (
    contradicts_and_reconciles,
    unrelated_but_linked,
)
from claimtrack.reports.plausibility_lints import (
    bad_address,
    dated_after_documents,
    dated_after_logged,
    dated_before_1800,
    figure_without_period,
    undated,
)
from claimtrack.sql import json_field, json_list, json_row, stream
from claimtrack.vocab import Op, Relation

_SCOPE = Filters()


# --- errors ---------------------------------------------------------------------------------------


def misquotation(session: Session) -> Found:
    """Yield a finding for each quotation that is not at its position in the document."""
    length = Citation.end_pos - Citation.start_pos
    passage = func.substr(Document.body, Citation.start_pos + 1, length)
    query = (
        select(Entry.ref, Document.ref, Citation.exact, Citation.start_pos, passage)
        .select_from(Citation)
        .join(Entry, Entry.id == Citation.entry_id)
        .join(Document, Document.id == Citation.document_id)
        .where(Citation.start_pos.is_not(None))
        .where(or_(Document.body.is_(None), passage != Citation.exact))
        .order_by(Entry.ref, Document.ref, Citation.start_pos, Citation.id)
    )
    for entry, document, exact, start, found in stream(session, query):
        detail = "the document has no text"
        if found is not None:
            detail = f"the text there is {found[:60]!r}"
        yield (
            (entry, document),
            f"{exact[:60]!r} is recorded at {start} of {document}, but {detail}",
        )


# --- warnings -------------------------------------------------------------------------------------


def different_likelihoods(session: Session) -> Found:
    """Yield a finding for each proposition to which a judge gives two likelihoods on one date."""
    words = json_list(json_row(Entry.ref, Stance.likelihood, Stance.hedge))
    dates_of_entry = (Entry.date_from, Entry.date_to)
    query = (
        select(Actor.ref, Proposition.ref, *dates_of_entry, words)
        .select_from(Stance)
        .join(Entry, Entry.id == Stance.entry_id)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Actor, Actor.id == Stance.asserted_by_id)
        .where(Stance.likelihood.is_not(None), *entry_in_scope(Entry, _SCOPE))
        .where(or_(Entry.date_from.is_not(None), Entry.date_to.is_not(None)))
        .group_by(Actor.ref, Proposition.ref, *dates_of_entry)
        .having(func.min(Stance.likelihood) != func.max(Stance.likelihood))
        .order_by(Actor.ref, Proposition.ref, *(day.nulls_last() for day in dates_of_entry))
    )
    for judge, proposition, first, last, likelihoods in stream(session, query):
        parts = [
            f'{likelihood} ("{hedge}", {entry})' if hedge else f"{likelihood} ({entry})"
            for entry, likelihood, hedge in sorted(likelihoods, key=lambda row: row[:2])
        ]
        yield (
            (judge, proposition, *sorted({entry for entry, *_ in likelihoods})),
            f"{judge} gives {proposition} more than one likelihood on "
            f"{dates.format_span(first, last)}: {', '.join(parts)}",
        )


def different_readings(session: Session) -> Found:
    """Yield a finding for each entry whose stance on a proposition judges read differently."""
    reading = json_row(Actor.ref, Stance.value, Stance.likelihood)
    differ = [func.min(column) != func.max(column) for column in (Stance.value, Stance.likelihood)]
    query = (
        select(Entry.ref, Proposition.ref, json_list(reading))
        .select_from(Stance)
        .join(Entry, Entry.id == Stance.entry_id)
        .join(Proposition, Proposition.id == Stance.proposition_id)
        .join(Actor, Actor.id == Stance.asserted_by_id)
        .where(*entry_in_scope(Entry, _SCOPE))
        .group_by(Entry.ref, Proposition.ref)
        .having(or_(*differ))
        .order_by(Entry.ref, Proposition.ref)
    )
    for entry, proposition, readings in stream(session, query):
        read = ", ".join(_read(*reading) for reading in sorted(readings))
        yield (entry, proposition), f"judges read {entry} differently on {proposition}: {read}"


def _read(judge: str, value: int, likelihood: str | None) -> str:
    words = [judge, format_stance(value), *([likelihood] if likelihood else [])]
    return " ".join(words)


def early_reply(session: Session) -> Found:
    """Yield a finding for each reply that is dated before the entry it responds to."""
    reply, answered = aliased(Entry), aliased(Entry)
    query = (
        select(reply.ref, answered.ref, reply.date_to, answered.date_from)
        .distinct()
        .select_from(Link)
        .join(reply, reply.id == Link.from_id)
        .join(answered, answered.id == Link.to_id)
        .where(Link.relation == Relation.RESPONDS_TO, reply.date_to < answered.date_from)
        .where(*entry_in_scope(reply, _SCOPE), *entry_in_scope(answered, _SCOPE))
        .order_by(reply.ref, answered.ref)
    )
    for ref, to, last, first in stream(session, query):
        yield (ref, to), f"{ref} ({last}) is recorded as a reply to {to}, which is of {first}"


def no_citation(session: Session) -> Found:
    """Yield a finding for each entry without a citation."""
    cited = exists().where(Citation.entry_id == Entry.id)
    for (ref,) in stream(session, _entries_without(cited)):
        yield (ref,), f"no document is cited for {ref}"


def no_stance_or_link(session: Session) -> Found:
    """Yield a finding for each entry without stance, figure, or link other than `unrelated`."""
    has_stance = exists().where(Stance.entry_id == Entry.id)
    has_figure = exists().where(Figure.entry_id == Entry.id)
    related = Link.relation != Relation.UNRELATED
    has_outgoing, has_incoming = (
        exists().where(end == Entry.id, related) for end in (Link.from_id, Link.to_id)
    )
    missing = _entries_without(has_stance, has_figure, has_outgoing, has_incoming)
    for (ref,) in stream(session, missing):
        yield (
            (ref,),
            f"{ref} takes no stance, gives no figure and is linked to nothing: no report can "
            "weigh it",
        )


def _entries_without(*having: ColumnElement[bool]) -> Any:
    missing = [not_(condition) for condition in having]
    return select(Entry.ref).where(*missing, *entry_in_scope(Entry, _SCOPE)).order_by(Entry.ref)


def reworded_after_judgement(session: Session) -> Found:
    """Yield a finding for each entry whose summary changed after a judgement still in force."""
    old, new = (json_field(image, "summary") for image in (Revision.before, Revision.after))
    reworded = (
        select(Revision.row_key.label("ref"), func.max(Revision.seq).label("seq"))
        .where(Revision.table_name == "entry", Revision.op == Op.UPDATE, old != new)
        .group_by(Revision.row_key)
        .cte()
    )
    mask = session.state.mask
    for (ref, seq), revisions in groupby(stream(session, _judgements(reworded)), itemgetter(0, 1)):
        written = _written(revision[2:] for revision in revisions)
        # Judges come from the log, which has their true refs.
        older = sorted((what, mask(judge)) for (what, judge), last in written.items() if last < seq)
        if older:
            by = ", ".join(f"{what} by {judge}" for what, judge in older)
            yield (
                (ref,),
                f"the summary of {ref} was changed (revision {seq}) after it was judged ({by}): "
                "write those again if they still hold",
            )


def _judgements(reworded: CTE) -> Select[Any]:
    """Select the revisions of the judgements on each reworded entry, by its ref, then seq."""
    tables = tuple(JUDGES)
    ref = type_coerce(reworded.c.ref, String)
    to = json_field(func.coalesce(Revision.after, Revision.before), "to")
    own_key = Revision.row_key.between(ref + "/", ref + "0")  # 0 is next after /
    on_entry = [
        and_(Revision.table_name.in_(tables), own_key),
        and_(Revision.table_name == "link", to == ref),
    ]
    columns = (Revision.change, Revision.table_name, Revision.before, Revision.after)
    arms = [
        select(reworded.c.ref, reworded.c.seq.label("reworded"), Revision.seq, *columns)
        .join(Revision, condition)
        .join(Entry, Entry.ref == reworded.c.ref)
        .where(*entry_in_scope(Entry, _SCOPE))
        for condition in on_entry
    ]
    found = union_all(*arms).subquery()
    return select(found).order_by(found.c.ref, found.c.seq)


def _written(revisions: Iterable[Any]) -> dict[tuple[str, str], int]:
    """Return the seq at which judgements in force were last written, by table and judge.

    If a judge has several, the oldest; of a rater's grades, the newest. A judgement that only moved
    to another judge, as when actors are merged, keeps its seq.
    """
    written: dict[tuple[str, str, str], int] = {}
    moved: dict[tuple[str, str], int] = {}
    for seq, change, table, before, after in revisions:
        if before:
            judge, rest = _judgement(table, before)
            last = written.pop((table, judge, _key(table, rest)), seq)
            moved[change, json.dumps(rest)] = last
        if after:
            judge, rest = _judgement(table, after)
            earlier = None if before else moved.get((change, json.dumps(rest)))
            written[table, judge, _key(table, rest)] = seq if earlier is None else earlier
    found: dict[tuple[str, str], list[int]] = {}
    for (table, judge, _), seq in written.items():
        found.setdefault((table, judge), []).append(seq)
    return {
        (table, judge): max(seqs) if table == "grade" else min(seqs)
        for (table, judge), seqs in found.items()
    }


def _judgement(table: str, image: str) -> tuple[str, dict[str, Any]]:
    """Return the judge of a judgement in the log, and the other fields."""
    record = json.loads(image)
    return record.pop(JUDGES[table]), record


def _key(table: str, record: dict[str, Any]) -> str:
    return json.dumps([record[name] for name in KEYS[table] if name in record])


ERRORS = {lint.__name__: lint for lint in (contradicts_and_reconciles, misquotation)}
WARNINGS = {
    lint.__name__: lint
    for lint in (
        bad_address,
        dated_after_documents,
        dated_after_logged,
        dated_before_1800,
        different_likelihoods,
        different_readings,
        early_reply,
        no_citation,
        no_stance_or_link,
        reworded_after_judgement,
        same_address,
        same_name,
        same_words,
        undated,
    )
}
HINTS = {lint.__name__: lint for lint in (figure_without_period, unrelated_but_linked)}
