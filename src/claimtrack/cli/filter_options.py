"""Options of commands, made from the table of filters (`query.options`)."""

import inspect
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.options import Group, words_option
from claimtrack.query.options import FilterOption, read_options


def option_group(filters: Iterable[FilterOption], make: Callable[[dict[str, Any]], Any]) -> Group:
    """Return a group of options; what `make` makes of their values is what the group yields."""
    filters = tuple(filters)

    def build(**values: Any) -> Any:
        return make(read_options(filters, values))

    parameters = [_parameter(one) for one in filters]
    vars(build)["__signature__"] = inspect.Signature(parameters)
    return Group(build)


def _parameter(option: FilterOption) -> inspect.Parameter:
    of: Any = str if option.of is date else option.of
    default = False if of is bool else None
    kind: Any = of if of is bool else (list[of] if option.several else of) | None
    return inspect.Parameter(
        option.keyword,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, declared(option)],
    )


def declared(option: FilterOption) -> Any:
    """Return a filter as an option of a command."""
    if option.of is bool:
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
        show_default=False,
        autocompletion=refs(*option.nouns) if option.nouns else None,
    )
