"""The contradictions report.

Implements section 3 of the model, and sections 1 and 2 of the interface.
"""

from __future__ import annotations

from typing import Any

from oracle.facts import Casebook, iso
from oracle.opposition import Pair, reconciled_without_grounds, standing_pairs
from oracle.times import days_between
from oracle.views import (
    NO_OPTIONS,
    Options,
    View,
    about_it,
    entry_asked_for,
    measures_it,
    on_behalf_of,
    one_of,
    view_of,
)

VIA = ("proposition", "exclusive_topic", "figure", "link")
Row = dict[str, Any]


def contradictions(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 3: one row per pair, by subject_ref, counter_ref.

    `conditions` are those of the stances and figures in its grounds.
    """
    view = view_of(casebook, options)
    pairs = standing_pairs(view, options)
    if options.include_reconciled:
        pairs += reconciled_without_grounds(view)
    rows = [contradiction_row(view, pair) for pair in pairs if pair_asked_for(view, pair, options)]
    return sorted(rows, key=lambda row: (row["subject_ref"], row["counter_ref"]))


def contradiction_row(view: View, pair: Pair) -> Row:
    """The row of a pair."""
    row: Row = {}
    for name, entry in (("subject", pair.subject), ("counter", pair.counter)):
        row |= {
            f"{name}_ref": entry.ref,
            f"{name}_kind": entry.kind,
            f"{name}_actor": entry.actor,
            f"{name}_principal": view.casebook.principal(entry),
            f"{name}_date_from": iso(entry.date.first),
            f"{name}_date_to": iso(entry.date.last),
            f"{name}_summary": entry.summary,
            f"{name}_urls": view.casebook.urls(entry),
        }
    kinds = {ground.via for ground in pair.grounds}
    conditions = {row.condition for ground in pair.grounds for row in ground.rows if row.condition}
    return row | {
        "class": pair.cls,
        "timing": pair.timing,
        "status": pair.status,
        "reconciled_by": list(pair.reconciled_by),
        "strength": pair.strength,
        "basis": pair.basis,
        "via": [via for via in VIA if via in kinds] or ["reconciles"],
        "propositions": sorted(set[str]().union(*(each.propositions for each in pair.grounds))),
        "measures": sorted(set[str]().union(*(each.measures for each in pair.grounds))),
        "conditions": sorted(conditions),
        "asserted_by": sorted(frozenset[str]().union(*(each.judges for each in pair.grounds))),
        "days": days_between(pair.subject.date, pair.counter.date),
    }


def pair_asked_for(view: View, pair: Pair, options: Options) -> bool:
    """Section 1 of the interface, filters on pairs.

    One of the two entries satisfies all entry filters together; topic, proposition and measure
    match one ground or, for links (`reconciles` alone too), what either entry speaks of. Decisions:
    `max_days` holds whichever of the two is the earlier, `min_days` is signed; `within_principal`
    takes in everyone below.
    """
    days = days_between(pair.subject.date, pair.counter.date)
    if options.max_days is not None and (days is None or abs(days) > options.max_days):
        return False
    if options.min_days is not None and (days is None or days < options.min_days):
        return False
    if options.min_strength is not None and (pair.strength or 0) < options.min_strength:
        return False
    return (
        one_of(options.cls, pair.cls)
        and one_of(options.status, pair.status)
        and options.timing in {None, pair.timing}
        and options.subject_kind in {None, pair.subject.kind}
        and options.counter_kind in {None, pair.counter.kind}
        and all(
            on_behalf_of(view.casebook, entry, options.within_principal) for entry in pair.entries
        )
        and any(entry_asked_for(view, entry, options) for entry in pair.entries)
        and ground_asked_for(view, pair, options)
    )


def ground_asked_for(view: View, pair: Pair, options: Options) -> bool:
    """Some ground is on the topic, the proposition and the measure that are asked for."""
    if options.topic is None and options.proposition is None and options.measure is None:
        return True
    subjects = [(each.propositions, each.measures) for each in pair.grounds if each.rows]
    if not pair.grounds or any(ground.via == "link" for ground in pair.grounds):
        subjects += [
            (
                set(view.propositions_of(entry)),
                {figure.measure for figure in view.figures_of(entry)},
            )
            for entry in pair.entries
        ]
    on_proposition = any(
        about_it(view.casebook, propositions, options) for propositions, _ in subjects
    )
    on_measure = any(measures_it(view.casebook, measures, options) for _, measures in subjects)
    if options.proposition is not None and options.measure is not None:
        return on_proposition and on_measure
    return (options.measure is None and on_proposition) or (
        options.proposition is None and on_measure
    )
