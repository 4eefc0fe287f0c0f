"""`weigh` agrees with the oracle that was written from the model alone, on casebooks by chance."""

import random
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import oracle
from claimtrack.facts import FigureFacts, StanceFacts
from claimtrack.vocab import EntryKind
from claimtrack.weigh.chronology import comes_first, count_days_between
from claimtrack.weigh.classification import classify, get_status
from claimtrack.weigh.opposition import Via, find_agreement, oppose
from claimtrack.weigh.origins import WORDS, group_by_origin
from claimtrack.weigh.position_steps import Position, find_step
from drawn_casebooks import draw_dossier
from facts_of import DossierFacts

SEEDS = range(150)
"""What is drawn each time; 2,000 agreed when this was written."""
BASES = {True: "explicit", False: "inferred", None: None}
CASES = sorted(
    path.parent.name for path in (Path(__file__).parents[1] / "definitions").glob("*/expected.json")
)


def pairs(casebook: DossierFacts) -> Iterator[dict[str, Any]]:
    """Yield what `weigh` says of each pair of a casebook that opposes each other."""
    for names in combinations(sorted(casebook.entries), 2):
        one, other = map(casebook.facts, names)
        subject, counter = (one, other) if comes_first(one, other) else (other, one)
        links = casebook.links(*names)
        found = oppose(subject, counter, links)
        if found is None:
            continue
        klass, timing = classify(subject, counter, links, found)
        both = [one for ground in found.grounds for one in (ground.one, ground.other)]
        yield {
            "subject_ref": subject.ref,
            "counter_ref": counter.ref,
            "class": klass.value,
            "timing": timing and timing.value,
            "status": get_status(links, found).value,
            "reconciled_by": casebook.refs(links.reconciles),
            "strength": found.strength,
            "basis": BASES[found.explicit],
            "via": [via.value for via in Via if via in found.via],
            "propositions": casebook.refs(
                {one.proposition for one in both if isinstance(one, StanceFacts)}
            ),
            "measures": casebook.refs(
                {one.measure for one in both if isinstance(one, FigureFacts)}
            ),
            "conditions": sorted({one.condition for one in both if one.condition}),
            "asserted_by": casebook.refs(found.judges),
            "days": count_days_between(subject, counter),
        }


def steps(casebook: DossierFacts) -> dict[tuple[str, str, str], str | None]:
    """The step of each word, by entry, proposition and judge."""
    words = [
        (entry.ref, Position(entry, stance.value), stance)
        for entry in casebook.entries.values()
        if entry.kind in WORDS and not (entry.anonymous and entry.kind is EntryKind.CLAIM)
        for stance in entry.stances
    ]
    found = {}
    for ref, word, stance in words:
        others = [
            other
            for _, other, its in words
            if (its.proposition, its.judge) == (stance.proposition, stance.judge)
            and other is not word
        ]
        key = (ref, casebook.ref(stance.proposition), casebook.ref(stance.judge))
        found[key] = (result := find_step(word, others)) and result.value
    return found


def test_every_pair_is_what_the_oracle_says() -> None:
    for seed in SEEDS:
        dossier = draw_dossier(seed, figures=True, times=True)
        options = oracle.Options(include_superseded=True)
        expected = oracle.contradictions(oracle.read_casebook(dossier), options)
        found = [row for row in pairs(DossierFacts(dossier)) if row["status"] != "reconciled"]
        found.sort(key=lambda row: (row["subject_ref"], row["counter_ref"]))
        assert found == [{name: row[name] for name in found[0]} for row in expected], seed


