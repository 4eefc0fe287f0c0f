"""Rows of other people's files, read into a casebook as a profile says."""

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
    """What an import did.

    Attributes:
        counts: How many records of each type were added, changed, left as they were or removed.
        rejected: The rows that were wrong and left out, a sentence each with file and line.
        notes: What was not taken over, a sentence each, the most frequent first.
        warnings: What should be looked at, a sentence each.
    """

    counts: Mapping[tuple[str, Outcome], int]
    rejected: tuple[str, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """Return how many records were `added`, `changed`, `unchanged` or `removed`."""
        return sum(count for (_, one), count in self.counts.items() if one == outcome)


@dataclass(frozen=True)
class ImportSettings:
    """How files are imported.

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
            f"the document at {url} is there already as {ref!r}: it stays as it is"
            for url, ref in report.same.items()
        ]
        notes += [f"{path} is read as {name}" for path, name in report.encodings]
        if report.gone:
            notes.append(f"{report.gone:,} left out: removed from this casebook before")
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
        profile: One that ships, or the path of another; `tables` for tables and data packages.
        paths: The files.
        settings: How.
        message: Why, for the log.

    Raises:
        InvalidRecords: names every row that is wrong, or every mistake of the profile.
        Invalid, MissingFile, StorageFailure: a file or the profile cannot be read.
    """
    if profile == TABLES:
        return _import_tables(writing, paths, settings, message)
    known = read_profile(get_profile_path(profile))
    said = make_message(known.name, message.strip() if message else None)
    with writing(said) as session:
        before = history.get_last_seq(session)
        with settings.progress() as on_progress:
            report = import_files(session, known, paths, settings.options, on_progress)
        if settings.on_changes:
            settings.on_changes(logged(session, before))
    return FinishedImport(report, session)


def _import_tables(
    writing: Writing, paths: Sequence[Path], settings: ImportSettings, message: str | None
) -> FinishedImport:
    said = message or f"import tables {', '.join(path.name for path in paths)}"
    with writing(said) as session, settings.progress() as on_progress:
        options, raw = settings.options, settings.raw
        read = read_packages(session, paths, options, raw=raw, on_progress=on_progress)
    made = {("row", one): read[one] for one in Outcome}
    return FinishedImport(ImportReport(made=made), session)
