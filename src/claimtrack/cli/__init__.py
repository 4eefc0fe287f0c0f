"""The command line: parses the arguments, calls the library and prints the result.

Each module declares the commands of one subject. Only the module of the command called is imported;
it imports database code when the command runs. Errors become one sentence on stderr here.
"""

import gc
import importlib
import os
import sys
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, TextIO

import typer
from typer.main import get_command

from claimtrack import __version__
from claimtrack.cli import state
from claimtrack.cli.nouns import ENTRIES, NOUNS
from claimtrack.cli.options import (
    DEFAULT_DATABASE,
    NounGroup,
    Target,
    group_of,
    help_text,
    print_message,
)
from claimtrack.errors import (
    ClaimtrackError,
    Conflict,
    Failure,
    Invalid,
    NotFound,
    check_author,
)

EXIT_CODES: Mapping[type[ClaimtrackError], int] = {Invalid: 2, NotFound: 3, Conflict: 4, Failure: 1}
"""The exit code for each class of errors."""
INTERRUPTED = 130

COMMANDS = {
    "init": ("dossier_commands", "Create the database, or upgrade it to this version."),
    "demo": ("demo", "Load a packaged dataset and show who contradicts whom."),
    "load": ("dossier_commands", "Load dossiers (YAML): all or nothing, safe to repeat."),
    "import": (
        "import_commands",
        "Import files of other programs by a profile: all or nothing, safe to repeat.",
    ),
    "dump": ("dossier_commands", "Write the whole casebook as one dossier (YAML)."),
    "search": ("lookup_commands", "Search records for words, best matches first."),
    "show": (
        "lookup_commands",
        "Show one record of any kind, with its related records, on one screen.",
    ),
    "check": ("lookup_commands", "Check the casebook for errors and inconsistencies."),
    "revert": ("maintenance", "Undo the changes of one command, as a new change."),
    "compact": (
        "maintenance",
        "Rewrite the database files, so that they hold no erased data.",
    ),
    "snapshot": ("maintenance", "Write the casebook as it was at an earlier time to a new file."),
    "copy": ("maintenance", "Copy a casebook, with its log, into another database."),
    "backup": (
        "maintenance",
        "Back up the casebook, with its log, to a SQLite file.",
    ),
    "restore": ("maintenance", "Restore a backup into the database, which is created if needed."),
    "history": ("lookup_commands", "Show all changes of one record, field by field."),
    "status": ("lookup_commands", "Show the database, its version and its number of records."),
}
"""The commands outside groups: the module of each, and the first line of its help."""

GROUPS = {
    **{noun: ("record_commands", NOUNS[noun].summary) for noun in NOUNS},
    ENTRIES.name: ("record_commands", ENTRIES.summary),
    "stance": ("relation_commands", "Stances: how far an entry affirms or denies a proposition."),
    "figure": ("relation_commands", "Figures: the numbers that entries give for a measure."),
    "link": ("link", "Links: how one entry relates to another."),
    "citation": ("relation_commands", "Citations: the documents that an entry cites."),
    "grade": (
        "relation_commands",
        "Grades: how reliable a source and how credible its information is.",
    ),
    "log": ("log", "List who changed what and when; verify the log."),
    "report": ("report", "Reports: contradictions, claims, positions and others."),
    "export": ("export", "Export the casebook in formats that other programs read."),
    "profile": ("import_commands", "Import profiles: what the columns of a file mean."),
    "schema": ("dossier_commands", "JSON Schemas of the files that claimtrack reads."),
}
"""The groups of commands: the module of each, and the first line of its help."""


@cache  # a program that types many lines, as the tests do, builds each command once
def _declared(name: str) -> Any:
    if name in GROUPS:
        module_name, about = GROUPS[name]
        module = importlib.import_module(f"claimtrack.cli.{module_name}")
        group = group_of(module.group(name))
        group.name = name
        group.help = f"{about}\n\n{group.help}" if group.help else about
        return group
    if name in COMMANDS:
        module = importlib.import_module(f"claimtrack.cli.{COMMANDS[name][0]}")
        return group_of(module.app).commands[name]
    return None


