"""Rules between records that the database cannot express: refusals and warnings."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import or_, select

from claimtrack import addresses
from claimtrack.db import Session, is_masked
from claimtrack.errors import (
    Duplicate,
    Invalid,
    InvalidValue,
)
from claimtrack.models import (
    Actor,
    Base,
    Citation,
    Document,
    Entry,
    Figure,
    Link,
    Measure,
    Participation,
    Topic,
)
from claimtrack.number_ranges import format_number
from claimtrack.records import find, is_withheld
from claimtrack.schemas import (
    refuse_misplaced_role,
)
from claimtrack.vocab import REF_PATTERN, MeasureKind, Relation


def check_rules(
    session: Session, table: str, columns: Mapping[str, Any], stored: Base | None
) -> None:
    """Check the rules between records; warn of what is doubtful.

    Args:
        session: The session.
        table: The table of the row.
        columns: The attributes that the row will have.
        stored: The stored row; None for a new one.

    Raises:
        Conflict, Invalid: a rule is broken.
    """
    if table == "actor":
        _warn_of_names(session, columns)
    match stored, table:
        case ((Actor() | Topic()), _):
            _refuse_cycle(session, stored, columns["parent"])
        case _, "document":
            _refuse_document(session, columns, stored)
        case _, "participation":
            try:
                refuse_misplaced_role(columns["entry"].kind, columns["role"])
            except ValueError as error:
                raise Invalid(str(error)) from error
        case Entry(), _:
            _refuse_kind(session, stored, columns)
            _warn_of_early_replies(session, stored, columns)
        case _, "citation":
            _refuse_misquotation(session, columns)
        case _, "figure":
            _refuse_negative_count(columns)
        case Measure(), _:
            _refuse_measure_kind(session, stored, columns)
        case _, "link":
            if columns["relation"] is Relation.RESPONDS_TO:
                _warn_of_early_reply(session, columns["from_"], columns["to"])


_NAMED = 8
"""Malformed addresses that are each named in a warning."""


def accept_any_address(session: Session) -> None:
    """Accept malformed addresses in this session from now on; they are noted, not refused.

    For claimtrack's own files: another casebook may hold addresses from before they were checked.
    """
    session.state.unchecked_addresses = {}


def describe_unchecked_addresses(session: Session) -> Iterator[str]:
    """Yield a sentence for each of the first malformed addresses, and the number of others.

    Those that a row had already are not among them. Addresses are checked again from now on.
    """
    unchecked, session.state.unchecked_addresses = session.state.unchecked_addresses or {}, None
    listed = "kept as it is, and listed by 'claimtrack check'"
    yield from (f"{described}: {listed}" for described in islice(unchecked, _NAMED))
    if len(unchecked) > _NAMED:
        yield f"and {len(unchecked) - _NAMED:,} more texts that are not addresses"


def check_addresses(
    session: Session, table: str, columns: Mapping[str, Any], stored: Base | None
) -> None:
    """Check the addresses of a document, except those that its row has already.

    Raises:
        InvalidValue: one is malformed, unless `accept_any_address` was called.
    """
    unchecked = session.state.unchecked_addresses
    for name in ("url", "archive_url") if table == Document.__tablename__ else ():
        text = columns[name]
        if text is None or (stored is not None and getattr(stored, name) == text):
            continue
        if unchecked is None:
            addresses.check_address(name, text)
        elif why := addresses.find_fault(text):
            described = f"{name} {addresses.shorten(text)!r} of {columns['ref']} is not one address"
            if columns["protected"] and is_masked(session):
                described = f"{name} of a protected document is not one address"
            unchecked[f"{described}, as it {why}"] = None


def _warn_of_names(session: Session, columns: Mapping[str, Any]) -> None:
    for alias in columns["aliases"]:
        other = find(session, Actor, alias) if re.fullmatch(REF_PATTERN, alias) else None
        if other is not None and other.ref != columns["ref"]:
            session.state.warnings.append(
                f"the alias {alias!r} of {columns['ref']} is the ref of another actor, and "
                f"refers to that one: if they are the same, run 'claimtrack actor merge {alias} "
                f"{columns['ref']}'"
            )


def _refuse_cycle(session: Session, row: Actor | Topic, parent: Actor | Topic | None) -> None:
    above, path = parent, [row]
    while above is not None:
        path.append(above)
        if above is row:
            withheld = any(is_withheld(session, one) for one in path)
            described = "" if withheld else f" ({' in '.join(one.ref for one in path)})"
            raise Invalid(
                f"parent {path[1].ref!r} would create a cycle{described}: choose a parent that "
                "is not below it"
            )
        above = above.parent


def _refuse_document(session: Session, columns: Mapping[str, Any], stored: Base | None) -> None:
    same_url = select(Document).where(Document.url == columns["url"])
    other = session.scalar(same_url) if columns["url"] is not None else None
    if other is not None and other is not stored:
        if columns["protected"] and is_masked(session):
            raise Duplicate(f"another document already has the address of {columns['ref']!r}")
        raise Duplicate(f"document {other.ref!r} already has the address {columns['url']}: use it")
    if isinstance(stored, Document) and columns["body"] != stored.body:
        _refuse_lost_quotations(session, stored, columns["body"])
    canonical = columns["canonical"]
    if canonical is None:
        return
    if canonical.canonical is not None:
        third = canonical.canonical
        withheld = is_withheld(session, canonical) or is_withheld(session, third)
        of = "a third" if withheld else repr(third.ref)
        raise Invalid(
            f"canonical {canonical.ref!r} is itself another address of {of}: name that one"
        )
    if isinstance(stored, Document):
        alias = session.scalar(select(Document).where(Document.canonical == stored).limit(1))
        if alias is not None:
            withheld = is_withheld(session, alias) or is_withheld(session, stored)
            of = "another" if withheld else repr(alias.ref)
            raise Invalid(
                f"document {stored.ref!r} is the canonical one of {of}: "
                "it cannot be another address of a third"
            )


def defer_quotation_checks(session: Session) -> None:
    """Accept new texts of documents unchecked until `check_deferred_quotations`.

    The citations that fit a new text may only follow it in a file.
    """
    session.state.unchecked_documents = set()


def check_deferred_quotations(session: Session) -> list[tuple[str, Invalid]]:
    """Return the documents whose new texts lack a quotation, by ref, each with its refusal."""
    lost: list[tuple[str, Invalid]] = []
    put_off, session.state.unchecked_documents = session.state.unchecked_documents or (), None
    for document in sorted(put_off, key=lambda row: row.ref):
        try:
            _refuse_lost_quotations(session, document, document.body)
        except Invalid as error:
            lost.append((document.ref, error))
    return lost


def _refuse_lost_quotations(session: Session, document: Document, body: str | None) -> None:
    located = select(Citation).where(Citation.document == document, Citation.start_pos.is_not(None))
    put_off = session.state.unchecked_documents
    if put_off is not None:
        put_off.add(document)
        return
    withheld = is_withheld(session, document)
    lost = [
        citation.entry.ref + ("" if withheld else f" ({citation.start_pos} to {citation.end_pos})")
        for citation in session.scalars(located)
        if (body or "")[citation.start_pos : citation.end_pos] != citation.exact
    ]
    if lost:
        raise Invalid(
            f"document {document.ref!r} would lose quotations in its body: those of "
            f"{', '.join(sorted(lost))}: remove or move those citations first"
        )


def _refuse_kind(session: Session, stored: Entry, columns: Mapping[str, Any]) -> None:
    roles = select(Participation.role).where(Participation.entry == stored)
    for role in session.scalars(roles) if columns["kind"] is not stored.kind else ():
        try:
            refuse_misplaced_role(columns["kind"], role)
        except ValueError as error:
            raise Invalid(str(error)) from error


def _refuse_misquotation(session: Session, columns: Mapping[str, Any]) -> None:
    start, end, document = columns["start_pos"], columns["end_pos"], columns["document"]
    if start is None:
        return
    body = document.body
    if body is None:
        raise Invalid(
            f"document {document.ref!r} has no body: add its text first, or leave start_pos and "
            "end_pos out"
        )
    if body[start:end] != columns["exact"]:
        if is_withheld(session, document):
            raise Invalid(f"the quotation is not at that position in document {document.ref!r}")
        raise Invalid(
            f"exact {columns['exact']!r} is not at {start} to {end} of document "
            f"{document.ref!r}: the text there is {body[start:end][:60]!r}"
        )


def _refuse_negative_count(columns: Mapping[str, Any]) -> None:
    measure = columns["measure"]
    for name in ("low", "high"):
        if measure.kind is MeasureKind.COUNT and columns[name] is not None and columns[name] < 0:
            raise InvalidValue(
                name,
                format_number(columns[name]),
                f"0 or more: {measure.ref} is a count, and nothing happens a negative number "
                "of times",
            )


def _refuse_measure_kind(session: Session, stored: Measure, columns: Mapping[str, Any]) -> None:
    """Refuse to make a measure a count while it has negative figures."""
    if columns["kind"] is not MeasureKind.COUNT or stored.kind is MeasureKind.COUNT:
        return
    below = or_(Figure.low < 0, Figure.high < 0)
    negative = (
        select(Entry.ref)
        .join(Figure, Figure.entry_id == Entry.id)
        .where(Figure.measure_id == stored.id, below)
        .order_by(Entry.ref)
    )
    if refs := session.scalars(negative.distinct().limit(_NAMED)).all():
        raise Invalid(
            f"measure {stored.ref!r} has negative figures, in {', '.join(refs)}, and a count "
            "is never negative: correct those figures first"
        )


def _warn_of_early_replies(session: Session, stored: Entry, columns: Mapping[str, Any]) -> None:
    """Warn of replies by and to an entry that its new dates put in the wrong order."""
    dates = {name: columns[name] for name in ("date_from", "date_to")}
    if all(getattr(stored, name) == day for name, day in dates.items()):
        return
    ends = or_(Link.from_id == stored.id, Link.to_id == stored.id)
    replies = select(Link).where(ends, Link.relation == Relation.RESPONDS_TO).order_by(Link.id)
    to_be = Entry(ref=stored.ref, **dates)
    for link in session.scalars(replies):
        reply, answered = (to_be if end is stored else end for end in (link.from_, link.to))
        _warn_of_early_reply(session, reply, answered)


def _warn_of_early_reply(session: Session, reply: Entry, answered: Entry) -> None:
    latest, earliest = reply.date_to, answered.date_from
    if latest and earliest and latest < earliest:
        session.state.warnings.append(
            f"{reply.ref} ({latest}) is dated before {answered.ref} ({earliest}), "
            "to which it is recorded as a reply: check the dates"
        )
