"""Selects the entries that affirm or deny propositions."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from claimtrack.models import Entry, Stance
from claimtrack.query.visibility import Scope, entry_in_scope, stance_in_scope
from claimtrack.sql import is_one_of


def select_entries_by_side(
    entry: type[Entry], stance: type[Stance], scope: Scope, *conditions: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Select the entries in scope that affirm or deny propositions.

    One row for each proposition and entry, by the entry's ref. The columns are the key of the
    proposition, the key of the entry, whether it affirms and whether it denies (1 or 0); both are 1
    if two judges read it differently. The statement takes the keys of the propositions as its
    parameter `propositions`.

    Args:
        entry: The entry.
        stance: Its stance.
        scope: The scope.
        conditions: Further conditions on the entry and its stance.
    """
    affirms = func.max(case((stance.value > 0, 1), else_=0))
    denies = func.max(case((stance.value < 0, 1), else_=0))
    return (
        select(stance.proposition_id, entry.id, affirms, denies)
        .join(entry, entry.id == stance.entry_id)
        .where(is_one_of(stance.proposition_id, "propositions"), stance.value != 0)
        .where(*stance_in_scope(stance, scope), *entry_in_scope(entry, scope), *conditions)
        .group_by(stance.proposition_id, entry.id, entry.ref)
        .order_by(entry.ref)
    )