class Root(NounGroup):
    """The application: finds commands by name, and ends every command with the right code."""

    commands: Any  # only the names, to suggest the nearest: the commands are made when called

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands and groups."""
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command or a group, from the one module that declares it."""
        return _declared(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Resolve a command; the error for an unknown one suggests similar names."""
        self.commands = dict.fromkeys(self.list_commands(ctx))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands without importing them."""
        for title, table in (("Commands", COMMANDS), ("Groups of commands", GROUPS)):
            with formatter.section(title):
                formatter.write_dl([(name, about) for name, (_, about) in table.items()])

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run a command line and exit; an error is printed as one sentence."""
        extra["standalone_mode"] = False
        message = ""
        try:
            code = super().main(*args, **extra) or 0
        except ClaimtrackError as error:
            message, code = str(error), exit_code(error)
        except typer.TyperException as error:
            message, code = _usage_sentence(error), error.exit_code
        except (typer.Abort, KeyboardInterrupt):
            code = INTERRUPTED
        except BrokenPipeError:
            code = 1  # the reader has closed the pipe, as `head` does: no message can reach it
        except OSError as error:
            message, code = f"{error.filename or 'the output'} cannot be used: {error.strerror}", 1
        if code == INTERRUPTED:  # Typer makes an exit code of Ctrl-C
            message = "stopped: nothing was written"
        if message:
            print_message(message)
        sys.exit(code)


def exit_code(error: ClaimtrackError) -> int:
    """Return the exit code for an error."""
    return next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))


def _usage_sentence(error: typer.TyperException) -> str:
    """Return the sentence for a usage error, with the command that prints the help."""
    sentence = " ".join(error.format_message().split()).rstrip(".")
    if getattr(error, "option_name", "") in ("--db", "--author"):
        flag = getattr(error, "option_name", "")
        unknown = hasattr(error, "possibilities")  # else only its value is missing
        sentence = f"{flag} goes before the command" if unknown else f"{flag} needs a value"
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "claimtrack"
    return f"{sentence[:1].lower()}{sentence[1:]}: see '{path} --help'"


ABOUT = """Log sourced claims in a casebook, and find out what contradicts them.

First steps:
  claimtrack demo                   a worked example, in claimtrack.db
  claimtrack init                   a casebook of your own
  claimtrack claim add --help       how to log a claim
  claimtrack report contradictions  who is contradicted by whom"""

app = typer.Typer(
    cls=Root,
    help=help_text(ABOUT),
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _show_version(filters: bool) -> None:
    if filters:
        typer.echo(f"claimtrack {__version__}")
        raise typer.Exit


@app.callback()
def _globals(
    ctx: typer.Context,
    db: Annotated[
        str,
        typer.Option(
            "--db",
            metavar="PATH|URL",
            envvar="CLAIMTRACK_DB",
            help="Database of the casebook: a path (SQLite), postgresql://USER@HOST:PORT/NAME, or "
            "'host=HOST dbname=NAME user=USER'.",
        ),
    ] = DEFAULT_DATABASE,
    author: Annotated[
        str | None,
        typer.Option(
            "--author",
            metavar="NAME",
            envvar="CLAIMTRACK_AUTHOR",
            show_default="the login name",
            help="Author of the change, for the log.",
        ),
    ] = None,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Note which database is meant, and who is at work."""
    state.begin()
    ctx.obj = Target(db, login_name() if author is None else check_author(author))


def login_name() -> str:
    """Return the login name; "unknown" if the system has none."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def main() -> None:
    """Run the command line of this process."""
    # Looking for garbage in cycles after every 700 new objects takes a quarter of a long report.
    gc.set_threshold(10_000)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is None:  # was closed (`>&-`): a file opened later must not take its number
            os.open(os.devnull, os.O_RDWR)
    try:
        get_command(app)(prog_name="claimtrack")
    finally:
        for stream in (sys.stdout, sys.stderr):
            _let_go(stream)


def _let_go(stream: TextIO | None) -> None:
    """Flush a stream; if that fails, redirect it, so that Python prints no error at exit."""
    if stream is None or stream.closed:
        return
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
