"""A casebook as an object: every report, list and search as a typed method, and changes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TextIO, TypeVar, Unpack, cast, get_origin

from claimtrack.api.access import Access
from claimtrack.api.change import Change
from claimtrack.api.copying import backup, restore
from claimtrack.api.dossiers import dump_into, load_into
from claimtrack.api.exporting import Exported, export, format_named
from claimtrack.api.importing import Imported, ImportSettings, import_into
from claimtrack.api.keywords import ExportKeywords
from claimtrack.api.reading import read_filters
from claimtrack.api.records import Records
from claimtrack.api.reports import Reports
from claimtrack.api.rows import Rows
from claimtrack.atomic_files import atomic_write
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, MissingFile, NotEmpty, Usage, check_author
from claimtrack.exchange.dossier.loading import LoadReport
from claimtrack.exchange.imports.row_files import Feed, ImportOptions
from claimtrack.exchange.readers.rows import Row
from claimtrack.history import Anchor
from claimtrack.query.filters import Filters
from claimtrack.query.options import LIMIT

P = ParamSpec("P")
RowT = TypeVar("RowT")


def open_casebook(
    name: str | Path, *, author: str | None = None, include_protected: bool = False
) -> "Casebook":
    """Open a casebook, which must be there.

    Args:
        name: A path (SQLite), a URL (`postgresql://...`) or libpq's NAME=VALUE pairs.
        author: Whom the log names as the author of changes; needed to make any.
        include_protected: Whether protected sources and documents are named; else they appear
            under a pseudonym.

    Raises:
        NoDatabase: there is no casebook.
        SchemaMismatch: it is of an older or a newer version.
        StorageFailure: it cannot be reached.
    """
    casebook = Casebook(name, author=author, include_protected=include_protected)
    casebook.status()
    return casebook


class Casebook(Reports, Records):
    """A casebook: its reports, lists and records, and changes of it.

    Each call is one transaction, which sees one consistent state. The filters are those of the
    commands, as keyword arguments with an underscore for each hyphen: `known_by="2024-01-26"`.
    Where a filter can be repeated, one value or several are taken.

    Every method raises `InvalidValue` for a value that means nothing, and `UnknownRef` for a ref
    that names nothing.
    """

    def __init__(
        self, name: str | Path, *, author: str | None = None, include_protected: bool = False
    ) -> None:
        if not isinstance(name, str | Path):
            raise InvalidValue("database", str(name), "a path, or the address of a server")
        self._author = author if author is None else check_author(author)
        self._is_changing = False
        super().__init__(
            Access(str(name), self._author or "unknown", include_protected=include_protected)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the casebook: nothing more can be asked of it. Rows remain."""
        self._access = None

    def iterate(
        self, report: Callable[P, Rows[RowT]], *args: P.args, **filters: P.kwargs
    ) -> Iterator[RowT]:
        """Yield the rows of a report or list one by one, without holding all of them.

        Filters are checked at once; whether their refs exist, when the first row is fetched. The
        transaction begins there, and ends with the last row, or when the iterator is closed.

            for row in casebook.iterate(casebook.contradictions, topic="nato"):
                ...

        Args:
            report: A method of this casebook that returns rows.
            *args: Its arguments.
            **filters: Its filters.

        Raises:
            Usage: the casebook is closed, now or when a row is fetched.
        """
        streaming = _Streaming(self)
        method: Any = report
        if getattr(method, "__self__", None) is not self or not _returns_rows(method):
            raise Usage("iterate takes a report or list of this casebook, as in casebook.claims")
        return cast(Iterator[RowT], method.__func__(streaming, *args, **filters))

    @contextmanager
    def change(self, message: str | None = None, *, dry_run: bool = False) -> Iterator[Change]:
        """Open a change: one transaction and one entry of the log, or nothing at all on an error.

            with casebook.change("coding of 26 January") as change:
                change.add_claim("...", actor="SRC-1", date="2024-01-25")

        Args:
            message: Why, for the log.
            dry_run: Whether all is checked, and nothing is written.

        Raises:
            Usage: the casebook was opened without an author.
        """
        if self._is_changing:
            raise Usage("a change of this casebook is open already: end it first")
        with self._writing(message, dry_run=dry_run, explained=False) as session:
            change = Change(session, self.access)
            self._is_changing = True
            try:
                yield change
            finally:
                self._is_changing = False
            change.warnings = tuple(map(session.state.mask, session.state.warnings))

    @contextmanager
    def _writing(
        self, message: str | None, *, dry_run: bool, explained: bool = True
    ) -> Iterator[Session]:
        if not self._author:
            raise Usage("a change needs an author: open_casebook(..., author='your name')")
        opened = self.access.writing(message, dry_run=dry_run, explained=explained)
        with opened as session:
            yield session

    def load(
        self, *dossiers: str | Path, message: str | None = None, dry_run: bool = False
    ) -> LoadReport:
        """Read dossiers, all or nothing; safe to repeat. Return what was added and changed.

        Raises:
            InvalidRecords: something in them is wrong; names every place.
        """
        if not dossiers:
            raise Usage("there is nothing to load: name at least one dossier")
        protected = self.access.include_protected
        writing = self._writing(message, dry_run=dry_run)
        return load_into(writing, [Path(one) for one in dossiers], include_protected=protected)

    def import_files(
        self,
        profile: str | Path,
        *files: str | Path,
        message: str | None = None,
        dry_run: bool = False,
        limit: int | None = None,
        skip_invalid: bool = False,
    ) -> Imported:
        """Read rows of other people's files as a profile says, all or nothing; safe to repeat.

        Args:
            profile: One that ships, such as `bibtex`, or the path of another; `tables` reads data
                packages.
            *files: Files of that layout.
            message: Why, for the log.
            dry_run: Whether all is checked, and nothing is written.
            limit: The most rows, of all files together.
            skip_invalid: Whether rows that are wrong are left out and named in the result.

        Raises:
            InvalidRecords: something in the files or the profile is wrong; names every place.
        """
        if not files:
            raise Usage("there is nothing to import: name at least one file")
        most = None if limit is None else LIMIT.read(limit)
        rejected: list[str] = []

        def reject(feed: Feed, row: Row, why: str) -> None:
            rejected.append(f"{feed.path}:{row.line}: {why}")

        protected = self.access.include_protected
        options = ImportOptions(most, reject if skip_invalid else None, protected)
        done = import_into(
            lambda why: self._writing(why, dry_run=dry_run),
            str(profile),
            [Path(one) for one in files],
            ImportSettings(options),
            message,
        )
        return done.summarized(rejected)

    def dump(self, path: str | Path) -> None:
        """Write the whole casebook as one dossier into a new file, which only its owner can read.

        Raises:
            NotEmpty: there is a file already.
        """
        dump_into(self.access, _new_file(path), _opened_text)

    def export(self, format: str, path: str | Path, **options: Unpack[ExportKeywords]) -> Exported:
        """Write the casebook, or the part that filters choose, for other programs.

        An older file is replaced once the new one is whole; a folder must be new.

        Args:
            format: The name of the format: a command of `claimtrack export`.
            path: The file or folder.
            **options: Filters, and the options of the format.

        Returns:
            Where it is, what it leaves out, and the state of the log that it was read from.

        Raises:
            MissingFile: there is no such folder.
            NotEmpty: a folder is there already.
            StorageFailure: the disk or the permissions refuse.
        """
        known = format_named(format)
        noun = f"option of export {known.name}"
        own = read_filters(known.options, options, also=known.filters, noun=noun)
        shared = read_filters(known.filters, options, also=known.options, noun=noun)
        return export(self.access, known, Path(path), Filters(**shared), own)

    def backup(self, path: str | Path) -> Anchor:
        """Write a copy of the casebook, log included, into a new file, and return its anchor."""
        return backup(self.access, _new_file(path))

    def restore(self, path: str | Path, *, replace: bool = False) -> Anchor:
        """Write a backup into this database, and return its anchor."""
        return restore(Path(path), self.access.database, replace=replace)


