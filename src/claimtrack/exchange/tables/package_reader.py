"""Imports data packages: the tables of a folder, of a ZIP, or single files of tables."""

import json
import re
import shutil
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from claimtrack import protection
from claimtrack.atomic_files import create_private_file
from claimtrack.changes import Outcome
from claimtrack.db import Session
from claimtrack.errors import (
    Conflict,
    Invalid,
    InvalidRecords,
    InvalidValue,
    MissingFile,
    StorageFailure,
)
from claimtrack.exchange.imports.row_files import ALL_ROWS, ImportOptions
from claimtrack.exchange.readers.rows import OnProgress
from claimtrack.exchange.readers.zip_safety import refuse_duplicates, refuse_unsafe
from claimtrack.exchange.tables import csv_tables
from claimtrack.exchange.tables.table_files import (
    DESCRIPTION,
    TableFile,
    content_of,
    files_in,
    table_file,
)
from claimtrack.records import IN_ORDER

_TABLE_FILES = [f"{table}.csv" for table in IN_ORDER]
_ZIP = b"PK\x03\x04"
"""The first bytes of a ZIP that is not empty."""
_BELONGS = re.compile(
    rf"(?:{'|'.join(IN_ORDER)})\.csv|{re.escape(DESCRIPTION)}|{csv_tables.CAPTURES}/[0-9a-f]{{64}}"
)
_DERIVED = re.compile(r"report-[a-z-]+\.csv|.*/")
"""Files that are derived from the tables and not imported, and folders."""
MOST_UNPACKED = 2**36
"""The greatest number of unpacked bytes of a ZIP: 64 GiB, some hundred million rows."""
_MOST_SHOWN = 5


def read_packages(
    session: Session,
    sources: Sequence[Path],
    options: ImportOptions = ALL_ROWS,
    *,
    raw: bool = False,
    on_progress: OnProgress | None = None,
) -> Counter[Outcome]:
    """Import data packages, other folders or ZIPs of tables, and files of tables, all together.

    The tables are imported by `csv_tables.read_tables`. Whether formulas in texts are escaped is
    taken from the description in the package, or else from `raw`; in files of rejected rows they
    are. A table that differs from its description may have been corrected or truncated, which adds
    a warning.

    Raises:
        Conflict: The casebook has protected records, and `options.include_protected` is not set; or
            a package was exported from this casebook with pseudonyms.
        MissingFile: A folder or file does not exist, or contains no table.
        Invalid: A ZIP is damaged, or cannot be unpacked safely.
        InvalidRecords, StorageFailure: As for `csv_tables.read_tables`.
    """
    secrets = protection.get_refs_by_pseudonym(session.connection())
    if secrets and not options.include_protected:
        raise Conflict(
            "this casebook has protected records, which tables could change: use "
            "--include-protected to import them anyway"
        )
    with ExitStack() as stack:
        opened = [(one, stack.enter_context(_opened(one))) for one in sources]
        files = [file for _, found in opened for file in found]
        folders = {file.path.parent: file.home for file in files}
        packages = {folder: _description(folder, home) for folder, home in folders.items()}
        described = {folder: _mapping(one.get("claimtrack")) for folder, one in packages.items()}
        withheld = [file for file in files if described[file.path.parent].get("withheld") is True]
        _refuse_own_pseudonyms(withheld, {name for _, name in secrets})
        files = [
            replace(file, raw=not described[file.path.parent].get("guarded", not raw))
            for file in files
        ]
        for source, found in opened:
            changed = _changed(source, found, packages[found[0].path.parent])
            session.state.warnings.extend(changed)
            if found[0].archive is not None:
                session.state.warnings.extend(_left_out(source))
        return csv_tables.read_tables(session, files, options, on_progress)


