"""Declares commands, groups of options that commands share, and the database option.

A command's parameter annotated with `Group(build)` is expanded to the parameters of `build`, and
receives the result of `build`. So `filters: EntryFilters` declares many options, and is one object.
"""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar, get_args

import typer
from typer.main import get_command, get_group
from typer.models import CommandInfo

from claimtrack.cli import retry, state
from claimtrack.cli.option_values import PlainCommand, PlainGroup, clearable

if TYPE_CHECKING:
    from claimtrack.api.transactions import Access
    from claimtrack.db import Session

DEFAULT_DATABASE = "claimtrack.db"

CommandT = TypeVar("CommandT", bound=Callable[..., None])


class Group:
    """Annotates a parameter that is made from several options, or from groups of options.

    Args:
        build: Takes the options as its parameters, and returns the value of the parameter.
    """

    def __init__(self, build: Callable[..., Any]) -> None:
        self._build = build
        self._parts = inspect.signature(build).parameters
        self._groups = {name: _group_of(part.annotation) for name, part in self._parts.items()}

    def parameters(self) -> dict[str, inspect.Parameter]:
        """Return the options by name, without duplicates from nested groups."""
        merged: dict[str, inspect.Parameter] = {}
        for name, part in self._parts.items():
            group = self._groups[name]
            for one in group.parameters().values() if group else [part]:
                merged.setdefault(one.name, one.replace(kind=inspect.Parameter.KEYWORD_ONLY))
        return merged

    def value_from(self, options: Mapping[str, Any]) -> Any:
        """Return the value of the parameter from the values of all options of a command."""
        return self._build(
            **{
                name: group.value_from(options) if group else options[name]
                for name, group in self._groups.items()
            }
        )


class NounGroup(PlainGroup):
    """A group of commands; called without one, it prints its help and fails."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Print the help if no command is named."""
        if not (args or ctx.resilient_parsing or self.invoke_without_command):
            typer.echo(ctx.get_help(), err=True)
            raise typer.Exit(2)
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands, each with the first paragraph of its help in full."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [
                    (name, (command.help or "").partition("\n\n")[0])
                    for name, command in self.commands.items()
                ]
            )


class LastMayBeNegative(PlainCommand):
    """A command whose last argument can be a negative number, as in `stance set S-1 p -2`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put a number that no option takes behind `--`, where it is not read as an option."""
        taking = {
            flag
            for param in self.params
            if not getattr(param, "is_flag", True)
            for flag in param.opts
        }
        for at, word in enumerate(args):
            if word == "--":
                break
            numeric = word[:1] == "-" and word[1:2].isdigit()  # no option begins so
            if numeric and (at == 0 or args[at - 1] not in taking):
                args = [*args[:at], *args[at + 1 :], "--", word]
                break
        return super().parse_args(ctx, args)


def new_app() -> typer.Typer:
    """Return an empty group of commands; its help is plain text, the same on every terminal."""
    return typer.Typer(
        cls=NounGroup,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
    )


class _Commands(Mapping[str, Any]):
    """The commands of a group by name, each built on first use.

    To build all commands of a group takes longer than most commands run.
    """

    def __init__(self, registered: Sequence[CommandInfo]) -> None:
        self._registered = {str(one.name): one for one in registered}
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            app = new_app()
            app.registered_commands.append(self._registered[name])
            self._built[name] = get_command(app)
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._registered)

    def __len__(self) -> int:
        return len(self._registered)


def group_of(app: typer.Typer) -> Any:
    """Return the commands of an application as one group."""
    without = new_app()
    without.registered_callback = app.registered_callback
    group = get_group(without)
    group.commands = _Commands(app.registered_commands)  # type: ignore[assignment]  # only read
    return group


def command(
    app: typer.Typer, name: str, *, about: str | None = None, cls: type[PlainCommand] = PlainCommand
) -> Callable[[CommandT], CommandT]:
    """Register a command whose parameters may be groups; its help is `about`, or its docstring."""

    def register(function: CommandT) -> CommandT:
        text = help_text(about or inspect.getdoc(function) or "")
        app.command(name, help=text, cls=cls)(_flattened(function))
        return function

    return register


def callback(app: typer.Typer) -> Callable[[CommandT], CommandT]:
    """Register what a group does when it is called without a command of its own."""

    def register(function: CommandT) -> CommandT:
        text = help_text(inspect.getdoc(function) or "")
        app.callback(help=text, invoke_without_command=True)(_flattened(function))
        return function

    return register


def help_text(text: str) -> str:
    """Return a text as help: paragraphs are wrapped, those with indented lines are kept."""
    paragraphs = (f"\b\n{part}" if "\n  " in part else part for part in text.split("\n\n"))
    return "\n\n".join(paragraphs)


