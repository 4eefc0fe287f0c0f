"""Writes an export: calls the module of the format, and makes the file or folder all or nothing."""

import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from claimtrack.atomic_files import sibling_folder
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, NotEmpty, StorageFailure
from claimtrack.exchange.exports import Format
from claimtrack.exchange.notes import Notes
from claimtrack.query.filters import Filters, resolve_refs

STDOUT = "-"
"""The name of stdout in place of a file."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP can hold: the same bytes whenever it is made."""

Opened = Callable[[Path], AbstractContextManager[IO[bytes]]]
"""Opens a file for writing; it replaces an existing one when it is complete."""


@dataclass(frozen=True)
class Export:
    """An export in progress.

    Attributes:
        session: The session.
        filters: The filters; every ref in them exists.
        target: The file or folder, as the user named it.
        scratch: A folder for temporary files, which is removed at the end.
        notes: Counts what is left out.
    """

    session: Session
    filters: Filters
    target: Path
    scratch: Path
    notes: Notes = field(default_factory=Notes)


def write_export(
    session: Session,
    format: Format,
    target: Path,
    filters: Filters,
    options: Mapping[str, Any],
    opened: Opened,
) -> Notes:
    """Write a casebook, or the records that filters select, and return what is left out.

    Args:
        session: The session.
        format: The format.
        target: The file or folder, which `refuse_target` has accepted.
        filters: The filters.
        options: The options of the format, by field.
        opened: Opens the file for writing.

    Raises:
        UnknownRef: A filter names a record that does not exist.
        StorageFailure: The file or folder cannot be written.
    """
    resolved = resolve_refs(session, filters)
    usual = {one.field: one.default for one in format.options if one.default is not None}
    all_options = {**usual, **options}
    write = getattr(import_module(f"{__package__}.{format.module}"), format.write)
    with _folder_beside(target) as folder:
        work = Export(session, resolved, target, folder)
        if format.makes_folder:
            temporary = Path(tempfile.mkdtemp(dir=folder))
            write(work, temporary, **all_options)
            if _is_zip(target):
                with opened(target) as file:
                    zipped(temporary, file)
            else:
                temporary.rename(target)
        else:
            with opened(target) as file:
                write(work, file, **all_options)
    return work.notes


def refuse_target(format: Format, target: Path) -> None:
    """Refuse a file or folder to which a format cannot be written, before any work is done.

    Raises:
        InvalidValue: The name has none of the suffixes of the format.
        NotEmpty: The format makes a folder, and the target exists.
    """
    if format.makes_folder:
        if str(target) == STDOUT:
            raise InvalidValue("target", STDOUT, "a new folder, or a file that ends in .zip")
        if target.exists() and not (_is_zip(target) and target.is_file()):
            raise NotEmpty(
                f"{target} already exists: choose a new folder, or a file ending in .zip"
            )
    elif format.suffixes and target.suffix.lower() not in format.suffixes:
        expected = f"a file that ends in {' or '.join(format.suffixes)}"
        raise InvalidValue("target", str(target), expected)


def _is_zip(target: Path) -> bool:
    return target.suffix.lower() == ".zip"


def zipped(folder: Path, out: IO[bytes]) -> None:
    """Write a folder as a ZIP, the same bytes for the same files."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while part := source.read(2**20):
                    target.write(part)


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """Make a temporary folder next to the target, on the same disk."""
    try:
        with sibling_folder(target.resolve()) as folder:
            yield folder
    except BrokenPipeError:
        raise  # the reader has gone: the edge ends quietly
    except OSError as error:
        raise StorageFailure(f"{target} cannot be written: {error.strerror}") from error
