"""One record as a commented piece of a dossier, for `add --edit` and `edit` in $EDITOR.

`to_fragment` makes the text for the editor, and `read_fragment` parses the edited text. If that
fails, `mark_fragment` adds the errors to the text, and the editor is opened on it again.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimtrack.exchange.dossier.parsed_record import (
    Faults,
    Item,
    check_role,
    fill,
    fits,
    refuse_repeated,
    spell,
    take,
    validate,
)
from claimtrack.exchange.dossier.sections import NESTED, defaults_of, without_defaults, words_of
from claimtrack.exchange.dossier.yaml_reader import Place, parse
from claimtrack.exchange.dossier.yaml_writer import WIDTH, field_lines, scalar
from claimtrack.kinds import KINDS
from claimtrack.records import key_of
from claimtrack.schemas import New, NewEntry, keys_of, lists_of

_MARK = "#! "
"""The beginning of a line with an error; such lines are removed before the text is parsed."""
_PRECISION = {"date": ("precision",)}
"""The keys that a date sets in addition to its bounds."""
_PLACED = re.compile(r"(\d+):(\d+): (.*)", re.DOTALL)


def to_fragment(
    model: type[New], values: Mapping[str, Any], *, problems: Sequence[str] = ()
) -> str:
    """Return one record as a text to be edited: a line for each field, below a comment on it.

    Fields without a value are included, empty. Dates are one key if that loses nothing. The
    participants, citations and stances of an entry are lists at the end.

    Args:
        model: The schema of the record.
        values: The values of the record, by the keys of a dossier.
        problems: Errors to be added to the text, as by `mark_fragment`.
    """
    record = without_defaults(model, values)
    noun = scalar(values.get("kind", "entry") if model is NewEntry else model.table)
    lines = [
        f"# One {noun}. Empty fields are not recorded; lines that begin with # are ignored.",
        "# Save and close to continue; delete all text to cancel.",
    ]
    for key in _shown(model, record):
        lines += ["", *_comment(model, key)]
        lines += _field(model, key, record.get(key))
    return mark_fragment("\n".join(lines) + "\n", problems)


def _shown(model: type[New], record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys to be shown: a date as one key, unless its bounds hold more than that."""
    sugars = model.spans
    hidden: set[str] = set()
    for sugar, bounds in sugars.items():
        extra, of_times = _PRECISION.get(sugar, ()), model.times.get(sugar, ())
        has_parts = sugar not in record and any(key in record for key in (*bounds, *extra))
        hidden |= {sugar} if has_parts else {*bounds, *extra} - record.keys()
        hidden |= {*of_times} - record.keys()
    of_first = {bounds[0]: sugar for sugar, bounds in sugars.items()}
    for key in keys_of(model):
        if key in of_first and of_first[key] not in hidden:
            yield of_first[key]
        elif key not in hidden and key not in sugars:
            yield key


def _comment(model: type[New], key: str) -> list[str]:
    words = words_of(model, key)
    needed = key not in defaults_of(model) and key not in model.spans
    need = "empty: the next free one" if key == "ref" else "needed" if needed else ""
    parts = [KINDS[model.table].meanings[key], need, f"one of {', '.join(words)}"]
    text = "; ".join(part for part in parts[: 3 if words else 2] if part)
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="#   ")


def _field(model: type[New], key: str, value: Any) -> list[str]:
    if key in lists_of(model) and not value:
        nested = NESTED[key]
        keys = [each for each in keys_of(nested) if each not in defaults_of(nested)]
        rest = [each for each in keys_of(nested) if each not in keys]
        example = ", ".join(f"{each}: {'|'.join(words_of(nested, each)) or '...'}" for each in keys)
        more = textwrap.wrap(f"also: {', '.join(rest)}", WIDTH - 6) if rest else []
        return [f"{key}:", f"#  - {{{example}}}", *(f"#    {line}" for line in more)]
    return [f"{key}:"] if value is None else list(field_lines(key, value, 0))


