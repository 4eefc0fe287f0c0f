"""Output of `show`: one record with its sections, on one screen unless --all is set."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from claimtrack.cli.options import Group
from claimtrack.cli.row_output import Out
from claimtrack.vocab import OutputFormat

if TYPE_CHECKING:
    from claimtrack.db import Session


@dataclass(frozen=True)
class _Extent:
    """How much of a record `show` prints: all rows (`whole`), and its history."""

    whole: bool
    history: bool


def _extent(
    *,
    all_: Annotated[
        bool,
        typer.Option("--all", help="Show all rows in full, not only those that fit on one screen."),
    ] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Also show all changes of the record, field by field.")
    ] = False,
) -> _Extent:
    return _Extent(whole=all_, history=history)


Extent = Annotated[_Extent, Group(_extent)]
"""The options --all and --history."""


def show(session: "Session", out: Out, noun: str, ref: str, extent: _Extent) -> None:
    """Write a record with its sections; only tables are shortened to one screen."""
    from claimtrack import lookup
    from claimtrack.lookup.record_page import page_of, sheet_of
    from claimtrack.present.pages import LINES, write_page

    is_page = out.format is OutputFormat.TABLE
    with_history = extent.history or not (is_page or out.format is OutputFormat.MARKDOWN)
    most = LINES if is_page and not extent.whole else None
    shown = lookup.show(session, noun, ref, most=most, with_history=with_history)
    out.emit_sheet(
        sheet_of(shown),
        lambda stream, width: write_page(stream, page_of(shown), width, whole=extent.whole),
    )
