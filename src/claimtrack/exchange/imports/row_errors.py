"""The errors of rows, with the columns from which the profile takes the invalid value."""

import re
from collections.abc import Iterator, Sequence

from claimtrack.errors import Invalid, InvalidRecords
from claimtrack.exchange.imports.profiles import Choice, Part, Profile, Rule
from claimtrack.exchange.imports.rules import Cells, shown


def missing_actor_error(what: str, choice: Choice | None, cells: Cells) -> Invalid:
    """Return the error for a row that names no actor for a purpose."""
    actors = cells.profile.actors
    return _missing_error(
        what, "actor", [(one.use, actors[one.use].name) for one in choice or ()], cells
    )


def missing_document_error(what: str, names: Sequence[str], cells: Cells) -> Invalid:
    """Return the error for a row that names none of some documents of the profile."""
    documents = cells.profile.documents
    return _missing_error(what, "document", [(name, documents[name].ref) for name in names], cells)


def _missing_error(
    what: str, noun: str, named: Sequence[tuple[str, Rule]], cells: Cells
) -> Invalid:
    parts = dict.fromkeys(
        f"{noun} {name} of the profile is made of {_state(rule, cells)}" for name, rule in named
    )
    return Invalid(
        f"there is no {what}: {'; '.join(parts) or 'the profile names none for this row'}"
    )


def _state(rule: Rule, cells: Cells) -> str:
    """Return the empty columns of a rule; if none is empty, the values of all."""
    columns = cells.profile.columns_of(rule)
    texts = {name: cells.text(name) for name in columns}
    empty = [name for name, text in texts.items() if not text]
    if empty:
        return f"{' and '.join(empty)}, which {'is' if len(empty) == 1 else 'are'} empty"
    cell_texts = " and ".join(f"{name} {shown(text)}" for name, text in texts.items())
    return f"{cell_texts}, which gives none" if cell_texts else "nothing in this row"


def add_columns(error: InvalidRecords, part: Part, profile: Profile) -> InvalidRecords:
    """Return the error of a record that a part of a profile makes, with the columns concerned."""
    return InvalidRecords([_with_columns(text, part, profile) for text in error.problems])


def _with_columns(problem: str, part: Part, profile: Profile) -> str:
    found = re.match(r"[\w.]+", problem)
    path = found[0].rstrip(".").split(".") if found else [""]
    columns = {name for rule in _rules_at(part, path) for name in profile.columns_of(rule)}
    if not columns or columns == {path[-1]}:
        return problem
    return f"{problem} (column{'' if len(columns) == 1 else 's'} {', '.join(sorted(columns))})"


def _rules_at(part: Part, path: Sequence[str]) -> Iterator[Rule]:
    """Yield the rules for a key of a record; for a key of a nested row, those of all such rows."""
    parts = [part] if len(path) == 1 else getattr(part, path[0], ())
    key = path[-1]
    for one in parts:
        for name in (key, key.removesuffix("_from").removesuffix("_to")):
            rule = getattr(one, name, None)
            if isinstance(rule, Rule):
                yield rule
                break
