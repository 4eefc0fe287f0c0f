"""Files that are there whole or not at all: made beside their place, and then renamed.

What a killed command has left beside a place, the next one that writes there takes away.
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

if sys.platform != "win32":  # where nothing tells what is in use, nothing is taken away
    import fcntl


@contextmanager
def folder_beside(place: Path) -> Iterator[Path]:
    """Make a folder beside a file, for its owner alone; gone at the end with all in it."""
    prefix = f".{place.name[:100]}."
    _sweep(place.parent, prefix)
    with ExitStack() as stack:
        while True:
            folder = Path(tempfile.mkdtemp(dir=place.parent, prefix=prefix))
            with suppress(FileNotFoundError):  # another command has swept it before it was held
                stack.enter_context(_held(folder))
            if folder.exists():
                break
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        yield folder


@contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file, which only its owner can read, for writing bytes."""
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as file:
        yield file


@contextmanager
def whole_file(place: Path) -> Iterator[IO[bytes]]:
    """Open a file that only its owner can read; it takes its place once it is whole."""
    final = place.resolve()  # a link stays a link
    with folder_beside(final) as folder:
        made = folder / "output"
        with private_file(made) as file:
            yield file
        put_in_place(made, final)


def put_in_place(made: Path, place: Path) -> None:
    """Let a file take the place of another, whose permissions it keeps; then it is on the disk."""
    if place.exists():
        made.chmod(stat.S_IMODE(place.stat().st_mode))
    _to_disk(made)
    made.replace(place)
    if sys.platform != "win32":
        _to_disk(place.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sweep(parent: Path, prefix: str) -> None:
    """Remove the folders of commands that were killed: nobody holds them."""
    for left in parent.glob(f"{glob.escape(prefix)}????????"):
        if sys.platform != "win32" and left.is_dir() and not left.is_symlink():
            with suppress(OSError), _held(left, fcntl.LOCK_NB):
                shutil.rmtree(left)


@contextmanager
def _held(folder: Path, how: int = 0) -> Iterator[None]:
    """Hold a folder until the end, or until this process has ended in whatever way."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(handle)
