"""Positions, windows and omissions say of casebooks by chance what the oracle says of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

import oracle
from against_oracle import SCOPES, as_filters, draw, plain
from claimtrack.dates import parse_span
from claimtrack.db import Session
from claimtrack.query.filters import Filters
from claimtrack.reports.coverage import omissions
from claimtrack.reports.positions import positions
from claimtrack.reports.windows import windows
from conftest import Loaded

SEEDS = {"sqlite": range(4), "postgresql": range(8, 10)}
"""What is drawn each time; 200 agreed in each scope when this was written."""
COLUMNS = (
    *("date_from", "date_to", "entry_ref", "kind", "actor", "proposition", "asserted_by"),
    *("value", "step", "gap", "hedge", "likelihood", "condition", "summary"),
)
HELD = ("claim", "statement", "commitment", "action")
"""The kinds of rows; the oracle has the others too, without steps or gaps."""
SHOWN: dict[str, dict[str, Any]] = {
    "all": {},
    "anonymous": {"anonymous": True},
    "by topic": {"topic": "war"},
    "by proposition": {"proposition": "keeps", "anonymous": True},
    "since": {"since": "2025-03-18"},
    "until": {"until": "2025-04-01", "anonymous": True},
    "strong": {"min_strength": 2},
}
"""What is asked for that only chooses what of the record is shown."""
RECORDS: dict[str, dict[str, Any]] = {
    "of a kind": {"kind": "statement"},
    "claims": {"kind": "claim", "anonymous": True},
    "of a principal": {"principal": "aland"},
    "of a source": {"source": "D2"},
}
"""What is asked for that chooses the record in which words are compared."""

IN_WINDOWS: dict[str, dict[str, Any]] = {
    "all": {},
    "deeds": {"kind": "action"},
    "by topic": {"topic": "war"},
    "since": {"since": "2025-03-18", "principal": "aland"},
    "strong": {"min_strength": 2},
}
"""What is asked for of the entries in windows."""
WARRANTS = {"warranted": "complete", "not coded in full": "not_coded_in_full"}


def as_known(drawn: dict[str, Any], day: str | None) -> dict[str, Any]:
    """The casebook without the citations of what was published later.

    The oracle counts the publishers of all documents; the reports say what was known that day.
    """
    if day is None:
        return drawn
    published = {one["ref"]: one.get("published") for one in drawn["documents"]}
    copied = {one["ref"]: one.get("canonical") or one["ref"] for one in drawn["documents"]}

    def known(ref: str) -> bool:
        spans = [parse_span(text) for of in (ref, copied[ref]) if (text := published[of])]
        ends = [span.last or span.first for span in spans]
        return any(end is not None and end <= date.fromisoformat(day) for end in ends)

    return drawn | {
        "entries": [
            entry | {"citations": [one for one in entry["citations"] if known(one["document"])]}
            for entry in drawn["entries"]
        ]
    }


def alike(
    found: list[dict[str, Any]], expected: list[dict[str, Any]], *names: str, about: str = ""
) -> None:
    """Both have the same rows in some columns."""
    cut = [[{name: row[name] for name in names} for row in rows] for rows in (found, expected)]
    assert cut[0] == cut[1], about


def drawn_casebooks(backend: str, loaded: Loaded) -> Iterator[tuple[int, dict[str, Any], Session]]:
    """Yield casebooks by chance: the seed, the plain data, and a session that holds them.

    A copy is coded as the document is: the reports ask for either, the oracle for the latter.
    """
    for seed in SEEDS[backend]:
        drawn = draw(seed)
        coded = {one["ref"]: one["coverage"] for one in drawn["documents"]}
        for document in drawn["documents"]:
            document["coverage"] = coded[document.get("canonical", document["ref"])]
        with loaded(backend, drawn) as session:
            yield seed, drawn, session


def expected_rows(drawn: dict[str, Any], asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The positions as the oracle has them, with possible deeds marked."""
    options = oracle.Options(**asked)
    rows = oracle.positions(oracle.read_casebook(drawn), options)
    for row in rows:
        possible = row["gap_possible"]
        row["gap"] = [f"{ref} (possible)" if ref in possible else ref for ref in row["gap"]]
    return [row for row in rows if row["kind"] in HELD]


