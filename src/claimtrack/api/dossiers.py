"""Dossiers, read into a casebook and written from one."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO, TypeVar

from claimtrack.api.importing import OnProgress
from claimtrack.api.transactions import Access
from claimtrack.dates import parse_moment
from claimtrack.db import Session
from claimtrack.errors import Conflict
from claimtrack.exchange.dossier.dumping import dump
from claimtrack.exchange.dossier.loading import LoadReport, load
from claimtrack.history import Anchor, find_anchor_mismatch, get_anchor
from claimtrack.replay import get_seq_at

PlaceT = TypeVar("PlaceT", Path, Path | None)


def load_into(
    writing: AbstractContextManager[Session],
    paths: Sequence[Path],
    *,
    include_protected: bool,
    base: str | None = None,
    progress: Callable[[], AbstractContextManager[OnProgress | None]] = nullcontext,
) -> LoadReport:
    """Read dossiers in one transaction, all or nothing, and return what was added and changed.

    Args:
        writing: Opens the transaction.
        paths: The dossiers, in any order.
        include_protected: Whether protected records may be changed.
        base: The revision that the dossiers were made of: its number, or an anchor.
        progress: Opens what is called while records are written, with the records done, the same
            again, and how many there are; it is closed after the last.

    Raises:
        Conflict: the log does not hold the anchor, or what would change has been changed since.
        InvalidRecords: something in the dossiers is wrong; names every place.
    """
    with writing as session, progress() as on_progress:
        return load(
            session,
            paths,
            base=None if base is None else _find_base(session, base),
            include_protected=include_protected,
            on_progress=on_progress and (lambda done, whole: on_progress(done, done, whole)),
        )


def _find_base(session: Session, text: str) -> int:
    """Return the number of the revision that a text names: alone, as SEQ:HASH, or as an anchor.

    Raises:
        Conflict: the log does not hold the anchor.
    """
    if text.strip().isdecimal():
        return get_seq_at(session, parse_moment(text))
    anchor = Anchor.parse(text)
    fault = find_anchor_mismatch(session, anchor)
    if fault:
        raise Conflict(f"the files are based on another state of the casebook: {fault}")
    return anchor.seq


def dump_into(
    access: Access, place: PlaceT, opened: Callable[[PlaceT], AbstractContextManager[TextIO]]
) -> Anchor:
    """Write a casebook as one dossier, and return the head of the log that it was read from."""
    with access.reading() as session:
        with opened(place) as file:
            dump(session, file)
        return get_anchor(session)
