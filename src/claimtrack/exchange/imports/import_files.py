"""Importing files of rows, each row converted to records by a profile.

A repeated import changes nothing; a corrected file changes what was corrected. The transaction is
the caller's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from claimtrack import history
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.errors import Conflict, Invalid, NotFound
from claimtrack.exchange.imports.claimreview import READ
from claimtrack.exchange.imports.profiles import Profile, parents_of
from claimtrack.exchange.imports.row_files import ALL_ROWS, Feed, ImportOptions, open_rows
from claimtrack.exchange.imports.row_records import Maker
from claimtrack.exchange.imports.updates import Source, write_pending
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.cell_text import holds_anything
from claimtrack.exchange.readers.rows import OnProgress, Row, RowFaults
from claimtrack.models import Document, Revision
from claimtrack.records import forget_found
from claimtrack.reports.duplicate_lints import find_similar_addresses

_AT_ONCE = 500
"""Rows after which the session's objects are expunged, so that memory stays bounded."""
_CERTAIN = ("", "utf-8", "utf-8-sig", "utf-16", "utf-32")
"""Encodings that are certain: by a byte order mark, or by every byte."""
_SILENT = frozenset(["@context", "@type"])
"""Keys of JSON-LD that only describe a record."""
_READ_BY_READERS = {
    "bibtex": frozenset(("type", "key", "date", "year", "month", "day", "crossref", "xdata")),
    "csl-json": frozenset(("url", "doi")),
    "ris": frozenset(
        ("type_of_reference", "date", "year", "publication_year", "urls", "unknown_tag.LK")
    ),
    "ClaimReview": READ,
}
"""Columns that the reader itself converts to others, such as `issued` and `url`; by the format of a
profile or by its `rows`.
"""
_MOST_KEPT = 10_000
_MOST_NAMED = 100
"""Unused columns that are named one by one."""


@dataclass(slots=True)
class ImportReport:
    """The result of an import."""

    rows: int = 0
    """Rows that were imported."""
    rejected: int = 0
    """Invalid rows that were skipped."""
    removed: int = 0
    """The number of records left out since they have been removed from the casebook."""
    made: Mapping[tuple[str, Outcome], int] = field(default_factory=dict)
    """The number of records by type and outcome."""
    notes: Notes = field(default_factory=Notes)
    """The values that were not imported, counted."""
    same: Mapping[str, str] = field(default_factory=dict)
    """Documents found under another ref and left unchanged: their refs, by address."""
    encodings: list[tuple[Path, str]] = field(default_factory=list)
    """The files whose encoding was guessed."""


def import_files(
    session: Session,
    profile: Profile,
    paths: Sequence[Path],
    options: ImportOptions = ALL_ROWS,
    on_progress: OnProgress | None = None,
) -> ImportReport:
    """Write the records that the rows of files describe, and return the result.

    All or nothing: the caller must roll back on any error. With `options.on_reject`, invalid rows
    are passed to it and skipped.

    Args:
        session: The session; its message must be that of `updates.make_message`, by which later
            imports recognise these values.
        profile: The profile.
        paths: The files.
        options: The options.
        on_progress: Called with the rows done, the bytes read, and the bytes of all files.

    Raises:
        InvalidRecords: Rows are invalid; a line `file:line: error` for each.
        Invalid: A file cannot be read to its end.
        MissingFile, StorageFailure: A file cannot be read.
    """
    one_by_one = options.on_reject is not None
    source = Source(session, profile.name, options.include_protected, at_once=one_by_one)
    report = ImportReport()
    maker = Maker(source, profile, report.notes)
    run = _Run(maker, options, report, on_progress, RowFaults(paths))
    before = history.get_last_seq(session)
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    for number, path in enumerate(paths):
        with open_rows(path, profile, report.notes) as feed:
            if profile.encoding is None and feed.encoding not in _CERTAIN:
                run.report.encodings.append((path, feed.encoding))
            unread_values = _Unread(profile)
            for row in feed.rows:
                if options.enough(run.report.rows):
                    break
                run.take(feed, row, sum(sizes[:number]) + feed.read, sum(sizes))
                unread_values.add(row)
            unread_values.note(report.notes)
    run.ended()
    _note_similar_addresses(source, report.notes, before)
    return report


