"""The rules of a profile and the cells of a row, for tests of single rules."""

from typing import Any

from claimtrack.exchange.imports.profiles import Profile, Rule
from claimtrack.exchange.imports.rules import Cells
from claimtrack.exchange.notes import Notes

ROW = {"a": " x ", "b": "", "n": 3, "yes": True, "who": [{"name": "Ann"}, {"name": "Bo"}]}


def cells_of(row: dict[str, Any] | None = None, **said: Any) -> tuple[Cells, Notes]:
    """Return the cells of a row, and the notes of what was left out."""
    given = {
        "claimtrack_profile": 1,
        "name": "mine",
        "about": "rows",
        "format": "json",
        "actors": {"who": {"name": "{a}", "kind": "group"}},
        "records": [{"make": "actor", "use": "who"}],
        **said,
    }
    notes = Notes()
    return Cells(Profile.model_validate(given), row or ROW, notes), notes


def rule_of(said: Any) -> Rule:
    """Return the rule that a profile makes of what it says."""
    return Profile.model_validate(
        {
            "claimtrack_profile": 1,
            "name": "mine",
            "about": "rows",
            "format": "json",
            "let": {"it": said},
            "records": [{"make": "actor", "use": "who"}],
        }
    ).let["it"]
