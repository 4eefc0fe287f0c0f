"""The casebook as its log tells it, and the casebook as the database holds it.

The log is read in the order of its keys: of each row, its revisions one after the other, the last
of which says how the row must stand, if it must. So neither side is ever held in memory.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from sqlalchemy import Select, String, bindparam, case, func, select, type_coerce
from sqlalchemy.types import NullType

from claimtrack.db import Session, format_instant
from claimtrack.errors import Conflict, InvalidValue
from claimtrack.history import Anchor, anchor, broken, last_seq, listed_by, misses
from claimtrack.models import Capture, Casebook, Content, Revision
from claimtrack.records import IN_ORDER, TABLES, values_of
from claimtrack.sql import json_field, stream
from claimtrack.stored import Stored, stored_casebooks, stored_rows, whatever_is_stored
from claimtrack.vocab import Op


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the log does not bear out: of the log itself, or of a row of the casebook."""

    table: str
    key: str
    finding: str


def verify(session: Session, expected: Anchor | None = None) -> Iterator[Finding]:
    """Yield what shows that the log or the casebook was changed behind claimtrack's back.

    The first revision that breaks the chain, or the anchor that the log does not hold; where there
    is neither, each row that does not stand as the log says, by table and key, and bytes that are
    not those of their digest. A fixed number of statements, streamed, and one for each capture's
    bytes: memory does not grow with the casebook.
    """
    yield from whatever_is_stored(session, lambda: _verify(session, expected))


def _verify(session: Session, expected: Anchor | None) -> Iterator[Finding]:
    fault = broken(session)
    if fault:
        yield Finding(Revision.__tablename__, "", fault)
        return
    head = last_seq(session)
    told_casebook = _told(session, Casebook.__tablename__, head)
    of_casebook = [*_differences(Casebook.__tablename__, told_casebook, stored_casebooks(session))]
    yield from of_casebook
    if expected and of_casebook:  # then only the head can be held against the anchor
        expected = replace(expected, casebook=None)
    fault = misses(session, expected) if expected else None
    if fault:
        yield Finding(Revision.__tablename__, "", fault)
        return
    odd = False
    for table in IN_ORDER:
        # While their session is open: one side may fail, and the other's rows are still coming.
        with (
            closing(_told(session, table, head)) as told,
            closing(stored_rows(session, table)) as stored,
        ):
            for finding in _differences(table, told, stored):
                odd = True
                yield finding
    if not odd:  # else those rows are the ones that are too few or too many
        yield from _miscounted(session)
    yield from _misplaced_bytes(session)


def _miscounted(session: Session) -> Iterator[Finding]:
    """Yield the tables that have fewer or more rows than were inserted and not deleted.

    What an emptied revision did stays in the chain. Only captures go with a redaction.
    """
    op = type_coerce(Revision.op, String)
    gone = func.sum(case(((op == Op.REDACT) & Revision.after.is_(None), 1), else_=0))
    counted = select(
        Revision.table_name,
        func.sum(case((op == Op.INSERT, 1), (op == Op.DELETE, -1), else_=0)),
        gone,
    ).group_by(Revision.table_name)
    told = {table: (int(net), int(erased)) for table, net, erased in session.execute(counted)}
    for table in IN_ORDER:
        net, erased = told.get(table, (0, 0))
        stand = session.scalar(select(func.count()).select_from(TABLES[table])) or 0
        least = net - erased if table == Capture.__tablename__ else net
        if not least <= stand <= net:
            finding = f"by the log {net} rows stand, and in the database {stand}"
            yield Finding(table, "", finding)


UNNAMED = "no capture of the log has these bytes"
"""What is wrong with bytes that nobody captured."""


def named_bytes(upto: int | None = None) -> Select[str]:
    """Select the digests of the captures that the log has known, up to a revision.

    Of those taken back too: their bytes are kept, so that they can be put back.
    """
    query = select(json_field(Revision.after, "sha256").label("sha256")).distinct()
    query = query.where(Revision.table_name == Capture.__tablename__, Revision.after.is_not(None))
    return query if upto is None else query.where(Revision.seq <= upto)


