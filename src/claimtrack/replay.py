"""Replaying the log: comparing it with the database, and reading the casebook of a past moment.

The log is read by key: all revisions of a row one after the other, of which the last holds the
state that the row must have, if it still exists. So neither side is ever held in memory.
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
from claimtrack.history import (
    Anchor,
    find_anchor_mismatch,
    find_broken_link,
    get_anchor,
    get_last_seq,
    parse_emptied,
)
from claimtrack.models import Capture, Casebook, Content, Revision
from claimtrack.records import IN_ORDER, TABLES, values_of
from claimtrack.sql import json_field, stream
from claimtrack.stored_values import (
    StoredRow,
    retry_undecoded,
    stream_stored_casebooks,
    stream_stored_rows,
)
from claimtrack.vocab import Op


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong that `log verify` reports.

    Attributes:
        table: The table concerned; `revision` for the log itself.
        key: The key of the row, or the name of an index; empty for the table as a whole.
        finding: The sentence.
    """

    table: str
    key: str
    finding: str


def verify(session: Session, expected: Anchor | None = None) -> Iterator[Finding]:
    """Yield what shows that the log or the casebook was changed by something other than claimtrack.

    The first revision that breaks the chain, or the mismatch with an anchor. Where there is
    neither: each row that differs from the log, by table and key, and bytes that do not have their
    digest. A fixed number of statements, streamed, and one for each capture's bytes: memory does
    not grow with the casebook.

    Args:
        session: A session that reads without a mask.
        expected: An anchor that the log must continue.
    """
    yield from retry_undecoded(session, lambda: _verify(session, expected))


def _verify(session: Session, expected: Anchor | None) -> Iterator[Finding]:
    fault = find_broken_link(session)
    if fault:
        yield Finding(Revision.__tablename__, "", fault)
        return
    head = get_last_seq(session)
    logged_casebook = _stream_logged(session, Casebook.__tablename__, head)
    of_casebook = [
        *_differences(Casebook.__tablename__, logged_casebook, stream_stored_casebooks(session))
    ]
    yield from of_casebook
    if expected and of_casebook:  # its id may be wrong: compare the head of the log alone
        expected = replace(expected, casebook=None)
    fault = find_anchor_mismatch(session, expected) if expected else None
    if fault:
        yield Finding(Revision.__tablename__, "", fault)
        return
    different = False
    for table in IN_ORDER:
        # Close both cursors while the session is open, also when one side fails.
        with (
            closing(_stream_logged(session, table, head)) as logged,
            closing(stream_stored_rows(session, table)) as stored,
        ):
            for finding in _differences(table, logged, stored):
                different = True
                yield finding
    if not different:  # else the same rows would be reported again by number
        yield from _miscounted(session)
    yield from _misplaced_bytes(session)


def _miscounted(session: Session) -> Iterator[Finding]:
    """Yield the tables that have fewer or more rows than were inserted and not deleted.

    Catches rows whose revisions were emptied, as their op remains in the chain. Only captures may
    be deleted by a redaction, so for them the count has a lower bound.
    """
    op = type_coerce(Revision.op, String)
    removed = func.sum(case(((op == Op.REDACT) & Revision.after.is_(None), 1), else_=0))
    counted = select(
        Revision.table_name,
        func.sum(case((op == Op.INSERT, 1), (op == Op.DELETE, -1), else_=0)),
        removed,
    ).group_by(Revision.table_name)
    logged = {table: (int(net), int(erased)) for table, net, erased in session.execute(counted)}
    for table in IN_ORDER:
        net, erased = logged.get(table, (0, 0))
        present = session.scalar(select(func.count()).select_from(TABLES[table])) or 0
        least = net - erased if table == Capture.__tablename__ else net
        if not least <= present <= net:
            finding = f"by the log {net} rows stand, and in the database {present}"
            yield Finding(table, "", finding)


UNLOGGED_BYTES = "no capture of the log has these bytes"
"""The finding for bytes without a capture."""


def select_logged_digests(upto: int | None = None) -> Select[str]:
    """Select the digests of all captures in the log, up to a revision.

    Those of removed captures too: their bytes are kept, so that a revert can restore them.
    """
    query = select(json_field(Revision.after, "sha256").label("sha256")).distinct()
    query = query.where(Revision.table_name == Capture.__tablename__, Revision.after.is_not(None))
    return query if upto is None else query.where(Revision.seq <= upto)


