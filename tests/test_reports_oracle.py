"""Reports say of casebooks by chance what the oracle says that was written from the model alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

import model_oracle
from claimtrack import db
from claimtrack.dates import parse_span
from claimtrack.exchange import dossier
from claimtrack.reports.claims import claims
from claimtrack.reports.corroboration import corroboration
from claimtrack.reports.filters import Filters
from claimtrack.reports.hypotheses import sums
from claimtrack.reports.track_record import track_record
from drawn_casebooks import draw_dossier

SEEDS = {"sqlite": range(8), "postgresql": range(8, 11)}
"""What is drawn each time; 200 agreed in each scope when this was written."""
SCOPES: dict[str, dict[str, Any]] = {
    "all": {},
    "superseded": {"include_superseded": True},
    "known by": {"known_by": "2025-04-01"},
    "one judge": {"asserted_by": "institute"},
}
HYPOTHESES = ["keeps", "day-monday", "day-tuesday"]


@contextmanager
def loaded(database: db.Database, drawn: dict[str, Any], folder: Path) -> Iterator[Session]:
    """Open a session that holds a casebook, until it is taken back."""
    file = folder / "drawn.yaml"
    with file.open("w", encoding="utf-8") as written:
        YAML(typ="safe").dump(drawn, written)
    with db.writing(database, author="coder", dry_run=True) as session:
        dossier.load(session, [file])
        session.flush()
        yield session


def draw(seed: int) -> dict[str, Any]:
    """A casebook by chance, without what the text lets either read in its own way.

    Where a document of its own tells that one entry supersedes another, the oracle asks that the
    newer entry was known as well. Of a copy the reports take its own date or that of the document,
    the oracle the latter alone.
    """
    drawn = draw_dossier(seed)
    for document in drawn["documents"]:
        if "canonical" in document:
            document.pop("published", None)
    for link in drawn["links"]:
        if link["relation"] == "supersedes":
            link.pop("document", None)
    return drawn


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


def filters(scope: dict[str, Any]) -> Filters:
    """The filters of a scope."""
    known_by, judge = scope.get("known_by"), scope.get("asserted_by")
    return Filters(
        known_by=date.fromisoformat(known_by) if known_by else None,
        asserted_by=(judge,) if judge else (),
        include_superseded=scope.get("include_superseded", False),
    )


def plain(rows: Any) -> list[dict[str, Any]]:
    """Rows as the oracle has them: days as ISO 8601, lists as lists."""

    def spelled(value: Any) -> Any:
        if isinstance(value, tuple):
            return list(value)
        return value.isoformat() if isinstance(value, date) else value

    return [{name: spelled(value) for name, value in asdict(row).items()} for row in rows]


def alike(found: list[dict[str, Any]], expected: list[dict[str, Any]], *names: str) -> None:
    """Both have the same rows in some columns."""
    cut = [[{name: row[name] for name in names} for row in rows] for rows in (found, expected)]
    assert cut[0] == cut[1]


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_reports_say_what_the_oracle_says(
    backend: str, shared: dict[str, db.Database], tmp_path: Path, scope: dict[str, Any]
) -> None:
    options, wanted = model_oracle.Options(**scope), filters(scope)
    for seed in SEEDS[backend]:
        drawn = draw(seed)
        casebook = model_oracle.read_casebook(as_known(drawn, scope.get("known_by")))
        with loaded(shared[backend], drawn, tmp_path) as session:
            names = ("by", "independent_min", "independent_max", "publishers", "judged_by")
            sides = [f"{side}_{name}" for side in ("affirmed", "denied") for name in names]
            found = [
                row
                for row in plain(corroboration(session, wanted))
                if any(row[name] for name in sides)
            ]
            alike(found, model_oracle.corroboration(casebook, options), "proposition", *sides)
            alike(
                sorted(plain(claims(session, wanted)), key=lambda row: row["ref"]),
                sorted(model_oracle.claims(casebook, options), key=lambda row: row["ref"]),
                *("ref", "affirmed_by", "independent_min", "independent_max"),
                *("publishers", "borne_out_by_actions"),
            )
            alike(
                plain(track_record(session, wanted)),
                model_oracle.track_record(casebook, options),
                *("source", "resolved", "right", "wrong", "topics", "changed"),
            )
            alike(
                plain(sums(session, HYPOTHESES, wanted)),
                model_oracle.hypothesis_sums(casebook, HYPOTHESES, options),
                *("proposition", "sum", "rated", "inferred", "assessments_left_out"),
            )
