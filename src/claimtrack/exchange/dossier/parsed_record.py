"""One record of a dossier with the place of each value, and its checks without the database."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from claimtrack.errors import InvalidRecords
from claimtrack.exchange.dossier.sections import defaults_of
from claimtrack.exchange.dossier.yaml_reader import Fault, Node, Place
from claimtrack.records import KEYS, NAMED
from claimtrack.schemas import New, keys_of, lists_of, refuse_misplaced_role
from claimtrack.validation import explain_errors, unknown_key_message
from claimtrack.vocab import EntryKind, ParticipationRole


@dataclass(slots=True)
class Faults:
    """Collects the errors in several files, to be raised together."""

    files: Sequence[str] = ()
    found: list[tuple[str, Fault]] = field(default_factory=list)

    def add(self, file: str, place: Place, text: str) -> None:
        """Add an error at a place; `file` is empty if there is only one text."""
        self.found.append((file, Fault(place, text)))

    def tell(self) -> None:
        """Raise the errors, if there are any, in the order of files and lines.

        Raises:
            InvalidRecords: There are errors; a line for each.
        """
        order = {file: number for number, file in enumerate(self.files)}
        found = sorted(set(self.found), key=lambda one: (order.get(one[0], 0), one[1]))
        if found:
            raise InvalidRecords(
                [
                    f"{file}{':' if file else ''}{place.line}:{place.column}: {text}"
                    for file, (place, text) in found
                ]
            )


@dataclass(slots=True, eq=False)
class Item:
    """One record of a file, and the state of its checks.

    Attributes:
        model: Its schema.
        file: The file.
        node: The YAML mapping.
        values: Its own keys and values; nested records are items of their own.
        owner: The record in which it is nested, if any.
        record: The validated record, once it has been checked.
        key: The key of the record in the log, once it has been checked.
        failed: Whether it has errors, or contradicts another record of the load.
    """

    model: type[New]
    file: str
    node: Node
    values: dict[str, Any] = field(default_factory=dict)
    owner: "Item | None" = None
    record: New | None = None
    key: str = ""
    failed: bool = False

    @property
    def table(self) -> str:
        """The table that the record belongs to."""
        return self.model.table

    @property
    def ref(self) -> str | None:
        """The record's ref, if it has one that can be read."""
        ref = self.values.get("ref")
        return ref if isinstance(ref, str) and self.table in NAMED else None

    def place_of(self, text: str) -> Place:
        """Return the place of the first key in a sentence, else of a value in it, else its own.

        The errors of rules between several keys have no place, only a sentence.
        """
        words = re.findall(r"[a-z_]+", re.sub(r"'[^']*'", "", text))
        for word in words:
            if word in self.node.value:
                return self.node.at([word])
        own_words = {word.strip("'\",.:;") for word in text.split()}
        values = {node.written: node for node in self.node.value.values() if node.written}
        values = {word: values[word] for word in own_words & values.keys()}
        return values[max(values, key=len)].place if values else self.node.place


def rows(file: str, key: str, node: Node, faults: Faults) -> Iterator[Node]:
    """Yield the mappings in the list of a key; anything else is an error."""
    if node.value is None:
        return
    if not isinstance(node.value, list):
        faults.add(file, node.place, f"{key} is not a list: begin each of its records with '- '")
        return
    for row in node.value:
        if isinstance(row.value, dict):
            yield row
        else:
            text = f"{key} lists records, but this is not one: write '- key: value'"
            faults.add(file, row.place, text)


def take(item: Item, faults: Faults) -> Iterator[Item]:
    """Fill `values` of an item; yield the item, then the records nested in it."""
    keys, nested = keys_of(item.model), lists_of(item.model)
    inner: list[Item] = []
    before = len(faults.found)
    for key, value in item.node.value.items():
        if key in nested:
            for row in rows(item.file, key, value, faults):
                inner.extend(take(Item(nested[key], item.file, row, owner=item), faults))
        elif key in keys:
            item.values[key] = value.plain()
        else:
            faults.add(item.file, item.node.keys[key], unknown_key_message(item.model, key))
    item.failed = len(faults.found) > before
    yield item
    yield from inner


