"""Who is contradicted by whom, on what, how strongly, and how it was found.

One row per unordered pair of entries that oppose each other (see `glossary`). The subject is the
entry whose kind comes first in commitment, claim, statement, assessment, action, window; between
equals the earlier, undated last; then the lower ref. Rows come by subject_ref, counter_ref.

What a pair is called, how strong it is and what judges say of it is defined in `pair`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    and_,
    case,
    exists,
    func,
    not_,
    null,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Citation, Document, Entry, Proposition
from claimtrack.reports.filters import (
    Filters,
    entry_matches,
    proposition_matches,
    sorted_rows,
    takes_stance,
)
from claimtrack.reports.glossary import (
    citation_counts,
    entry_counts,
    linked,
    opposed_to,
    precedes,
    stance_grounds,
)
from claimtrack.reports.pair import Pair, opposing, packed, reconciled, told_links
from claimtrack.sql import among, json_list, json_row
from claimtrack.vocab import ContradictionClass, EntryKind, PairStatus, Relation


@dataclass(frozen=True, slots=True)
class PairFilters:
    """What is wanted of a pair, beside what is wanted of its entries."""

    classes: tuple[ContradictionClass, ...] = ()
    subject_kinds: tuple[EntryKind, ...] = ()
    counter_kinds: tuple[EntryKind, ...] = ()
    max_days: int | None = None
    statuses: tuple[PairStatus, ...] = ()
    include_reconciled: bool = False
    entry: str | None = None
    """The ref of an entry: only the pairs in which it stands, on either side."""


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """A pair of entries that cannot both be right."""

    subject_ref: str
    subject_kind: str
    subject_actor: str
    subject_date_from: date | None
    subject_date_to: date | None
    subject_summary: str
    counter_ref: str
    counter_kind: str
    counter_actor: str
    counter_date_from: date | None
    counter_date_to: date | None
    counter_summary: str
    klass: str
    status: str
    strength: int
    basis: str | None
    via: tuple[str, ...]
    propositions: tuple[str, ...]
    conditions: tuple[str, ...]
    asserted_by: tuple[str, ...]
    days: int | None
    subject_urls: tuple[str, ...]
    counter_urls: tuple[str, ...]


def contradictions(
    session: Session, wanted: Filters | None = None, pairs: PairFilters | None = None
) -> Iterator[ContradictionRow]:
    """Stream the pairs of entries that cannot both be right, by subject, then counter.

    Sends one statement, which walks from the subjects in the order of their refs: memory does not
    grow with the number of pairs. To sort by a list, such as the propositions, gathers them all.

    Raises:
        InvalidValue: there is no such column to sort by.
    """
    wanted = wanted or Filters()
    query = _pairs(wanted, pairs or PairFilters())
    usual = query.selected_columns["subject_ref"], query.selected_columns["counter_ref"]
    return sorted_rows(session, query, _row, ContradictionRow, wanted, *usual)


@lru_cache(maxsize=32)  # to build the statement takes longer than to run it on a small casebook
def _pairs(wanted: Filters, pairs: PairFilters) -> Select[Any]:
    subject, counter = aliased(Entry, name="subject"), aliased(Entry, name="counter")
    found = Pair(subject, counter, wanted)
    columns: list[ColumnElement[Any]] = []
    for side, entry in (("subject", subject), ("counter", counter)):
        actor = select(Actor.ref).where(Actor.id == entry.actor_id).scalar_subquery()
        columns += [
            entry.ref.label(f"{side}_ref"),
            entry.kind.label(f"{side}_kind"),
            actor.label(f"{side}_actor"),
            entry.date_from.label(f"{side}_date_from"),
            entry.date_to.label(f"{side}_date_to"),
            entry.summary.label(f"{side}_summary"),
            urls(entry, wanted).label(f"{side}_urls"),
        ]
    if wanted.sort:  # else `_row` takes them from the grounds, which need not be asked again
        columns += [getattr(found, name).label(name) for name in ("strength", "basis", "status")]
    return (
        select(
            *columns,
            found.klass.label("klass"),
            found.days.label("days"),
            case((reconciled(subject, counter, wanted), 1), else_=0).label("is_reconciled"),
            _told_grounds(subject, counter, wanted).label("grounds"),
            told_links(subject, counter, Relation.CONTRADICTS, wanted).label("links"),
        )
        .select_from(subject)
        .join(counter, opposing(subject, counter, wanted))
        .where(precedes(subject, counter), *entry_counts(subject, wanted))
        .where(*_pair_matches(found, wanted, pairs), *_entries_match(found, wanted))
    )


def _pair_matches(found: Pair, wanted: Filters, pairs: PairFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if pairs.entry:
        conditions.append(or_(found.subject.ref == pairs.entry, found.counter.ref == pairs.entry))
        # Else every subject of the casebook would be asked.
        conditions.append(found.subject.id.in_(_subjects_beside(pairs.entry, wanted)))
    if pairs.subject_kinds:
        conditions.append(found.subject.kind.in_(pairs.subject_kinds))
    if pairs.counter_kinds:
        # As no column: SQLite would hold every entry of the kind against every subject.
        kind = func.coalesce(found.counter.kind, null())
        conditions.append(kind.in_(pairs.counter_kinds))
    if pairs.classes:
        conditions.append(found.klass.in_([klass.value for klass in pairs.classes]))
    if pairs.statuses:
        conditions.append(found.status.in_([status.value for status in pairs.statuses]))
    if not pairs.include_reconciled and PairStatus.RECONCILED not in pairs.statuses:
        conditions.append(not_(reconciled(found.subject, found.counter, wanted)))
    if pairs.max_days is not None:
        conditions.append(func.abs(found.days) <= pairs.max_days)
    if wanted.min_strength is not None:
        conditions.append(found.strength >= wanted.min_strength)
    return conditions


def _subjects_beside(ref: str, scope: Filters) -> CompoundSelect[int]:
    """Select the keys of an entry and of all that have a ground against it."""
    one, other = aliased(Entry), aliased(Entry)
    against = among(other.id, opposed_to(one, scope).scalar_subquery())
    return union(
        select(one.id).where(one.ref == ref),
        select(other.id).select_from(one).join(other, against).where(one.ref == ref),
    )


def _entries_match(found: Pair, wanted: Filters) -> list[ColumnElement[bool]]:
    """One of the two satisfies all entry filters together; a ground is on what is wanted."""
    wanted = replace(wanted, min_strength=None)  # which is that of the pair, asked of it already
    by_stance = wanted if wanted.affirming or wanted.denying else Filters()
    sides = [
        [*entry_matches(entry, wanted), *takes_stance(entry, by_stance)]
        for entry in (found.subject, found.counter)
    ]
    matches = [or_(*(and_(*side) for side in sides))] if sides[0] else []
    if not (wanted.topics or wanted.propositions):
        return matches
    ground = stance_grounds(found.subject, found.counter, wanted)
    proposition = aliased(Proposition)
    on_topic = select(proposition.ref).where(*proposition_matches(proposition.id, wanted))
    some_ground = exists(
        select(ground.c.strength)
        .where(or_(ground.c.proposition.in_(on_topic), ground.c.second_proposition.in_(on_topic)))
        .correlate(found.subject, found.counter)
    )
    about = replace(wanted, affirming=False, denying=False)
    either = or_(*takes_stance(found.subject, about), *takes_stance(found.counter, about))
    link = linked(found.subject, found.counter, Relation.CONTRADICTS, wanted).exists()
    # Such a ground implies `either`, which is sooner asked.
    return [*matches, either, or_(some_ground, link)]


def urls(entry: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    """Return the addresses of the documents that an entry cites, as a JSON list."""
    citation, document = aliased(Citation), aliased(Document)
    return (
        select(json_list(document.url))
        .select_from(citation)
        .join(document, document.id == citation.document_id)
        .where(citation.entry_id == entry.id, document.url.is_not(None))
        .where(*citation_counts(citation, scope))
        .correlate(entry)
        .scalar_subquery()
    )


def _told_grounds(subject: type[Entry], counter: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    ground = stance_grounds(subject, counter, scope)
    return (
        select(json_list(json_row(packed(ground), *ground.c[2:])))
        .select_from(ground)
        .correlate(subject, counter)
        .scalar_subquery()
    )


def _row(row: Any) -> ContradictionRow:
    via, propositions, conditions = set(), set(), set()
    judges = {judge for _, judge in row.links}
    for _, arm, proposition, second, condition, other_condition, judge, other in row.grounds:
        via.add(arm)
        propositions |= {proposition, second} - {None}
        conditions |= {condition, other_condition} - {None}
        judges |= {judge, other}
    if row.links:
        via.add("link")
    best = max((packed for packed, *_ in row.grounds), default=None)
    return ContradictionRow(
        subject_ref=row.subject_ref,
        subject_kind=row.subject_kind.value,
        subject_actor=row.subject_actor,
        subject_date_from=row.subject_date_from,
        subject_date_to=row.subject_date_to,
        subject_summary=row.subject_summary,
        counter_ref=row.counter_ref,
        counter_kind=row.counter_kind.value,
        counter_actor=row.counter_actor,
        counter_date_from=row.counter_date_from,
        counter_date_to=row.counter_date_to,
        counter_summary=row.counter_summary,
        klass=row.klass,
        status=_status_of(row),
        strength=max(strength for strength, _ in row.links) if best is None else best // 2,
        basis=None if best is None else "explicit" if best % 2 else "inferred",
        via=tuple(name for name in ("proposition", "exclusive_topic", "link") if name in via),
        propositions=tuple(sorted(propositions)),
        conditions=tuple(sorted(conditions)),
        asserted_by=tuple(sorted(judges)),
        days=row.days,
        subject_urls=tuple(sorted(set(row.subject_urls))),
        counter_urls=tuple(sorted(set(row.counter_urls))),
    )


def _status_of(row: Any) -> str:
    if row.is_reconciled:
        return PairStatus.RECONCILED.value
    if row.links:
        return (PairStatus.CONFIRMED if row.grounds else PairStatus.LINKED).value
    return PairStatus.DERIVED.value
