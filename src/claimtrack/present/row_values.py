"""The columns and the values of rows, the same in every format.

Rows are dataclasses or named tuples. Their columns are the names of their fields, except names that
Python reserves (`klass` is `class`, `from_` is `from`). If the row type is a list of column names,
rows are sequences of as many values.
"""

from collections.abc import Sequence
from typing import Any

from claimtrack.escaping import format_value
from claimtrack.vocab import column_of, fields_of


def column_names(row_type: type | Sequence[str]) -> list[str]:
    """Return the names of the columns of a row type."""
    if not isinstance(row_type, type):
        return list(row_type)
    return list(map(column_of, fields_of(row_type)))


def row_values(row: Any) -> Sequence[Any]:
    """Return the values of a row, in the order of its columns."""
    if isinstance(row, tuple | list):
        return row
    return [getattr(row, name) for name in fields_of(type(row))]


def json_value(value: Any) -> Any:
    """Return a value for `json.dumps`: tuples as lists, dates and vocabulary words as text."""
    match value:
        case tuple() | list():
            return [json_value(part) for part in value]
        case dict():
            return {key: json_value(part) for key, part in value.items()}
        case None | bool() | int() | float():
            return value
        case _:
            return format_value(value)


def row_object(row: Any) -> dict[str, Any]:
    """Return a row as a dictionary for `json.dumps`, by column."""
    return dict(zip(column_names(type(row)), map(json_value, row_values(row)), strict=True))
