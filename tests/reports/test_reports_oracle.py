"""Reports say of casebooks by chance what the oracle says that was written from the model alone.

A few casebooks are drawn each time; `--seeds 0:500` draws those of 500 seeds.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from typing import Any

import pytest

import oracle
from against_oracle import (
    HYPOTHESES,
    SCOPES,
    STANDING,
    Asked,
    Row,
    alike,
    as_filters,
    as_options,
    as_pair_filters,
    draw,
    keep_statements,
    plain,
)
from claimtrack.db import Session
from claimtrack.reports.claims import ClaimFilters, ClaimRow, claims
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.corroboration import corroboration
from claimtrack.reports.hypotheses import sums
from claimtrack.reports.track_record import track_record
from claimtrack.vocab import fields_of
from conftest import STATEMENTS, Loaded
from drawn_casebooks import draw_options, draw_pair_options

PAIRS: dict[str, Asked] = {
    "all": {},
    "also reconciled": {"include_reconciled": True},
    "breaches": {"cls": "breach"},
    "denials": {"cls": "denial"},
    "of statements": {"cls": ("denial", "reversal", "inconsistent_line")},
    "deeds": {"cls": ("belied_by_action", "at_odds_with_action", "countered_by_action")},
    "of one principal": {"cls": ("breach", "reversal", "inconsistent_line")},
    "reversals, also reconciled": {"cls": "reversal", "include_reconciled": True},
    "inconsistent lines": {"cls": "inconsistent_line"},
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
    "near each other": {"max_days": 3},
    "within three days after": {"min_days": 0, "max_days": 3},
    "within a principal": {"within_principal": "aland"},
    "within those below": {"within_principal": "al-ministry"},
    "of an actor": {"actor": "al-ministry"},
    "of a principal and kind": {"principal": "aland", "kind": "statement"},
    "of a publisher": {"source": "paper"},
    "of a document": {"source": "D0", "kind": "claim"},
    "on a proposition": {"proposition": "keeps"},
    "on a proposition, also reconciled": {"proposition": "keeps", "include_reconciled": True},
    "on a topic and day": {"topic": "day", "since": "2025-03-01"},
    "on a topic and kind": {"topic": "day", "kind": "claim"},
    "on a measure": {"measure": "strikes"},
    "on a measure, also reconciled": {"measure": "troops", "include_reconciled": True},
    "on a measure and proposition": {"measure": "strikes", "proposition": "keeps"},
    "on a measure, of an actor": {"measure": "strikes", "actor": "aland"},
    "affirming": {"affirming": True, "proposition": "keeps", "kind": "statement"},
    "denying": {"denying": True, "kind": "statement"},
    "until": {"until": "2025-04-01"},
    "between": {"since": "2025-03-02", "until": "2025-03-25"},
}
CLAIMS: dict[str, Asked] = {
    "all": {},
    "contested": {"contested": True},
    "uncontradicted": {"uncontradicted": True},
    "uncorroborated": {"uncorroborated": True},
    "of a single origin": {"single_origin": True},
    "anonymous": {"anonymous": True},
    "anonymous, uncontradicted": {"anonymous": True, "uncontradicted": True},
    "contested, of a single origin": {"contested": True, "single_origin": True},
    "of an actor": {"actor": "anon-al"},
    "of a principal": {"principal": "aland"},
    "of a publisher": {"source": "paper"},
    "of a document": {"source": "D0"},
    "on a proposition": {"proposition": "keeps"},
    "on a topic": {"topic": "war"},
    "since": {"since": "2025-03-18"},
    "until": {"until": "2025-03-18"},
    "strong": {"min_strength": 2},
    "affirming": {"affirming": True, "topic": "truce"},
    "denying": {"denying": True, "proposition": "keeps", "contested": True},
    "another kind": {"kind": "statement"},
}
SIDES: dict[str, Asked] = {
    "all": {},
    "on a proposition": {"proposition": "keeps"},
    "on a topic": {"topic": "war"},
    "of a kind": {"kind": "claim"},
    "of an actor": {"actor": "al-ministry"},
    "of a principal": {"principal": "aland"},
    "of a publisher": {"source": "paper"},
    "since": {"since": "2025-03-18"},
    "between": {"since": "2025-03-02", "until": "2025-03-25"},
    "strong": {"min_strength": 2},
    "strong, of a kind": {"min_strength": 2, "kind": "statement"},
}
Casebooks = Iterator[tuple[int, str, Asked, Session, oracle.Casebook]]
"""Of each casebook and scope: the seed, the name of the scope, the scope, a session, the facts."""
SHARE = 2
"""Of so many casebooks in a row, one is asked with a given filter in each scope."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Draw a few casebooks, or as many as `--seeds` says."""
    if "seeds" in metafunc.fixturenames:
        first, last = map(int, metafunc.config.getoption("--seeds").split(":"))
        metafunc.parametrize("seeds", [range(first, last)], ids=["drawn"])


@pytest.fixture(autouse=True)
def _built_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    keep_statements(monkeypatch)
    yield
    STATEMENTS.clear()


