"""Data packages of a casebook, in a folder."""

from pathlib import Path
from typing import Any

from claimtrack.db import Session
from claimtrack.exchange.exports import data_package
from claimtrack.exchange.notes import Notes
from claimtrack.query.filters import Filters

ALL = Filters()


def write_package_of(session: Session, folder: Path, wanted: Filters = ALL, **how: Any) -> Path:
    """Write what filters choose of a casebook into a new folder, as `write_package` does."""
    folder.mkdir()
    data_package.write_package(session, folder, wanted, Notes(), **how)
    return folder