def fill(item: Item, faults: Faults) -> bool:
    """Replace each null by its default; return False if a required key is null, and remove it."""
    defaults, is_valid = defaults_of(item.model), True
    for key, value in list(item.values.items()):
        if value is None and key in defaults:
            item.values[key] = defaults[key]
        elif value is None and key not in item.model.spans:
            faults.add(
                item.file, item.node.at([key]), f"{key} is empty: this {item.table} needs it"
            )
            del item.values[key]
            is_valid = False
    return is_valid


def spell(item: Item, faults: Faults) -> tuple[dict[str, Any], bool]:
    """Return the values with dates converted to bounds, and whether all dates were valid."""
    values = dict(item.values)
    for _ in range(len(item.model.spans) + 1):
        try:
            spelled = item.model.spelled(values)
        except ValueError as error:
            place = item.place_of(str(error))
            faults.add(item.file, place, str(error))
            values = {key: values[key] for key in values if item.node.at([key]) != place}
        else:
            return spelled, len(values) == len(item.values)
    return {}, False


def fits(item: Item, values: Mapping[str, Any], faults: Faults, *, partial: bool) -> bool:
    """Whether each value is valid for its key; rules between keys are left to `validate`.

    A `partial` record may lack required keys.
    """
    try:
        item.model.model_validate_json(_as_json(values), strict=True)
    except ValidationError as error:
        is_valid = True
        for raw, problem in zip(error.errors(), explain_errors(error, item.model), strict=True):
            if raw["loc"] and not (partial and raw["type"] == "missing"):
                text = _quote_it(item, raw) or problem.text
                faults.add(item.file, item.node.at(problem.path), text)
                is_valid = False
        return is_valid
    return True


def validate(item: Item, whole: Mapping[str, Any], faults: Faults) -> None:
    """Validate the complete values of an item, and set its `record`; adds errors to `faults`."""
    nested = lists_of(item.model)
    own = {key: value for key, value in whole.items() if key not in nested}
    try:
        item.record = item.model.model_validate_json(_as_json(own), strict=True)
    except ValidationError as error:
        for raw, problem in zip(error.errors(), explain_errors(error, item.model), strict=True):
            by_rule = raw["type"] == "value_error" and not raw["loc"]
            place = item.place_of(problem.text) if by_rule else item.node.at(problem.path)
            faults.add(item.file, place, problem.text)


def check_role(item: Item, kind: object, faults: Faults) -> None:
    """Add an error for a participant's role that entries of a kind cannot have."""
    role = item.values.get("role")
    if item.table != "participation" or kind not in list(EntryKind):
        return
    if role in list(ParticipationRole):
        try:
            refuse_misplaced_role(EntryKind(str(kind)), ParticipationRole(str(role)))
        except ValueError as error:
            faults.add(item.file, item.node.at(["role"]), str(error))


def refuse_repeated(items: Sequence[Item], faults: Faults) -> None:
    """Add an error for a ref, or a key of nested rows, that occurs twice."""
    seen: dict[tuple[str, str], Item] = {}
    keyed = [(item, item.ref) for item in items if item.ref is not None]
    keyed += [(item, item.key) for item in items if item.record is not None and item.table in KEYS]
    for item, key in keyed:
        first = seen.setdefault((item.table, key), item)
        if first is not item:
            line = first.node.place.line
            if first.file:
                message = f"{key} is already in this load, at {first.file}:{line}"
            else:
                message = f"{key.strip('/')} is already here, in line {line}"
            text = f"{item.table} {message}: keep one of them"
            faults.add(item.file, item.node.at(["ref"]), text)
            first.failed = item.failed = True


def _as_json(values: Mapping[str, Any]) -> str:
    """Return values as JSON, which strict validation needs to tell text, numbers and booleans."""
    return json.dumps(values, default=str)


def _quote_it(item: Item, raw: Mapping[str, Any]) -> str | None:
    """Return the advice to quote a number, if an error is a number in place of text."""
    value = raw["input"]
    if raw["type"] != "string_type" or not isinstance(value, bool | int | float):
        return None
    node = item.node
    for part in raw["loc"]:
        node = node.value[part]
    kind = "a truth value" if isinstance(value, bool) else "a number"
    return f'{node.written} is {kind} where text is expected: put it in quotes, "{node.written}"'
