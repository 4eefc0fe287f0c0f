"""The fields and sections of an entry, for `show`."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import case, or_, select
from sqlalchemy.orm import aliased

from claimtrack.db import Session
from claimtrack.kinds import ENTRY
from claimtrack.lookup.lists import LISTINGS, listed
from claimtrack.lookup.rows import AssertedRow, BearingRow, LinkedRow, NumberRow, Part
from claimtrack.models import (
    Actor,
    Citation,
    Entry,
    Grade,
    Link,
    Participation,
    Proposition,
)
from claimtrack.number_ranges import to_plain
from claimtrack.query.actors import ActorTree
from claimtrack.query.figure_readings import FigureReadings
from claimtrack.query.filters import Filters
from claimtrack.query.local_times import format_entry_date, format_entry_period
from claimtrack.query.pair_filters import PairFilters
from claimtrack.query.stance_readings import Readings
from claimtrack.query.visibility import entry_in_scope
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.citations import CitationRow, list_citations_where
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.vocab import (
    SYMMETRIC,
    Basis,
    CitationRole,
    EntryKind,
    PairClass,
    PairStatus,
    Relation,
)

_BY = {
    EntryKind.STATEMENT: "words",
    EntryKind.COMMITMENT: "words",
    EntryKind.WINDOW: "words",
    EntryKind.ACTION: "deeds",
    EntryKind.CLAIM: "sources",
    EntryKind.ASSESSMENT: "assessments",
}
_IN_ORDER = tuple(dict.fromkeys(_BY.values()))
_CLASSES = tuple(PairClass)
_LINKS = (
    *(Relation.SUPERSEDES, Relation.RESPONDS_TO, Relation.REPEATS, Relation.CONTRADICTS),
    *(Relation.RECONCILES, Relation.CORROBORATES, Relation.CONCERNS, Relation.UNRELATED),
)
"""The relations of links, in the order in which they are shown."""
_FOR = (Relation.CORROBORATES,)
_AGAINST = (Relation.CONTRADICTS, Relation.RECONCILES)
"""The links that are shown with the entries for an entry, and with those against it."""
_OUTWARD = {Relation.RESPONDS_TO: "replies to", Relation.UNRELATED: "unrelated to"}
_INWARD = {
    Relation.REPEATS: "repeated by",
    Relation.RESPONDS_TO: "answered by",
    Relation.SUPERSEDES: "superseded by",
    Relation.CONCERNS: "spoken of by",
}


_WITH_OTHERS = frozenset(
    {
        *("ref", "kind", "date_to", "date_text", "precision", "about_to", "longitude"),
        *("time_from", "time_to", "about_time_from", "about_time_to"),
    }
)
"""Fields that are shown in the title, or together with another."""
_ZONES = ("zone", "about_zone")


def entry_fields(session: Session, entry: Entry) -> list[tuple[str, object]]:
    """Return the labels and values of the fields of an entry, in the order in which they appear."""
    agent = entry.actor_id if entry.on_behalf_of_id is None else entry.on_behalf_of_id
    root = session.get(Actor, ActorTree(session).get_principal(agent))
    other = root is not None and root is not entry.actor
    span = format_entry_date(entry)
    words = entry.date_text
    composed: dict[str, list[tuple[str, object]]] = {
        "actor": [
            ("who", _describe_actor(entry.actor)),
            ("described as", entry.actor.described_as),
        ],
        "on_behalf_of": [
            ("on behalf of", entry.on_behalf_of and _describe_actor(entry.on_behalf_of)),
            ("principal", _describe_actor(root) if root and other else None),
            *_participants(session, entry),
        ],
        "date_from": [("when", f'{span} ("{words}")' if span and words else span or words)],
        "about_from": [("about", format_entry_period(entry))],
        "latitude": [("coordinates", _coordinates(entry))],
    }
    shown: list[tuple[str, object]] = []
    for one in ENTRY.fields:
        if one.name in _ZONES and not re.match("[A-Za-z]", getattr(entry, one.name) or ""):
            continue  # an offset is in the times themselves
        if one.name not in _WITH_OTHERS:
            shown += composed.get(one.name) or [(one.label, getattr(entry, one.name))]
    return shown


def _describe_actor(actor: Actor) -> str:
    return f"{actor.name} ({actor.ref})"


def _coordinates(entry: Entry) -> str | None:
    if entry.latitude is None and entry.longitude is None:
        return None
    return f"{entry.latitude}, {entry.longitude}"


def participants_of(session: Session, entry: Entry) -> Iterator[Any]:
    """Yield the role and the actor of each participation, by role, then ref."""
    query = (
        select(Participation.role, Actor)
        .join(Actor, Actor.id == Participation.actor_id)
        .where(Participation.entry_id == entry.id)
        .order_by(Participation.role, Actor.ref)
    )
    yield from session.execute(query)


def _participants(session: Session, entry: Entry) -> list[tuple[str, object]]:
    by_role: dict[str, list[str]] = {}
    for role, actor in participants_of(session, entry):
        by_role.setdefault(role.replace("_", "-"), []).append(_describe_actor(actor))
    return list(by_role.items())


def entry_sections(session: Session, entry: Entry) -> list[Part]:
    """Return the sections of an entry, in the order in which they are shown.

    No link is in two sections: `corroborates` and `contradicts` links are shown with the entries
    for and against it.
    """
    whole = Filters(include_superseded=True)
    settles = Proposition.resolved_by_id == entry.id
    links = _links(session, entry)
    for_it, against = _for(session, entry, links), _against(session, entry, links)
    placed = {(relation, row.ref) for row in for_it for relation in _FOR}
    placed |= {(relation, row.ref) for row in against for relation in _AGAINST}
    others = [one for one in links if (one.link.relation, one.row.ref) not in placed]
    return [
        Part("Asserts", _asserted(session, entry)),
        Part("Figures", _numbers(session, entry)),
        Part("Speaks for it", for_it),
        Part("Speaks against it", against, _command(entry, links, against)),
        Part("Links", list(map(_linked, others))),
        Part("Grades", listed(session, LISTINGS["grade"], whole, Grade.entry_id == entry.id)),
        Part("Footnotes", _footnotes(session, entry)),
        Part("Settles", listed(session, LISTINGS["proposition"], whole, settles)),
    ]


def _asserted(session: Session, entry: Entry) -> Iterator[AssertedRow]:
    readings = Readings(session, Filters()).entries.get_many([entry.id])[entry.id]
    return (
        AssertedRow(
            proposition=one.proposition,
            text=one.text,
            value=one.value,
            basis=one.basis,
            hedge=one.hedge,
            condition=one.condition,
            likelihood=one.likelihood,
            confidence=one.confidence,
            asserted_by=one.asserted_by,
            rationale=one.rationale,
        )
        for one in readings
    )


def _numbers(session: Session, entry: Entry) -> Iterator[NumberRow]:
    readings = FigureReadings(session, Filters()).entries.get_many([entry.id])[entry.id]
    return (
        NumberRow(
            measure=one.measure,
            text=one.text,
            unit=one.unit,
            low=to_plain(one.low),
            high=to_plain(one.high),
            basis=one.basis,
            hedge=one.hedge,
            condition=one.condition,
            asserted_by=one.asserted_by,
            rationale=one.rationale,
        )
        for one in readings
    )


def _footnotes(session: Session, entry: Entry) -> list[CitationRow]:
    """Return the citations of an entry, primary ones first."""
    roles = list(CitationRole)
    found = list_citations_where(session, Citation.entry_id == entry.id)
    return sorted(found, key=lambda row: roles.index(CitationRole(row.role)))


# --- for and against ------------------------------------------------------------------------------


def _for(session: Session, entry: Entry, links: Sequence["_Linked"]) -> list[BearingRow]:
    """Return the entries that agree with it: the strongest first, assessments last of these."""
    recorded = _recorded(links, _FOR)
    found = [
        BearingRow(
            by=_BY[EntryKind(row.kind)],
            ref=row.ref,
            actor=row.actor,
            date_from=row.date_from,
            date_to=row.date_to,
            time_from=row.time_from,
            time_to=row.time_to,
            summary=row.summary,
            how=", ".join(
                ["same side"] * bool(row.propositions) + ["corroborates"] * row.corroborates
            ),
            status=None,
            timing=None,
            days=None,
            strength=row.strength,
            basis=None,
            propositions=row.propositions,
            measures=(),
            conditions=(),
            asserted_by=row.asserted_by,
            links=recorded.get(row.ref, ()),
        )
        for row in affirmations(session, Filters(), Entry.id == entry.id)
    ]
    return sorted(found, key=lambda row: (-row.strength, _IN_ORDER.index(row.by), *_dated(row)))


def _against(session: Session, entry: Entry, links: Sequence["_Linked"]) -> list[BearingRow]:
    """Return the entries that oppose it: the strongest first, what is reconciled last of all."""
    superseded = not session.scalar(
        select(Entry.id).where(Entry.id == entry.id, *entry_in_scope(Entry, Filters()))
    )
    filters = Filters(include_superseded=superseded)
    pairs = PairFilters(entries=(entry.ref,), include_reconciled=True)
    recorded = _recorded(links, _AGAINST)
    found = [
        _opponent(pair, "counter" if pair.subject_ref == entry.ref else "subject", recorded)
        for pair in contradictions(session, filters, pairs)
        if pair.klass is not None  # what is only reconciled speaks against nothing
    ]
    return sorted(found, key=_by_weight)


def _command(entry: Entry, links: Iterable["_Linked"], against: Iterable[BearingRow]) -> str:
    """Return the command that lists the entries against an entry."""
    reconciled = any(row.status == PairStatus.RECONCILED for row in against)
    superseded = any(one.link.relation is Relation.SUPERSEDES and not one.is_own for one in links)
    options = [" --include-reconciled"] * reconciled + [" --include-superseded"] * superseded
    return f"claimtrack report contradictions --entry {entry.ref}{''.join(options)}"


def _opponent(
    pair: ContradictionRow, side: str, recorded: Mapping[str, tuple[str, ...]]
) -> BearingRow:
    ref = getattr(pair, f"{side}_ref")
    return BearingRow(
        by=_BY[EntryKind(getattr(pair, f"{side}_kind"))],
        ref=ref,
        actor=getattr(pair, f"{side}_actor"),
        date_from=getattr(pair, f"{side}_date_from"),
        date_to=getattr(pair, f"{side}_date_to"),
        time_from=getattr(pair, f"{side}_time_from"),
        time_to=getattr(pair, f"{side}_time_to"),
        summary=getattr(pair, f"{side}_summary"),
        how=pair.klass or "",
        status=pair.status,
        timing=pair.timing,
        days=pair.days,
        strength=pair.strength or 0,
        basis=pair.basis,
        propositions=pair.propositions,
        measures=pair.measures,
        conditions=pair.conditions,
        asserted_by=pair.asserted_by,
        links=recorded.get(ref, ()),
    )


def _by_weight(row: BearingRow) -> tuple[Any, ...]:
    """Return the key by which opponents are sorted."""
    return (
        row.status == PairStatus.RECONCILED,
        -row.strength,
        row.basis != Basis.EXPLICIT,
        row.how == PairClass.ASSESSED_AGAINST,  # a judgement, behind what was said and done
        _CLASSES.index(PairClass(row.how)),
        *_dated(row),
    )


def _dated(row: BearingRow) -> tuple[date, str]:
    return row.date_from or row.date_to or date.max, row.ref


# --- links ----------------------------------------------------------------------------------------


class _Linked(NamedTuple):
    """A link of the entry shown, and what is at its other end."""

    link: Link
    is_own: bool
    row: Entry
    actor: str
    asserted_by: str


def _recorded(
    links: Iterable[_Linked], relations: Collection[Relation]
) -> Mapping[str, tuple[str, ...]]:
    """Return links of some relations as texts, by the ref of the other entry."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for one in links:
        link = one.link
        if link.relation in relations:
            words = f"{link.relation.value} {link.strength} by {one.asserted_by}"
            words += f": {link.rationale}" if link.rationale else ""
            found[one.row.ref] += (words,)
    return found