def read_fragment(
    text: str, model: type[New], *, over: Mapping[str, Any] | None = None, entire: bool = False
) -> dict[str, Any]:
    """Return the values in an edited fragment, by the keys of a dossier.

    Dates are returned as bounds. An empty field is returned with its default value if it had a
    value before, else left out.

    Args:
        text: The fragment.
        model: The schema of the record.
        over: The stored record, or values that are not in the text, such as a generated ref. The
            record is validated with them, but they are not returned.
        entire: Whether the text is the whole record: keys that it does not contain are cleared,
            also in nested rows.

    Returns:
        The values; empty if the text is empty.

    Raises:
        InvalidRecords: The text has errors; a line `line:column: error` for each.
    """
    faults = Faults()
    node, found = parse(_unmarked(text))
    for fault in found:
        faults.add("", *fault)
    if node is not None and not isinstance(node.value, dict):
        faults.add("", node.place, "this is not a record: write 'key: value' in each line")
    if node is None or not isinstance(node.value, dict):
        faults.tell()
        return {}
    if "ref" in node.value and node.value["ref"].value is None:
        del node.value["ref"]
    whole, *nested = take(Item(model, "", node), faults)
    if entire:
        _empty_unnamed(whole, over or {})
    _leave_out_empty(whole, over or {})
    values = _checked(whole, over or {}, faults)
    values |= {key: [] for key in lists_of(model) if entire or key in node.value}
    for item in nested:
        row = _checked(item, {}, faults)
        values[_list_of(item)].append({**defaults_of(item.model), **row} if entire else row)
        check_role(item, values.get("kind", (over or {}).get("kind")), faults)
        if item.record is not None:
            item.key = key_of(item.table, {**item.record.model_dump(by_alias=True), "entry": None})
    refuse_repeated(nested, faults)
    faults.tell()
    return values


def _empty_unnamed(item: Item, over: Mapping[str, Any]) -> None:
    """Set to None the keys that had a value and are no longer in the text, not even as a date."""
    named = {*item.values, "ref"}
    for sugar, bounds in item.model.spans.items():
        if sugar in named:
            named |= {*bounds, *_PRECISION.get(sugar, ()), *item.model.times.get(sugar, ())}
    columns = set(over) - set(lists_of(item.model))
    item.values |= {key: None for key in keys_of(item.model) if key in columns - named}


def _leave_out_empty(item: Item, over: Mapping[str, Any]) -> None:
    """Remove the keys that are empty and were empty before, since they clear nothing."""
    for key in [key for key, value in item.values.items() if value is None]:
        had = [over.get(name) for name in (key, *item.model.spans.get(key, ()))]
        optional = key in defaults_of(item.model) or key in item.model.spans
        if optional and all(value in (None, defaults_of(item.model).get(key)) for value in had):
            del item.values[key]


def _checked(item: Item, over: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    filled = fill(item, faults)
    values, spelled = spell(item, faults)
    whole = {key: value for key, value in over.items() if key not in NESTED} | values
    fitting = fits(item, whole, faults, partial=not (filled and spelled))
    if fitting and filled and spelled:
        validate(item, whole, faults)
    return values


def _list_of(item: Item) -> str:
    return next(key for key, model in NESTED.items() if model is item.model)


def mark_fragment(text: str, problems: Sequence[str]) -> str:
    """Return a fragment with each error in a comment above its line, without earlier ones.

    An error is `line:column: text`, as `read_fragment` raises it; any other comes at the top.
    """
    lines = _unmarked(text).removesuffix("\n").split("\n")
    at: dict[int, list[str]] = {}
    for problem in problems:
        placed = _PLACED.fullmatch(problem)
        place = Place(int(placed[1]), int(placed[2])) if placed else Place(1, 1)
        message = " ".join((placed[3] if placed else problem).split())
        wrapped = textwrap.wrap(message, WIDTH - len(_MARK), break_long_words=False)
        at.setdefault(min(place.line, len(lines) + 1), []).extend(wrapped)
    marked: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        marked += [_MARK + message for message in at.get(number, ())]
        marked.append(line)
    return "\n".join(marked)


def _unmarked(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(_MARK))
