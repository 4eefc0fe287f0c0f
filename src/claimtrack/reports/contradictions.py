"""Who is contradicted by whom, on what, how strongly, and how it was found.

One row per unordered pair of entries that oppose each other (see `opposition`). The subject is the
entry whose kind comes first in commitment, claim, statement, assessment, action, window; between
equals the earlier, undated last; then the lower ref. Rows come by subject_ref, counter_ref.

What a pair is called, how strong it is and what judges say of it is defined in `pair`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    ScalarSelect,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import Session, aliased

from claimtrack.models import Actor, Citation, Document, Entry, Link, Proposition, Stance, Topic
from claimtrack.query.visibility import citation_counts, entry_counts
from claimtrack.reports.filters import (
    Filters,
    entry_matches,
    proposition_matches,
    sorted_rows,
    takes_stance,
)
from claimtrack.reports.opposition import Asked, anything, opposed_to, precedes, stance_grounds
from claimtrack.reports.pair import Pair, opposing, packed, read_grounds, reconciled, told_links
from claimtrack.sql import among, json_list, json_row, row_by_row, unsought
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


_SIDE = ("ref", "kind", "actor", "date_from", "date_to", "summary")


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
    return sorted_rows(session, query, partial(map, _row), ContradictionRow, wanted, *usual)


@lru_cache(maxsize=32)  # to build the statement takes longer than to run it on a small casebook
def _pairs(wanted: Filters, pairs: PairFilters) -> Select[Any]:
    subject, counter = _subjects(wanted, pairs), aliased(Entry, name="counter")
    found = Pair(subject, counter, wanted)
    whom = _beside_others(subject, wanted)
    against = opposing(subject, counter, wanted, _on_what(wanted), whom)
    columns = [*_side(subject, "subject"), *_side(counter, "counter")]
    kept = reconciled(subject, counter, wanted) if _keeps_reconciled(pairs) else false()
    if wanted.sort:  # else `_row` takes them from the grounds, which need not be asked again
        columns += [getattr(found, name).label(name) for name in ("strength", "basis", "status")]
    return (
        select(
            *columns,
            found.klass.label("klass"),
            found.days.label("days"),
            case((kept, 1), else_=0).label("is_reconciled"),
            cast(_grounds(subject, counter, wanted), Text).label("told_grounds"),
            cast(told_links(subject, counter, Relation.CONTRADICTS, wanted), Text).label(
                "told_links"
            ),
            cast(urls(subject, wanted), Text).label("told_subject_urls"),
            cast(urls(counter, wanted), Text).label("told_counter_urls"),
        )
        .select_from(subject)
        .join(counter, against)
        .where(precedes(subject, counter), row_by_row(*entry_counts(subject, wanted)))
        .where(*_pair_matches(found, wanted, pairs), *_entries_match(found, wanted))
    )


def _side(entry: type[Entry], side: str) -> list[ColumnElement[Any]]:
    """Return what is told of an entry, in the order of `ContradictionRow`."""
    actor = select(Actor.ref).where(Actor.id == entry.actor_id).scalar_subquery()
    kind = type_coerce(entry.kind, Text)
    dates = entry.date_from, entry.date_to
    return [
        told.label(f"{side}_{name}")
        for name, told in zip(_SIDE, (entry.ref, kind, actor, *dates, entry.summary), strict=True)
    ]


def _keeps_reconciled(pairs: PairFilters) -> bool:
    return pairs.include_reconciled or PairStatus.RECONCILED in pairs.statuses


def _pair_matches(found: Pair, wanted: Filters, pairs: PairFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if pairs.entry:
        conditions.append(or_(found.subject.ref == pairs.entry, found.counter.ref == pairs.entry))
    if pairs.subject_kinds:
        conditions.append(found.subject.kind.in_(pairs.subject_kinds))
    if pairs.counter_kinds:
        conditions.append(unsought(found.counter.kind).in_(pairs.counter_kinds))
    if pairs.classes:
        conditions.append(found.klass.in_([klass.value for klass in pairs.classes]))
    if pairs.statuses:
        conditions.append(found.status.in_([status.value for status in pairs.statuses]))
    if not _keeps_reconciled(pairs):
        conditions.append(not_(reconciled(found.subject, found.counter, wanted)))
    if pairs.max_days is not None:
        conditions.append(func.abs(found.days) <= pairs.max_days)
    if wanted.min_strength is not None:
        conditions.append(found.strength >= wanted.min_strength)
    return conditions


def _subjects(wanted: Filters, pairs: PairFilters) -> type[Entry]:
    """Return the entries that can be subjects of the pairs wanted, so that not all are asked.

    They come by ref, which SQLite sees to itself; PostgreSQL would work out all pairs, and sort.
    """
    if pairs.entry:
        near = among(Entry.id, _beside([Entry.ref == pairs.entry], wanted).scalar_subquery())
    elif wanted.topics or wanted.propositions:
        found = _on_it(wanted)
        if entry_matches(Entry, wanted):
            found = _beside(_matching(Entry, wanted), wanted)
        near = among(unsought(Entry.id), found.scalar_subquery())
    else:
        return aliased(Entry, name="subject")
    return aliased(Entry, select(Entry).where(near).order_by(Entry.ref).subquery("subject"))


def _beside(which: Sequence[ColumnElement[bool]], scope: Filters) -> CompoundSelect[int]:
    """Select the keys of some entries, and of all that have a ground against them."""
    other = aliased(Entry)
    against = among(other.id, opposed_to(Entry, scope, _on_what(scope)).scalar_subquery())
    return union(
        select(Entry.id).where(*which),
        select(other.id).select_from(Entry).join(other, against).where(*which),
    )


def _matching(entry: type[Entry], wanted: Filters) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry matches, and can have a ground on what is wanted."""
    return [among(entry.id, _on_it(wanted).scalar_subquery()), *entry_matches(entry, wanted)]


