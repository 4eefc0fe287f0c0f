"""export: one command for each line of `exports.FORMATS`."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack.cli.filter_options import option_group
from claimtrack.cli.filters import filters_of
from claimtrack.cli.options import Db, Target, command, new_app, print_message
from claimtrack.cli.output_options import MOST_NOTES, AllNotesOption, AnchorOption, anchored
from claimtrack.cli.output_streams import file_of, opened_bytes
from claimtrack.exchange.exports import FORMATS, Format

if TYPE_CHECKING:
    from claimtrack.query.filters import Filters

app = new_app()

TargetArgument = Annotated[
    Path, typer.Argument(metavar="TARGET", help="File or folder to write.", show_default=False)
]


def group(_name: str) -> typer.Typer:
    """Return the formats."""
    return app


def declare(format: Format) -> None:
    """Add the command of a format."""

    def run(
        *,
        db: Target,
        target: Path,
        filters: "Filters",
        own: dict[str, Any],
        anchor: bool,
        all_notes: bool,
    ) -> None:
        from claimtrack.api.exporting import export
        from claimtrack.exchange.exports.exporting import refuse_target

        refuse_target(format, target)
        out = anchored(target, anchor=anchor)
        exported = export(db.access, format, target, filters, own, opened_bytes)
        out.place_anchor(exported.anchor)
        for note in exported.left_out.lines(None if all_notes else MOST_NOTES):
            print_message(f"warning: {note}")
        if file_of(target):
            print_message(f"wrote {target}")

    vars(run)["__signature__"] = inspect.Signature(list(_parameters(format)))
    command(app, format.name, about=format.help)(run)


def _parameters(format: Format) -> Iterator[inspect.Parameter]:
    """Yield the parameters of a format's command, in the order of its help."""
    for name, annotation in {
        "db": Db,
        "target": TargetArgument,
        "filters": Annotated[Any, option_group(format.filters, filters_of)],
        "own": Annotated[Any, option_group(format.options, dict)],
    }.items():
        yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation)
    for name, annotation in {"anchor": AnchorOption, "all_notes": AllNotesOption}.items():
        kind = inspect.Parameter.KEYWORD_ONLY
        yield inspect.Parameter(name, kind, annotation=annotation, default=False)


for _format in FORMATS:
    declare(_format)
