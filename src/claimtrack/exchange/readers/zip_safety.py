"""What a ZIP must keep to before it is unpacked, be it a package or a workbook."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISLNK
from zipfile import ZipInfo

from claimtrack.errors import Invalid

MOST_TIMES = 100
"""How many times its own size a ZIP may unpack to, beyond `ALWAYS`.

Source: Apache POI, `ZipSecureFile.setMinInflateRatio`, whose default is 0.01.
"""
ALWAYS = 64 * 2**20
"""Bytes to which any ZIP may unpack: short files of equal lines are small when packed."""


def refuse_twice(path: Path, entries: Sequence[ZipInfo]) -> None:
    """Refuse a ZIP that holds several entries of one name.

    Raises:
        Invalid: it does.
    """
    for name, count in Counter(one.filename for one in entries).items():
        if count > 1:
            problem = f"it holds {name!r} {count} times, and which one is meant is not clear"
            raise Invalid(f"{path}: {problem}: make the ZIP anew")


def refuse_unsafe(path: Path, entries: Sequence[ZipInfo], most: int, advice: str) -> None:
    """Refuse to unpack entries of a ZIP that are links, or come to more than so many bytes.

    zipfile reads no more of an entry than the size that is summed up here.

    Raises:
        Invalid: they are, or do.
    """
    link = next((one.filename for one in entries if S_ISLNK(one.external_attr >> 16)), None)
    if link is not None:
        raise Invalid(f"{path}: {link!r} is a symbolic link: make the ZIP anew with the file")
    size = sum(one.file_size for one in entries)
    if size > most:
        problem = f"it unpacks to {size:,} bytes, and {most:,} are read at most"
        raise Invalid(f"{path}: {problem}: {advice}")
    if size > max(ALWAYS, MOST_TIMES * path.stat().st_size):
        problem = f"it unpacks to {size:,} bytes, more than {MOST_TIMES} times its own size"
        raise Invalid(f"{path}: {problem}: {advice} if you trust it")
