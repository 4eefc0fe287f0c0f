"""Options of commands, made from the table of filters (`query.options`)."""

import inspect
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.options import Group, words_option
from claimtrack.query.options import Option, read_options


def option_group(filters: Iterable[Option], make: Callable[[dict[str, Any]], Any]) -> Group:
    """Return a group of options whose parameter is the result of `make` on their values."""
    filters = tuple(filters)

    def build(**values: Any) -> Any:
        return make(read_options(filters, values))

    parameters = [_parameter(one) for one in filters]
    vars(build)["__signature__"] = inspect.Signature(parameters)
    return Group(build)


def _parameter(option: Option) -> inspect.Parameter:
    return inspect.Parameter(
        option.keyword,
        inspect.Parameter.KEYWORD_ONLY,
        default=_default_of(option),
        annotation=Annotated[_type_of(option), declared(option)],
    )


def _default_of(option: Option) -> Any:
    is_plain_flag = option.of is bool and not option.negatable
    return False if is_plain_flag else option.default


def _type_of(option: Option) -> Any:
    if option.of is bool:
        return bool | None if option.negatable else bool
    of: Any = str if option.of is date else option.of
    return (list[of] if option.several else of) | None


def argument(option: Option) -> inspect.Parameter:
    """Return an option as a positional argument; it is required unless it is repeatable.

    `--help` shows its metavar as its name.
    """
    info = typer.Argument(
        metavar=option.metavar,
        help=option.help,
        show_default=False,
        autocompletion=refs(*option.nouns) if option.nouns else None,
    )
    kind = _type_of(option) if option.several else option.of
    default = None if option.several else inspect.Parameter.empty
    return inspect.Parameter(
        option.keyword,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, info],
    )


def declared(option: Option) -> Any:
    """Return a filter as the Typer option of a command."""
    if option.of is bool:
        if option.negatable:
            flags = f"{option.flag}/--no-{option.flag[2:]}"
            return typer.Option(flags, help=option.help, show_default=False)
        return typer.Option(option.flag, help=option.help)
    if issubclass(option.of, StrEnum):
        several = option.several
        return words_option(option.flag, of=option.of, about=option.help, repeatable=several)
    return typer.Option(
        option.flag,
        help=option.help,
        metavar=option.metavar,
        min=option.low,
        max=option.high,
        show_default=option.default is not None,
        autocompletion=refs(*option.nouns) if option.nouns else None,
    )
