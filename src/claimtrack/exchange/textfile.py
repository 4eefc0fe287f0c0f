"""Text files of whatever encoding, opened as text; where none is given it is found out."""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from claimtrack.errors import Invalid, MissingFile, StorageFailure

_BLOCK = 2**20
_ENOUGH = 200_000
"""Bytes of lines with letters beyond ASCII by which an encoding is judged."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = "cp1252"
_OTHERS = ["cp1251", "koi8_u", "cp1253", "cp1255", "cp1256", "gb18030", "big5", "shift_jis"]
_OTHERS += ["euc_jp", "euc_kr"]
_WORD = re.compile(rb"[\x80-\xff]{3,}")
_ESCAPED = range(0xDC80, 0xDD00)
"""What a byte becomes that the encoding does not have."""


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a file for its bytes.

    Raises:
        MissingFile, StorageFailure: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            yield stream
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFile(f"there is no file {path}: check the name") from None
    except OSError as error:
        raise StorageFailure(f"{path} cannot be read: {error.strerror}") from error


def encoding_of(path: Path, given: str | None) -> str:
    """Return the encoding of a file: that which is given, or what its bytes say.

    Byte order marks first, then UTF-8, then the likeliest of the others.

    Raises:
        Invalid: it is no text.
        MissingFile, StorageFailure: it cannot be read.
    """
    with reading(path) as stream:
        start = stream.read(4096)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Invalid(
            f"{path}: this is a workbook or an archive, and the profile is of text: "
            "give a profile whose format is xlsx, or save the file as text"
        )
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if given is not None:
        return codecs.lookup(given).name
    zeros = start[::2].count(0), start[1::2].count(0)
    if min(zeros) == 0 and max(zeros) > max(len(start) * 0.02, 3):
        return "utf-16-be" if zeros[0] else "utf-16-le"
    return _guessed(path)


def _guessed(path: Path) -> str:
    """Return UTF-8 where all bytes are, else the likeliest encoding of the lines that are not."""
    decoder, utf8, sample = codecs.getincrementaldecoder("utf-8")(), True, bytearray()
    with reading(path) as stream:
        while (utf8 or len(sample) < _ENOUGH) and (block := stream.read(_BLOCK)):
            with suppress(UnicodeDecodeError):
                decoder.decode(block)
                continue
            utf8 = False
            lines = (line for line in block.splitlines() if not line.isascii())
            for line in lines:
                sample += line + b"\n"
    with suppress(UnicodeDecodeError):
        decoder.decode(b"", final=True)
        if utf8:
            return "utf-8"
    return _likeliest(bytes(sample[:_ENOUGH]))


def _likeliest(sample: bytes) -> str:
    """Return the likeliest encoding of some lines.

    Where letters beyond ASCII stand alone, among others, the script is Latin, and of that the usual
    encoding is taken; else the guess is that of charset-normalizer, which is good at other scripts.
    """
    beyond = sum(byte > 127 for byte in sample)
    in_words = sum(map(len, _WORD.findall(sample)))
    if in_words * 3 < beyond:
        return _LATIN
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OTHERS).best()
    return best.encoding if best else _LATIN


class Lines:
    """The lines of a text file, by number, with their ends; none may be endless."""

    def __init__(self, path: Path, stream: BinaryIO, encoding: str, longest: int) -> None:
        wide = encoding.startswith(("utf-16", "utf-32"))
        errors = "strict" if wide else "surrogateescape"
        self._path, self.encoding, self.longest = path, encoding, longest
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        self.number = 0
        self.held: list[str] = []
        """The lines that were read since it was emptied."""

    def close(self) -> None:
        """Let the file go, which stays open."""
        with suppress(ValueError):  # it has been closed
            self._text.detach()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """Return the next line.

        Raises:
            Invalid: it is too long, or cannot be read as text.
        """
        self.number += 1
        line = self._read(self._text.readline, self.longest)
        if not line:
            raise StopIteration
        if len(line) == self.longest:
            raise self.broken(f"the line is longer than {self.longest:,} characters: split it")
        self.held.append(line)
        return line

    def block(self, size: int) -> str:
        """Return so many characters of what is left, or all; not to be mixed with lines.

        Raises:
            Invalid: they cannot be read as text.
        """
        return self._read(self._text.read, size)

    def _read(self, how: Callable[[int], str], size: int) -> str:
        try:
            return how(size)
        except UnicodeError:
            told = f"the text is not {self.encoding} from about here on: save the file as UTF-8"
            raise self.broken(told) from None

    def broken(self, why: str, line: int | None = None) -> Invalid:
        """Return the error that the file cannot be read on; from which line, if not this one."""
        return Invalid(f"{self._path}:{line or max(self.number, 1)}: {why}")


IN_A_PROFILE = "give the encoding in the profile, or save the file as UTF-8"
"""What helps where the encoding of a file could have been said."""


def undecoded(text: str, encoding: str, advice: str = IN_A_PROFILE) -> str:
    """Say which byte of a text the encoding does not have; empty when it has them all."""
    if text.isascii():
        return ""
    found = next((letter for letter in text if ord(letter) in _ESCAPED), None)
    if found is None:
        return ""
    return (
        f"it holds the byte 0x{ord(found) - 0xDC00:02x}, which {encoding} does not have: {advice}"
    )
