"""Text files in any encoding, which is detected unless it is declared."""

import codecs
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from claimtrack.errors import Invalid, MissingFile, StorageFailure

_BLOCK = 2**20
_ENOUGH = 200_000
"""Bytes of lines beyond ASCII that suffice to detect an encoding."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PACKED: tuple[bytes, ...] = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
"""The beginnings of workbooks, archives and PDFs."""
_PACKED += (b"%PDF-", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00")
_LATIN = "cp1252"
_WESTERN = (_LATIN, "iso8859-1", "iso8859-15")
"""Encodings in which UTF-8 would be pairs of an accented capital and a sign."""
_OTHERS = ["cp1251", "koi8_u", "cp1253", "cp1255", "cp1256", "gb18030", "big5", "shift_jis"]
_OTHERS += ["euc_jp", "euc_kr"]
_WORD = re.compile(rb"[\x80-\xff]{3,}")
_RUN = re.compile("[^\x00-\x7f]+")
_WHOLE_RUN = re.compile("(?<![^\x00-\x7f])[^\x00-\x7f\udc80-\udcff]++(?![^\x00-\x7f])")
_ESCAPED = range(0xDC80, 0xDD00)
"""Lone surrogates, which stand for bytes that the encoding lacks (`surrogateescape`)."""


@contextmanager
def open_bytes(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading bytes.

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


def detect_encoding(path: Path, declared: str | None) -> str:
    """Return the encoding of a file.

    A byte order mark decides; then `declared`; then UTF-8, even if some lines are not; else the
    most likely other encoding.

    Raises:
        Invalid: it is no text, or UTF-8 though a Western encoding is declared.
        MissingFile, StorageFailure: it cannot be read.
    """
    with open_bytes(path) as stream:
        start = stream.read(4096)
    if start.startswith(_PACKED):
        raise Invalid(
            f"{path}: this is a workbook, an archive or a PDF, and the profile is of text: "
            "give a profile whose format is xlsx, or save the file as text"
        )
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if declared is not None:
        name = codecs.lookup(declared).name
        if name in _WESTERN and _all_utf8(path):
            problem = (
                f"all of it is UTF-8, and the profile says {declared}: leave encoding out there"
            )
            raise Invalid(f"{path}: {problem}")
        return name
    zeros = start[::2].count(0), start[1::2].count(0)
    if min(zeros) == 0 and max(zeros) > max(len(start) * 0.02, 3):
        return "utf-16-be" if zeros[0] else "utf-16-le"
    return _guessed(path)


def _guessed(path: Path) -> str:
    """Return UTF-8 where a file is UTF-8, or has parts that can be nothing else.

    Lines that are not UTF-8 are then faults. Only a file without any UTF-8 is taken for another
    encoding.
    """
    if _all_utf8(path) is not None:
        return "utf-8"
    attempt, sample = _decode_sample(path)
    return "utf-8" if attempt.is_utf8(latin=_is_latin(sample)) else _likeliest(sample)


def _all_utf8(path: Path) -> bool | None:
    """Return whether a file holds letters beyond ASCII, all in UTF-8.

    None where a byte is invalid.
    """
    decoder, ascii_alone = codecs.getincrementaldecoder("utf-8")(), True
    with open_bytes(path) as stream, suppress(UnicodeDecodeError):
        while block := stream.read(_BLOCK):
            decoder.decode(block)
            ascii_alone = ascii_alone and block.isascii()
        decoder.decode(b"", final=True)
        return not ascii_alone
    return None


@dataclass(slots=True)
class _Attempt:
    """Counts of the runs of bytes beyond ASCII when a file is decoded as UTF-8."""

    broken: int = 0
    """Runs with an invalid byte."""
    letters: int = 0
    """Letters in valid runs."""
    long: int = 0
    """Valid runs of six letters or more: in another encoding they are improbable."""

    def take(self, text: str) -> None:
        """Count the runs of a text in which bytes that are not UTF-8 are escaped."""
        whole = _WHOLE_RUN.findall(text)
        self.broken += len(_RUN.findall(text)) - len(whole)
        self.letters += sum(map(len, whole))
        self.long += sum(len(run) >= 6 for run in whole)

    def is_utf8(self, *, latin: bool) -> bool:
        """Return whether the file is UTF-8 except for some lines.

        In Latin script an accented letter is followed by ASCII, which no other encoding makes look
        like UTF-8. In other scripts short words do by chance: in KOI8 a word of two letters, in GBK
        one character of seven.
        """
        if latin:
            return self.letters > 0
        return self.letters + 1000 * self.long >= self.broken


def _decode_sample(path: Path) -> tuple[_Attempt, bytes]:
    """Return the counts for a file decoded as UTF-8, and a sample of its lines that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    attempt, sample = _Attempt(), bytearray()
    with open_bytes(path) as stream:
        while block := stream.read(_BLOCK):
            attempt.take(decoder.decode(block))
            if len(sample) < _ENOUGH:
                lines = block.splitlines()
                sample += b"\n".join(line for line in lines if not _is_utf8(line)) + b"\n"
    attempt.take(decoder.decode(b"", final=True))
    return attempt, bytes(sample[:_ENOUGH])


