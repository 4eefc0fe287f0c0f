"""Values of a file as text: lists and objects are read whole, and what is not read is noted."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimtrack.errors import Invalid
from claimtrack.exchange.notes import Notes

_KEYS = ("@value", "@list", "@set", "#text", "text", "value", "name")
"""The keys under which an object may hold its text; the first that is not empty counts."""
_RUN_KEYS = ("text", "#text")
"""Of these, the keys of a piece of formatted text."""
_FORMAT_KEYS = ("type", "lang", "language", "@type", "@context", "@language")
"""Keys of objects that say what an object is or how it is to be shown, and hold no text."""
_STRUCK_OUT = ("strikethrough", "strike", "del", "s")
_LONGEST_SHOWN = 60


def text_of(value: Any, column: str, notes: Notes, *, parts_are_read: bool = False) -> str:
    """Return a value of a file as text; empty when it says nothing.

    A list of texts and objects such as {"type": "bold", "text": "not"} is formatted text, whose
    pieces follow each other; the items of any other list are joined by "; ". Of an object its text
    is taken. `parts_are_read` says that the profile names keys of the object, which is then no text
    by itself.

    Raises:
        Invalid: a piece of a text has no text itself, so that the text would say something else.
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
    """Whether a value of a file, or anything within it, is not empty."""
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
        text = text_of(part, column, notes)
        lost = isinstance(part, Mapping) and not text and _is_without_text(part)
        if lost and (formatted or any(isinstance(one, str) for one in parts)):
            raise Invalid(
                f"{column} holds an object without text among its texts, {shown_json(part)}: "
                "take it out, or write its text"
            )
        texts.append(text)
    return "".join(texts) if formatted else "; ".join(filter(None, texts))


def _is_formatted(parts: Sequence[Any]) -> bool:
    """Whether a list is one text in pieces, and not several."""
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
            notes.add(column, shown_json(value), "is an object without text, and is left empty")
        return ""
    others = [name for name in _others(value) if name != key and not name.startswith("@")]
    if key == "#text" and others:
        raise Invalid(
            f"{column} holds elements within its text, {', '.join(others)}, whose place is lost, "
            f"{shown_json(value)}: convert the file in a way that keeps the text whole"
        )
    for other in others:
        notes.add(f"{column}.{other}", "", f"stands beside {key!r}, which is read, and is not read")
    text = text_of(value[key], column, notes)
    if value.get("type") in _STRUCK_OUT:
        notes.add(column, text, "is struck out in the file, and taken as plain text")
    return text


def _is_without_text(value: Mapping[str, Any]) -> bool:
    """Whether an object holds something, and has no key for text."""
    return not any(key in value for key in _KEYS) and any(_others(value))


def _others(value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys of an object that hold something, but those of its format."""
    for name, held in value.items():
        if name not in _FORMAT_KEYS and holds_anything(held):
            yield name


def shown_json(value: Any) -> str:
    """Return a value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 3]}..."
