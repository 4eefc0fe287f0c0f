"""Casebooks in the formats of other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimtrack.api.access import Access
from claimtrack.atomic_files import replaced_file
from claimtrack.errors import MissingFile, Usage
from claimtrack.exchange.exports import FORMATS, Format
from claimtrack.exchange.exports.exporting import Opened, refuse_target, write_export
from claimtrack.exchange.notes import Notes
from claimtrack.history import Anchor, get_anchor
from claimtrack.query.filters import Filters


@dataclass(frozen=True)
class Exported:
    """A file or folder that has been written.

    Attributes:
        path: Where it is.
        anchor: The head of the log that it was read from.
        left_out: Counts what it leaves out.
    """

    path: Path
    anchor: Anchor
    left_out: Notes

    @property
    def notes(self) -> tuple[str, ...]:
        """What it leaves out, a sentence for each reason, the most frequent first."""
        return tuple(self.left_out.lines())


def format_named(name: str) -> Format:
    """Return a format by its name.

    Raises:
        Usage: there is none.
    """
    for one in FORMATS:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in FORMATS)
    raise Usage(f"there is no format {str(name)!r}: expected one of {known}")


def export(
    access: Access,
    format: Format,
    target: Path,
    wanted: Filters,
    options: Mapping[str, Any],
    opened: Opened = replaced_file,
) -> Exported:
    """Write a casebook, or the part that filters choose, in one transaction.

    Args:
        access: How it is read.
        format: What is written.
        target: The file or folder.
        wanted: The filters.
        options: The options of the format, by field.
        opened: Opens the file.

    Raises:
        MissingFile: there is no such folder.
        NotEmpty, InvalidValue, StorageFailure, UnknownRef: as `write_export`.
    """
    refuse_target(format, target)
    if not target.parent.is_dir():
        raise MissingFile(f"there is no folder {target.parent}: make it first")
    with access.reading() as session:
        notes = write_export(session, format, target, wanted, options, opened)
        return Exported(target, get_anchor(session), notes)
