"""Reports and lists: a method returns what its command prints."""

import json
from datetime import date
from typing import Any

import pytest

from api.methods import METHODS
from claimtrack.api import Casebook
from claimtrack.api.rows import Rows
from claimtrack.errors import UnknownRef
from commandline import CommandLine


def plain(rows: Rows[Any]) -> list[dict[str, Any]]:
    """Return rows as JSON has them."""
    return [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in rows.to_dicts()
    ]


@pytest.mark.parametrize("command", METHODS)
def test_a_method_returns_what_its_command_prints(
    casebook: Casebook, dataset: str, command: str
) -> None:
    printed = json.loads(CommandLine(dataset).does(*command.split(), "--format", "json"))
    assert printed
    assert plain(METHODS[command](casebook)) == printed


@pytest.mark.parametrize(
    ("command", "method"),
    [
        pytest.param("report claims --contested", "claims", id="claims"),
        pytest.param("report corroboration", "corroboration", id="corroboration"),
    ],
)
def test_rows_that_count_are_those_of_the_command_without_the_refs(
    casebook: Casebook, dataset: str, command: str, method: str
) -> None:
    printed = json.loads(CommandLine(dataset).does(*command.split(), "--format", "json"))
    rows = plain(getattr(casebook, method)(**({"contested": True} if method == "claims" else {})))
    assert printed
    assert rows == [{name: row[name] for name in rows[0]} for row in printed]


def test_two_entries_are_explained_and_a_record_is_shown(casebook: Casebook) -> None:
    assert casebook.pair("C9", "ST2").opposed
    assert casebook.show("C9").title == casebook.show("C9", noun="claim").title == "claim C9"
    assert casebook.status().claims > 0
    with pytest.raises(UnknownRef):
        casebook.show("C999")
