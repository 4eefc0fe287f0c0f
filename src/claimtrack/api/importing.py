"""Rows of other people's files, read into a casebook as a profile says."""

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
"""Opens the transaction of a change, which has a message for the log."""


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
        limit: The most rows, of all files together.
        skip_invalid: Whether rows that are wrong are left out; else one refuses all.
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
