"""Checks of a ZIP (a package or a workbook) before it is unpacked."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISLNK
from zipfile import ZipInfo

from claimtrack.errors import Invalid

MOST_TIMES = 100
"""Times its own size to which a ZIP may unpack, beyond `ALWAYS`.

Source: Apache POI, `ZipSecureFile.setMinInflateRatio`, whose default is 0.01.
"""
ALWAYS = 64 * 2**20
"""Bytes to which any ZIP may unpack: short files of equal lines compress very well."""


def refuse_duplicates(path: Path, entries: Sequence[ZipInfo]) -> None:
    """Refuse a ZIP with several entries of one name.

    Raises:
        Invalid: it has.
    """
    for name, count in Counter(one.filename for one in entries).items():
        if count > 1:
            problem = f"it holds {name!r} {count} times, and which one is meant is not clear"
            raise Invalid(f"{path}: {problem}: create the ZIP again")


def refuse_unsafe(path: Path, entries: Sequence[ZipInfo], most: int, advice: str) -> None:
    """Refuse a ZIP with symbolic links, or that unpacks to too many bytes.

    The declared sizes suffice, as zipfile reads no more of an entry than that.

    Args:
        path: The ZIP.
        entries: Its entries.
        most: The bytes to which they may unpack.
        advice: What to do instead, for the error.

    Raises:
        Invalid: it is unsafe.
    """
    link = next((one.filename for one in entries if S_ISLNK(one.external_attr >> 16)), None)
    if link is not None:
        raise Invalid(f"{path}: {link!r} is a symbolic link: create the ZIP again with the file")
    size = sum(one.file_size for one in entries)
    if size > most:
        problem = f"it unpacks to {size:,} bytes, and {most:,} are read at most"
        raise Invalid(f"{path}: {problem}: {advice}")
    if size > max(ALWAYS, MOST_TIMES * path.stat().st_size):
        problem = f"it unpacks to {size:,} bytes, more than {MOST_TIMES} times its own size"
        raise Invalid(f"{path}: {problem}: {advice} if you trust it")
