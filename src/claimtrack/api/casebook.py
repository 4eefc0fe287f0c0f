"""A casebook as an object: every report, list and search as a typed method, and changes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TextIO, TypeVar, Unpack, cast, get_origin

from claimtrack.api.backups import backup, restore
from claimtrack.api.base import read_filters
from claimtrack.api.change import Change
from claimtrack.api.dossiers import dump_into, load_into
from claimtrack.api.exporting import Exported, export, format_named
from claimtrack.api.importing import Imported, ImportSettings, import_into
from claimtrack.api.keywords import ExportKeywords
from claimtrack.api.records import Records
from claimtrack.api.reports import Reports
from claimtrack.api.rows import Rows
from claimtrack.api.transactions import Access
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
    """Open an existing casebook.

    Args:
        name: A path (SQLite), a URL (`postgresql://...`) or libpq's NAME=VALUE pairs.
        author: The author of changes, for the log; needed only to change the casebook.
        include_protected: Whether protected sources and documents are named; else they appear
            under a pseudonym.

    Raises:
        NoDatabase: There is no casebook.
        SchemaMismatch: It is of an older or a newer version.
        StorageFailure: It cannot be reached, or another program has damaged it.
    """
    casebook = Casebook(name, author=author, include_protected=include_protected)
    casebook.status()
    return casebook


class Casebook(Reports, Records):
    """A casebook, with its reports, lists and records as methods, and methods to change it.

    Each call is one transaction, which sees one consistent state. The filters are those of the
    commands, as keyword arguments with an underscore for each hyphen: `known_by="2024-01-26"`.
    A filter that a command accepts several times takes one value or a sequence of values.

    Every method raises `InvalidValue` for an invalid value, `UnknownRef` for a ref that no record
    has, and `Usage` for an unknown filter or after `close`.
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
        """Close the casebook. Rows that it returned stay usable; later calls raise `Usage`."""
        self._access = None

    def iterate(
        self, report: Callable[P, Rows[RowT]], *args: P.args, **filters: P.kwargs
    ) -> Iterator[RowT]:
        """Yield the rows of a report or list one by one, without holding all of them in memory.

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
        """Open a change: one transaction, committed at the end, rolled back on any error.

            with casebook.change("coding of 26 January") as change:
                change.add_claim("...", actor="SRC-1", date="2024-01-25")

        Args:
            message: The reason for the change, for the log.
            dry_run: Whether to check everything and write nothing.

        Raises:
            Usage: The casebook was opened without an author, or another change of it is open.
            Contended: The transaction of another program blocks it.
        """
        if self._is_changing:
            raise Usage("a change of this casebook is open already: end it first")
        with self._writing(message, dry_run=dry_run, diagnosing=False) as session:
            change = Change(session, self.access)
            self._is_changing = True
            try:
                yield change
            finally:
                self._is_changing = False
                change.end(tuple(map(session.state.mask, session.state.warnings)))

    @contextmanager
    def _writing(
        self, message: str | None, *, dry_run: bool, diagnosing: bool = True
    ) -> Iterator[Session]:
        if not self._author:
            raise Usage("a change needs an author: open_casebook(..., author='your name')")
        opened = self.access.writing(message, dry_run=dry_run, diagnosing=diagnosing)
        with opened as session:
            yield session

    def load(
        self, *dossiers: str | Path, message: str | None = None, dry_run: bool = False
    ) -> LoadReport:
        """Load dossiers in one transaction, and return which records were added and changed.

        Loading the same dossiers again changes nothing.

        Args:
            *dossiers: The paths of the YAML files.
            message: The reason for the change, for the log.
            dry_run: Whether to check everything and write nothing.

        Raises:
            InvalidRecords: A dossier has errors; lists each with its file and line.
            Usage: No dossier is named, or the casebook was opened without an author.
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
        """Import rows of foreign files in one transaction, and return what was imported.

        Importing the same files again changes nothing.

        Args:
            profile: What the columns of the files mean: the name of a built-in profile, such as
                `bibtex`, or the path of a profile file. `tables` reads data packages.
            *files: The paths of the files.
            message: The reason for the change, for the log.
            dry_run: Whether to check everything and write nothing.
            limit: The greatest number of rows to read, of all files together.
            skip_invalid: Whether to skip invalid rows and list them in the result; else one
                invalid row rolls everything back.

        Raises:
            InvalidRecords: The files or the profile have errors; lists each with its place.
            Usage: No file is named, or the casebook was opened without an author.
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
            NotEmpty: The file exists.
            MissingFile: The folder does not exist.
        """
        dump_into(self.access, _new_file(path), _opened_text)

    def export(self, format: str, path: str | Path, **options: Unpack[ExportKeywords]) -> Exported:
        """Write the casebook, or the records that filters select, in a format of other programs.

        An existing file is replaced when the new one is complete; an existing folder is refused.

        Args:
            format: The name of the format: a command of `claimtrack export`.
            path: The file or folder.
            **options: The filters, and the options of the format.

        Returns:
            The path, what the export leaves out, and the state of the log that it shows.

        Raises:
            Usage: There is no such format, or it has no such filter or option.
            MissingFile: The folder that is to hold the file does not exist.
            NotEmpty: The format makes a folder, and `path` exists.
            StorageFailure: The file cannot be written.
        """
        chosen = format_named(format)
        noun = f"option of export {chosen.name}"
        own = read_filters(chosen.options, options, also=chosen.filters, noun=noun)
        shared = read_filters(chosen.filters, options, also=chosen.options, noun=noun)
        return export(self.access, chosen, Path(path), Filters(**shared), own)

    def backup(self, path: str | Path) -> Anchor:
        """Copy the casebook, log included, into a new SQLite file, and return its anchor.

        Raises:
            NotEmpty: The file exists.
            MissingFile: The folder does not exist.
            StorageFailure: The records do not match the log, or the file cannot be written.
        """
        return backup(self.access, _new_file(path))

    def restore(self, path: str | Path, *, replace: bool = False) -> Anchor:
        """Write a backup into this database in one transaction, and return its anchor.

        Args:
            path: The backup, a SQLite file.
            replace: Whether to overwrite the casebook that the database holds.

        Raises:
            NotEmpty: The database holds a casebook, and `replace` is not set.
            StorageFailure: The records of the backup do not match its log, or the database cannot
                be written.
        """
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
    """Return the path of a file that does not exist yet, in a folder that does.

    Raises:
        MissingFile: The folder does not exist.
        NotEmpty: The file exists.
    """
    place = Path(path)
    if place.exists():
        raise NotEmpty(f"{place} already exists: choose a new file")
    if not place.parent.is_dir():
        raise MissingFile(f"there is no folder {place.parent}: create it first")
    return place
