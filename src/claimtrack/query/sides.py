"""Who takes a side of a proposition."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from claimtrack.models import Entry, Stance
from claimtrack.query.visibility import Scope, entry_counts, stance_counts
from claimtrack.sql import is_one_of


def select_takers(
    entry: type[Entry], stance: type[Stance], scope: Scope, *conditions: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Select who takes a side of the `propositions` given: both keys, and on which side (1 or 0).

    One row for each proposition and entry: whether it affirms, and whether it denies, which it may
    both do in the readings of two judges. `conditions` may ask more of the entry and its stance.
    """
    affirms = func.max(case((stance.value > 0, 1), else_=0))
    denies = func.max(case((stance.value < 0, 1), else_=0))
    return (
        select(stance.proposition_id, entry.id, affirms, denies)
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), stance.value != 0)
        .where(*stance_counts(stance, scope), *entry_counts(entry, scope), *conditions)
        .group_by(stance.proposition_id, entry.id, entry.ref)
        .order_by(entry.ref)
    )
