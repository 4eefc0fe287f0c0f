"""Contested claims of the briefing: what speaks for and against each, and in which words."""

from pathlib import Path

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.contested import MOST_FOR
from claimtrack.lookup import list_records
from claimtrack.models import Entry, Stance
from claimtrack.query.filters import Filters
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.contradictions import contradictions
from claimtrack.vocab import Basis, Confidence, Likelihood
from exchange.exports.briefing.pages import ends, refs, shown, written
from exchange.exports.exported_casebooks import FILTERS


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_each_contested_claim_has_what_speaks_for_and_against_it(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    found = written(session, tmp_path, language, wanted).claims()
    rows = list(contradictions(session, wanted))
    claims = {row.ref for row in list_records(session, "claim", wanted)}
    assert list(found) == sorted(claims & {ref for row in rows for ref in ends(row)})
    for ref, told in found.items():
        affirmed = [row.ref for row in affirmations(session, wanted, Entry.ref == ref)]
        assert refs(told.get("Speaks for it", [])) == affirmed
        against = told["Speaks against it"]
        said = [shown(item.query("strong")[0]).replace(" ", "_") for item in against]
        pairs = [row for row in rows if ref in ends(row)]
        expected = sorted((*(ends(row) - {ref}), str(row.klass)) for row in pairs)
        assert list(zip(refs(against), said, strict=True)) == expected


def test_what_speaks_against_a_claim_tells_grounds_judges_and_days(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    found = written(session, tmp_path, language).claims()
    (denial,) = (one for one in found["C"]["Speaks against it"] if "S," in shown(one))
    told = shown(denial)
    assert told.startswith("denial: S, statement by Actor a (a), of Actor boss (boss), undated:")
    assert told.endswith(
        "(outright, explicit; on “Proposition p.” (p); found by proposition and link; "
        "judged by Actor coder (coder); confirmed)"
    )
    (linked,) = (one for one in found["Late"]["Speaks for it"] if "E," in shown(one))
    assert "(outright; linked as corroborating; judged by Actor linker" in shown(linked)


def test_a_breach_of_which_the_order_is_not_known_says_so(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.commitment("K", actor="boss", affirms="kept")
    case.action("Deed", actor="boss", denies="kept", date_from="2024-01-01", date_to="2024-01-01")
    session.flush()
    (told,) = (
        shown(one)
        for one in written(session, tmp_path, language).tree.query("li")
        if shown(one).startswith("K, ")
    )
    assert "Against it, breach, order not known: Deed, action by Actor boss (boss)" in told


def test_a_disputed_pair_says_who_contradicts_who_reconciles_and_why(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Yes", affirms="r", judge="bea").statement("No", denies="r", judge="bea")
    case.link("Yes", "reconciles", "No", judge="cam", rationale="*another* week")
    session.flush()
    (against,) = written(session, tmp_path, language).claims()["Yes"]["Speaks against it"]
    assert shown(against).endswith(
        "judged by Actor bea (bea); disputed: Actor bea (bea) contradicts, Actor cam (cam) "
        "reconciles (*another* week))"
    )


def test_what_a_claim_asserts_is_told_with_its_hedges(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Hedged", stances={"p": -1, "q": 0})
    session.flush()
    first = session.scalars(
        select(Stance).join(Entry).where(Entry.ref == "Hedged", Stance.value == -1)
    )
    stance = first.one()
    stance.hedge, stance.condition, stance.confidence = "may", "if it rains", Confidence.LOW
    stance.likelihood, stance.basis = Likelihood.VERY_UNLIKELY, Basis.INFERRED
    session.flush()
    found = written(session, tmp_path, language).claims()
    assert [shown(item) for item in found["Hedged"]["Asserts"]] == [
        "denies “Proposition p.” (p) weakly (inferred; hedged: may; on the condition: if it "
        "rains; likelihood: very unlikely; confidence: low; in the reading of Actor coder (coder))",
        "leaves open “Proposition q.” (q) (explicit; in the reading of Actor coder (coder))",
    ]


def test_what_is_reconciled_stands_apart_and_makes_no_claim_contested(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Yes", affirms="r").statement("No", denies="r").claim("Other")
    case.link("Yes", "reconciles", "No", rationale="they speak of two weeks")
    case.link("Yes", "reconciles", "Other")
    session.flush()
    page = written(session, tmp_path, language)
    (items,) = (node for node in page.section("Reconciled") if node.name == "ul")
    other, denied = (shown(item) for item in items.query("li"))
    assert denied.startswith("Yes, claim by ")
    assert "Compared with it, reconciled: No, statement by " in denied
    assert "(otherwise at odds with record; outright, explicit; on “Proposition r.” (r)" in denied
    assert denied.endswith("reconciled: Actor coder (coder) reconciles (they speak of two weeks))")
    assert "Yes, claim by" in other
    assert "(nothing recorded sets them against each other; reconciled: Actor coder" in other
    assert "Yes" not in page.claims()
    assert "Yes" in page.chronology()


def test_of_many_that_speak_for_a_claim_the_first_are_told_and_the_others_counted(
    session: Session, tmp_path: Path, language: str
) -> None:
    case = Casebook(session).claim("C", affirms="p").statement("T", denies="p")
    for number in range(MOST_FOR + 2):
        case.statement(f"S{number:02}", affirms="p")
    session.flush()
    found = written(session, tmp_path, language).claims()["C"]
    assert refs(found["Speaks for it"]) == [f"S{number:02}" for number in range(MOST_FOR)]
    assert "And 2 more: 'claimtrack show C --all' has them." in map(shown, found["p"])


def test_the_days_between_are_told_from_the_claim(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("P", denies="p", date_from="2024-01-20", date_to="2024-01-20")
    session.flush()
    found = written(session, tmp_path, language).claims()
    (later,) = (one for one in found["P"]["Speaks against it"] if "C," in shown(one))
    (earlier,) = (one for one in found["C"]["Speaks against it"] if "P," in shown(one))
    assert "; 5 days later;" in shown(later)
    assert "; 5 days earlier;" in shown(earlier)


def test_what_only_a_link_sets_beside_a_claim_is_not_said_to_take_its_side(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Linked", affirms="q", actor="a").statement("Against", denies="q", actor="boss")
    case.statement("Mute", actor="boss").link("Linked", "corroborates", "Mute", judge="linker")
    session.flush()
    told = written(session, tmp_path, language).claims()["Linked"]["Speaks for it"]
    (mute,) = [shown(one) for one in told if "Mute" in shown(one)]
    assert mute.startswith("corroborates: Mute, statement by")


def log_counts(case: Casebook) -> None:
    """Log a claim and a statement of one period, whose numbers cannot both be right."""
    case.measure("calls", text="calls to Kyiv", unit="calls")
    case.claim("N1", about="2024-01").figure("N1", "calls", "124", judge="b")
    case.statement("N2", about="2024-01").figure("N2", "calls", "..80", hedge="at most")
    case.figure("N2", "calls", "90", condition="by night", judge="b", basis="inferred")
    case.session.flush()


def test_figures_that_cannot_both_be_right_are_told_with_hedge_condition_and_judge(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    log_counts(case)
    told = written(session, tmp_path, language).claims()["N1"]
    assert [shown(item) for item in told["Asserts"]] == [
        "gives 124 calls for “calls to Kyiv” (calls) (explicit; in the reading of Actor b (b))"
    ]
    (against,) = map(shown, told["Speaks against it"])
    by_coder, by_b = "in the reading of Actor coder (coder)", "in the reading of Actor b (b)"
    assert against.startswith("at odds with record: N2, statement by Actor speaker")
    assert against.endswith(
        "(weakly, explicit; the figures 124 and at most 80 for “calls to Kyiv” (calls) cannot both "
        f"be right: 124 is explicit; {by_b}, and at most 80 is explicit; hedged: at most; "
        f"{by_coder}; the figures 124 and 90 for “calls to Kyiv” (calls) cannot both be right: 124 "
        f"is explicit; {by_b}, and 90 is inferred; on the condition: by night; {by_b}; found by "
        "figure; on the condition: by night; judged by Actor b (b), Actor coder (coder))"
    )


def test_of_the_figures_of_a_pair_only_those_of_chosen_judges_are_told(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    log_counts(case)
    only_b = written(session, tmp_path, language, Filters(asserted_by=("b",)))
    (against,) = map(shown, only_b.claims()["N1"]["Speaks against it"])
    assert "the figures 124 and 90" in against
    assert "at most 80" not in only_b.said