def _changed(source: Path, files: Sequence[TableFile], package: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each table of a package that differs from its description."""
    present = {file.path.name: file for file in files}
    resources = package.get("resources")
    for one in map(_mapping, resources if isinstance(resources, list) else ()):
        name = one.get("path")
        if name not in _TABLE_FILES:
            continue
        if name in present:
            content = content_of(present[name].path)
            if content != {key: one.get(key, value) for key, value in content.items()}:
                message = f"it is not as {DESCRIPTION} has it: it was edited since, or is damaged"
                yield f"{present[name].display_name}: {message}"
        elif source != files[0].path:
            yield f"{source}: {DESCRIPTION} lists {name}, which is missing"


def _refuse_own_pseudonyms(files: Sequence[TableFile], pseudonyms: set[str]) -> None:
    for file in files if pseudonyms else ():
        text = file.path.read_text(encoding="utf-8") if file.table in ("actor", "document") else ""
        if any(f"{name}," in text for name in pseudonyms):
            raise Conflict(
                "the package withholds protected records of this very casebook: export it again "
                "with --include-protected"
            )


def _description(folder: Path, home: Path) -> Mapping[str, Any]:
    """Return the description of a package, empty if it has none; errors name it as `home`."""
    try:
        content = json.loads((folder / DESCRIPTION).read_bytes())
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError) as error:
        raise InvalidRecords(
            [f"{home / DESCRIPTION}:1: this is not valid JSON ({error})"]
        ) from error
    return _mapping(content)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _left_out(source: Path) -> Iterator[str]:
    """Yield the names of the files in a ZIP that are not part of a package."""
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
    others = [one for one in names if not (_BELONGS.fullmatch(one) or _DERIVED.fullmatch(one))]
    if others:
        yield f"{source} holds {_shown(others)}: they are not part of a package, and are not read"


def _shown(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_SHOWN:,} more" if len(names) > _MOST_SHOWN else ""
    return ", ".join(map(repr, names[:_MOST_SHOWN])) + more or "nothing"


@contextmanager
def _opened(source: Path) -> Iterator[list[TableFile]]:
    """Yield the tables of a folder, of a ZIP, which is unpacked meanwhile, or a single file."""
    if source.is_dir():
        yield files_in(source)
        return
    if not source.exists():
        raise MissingFile(f"there is no folder or file {source}: check the name")
    if table := table_file(source):
        yield [table]
        return
    with tempfile.TemporaryDirectory(prefix="claimtrack-") as name:
        try:
            with zipfile.ZipFile(source) as archive:
                _unpack(archive, source, Path(name))
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError) as error:
            with source.open("rb") as file:
                if file.read(len(_ZIP)) == _ZIP:
                    message = "the ZIP is damaged, or cannot be unpacked: get or export it again"
                    raise Invalid(f"{source}: {message}") from error
            raise InvalidValue(
                "file", str(source), "a folder of tables, a ZIP of one, or a file such as topic.csv"
            ) from error
        except OSError as error:
            raise StorageFailure(f"{source} cannot be unpacked: {error.strerror}") from error
        yield [
            replace(
                file,
                display_name=source.with_name(f"{source.name}.{file.path.name}"),
                archive=source,
            )
            for file in files_in(Path(name))
        ]


def _unpack(archive: zipfile.ZipFile, source: Path, folder: Path) -> None:
    members = [entry for entry in archive.infolist() if _BELONGS.fullmatch(entry.filename)]
    refuse_duplicates(source, archive.infolist())
    refuse_unsafe(source, members, MOST_UNPACKED, "unpack it, and import the folder")
    if not {entry.filename for entry in members}.intersection(_TABLE_FILES):
        message = f"it has {_shown(archive.namelist())}: expected tables such as actor.csv"
        raise MissingFile(f"{source} holds no table: {message}, not in a folder")
    for entry in members:  # nothing else is taken, and so no path leads out of the folder
        (folder / entry.filename).parent.mkdir(exist_ok=True)
        with archive.open(entry) as packed, create_private_file(folder / entry.filename) as out:
            shutil.copyfileobj(packed, out)