def _flattened(function: Callable[..., None]) -> Callable[..., None]:
    whole = Group(function)
    parameters = whole.parameters()

    @functools.wraps(function)
    def flat(**options: Any) -> None:
        retry.retry(lambda: whole.value_from(options))

    flat.__dict__["__signature__"] = inspect.Signature(list(parameters.values()))
    flat.__annotations__ = {name: one.annotation for name, one in parameters.items()}
    return flat


def _group_of(annotation: Any) -> Group | None:
    return next((part for part in get_args(annotation)[1:] if isinstance(part, Group)), None)


class Anchored(Protocol):
    """Output next to which the head of the log can be written."""

    def write_anchor(self, session: "Session") -> None:
        """Write the head of the log next to the output, if `--anchor` is set."""


@dataclass(frozen=True)
class Target:
    """The database that the command line names, and the author of changes to it.

    The sessions are those of `api.transactions.Access`; all messages of the command are masked as
    they are.
    """

    name: str
    author: str
    include_protected: bool = False

    @property
    def access(self) -> "Access":
        """The transactions of the database."""
        from claimtrack.api.transactions import Access

        return Access(self.name, self.author, self.include_protected)

    @contextmanager
    def reading(self, out: Anchored | None = None) -> Iterator["Session"]:
        """Open a session as `Access.reading` does; at the end, write the anchor of `out`."""
        with self.access.reading() as session:
            yield session
            if out is not None:
                out.write_anchor(session)

    @contextmanager
    def checking(self) -> Iterator["Session"]:
        """Open a session as `Access.checking` does, for checks before a write."""
        with self.access.checking() as session:
            self._veil(session)
            yield session

    @contextmanager
    def auditing(self) -> Iterator["Session"]:
        """Open a session as `Access.auditing` does, on a casebook that may be damaged."""
        with self.access.auditing() as session:
            yield session

    @contextmanager
    def writing(self, message: str | None, *, dry_run: bool = False) -> Iterator["Session"]:
        """Open a transaction as `Access.writing` does; print its warnings after the commit."""
        with self.access.writing(message, dry_run=dry_run) as session:
            self._veil(session)
            yield session
            found = list(session.state.warnings)
        if not dry_run:
            retry.mark_consumed("what is written")
        for warning in found:
            print_message(f"warning: {warning}")

    def _veil(self, session: "Session") -> None:
        """Mask all messages of this command with the mask of a session."""
        if not self.include_protected:
            state.current().masks.append(session.state.mask)


def masked(text: str) -> str:
    """Return a text with pseudonyms for the protected names of this command's databases."""
    for mask in state.current().masks:
        text = mask(text)
    return text


def print_message(message: str) -> None:
    """Print a message on stderr, masked, without passwords and control characters."""
    from claimtrack.connection_strings import redact_passwords
    from claimtrack.escaping import escape_controls

    with suppress(OSError):  # stderr is closed or full: no message can be printed
        typer.echo(escape_controls(redact_passwords(masked(message))), err=True)


def plain_target(ctx: typer.Context) -> Target:
    """Return the database that the command line names."""
    found = ctx.find_object(Target)
    if found is None:
        raise RuntimeError("the command was called without its application")
    return found


def _target(
    ctx: typer.Context,
    include_protected: Annotated[
        bool,
        typer.Option(
            "--include-protected",
            help="Show protected sources and documents by name instead of by pseudonym.",
        ),
    ] = False,
) -> Target:
    return replace(plain_target(ctx), include_protected=include_protected)


def words_option(
    *flags: str,
    of: type[StrEnum],
    about: str,
    repeatable: bool = False,
    required: bool = False,
    clears: bool = False,
) -> Any:
    """Return an option that takes words of a closed vocabulary, and names them in its help.

    One that `clears` takes an empty text too.
    """
    more = "; can be repeated" if repeatable else ""
    option = typer.Option(
        *flags,
        metavar="WORD",
        help=f"{about}: {', '.join(word.value for word in of)}{more}.",
        show_default=required,
    )
    return clearable(option) if clears else option


Db = Annotated[Target, Group(_target)]
"""The database of this command, and the option --include-protected."""
DbPlain = Annotated[Target, Group(plain_target)]
"""The database of a command that prints no names of sources: without --include-protected."""
Message = Annotated[
    str | None,
    typer.Option(
        "--message",
        "-m",
        metavar="TEXT",
        help="Reason for the change, for the log.",
        show_default=False,
    ),
]


def set_options(options: dict[str, Any], *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the options that were set, by key; an empty text becomes None unless required."""
    return {
        name: None if value in ("", [""]) and name not in required else value
        for name, value in options.items()
        if value is not None and value != []
    }
