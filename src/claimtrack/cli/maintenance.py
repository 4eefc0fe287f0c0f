"""One command taken back, and the whole casebook as it was or somewhere else."""

from pathlib import Path
from typing import Annotated

import typer

from claimtrack.cli.log import ChangeId
from claimtrack.cli.options import Db, DbPlain, Message, Target, command, new_app, print_message
from claimtrack.cli.output_streams import refuse_unwritable
from claimtrack.errors import MissingFile, NotEmpty

app = new_app()


@command(app, "revert")
def revert(db: Db, change: ChangeId, message: Message = None) -> None:
    """Take back what one command did, as a new change.

    Refused when a later change touched one of the same rows; nothing is ever taken out of the log.

    Examples:
      claimtrack log --limit 5
      claimtrack revert 3f2a9c01b7de --message "wrong document"
    """
    from claimtrack import changes

    with db.writing(message or f"revert {change}") as session:
        count = changes.revert(session, change)
    print_message(f"took back change {change}: {count} row{'' if count == 1 else 's'}")


@command(app, "snapshot")
def snapshot(
    db: DbPlain,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The new casebook.", show_default=False)
    ],
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="TIME|SEQ",
            help="When: a time, in UTC without an offset; a day, to its end; or a sequence of the "
            "log.",
            show_default=False,
        ),
    ],
) -> None:
    """Rebuild the casebook as it once stood, as a file of its own.

    The file is a SQLite casebook, its log up to then included, and every report can be asked of it.
    Refused where there is a file already, and where the log is not whole. Where the clock went
    back, so that a time is doubtful, the order of the log counts, and you are told.

    Examples:
      claimtrack snapshot --at 2024-05-24T12:00 then.db
      claimtrack --db then.db report contradictions
    """
    from claimtrack import dates, replay
    from claimtrack.exchange import casebook_copies

    moment = dates.parse_moment(at)
    refuse_unwritable(file)
    if file.exists():
        raise NotEmpty(f"{file} is there already: name a new file")
    with db.checking() as session:
        position = replay.get_log_position(session, moment)
        casebook_copies.snapshot(session, file, position.seq)
    if position.went_back:
        earlier, later = position.went_back
        print_message(
            f"warning: the clock went back between revisions {earlier} and {later}: the log is "
            f"taken in its order up to revision {position.seq}; '--at SEQ' names another"
        )
    print_message(f"wrote {file}: the casebook after revision {position.seq}")


@command(app, "copy")
def copy(
    db: DbPlain,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The casebook to copy.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="An empty database.")],
) -> None:
    """Copy a casebook into another database, its log included.

    Either can be a path (SQLite) or a URL (PostgreSQL). The target is made if need be, and written
    in one transaction; afterwards both have the same head.

    Examples:
      claimtrack copy claimtrack.db postgresql://me@localhost/casebook
      claimtrack copy postgresql://me@localhost/casebook claimtrack.db
    """
    from claimtrack import db as databases
    from claimtrack.exchange import casebook_copies
    from claimtrack.history import get_anchor

    other = databases.connect(target)
    with Target(source, db.author).checking() as session:
        casebook_copies.copy(session, other)
        head = get_anchor(session)
    print_message(f"copied {other.name}: the head of both is {head.seq}:{head.hash}")


@command(app, "backup")
def backup(
    db: DbPlain,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to keep it.", show_default=False)
    ],
) -> None:
    """Keep a copy of the whole casebook, its log included, as a SQLite file.

    Others may read and write meanwhile. The copy is checked by its log; an older one in its place
    is replaced only then.

    Examples:
      claimtrack backup /mnt/safe/casebook.db
    """
    from claimtrack.api import backups

    refuse_unwritable(file)
    head = backups.backup(db.access, file)
    print_message(f"wrote {file}: whole, up to {head.seq}:{head.hash}")


@command(app, "restore")
def restore(
    db: DbPlain,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the casebook that is there.")
    ] = False,
) -> None:
    """Write a backup into the database, which is made if need be.

    The backup is checked by its log first. A casebook that is there is kept, unless it is to be
    replaced; then it goes in the same step, even where its file is damaged.

    Examples:
      claimtrack restore /mnt/safe/casebook.db
      claimtrack --db postgresql://me@localhost/casebook restore casebook.db --replace
    """
    from claimtrack.api import backups

    if not file.is_file():
        raise MissingFile(f"there is no file {file}: check the name")
    target = db.access.database
    head = backups.restore(file, target, replace=replace)
    print_message(f"restored {target.name}: whole, up to {head.seq}:{head.hash}")


@command(app, "compact")
def compact(db: DbPlain) -> None:
    """Rewrite the database, so that nothing of what was taken out is left in its files.

    On SQLite free pages and the write-ahead log go, on PostgreSQL all tables are rewritten; others
    have to wait meanwhile. Indexes are made anew, that of words too: what 'log verify' finds wrong
    with them is mended. Nothing that can still be asked for changes.

    Examples:
      claimtrack compact
    """
    from claimtrack import db as databases
    from claimtrack import fulltext

    database = databases.connect(db.name)
    databases.check_can_compact(database)
    with db.writing(None) as session:
        fulltext.rebuild(session)
    databases.compact(database)
    print_message(f"compacted {database.name}")