def _links(session: Session, entry: Entry) -> list[_Linked]:
    """Return the links of an entry, those of one relation together, its own first of these."""
    other, judge = aliased(Entry), aliased(Actor)
    is_first = Link.from_id == entry.id
    far_end = case((is_first, Link.to_id), else_=Link.from_id)
    own = or_(is_first, Link.relation.in_(SYMMETRIC))
    query = (
        select(Link, own, other, Actor.ref, judge.ref)
        .join(other, other.id == far_end)
        .join(Actor, Actor.id == other.actor_id)
        .join(judge, judge.id == Link.asserted_by_id)
        .where(or_(is_first, Link.to_id == entry.id))
        .order_by(own.desc(), other.ref, judge.ref)
    )
    found = (_Linked(*row) for row in session.execute(query))
    return sorted(found, key=lambda one: _LINKS.index(one.link.relation))


def _linked(one: _Linked) -> LinkedRow:
    relation = one.link.relation
    words = _OUTWARD if one.is_own else _INWARD
    return LinkedRow(
        how=words.get(relation, relation.value),
        ref=one.row.ref,
        kind=one.row.kind,
        actor=one.actor,
        summary=one.row.summary,
        strength=one.link.strength,
        asserted_by=one.asserted_by,
        rationale=one.link.rationale,
    )
