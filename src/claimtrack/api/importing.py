"""Import: rows of foreign files into a casebook, by a profile that maps columns to fields."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from claimtrack import history
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.exchange.dossier.loading import LoadRow, logged
from claimtrack.exchange.imports.import_files import ImportReport, import_files
from claimtrack.exchange.imports.profile_files import TABLES, get_profile_path, read_profile
from claimtrack.exchange.imports.row_files import ALL_ROWS, ImportOptions
from claimtrack.exchange.imports.updates import make_message
from claimtrack.exchange.tables.package_reader import read_packages

Writing = Callable[[str], AbstractContextManager[Session]]
"""Opens the transaction of a change, which has a message for the log."""
OnProgress = Callable[[int, int, int], None]
"""Called with the rows done, the bytes read, and the bytes of all files."""


@dataclass(frozen=True)
class Imported:
    """The result of an import.

    Attributes:
        counts: The number of records by type and outcome (added, changed, unchanged, removed).
        rejected: The invalid rows that were skipped: a sentence for each, with file and line.
        notes: The values that were not imported: a sentence for each reason, most frequent first.
        warnings: A sentence for each thing to check.
    """

    counts: Mapping[tuple[str, Outcome], int]
    rejected: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """Return the number of records with an outcome, such as `added`, of all types together."""
        return sum(count for (_, one), count in self.counts.items() if one == outcome)


@dataclass(frozen=True)
class ImportSettings:
    """Options of an import.

    Attributes:
        options: Which rows, what becomes of wrong ones, and whether protected records may change.
        raw: Whether tables without a description hold texts as they are, without a guard.
        progress: Opens what is called while rows are read; it is closed after the last.
        on_changes: Called with what the rows changed, in the transaction; not for tables.
    """

    options: ImportOptions = ALL_ROWS
    raw: bool = False
    progress: Callable[[], AbstractContextManager[OnProgress | None]] = nullcontext
    on_changes: Callable[[Iterator[LoadRow]], None] | None = None


@dataclass(frozen=True)
class FinishedImport:
    """An import that is done.

    Attributes:
        report: What it did, as it is: texts may name protected records.
        session: Its session, closed; the state has the warnings, and the mask for texts.
    """

    report: ImportReport
    session: Session = field(repr=False)

    def summarized(self, rejected: Sequence[str] = ()) -> Imported:
        """Return what it did, with protected records under their pseudonyms."""
        report, state = self.report, self.session.state
        notes = list(report.notes.lines())
        notes += [
            f"the document at {url} already exists as {ref!r} and is not changed"
            for url, ref in report.same.items()
        ]
        notes += [f"{path} is read as {name}" for path, name in report.encodings]
        if report.removed:
            notes.append(f"{report.removed:,} left out: removed from this casebook earlier")
        texts = (tuple(map(state.mask, some)) for some in (rejected, notes, state.warnings))
        return Imported(report.made, *texts)


def import_into(
    writing: Writing,
    profile: str,
    paths: Sequence[Path],
    settings: ImportSettings,
    message: str | None = None,
) -> FinishedImport:
    """Read files in one transaction, all or nothing; safe to repeat.

    Args:
        writing: Opens the transaction.
        profile: The name of a built-in profile, or the path of a profile file; `tables` reads
            tables and data packages.
        paths: The files.
        settings: The options of the import.
        message: The reason for the change, for the log; a default names the profile.

    Raises:
        InvalidRecords: Rows or the profile have errors; lists all of them.
        Invalid, MissingFile, StorageFailure: A file or the profile cannot be read.
    """
    if profile == TABLES:
        return _import_tables(writing, paths, settings, message)
    loaded = read_profile(get_profile_path(profile))
    reason = make_message(loaded.name, message.strip() if message else None)
    with writing(reason) as session:
        before = history.get_last_seq(session)
        with settings.progress() as on_progress:
            report = import_files(session, loaded, paths, settings.options, on_progress)
        if settings.on_changes:
            settings.on_changes(logged(session, before))
    return FinishedImport(report, session)


def _import_tables(
    writing: Writing, paths: Sequence[Path], settings: ImportSettings, message: str | None
) -> FinishedImport:
    reason = message or f"import tables {', '.join(path.name for path in paths)}"
    with writing(reason) as session, settings.progress() as on_progress:
        options, raw = settings.options, settings.raw
        read = read_packages(session, paths, options, raw=raw, on_progress=on_progress)
    counts = {("row", one): read[one] for one in Outcome}
    return FinishedImport(ImportReport(made=counts), session)
