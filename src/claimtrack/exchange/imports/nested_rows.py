"""Nested rows of one entry: rows with the same key are merged, or refused."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from claimtrack.errors import Conflict
from claimtrack.exchange.imports.profiles import Part, Rule
from claimtrack.exchange.notes import Notes
from claimtrack.records import KEYS, key_of
from claimtrack.schemas import New

Values = Mapping[str, Any]


def merge_duplicates(
    model: type[New], entry: str, rows: Iterator[tuple[Part, Values]], notes: Notes
) -> list[dict[str, Any]]:
    """Return one row for each key; values missing in one are taken from another.

    Raises:
        Conflict: two rows with one key have different values.
    """
    found: dict[str, dict[str, Any]] = {}
    for part, row in rows:
        blank = dict.fromkeys(KEYS[model.table])
        key = key_of(model.table, {**blank, "label": "", **row, "entry": entry})
        if key in found:
            _combine(model.table, found[key], row, part, notes)
        else:
            found[key] = dict(row)
    return list(found.values())


def _combine(table: str, first: dict[str, Any], row: Values, part: Part, notes: Notes) -> None:
    different = []
    if table == "figure":  # the two bounds are one number
        different = [key for key in ("low", "high") if row[key] != first[key]]
    for key, value in row.items():
        if different and key in ("low", "high"):
            continue
        if first.get(key) is None:
            first[key] = value
        elif value is not None and str(value) != str(first[key]):
            different.append(key)
    if different == ["role"]:
        reason = f"of a document that the row cites as {first['role']!r} is not imported"
        notes.add("role", str(row["role"]), reason)
    elif different:
        raise Conflict(_refusal(table, first, row, different, part))


def _refusal(table: str, first: Values, row: Values, different: Sequence[str], part: Part) -> str:
    if table in ("stance", "figure"):
        subject = "proposition" if table == "stance" else "measure"
        values = " and ".join(f"{key} {first[key]!r} and {row[key]!r}" for key in different)
        return (
            f"two {table}s of {row.get('asserted_by')!r} on {row[subject]!r} differ, with "
            f"{values}: keep one, or let the profile give each its own {subject} or judge"
        )
    rule = getattr(part, next(key for key in different if key != "role"))
    columns = rule.columns if isinstance(rule, Rule) else ()
    templates = ", ".join(f'"{{{name}}}"' for name in columns)
    label = f"label: {{digest: [{templates}]}}" if templates else "a label"
    return (
        f"two citations of {row['document']!r} differ in {' and '.join(different)}: distinguish "
        f"them in the profile, with {label}"
    )
