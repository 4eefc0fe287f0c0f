"""The reports on when and on what: decision windows, clustering, coverage and omissions.

Implements section 5 of the model.
"""

from __future__ import annotations

import dataclasses

from oracle.contradictions import Row
from oracle.facts import Casebook, Entry, as_date, iso
from oracle.origins import goes_back_to
from oracle.times import DAY, Date, Stretch, disjoint, place
from oracle.views import NO_OPTIONS, Options, View, listed, view_of

NOT_CODED_IN_FULL = "not coded in full"


def windows(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, windows: one row per entry and window that it falls in, by both refs.

    The filters are on the entries. `propositions`: all that the entry takes a stance on. Decision:
    claims and statements, unless a filter names other kinds.
    """
    view = view_of(casebook, options)
    if options.kind is None:
        options = dataclasses.replace(options, kind=("claim", "statement"))
    rows = []
    for window in view.entries.values():
        if window.kind != "window":
            continue
        for entry in view.entries.values():
            if entry.kind == "window" or not listed(view, entry, options):
                continue
            certainty = falls_in(entry.date, window.date)
            if certainty is not None:
                rows.append(
                    {
                        "window_ref": window.ref,
                        "window_summary": window.summary,
                        "entry_ref": entry.ref,
                        "entry_kind": entry.kind,
                        "entry_date_from": iso(entry.date.first),
                        "entry_date_to": iso(entry.date.last),
                        "certainty": certainty,
                        "propositions": view.propositions_of(entry),
                    }
                )
    return sorted(rows, key=lambda row: (row["window_ref"], row["entry_ref"]))


def falls_in(entry: Stretch, window: Stretch) -> str | None:
    """Section 5, in window: the date bounds overlap.

    Certain when the entry lies inside the days on which the window is known to be open, else
    possible: what is later than the last known date of an open window is possible (decision: what
    is earlier than the first known date of a window without a start too). Undated matches nothing.
    """
    if entry.empty or window.empty or disjoint(entry, window):
        return None
    return "certain" if place(entry, known_days(window)) == "inside" else "possible"


def known_days(window: Stretch) -> Stretch:
    """From the first to the last known date of a window."""
    return Stretch(window.first or window.last, window.last or window.first)


def clustering(casebook: Casebook, since: str, until: str, options: Options = NO_OPTIONS) -> Row:
    """Section 5, clustering test, over the observation period from `since` to `until`.

    The claims that the filters keep, joined by `repeats` alone (either strength, in chains, also
    through entries that are no such claims), each group on its earliest `date_from` in the period.
    T: the groups on a day of the union of the windows. p: the share of rotations by whole days
    with T at least as large, the identity included. Decisions: a window holds its known days only;
    groups without a known date, or outside the period, are left out and counted.
    """
    view = view_of(casebook, options)
    first, last = as_date(since), as_date(until)
    days = [first + DAY * number for number in range((last - first).days + 1)]
    covered = {day for day in days if any(open_on(window, day) for window in of_kind(view))}
    groups = claim_groups(view, options)
    dated = [
        min(day for day in found if day is not None)
        for found in groups
        if any(day is not None for day in found)
    ]
    places = [days.index(day) for day in dated if day in days]
    inside = [
        sum(days[(place_ + turn) % len(days)] in covered for place_ in places)
        for turn in range(len(days))
    ]
    return {
        "groups": len(places),
        "left_out": len(groups) - len(places),
        "days": len(days),
        "covered_days": len(covered),
        "T": inside[0],
        "p": sum(each >= inside[0] for each in inside) / len(days),
    }


def of_kind(view: View, kind: str = "window") -> list[Entry]:
    """The entries of one kind."""
    return [entry for entry in view.entries.values() if entry.kind == kind]


def open_on(window: Entry, day: Date) -> bool:
    """A day lies among the known days of a window."""
    known = known_days(window.date)
    return (
        known.first is not None
        and known.last is not None
        and known.first.date <= day <= known.last.date
    )


def claim_groups(view: View, options: Options) -> list[list[Date | None]]:
    """The `date_from` of the claims of each group that `repeats` links join."""
    claims = [entry for entry in of_kind(view, "claim") if listed(view, entry, options)]
    groups: list[tuple[set[str], list[Date | None]]] = []
    for claim in claims:
        reach = {claim.ref} | goes_back_to(view, claim.ref, (1, 2))
        days = [claim.date.first.date if claim.date.first else None]
        for group in [group for group in groups if group[0] & reach]:
            groups.remove(group)
            reach |= group[0]
            days += group[1]
        groups.append((reach, days))
    return [days for _, days in groups]


# ── Coverage and omissions ──────────────────────────────────────────────────────────────────────


def coverage(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, coverage: one row per topic and source that addresses it directly, by both.

    Decision: a source is an actor; `claims` counts its claims, `on_record` its statements and
    actions with a stance of any value on a proposition directly under the topic. `verdict` is left
    out: the model does not define it.
    """
    view = view_of(casebook, options)
    rows: list[Row] = []
    for topic in sorted(casebook.topics):
        entries = [entry for entry in addressing(view, topic) if listed(view, entry, options)]
        for source in sorted({entry.actor for entry in entries}):
            kinds = [entry.kind for entry in entries if entry.actor == source]
            found = kinds.count("claim"), kinds.count("statement") + kinds.count("action")
            if any(found):
                rows.append(
                    {"topic": topic, "source": source, "claims": found[0], "on_record": found[1]}
                )
    return rows


def addressing(view: View, topic: str) -> list[Entry]:
    """The entries with a stance of any value on a proposition directly under a topic."""
    return [
        entry
        for entry in view.entries.values()
        if any(
            view.casebook.propositions[proposition].topic == topic
            for proposition in view.propositions_of(entry)
        )
    ]


def omissions(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, omitted(t): one row per leaf topic and principal, by both.

    Some statement or action of the principal addresses the topic, and no claim of an anonymous
    actor of that principal does. `on_record` counts these statements and actions. Warranted when
    every document that is a `primary` citation of an anonymous claim of the principal is coded
    completely; else the row says so and cites each assessment that a `concerns` link joins to one
    of these statements and actions. Decisions: a principal for whom no anonymous source speaks at
    all omits nothing; claims without a `primary` document warrant nothing. The filters are topic
    and principal.
    """
    view = view_of(casebook, options)
    leaves = set(casebook.topics) - {each.parent for each in casebook.topics.values()}
    if options.topic is not None:
        leaves &= casebook.topics_below(options.topic)
    rows: list[Row] = []
    for topic in sorted(leaves):
        addressed = addressing(view, topic)
        for principal in sorted({casebook.principal(entry) for entry in addressed}):
            record = [
                entry
                for entry in addressed
                if entry.kind in {"statement", "action"} and casebook.principal(entry) == principal
            ]
            claims = [
                entry
                for entry in of_kind(view, "claim")
                if casebook.anonymous(entry) and casebook.principal(entry) == principal
            ]
            silent = claims and not any(claim in addressed for claim in claims)
            if record and silent and options.principal in {None, principal}:
                rows.append(omission_row(view, topic, principal, record, claims))
    return rows


def omission_row(
    view: View, topic: str, principal: str, record: list[Entry], claims: list[Entry]
) -> Row:
    """The row of a topic that a principal's anonymous sources leave out."""
    sources = [
        document for claim in claims for document in view.casebook.documents_of(claim, "primary")
    ]
    warranted = bool(sources) and all(each.coverage == "complete" for each in sources)
    refs = {entry.ref for entry in record}
    judged = {
        end
        for link in view.links_of("concerns")
        for end, other in ((link.source, link.target), (link.target, link.source))
        if other in refs and end in view.entries and view.entries[end].kind == "assessment"
    }
    return {
        "topic": topic,
        "principal": principal,
        "on_record": len(refs),
        "on_record_refs": sorted(refs),
        "warrant": "warranted" if warranted else NOT_CODED_IN_FULL,
        "warranted_by": [] if warranted else sorted(judged),
    }
