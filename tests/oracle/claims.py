"""The reports on how claims and propositions stand: claims, corroboration.

Implements section 5 of the model.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from oracle.contradictions import Row
from oracle.facts import Casebook, Entry, iso
from oracle.grounds import agree
from oracle.opposition import Pair, denies, standing_pairs
from oracle.origins import origins, other_origins, publishers
from oracle.views import NO_OPTIONS, Options, View, about_it, listed, view_of


def counted(row: Row, name: str, refs: Iterable[str]) -> None:
    """Section 2 of the interface: a count, and beside it the refs that it counts."""
    found = sorted(refs)
    row[name] = len(found)
    row[f"{name}_refs"] = found


def claims(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, claims: one row per claim, by ref.

    `affirmed_by`: the other entries, of any kind, that agree with it (3.6). `independent_min/max`:
    their origins but for the claim's own. `publishers`: of those of them that can be an origin.
    `denied_by`: the statements that are a denial of it (3.3). `borne_out_by_actions`: the actions
    among `affirmed_by`. `contradicted_by_…`: the entries of that kind that oppose it; reconciled
    pairs count for nothing. `worst_strength`: the greatest of any entry that opposes it, whatever
    its kind. `opposed_by`: all that do. Decisions: the grade is that of the last day on which it
    was graded, of several the last by letter and number; `outlet` are the publishers of the
    `primary` documents, or where there is none of those that relay it.
    """
    view = view_of(casebook, options)
    pairs = standing_pairs(view, options)
    return [
        claim_row(view, entry, [pair for pair in pairs if entry in pair.entries])
        for _, entry in sorted(view.entries.items())
        if entry.kind == "claim" and listed(view, entry, options)
    ]


def claim_row(view: View, claim: Entry, pairs: list[Pair]) -> Row:
    """The row of a claim; `pairs` are those it stands in."""
    affirmed_by = [
        other for other in view.entries.values() if other != claim and agree(view, claim, other)
    ]
    against = [pair.other(claim) for pair in pairs]
    row: Row = {
        "ref": claim.ref,
        "actor": claim.actor,
        "outlet": outlets(view, claim),
        "date_from": iso(claim.date.first),
        "date_to": iso(claim.date.last),
        "summary": claim.summary,
    }
    counted(row, "affirmed_by", [other.ref for other in affirmed_by])
    row["independent_min"], row["independent_max"] = other_origins(view, claim, affirmed_by)
    row["publishers"] = publishers(view, affirmed_by)
    counted(row, "denied_by", [other.ref for other in against if denies(view, other, claim)])
    counted(row, "opposed_by", [other.ref for other in against])
    counted(
        row,
        "borne_out_by_actions",
        [other.ref for other in affirmed_by if other.kind == "action"],
    )
    for kind in ("statement", "action", "claim", "assessment"):
        counted(
            row,
            f"contradicted_by_{kind}s",
            [other.ref for other in against if other.kind == kind],
        )
    row["contradicted_by_actions_possible"] = len(
        [pair for pair in pairs if pair.timing == "possible"]
    )
    row["worst_strength"] = max((pair.strength or 0 for pair in pairs), default=None)
    row["reliability"], row["credibility"] = grade_of(view, claim)
    row["urls"] = view.casebook.urls(claim)
    return row


def outlets(view: View, claim: Entry) -> list[str]:
    """Who published the documents that show a claim: at first hand, where any does."""
    for role in ("primary", "relay"):
        cited = [each.document for each in claim.citations if each.role == role]
        if cited:
            return sorted({view.casebook.documents[document].publisher for document in cited})
    return []


def _by_day(grade: Any) -> Any:
    return grade.graded_on, grade.reliability, grade.credibility


def grade_of(view: View, claim: Entry) -> tuple[Any, Any]:
    """The grade of the last day on which a claim was graded, the last by letter and number."""
    grades = [grade for grade in view.grades if grade.entry == claim.ref]
    last = max(grades, key=_by_day, default=None)
    return (None, None) if last is None else (last.reliability, last.credibility)


def contested(row: Row) -> bool:
    """Section 5, claims: something opposes it (decision: whether or not anything agrees)."""
    return row["worst_strength"] is not None


def uncontradicted(row: Row) -> bool:
    """Section 5, claims: nothing opposes it."""
    return row["worst_strength"] is None


def uncorroborated(row: Row) -> bool:
    """Section 5, claims: independent_max = 0."""
    return bool(row["independent_max"] == 0)


def single_origin(row: Row) -> bool:
    """Section 5, claims: independent_min = 0."""
    return bool(row["independent_min"] == 0)


def corroboration(casebook: Casebook, options: Options = NO_OPTIONS) -> list[Row]:
    """Section 5, corroboration: one row per proposition that some entry affirms or denies, by ref.

    Each side with its entries (by any judge), but for the assessments, which are counted apart;
    with its origins, its publishers, its first and last date. Decisions: of an entry with one date
    unknown the other one serves for both; undated entries give no date.
    """
    view = view_of(casebook, options)
    rows = []
    for proposition in sorted(casebook.propositions):
        if not about_it(casebook, [proposition], options):
            continue
        row: Row = {"proposition": proposition}
        for side, sign, name in (("affirmed", 1, "affirmers"), ("denied", -1, "deniers")):
            entries = side_of(view, proposition, sign, options)
            evidence = [entry for entry in entries if entry.kind != "assessment"]
            row[name] = [entry.ref for entry in evidence]
            row[f"{side}_by"] = len(evidence)
            least, most = origins(view, row[name])
            row[f"{side}_independent_min"], row[f"{side}_independent_max"] = least, most
            row[f"{side}_publishers"] = publishers(view, evidence)
            judges = [entry.ref for entry in entries if entry.kind == "assessment"]
            counted(row, f"{side}_judged_by", judges)
            firsts = [each.date.first or each.date.last for each in evidence]
            lasts = [each.date.last or each.date.first for each in evidence]
            row[f"{side}_from"] = min((day for day in map(iso, firsts) if day), default=None)
            row[f"{side}_to"] = max((day for day in map(iso, lasts) if day), default=None)
        if any(
            row[f"{side}_{by}"] for side in ("affirmed", "denied") for by in ("by", "judged_by")
        ):
            rows.append(row)
    return rows


def side_of(view: View, proposition: str, sign: int, options: Options) -> list[Entry]:
    """The entries that take one side on a proposition, and that the filters keep, by ref."""
    return sorted(
        (
            entry
            for entry in view.entries.values()
            if listed(view, entry, options)
            and any(
                stance.proposition == proposition
                and stance.value * sign >= max(options.min_strength or 0, 1)
                for stance in view.stances_of(entry)
            )
        ),
        key=lambda entry: entry.ref,
    )
