"""The reports on what became of it: answers, promises, figures.

Implements section 5 of the model.
"""

from __future__ import annotations

import datetime

from oracle.claims import counted
from oracle.contradictions import Row
from oracle.facts import Casebook, Entry, Figure, as_date, iso
from oracle.grounds import agree, figure_period
from oracle.opposition import Pair, could_break, replies, standing_pairs
from oracle.times import Date, End, days_between
from oracle.views import NO_OPTIONS, Options, View, listed, measures_it, view_of

# ── Answers ─────────────────────────────────────────────────────────────────────────────────────


def answers(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, answers: one row per entry and reply, or one row "unanswered", by both refs.

    Asked of claims and statements, and of whatever else has a reply. A reply is a `responds_to`
    link (of any strength and judge) from somebody who shares no voice with the entry, and is not
    surely before it. `options.within` keeps replies of 0 to N days; an entry without such a reply
    is unanswered. Decisions: another kind of entry is asked about as soon as it has a reply in
    this sense, within N or not; `propositions` are those that both take a stance on.
    """
    view = view_of(casebook, options)
    pairs = standing_pairs(view)
    rows = []
    for entry in sorted(view.entries.values(), key=lambda entry: entry.ref):
        if not listed(view, entry, options):
            continue
        found = [other for _, other in sorted(view.entries.items()) if replies(view, other, entry)]
        if not found and entry.kind not in {"claim", "statement"}:
            continue
        in_time = [reply for reply in found if soon_enough(entry, reply, options.within)]
        rows += [answer_row(view, entry, reply, pairs) for reply in in_time]
        if not in_time:
            rows.append(answer_row(view, entry, None, pairs))
    return rows


def soon_enough(entry: Entry, reply: Entry, within: int | None) -> bool:
    """0 ≤ days ≤ N, when N is asked for."""
    days = days_between(entry.date, reply.date)
    return within is None or (days is not None and 0 <= days <= within)


def answer_row(view: View, entry: Entry, reply: Entry | None, pairs: list[Pair]) -> Row:
    """The row of an entry and its reply."""
    row: Row = {
        "entry_ref": entry.ref,
        "entry_kind": entry.kind,
        "actor": entry.actor,
        "principal": view.casebook.principal(entry),
        "date_from": iso(entry.date.first),
        "date_to": iso(entry.date.last),
        "summary": entry.summary,
    }
    if reply is None:
        return row | {
            "answer": "unanswered",
            "reply_ref": None,
            "reply_actor": None,
            "reply_date_from": None,
            "reply_date_to": None,
            "days": None,
            "propositions": [],
        }
    both = set(view.propositions_of(entry)) & set(view.propositions_of(reply))
    return row | {
        "answer": answer(view, entry, reply, pairs),
        "reply_ref": reply.ref,
        "reply_actor": reply.actor,
        "reply_date_from": iso(reply.date.first),
        "reply_date_to": iso(reply.date.last),
        "days": days_between(entry.date, reply.date),
        "propositions": sorted(both),
    }


def answer(view: View, entry: Entry, reply: Entry, pairs: list[Pair]) -> str:
    """Section 5, answers, the first that holds.

    denies (they oppose at strength 2, reconciled pairs aside), disputes (1), confirms (they
    agree), evades (the reply takes value 0 on a proposition of the entry), answers.
    """
    strength = max(
        (pair.strength or 0 for pair in pairs if {entry, reply} == set(pair.entries)), default=0
    )
    if strength:
        return "denies" if strength == 2 else "disputes"
    if agree(view, entry, reply):
        return "confirms"
    zero = {stance.proposition for stance in view.stances_of(reply) if stance.value == 0}
    return "evades" if zero & set(view.propositions_of(entry)) else "answers"


# ── Promises ────────────────────────────────────────────────────────────────────────────────────


def promises(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, promises: one row per commitment, by ref, as of a day (default today).

    Commitments and deeds whose `date_from` is later are left out (a null one is not later).
    `until`: the end of its period. `deeds_for`: deeds that share a voice with it and agree (3.6).
    `breaches_certain`, `breaches_possible`: the deeds of its breaches (3.3), by their timing.
    `deeds_against_under_condition`: deeds that oppose it and would break it, but that every ground
    is conditional. Reconciled pairs make none of these. `urls` is left out: the model does not
    define it.
    """
    view = view_of(casebook, options)
    day = as_date(options.as_of) if options.as_of else datetime.datetime.now(datetime.UTC).date()
    pairs = standing_pairs(view)
    rows = []
    for entry in sorted(view.entries.values(), key=lambda entry: entry.ref):
        if entry.kind == "commitment" and begun(entry, day) and listed(view, entry, options):
            against = [
                pair
                for pair in pairs
                if pair.subject == entry
                and begun(pair.counter, day)
                and could_break(casebook, entry, pair.counter)
            ]
            rows.append(promise_row(view, entry, against, day))
    return rows


def begun(entry: Entry, day: Date) -> bool:
    """It does not begin after a day."""
    return entry.date.first is None or entry.date.first.date <= day


def promise_row(view: View, promise: Entry, against: list[Pair], day: Date) -> Row:
    """The row of a commitment; `against` are its pairs with deeds that could break it."""
    breaches = [pair for pair in against if pair.cls == "breach"]
    deeds = [each for each in view.entries.values() if each.kind == "action" and begun(each, day)]
    conditions = {each.condition for each in view.stances_of(promise)}
    conditions |= {each.condition for each in view.figures_of(promise)}
    row: Row = {
        "ref": promise.ref,
        "actor": promise.actor,
        "principal": view.casebook.principal(promise),
        "date_from": iso(promise.date.first),
        "date_to": iso(promise.date.last),
        "until": iso(promise.period.last),
        "summary": promise.summary,
        "conditions": sorted(each for each in conditions if each),
        "propositions": view.propositions_of(promise),
        "state": state_of(promise, breaches, day),
    }
    counted(
        row,
        "deeds_for",
        [
            deed.ref
            for deed in deeds
            if view.casebook.share_a_voice(promise, deed) and agree(view, promise, deed)
        ],
    )
    for name, timing in (("breaches_certain", "certain"), ("breaches_possible", "possible")):
        counted(row, name, [pair.counter.ref for pair in breaches if pair.timing == timing])
    counted(
        row,
        "deeds_against_under_condition",
        [pair.counter.ref for pair in against if pair.cls != "breach"],
    )
    return row


def state_of(promise: Entry, breaches: list[Pair], day: Date) -> str:
    """Section 5, promises: the state of a commitment as of a day.

    broken: by a breach that is certain, of strength 2, not disputed, and whose latest date is not
    after the day. possibly_broken: any other breach. expired: its end is before the day, and no
    breach. open. Decision: a reconciled breach is no breach.
    """
    for pair in breaches:
        end = pair.counter.date.last
        if (
            pair.timing == "certain"
            and pair.strength == 2
            and pair.status != "disputed"
            and end is not None
            and end.date <= day
        ):
            return "broken"
    if breaches:
        return "possibly_broken"
    return "expired" if over(promise.period.last, day) else "open"


def over(end: End | None, day: Date) -> bool:
    """An end lies before a day."""
    return end is not None and end.date < day


# ── Figures ─────────────────────────────────────────────────────────────────────────────────────


def figures(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, figures: one row per figure, by measure, entry and judge.

    `period_from`, `period_to`: the period of the figure (3.2); date bounds of an action are none.
    `conflicts_with`: the entries with a figure that cannot be right beside this one, by this
    judge's reading of this entry; reconciled pairs aside.
    """
    view = view_of(casebook, options)
    pairs = standing_pairs(view, options)
    rows = [
        figure_row(view, view.entries[figure.entry], figure, pairs)
        for figure in view.figures
        if measures_it(casebook, [figure.measure], options)
        and listed(view, view.entries[figure.entry], options)
    ]
    return sorted(rows, key=lambda row: (row["measure"], row["entry_ref"], row["asserted_by"]))


def figure_row(view: View, entry: Entry, figure: Figure, pairs: list[Pair]) -> Row:
    """The row of a figure."""
    measure = view.casebook.measures[figure.measure]
    period = figure_period(entry, measure.kind)
    return {
        "measure": measure.ref,
        "unit": measure.unit,
        "low": figure.low,
        "high": figure.high,
        "entry_ref": entry.ref,
        "kind": entry.kind,
        "actor": entry.actor,
        "principal": view.casebook.principal(entry),
        "date_from": iso(entry.date.first),
        "date_to": iso(entry.date.last),
        "period_from": iso(period.first),
        "period_to": iso(period.last),
        "basis": figure.basis,
        "hedge": figure.hedge,
        "condition": figure.condition,
        "asserted_by": figure.asserted_by,
        "conflicts_with": sorted(
            pair.other(entry).ref
            for pair in pairs
            if entry in pair.entries and any(figure in ground.rows for ground in pair.grounds)
        ),
    }
