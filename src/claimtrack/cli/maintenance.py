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
    """Undo the changes of one command, as a new change.

    Refused if a later command changed one of the same records. The log keeps both changes.

    Examples:
      claimtrack log --limit 5
      claimtrack revert 3f2a9c01b7de --message "wrong document"
    """
    from claimtrack import changes

    with db.writing(message or f"revert {change}") as session:
        count = changes.revert(session, change)
    print_message(f"undid change {change}: {count} row{'' if count == 1 else 's'}")


@command(app, "snapshot")
def snapshot(
    db: DbPlain,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file.", show_default=False)],
    at: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="TIME|SEQ",
            help="Time (in UTC if it has no offset), day (up to its end) or number of a revision.",
            show_default=False,
        ),
    ],
) -> None:
    """Write the casebook as it was at an earlier time to a new file.

    The file is a SQLite casebook with the log up to that time; every report works on it. Refused if
    the file exists, or if the log does not verify. If the clock was set back, so that the time is
    ambiguous, the order of the log decides, and a warning says so.

    Examples:
      claimtrack snapshot --at 2024-05-24T12:00 then.db
      claimtrack --db then.db report contradictions
    """
    from claimtrack import dates, replay
    from claimtrack.exchange import casebook_copies

    moment = dates.parse_moment(at)
    refuse_unwritable(file)
    if file.exists():
        raise NotEmpty(f"{file} already exists: choose a new file")
    with db.checking() as session:
        position = replay.get_log_position(session, moment)
        casebook_copies.snapshot(session, file, position.seq)
    if position.went_back:
        earlier, later = position.went_back
        print_message(
            f"warning: the clock was set back between revisions {earlier} and {later}: the "
            f"snapshot follows the order of the log up to revision {position.seq}; '--at SEQ' "
            "selects another"
        )
    print_message(f"wrote {file}: the casebook after revision {position.seq}")


@command(app, "copy")
def copy(
    db: DbPlain,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The casebook to copy.")],
    target: Annotated[
        str, typer.Argument(metavar="TARGET", help="The database to copy it to, empty or new.")
    ],
) -> None:
    """Copy a casebook, with its log, into another database.

    Either can be a path (SQLite) or a URL (PostgreSQL). The target is created if needed, and
    written in one transaction; afterwards both logs have the same head.

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
        Path, typer.Argument(metavar="FILE", help="The file to write.", show_default=False)
    ],
) -> None:
    """Back up the casebook, with its log, to a SQLite file.

    Others can read and write the casebook meanwhile. The copy is verified by its log before it
    replaces an older backup.

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
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The backup to restore.", show_default=False)
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the existing casebook.")
    ] = False,
) -> None:
    """Restore a backup into the database, which is created if needed.

    The backup is verified by its log first. Refused if the database already holds a casebook,
    unless --replace is set, which replaces it in one step, even if its file is damaged.

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
    """Rewrite the database files, so that they hold no erased data.

    On SQLite, drops free pages and the write-ahead log; on PostgreSQL, rewrites all tables. Others
    have to wait meanwhile. Also rebuilds all indexes, the full-text index included, which repairs
    index errors that 'log verify' finds. No record changes.

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
