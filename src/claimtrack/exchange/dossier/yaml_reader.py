"""YAML 1.2 with the place of every value, by the core schema.

In it `no` and `2024-05-24` are text, `true` and `2024` are not. `yaml_writer` writes it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from ruamel.yaml.reader import ReaderError

MAX_DEPTH = 20
"""The greatest depth of nesting; a dossier nests five deep."""
MAX_REPEATED = 100_000
"""The greatest number of values that aliases may repeat: a short file could expand vastly."""

_CORE = "tag:yaml.org,2002:"
_NULL = re.compile(r"|~|null|Null|NULL")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,4000}|0o[0-7]+|0x[0-9a-fA-F]+")
_VAST = re.compile(r"[-+]?[0-9]{1001,}|0o[0-7]{1001,}|0x[0-9a-fA-F]{1001,}")
"""Whole numbers with so many digits that Python refuses to convert them to text."""
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class Place(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


class Fault(NamedTuple):
    """An error at a place; the text also says what is expected."""

    place: Place
    text: str


@dataclass(slots=True)
class Node:
    """A value with its place; `written` is the text of a scalar in the file."""

    place: Place
    value: Any
    written: str = ""
    keys: dict[str, Place] = field(default_factory=dict)
    weight: int = 1

    def plain(self) -> Any:
        """Return the value without places: dicts, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value

    def at(self, path: Sequence[str | int]) -> Place:
        """Return the place of the value at a path of keys and positions, or of the nearest one."""
        node = self
        for part in path:
            try:
                node = node.value[part]
            except (KeyError, IndexError, TypeError):
                break
        return node.place


