"""log: who changed what, whether the log is whole, and one command shown or taken back."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.options import Db, DbPlain, callback, command, new_app, print_message
from claimtrack.cli.output_options import ToOutput, ToOutputWhole
from claimtrack.cli.output_streams import say
from claimtrack.dates import parse_day, parse_instant
from claimtrack.errors import InvalidValue, Usage
from claimtrack.kinds import KINDS

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


def _time_option(flag: str, about: str) -> Any:
    return typer.Option(flag, metavar="TIME", help=about, show_default=False)


@callback(app)
def log(
    ctx: typer.Context,
    *,
    db: Db,
    out: ToOutput,
    since: Annotated[
        str | None, _time_option("--since", "Only revisions of this day or time, or later (UTC).")
    ] = None,
    until: Annotated[
        str | None, _time_option("--until", "Only revisions of this day or time, or earlier (UTC).")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Only by this author.", show_default=False),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(
            "--record",
            metavar="REF",
            help="Only of the record with this ref, with the rows that belong to it.",
            autocompletion=refs(),
            show_default=False,
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="TABLE",
            help="Only of this table, such as entry or stance.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Without a command, list the revisions, newest first.

    Examples:
      claimtrack log --limit 20
      claimtrack log --since 2026-03-01 --by ada
      claimtrack log --record C9 --table stance
      claimtrack log --format csv --output log.csv
      claimtrack log verify
    """
    if ctx.invoked_subcommand is not None:
        set_options = [name for name, value in ctx.params.items() if value != _usual(ctx, name)]
        if set_options:
            raise Usage(f"--{set_options[0]} goes after '{ctx.invoked_subcommand}'")
        return
    from claimtrack import history
    from claimtrack.cli.lookup_commands import find_logged
    from claimtrack.lookup.layouts import LOG

    if table is not None and table not in (*KINDS, "casebook"):
        raise InvalidValue("table", table, f"one of {', '.join([*KINDS, 'casebook'])}")
    first, before = (None if text is None else _read_time(text) for text in (since, until))
    with db.reading(out) as session:
        filters = history.LogFilters(
            since=first and first.begins,
            before=before and before.ends,
            author=by,
            table=table,
            record=None if record is None else find_logged(session, record, None),
        )
        out.emit(history.stream_log(session, filters), history.LogRow, layout=LOG, most=out.most)


class _Time(NamedTuple):
    """A day or an instant: when it begins, and the first instant after it."""

    begins: datetime
    ends: datetime


def _read_time(text: str) -> _Time:
    if "T" in text or ":" in text:
        begins = parse_instant(text)
        return _Time(begins, begins + timedelta(microseconds=1))
    day = parse_day(text, what="day")
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return _Time(begins, begins + timedelta(days=1))


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
