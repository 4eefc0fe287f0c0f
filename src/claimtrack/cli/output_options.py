"""The options that say in which format rows are written, and where to."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from claimtrack.cli.filter_options import declared
from claimtrack.cli.options import Group, words_option
from claimtrack.cli.output_streams import file_of, refuse_unwritable
from claimtrack.cli.row_output import Out
from claimtrack.errors import Usage
from claimtrack.query.options import BOM, LIMIT, RAW
from claimtrack.vocab import OutputFormat

FormatOption = Annotated[
    OutputFormat,
    words_option("--format", "-f", of=OutputFormat, about="Output format", required=True),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        show_default=False,
        help="Write to this file instead of stdout.",
    ),
]
LimitOption = Annotated[int | None, declared(LIMIT)]


MOST_NOTES = 8
"""The greatest number of notes that are printed without --all-notes."""

RawOption = Annotated[bool, declared(RAW)]
BomOption = Annotated[bool | None, declared(BOM)]
AnchorOption = Annotated[
    bool,
    typer.Option("--anchor", help="Also write the head of the log to FILE.anchor."),
]
AllNotesOption = Annotated[
    bool,
    typer.Option(
        "--all-notes", help=f"Print all notes on omitted data; by default, the first {MOST_NOTES}."
    ),
]


def _out_whole(
    format: FormatOption = OutputFormat.TABLE,
    output: OutputOption = None,
    raw: RawOption = False,
    bom: BomOption = None,
    anchor: AnchorOption = False,
) -> Out:
    if raw and format is not OutputFormat.CSV:
        raise Usage("--raw is for --format csv: other formats have no formulas")
    refuse_anchor_alone(output, anchor=anchor)
    return Out(format, output, raw=raw, bom=wants_bom(format, output, bom), anchor=anchor)


def wants_bom(format: OutputFormat, output: Path | None, bom: bool | None) -> bool:
    """Whether an output begins with a byte order mark; `bom` is the option, None if it is not set.

    Raises:
        Usage: The option is set, and the format is not CSV.
    """
    if bom and format is not OutputFormat.CSV:
        raise Usage("--bom is for --format csv: other formats are known to be UTF-8")
    return format is OutputFormat.CSV and (has_bom(output) if bom is None else bom)


def has_bom(output: Path | None, platform: str = sys.platform) -> bool:
    """Whether CSV begins with a byte order mark by default: in .csv files on Windows, for Excel."""
    return platform == "win32" and output is not None and output.suffix.lower() == ".csv"


def refuse_anchor_alone(output: Path | None, *, anchor: bool) -> None:
    """Refuse --anchor without an output file next to which the anchor could be written.

    Raises:
        Usage: `anchor` is set, and the output is stdout.
    """
    if anchor and file_of(output) is None:
        raise Usage("--anchor needs --output: the anchor is written beside the file")


def anchored(output: Path | None, *, anchor: bool) -> Out:
    """Check an output file that does not consist of rows, and return what writes its anchor.

    Raises:
        Usage: `anchor` is set, and the output is stdout.
        InvalidValue, MissingFile, StorageFailure: The file cannot be written.
    """
    refuse_anchor_alone(output, anchor=anchor)
    refuse_unwritable(output)
    return Out(OutputFormat.TABLE, output, anchor=anchor)


ToOutputWhole = Annotated[Out, Group(_out_whole)]
"""The options --format, --output, --raw, --bom and --anchor."""


def _out(whole: ToOutputWhole, limit: LimitOption = None) -> Out:
    return replace(whole, limit=limit)


ToOutput = Annotated[Out, Group(_out)]
"""The same, and --limit."""