class _Stop(Exception):
    """Reading cannot go on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault


def parse(text: str) -> tuple[Node | None, list[Fault]]:
    """Return the value of a YAML text, and its errors.

    The value is None if the text is empty or cannot be parsed to its end. A key that occurs twice
    keeps its first value.
    """
    reading = _Reading()
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            reading.take(event)
    except _Stop as stop:
        return None, [*reading.faults, stop.fault]
    except ReaderError as error:
        place = place_in(text, error.position)
        letter = f"U+{error.character:04X}"
        return None, [Fault(place, f"the character {letter} is not allowed in text: remove it")]
    except MarkedYAMLError as error:
        return None, [*reading.faults, _syntax_fault(error)]
    return reading.root, reading.faults


def place_in(text: str, position: int) -> Place:
    """Return the place of a character of a text."""
    before = text[:position]
    return Place(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


class _Reading:
    """Builds nodes from ruamel's events."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[tuple[Node, str | None]] = []
        self._keys: list[tuple[str, Place] | None] = []
        self._anchors: dict[str, Node] = {}
        self._repeated = 0

    def take(self, event: Any) -> None:
        """Take the next event."""
        if isinstance(event, DocumentStartEvent) and self.root is not None:
            raise _Stop(
                Fault(_place(event), "a second document begins here: write one dossier per file")
            )
        if isinstance(event, CollectionEndEvent):
            node, anchor = self._open.pop()
            self._keys.pop()
            self._add(node, anchor)
        elif isinstance(event, AliasEvent):
            self._add(self._repeat(event), None)
        elif isinstance(event, ScalarEvent):
            self._add(self._scalar(event), event.anchor)
        elif isinstance(event, NodeEvent):
            self._begin(event)

    def _begin(self, event: Any) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise _Stop(Fault(_place(event), f"values nest deeper than {MAX_DEPTH}: flatten them"))
        mapping = isinstance(event, MappingStartEvent)
        self._refuse_tag(event, "map" if mapping else "seq")
        self._open.append((Node(_place(event), {} if mapping else []), event.anchor))
        self._keys.append(None)

    def _add(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1][0]
        key = self._keys[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif key is None:
            self._keys[-1] = self._key(node)
            return
        else:
            self._keys[-1] = None
            self._set(parent, key, node)
        parent.weight += node.weight

    def _key(self, node: Node) -> tuple[str, Place]:
        if isinstance(node.value, dict | list):
            self.faults.append(Fault(node.place, "a key must be one word, not a list or a mapping"))
            return "", node.place
        return node.written, node.place

    def _set(self, parent: Node, key: tuple[str, Place], node: Node) -> None:
        name, place = key
        if name in parent.value:
            first = parent.keys[name]
            text = f"the key {name} is already in line {first.line}: keep one of them"
            self.faults.append(Fault(place, text))
        else:
            # ruamel puts an empty value where the next token begins, maybe lines below its key
            empty = node.value is None and not node.written
            parent.value[name] = Node(place, None) if empty else node
            parent.keys[name] = place

    def _repeat(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            text = f"*{event.anchor} repeats nothing: there is no &{event.anchor} before it"
            raise _Stop(Fault(_place(event), text))
        self._repeated += node.weight
        if self._repeated > MAX_REPEATED:
            text = f"aliases repeat more than {MAX_REPEATED:,} values: write them out"
            raise _Stop(Fault(_place(event), text))
        return node

    def _scalar(self, event: Any) -> Node:
        place, text = _place(event), event.value
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            text = self._joined(text, place)
        if "\0" in text:
            self.faults.append(Fault(place, "it holds a NUL character: remove it"))
            text = text.replace("\0", "")
        number = event.tag == f"{_CORE}int" or (event.tag is None and event.implicit[0])
        if number and _VAST.fullmatch(text):
            message = "the number has more than 1,000 digits: put it in quotes if it is text"
            raise _Stop(Fault(place, message))
        if event.tag is None and event.implicit[0]:
            return Node(place, resolved(text), text)
        if event.tag in (None, "!", f"{_CORE}str"):
            return Node(place, text, text)
        value = resolved(text)
        self._refuse_tag(event, {int: "int", float: "float", bool: "bool"}.get(type(value), "null"))
        return Node(place, value, text)

    def _joined(self, text: str, place: Place) -> str:
        """Join the halves of characters that JSON escapes in two."""
        try:
            return str(text.encode("utf-16", "surrogatepass").decode("utf-16"))
        except UnicodeDecodeError:
            self.faults.append(
                Fault(place, "it holds half a character (a lone surrogate): remove it")
            )
            return str(text.encode(errors="replace").decode())

    def _refuse_tag(self, event: Any, expected: str) -> None:
        if event.tag not in (None, "!", _CORE + expected):
            text = f"the tag {event.tag} has no meaning here: leave it out"
            self.faults.append(Fault(_place(event), text))


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def resolved(text: str) -> str | int | float | bool | None:
    """Return what an unquoted scalar means by the core schema of YAML 1.2."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if _INT.fullmatch(text):
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return text


_ADVICE = (
    ("'\\t'", "a tab is where YAML expects spaces: indent with spaces"),
    ("mapping values are not allowed", "a colon is where no key can begin: put the text in "
     "quotes, or correct the indentation"),
    ("could not find expected ':'", "the line has no colon: write 'key: value', or put text that "
     "runs on in quotes"),
    ("expected <block end>", "the line does not line up with those above: correct the indentation"),
    ("did not find expected <document start>", "it begins another value: correct the indentation"),
    ("expected ',' or '}'", "the row {...} lacks a comma, or is not closed"),
    ("expected ',' or ']'", "the list [...] lacks a comma, or is not closed"),
    ("cannot start any token", "text cannot begin with this character: put it in quotes"),
)  # fmt: skip
"""Sentences for users, by the messages of ruamel."""


def _syntax_fault(error: MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    problem = str(error.problem or error.context or "it cannot be read")
    if "unexpected end of stream" in problem and error.context_mark:
        return Fault(
            Place(error.context_mark.line + 1, error.context_mark.column + 1),
            "the quotation mark here is never closed: close it",
        )
    for sign, advice in _ADVICE:
        if sign in problem:
            return Fault(place, advice)
    return Fault(place, f"this is not YAML: {problem}")
