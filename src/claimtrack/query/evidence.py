"""Which entries are evidence on hypotheses, and how judges read them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Proposition, Stance
from claimtrack.query.filters import Filters, counts_strongly, entries_wanted
from claimtrack.sql import is_one_of
from claimtrack.vocab import EntryKind


def is_evidence(
    entry: type[Entry], hypotheses: Sequence[str], wanted: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is wanted, and no assessment that was not asked for."""
    is_asked_for = EntryKind.ASSESSMENT in wanted.kinds
    evidence = [] if is_asked_for else [entry.kind != EntryKind.ASSESSMENT]
    return [*evidence, *is_rated(entry, hypotheses, wanted)]


def is_rated(
    entry: type[Entry], hypotheses: Sequence[str], wanted: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is wanted, and takes a stance on some hypothesis."""
    stance, proposition = aliased(Stance), aliased(Proposition)
    keys = select(proposition.id).where(proposition.ref.in_(hypotheses))
    on_any = select(stance.entry_id).where(
        stance.proposition_id.in_(keys), *counts_strongly(stance, wanted)
    )
    on_hypothesis = replace(wanted, propositions=wanted.propositions or tuple(hypotheses))
    return [entry.id.in_(on_any), *entries_wanted(entry, on_hypothesis)]


def select_evidence(hypotheses: Sequence[str], wanted: Filters) -> Select[*tuple[Any, ...]]:
    """Select every reading of all evidence on hypotheses, by entry, then hypothesis.

    The key of the entry, its ref, kind and summary, the hypothesis, and its value and basis.
    """
    entry, stance, proposition = aliased(Entry), aliased(Stance), aliased(Proposition)
    shown = (entry.id, entry.ref, entry.kind, entry.summary)
    return (
        select(*shown, proposition.ref, stance.value, stance.basis)
        .select_from(stance)
        .join(entry, entry.id == stance.entry_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(proposition.ref.in_(hypotheses), *counts_strongly(stance, wanted))
        .where(*is_evidence(entry, hypotheses, wanted))
        .order_by(entry.ref, proposition.ref)
    )


def select_readings(hypotheses: Sequence[str], wanted: Filters) -> Select[*tuple[Any, ...]]:
    """Select every reading of the `entries` given on hypotheses.

    The key of the entry, the hypothesis, and its value and basis.
    """
    stance, proposition = aliased(Stance), aliased(Proposition)
    return (
        select(stance.entry_id, proposition.ref, stance.value, stance.basis)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(is_one_of(stance.entry_id, "entries"), proposition.ref.in_(hypotheses))
        .where(*counts_strongly(stance, wanted))
    )