def _is_utf8(line: bytes) -> bool:
    with suppress(UnicodeDecodeError):
        line.decode()
        return True
    return False


def _is_latin(sample: bytes) -> bool:
    """Return whether most letters beyond ASCII are single, between ASCII."""
    beyond = sum(byte > 127 for byte in sample)
    return sum(map(len, _WORD.findall(sample))) * 3 < beyond


def _likeliest(sample: bytes) -> str:
    """Return the most likely encoding of some lines.

    For Latin script Windows-1252; else the guess of charset-normalizer, which is good at others.
    """
    if _is_latin(sample):
        return _LATIN
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OTHERS).best()
    return best.encoding if best else _LATIN


class Lines:
    """The lines of a text file with their ends, numbered; the length of a line is limited."""

    def __init__(self, path: Path, stream: BinaryIO, encoding: str, longest: int) -> None:
        wide = encoding.startswith(("utf-16", "utf-32"))
        errors = "strict" if wide else "surrogateescape"
        self._path, self.encoding, self.longest = path, encoding, longest
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
        self.number = 0
        self.buffer: list[str] = []
        """The lines read since the caller last emptied it."""

    def close(self) -> None:
        """Detach the stream, which stays open."""
        with suppress(ValueError):  # it has been closed
            self._text.detach()

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        """Return the next line.

        Raises:
            Invalid: it is too long, or cannot be decoded.
        """
        self.number += 1
        line = self._read(self._text.readline, self.longest)
        if not line:
            raise StopIteration
        if len(line) == self.longest:
            raise self.broken(f"the line is longer than {self.longest:,} characters: split it")
        self.buffer.append(line)
        return line

    def block(self, size: int) -> str:
        """Return up to `size` characters; not to be mixed with lines.

        Raises:
            Invalid: they cannot be decoded.
        """
        return self._read(self._text.read, size)

    def _read(self, read: Callable[[int], str], size: int) -> str:
        try:
            return read(size)
        except UnicodeError:
            problem = f"the text is not {self.encoding} from about here on: save the file as UTF-8"
            raise self.broken(problem) from None

    def broken(self, why: str, line: int | None = None) -> Invalid:
        """Return the error for a file that cannot be read on, from a given or the current line."""
        return Invalid(f"{self._path}:{line or max(self.number, 1)}: {why}")


IN_A_PROFILE = "set the encoding in the profile, or save the file as UTF-8"
"""The advice where a profile could name the encoding."""


def describe_undecoded(
    text: str, encoding: str, advice: str = IN_A_PROFILE, where: str = ""
) -> str:
    """Return the sentence for the first byte that could not be decoded; empty without any."""
    if text.isascii():
        return ""
    found = next((letter for letter in text if ord(letter) in _ESCAPED), None)
    if found is None:
        return ""
    byte, name = f"0x{ord(found) - 0xDC00:02x}", encoding.replace("utf-8", "UTF-8")
    return f"it holds the byte {byte}, which {name} does not have{where}: {advice}"
