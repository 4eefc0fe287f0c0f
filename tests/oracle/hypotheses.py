"""The reports that weigh: the matrix of hypotheses, and the record of the sources.

Implements section 5 of the model.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import math
from collections.abc import Sequence

from oracle.contradictions import Row
from oracle.facts import Casebook, Entry, Proposition, Stance
from oracle.origins import Group, least_groups
from oracle.views import NO_OPTIONS, Options, View, entry_asked_for, one_of, view_of

CELLS = {-2: "II", -1: "I", 0: "N", 1: "C", 2: "CC"}
SOURCES = ("claim", "statement", "commitment", "assessment")


# ── Hypotheses ──────────────────────────────────────────────────────────────────────────────────


def rated_entries(
    view: View, propositions: Sequence[str], options: Options
) -> tuple[list[Entry], list[Entry]]:
    """The entries with a stance on some hypothesis, by ref, and the assessments left out.

    Assessments are left out unless the filter on kinds asks for them.
    """
    without_kind = dataclasses.replace(options, kind=None)
    rated = [
        entry
        for entry in sorted(view.entries.values(), key=lambda entry: entry.ref)
        if set(view.propositions_of(entry)) & set(propositions)
        and entry_asked_for(view, entry, without_kind)
    ]
    asked_for = options.kind is not None and one_of(options.kind, "assessment")
    left_out = [entry for entry in rated if entry.kind == "assessment" and not asked_for]
    kept = [entry for entry in rated if entry not in left_out and one_of(options.kind, entry.kind)]
    return kept, left_out


def hypotheses(
    casebook: Casebook, propositions: Sequence[str], options: Options = NO_OPTIONS
) -> list[Row]:
    """Section 5, hypotheses: one row per entry that rates some hypothesis, by ref.

    A cell is the word for the entry's value (II I N C CC), empty where it takes none. Decisions:
    where judges differ the cell has each word, the lowest value first, joined by a slash;
    diagnosticity is the distance between the greatest and the least value over the hypotheses that
    the entry rates (the least such distance where judges differ), None with fewer than two.
    """
    view = view_of(casebook, options)
    rows = []
    for entry in rated_entries(view, propositions, options)[0]:
        row: Row = {
            "entry_ref": entry.ref,
            "kind": entry.kind,
            "actor": entry.actor,
            "principal": casebook.principal(entry),
        }
        rated = []
        for proposition in propositions:
            values = sorted({stance.value for stance in on(view, entry, proposition)})
            row[proposition] = "/".join(CELLS[value] for value in values)
            if values:
                rated.append(values)
        row["diagnosticity"] = (
            min(max(choice) - min(choice) for choice in itertools.product(*rated))
            if len(rated) > 1
            else None
        )
        rows.append(row)
    return rows


def on(view: View, entry: Entry, proposition: str) -> list[Stance]:
    """Every judge's stance of an entry on one proposition."""
    return [each for each in view.stances_of(entry) if each.proposition == proposition]


def hypothesis_sums(
    casebook: Casebook, propositions: Sequence[str], options: Options = NO_OPTIONS
) -> list[Row]:
    """Section 5, inconsistency: one row per hypothesis, in the order they were asked for.

    `sum`: over origins, by the least number's grouping of the entries with a negative stance on
    it, the largest |value| of each; None with fewer than two entries rated. `rated`: how many
    entries take any stance on it. `inferred`: how much of the sum rests on inferred stances
    (decision: where an explicit and an inferred stance are equally large, the explicit one
    counts). `assessments_left_out`: how many that take a stance on it. Decision: groups that no
    document shows are grouped and summed like others.
    """
    view = view_of(casebook, options)
    kept, left_out = rated_entries(view, propositions, options)
    rows: list[Row] = []
    for proposition in propositions:
        rated = [entry for entry in kept if on(view, entry, proposition)]
        against = [entry for entry in rated if largest(view, entry, proposition) > (0, False)]
        values = [
            group_value(view, group, proposition) for group in grouped(view, against, proposition)
        ]
        enough = len(rated) >= 2
        rows.append(
            {
                "proposition": proposition,
                "sum": sum(value for value, _ in values) if enough else None,
                "rated": len(rated),
                "inferred": (
                    sum(value for value, explicit in values if not explicit) if enough else None
                ),
                "assessments_left_out": sum(
                    bool(on(view, entry, proposition)) for entry in left_out
                ),
            }
        )
    return rows


def largest(view: View, entry: Entry, proposition: str) -> tuple[int, bool]:
    """The largest |value| of an entry's negative stances, and whether one so large is explicit."""
    return max(
        (
            (-stance.value, stance.basis == "explicit")
            for stance in on(view, entry, proposition)
            if stance.value < 0
        ),
        default=(0, False),
    )


