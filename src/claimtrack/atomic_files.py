"""Atomic writing of files: written in a temporary folder next to the final path, then renamed.

A killed command leaves its temporary folder; the next one that writes to the same place removes it.
"""

import glob
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from claimtrack.errors import InvalidValue, StorageFailure

if sys.platform != "win32":  # without locks, abandoned folders cannot be told from those in use
    import fcntl

_SQLITE = b"SQLite format 3\0"
"""How every SQLite database begins. Source: sqlite.org/fileformat.html, 1.3."""


@contextmanager
def sibling_folder(place: Path) -> Iterator[Path]:
    """Create a temporary folder in the folder of `place`, for its owner alone; removed at the end.

    On the same file system, so that a file in it can be renamed to `place`.
    """
    prefix = f".{place.name[:100]}."
    _sweep(place.parent, prefix)
    with ExitStack() as stack:
        while True:
            folder = Path(tempfile.mkdtemp(dir=place.parent, prefix=prefix))
            with suppress(FileNotFoundError):  # another command removed it before it was locked
                stack.enter_context(_locked(folder))
            if folder.exists():
                break
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def create_private_file(path: Path) -> Iterator[IO[bytes]]:
    """Create a file that only its owner may read, and open it for writing bytes.

    Raises:
        FileExistsError: there is one already.
    """
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file


@contextmanager
def atomic_write(place: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing bytes that replaces `place` at the end; not after an error.

    A new file is readable by its owner alone.
    """
    final = place.resolve()  # the target of a symbolic link is replaced, not the link
    with sibling_folder(final) as folder:
        output = folder / "output"
        with create_private_file(output) as file:
            yield file
        replace_file(output, final)


@contextmanager
def replaced_file(place: Path, *, what: str = "target") -> Iterator[IO[bytes]]:
    """Open a file for writing bytes that replaces `place` once it is whole, as `atomic_write`.

    Pipes and devices are written as they are.

    Args:
        place: The file.
        what: What the file is, for the sentence of an error.

    Raises:
        InvalidValue: it is a folder, or a SQLite database.
        StorageFailure: the disk or the permissions refuse.
    """
    try:
        if place.is_dir():
            raise InvalidValue(what, str(place), "the name of a file, but this is a folder")
        is_plain = place.is_file() or not place.exists()
        if place.is_file():
            _refuse_database(place, what)
        with atomic_write(place) if is_plain else place.open("wb") as file:
            yield file
    except OSError as error:
        raise StorageFailure(f"{place} cannot be written: {error.strerror}") from error


def _refuse_database(place: Path, what: str) -> None:
    """Refuse to replace a casebook, which a slip of the pen would lose whole."""
    with place.open("rb") as stream:
        if stream.read(len(_SQLITE)) == _SQLITE:
            expected = "the name of another file, but this is a database"
            raise InvalidValue(what, str(place), expected)


def replace_file(new: Path, place: Path) -> None:
    """Move a file to the place of another, with its permissions; flushed to disk on return."""
    if place.exists():
        new.chmod(stat.S_IMODE(place.stat().st_mode))
    _to_disk(new)
    new.replace(place)
    if sys.platform != "win32":
        _to_disk(place.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(parent: Path, prefix: str) -> None:
    """Remove the folders of killed commands: those that no process has locked."""
    for left in parent.glob(f"{glob.escape(prefix)}????????"):
        if sys.platform != "win32" and left.is_dir() and not left.is_symlink():
            with suppress(OSError), _locked(left, fcntl.LOCK_NB):
                shutil.rmtree(left)


@contextmanager
def _locked(folder: Path, how: int = 0) -> Iterator[None]:
    """Lock a folder until the end; the system releases the lock of a process that is killed.

    Args:
        folder: The folder.
        how: Flags for flock(2), such as LOCK_NB to fail instead of waiting.
    """
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(handle)
