"""The table of the report of claims: who is for and against each, and how it is graded."""

from typing import Any

from claimtrack.escaping import format_count, format_value
from claimtrack.present.columns import (
    Cell,
    Column,
    Layout,
    entry_cell,
    line_of,
    prose_cell,
    whole_cell,
)


def _other_origins(row: Any) -> Cell:
    low, high = row.independent_min, row.independent_max
    return Cell((str(low) if low == high else f"{low} to {high}",))


def _against(row: Any) -> Cell:
    """Return how many entries oppose a claim, how many of these deny it, and how strongly."""
    denied = (
        [f"{row.denied_by} {'denies' if row.denied_by == 1 else 'deny'}"] if row.denied_by else []
    )
    possible = row.contradicted_by_actions_possible
    uncertain = [f"{format_count(possible, 'deed')} only possible"] if possible else []
    worst = [f"worst {row.worst_strength}"] if row.worst_strength else []
    return Cell((str(row.opposed_by), *denied, *uncertain, *worst))


def _grade(row: Any) -> Cell:
    return Cell(line_of(f"{format_value(row.reliability)}{format_value(row.credibility)}"))


CLAIM_LAYOUT: Layout = (
    Column("claim", entry_cell),
    Column("summary", prose_cell("summary")),
    Column("for", whole_cell("affirmed_by")),
    Column("other origins", _other_origins),
    Column("against", _against),
    Column("grade", _grade),
)
