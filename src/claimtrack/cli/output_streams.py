"""Opens the output: stdout, or a file that replaces an existing one only when it is complete."""

import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from typing import IO, Any, TextIO, cast

from claimtrack.atomic_files import replaced_file
from claimtrack.cli import retry
from claimtrack.connection_strings import looks_like_address
from claimtrack.errors import InvalidValue, MissingFile, StorageFailure
from claimtrack.escaping import escape_controls_json


@contextmanager
def opened(output: Path | None) -> Iterator[TextIO]:
    """Open stdout, or a file, to be written in UTF-8; lines end as they are written.

    Raises:
        MissingFile, InvalidValue, StorageFailure: as `opened_bytes`.
    """
    with opened_bytes(output) as file:
        stream = TextIOWrapper(file, encoding="utf-8", newline="")
        try:
            yield stream
            stream.flush()
        finally:
            with suppress(OSError):  # whoever opened the file reports it
                stream.detach()


@contextmanager
def opened_bytes(output: Path | None) -> Iterator[IO[bytes]]:
    """Open stdout, or a file, for bytes.

    On a terminal, control characters are always escaped.

    A file is written under a temporary name, readable only by its owner, and renamed when it is
    complete; an existing file keeps its permissions. Pipes and devices are written directly.

    Raises:
        MissingFile: The folder does not exist.
        InvalidValue: The output is a folder or a SQLite database.
        StorageFailure: The file cannot be written.
    """
    if (output := file_of(output)) is None:
        with _stdout() as file, _safe(file) as safe:
            yield safe
        return
    refuse_unwritable(output)
    with replaced_file(output, what="output") as file, _safe(file) as safe:
        yield safe


def file_of(output: Path | None) -> Path | None:
    """Return the file of an output; None for stdout, which is None or `-`."""
    return None if str(output) == "-" else output


def say(line: str) -> None:
    """Print one line on stdout.

    Raises:
        StorageFailure: stdout is closed, or its disk is full.
    """
    with opened(None) as stream:
        stream.write(f"{line}\n")


def refuse_unwritable(output: Path | None) -> None:
    """Refuse a folder, or a file in a folder that is missing, before any work is done for it.

    Raises:
        InvalidValue, MissingFile, StorageFailure: as `opened`.
    """
    if (output := file_of(output)) is None:
        return
    if looks_like_address(str(output)):
        expected = "the name of a file, but this is the address of a server"
        raise InvalidValue("output", "...", expected)
    try:
        is_folder, has_folder = output.is_dir(), output.parent.is_dir()
    except OSError as error:
        raise StorageFailure(f"{output} cannot be written: {error.strerror}") from error
    if is_folder:
        raise InvalidValue("output", str(output), "the name of a file, but this is a folder")
    if not has_folder:
        raise MissingFile(
            f"there is no folder {output.parent}: create it first, or write somewhere else"
        )


class _Terminal(BufferedIOBase):
    """Writes UTF-8 to a terminal, with the characters escaped that a terminal would act on.

    They are escaped as in JSON, so that JSON stays valid.
    """

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._decoded = getincrementaldecoder("utf-8")("backslashreplace").decode

    def isatty(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._out.write(escape_controls_json(self._decoded(bytes(part))).encode())
        return len(part)

    def flush(self) -> None:
        self._out.flush()


@contextmanager
def _safe(file: IO[bytes]) -> Iterator[IO[bytes]]:
    if not file.isatty():
        yield file
        return
    terminal = _Terminal(file)
    yield cast(IO[bytes], terminal)
    terminal.close()  # while the file is open: it is flushed


@contextmanager
def _stdout() -> Iterator[IO[bytes]]:
    if sys.stdout is None:
        raise StorageFailure("the output cannot be written: stdout is closed")
    retry.mark_consumed("rows")
    sys.stdout.flush()
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise  # the reader has gone: the edge ends quietly
    except OSError as error:
        raise StorageFailure(f"the output cannot be written: {error.strerror}") from error
