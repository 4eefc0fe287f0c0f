"""The report on what an actor held on record, step by step: positions.

Implements section 5 of the model.
"""

from __future__ import annotations

from oracle.contradictions import Row
from oracle.facts import WORDS, Casebook, Entry, Stance, iso
from oracle.opposition import Pair, standing_pairs
from oracle.times import surely_before
from oracle.views import NO_OPTIONS, Options, View, about_it, entry_asked_for, view_of

UNKNOWN = "order not known"
Word = tuple[Entry, int]


def positions(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, positions: one row per stance, by date, then ref, proposition and judge.

    The date that orders is `date_from`, or `date_to` where that is null; undated rows come last.
    Claims of anonymous actors are left out, as rows and as earlier words, unless
    `options.anonymous` asks for them. Decision: entries of every other kind are rows, but only
    words (claims, statements, commitments) have a step.
    """
    view = view_of(casebook, options)
    pairs = standing_pairs(view, options)
    rows = []
    for entry in view.entries.values():
        if not on_record(view, entry, options) or not entry_asked_for(view, entry, options):
            continue
        for stance in view.stances_of(entry):
            if abs(stance.value) < (options.min_strength or 0):
                continue
            if not about_it(casebook, [stance.proposition], options):
                continue
            gap, possible = gap_of(view, entry, stance, pairs)
            rows.append(
                {
                    "date_from": iso(entry.date.first),
                    "date_to": iso(entry.date.last),
                    "entry_ref": entry.ref,
                    "kind": entry.kind,
                    "actor": entry.actor,
                    "proposition": stance.proposition,
                    "asserted_by": stance.asserted_by,
                    "value": stance.value,
                    "step": step_of(view, entry, stance, options),
                    "gap": gap,
                    "gap_possible": possible,
                    "hedge": stance.hedge,
                    "likelihood": stance.likelihood,
                    "condition": stance.condition,
                    "summary": entry.summary,
                }
            )
    return sorted(
        rows,
        key=lambda row: (
            row["date_from"] is None and row["date_to"] is None,
            row["date_from"] or row["date_to"] or "",
            row["entry_ref"],
            row["proposition"],
            row["asserted_by"],
        ),
    )


def on_record(view: View, entry: Entry, options: Options) -> bool:
    """Anonymous claims only when asked for."""
    return options.anonymous or entry.kind != "claim" or not view.casebook.anonymous(entry)


def gap_of(
    view: View, entry: Entry, stance: Stance, pairs: list[Pair]
) -> tuple[list[str], list[str]]:
    """Section 5, positions: the principal's own deeds that oppose this very stance.

    Decisions: a deed is the principal's own when a principal of its agent or co-actors is that of
    the entry's agent; it opposes the stance when a ground on propositions has the stance on its
    side; deeds have no gap; reconciled pairs make none. The second list names those of them whose
    timing is possible.
    """
    principal = view.casebook.principal(entry)
    found = [
        (pair.other(entry).ref, pair.timing)
        for pair in pairs
        if entry in pair.entries
        and entry.kind != "action"
        and pair.other(entry).kind == "action"
        and principal
        in {
            view.casebook.principal_of(actor)
            for actor in (pair.other(entry).agent, *pair.other(entry).co_actors)
        }
        and any(stance in ground.rows for ground in pair.grounds)
    ]
    return sorted(ref for ref, _ in found), sorted(
        ref for ref, timing in found if timing == "possible"
    )


# ── Steps ───────────────────────────────────────────────────────────────────────────────────────


def step_of(view: View, entry: Entry, stance: Stance, options: Options) -> str | None:
    """Section 5, positions: the step of a word.

    It is taken against the last surely earlier word, on the same proposition by the same judge, of
    a voice they share; where there is none, of another voice of the principal. It is "order not
    known" when several words may be the last earlier one and would give different steps, or when
    none is surely earlier and some may be. Decision: a word that may be earlier may also be the
    last one, beside those that surely are; and where words of a shared voice may be earlier, none
    surely, the order is not known whatever other voices said.
    """
    if entry.kind not in WORDS:
        return None
    words = [
        (view.entries[other.entry], other.value)
        for other in view.stances
        if other.entry != entry.ref
        and other.proposition == stance.proposition
        and other.asserted_by == stance.asserted_by
        and view.entries[other.entry].kind in WORDS
        and on_record(view, view.entries[other.entry], options)
    ]
    shared = [word for word in words if view.casebook.share_a_voice(word[0], entry)]
    others = [
        word
        for word in words
        if word not in shared and view.casebook.principal(word[0]) == view.casebook.principal(entry)
    ]
    for pool, steps in ((shared, own_steps), (others, other_steps)):
        sure = [word for word in pool if surely_before(word[0].date, entry.date)]
        perhaps = [
            word
            for word in pool
            if word not in sure and not surely_before(entry.date, word[0].date)
        ]
        if sure:
            return agreed(steps(stance.value, sure, perhaps))
        if perhaps:
            return UNKNOWN
    return None


def agreed(steps: set[str | None]) -> str | None:
    """The one step that all readings give, else that the order is not known."""
    return steps.pop() if len(steps) == 1 else UNKNOWN


def may_be_last(sure: list[Word], perhaps: list[Word]) -> list[Word]:
    """The words that may be the last before another.

    Those that surely are before it, unless one of these is surely after them, and those that may
    be before it.
    """
    return [
        word
        for word in sure
        if not any(surely_before(word[0].date, other[0].date) for other in sure)
    ] + perhaps


def own_steps(value: int, sure: list[Word], perhaps: list[Word]) -> set[str | None]:
    """Section 5, positions, of a shared voice: every step that some order of the words gives.

    hedged: to 0. reaffirmed: 0 after 0, or the same |value| with the same sign. For another value
    than 0, against the last value that was not 0: reversed when the sign differs, else hardened or
    softened by |value|; no step when there was none.
    """
    found: set[str | None] = set()
    for last, last_value in may_be_last(sure, perhaps):
        if value == 0:
            found.add("reaffirmed" if last_value == 0 else "hedged")
        elif last_value != 0:
            found.add(movement(value, last_value))
        else:
            sure_values, perhaps_values = (
                [
                    word
                    for word in pool
                    if word[1] != 0 and not surely_before(last.date, word[0].date)
                ]
                for pool in (sure, perhaps)
            )
            found |= {movement(value, each[1]) for each in may_be_last(sure_values, perhaps_values)}
            if not sure_values:
                found.add(None)
    return found


def movement(value: int, before: int) -> str:
    """The step from one value that is not 0 to another."""
    if value * before < 0:
        return "reversed"
    if abs(value) > abs(before):
        return "hardened"
    return "softened" if abs(value) < abs(before) else "reaffirmed"


def other_steps(value: int, sure: list[Word], perhaps: list[Word]) -> set[str | None]:
    """Section 5, positions, of another voice: differs (another sign, 0 being one) or same line."""

    def sign(number: int) -> int:
        return (number > 0) - (number < 0)

    return {
        "same line" if sign(value) == sign(before) else "differs"
        for _, before in may_be_last(sure, perhaps)
    }
