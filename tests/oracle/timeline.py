"""The report of everything by date: timeline.

Implements section 5 of the model.
"""

from __future__ import annotations

from oracle.claims import counted
from oracle.contradictions import Row
from oracle.facts import Casebook, iso
from oracle.opposition import replies, standing_pairs
from oracle.views import NO_OPTIONS, Options, listed, view_of
from oracle.windows import falls_in


def timeline(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, timeline: one row per entry of any kind, by date, then ref; undated last.

    The date that orders is `date_from`, or `date_to` where that is null. `opposed_by`: the entries
    that oppose it, reconciled pairs aside. `answered`: it has a reply in the sense of the report
    answers. `windows`: those it falls in, `windows_possible` those of them that are possible only.
    `stances`, `figures` and `urls` are left out: the model does not say how they are written.
    """
    view = view_of(casebook, options)
    pairs = standing_pairs(view, options)
    rows = []
    for entry in view.entries.values():
        if not listed(view, entry, options):
            continue
        row: Row = {
            "date_from": iso(entry.date.first),
            "date_to": iso(entry.date.last),
            "ref": entry.ref,
            "kind": entry.kind,
            "actor": entry.actor,
            "principal": casebook.principal(entry),
            "summary": entry.summary,
            "answered": any(replies(view, other, entry) for other in view.entries.values()),
        }
        opposed_by = [pair.other(entry).ref for pair in pairs if entry in pair.entries]
        counted(row, "opposed_by", opposed_by)
        falls = {
            window.ref: falls_in(entry.date, window.date)
            for window in view.entries.values()
            if window.kind == "window" and entry.kind != "window"
        }
        row["windows"] = sorted(ref for ref, certainty in falls.items() if certainty)
        row["windows_possible"] = sorted(
            ref for ref, certainty in falls.items() if certainty == "possible"
        )
        rows.append(row)
    return sorted(
        rows,
        key=lambda row: (
            row["date_from"] is None and row["date_to"] is None,
            row["date_from"] or row["date_to"] or "",
            row["ref"],
        ),
    )
