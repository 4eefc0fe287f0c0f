"""Import: rows of foreign files into a casebook, by a profile that maps columns to fields."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.exchange.imports.import_files import import_files
from claimtrack.exchange.imports.profile_files import TABLES, get_profile_path, read_profile
from claimtrack.exchange.imports.row_files import Feed, ImportOptions
from claimtrack.exchange.imports.updates import make_message
from claimtrack.exchange.readers.rows import Row
from claimtrack.exchange.tables.package_reader import read_packages

Writing = Callable[[str], AbstractContextManager[Session]]
"""Takes a message for the log, and opens the transaction of a change."""


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
        limit: The greatest number of rows to read, of all files together; None for all.
        skip_invalid: Whether to skip invalid rows; else one invalid row rolls everything back.
        include_protected: Whether protected records may be changed.
    """

    limit: int | None = None
    skip_invalid: bool = False
    include_protected: bool = False


def import_into(
    writing: Writing,
    profile: str,
    paths: Sequence[Path],
    settings: ImportSettings,
    message: str | None = None,
) -> Imported:
    """Import files in one transaction. Importing the same files again changes nothing.

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
    rejected: list[str] = []

    def reject(feed: Feed, row: Row, why: str) -> None:
        rejected.append(f"{feed.path}:{row.line}: {why}")

    on_reject = reject if settings.skip_invalid else None
    options = ImportOptions(settings.limit, on_reject, settings.include_protected)
    why = message.strip() if message else None
    counts: Mapping[tuple[str, Outcome], int]
    if profile == TABLES:
        names = ", ".join(path.name for path in paths)
        with writing(why or f"import tables {names}") as session:
            read = read_packages(session, paths, options)
            counts, notes = Counter({("row", one): read[one] for one in Outcome}), []
    else:
        known = read_profile(get_profile_path(profile))
        with writing(make_message(known.name, why)) as session:
            report = import_files(session, known, paths, options)
            counts, notes = report.made, list(report.notes.lines())
            notes += [
                f"the document at {url} is there already as {ref!r}: it stays as it is"
                for url, ref in report.same.items()
            ]
            notes += [f"{path} is read as {name}" for path, name in report.encodings]
            if report.gone:
                notes.append(f"{report.gone:,} left out: removed from this casebook before")
    mask = session.state.mask
    texts = (tuple(map(mask, some)) for some in (rejected, notes, session.state.warnings))
    return Imported(counts, *texts)
