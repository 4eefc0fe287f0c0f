"""log: who changed what, whether the log is whole, and one command shown or taken back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack.cli.options import Db, DbPlain, callback, command, new_app, print_message
from claimtrack.cli.output_options import ToOutput, ToOutputWhole
from claimtrack.cli.output_streams import say
from claimtrack.errors import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator


app = new_app()

ChangeId = Annotated[
    str,
    typer.Argument(
        metavar="CHANGE",
        help="The id of the command, as the log shows it.",
        show_default=False,
    ),
]


def group(_name: str) -> typer.Typer:
    """Return the commands of the log."""
    return app


@callback(app)
def log(ctx: typer.Context, db: Db, out: ToOutput) -> None:
    """Without a command, list the revisions, newest first.

    Examples:
      claimtrack log --limit 20
      claimtrack log --format csv --output log.csv
      claimtrack log verify
    """
    if ctx.invoked_subcommand is not None:
        set_options = [name for name, value in ctx.params.items() if value != _usual(ctx, name)]
        if set_options:
            raise Usage(f"--{set_options[0]} goes after '{ctx.invoked_subcommand}'")
        return
    from claimtrack import history
    from claimtrack.lookup.layouts import LOG

    with db.reading(out) as session:
        out.emit(history.stream_log(session), history.LogRow, layout=LOG, most=out.most)


def _usual(ctx: typer.Context, name: str) -> Any:
    return next(param.default for param in ctx.command.params if param.name == name)


@command(app, "verify")
def verify(
    db: Db,
    out: ToOutput,
    expect_head: Annotated[
        str | None,
        typer.Option(
            "--expect-head",
            metavar="SEQ:HASH|ANCHOR",
            help="A head that you stored elsewhere, which the log must contain.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Verify the log, and compare it with the content of the database.

    Reports the first revision that breaks the hash chain; or else every row that differs from the
    log. Also reports differences in the schema, the file and its indexes, the full-text index and
    the bytes of captures. The exit code is 1 if there are any. To detect that revisions were cut
    off at the end, compare with a head that you stored elsewhere.

    Examples:
      claimtrack log verify
      claimtrack log verify --expect-head "$(cat casebook.anchor)"
    """
    from claimtrack.audit import Finding, audit
    from claimtrack.audit.diagnosis import get_finding_mask
    from claimtrack.history import Anchor, get_anchor

    expected = Anchor.parse(expect_head) if expect_head is not None else None
    found = 0
    with db.auditing() as session:
        named = None if db.include_protected else get_finding_mask(session)

        def noted() -> "Iterator[Any]":
            nonlocal found
            for row in audit(session, expected):
                found += 1
                yield named(row) if named else row

        out.emit(noted(), Finding)
        head = None if found else get_anchor(session)
    if head is None:
        print_message("the casebook differs from its log: see the findings")
        raise typer.Exit(1)
    counted = "1 revision accounts" if head.seq == 1 else f"{head.seq:,} revisions account"
    print_message(f"whole: {counted} for every row; the head is {head.seq}:{head.hash}")


@command(app, "anchor")
def anchor_(db: DbPlain) -> None:
    """Print the head of the log as one line, to publish or time-stamp elsewhere.

    The line has the casebook's id; the number, the hash and the time of the last revision; and a
    digest of the casebook's id, time of creation and secret, which does not reveal the secret.

    Examples:
      claimtrack log anchor
      claimtrack log anchor > casebook.anchor
    """
    from claimtrack.history import get_anchor

    with db.reading() as session:
        line = str(get_anchor(session))
    say(line)


@command(app, "show")
def show(db: Db, change: ChangeId, out: ToOutputWhole) -> None:
    """Show what one command changed, field by field.

    Examples:
      claimtrack log show 3f2a9c01b7de
    """
    from claimtrack import history
    from claimtrack.lookup.layouts import LOG

    with db.reading(out) as session:
        out.emit(history.list_change(session, change), history.LogRow, layout=LOG)
