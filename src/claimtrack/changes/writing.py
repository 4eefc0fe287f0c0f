"""Writing whole records, and the rules between records that the database cannot say."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from sqlalchemy import or_, select

from claimtrack import addresses, history
from claimtrack.changes.merging import JUDGES, columns_from, judge, row_there
from claimtrack.changes.rows import Outcome, insert, update
from claimtrack.db import Session, is_masked
from claimtrack.errors import (
    Duplicate,
    Invalid,
    RefTaken,
)
from claimtrack.models import (
    Actor,
    Base,
    Citation,
    Document,
    Entry,
    Link,
    Named,
    Participation,
    Topic,
)
from claimtrack.records import NAMED, TABLES, actors_called, find, get, is_withheld
from claimtrack.schemas import (
    New,
    NewEntry,
    refuse_misplaced_role,
)
from claimtrack.vocab import REF_PATTERN, Relation


def add(session: Session, record: New) -> Named:
    """Write a record that must be new, with all that hangs on it.

    Raises:
        RefTaken: the ref names a record, or named one.
        Whatever `put` raises.
    """
    ref = str(getattr(record, "ref", ""))
    refuse_taken(session, record.table, ref, _noun(record))
    put(session, record)
    return get(session, NAMED[record.table], ref)


def refuse_taken(session: Session, table: str, ref: str, noun: str) -> None:
    """Refuse a ref that a new record cannot have.

    Raises:
        RefTaken: it names a record, or named one.
    """
    there = find(session, NAMED[table], ref)
    if there is not None:
        raise RefTaken(str(there.kind) if isinstance(there, Entry) else table, ref)
    if history.ever_used(session, table, ref):
        raise RefTaken(noun, ref, removed=True)


def _noun(record: New) -> str:
    return str(record.kind) if isinstance(record, NewEntry) else record.table


def put(session: Session, record: New, *, entry: Entry | None = None) -> Outcome:
    """Write a whole record, new or known; the rows nested in an entry are written with it.

    `entry` is that of a participant, citation or stance. What does not change leaves no revision.

    Raises:
        UnknownRef: it refers to nothing.
        RefTaken: its ref named a record that has been removed.
        Conflict, Invalid: it breaks a rule between records.
    """
    given = record.model_dump(by_alias=True)
    there = row_there(session, type(record), given, entry)
    columns = _columns(session, record, entry)
    refuse_new_addresses(session, record.table, columns, there)
    refuse_what_sql_cannot(session, record.table, columns, there)
    if there is not None:
        row, outcome = there, update(session, there, columns)
    else:
        row, outcome = TABLES[record.table](**columns), Outcome.ADDED
        if record.table in NAMED and history.ever_used(session, record.table, given["ref"]):
            raise _removed(session, record, given["ref"])
        insert(session, row)
    if isinstance(record, NewEntry) and isinstance(row, Entry):
        nested = [*record.participants, *record.citations, *record.stances]
        outcomes = {put(session, one, entry=row) for one in nested}
        if outcome is Outcome.UNCHANGED and outcomes - {Outcome.UNCHANGED}:
            outcome = Outcome.CHANGED
    return outcome


def _removed(session: Session, record: New, ref: str) -> RefTaken:
    called = actors_called(ref).limit(1) if record.table == "actor" else None
    now = None if called is None else session.scalars(called).first()
    return RefTaken(_noun(record), ref, removed=True, instead=None if now is None else now.ref)


def _columns(session: Session, record: New, entry: Entry | None) -> dict[str, Any]:
    """Return the attributes of the row: a row for each ref."""

    def resolve(name: str, other: type[Named], ref: str | None) -> Named | None:
        if name == "entry" and entry is not None:
            return entry
        if name in JUDGES:
            return judge(session, ref)
        return None if ref is None else get(session, other, ref)

    return columns_from(TABLES[record.table], record.model_dump(by_alias=True), resolve)


def refuse_what_sql_cannot(
    session: Session, table: str, columns: Mapping[str, Any], there: Base | None
) -> None:
    """Refuse what breaks a rule between records; `columns` are the row's attributes to be.

    Raises:
        Conflict, Invalid: it does.
    """
    if table == "actor":
        _warn_of_names(session, columns)
    match there, table:
        case ((Actor() | Topic()), _):
            _refuse_cycle(session, there, columns["parent"])
        case _, "document":
            _refuse_document(session, columns, there)
        case _, "participation":
            try:
                refuse_misplaced_role(columns["entry"].kind, columns["role"])
            except ValueError as error:
                raise Invalid(str(error)) from error
        case Entry(), _:
            _refuse_kind(session, there, columns)
            _warn_of_early_replies(session, there, columns)
        case _, "citation":
            _refuse_misquotation(session, columns)
        case _, "link":
            if columns["relation"] is Relation.RESPONDS_TO:
                _warn_of_early_reply(session, columns["from_"], columns["to"])


_NAMED = 8
"""Addresses of which each is named in a warning."""


def keep_addresses(session: Session) -> None:
    """Take addresses as they are from now on, even such as are none: see `kept_addresses`.

    For the casebook's own files: what another casebook holds, from before addresses were checked,
    can be moved.
    """
    session.state.unchecked_addresses = {}


def kept_addresses(session: Session) -> Iterator[str]:
    """Yield a sentence for each of the first addresses that were kept, and how many more there are.

    Those that a row had already are not among them.
    """
    kept, session.state.unchecked_addresses = session.state.unchecked_addresses or {}, None
    listed = "kept as it is, and listed by 'claimtrack check'"
    yield from (f"{told}: {listed}" for told in islice(kept, _NAMED))
    if len(kept) > _NAMED:
        yield f"and {len(kept) - _NAMED:,} more texts that are no addresses"


def refuse_new_addresses(
    session: Session, table: str, columns: Mapping[str, Any], there: Base | None
) -> None:
    """Refuse an address that is none, but for one that the row has already.

    Raises:
        InvalidValue: it is none, and is not to be kept all the same.
    """
    kept = session.state.unchecked_addresses
    for name in ("url", "archive_url") if table == Document.__tablename__ else ():
        text = columns[name]
        if text is None or (there is not None and getattr(there, name) == text):
            continue
        if kept is None:
            addresses.refuse_wrong(name, text)
        elif why := addresses.fault(text):
            told = f"{name} {addresses.shortened(text)!r} of {columns['ref']} is not one address"
            if columns["protected"] and is_masked(session):
                told = f"{name} of a protected document is not one address"
            kept[f"{told}, as it {why}"] = None


def _warn_of_names(session: Session, columns: Mapping[str, Any]) -> None:
    for alias in columns["aliases"]:
        other = find(session, Actor, alias) if re.fullmatch(REF_PATTERN, alias) else None
        if other is not None and other.ref != columns["ref"]:
            session.state.warnings.append(
                f"the alias {alias!r} of {columns['ref']} is the ref of another actor, and means "
                f"that one: if they are one, run 'claimtrack actor merge {alias} {columns['ref']}'"
            )


def _refuse_cycle(session: Session, row: Actor | Topic, parent: Actor | Topic | None) -> None:
    above, path = parent, [row]
    while above is not None:
        path.append(above)
        if above is row:
            withheld = any(is_withheld(session, one) for one in path)
            told = "" if withheld else f" ({' in '.join(one.ref for one in path)})"
            raise Invalid(
                f"parent {path[1].ref!r} would close a circle{told}: "
                "give a parent that is not below it"
            )
        above = above.parent


def _refuse_document(session: Session, columns: Mapping[str, Any], there: Base | None) -> None:
    same_url = select(Document).where(Document.url == columns["url"])
    other = session.scalar(same_url) if columns["url"] is not None else None
    if other is not None and other is not there:
        if columns["protected"] and is_masked(session):
            raise Duplicate(f"another document has the address of {columns['ref']!r} already")
        raise Duplicate(f"document {other.ref!r} has the address {columns['url']} already: use it")
    if isinstance(there, Document) and columns["body"] != there.body:
        _refuse_lost_quotations(session, there, columns["body"])
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
    if isinstance(there, Document):
        alias = session.scalar(select(Document).where(Document.canonical == there).limit(1))
        if alias is not None:
            withheld = is_withheld(session, alias) or is_withheld(session, there)
            of = "another" if withheld else repr(alias.ref)
            raise Invalid(
                f"document {there.ref!r} is the canonical one of {of}: "
                "it cannot be another address of a third"
            )


def put_off_quotations(session: Session) -> None:
    """Let new texts of documents stand until `lost_quotations`, as citations may follow them."""
    session.state.unchecked_documents = set()


def lost_quotations(session: Session) -> list[tuple[str, Invalid]]:
    """Return the documents whose new texts lack a quotation, by ref, each with the refusal."""
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
            f"document {document.ref!r} would lose quotations that its body holds: those of "
            f"{', '.join(sorted(lost))}: remove or move those citations first"
        )


def _refuse_kind(session: Session, there: Entry, columns: Mapping[str, Any]) -> None:
    roles = select(Participation.role).where(Participation.entry == there)
    for role in session.scalars(roles) if columns["kind"] is not there.kind else ():
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
            f"document {document.ref!r} has no body: "
            "give it its text first, or leave start_pos and end_pos out"
        )
    if body[start:end] != columns["exact"]:
        if is_withheld(session, document):
            raise Invalid(f"the quotation does not stand there in document {document.ref!r}")
        raise Invalid(
            f"exact {columns['exact']!r} does not stand at {start} to {end} of document "
            f"{document.ref!r}: there stands {body[start:end][:60]!r}"
        )


def _warn_of_early_replies(session: Session, there: Entry, columns: Mapping[str, Any]) -> None:
    """Warn of the replies by and to an entry whose dates are about to change."""
    dates = {name: columns[name] for name in ("date_from", "date_to")}
    if all(getattr(there, name) == day for name, day in dates.items()):
        return
    ends = or_(Link.from_id == there.id, Link.to_id == there.id)
    replies = select(Link).where(ends, Link.relation == Relation.RESPONDS_TO).order_by(Link.id)
    to_be = Entry(ref=there.ref, **dates)
    for link in session.scalars(replies):
        reply, answered = (to_be if end is there else end for end in (link.from_, link.to))
        _warn_of_early_reply(session, reply, answered)


def _warn_of_early_reply(session: Session, reply: Entry, answered: Entry) -> None:
    latest, earliest = reply.date_to, answered.date_from
    if latest and earliest and latest < earliest:
        session.state.warnings.append(
            f"{reply.ref} ({latest}) is dated before {answered.ref} ({earliest}), "
            "to which it is said to reply: check the dates"
        )