def stream_unlogged_digests(session: Session) -> Iterator[str]:
    """Yield the digests of bytes without any capture in the log, sorted; one statement."""
    query = select(Content.sha256).where(Content.sha256.not_in(select_logged_digests()))
    for (digest,) in stream(session, query.order_by(Content.sha256)):
        yield digest


def _misplaced_bytes(session: Session) -> Iterator[Finding]:
    """Yield bytes that are missing, that no capture has, or that do not have their digest."""
    table = Content.__tablename__
    named = select_logged_digests().subquery()
    missing = select(named.c.sha256).where(named.c.sha256.not_in(select(Content.sha256)))
    for (digest,) in stream(session, missing.order_by(named.c.sha256)):
        yield Finding(table, digest, "a capture of the log has these bytes, and they are missing")
    for digest in stream_unlogged_digests(session):
        yield Finding(table, digest, UNLOGGED_BYTES)
    for (digest,) in stream(session, select(Content.sha256).order_by(Content.sha256)):
        content = session.scalar(_BYTES, {"sha256": digest})
        if not isinstance(content, bytes) or hashlib.sha256(content).hexdigest() != digest:
            yield Finding(table, str(digest), "its bytes are not those of its digest")


_BYTES = select(type_coerce(Content.bytes, NullType())).where(Content.sha256 == bindparam("sha256"))


@dataclass(frozen=True, slots=True)
class _LoggedRow:
    """The state in which the log leaves a row.

    Attributes:
        key: The key of the row.
        state: Its canonical JSON; None when it was removed.
        fault: What is inconsistent between its revisions; None when nothing is.
    """

    key: str
    state: str | None
    fault: str | None


def _stream_logged(session: Session, table: str, upto: int) -> Generator[_LoggedRow, None, None]:
    """Yield the state of each row of a table at a revision, by key; one statement, streamed."""
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
        yield _replay_row(key, revisions)


def _replay_row(key: str, revisions: Iterator[Any]) -> _LoggedRow:
    """Return the state after the revisions of one row.

    A revision must begin with the state in which the one before ended; only revisions that a
    redaction lists may lie in between.
    """
    state, last = None, 0
    gaps: list[tuple[int, int, str]] = []
    listed: set[int] = set()
    for _, seq, op, before, after in revisions:
        if op == Op.REDACT:
            listed |= parse_emptied(before)
            if after != state:
                gaps.append((last, seq, f"revision {seq} redacts more than what was emptied"))
        elif before != state:
            gaps.append((last, seq, f"revision {seq} does not begin where the one before it ended"))
        state, last = None if op == Op.DELETE else after, seq
    for start, end, fault in gaps:
        if not any(start < seq < end for seq in listed):
            return _LoggedRow(key, state, fault)
    return _LoggedRow(key, state, None)


def _differences(
    table: str, logged: Iterator[_LoggedRow], stored: Iterator[StoredRow]
) -> Iterator[Finding]:
    """Yield how the rows of the database differ from those of the log; both come sorted by key."""
    nothing: Any = None
    unkeyed: list[Finding] = []
    live = _keyed(table, stored, unkeyed)
    present = next(live, nothing)
    for row in logged:
        while present is not None and present.key < row.key:
            yield Finding(table, present.key, _unlogged(present))
            present = next(live, nothing)
        same = None
        if present is not None and present.key == row.key:
            same, present = present, next(live, nothing)
        finding = row.fault or _finding(row.state, same)
        if finding:
            yield Finding(table, row.key, finding)
    while present is not None:
        yield Finding(table, present.key, _unlogged(present))
        present = next(live, nothing)
    yield from unkeyed


def _keyed(table: str, stored: Iterator[StoredRow], unkeyed: list[Finding]) -> Iterator[StoredRow]:
    """Yield the rows that have a key, and append a finding to `unkeyed` for each that has none."""
    for row in stored:
        if row.keyed:
            yield row
        else:
            unkeyed.append(Finding(table, row.key, str(row.fault)))


def _unlogged(row: StoredRow) -> str:
    return f"it is in the database, but not in the log{_which(row.fault)}"


def _which(fault: str | None) -> str:
    return f": {fault}" if fault else ""


