"""Reads whole input files, or stdin for `-`."""

import sys
from pathlib import Path

from claimtrack.cli import retry
from claimtrack.errors import InvalidValue, MissingFile, StorageFailure


def read_text(file: Path) -> str:
    """Return the text of a file.

    Raises:
        InvalidValue: The file is not UTF-8.
        MissingFile, InvalidValue, StorageFailure: as `read_bytes`.
    """
    try:
        return read_bytes(file).decode()
    except UnicodeDecodeError as error:
        raise InvalidValue(
            "file", str(file), f"text in UTF-8, but byte {error.start} is not"
        ) from None


def read_bytes(file: Path, most: int = -1) -> bytes:
    """Return the bytes of a file, or of stdin for `-`; at most `most`, unless that is -1.

    Raises:
        MissingFile: there is no such file.
        InvalidValue: it is a folder.
        StorageFailure: it cannot be read.
    """
    try:
        if str(file) == "-":
            retry.mark_consumed("stdin")
            return sys.stdin.buffer.read(most) if sys.stdin else b""
        retry.mark_stream_consumed(file)
        with file.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        raise MissingFile(f"there is no file {file}: choose another") from None
    except IsADirectoryError:
        raise InvalidValue("file", str(file), "a file, but this is a folder") from None
    except OSError as error:
        raise StorageFailure(f"{file} cannot be read: {error.strerror}") from error
