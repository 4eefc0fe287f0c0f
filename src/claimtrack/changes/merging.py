"""Merging partial input with what is stored, so that the whole record can be validated."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import BigInteger, cast, func, select

from claimtrack import dates, fulltext, history
from claimtrack.changes.rows import insert
from claimtrack.db import Session
from claimtrack.errors import AmbiguousRef, InvalidValue, UnknownRef
from claimtrack.kinds import KINDS
from claimtrack.models import (
    Actor,
    Base,
    Document,
    Entry,
    Measure,
    Named,
    Proposition,
    Revision,
)
from claimtrack.records import (
    NAMED,
    TABLES,
    actors_called,
    find,
    get,
    own_columns,
    record_of,
    references,
    relation_name,
)
from claimtrack.schemas import New, lists_of
from claimtrack.vocab import REF_PREFIX, SYMMETRIC, ActorKind, Op, ParticipationRole, Relation

_OWNED = tuple(kind.name for kind in KINDS.values() if kind.parent is not None)
"""The tables whose rows belong to an entry, which is part of their key."""


def merge_with_stored(
    session: Session, model: type[New], values: Mapping[str, Any], *, entry: Entry | None = None
) -> dict[str, Any]:
    """Return all fields of a record: those in `values`, and the stored values of the others.

    A missing key keeps its value, None clears it. The stances, citations and participants of an
    entry are merged with those that have the same key.

    Args:
        session: The session.
        model: The schema of the record.
        values: The fields, not yet validated.
        entry: The entry of a nested row.
    """
    try:
        spelled = model.spelled(values)
    except ValueError:
        return dict(values)  # validation reports what is wrong with it
    stored = find_stored_row(session, model, spelled, entry)
    whole = {**(_fields(model, stored) if stored else {}), **spelled}
    if isinstance(stored, Entry) and "date_text" not in values:
        _keep_words(stored, whole)
    for name, nested in lists_of(model).items():
        if isinstance(whole.get(name), list):
            owner = stored if isinstance(stored, Entry) else None
            whole[name] = [
                merge_with_stored(session, nested, row, entry=owner)
                if isinstance(row, Mapping)
                else row
                for row in whole[name]
            ]
    return whole


def warn_of_lost_dates(session: Session, model: type[New], values: Mapping[str, Any]) -> None:
    """Warn of what dates say beyond their bounds; only an entry's date is stored as text too."""
    for key, bounds in model.spans.items():
        text = str(values.get(key) or "")
        if not text or bounds == ("date_from", "date_to"):
            continue
        with suppress(InvalidValue):  # validation will say what is wrong with it
            span = dates.parse_span(text)
            if doubt := dates.describe_lost_detail(text, span, is_published=key == "published"):
                session.state.warnings.append(f"{key} {text!r} {doubt}")


def find_stored_row(
    session: Session, model: type[New], values: Mapping[str, Any], entry: Entry | None
) -> Base | None:
    """Return the row that a record names; None if there is none, or if its key is invalid."""
    try:
        if model.table in NAMED:
            return find(session, NAMED[model.table], values["ref"])
        return find_row_by_key(session, model.table, values, entry)
    except (KeyError, ValueError, InvalidValue, UnknownRef):
        return None  # validation or `put` reports what is wrong with it


def find_row_by_key(
    session: Session, table: str, given: Mapping[str, Any], entry: Entry | None
) -> Base | None:
    """Return the row of a table without refs that has a key, or None.

    Raises:
        KeyError: a part of the key is missing.
        UnknownRef: a part of the key names nothing.
    """
    if table in _OWNED and entry is None:
        return None
    criteria = _read_key(session, table, given)
    if table in _OWNED:
        criteria["entry"] = entry
    if None in (criteria.get("asserted_by", ""), criteria.get("graded_by", "")):
        return None  # a judge who does not exist yet has judged nothing
    return session.scalars(select(TABLES[table]).filter_by(**criteria)).one_or_none()


