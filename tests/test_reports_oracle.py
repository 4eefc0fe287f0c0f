"""Reports say of casebooks by chance what the oracle says that was written from the model alone."""

from collections.abc import Iterator
from contextlib import contextmanager
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
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters
from claimtrack.reports.claims import claims
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.corroboration import corroboration
from claimtrack.reports.hypotheses import sums
from claimtrack.reports.track_record import track_record
from claimtrack.vocab import EntryKind, PairClass, PairStatus, Timing, column_of, fields_of
from drawn_casebooks import draw_dossier

COUNTED = ("statement", "action", "claim", "assessment")
SIDE = ("ref", "kind", "actor", "principal", "date_from", "date_to", "summary")
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
    since, until = (
        date.fromisoformat(scope[name]) if name in scope else None for name in ("since", "until")
    )

    def one(name: str) -> tuple[Any, ...]:
        return (scope[name],) if name in scope else ()

    return Filters(
        kinds=tuple(map(EntryKind, one("kind"))),
        principal=scope.get("principal"),
        topics=one("topic"),
        propositions=one("proposition"),
        since=since,
        until=until,
        min_strength=scope.get("min_strength"),
        affirming=scope.get("affirming", False),
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

    return [
        {column_of(name): spelled(getattr(row, name)) for name in fields_of(type(row))}
        for row in rows
    ]


def alike(
    found: list[dict[str, Any]], expected: list[dict[str, Any]], *names: str, about: str = ""
) -> None:
    """Both have the same rows in some columns."""
    cut = [[{name: row[name] for name in names} for row in rows] for rows in (found, expected)]
    assert cut[0] == cut[1], about


PAIR_COLUMNS = (
    *(f"{side}_{name}" for side in ("subject", "counter") for name in SIDE),
    *("class", "timing", "status", "reconciled_by", "strength", "basis", "via", "propositions"),
    *("conditions", "asserted_by", "days"),
)
PAIRS: dict[str, dict[str, Any]] = {
    "all": {},
    "also reconciled": {"include_reconciled": True},
    "one class": {"cls": "breach"},
    "some classes": {"cls": ("denial", "reversal", "inconsistent_line")},
    "deeds": {"cls": ("belied_by_action", "at_odds_with_action", "countered_by_action")},
    "rare classes": {"cls": ("dispute", "assessed_against", "source_conflict")},
    "at odds": {"cls": "at_odds_with_record", "include_reconciled": True},
    "possible": {"timing": "possible"},
    "certain": {"timing": "certain"},
    "reconciled": {"status": "reconciled", "include_reconciled": True},
    "disputed": {"status": "disputed"},
    "confirmed, linked": {"status": ("confirmed", "linked")},
    "derived": {"status": "derived"},
    "strong": {"min_strength": 2},
    "strong, also reconciled": {"min_strength": 2, "include_reconciled": True},
    "subjects": {"subject_kind": "statement"},
    "counters": {"counter_kind": "action"},
    "later": {"min_days": 1},
    "not much earlier": {"min_days": -5},
    "within three days after": {"min_days": 0, "max_days": 3},
    "of one principal": {"within_principal": "aland"},
    "of a principal and kind": {"principal": "aland", "kind": "statement"},
    "by a proposition": {"proposition": "keeps"},
    "by a proposition, also reconciled": {"proposition": "keeps", "include_reconciled": True},
    "by a topic and day": {"topic": "day", "since": "2025-03-01"},
    "by a topic and kind": {"topic": "day", "kind": "claim"},
    "affirming": {"affirming": True, "proposition": "keeps", "kind": "statement"},
    "until": {"until": "2025-04-01"},
}


def pair_filters(asked: dict[str, Any]) -> PairFilters:
    """What is wanted of pairs."""

    def several(kind: type[Any], name: str) -> tuple[Any, ...]:
        given = asked.get(name, ())
        return tuple(kind(one) for one in ((given,) if isinstance(given, str) else given))

    return PairFilters(
        classes=several(PairClass, "cls"),
        subject_kinds=several(EntryKind, "subject_kind"),
        counter_kinds=several(EntryKind, "counter_kind"),
        timings=several(Timing, "timing"),
        statuses=several(PairStatus, "status"),
        min_days=asked.get("min_days"),
        max_days=asked.get("max_days"),
        within_principal=asked.get("within_principal"),
        include_reconciled=asked.get("include_reconciled", False),
    )


@pytest.mark.both_databases
@pytest.mark.parametrize("scope", SCOPES.values(), ids=SCOPES)
def test_contradictions_are_what_the_oracle_says_with_every_filter(
    backend: str, shared: dict[str, db.Database], tmp_path: Path, scope: dict[str, Any]
) -> None:
    for seed in SEEDS[backend]:
        drawn = draw(seed)
        casebook = model_oracle.read_casebook(drawn)
        with loaded(shared[backend], drawn, tmp_path) as session:
            for name, asked in PAIRS.items():
                options = model_oracle.Options(**scope, **asked)
                found = plain(contradictions(session, filters(scope | asked), pair_filters(asked)))
                expected = model_oracle.contradictions(casebook, options)
                alike(found, expected, *PAIR_COLUMNS, about=f"{seed}, {name}")


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
                *("publishers", "borne_out_by_actions", "denied_by", "worst_strength"),
                *(f"contradicted_by_{kind}s" for kind in COUNTED),
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
