"""Selects the entries that are evidence on hypotheses, and their stances."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import aliased

from claimtrack.models import Entry, Proposition, Stance
from claimtrack.query.filters import Filters, match_filters, match_scope_and_strength
from claimtrack.sql import is_one_of
from claimtrack.vocab import EntryKind


def match_evidence(
    entry: type[Entry], hypotheses: Sequence[str], filters: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry is evidence on hypotheses and matches the filters.

    Assessments are judgements and no evidence, unless the filter `kinds` names them.
    """
    includes_assessments = EntryKind.ASSESSMENT in filters.kinds
    evidence = [] if includes_assessments else [entry.kind != EntryKind.ASSESSMENT]
    return [*evidence, *match_rated(entry, hypotheses, filters)]


def match_rated(
    entry: type[Entry], hypotheses: Sequence[str], filters: Filters
) -> list[ColumnElement[bool]]:
    """Return the conditions that an entry matches the filters and has a stance on a hypothesis."""
    stance, proposition = aliased(Stance), aliased(Proposition)
    keys = select(proposition.id).where(proposition.ref.in_(hypotheses))
    on_any = select(stance.entry_id).where(
        stance.proposition_id.in_(keys), *match_scope_and_strength(stance, filters)
    )
    on_hypothesis = replace(filters, propositions=filters.propositions or tuple(hypotheses))
    return [entry.id.in_(on_any), *match_filters(entry, on_hypothesis)]


def select_evidence(hypotheses: Sequence[str], filters: Filters) -> Select[*tuple[Any, ...]]:
    """Select every stance of all evidence on hypotheses, by the refs of entry and hypothesis.

    The columns are the key, ref, kind and summary of the entry, the ref of the hypothesis, and the
    value and basis of the stance.
    """
    entry, stance, proposition = aliased(Entry), aliased(Stance), aliased(Proposition)
    shown = (entry.id, entry.ref, entry.kind, entry.summary)
    return (
        select(*shown, proposition.ref, stance.value, stance.basis)
        .select_from(stance)
        .join(entry, entry.id == stance.entry_id)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(proposition.ref.in_(hypotheses), *match_scope_and_strength(stance, filters))
        .where(*match_evidence(entry, hypotheses, filters))
        .order_by(entry.ref, proposition.ref)
    )


def select_readings(hypotheses: Sequence[str], filters: Filters) -> Select[*tuple[Any, ...]]:
    """Select every stance of entries on hypotheses.

    The columns are the key of the entry, the ref of the hypothesis, and the value and basis of the
    stance. The statement takes the keys of the entries as its parameter `entries`.
    """
    stance, proposition = aliased(Stance), aliased(Proposition)
    return (
        select(stance.entry_id, proposition.ref, stance.value, stance.basis)
        .join(proposition, proposition.id == stance.proposition_id)
        .where(is_one_of(stance.entry_id, "entries"), proposition.ref.in_(hypotheses))
        .where(*match_scope_and_strength(stance, filters))
    )