def within(rows: list[dict[str, Any]], drawn: dict[str, Any]) -> dict[str, Any]:
    """The casebook in which the entries of some rows alone say anything."""
    refs = {row["entry_ref"] for row in rows}
    entries = [one if one["ref"] in refs else one | {"stances": []} for one in drawn["entries"]]
    return drawn | {"entries": entries}


def wanted(asked: dict[str, Any]) -> Filters:
    """The filters that ask for this."""
    return replace(as_filters(asked), sources=(asked["source"],) if "source" in asked else ())


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_positions_are_what_the_oracle_says(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    for seed, drawn, session in drawn_casebooks(backend, loaded):
        for name, asked in SHOWN.items():
            anonymous = asked.get("anonymous", False)
            rows = plain(positions(session, wanted(scope | asked), anonymous=anonymous))
            expected = expected_rows(drawn, scope | asked)
            alike(rows, expected, *COLUMNS, about=f"{seed}, {name}")
            by_step = replace(wanted(scope | asked), sort=("-step", "gap"))
            again = plain(positions(session, by_step, anonymous=anonymous))
            assert sorted(map(repr, again)) == sorted(map(repr, rows)), f"{seed}, {name}"


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_words_are_compared_within_the_record_that_is_asked_for(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    for seed, drawn, session in drawn_casebooks(backend, loaded):
        for name, asked in RECORDS.items():
            anonymous = asked.get("anonymous", False)
            rows = plain(positions(session, wanted(scope | asked), anonymous=anonymous))
            expected = expected_rows(drawn, scope | asked)
            compared = expected_rows(within(expected, drawn), scope | asked)
            for row, other in zip(expected, compared, strict=True):
                row["step"] = other["step"]
            alike(rows, expected, *COLUMNS, about=f"{seed}, {name}")


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_windows_are_what_the_oracle_says(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    columns = (
        *("window_ref", "window_summary", "entry_ref", "entry_kind"),
        *("entry_date_from", "entry_date_to", "certainty"),
    )
    for seed, drawn, session in drawn_casebooks(backend, loaded):
        for name, asked in IN_WINDOWS.items():
            rows = plain(windows(session, wanted(scope | asked)))
            options = oracle.Options(**scope, **asked)
            expected = oracle.windows(oracle.read_casebook(drawn), options)
            all_of_it = () if asked.keys() & {"topic", "min_strength"} else ("propositions",)
            alike(rows, expected, *columns, *all_of_it, about=f"{seed}, {name}")


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_omissions_are_what_the_oracle_says(
    backend: str, loaded: Loaded, scope: dict[str, Any]
) -> None:
    for seed, drawn, session in drawn_casebooks(backend, loaded):
        casebook = oracle.read_casebook(one_way(as_known(drawn, scope.get("known_by"))))
        for principal in ("aland", "anon-a"):
            options = oracle.Options(**scope, principal=principal)
            expected = [
                row
                | {
                    "on_record": row["on_record_refs"],
                    "warrant": WARRANTS[row["warrant"]],
                }
                for row in oracle.omissions(casebook, options)
            ]
            rows = plain(omissions(session, wanted(scope), principal=principal))
            if not speaks_anonymously(casebook, options, principal):
                assert expected == []
                continue
            columns = ("topic", "principal", "on_record", "warrant", "warranted_by")
            alike(rows, expected, *columns, about=f"{seed}, {principal}")


def one_way(drawn: dict[str, Any]) -> dict[str, Any]:
    """The casebook with what assessments concern, and not with what concerns them.

    The oracle takes a link of either direction.
    """
    judging = {one["ref"] for one in drawn["entries"] if one["kind"] == "assessment"}
    links = [
        link
        for link in drawn["links"]
        if link["relation"] != "concerns" or (link["from"] in judging and link["to"] not in judging)
    ]
    return drawn | {"links": links}


def speaks_anonymously(casebook: oracle.Casebook, options: oracle.Options, principal: str) -> bool:
    """Whether a claim of an anonymous source of a principal is there.

    Where none is, the oracle says that nothing is left out; the reports say what is on record.
    """
    view = oracle.view_of(casebook, options)
    return any(
        entry.kind == "claim"
        and casebook.anonymous(entry)
        and casebook.principal(entry) == principal
        for entry in view.entries.values()
    )