def unnamed_bytes(session: Session) -> Iterator[str]:
    """Yield the digests of bytes that no capture of the log has, not even one taken back."""
    query = select(Content.sha256).where(Content.sha256.not_in(named_bytes()))
    for (digest,) in stream(session, query.order_by(Content.sha256)):
        yield digest


def _misplaced_bytes(session: Session) -> Iterator[Finding]:
    table = Content.__tablename__
    named = named_bytes().subquery()
    missing = select(named.c.sha256).where(named.c.sha256.not_in(select(Content.sha256)))
    for (digest,) in stream(session, missing.order_by(named.c.sha256)):
        yield Finding(table, digest, "a capture of the log has these bytes, and they are missing")
    for digest in unnamed_bytes(session):
        yield Finding(table, digest, UNNAMED)
    for (digest,) in stream(session, select(Content.sha256).order_by(Content.sha256)):
        content = session.scalar(_BYTES, {"sha256": digest})
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
            yield Finding(table, str(digest), "its bytes are not those of its digest")


_BYTES = select(type_coerce(Content.bytes, NullType())).where(Content.sha256 == bindparam("sha256"))


@dataclass(frozen=True, slots=True)
class _Told:
    """How the log leaves a row: its canonical JSON, None when removed; and a fault on the way."""

    key: str
    state: str | None
    fault: str | None


def _told(session: Session, table: str, upto: int) -> Generator[_Told, None, None]:
    query = (
        select(
            Revision.row_key,
            Revision.seq,
            type_coerce(Revision.op, NullType()),
            type_coerce(Revision.before, NullType()),
            type_coerce(Revision.after, NullType()),
        )
        .where(Revision.table_name == table, Revision.row_key.is_not(None), Revision.seq <= upto)
        .order_by(Revision.row_key, Revision.seq)
    )
    for key, revisions in groupby(stream(session, query), key=lambda row: row[0]):
        yield _told_of(key, revisions)


def _told_of(key: str, revisions: Iterator[Any]) -> _Told:
    """Walk the revisions of one row; a gap is none where a redaction lists what stood in it."""
    state, last = None, 0
    gaps: list[tuple[int, int, str]] = []
    listed: set[int] = set()
    for _, seq, op, before, after in revisions:
        if op == Op.REDACT:
            listed |= listed_by(before)
            if after != state:
                gaps.append((last, seq, f"revision {seq} redacts more than what was emptied"))
        elif before != state:
            told = f"revision {seq} does not begin where the one before it ended"
            gaps.append((last, seq, told))
        state, last = None if op == Op.DELETE else after, seq
    for start, end, told in gaps:
        if not any(start < seq < end for seq in listed):
            return _Told(key, state, told)
    return _Told(key, state, None)


def _differences(table: str, told: Iterator[_Told], stored: Iterator[Stored]) -> Iterator[Finding]:
    """Walk both sides in the order of their keys."""
    nothing: Any = None
    unkeyed: list[Finding] = []
    live = _keyed(table, stored, unkeyed)
    stands = next(live, nothing)
    for said in told:
        while stands is not None and stands.key < said.key:
            yield Finding(table, stands.key, _unlogged(stands))
            stands = next(live, nothing)
        here = None
        if stands is not None and stands.key == said.key:
            here, stands = stands, next(live, nothing)
        finding = said.fault or _finding(said.state, here)
        if finding:
            yield Finding(table, said.key, finding)
    while stands is not None:
        yield Finding(table, stands.key, _unlogged(stands))
        stands = next(live, nothing)
    yield from unkeyed


def _keyed(table: str, stored: Iterator[Stored], unkeyed: list[Finding]) -> Iterator[Stored]:
    """Yield the rows that have a key, and note those that have none."""
    for row in stored:
        if row.keyed:
            yield row
        else:
            unkeyed.append(Finding(table, row.key, str(row.fault)))


def _unlogged(row: Stored) -> str:
    return f"it stands in the database, and not in the log{_which(row.fault)}"


def _which(fault: str | None) -> str:
    return f": {fault}" if fault else ""


def _finding(told: str | None, here: Stored | None) -> str | None:
    if here is None:
        return told and "it is missing from the database, and the log has not removed it"
    if told is None:
        return f"it stands in the database, and the log has removed it{_which(here.fault)}"
    if told == here.state:
        return None
    return f"it stands otherwise than in the log: {here.fault or _changed(told, here.state)}"


