"""Values of JSON as text: lists and objects are flattened, and what is dropped is noted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimtrack.errors import Invalid
from claimtrack.exchange.notes import Notes

_KEYS = ("@value", "@list", "@set", "#text", "text", "value", "name")
"""The keys under which an object may hold its text; the first that is not empty counts."""
_RUN_KEYS = ("text", "#text")
"""Of these, the keys of a run of formatted text."""
_FORMAT_KEYS = ("type", "lang", "language", "@type", "@context", "@language")
"""Keys that describe an object or its formatting, and hold no text."""
_STRUCK_OUT = ("strikethrough", "strike", "del", "s")
_LONGEST_SHOWN = 60


def flatten_text(value: Any, column: str, notes: Notes, *, parts_are_read: bool = False) -> str:
    """Return a value as text; empty when it holds nothing.

    A list of texts and objects such as {"type": "bold", "text": "not"} is formatted text, whose
    runs are concatenated; the items of any other list are joined by "; ". Of an object its text is
    taken.

    Args:
        value: The value.
        column: Its column, for notes.
        notes: Takes notes of what is dropped.
        parts_are_read: Whether the profile names keys of the object, which then is no text itself.

    Raises:
        Invalid: a run of formatted text has no text, so that the whole would say something else.
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return _text_of_list(value, column, notes)
        case Mapping() if not parts_are_read or "@value" in value:
            return _text_of_object(value, column, notes)
        case Mapping():
            return ""
    return str(value)


def holds_anything(value: Any) -> bool:
    """Return whether a value, or anything within it, is not empty."""
    match value:
        case None | "":
            return False
        case list():
            return any(map(holds_anything, value))
        case Mapping():
            return any(map(holds_anything, value.values()))
    return True


def _text_of_list(parts: Sequence[Any], column: str, notes: Notes) -> str:
    formatted = _is_formatted(parts)
    texts = []
    for part in parts:
        text = flatten_text(part, column, notes)
        lost = isinstance(part, Mapping) and not text and _is_without_text(part)
        if lost and (formatted or any(isinstance(one, str) for one in parts)):
            raise Invalid(
                f"{column} holds an object without text among its texts, {format_json(part)}: "
                "remove it, or write its text"
            )
        texts.append(text)
    return "".join(texts) if formatted else "; ".join(filter(None, texts))


def _is_formatted(parts: Sequence[Any]) -> bool:
    """Return whether a list is one formatted text in runs, rather than several values."""
    objects = [part for part in parts if isinstance(part, Mapping)]
    if any(isinstance(part, list) and _is_formatted(part) for part in parts):
        return True
    pieces = [one for one in objects if any(key in one for key in _RUN_KEYS)]
    typed = all("type" in one for one in objects)
    return bool(pieces) and (len(objects) < len(parts) or typed)


def _text_of_object(value: Mapping[str, Any], column: str, notes: Notes) -> str:
    key = next((key for key in _KEYS if holds_anything(value.get(key))), None)
    if key is None:
        if _is_without_text(value):
            notes.add(column, format_json(value), "is an object without text, and is left empty")
        return ""
    others = [name for name in _others(value) if name != key and not name.startswith("@")]
    if key == "#text" and others:
        raise Invalid(
            f"{column} holds elements within its text, {', '.join(others)}, whose place is lost, "
            f"{format_json(value)}: convert the file in a way that keeps the text whole"
        )
    for other in others:
        notes.add(f"{column}.{other}", "", f"is not read, since {key!r} beside it is")
    text = flatten_text(value[key], column, notes)
    if value.get("type") in _STRUCK_OUT:
        notes.add(column, text, "is struck out in the file, and is read as plain text")
    return text


def _is_without_text(value: Mapping[str, Any]) -> bool:
    """Return whether an object holds something, but no text."""
    return not any(key in value for key in _KEYS) and any(_others(value))


def _others(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of an object that are not empty, except those of formatting."""
    for name, part in value.items():
        if name not in _FORMAT_KEYS and holds_anything(part):
            yield name


def format_json(value: Any) -> str:
    """Return a value as JSON, cut to 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."