def dealt(filters: Mapping[str, Asked], seed: int, scope: str) -> dict[str, Asked]:
    """The filters to ask a casebook with, in a scope: none at all, and its share of the others.

    Every filter is asked in every scope, of some casebooks: the same statement of all of them
    took most of the time.
    """
    first = seed + list(SCOPES).index(scope)
    return {
        name: asked
        for number, (name, asked) in enumerate(filters.items(), first)
        if name == "all" or number % SHARE == 0
    }


def drawn_pair_options(seed: int) -> Asked:
    """Filters by chance."""
    drawn = draw_options(seed, figures=True) | draw_pair_options(seed)
    return {"cls" if name == "class" else name: value for name, value in drawn.items()}


@pytest.fixture
def casebooks(backend: str, loaded: Loaded, seeds: range) -> Iterator[Casebooks]:
    """The casebooks that are drawn, each with a session that holds it, once for every scope."""

    def each() -> Generator[tuple[int, str, Asked, Session, oracle.Casebook]]:
        for seed in seeds:
            drawn = draw(seed)
            casebook = oracle.read_casebook(drawn)
            with loaded(backend, drawn) as session:
                for name, scope in SCOPES.items():
                    yield seed, name, scope, session, casebook

    with closing(each()) as found:
        yield found


@pytest.mark.both_databases
def test_contradictions_are_what_the_oracle_says_with_every_filter(casebooks: Casebooks) -> None:
    rows = Counter[str]()
    for seed, scope, scoped, session, casebook in casebooks:
        pairs = dealt(PAIRS, seed, scope) | {"drawn": drawn_pair_options(seed)}
        for name, filters in pairs.items():
            asked = {**scoped, **filters}
            wanted = as_filters(asked), as_pair_filters(asked)
            found = list(contradictions(session, *wanted))
            expected = oracle.contradictions(casebook, as_options(asked))
            rows[name] += len(expected)
            alike(plain(found), expected, (seed, scope, name))
            # A page finds its pairs in another way than all are found.
            assert contradictions(session, *wanted).first(2) == found[:2]
    assert [name for name in PAIRS if not rows[name]] == []


@pytest.mark.both_databases
def test_claims_stand_as_the_oracle_says_with_every_filter(casebooks: Casebooks) -> None:
    rows = Counter[str]()
    for seed, scope, scoped, session, casebook in casebooks:
        for name, filters in dealt(CLAIMS, seed, scope).items():
            asked = {**scoped, **filters}
            standing = {key: True for key in asked if key in (*STANDING, "anonymous")}
            wanted = as_filters(asked), ClaimFilters(**standing)
            found = list(claims(session, *wanted, refs=True))
            expected = claims_expected(casebook, asked)
            rows[name] += len(expected)
            alike(plain(found), expected, (seed, scope, name))
            names = fields_of(ClaimRow)
            counts = [ClaimRow(*(getattr(row, one) for one in names)) for row in found]
            # Without names all are weighed in another order than the first few.
            assert list(claims(session, *wanted)) == counts
            assert claims(session, *wanted).first(2) == counts[:2]
    assert [name for name in CLAIMS if not rows[name]] == ["another kind"]


def claims_expected(casebook: oracle.Casebook, asked: Asked) -> list[Row]:
    """The claims that the oracle finds, contested ones first."""
    rows = oracle.claims(casebook, as_options({**asked, "anonymous": False}))
    tests: Mapping[str, Any] = {name: getattr(oracle, name) for name in STANDING}
    if asked.get("anonymous"):
        rows = [row for row in rows if casebook.actors[row["actor"]].kind == "anonymous"]
    for name, holds in tests.items():
        if asked.get(name):
            rows = [row for row in rows if holds(row)]
    return sorted(rows, key=lambda row: (not oracle.contested(row), row["ref"]))


@pytest.mark.both_databases
def test_sides_are_corroborated_as_the_oracle_says_with_every_filter(casebooks: Casebooks) -> None:
    rows = Counter[str]()
    for seed, scope, scoped, session, casebook in casebooks:
        for name, filters in dealt(SIDES, seed, scope).items():
            asked = {**scoped, **filters}
            every = plain(corroboration(session, as_filters(asked), refs=True))
            found = [row for row in every if any(list(row.values())[1:])]
            expected = oracle.corroboration(casebook, as_options(asked))
            rows[name] += len(expected)
            alike(found, expected, (seed, scope, name))
    assert [name for name in SIDES if not rows[name]] == []


@pytest.mark.both_databases
def test_records_and_sums_are_what_the_oracle_says(casebooks: Casebooks) -> None:
    for seed, scope, scoped, session, casebook in casebooks:
        about, wanted, options = (seed, scope), as_filters(scoped), as_options(scoped)
        records = plain(track_record(session, wanted))
        alike(records, oracle.track_record(casebook, options), about)
        against = plain(sums(session, HYPOTHESES, wanted))
        alike(against, oracle.hypothesis_sums(casebook, HYPOTHESES, options), about)