def grouped(view: View, against: list[Entry], proposition: str) -> list[Group]:
    """The least number's grouping, with every entry in one group.

    Decision: an entry that surely repeats several origins counts with that of the largest value.
    """
    groups = least_groups(view, against, assessments=True)
    for entry in against:
        holding = [group for group in groups if entry in group.represented]
        for group in sorted(
            holding,
            key=lambda group: max(largest(view, each, proposition) for each in group.members),
        )[:-1]:
            fewer = tuple(each for each in group.represented if each != entry)
            groups[groups.index(group)] = Group(group.members, fewer)
    return groups


def group_value(view: View, group: Group, proposition: str) -> tuple[int, bool]:
    """The largest |value| in a group, once, and whether it is explicit."""
    return max(largest(view, entry, proposition) for entry in group.entries)


# ── Track record ────────────────────────────────────────────────────────────────────────────────


def track_record(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, track record: one row per source, by ref.

    A source is the actor of a claim, statement, commitment or assessment. It has one count per
    resolved proposition on which it counts (`last_and_first`). `resolved` is how many, `topics` of
    how many different topics they are, `changed` how many began on the other side; mean and 95 %
    interval are those of a Beta distribution with Jeffreys prior, None when nothing counts.
    """
    view = view_of(casebook, options)
    rows: list[Row] = []
    entries = [entry for entry in view.entries.values() if entry.kind in SOURCES]
    for source in sorted({entry.actor for entry in entries}):
        mine = [
            entry
            for entry in entries
            if entry.actor == source and entry_asked_for(view, entry, options)
        ]
        if not mine:
            continue
        right, wrong, changed, topics = 0, 0, 0, set()
        for proposition in view.resolved:
            sides = last_and_first(view, mine, proposition)
            if sides is None:
                continue
            last, first = sides
            right += (last > 0) == proposition.truth
            wrong += (last > 0) != proposition.truth
            changed += first == -last
            topics.add(proposition.topic)
        low, high = jeffreys_interval(right, wrong) if right + wrong else (None, None)
        rows.append(
            {
                "source": source,
                "resolved": right + wrong,
                "right": right,
                "wrong": wrong,
                "topics": len(topics),
                "changed": changed,
                "mean": (right + 0.5) / (right + wrong + 1) if right + wrong else None,
                "low": low,
                "high": high,
            }
        )
    return rows


def last_and_first(
    view: View, entries: list[Entry], proposition: Proposition
) -> tuple[int, int] | None:
    """The side of a source's last stance by the resolution, and that of its first (signs).

    Of the stances whose latest date is on or before the resolution, those of the last day. A value
    0 or both signs on that day count nothing (decision: 0 beside another value as well). Decision:
    the first is that of the first such day, 0 where that day has a 0 or both signs.
    """
    assert proposition.resolved_on is not None
    dated = [
        (entry.date.last.date, (stance.value > 0) - (stance.value < 0))
        for entry in entries
        for stance in on(view, entry, proposition.ref)
        if entry.date.last is not None and entry.date.last.date <= proposition.resolved_on
    ]
    if not dated:
        return None
    days = [day for day, _ in dated]
    last = {sign for day, sign in dated if day == max(days)}
    first = {sign for day, sign in dated if day == min(days)}
    if len(last) != 1 or last == {0}:
        return None
    return last.pop(), first.pop() if len(first) == 1 else 0


@functools.cache
def jeffreys_interval(right: int, wrong: int) -> tuple[float, float]:
    """The 2.5 % and 97.5 % quantiles of Beta(right + 1/2, wrong + 1/2)."""
    return quantile(right, wrong, 0.025), quantile(right, wrong, 0.975)


def quantile(right: int, wrong: int, share: float) -> float:
    """Bisect the distribution function of Beta(right + 1/2, wrong + 1/2).

    With x = sin² t its density becomes sin(t)^2right · cos(t)^2wrong, without the poles of the
    original; the integral is taken by Simpson's rule.
    """

    def area(angle: float, steps: int = 2000) -> float:
        width = angle / steps
        return (width / 3) * sum(
            (1 if step in {0, steps} else 4 if step % 2 else 2)
            * math.sin(step * width) ** (2 * right)
            * math.cos(step * width) ** (2 * wrong)
            for step in range(steps + 1)
        )

    whole = area(math.pi / 2)
    low, high = 0.0, math.pi / 2
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if area(middle) / whole < share else (low, middle)
    return math.sin((low + high) / 2) ** 2