def test_the_origins_of_those_on_one_side_are_what_the_oracle_says() -> None:
    for seed in SEEDS:
        dossier = draw_dossier(seed, figures=True, times=True)
        casebook, read = DossierFacts(dossier), oracle.read_casebook(dossier)
        view = oracle.view_of(read, oracle.Options(include_superseded=True))
        everything = {one.id: one for one in casebook.entries.values()}
        for proposition in dossier["propositions"]:
            key = casebook.key(proposition["ref"])
            for sign in (1, -1):
                side = [
                    one
                    for one in casebook.entries.values()
                    if any(s.proposition == key and s.value * sign > 0 for s in one.stances)
                ]
                found = group_by_origin(side, casebook.repeats, everything)
                expected = oracle.origins(view, [one.ref for one in side])
                assert (found.least, found.most) == expected, (seed, proposition, sign)


def test_origins_that_grow_are_those_that_are_found_at_once() -> None:
    told = Counter[bool]()
    for seed in SEEDS:
        casebook = DossierFacts(draw_dossier(seed, figures=True, times=True))
        everything = {one.id: one for one in casebook.entries.values()}
        chance = random.Random(seed)  # noqa: S311 - repeatable
        for _ in range(20):
            some = chance.sample(list(everything.values()), chance.randint(2, len(everything)))
            few, more = some[: len(some) // 2], some[len(some) // 2 :]
            first = group_by_origin(few, casebook.repeats, everything)
            before = first.least, first.most
            grown = first.with_entries(more, casebook.repeats, everything)
            told[grown is None] += 1
            if grown is None:
                continue
            whole = group_by_origin(some, casebook.repeats, everything)
            assert (grown.least, grown.most) == (whole.least, whole.most), (seed, some)
            for one in some:
                assert grown.count_without(one.id) == whole.count_without(one.id), (seed, some, one)
            assert (first.least, first.most) == before
    assert min(told[True], told[False]) > 10, told


def test_what_agrees_with_a_claim_is_what_the_oracle_says() -> None:
    for seed in SEEDS:
        dossier = draw_dossier(seed, figures=True, times=True)
        casebook = DossierFacts(dossier)
        options = oracle.Options(include_superseded=True)
        for row in oracle.claims(oracle.read_casebook(dossier), options):
            claim = casebook.facts(row["ref"])
            found = [
                other.ref
                for ref, other in sorted(casebook.entries.items())
                if ref != claim.ref and find_agreement(claim, other, casebook.links(claim.ref, ref))
            ]
            assert found == sorted(row["affirmed_by_refs"]), seed


def test_every_step_is_what_the_oracle_says() -> None:
    for seed in SEEDS:
        dossier = draw_dossier(seed, figures=True, times=True)
        options = oracle.Options(include_superseded=True)
        rows = oracle.positions(oracle.read_casebook(dossier), options)
        found = steps(DossierFacts(dossier))
        expected = {
            (row["entry_ref"], row["proposition"], row["asserted_by"]): row["step"]
            for row in rows
            if row["kind"] in ("claim", "statement", "commitment")
        }
        assert found == expected, seed


@pytest.mark.parametrize("name", CASES)
def test_the_cases_worked_out_by_hand_hold(name: str) -> None:
    folder = Path(__file__).parents[1] / "definitions" / name
    expected = YAML(typ="safe").load(folder / "expected.json")
    casebook = DossierFacts(YAML(typ="safe").load(folder / "casebook.yaml"))
    rows = {
        (row["subject_ref"], row["counter_ref"]): row
        for row in pairs(casebook)
        if row["status"] != "reconciled"
    }
    wanted = {(row["subject_ref"], row["counter_ref"]): row for row in expected["contradictions"]}
    assert rows.keys() == wanted.keys()
    for key, row in wanted.items():
        assert {name: rows[key][name] for name in row} == row
    everything = {one.id: one for one in casebook.entries.values()}
    for case in expected.get("origins", ()):
        found = group_by_origin(map(casebook.facts, case["entries"]), casebook.repeats, everything)
        assert (found.least, found.most) == (case["least"], case["most"])
    found_steps = {
        (entry, proposition): s for (entry, proposition, _), s in steps(casebook).items()
    }
    for row in expected.get("positions", ()):
        if row["kind"] != "action":
            assert found_steps[row["entry"], row["proposition"]] == row["step"]
