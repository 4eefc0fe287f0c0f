"""What a dossier may hold, read from the models: sections, keys, what they point at, their words.

The JSON Schema is made from the same facts, so that an editor accepts what `dossier.load` accepts.
"""

import inspect
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, get_args

from sqlalchemy import inspect as mapper_of

from claimtrack import dates
from claimtrack.records import KEYS, NAMED, TABLES, references
from claimtrack.schemas import Dossier, New, NewEntry, keys_of, lists_of

SCHEMA_FILE = Path(__file__).with_name("dossier.schema.json")
"""The JSON Schema as it ships with the package; a test holds it to `json_schema`."""

_SPANS_TOLD = {
    "date": "When: 2024-05-24, 2024-05, 2024, 2023-24 (winter), 2023-12/2024-02, 2024-05-24/..; "
    "stands for date_from, date_to and precision",
    "about": "The period spoken of, written as date is; stands for about_from and about_to",
    "published": "When it was published, written as date is; stands for published_from and "
    "published_to",
}
_LIST_TOLD = {
    "participants": "Other actors, and what they are to the entry",
    "citations": "The documents that stand behind the entry",
    "stances": "What the entry affirms or denies",
}


SECTIONS = lists_of(Dossier)
NESTED = lists_of(NewEntry)


@cache
def defaults_of(model: type[New]) -> dict[str, Any]:
    """Return what a key stands for when it is null, by key; keys that a record needs are absent."""
    return {
        field.alias or name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }


@cache
def named_by(model: type[New]) -> tuple[str, ...]:
    """Return the keys without which nobody knows which record is meant."""
    if model.table in NAMED:
        return ("ref",)
    needed = set(keys_of(model)) - set(defaults_of(model))
    return tuple(key for key in KEYS[model.table] if key in needed)


@cache
def targets_of(model: type[New]) -> dict[str, str]:
    """Return the keys of a model that point at another record, with its table."""
    return {name: other.__tablename__ for name, other in references(TABLES[model.table]).items()}


def told(model: type[New], key: str) -> str:
    """Say what a key means, as the data dictionary has it."""
    for known in (_SPANS_TOLD, _LIST_TOLD):
        if key in known:
            return known[key]
    columns = mapper_of(TABLES[model.table]).columns
    return next(str(column.comment) for column in columns if column.name.removesuffix("_id") == key)


def words_of(model: type[New], key: str) -> list[str]:
    """Return the words allowed for a key; none when it takes any."""
    field = next(
        (field for name, field in model.model_fields.items() if key in (name, field.alias)), None
    )
    for part in _parts(field.annotation if field else None):
        if isinstance(part, type) and issubclass(part, StrEnum):
            return [word.value for word in part]
    return []


def _parts(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def lean(model: type[New], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys of a record that say something: no nulls, no defaults, dates as one key.

    Bounds are written as one key only where that reads back as exactly the same.
    """
    defaults = defaults_of(model)
    kept = {
        key: record[key]
        for key in keys_of(model)
        if key in record and record[key] is not None and record[key] != defaults.get(key)
    }
    for sugar, (first, last) in model.spans.items():
        written = dates.format_span(kept.get(first), kept.get(last))
        spelled = model.spelled({sugar: written}) if written else {}
        if spelled and all(kept.get(key) == value for key, value in spelled.items()):
            kept = _renamed(kept, first if first in kept else last, sugar, written)
            kept = {key: value for key, value in kept.items() if key not in spelled}
    return kept


def _renamed(record: dict[str, Any], old: str, new: str, value: Any) -> dict[str, Any]:
    """Return a record with one key, and its value, in the place of another."""
    return dict((new, value) if key == old else (key, part) for key, part in record.items())


# --- the JSON Schema ----------------------------------------------------------------------------

_DAY = {"type": "string", "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$"}
_NULL = {"type": "null"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a dossier: it accepts whatever `load` accepts.

    A record that is known already needs no more than what names it, so no more is required.
    """
    made = Dossier.model_json_schema(by_alias=True)
    models = {model.__name__: model for model in (*SECTIONS.values(), *NESTED.values())}
    for name, definition in made["$defs"].items():
        definition.pop("title", None)
        if name in models:
            _loosen(definition, models[name])
    properties = {key: _bare(value) for key, value in made["properties"].items()}
    for section in SECTIONS:
        properties[section] = {"anyOf": [properties[section], _NULL]}
    properties["claimtrack"]["description"] = "The version of the format: 1"
    properties["withheld"]["description"] = (
        "Whether protected sources and documents stand under pseudonyms"
    )
    properties["asserted_by"]["description"] = (
        "Whose readings the stances and links are that do not say so themselves"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "claimtrack dossier",
        "description": inspect.getdoc(Dossier),
        "type": "object",
        "additionalProperties": False,
        "required": made["required"],
        "properties": properties,
        "$defs": _with_days(made["$defs"]),
    }


def schema_text() -> str:
    """Return the JSON Schema as the file that ships with the package has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _loosen(definition: dict[str, Any], model: type[New]) -> None:
    properties = definition["properties"]
    for sugar in model.spans:
        properties[sugar] = {"type": ["string", "integer"]}
    actors = {key for key, table in targets_of(model).items() if table == "actor"}
    for key, wanted in properties.items():
        value = _bare(wanted)
        if key in {**defaults_of(model), **_SPANS_TOLD} and _NULL not in value.get("anyOf", ()):
            value = {"anyOf": [value, _NULL]}
        meaning = told(model, key) + (" (a ref, name or alias)" if key in actors else "")
        properties[key] = {**value, "description": meaning}
    definition["required"] = list(named_by(model))


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in ("title", "default")}


def _with_days(part: Any) -> Any:
    """Say days as a pattern, since white space around them is allowed."""
    if isinstance(part, list):
        return [_with_days(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") == "date":
        return {**{key: value for key, value in part.items() if key != "format"}, **_DAY}
    return {key: _with_days(value) for key, value in part.items()}