def _returns_rows(method: Callable[..., Any]) -> bool:
    return get_origin(method.__annotations__.get("return")) is Rows


class _Streaming(Reports, Records):
    """The same reports and lists of a casebook, whose rows stream as long as it is open."""

    def __init__(self, casebook: Casebook) -> None:
        super().__init__(casebook.access)
        self._casebook = casebook

    @property
    def access(self) -> Access:
        """How the casebook is read.

        Raises:
            Usage: it is closed.
        """
        return self._casebook.access

    def _rows(
        self, row_type: type | Sequence[str], find: Callable[[Session], Iterable[RowT]]
    ) -> Rows[RowT]:
        def streamed() -> Iterator[RowT]:
            with self.access.reading() as session:
                for row in find(session):
                    _ = self.access  # the casebook may have been closed since the last row
                    yield row

        return cast(Rows[RowT], streamed())


@contextmanager
def _opened_text(path: Path) -> Iterator[TextIO]:
    with atomic_write(path) as file, TextIOWrapper(file, "utf-8", newline="") as text:
        yield text


def _new_file(path: str | Path) -> Path:
    """Return the path of a file that is to be written.

    Raises:
        MissingFile: there is no such folder.
        NotEmpty: there is a file already.
    """
    place = Path(path)
    if place.exists():
        raise NotEmpty(f"{place} is there already: name a new file")
    if not place.parent.is_dir():
        raise MissingFile(f"there is no folder {place.parent}: make it first")
    return place
