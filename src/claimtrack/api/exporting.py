"""Export: a casebook as a file or folder in a format of other programs."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claimtrack.api.transactions import Access
from claimtrack.atomic_files import replaced_file
from claimtrack.errors import MissingFile, Usage
from claimtrack.exchange.exports import FORMATS, Format
from claimtrack.exchange.exports.exporting import Opened, refuse_target, write_export
from claimtrack.exchange.notes import Notes
from claimtrack.history import Anchor, get_anchor
from claimtrack.query.filters import Filters


@dataclass(frozen=True)
class Exported:
    """An export that has been written.

    Attributes:
        path: The file or folder.
        anchor: The head of the log when the casebook was read.
        left_out: What the export leaves out, counted by reason.
    """

    path: Path
    anchor: Anchor
    left_out: Notes

    @property
    def notes(self) -> tuple[str, ...]:
        """What the export leaves out: a sentence for each reason, the most frequent first."""
        return tuple(self.left_out.lines())


def format_named(name: str) -> Format:
    """Return an export format by its name.

    Raises:
        Usage: There is no such format.
    """
    for one in FORMATS:
        if one.name == name:
            return one
    names = ", ".join(one.name for one in FORMATS)
    raise Usage(f"there is no format {str(name)!r}: expected one of {names}")


def export(
    access: Access,
    format: Format,
    target: Path,
    filters: Filters,
    options: Mapping[str, Any],
    opened: Opened = replaced_file,
) -> Exported:
    """Write a casebook, or the records that filters select, in one transaction.

    Args:
        access: The casebook.
        format: The format.
        target: The file or folder to be written.
        filters: The filters.
        options: The options of the format, by the name of their field.
        opened: Opens the file for writing.

    Raises:
        MissingFile: The folder that is to hold the target does not exist.
        NotEmpty, InvalidValue, StorageFailure, UnknownRef: As for `write_export`.
    """
    refuse_target(format, target)
    if not target.parent.is_dir():
        raise MissingFile(f"there is no folder {target.parent}: create it first")
    with access.reading() as session:
        notes = write_export(session, format, target, filters, options, opened)
        return Exported(target, get_anchor(session), notes)