def _read_key(session: Session, table: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of a row's key as attributes, but for the entry that owns the row.

    A judge who does not exist is None.
    """
    match table:
        case "participation":
            return {
                "actor": get(session, Actor, _get_key_part(given, "actor")),
                "role": ParticipationRole(given["role"]),
            }
        case "citation":
            return _read_citation_key(session, given)
        case "stance":
            return {
                "proposition": get(session, Proposition, _get_key_part(given, "proposition")),
                "asserted_by": _find_judge(session, given, "asserted_by"),
            }
        case "figure":
            measure = get(session, Measure, _get_key_part(given, "measure"))
            return {
                "measure": measure,
                "asserted_by": _find_judge(session, given, "asserted_by"),
            }
        case "link":
            return _read_link_key(session, given)
        case "capture":
            taken = given["retrieved_at"]
            return {
                "document": get(session, Document, _get_key_part(given, "document")),
                "sha256": _get_key_part(given, "sha256"),
                "retrieved_at": dates.parse_instant(taken) if isinstance(taken, str) else taken,
            }
        case _:
            day = given["graded_on"]
            return {
                "entry": get(session, Entry, _get_key_part(given, "entry")),
                "graded_on": dates.parse_day(day, what="day") if isinstance(day, str) else day,
                "graded_by": _find_judge(session, given, "graded_by"),
            }


def _read_citation_key(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    document = get(session, Document, _get_key_part(given, "document"))
    via = _get_key_part(given, "via", optional=True)
    return {
        "document": document,
        "via": get(session, Document, via) if via else None,
        "label": _get_key_part(given, "label", optional=True) or "",
        "start_pos": _get_start_pos(given),
    }


def _read_link_key(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    ends = [get(session, Entry, _get_key_part(given, name)) for name in ("from", "to")]
    relation = Relation(given["relation"])
    first, second = order_ends(relation, *ends)
    return {
        "from_": first,
        "to": second,
        "relation": relation,
        "asserted_by": _find_judge(session, given, "asserted_by"),
    }


def find_logged_row(session: Session, table: str, record: Mapping[str, Any]) -> Base | None:
    """Return the row that a logged record describes, by its ref or key; None if it is gone.

    Raises:
        UnknownRef: a part of its key names a record that is gone.
    """
    if table in NAMED:
        return find(session, NAMED[table], record["ref"])
    entry = find(session, Entry, record["entry"]) if "entry" in record else None
    return find_row_by_key(session, table, record, entry)


Resolve = Callable[[str, type[Named], str | None], Named | None]
"""Finds the row for a ref: takes the column that holds it, the class of the row, and the ref."""


def build_columns(model: type[Base], values: Mapping[str, Any], resolve: Resolve) -> dict[str, Any]:
    """Return the attributes of a row: its values, and for each ref the row that it names."""
    columns = {name: values[name] for name in own_columns(model)}
    for name, other in references(model).items():
        columns[relation_name(f"{name}_id")] = resolve(name, other, values.get(name))
    if "relation" in columns:
        ends = order_ends(columns["relation"], columns["from_"], columns["to"])
        columns["from_"], columns["to"] = ends
    return columns


def _get_key_part(values: Mapping[str, Any], key: str, *, optional: bool = False) -> Any:
    """Return a part of a key that has not been validated yet."""
    value = values.get(key) if optional else values[key]
    if not (isinstance(value, str) or (optional and value is None)):
        raise KeyError(key)
    return value


def _get_start_pos(values: Mapping[str, Any]) -> int | None:
    position = values.get("start_pos")
    if not isinstance(position, int | None):
        raise KeyError("start_pos")
    return position


def order_ends(relation: str, first: Entry, second: Entry) -> tuple[Entry, Entry]:
    """Return the two entries of a link as stored: by ref where the relation is symmetric."""
    if relation in SYMMETRIC and second.ref < first.ref:
        return second, first
    return first, second


def _fields(model: type[New], row: Base) -> dict[str, Any]:
    """Return the columns of a row by the keys of a dossier."""
    names = {field.alias or name for name, field in model.model_fields.items()}
    return {name: value for name, value in record_of(row).items() if name in names}


def _keep_words(stored: Entry, whole: dict[str, Any]) -> None:
    """Keep the stored words of a date; drop words that only spelled bounds which have changed."""
    if stored.date_text is None:
        return
    try:
        dates.parse_span(stored.date_text)
    except InvalidValue:
        whole["date_text"] = stored.date_text
        return
    moved = any(str(whole[name]) != str(getattr(stored, name)) for name in ("date_from", "date_to"))
    if moved and whole["date_text"] == stored.date_text:
        whole["date_text"] = None


def get_or_create_judge(session: Session, name: str | None) -> Actor:
    """Return the judge of a name; by default the author of this command, created if missing.

    Raises:
        UnknownRef: no actor has that name.
        AmbiguousRef: several have it.
    """
    stored = _find_judge(session, {"judge": name}, "judge")
    if stored is None:
        author = get_author(session)
        ref = choose_judge_ref(session)
        stored = Actor(ref=ref, name=author, kind=ActorKind.PERSON, aliases=[])
        insert(session, stored)
    return stored


def choose_judge_ref(session: Session) -> str:
    """Return the ref for the author of this command when it becomes an actor."""
    ref = make_slug(get_author(session))
    if not ref or history.was_key_used(session, Actor.__tablename__, ref):
        ref = next_ref(session, Actor.__tablename__)
    return ref


def _find_judge(session: Session, values: Mapping[str, Any], key: str) -> Actor | None:
    name = _get_key_part(values, key, optional=True)
    if name is not None:
        return get(session, Actor, name)
    author = get_author(session)
    stored = find(session, Actor, make_slug(author))
    if stored is not None:
        return stored
    matches = session.scalars(actors_called(author, make_slug(author)).limit(2)).all()
    if len(matches) > 1:
        raise AmbiguousRef(
            f"several actors are called {author!r}, {matches[0].ref} and {matches[1].ref} among "
            "them: set the judge by its ref"
        )
    return matches[0] if matches else None


def get_author(session: Session) -> str:
    """Return the name of the author of this command."""
    change = session.state.change
    return change.author


def make_slug(name: str) -> str:
    """Return a ref made of a name: lower-case Latin letters and digits, words joined by hyphens.

    At most 64 characters; empty when the name has no Latin letters or digits.
    """
    words = re.findall(r"[a-z0-9]+", fulltext.without_marks(name).casefold())
    return "-".join(words)[:64].strip("-")


def next_ref(session: Session, noun: str) -> str:
    """Return the next unused ref, such as C-12 for a claim; one statement."""
    prefix = f"{REF_PREFIX[noun]}-"
    table = noun if noun in NAMED else Entry.__tablename__
    tail = func.substr(Revision.row_key, len(prefix) + 1)
    used = (
        select(func.max(cast(tail, BigInteger)))
        .where(Revision.table_name == table, Revision.op.in_((Op.INSERT, Op.REDACT)))
        # A range, for the index: ":" follows "9".
        .where(Revision.row_key >= f"{prefix}0", Revision.row_key < f"{prefix}:")
        .where(tail.regexp_match("^[0-9]{1,15}$"))
    )
    return f"{prefix}{(session.scalar(used) or 0) + 1}"