def _beside_others(subject: type[Entry], wanted: Filters) -> Asked:
    """Ask of what opposes a subject on what is wanted that it matches, unless the subject does.

    Which `_entries_match` asks of each pair found; thousands may oppose a subject, few of a month.
    """
    matches = entry_matches(subject, wanted)
    if not matches or not (wanted.topics or wanted.propositions):
        return anything
    one = aliased(Entry)
    these = select(one.id).where(*_matching(one, wanted))
    return lambda key: [or_(and_(*matches), key.in_(these))]


def _on_what(wanted: Filters) -> Asked:
    return partial(proposition_matches, wanted=wanted)


def _entries_match(found: Pair, wanted: Filters) -> list[ColumnElement[bool]]:
    """One of the two satisfies all entry filters together, and one is on what is wanted.

    That one of their grounds is on it has been asked by `opposing`, but for links, which are on
    whatever their ends are on.
    """
    wanted = replace(wanted, min_strength=None)  # which is that of the pair, asked of it already
    by_stance = wanted if wanted.affirming or wanted.denying else Filters()
    sides = [
        [*entry_matches(entry, wanted), *takes_stance(entry, by_stance)]
        for entry in (found.subject, found.counter)
    ]
    matches = [or_(*(and_(*side) for side in sides))] if sides[0] else []
    if not (wanted.topics or wanted.propositions):
        return matches
    about = replace(wanted, affirming=False, denying=False)
    either = or_(*takes_stance(found.subject, about), *takes_stance(found.counter, about))
    return [*matches, either]


def _on_it(wanted: Filters) -> CompoundSelect[int]:
    """Select the keys of all entries that can have a ground on what is wanted.

    Those with a stance on it, or on another proposition of an exclusive topic; and what is linked.
    """
    stance, beside = aliased(Stance), aliased(Stance)
    one, other, proposition = aliased(Proposition), aliased(Proposition), aliased(Proposition)
    these = select(proposition.id).where(*proposition_matches(proposition.id, wanted))
    on_these = among(stance.proposition_id, these.scalar_subquery())
    arms: list[Select[int]] = [
        select(stance.entry_id).where(on_these),
        select(beside.entry_id)
        .join(other, other.id == beside.proposition_id)
        .join(Topic, Topic.id == other.topic_id)
        .join(one, one.topic_id == Topic.id)
        .where(Topic.exclusive.is_(True), *proposition_matches(one.id, wanted)),
    ]
    for here, there in ((Link.from_id, Link.to_id), (Link.to_id, Link.from_id)):
        far = select(there).join(stance, stance.entry_id == here)
        arms.append(far.where(Link.relation == Relation.CONTRADICTS, on_these))
    return union(*arms)


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


def _grounds(subject: type[Entry], counter: type[Entry], scope: Filters) -> ScalarSelect[Any]:
    ground = stance_grounds(subject, counter, scope)
    return (
        select(json_list(json_row(packed(ground), *ground.c[2:])))
        .select_from(ground)
        .correlate(subject, counter)
        .scalar_subquery()
    )


def _row(row: Any) -> ContradictionRow:
    status, *found = read_grounds(row.told_grounds, row.told_links)
    values = (
        *row[: 2 * len(_SIDE)],
        row.klass,
        PairStatus.RECONCILED.value if row.is_reconciled else status,
        *found,
        row.days,
        _read_urls(row.told_subject_urls),
        _read_urls(row.told_counter_urls),
    )
    return ContradictionRow(*values)


@lru_cache(maxsize=1024)  # pairs that follow each other have a subject in common
def _read_urls(told: str) -> tuple[str, ...]:
    return tuple(sorted(set(json.loads(told))))