def _note_similar_addresses(source: Source, notes: Notes, before: int) -> None:
    """Note which documents written since a revision may be others under another address."""
    written = select(Revision.row_key).where(
        Revision.seq > before, Revision.table_name == Document.__tablename__
    )
    new = set(source.session.scalars(written))
    named = [] if source.include_protected else [Document.protected.is_(False)]
    for found in find_similar_addresses(source.session, *named) if new else ():
        first, second, *_ = found
        for ref, url in found:
            if ref in new:
                other = second if ref == first.ref else first
                notes.add("url", url, f"may be the address of {other.ref!r} as well")


class _Unread:
    """Collects the columns of a file, or the keys of its records, that a profile does not use.

    If the profile uses some keys of an object, the others are collected as paths: `author.url`.
    """

    def __init__(self, profile: Profile) -> None:
        readers = (profile.format, profile.rows or "")
        own = (_READ_BY_READERS.get(name, frozenset()) for name in readers)
        self._read = profile.names.union(profile.names_of_parts, _SILENT, *own)
        self._above = profile.parents | parents_of(self._read)
        self._rows: Counter[str] = Counter()
        """The number of rows with a value there, by path."""
        self._count = 0

    def add(self, row: Row) -> None:
        """Count the values of a row that are not used."""
        paths = (path for name, value in row.cells.items() for path in self._unread(name, value))
        found = dict.fromkeys(paths)
        self._count += bool(found)
        for path in found:
            if path in self._rows or len(self._rows) < _MOST_KEPT:
                self._rows[path] += 1

    def _unread(self, path: str, value: Any) -> Iterator[str]:
        """Yield the paths within a value at which something is not used."""
        is_read = path in self._read
        if is_read and path not in self._above:
            return
        if isinstance(value, list) and path in self._above:
            for at, one in enumerate(value):
                numbered = f"{path}.{at}"
                is_named = numbered in self._read or numbered in self._above
                yield from self._unread(numbered if is_named else path, one)
        elif isinstance(value, Mapping) and path in self._above:
            for key, one in value.items():
                if not key.startswith("@"):
                    yield from self._unread(f"{path}.{key}", one)
        elif not is_read and holds_anything(value):
            yield path

    def note(self, notes: Notes) -> None:
        """Add one note with all of them; for those not in every row, with the number of rows."""
        if not self._rows:
            return
        named = [
            (name or "a column without a name") + (f" ({count:,})" if count < self._count else "")
            for name, count in self._rows.items()
        ]
        more = len(named) - _MOST_NAMED
        parts = [*named[:_MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])]
        verb = "is" if len(named) == 1 else "are"
        notes.add(", ".join(parts), "", f"{verb} not read by this profile", self._count)


@dataclass(slots=True)
class _Run:
    """One import in progress."""

    maker: Maker
    options: ImportOptions
    report: ImportReport
    on_progress: OnProgress | None
    faults: RowFaults

    def take(self, feed: Feed, row: Row, done: int, whole: int) -> None:
        """Write the records of a row, or report its error."""
        try:
            if row.fault:
                raise Invalid(row.fault)
            self._write(row, f"{feed.path}:{row.line}")
        except (Invalid, NotFound, Conflict) as error:
            where = f"record {row.record:,}: " if row.record else ""
            why = f"{where}{'; '.join(str(error).splitlines())}"
            self.report.rejected += 1
            if self.options.on_reject is not None:
                self.options.on_reject(feed, row, why)
            else:
                self.faults.add(feed.path, row.line, why)
        self.report.rows += 1
        if self.report.rows % _AT_ONCE == 0:
            self._let_go()
        if self.on_progress is not None:
            self.on_progress(self.report.rows, done, whole)

    def _write(self, row: Row, where: str) -> None:
        if self.options.on_reject is None:
            self.maker.row(row.cells, row.earlier_fault, where)
            return
        try:
            with self.maker.session.begin_nested():
                self.maker.row(row.cells, row.earlier_fault, where)
        except (Invalid, NotFound, Conflict):
            forget_found(self.maker.session)
            self.maker.forget()
            raise

    def _let_go(self) -> None:
        """Write pending rows and expunge all objects of the session, to bound memory."""
        if self.faults.count:
            self.maker.source.waiting.clear()  # all will be taken back
        write_pending(self.maker.source)
        self.maker.session.expunge_all()
        forget_found(self.maker.session)

    def ended(self) -> None:
        """Complete the report.

        Raises:
            InvalidRecords: rows are wrong, and are not skipped.
        """
        if not self.faults.count:
            self.maker.write_bounds()
        self._let_go()
        self.faults.tell()
        self.report.made, self.report.same = self.maker.made, self.maker.same
        self.report.removed = self.maker.removed
        self.maker.differences.tell(self.report.notes)
