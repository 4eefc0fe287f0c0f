"""Validation of incoming records, with Pydantic's errors as sentences."""

import difflib
from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from claimtrack.errors import InvalidRecords
from claimtrack.schemas import New, keys_of, lists_of
from claimtrack.vocab import with_article


def unknown_key_message(model: type[New], key: str) -> str:
    """Return the sentence for a key that a model lacks; names the most similar key, or all."""
    keys = keys_of(model)
    nearest = difflib.get_close_matches(key, keys, n=1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"known are {', '.join(keys)}"
    return f"unknown key {key}: {hint}"


def _model_at(path: tuple[str | int, ...], model: type[New]) -> type[New]:
    for part in path:
        model = lists_of(model).get(str(part), model)
    return model


class Problem(NamedTuple):
    """One fault of a record.

    Attributes:
        path: The keys and list positions that lead to it.
        text: The sentence.
    """

    path: tuple[str | int, ...]
    text: str


NewT = TypeVar("NewT", bound=New)


def validate_record(model: type[NewT], values: Mapping[str, Any]) -> NewT:
    """Return the record that a mapping of keys and values describes.

    Raises:
        InvalidRecords: it is not valid; one line for each fault.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InvalidRecords([problem.text for problem in explain_errors(error, model)]) from error


def validate_partial(model: type[New], values: Mapping[str, Any]) -> None:
    """Refuse a record that is still incomplete, if what it has is wrong already.

    Raises:
        InvalidRecords: as `validate_record`, but missing keys are no fault.
    """
    try:
        model.model_validate(values)
    except ValidationError as error:
        found = [one for one in error.errors(include_url=False) if one["type"] != "missing"]
        if found:
            raise InvalidRecords([_explained(one, model).text for one in found]) from error


def explain_errors(error: ValidationError, model: type[New]) -> list[Problem]:
    """Return Pydantic's errors for a record of `model` as sentences, in Pydantic's order."""
    return [_explained(found, model) for found in error.errors(include_url=False)]


def _explained(found: Any, model: type[New]) -> Problem:
    path = tuple(part for part in found["loc"] if part != "function-before")
    key = ".".join(str(part) for part in path)
    value, kind, context = found["input"], found["type"], found.get("ctx", {})
    match kind:
        case "missing":
            return Problem(path[:-1], f"{key} is missing: {with_article(model.table)} needs it")
        case "extra_forbidden":
            return Problem(path, unknown_key_message(_model_at(path[:-1], model), str(path[-1])))
        case "enum":
            return Problem(path, f"{key} {value!r} is not one of {context['expected']}")
        case "value_error":
            prefix = f"{key}: " if key else ""
            return Problem(path, f"{prefix}{context['error']}")
        case "string_pattern_mismatch":
            return Problem(
                path,
                f"{key} {value!r} is not a ref: expected 1 to 64 letters, digits, '.', '_' or '-', "
                "beginning with a letter or digit",
            )
        case "string_unicode":
            return Problem(path, f"{key} holds half a character (a lone surrogate): remove it")
        case "string_too_short":
            return Problem(path, f"{key} is empty: write something")
        case "string_type" if value is None:
            return Problem(path, f"{key} is empty: write something")
        case "string_too_long":
            most = context["max_length"]
            return Problem(path, f"{key} is longer than {most:,} characters: shorten it")
        case "list_type":
            return Problem(path, f"{key} {_shown(value)} is not a list: write [{_shown(value)}]")
        case _:
            expected = found["msg"].removeprefix("Input ").rstrip(".")
            return Problem(path, f"{key} {_shown(value)} is not valid: it {expected}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