def _finding(logged: str | None, stored: StoredRow | None) -> str | None:
    if stored is None:
        return logged and "it is missing from the database, but the log has not removed it"
    if logged is None:
        return f"it is in the database, but the log has removed it{_which(stored.fault)}"
    if logged == stored.state:
        return None
    return f"it differs from the log: {stored.fault or _changed(logged, stored.state)}"


def _changed(logged: str, stored: str | None) -> str:
    """Return the names of the fields that differ between two rows, joined by commas."""
    one, other = json.loads(logged), json.loads(stored or "{}")
    names = {*one, *other}
    return ", ".join(sorted(name for name in names if one.get(name) != other.get(name)))


# --- the casebook as it was -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LogPosition:
    """The end of the log at a moment.

    Attributes:
        seq: The last revision; 0 before the first.
        went_back: Two consecutive revisions of which the second has the earlier time, where that
            makes the moment ambiguous; else None.
    """

    seq: int
    went_back: tuple[int, int] | None = None


def get_seq_at(session: Session, moment: int | datetime) -> int:
    """Return the last revision at a moment: see `get_log_position`."""
    return get_log_position(session, moment).seq


def get_log_position(session: Session, moment: int | datetime) -> LogPosition:
    """Return the end of the log at a moment, given as a sequence number or a time.

    A command counts as a whole from its own time on, and with it all commands before it in the log.
    Where the clock went back, the longest series of commands with rising times is trusted; the
    others count once those before them do and their own time has come.

    Raises:
        InvalidValue: the log has no such sequence number.
    """
    head = get_anchor(session).seq
    if isinstance(moment, int):
        if moment > head:
            raise InvalidValue("sequence", moment, f"0 to {head}, where the log ends")
        return LogPosition(moment)
    at = format_instant(moment)
    later = session.scalar(select(func.min(Revision.seq)).where(Revision.at > at)) or head + 1
    latest = session.scalar(select(func.max(Revision.seq)).where(Revision.at <= at)) or 0
    if later > latest:
        return LogPosition(latest)
    commands = _commands(session)
    seq = _last_by(at, commands)
    went_back = next(
        (one.last, other.first)
        for one, other in pairwise(commands)
        if other.at < one.at and other.last >= later
    )
    return LogPosition(seq, went_back)


class _Command(NamedTuple):
    """The first and last revision of one command, and its time."""

    first: int
    last: int
    at: str


def _commands(session: Session) -> list[_Command]:
    """Return all commands of the log, in its order; one statement."""
    first = func.min(Revision.seq)
    query = select(first, func.max(Revision.seq), Revision.at)
    query = query.group_by(Revision.change, Revision.at).order_by(first)
    return [_Command(*row) for row in session.execute(query)]


def _last_by(at: str, commands: Sequence[_Command]) -> int:
    """Return the last revision at a time, although clocks went back."""
    consistent = _rising([command.at for command in commands])
    last = max((place for place in consistent if commands[place].at <= at), default=-1)
    while last + 1 < len(commands) and commands[last + 1].at <= at:
        last += 1
    return commands[last].last if last >= 0 else 0


def _rising(times: Sequence[str]) -> list[int]:
    """Return the positions of the longest series of times, not all adjacent, that never falls.

    Of several as long, the one with the earlier times. Source: patience sorting (Fredman 1975).
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
    """Refuse to rebuild the casebook of a past revision whose content was redacted later.

    Raises:
        Conflict: revisions up to `upto` were emptied; names the first revision that can be rebuilt.
    """
    query = select(Revision.seq, Revision.before).order_by(Revision.seq)
    later = query.where(Revision.op == Op.REDACT, Revision.seq > upto, Revision.before.is_not(None))
    taken_out, whole_again = set[int](), upto
    for seq, before in stream(session, later):
        found = {other for other in parse_emptied(before) if other <= upto}
        if found:
            taken_out, whole_again = taken_out | found, seq
    if taken_out:
        raise Conflict(
            f"revision {min(taken_out)} has been redacted: the casebook can be rebuilt as it was "
            f"from revision {whole_again} on"
        )


def stream_rows_at(session: Session, table: str, upto: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table after a revision, by key, with refs for foreign keys.

    One statement.
    """
    for row in _stream_logged(session, table, upto):
        if row.state is not None:
            yield values_of(table, json.loads(row.state))
