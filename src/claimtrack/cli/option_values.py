"""Converts the values of options and arguments without Pydantic.

Typer builds a Pydantic adapter for every option, which takes longer than most commands run: without
them reports start more than a tenth faster. Errors are sentences of our own.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin

import typer
from typer.core import TyperCommand, TyperGroup

from claimtrack.query.options import read_number, read_text, read_word
from claimtrack.vocab import MOST

Read = Callable[[Any], Any]


class Values:
    """Stands where Typer would put its adapter; has the one method that Typer calls."""

    def __init__(self, read: Read, *, several: bool) -> None:
        self._read, self._several = read, several

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """Convert the text of an option, or each of several; None if the option is not set.

        Raises:
            BadParameter: A text is invalid.
        """
        try:
            if self._several:
                return tuple(self._read(one) for one in value or ())
            return None if value is None else self._read(value)
        except ValueError as error:
            raise typer.BadParameter(str(error), ctx=ctx, param=param) from None


class PlainCommand(TyperCommand):
    """A command whose options are read by this module."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options and arguments, `--help` among them."""
        return _read_plainly(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """A group of commands whose options are read by this module."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options, `--help` among them."""
        return _read_plainly(super().get_params(ctx))


def _read_plainly(params: list[Any]) -> list[Any]:
    for param in params:
        descriptor = param.type_descriptor
        values = _values_of(descriptor.annotation, descriptor.parameter_info)
        vars(param)["get_runtime_param"] = lambda values=values: values
    return params


def _values_of(annotation: Any, info: Any) -> Values:
    several = get_origin(annotation) is list
    of = get_args(annotation)[0] if several else annotation
    high = MOST if of is int and info.max is None else info.max
    read = _reader(of, info.min, high)
    return Values(_or_empty(read) if _CLEARS in vars(info) else read, several=several)


_CLEARS = "claimtrack_clears"


def clearable(option: Any) -> Any:
    """Return an option of words or numbers that takes an empty text too, which clears a field."""
    vars(option)[_CLEARS] = True
    return option


def _or_empty(read: Read) -> Read:
    return lambda value: value if value == "" else read(value)


def _reader(of: Any, low: float | None, high: float | None) -> Read:
    if of in (int, float):
        return _naming(lambda value: read_number(value, of, low, high))
    if isinstance(of, type) and issubclass(of, StrEnum):
        return _naming(lambda value: read_word(value, of))
    if of is Path:
        return Path
    if of is bool:
        return bool
    if of is str:
        return _naming(read_text)
    raise TypeError(f"options of type {of} are not read by this module")


def _naming(read: Read) -> Read:
    """Return a converter whose error quotes the value."""

    def reading(value: Any) -> Any:
        try:
            return read(value)
        except ValueError as error:
            raise ValueError(f"{value!r} is not {error}") from None

    return reading
