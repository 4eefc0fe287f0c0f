"""The format of a dossier: its sections, their keys, and the vocabularies of these.

The JSON Schema is made from the same definitions, so that it accepts what `loading.load` accepts.
"""

import inspect
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from claimtrack import dates, times
from claimtrack.kinds import KINDS
from claimtrack.schemas import Dossier, New, NewEntry, keys_of, lists_of

SCHEMA_FILE = Path(__file__).with_name("dossier.schema.json")
"""The JSON Schema as it ships with the package; a test holds it to `json_schema`."""

SECTIONS = lists_of(Dossier)
NESTED = lists_of(NewEntry)


@cache
def defaults_of(model: type[New]) -> dict[str, Any]:
    """Return the values that null is short for, by key; required keys are left out."""
    return {
        field.alias or name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }


@cache
def named_by(model: type[New]) -> tuple[str, ...]:
    """Return the keys that identify a record."""
    needed = set(keys_of(model)) - set(defaults_of(model))
    return tuple(key for key in KINDS[model.table].key if key in needed)


def words_of(model: type[New], key: str) -> list[str]:
    """Return the words that a key accepts; empty if it accepts any text."""
    field = KINDS[model.table].by_name.get(key)
    return [word.value for word in field.words or ()] if field else []


def without_defaults(model: type[New], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record without nulls and defaults, and with dates as one key.

    Bounds are written as one key only if that is parsed to exactly the same bounds.
    """
    defaults = defaults_of(model)
    keys = {
        key: record[key]
        for key in keys_of(model)
        if key in record and record[key] is not None and record[key] != defaults.get(key)
    }
    for sugar, (first, last) in model.spans.items():
        written, extra = _write_span(model, sugar, keys)
        spelled = _spell(model, {sugar: written, **extra}) if written else {}
        if spelled and all(keys.get(key) == value for key, value in spelled.items()):
            keys = _renamed(keys, first if first in keys else last, sugar, written)
            keys = {key: value for key, value in keys.items() if key not in spelled or key in extra}
    zones = _zone_keys(model)
    return {
        key: times.to_local(value, keys[zones[key]]).isoformat() if key in zones else value
        for key, value in keys.items()
    }


def _write_span(
    model: type[New], sugar: str, keys: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Return the bounds of a date as one key; and the keys that must be written with it.

    Those are the zone, unless it is the offset that the times have, and a precision other than
    that of the date as written.
    """
    first, last = model.spans[sugar]
    time_from, time_to, zone = model.times.get(sugar, ("", "", ""))
    shown = keys.get(zone)
    if shown is None:
        return dates.format_span(keys.get(first), keys.get(last)), {}
    local = [
        times.to_local(keys[key], shown) if key in keys else None for key in (time_from, time_to)
    ]
    written = times.format_span(keys.get(first), keys.get(last), *local)
    spelled = _spell(model, {sugar: written})
    differing = (zone, *(key for key in ("precision",) if key in spelled))
    return written, {
        key: keys[key] for key in differing if key in keys and spelled.get(key) != keys[key]
    }


def _spell(model: type[New], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as `New.spelled` does; empty if a date cannot be read."""
    try:
        return model.spelled(values)
    except ValueError:
        return {}


@cache
def _zone_keys(model: type[New]) -> dict[str, str]:
    """Return the key of the zone of each key that holds a time."""
    return {key: zone for first, last, zone in model.times.values() for key in (first, last)}


def _renamed(record: dict[str, Any], old: str, new: str, value: Any) -> dict[str, Any]:
    """Return a record with one key, and its value, in the place of another."""
    return dict((new, value) if key == old else (key, part) for key, part in record.items())


# --- the JSON Schema ----------------------------------------------------------------------------

_DAY = {"type": "string", "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$"}
_NULL = {"type": "null"}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a dossier: it accepts whatever `load` accepts.

    Only the keys that identify a record are required, since an existing record needs no others.
    """
    schema = Dossier.model_json_schema(by_alias=True)
    models = {model.__name__: model for model in (*SECTIONS.values(), *NESTED.values())}
    for name, definition in schema["$defs"].items():
        definition.pop("title", None)
        if name in models:
            _loosen(definition, models[name])
    properties = {key: _bare(value) for key, value in schema["properties"].items()}
    for section in SECTIONS:
        properties[section] = {"anyOf": [properties[section], _NULL]}
    properties["claimtrack"]["description"] = "The version of the format: 1"
    properties["withheld"]["description"] = (
        "Whether protected sources and documents are under pseudonyms"
    )
    properties["asserted_by"]["description"] = (
        "Judge of the stances, figures and links that do not name one"
    )
    properties["zone"]["description"] = (
        "The offset or IANA zone of the times that have no offset and no zone of their own"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "claimtrack dossier",
        "description": inspect.getdoc(Dossier),
        "type": "object",
        "additionalProperties": False,
        "required": schema["required"],
        "properties": properties,
        "$defs": _with_days(schema["$defs"]),
    }


def schema_text() -> str:
    """Return the JSON Schema as the file that ships with the package has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _loosen(definition: dict[str, Any], model: type[New]) -> None:
    properties = definition["properties"]
    for sugar in model.spans:
        properties[sugar] = {"type": ["string", "integer"]}
    kind = KINDS[model.table]
    for key, property_schema in properties.items():
        value = _bare(property_schema)
        if key in {**defaults_of(model), **model.spans} and _NULL not in value.get("anyOf", ()):
            value = {"anyOf": [value, _NULL]}
        by_name = " (a ref, name or alias)" if kind.targets.get(key) == "actor" else ""
        properties[key] = {**value, "description": kind.meanings[key] + by_name}
    definition["required"] = list(named_by(model))


def _bare(value: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in value.items() if name not in ("title", "default")}


def _with_days(part: Any) -> Any:
    """Return a schema with dates as a pattern, since white space around them is allowed."""
    if isinstance(part, list):
        return [_with_days(item) for item in part]
    if not isinstance(part, dict):
        return part
    if part.get("format") == "date":
        return {**{key: value for key, value in part.items() if key != "format"}, **_DAY}
    return {key: _with_days(value) for key, value in part.items()}