def _changed(told: str, here: str | None) -> str:
    """Return the names of the fields in which two rows differ."""
    one, other = json.loads(told), json.loads(here or "{}")
    names = {*one, *other}
    return ", ".join(sorted(name for name in names if one.get(name) != other.get(name)))


# --- the casebook as it was -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the log stood at a moment.

    Attributes:
        seq: The last revision; 0 before the first.
        went_back: Two revisions in a row of which the second bears an earlier time, where that
            makes the moment doubtful; else None.
    """

    seq: int
    went_back: tuple[int, int] | None = None


def seq_at(session: Session, moment: int | datetime) -> int:
    """Return the last revision that stood at a moment: see `standing_at`."""
    return standing_at(session, moment).seq


def standing_at(session: Session, moment: int | datetime) -> Standing:
    """Return where the log stood at a moment, a sequence or a time.

    A command stands as a whole from its own time on, and with all before it by sequence. Where the
    clock went back, the times of most commands that rise with the sequence are believed; the others
    stand once those before them do, and their own time has come.

    Raises:
        InvalidValue: the log has no such sequence.
    """
    head = anchor(session).seq
    if isinstance(moment, int):
        if moment > head:
            raise InvalidValue("sequence", moment, f"0 to {head}, where the log ends")
        return Standing(moment)
    at = format_instant(moment)
    later = session.scalar(select(func.min(Revision.seq)).where(Revision.at > at)) or head + 1
    latest = session.scalar(select(func.max(Revision.seq)).where(Revision.at <= at)) or 0
    if later > latest:
        return Standing(latest)
    commands = _commands(session)
    seq = _last_by(at, commands)
    went_back = next(
        (one.last, other.first)
        for one, other in pairwise(commands)
        if other.at < one.at and other.last >= later
    )
    return Standing(seq, went_back)


class _Command(NamedTuple):
    """The revisions of one command, and its time."""

    first: int
    last: int
    at: str


def _commands(session: Session) -> list[_Command]:
    """Return all commands of the log, in its order."""
    first = func.min(Revision.seq)
    query = select(first, func.max(Revision.seq), Revision.at)
    query = query.group_by(Revision.change, Revision.at).order_by(first)
    return [_Command(*row) for row in session.execute(query)]


def _last_by(at: str, commands: Sequence[_Command]) -> int:
    """Return the last revision that stood at a time, whatever clocks did."""
    believed = _rising([command.at for command in commands])
    stood = max((place for place in believed if commands[place].at <= at), default=-1)
    while stood + 1 < len(commands) and commands[stood + 1].at <= at:
        stood += 1
    return commands[stood].last if stood >= 0 else 0


def _rising(times: Sequence[str]) -> list[int]:
    """Return the places of the longest run of times, not all adjacent, none of which falls.

    Of several as long, the one of the earlier times. Source: patience sorting (Fredman 1975).
    """
    least: list[str] = []
    ending: list[int] = []
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(least, time)
        least[length : length + 1] = [time]
        ending[length : length + 1] = [place]
        before.append(ending[length - 1] if length else -1)
    found: list[int] = []
    place = ending[-1] if ending else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def refuse_redacted(session: Session, upto: int) -> None:
    """Refuse to rebuild the casebook as it stood after a revision of which too little is left.

    Raises:
        Conflict: what revisions up to that one said was redacted later.
    """
    query = select(Revision.seq, Revision.before).order_by(Revision.seq)
    later = query.where(Revision.op == Op.REDACT, Revision.seq > upto, Revision.before.is_not(None))
    taken_out, whole_again = set[int](), upto
    for seq, before in stream(session, later):
        found = {other for other in listed_by(before) if other <= upto}
        if found:
            taken_out, whole_again = taken_out | found, seq
    if taken_out:
        raise Conflict(
            f"revision {min(taken_out)} has been redacted: the casebook can be rebuilt as it stood "
            f"from revision {whole_again} on"
        )


def states(session: Session, table: str, upto: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table as they stood, refs for keys."""
    for told in _told(session, table, upto):
        if told.state is not None:
            yield values_of(table, json.loads(told.state))
