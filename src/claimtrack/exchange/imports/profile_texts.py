"""The types of the texts in a profile: templates, patterns, conditions and settings of the file."""

import re
from functools import lru_cache
from typing import Annotated

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
)

HOLE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
"""A placeholder for a column in a template; doubled braces are literal."""


def _text(value: object) -> object:
    """Convert the numbers and booleans of YAML to the text of a cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _regular(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is not a regular expression: {error}") from None
    return value


def _template(value: str) -> str:
    rest = HOLE.sub("", value)
    if "{" in rest or "}" in rest:
        raise ValueError(f"{value!r} has a brace without its other: write {{column}}, or {{{{")
    return value


def _text_encoding(value: str) -> str:
    try:
        "".encode(value)
    except (LookupError, UnicodeError):  # not known, or not for text
        raise ValueError(f"{value!r} is unknown: write one such as utf-8") from None
    return value


def _between_cells(value: str) -> str:
    if len(value) != 1 or value in '"\r\n':
        raise ValueError(f"{value!r} is not a delimiter: write one character such as ;")
    return value


def _condition(value: object) -> object:
    return value if isinstance(value, bool) else [_text(one) for one in as_list(value)]


def as_list(value: object) -> list[object]:
    """Return a list as it is, and anything else as the only item of a list."""
    return value if isinstance(value, list) else [value]


_Scalar = str | int | float | bool
Words = Annotated[str, BeforeValidator(_text, json_schema_input_type=_Scalar)]
Template = Annotated[Words, Field(min_length=1), AfterValidator(_template)]
Pattern = Annotated[str, Field(min_length=1), AfterValidator(_regular)]
Encoding = Annotated[str, AfterValidator(_text_encoding)]
Delimiter = Annotated[
    str, AfterValidator(_between_cells), WithJsonSchema({"type": "string", "pattern": '^[^"\r\n]$'})
]
Condition = Annotated[
    bool | list[str], BeforeValidator(_condition, json_schema_input_type=_Scalar | list[_Scalar])
]
When = dict[str, Condition]


@lru_cache(maxsize=1_000)  # the same few templates, for every row
def placeholders(template: str) -> tuple[str, ...]:
    """Return the columns in the placeholders of a template."""
    return tuple(found[1].strip() for found in HOLE.finditer(template) if found[1] is not None)
