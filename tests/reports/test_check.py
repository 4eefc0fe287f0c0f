"""The lints on single entries, judges and actors: each finds what it is for, and nothing else."""

from typing import Any

import pytest

from casebook import Casebook
from claimtrack import changes
from claimtrack.models import Actor, Document
from claimtrack.records import find, get
from claimtrack.reports.check import check
from claimtrack.reports.lints import ERRORS, HINTS, WARNINGS
from conftest import count_queries
from reports.lint_findings import Build, findings, found, told


def test_errors_come_first_then_warnings_then_hints_by_lint_then_by_refs(case: Casebook) -> None:
    for ref in ("C-2", "C-1", "C-3", "C-4"):
        case.claim(ref, date="2024-01-25")
    case.stance("C-3", "p", 2).stance("C-4", "p", 2)
    case.link("C-3", "contradicts", "C-4").link("C-4", "unrelated", "C-3")
    assert [(row.level, row.lint, row.refs) for row in check(case.session)] == [
        ("error", "contradiction_agrees", ("C-3", "C-4")),
        ("warning", "no_citation", ("C-1",)),
        ("warning", "no_citation", ("C-2",)),
        ("warning", "no_citation", ("C-3",)),
        ("warning", "no_citation", ("C-4",)),
        ("warning", "no_stance_or_link", ("C-1",)),
        ("warning", "no_stance_or_link", ("C-2",)),
        ("hint", "unrelated_but_linked", ("C-3", "C-4")),
    ]


def test_a_casebook_in_order_has_no_findings(case: Casebook) -> None:
    case.claim("C", affirms="p", cites="D", date="2024-01-25")
    case.statement("S", denies="p", cites="D", responds_to="C", date="2024-01-26")
    assert list(check(case.session)) == []


def test_each_lint_that_needs_no_pairs_sends_one_statement(case: Casebook) -> None:
    case.claim("C", affirms="p").statement("S", denies="p")
    with count_queries(case.session) as sent:
        for name in ERRORS | WARNINGS | HINTS:
            findings(case, name)
    assert len(sent) == len(ERRORS) + len(WARNINGS) + len(HINTS)


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("We said so.", [], id="it stands there"),
        pytest.param(
            "He never said so.",
            ["'said so' is recorded at 3 of D, but the text there is 'never s'"],
            id="the text has changed",
        ),
        pytest.param(
            "He", ["'said so' is recorded at 3 of D, but the text there is ''"], id="cut short"
        ),
        pytest.param(
            None,
            ["'said so' is recorded at 3 of D, but the document has no text"],
            id="the text is gone",
        ),
    ],
)
def test_a_quotation_that_is_not_at_its_position_is_an_error(
    case: Casebook, body: str | None, expected: list[str]
) -> None:
    case.document("D", body="He said so.").claim("C").cite("C", "D", exact="unlocated")
    case.cite("C", "D", exact="said so", start_pos=3, end_pos=10)
    get(case.session, Document, "D").body = body  # as a tool would that knows no rules
    case.session.flush()
    assert told(case, "misquotation") == expected
    assert found(case, "misquotation") == [("C", "D")] * len(expected)


# --- warnings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param({"judge": "isw", "value": 1}, True, id="another value"),
        pytest.param({"judge": "isw", "value": -2}, True, id="the other side"),
        pytest.param({"judge": "isw", "value": 2}, False, id="the same value"),
        pytest.param({"judge": "isw", "value": 1, "entry": "C-2"}, False, id="another entry"),
        pytest.param({"judge": "isw", "value": 1, "proposition": "q"}, False, id="on another"),
    ],
)
def test_judges_who_differ_are_told_of(
    case: Casebook, second: dict[str, Any], expected: bool
) -> None:
    case.claim("C-1", affirms="p").claim("C-2")
    given = {"entry": "C-1", "proposition": "p", **second}
    case.stance(**given)
    assert found(case, "different_readings") == ([("C-1", "p")] if expected else [])


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param({"likelihood": "likely"}, {"likelihood": "unlikely"}, True, id="likelihood"),
        pytest.param({"likelihood": "likely"}, {"likelihood": "likely"}, False, id="the same"),
        pytest.param({"likelihood": "likely"}, {}, False, id="only one gives a likelihood"),
        pytest.param({"basis": "explicit"}, {"basis": "inferred"}, False, id="basis"),
        pytest.param({"condition": "if"}, {"condition": "when"}, False, id="condition"),
        pytest.param({"hedge": "may"}, {"hedge": "might"}, False, id="words"),
    ],
)
def test_readings_of_one_value_differ_in_their_likelihood_alone(
    case: Casebook, first: dict[str, Any], second: dict[str, Any], expected: bool
) -> None:
    case.claim("C").stance("C", "p", 1, **first).stance("C", "p", 1, judge="isw", **second)
    told_of = ["judges read C differently on p: coder +1 likely, isw +1 unlikely"]
    assert told(case, "different_readings") == (told_of if expected else [])


def test_different_readings_are_told_by_judge(case: Casebook) -> None:
    case.claim("C", affirms="p").stance("C", "p", -1, judge="isw").stance("C", "p", 0, judge="bbc")
    [finding] = told(case, "different_readings")
    assert finding == "judges read C differently on p: bbc 0, coder +2, isw -1"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param({"likelihood": "unlikely"}, ["A", "B"], id="another likelihood"),
        pytest.param({"likelihood": "likely"}, [], id="the same likelihood"),
        pytest.param({}, [], id="no likelihood"),
        pytest.param({"likelihood": "unlikely", "judge": "bbc"}, [], id="another judge"),
        pytest.param({"likelihood": "unlikely", "proposition": "q"}, [], id="another proposition"),
        pytest.param({"likelihood": "unlikely", "date": "2024-01-02"}, [], id="another date"),
        pytest.param({"likelihood": "unlikely", "date": "2024-01"}, [], id="other bounds"),
    ],
)
def test_one_judge_with_two_likelihoods_on_one_date_is_told_of(
    case: Casebook, second: dict[str, Any], expected: list[str]
) -> None:
    given = {"judge": "isw", "proposition": "p", "date": "2024-01-01", **second}
    case.assessment("A", date="2024-01-01").assessment("B", date=given.pop("date"))
    case.stance("A", "p", -1, judge="isw", likelihood="likely")
    case.stance("B", given.pop("proposition"), -1, **given)
    expected_refs = [("isw", "p", *expected)] if expected else []
    assert found(case, "different_likelihoods") == expected_refs


def test_two_likelihoods_are_told_with_their_hedges(case: Casebook) -> None:
    case.assessment("A", date="2024-01-26").assessment("B", date="2024-01-26")
    hedged = {"likelihood": "almost_no_chance", "hedge": "extremely unlikely"}
    case.stance("A", "p", -2, **hedged).stance("B", "p", -1, likelihood="very_unlikely")
    [finding] = told(case, "different_likelihoods")
    assert finding == (
        "coder gives p more than one likelihood on 2024-01-26: "
        'almost_no_chance ("extremely unlikely", A), very_unlikely (B)'
    )


def test_likelihoods_of_undated_entries_are_not_compared(case: Casebook) -> None:
    case.assessment("A").assessment("B")
    case.stance("A", "p", 1, likelihood="likely").stance("B", "p", 1, likelihood="unlikely")
    assert found(case, "different_likelihoods") == []


def test_likelihoods_of_entries_with_one_open_end_are_compared(case: Casebook) -> None:
    case.assessment("A", date="2024-01/..").assessment("B", date="2024-01/..")
    case.stance("A", "p", 1, likelihood="likely").stance("B", "p", 1, likelihood="unlikely")
    [finding] = told(case, "different_likelihoods")
    assert "on 2024-01-01/..:" in finding


@pytest.mark.parametrize(
    ("reply", "answered", "expected"),
    [
        pytest.param("2024-01-01", "2024-01-02", True, id="the day before"),
        pytest.param("2024-01-02", "2024-01-02", False, id="the same day"),
        pytest.param("2024-01", "2024-01-31", False, id="perhaps in time"),
        pytest.param("2023-12/..", "2024-01", False, id="an open end"),
        pytest.param("../2023", "2024-01", True, id="an open beginning"),
        pytest.param(None, "2024-01", False, id="an undated reply"),
        pytest.param("2024-01", None, False, id="a reply to the undated"),
    ],
)
def test_a_reply_dated_before_what_it_answers_is_told_of(
    case: Casebook, reply: str | None, answered: str | None, expected: bool
) -> None:
    case.claim("C", date=answered).statement("S", date=reply, responds_to="C")
    case.link("S", "responds_to", "C", judge="isw").link("S", "concerns", "C")
    assert found(case, "early_reply") == ([("S", "C")] if expected else [])


def test_an_early_reply_names_both_dates(case: Casebook) -> None:
    case.claim("C", date="2024-02").statement("S", date="2024-01-05", responds_to="C")
    [finding] = told(case, "early_reply")
    assert finding == "S (2024-01-05) is recorded as a reply to C, which is of 2024-02-01"


def test_an_entry_without_a_citation_is_told_of(case: Casebook) -> None:
    case.claim("C-1", cites="D").claim("C-2").window("W-1").claim("C-3")
    case.claim("C-4").cite("C-4", "D", role="support").link("C-1", "supersedes", "C-3")
    assert found(case, "no_citation") == [("C-2",), ("W-1",)]
    assert told(case, "no_citation")[0] == "no document is cited for C-2"


def test_an_entry_with_neither_stance_nor_link_is_told_of(case: Casebook) -> None:
    case.claim("C-1", stances={"p": 0}).claim("C-2").claim("C-3").claim("C-4", cites="D")
    case.link("C-2", "concerns", "C-3").grade("C-4", "B2").claim("C-5").figure("C-5", "f", "3..")
    assert found(case, "no_stance_or_link") == [("C-4",)]
    assert told(case, "no_stance_or_link") == [
        "C-4 takes no stance, gives no figure and is linked to nothing: no report can weigh it"
    ]


def test_what_is_only_linked_as_unrelated_is_linked_to_nothing(case: Casebook) -> None:
    case.claim("C-1").claim("C-2", affirms="p").link("C-1", "unrelated", "C-2")
    assert found(case, "no_stance_or_link") == [("C-1",)]


def judged(case: Casebook) -> Casebook:
    return case.claim("C", actor="x", summary="Old.").claim("D", actor="x")


def reworded(case: Casebook) -> Casebook:
    return case.claim("C", actor="x", summary="New.")


def merged(case: Casebook, old: str = "twin", kept: str = "coder") -> Casebook:
    for ref in (old, kept):
        if find(case.session, Actor, ref) is None:
            case.actor(ref)
    changes.merge_actors(case.session, old, kept)
    return case


@pytest.mark.parametrize(
    ("build", "by"),
    [
        pytest.param(
            lambda case: reworded(judged(case).stance("C", "p", 1)), "stance", id="a stance"
        ),
        pytest.param(
            lambda case: reworded(judged(case).link("C", "repeats", "D")), "link", id="its link"
        ),
        pytest.param(
            lambda case: reworded(judged(case).link("D", "repeats", "C")), "link", id="a link to it"
        ),
        pytest.param(lambda case: reworded(judged(case).grade("C", "B2")), "grade", id="grade"),
        pytest.param(
            lambda case: reworded(judged(case).stance("C", "p", 1)).stance("C", "q", 1),
            "stance",
            id="another stance since",
        ),
        pytest.param(
            lambda case: reworded(judged(case).stance("C", "p", 1)).claim(
                "C", actor="x", summary="New.", place="Kyiv"
            ),
            "stance",
            id="another change since",
        ),
        *(
            pytest.param(
                lambda case, build=build: merged(reworded(build(judged(case)))),
                what,
                id=f"a {what} whose judge was merged since",
            )
            for what, build in (
                ("stance", lambda case: case.stance("C", "p", 1, judge="twin")),
                ("link", lambda case: case.link("C", "repeats", "D", judge="twin")),
                ("grade", lambda case: case.grade("C", "B2", judge="twin")),
            )
        ),
        pytest.param(
            lambda case: merged(
                merged(reworded(judged(case).stance("C", "p", 1, judge="old")), "old", "twin")
            ),
            "stance",
            id="merged twice",
        ),
    ],
)  # fmt: skip
def test_an_entry_reworded_after_a_judgement_is_told_of(
    case: Casebook, build: Build, by: str
) -> None:
    case.actor("x")
    build(case)
    [(refs, finding)] = findings(case, "reworded_after_judgement")
    assert refs == ("C",)
    assert f"after it was judged ({by} by coder): write those again" in finding


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda case: reworded(judged(case)), id="judged by nobody"),
        pytest.param(lambda case: reworded(judged(case)).stance("C", "p", 1), id="judged since"),
        pytest.param(
            lambda case: reworded(judged(case).stance("C", "p", 1)).stance("C", "p", 2),
            id="the stance was changed since",
        ),
        pytest.param(
            lambda case: merged(reworded(judged(case)).stance("C", "p", 1, judge="twin")),
            id="judged since by one merged later",
        ),
        pytest.param(
            lambda case: merged(
                reworded(judged(case).stance("C", "p", 1, judge="twin")).stance(
                    "C", "p", 2, judge="twin"
                )
            ),
            id="changed since by one merged later",
        ),
        pytest.param(
            lambda case: reworded(judged(case).grade("C", "B2")).grade(
                "C", "B3", graded_on="2024-02-02"
            ),
            id="graded again since",
        ),
        pytest.param(
            lambda case: reworded(judged(case).link("C", "repeats", "D")).link(
                "C", "repeats", "D", strength=1
            ),
            id="the link was changed since",
        ),
        pytest.param(
            lambda case: judged(case).stance("C", "p", 1).claim(
                "C", actor="x", summary="Old.", place="Kyiv"
            ),
            id="the summary is as it was",
        ),
        pytest.param(
            lambda case: reworded(judged(case).stance("D", "p", 1)), id="another entry was judged"
        ),
        pytest.param(
            lambda case: reworded(judged(case).stance("C", "p", 1)).link("D", "supersedes", "C"),
            id="superseded",
        ),
    ],
)  # fmt: skip
def test_a_rewording_is_let_be_where_no_judgement_is_older(case: Casebook, build: Build) -> None:
    case.actor("x")
    build(case)
    assert found(case, "reworded_after_judgement") == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("Vladimir Putin", "vladimir  PUTIN", True, id="case and space"),
        pytest.param("Vladimir Putin", "Putin, Vladimir", True, id="order and punctuation"),
        pytest.param("Wałęsa, Łukasz", "Łukasz Wałesa", True, id="diacritics"),
        pytest.param("Dmitri Peskov", "Dmitry Peskov", True, id="i and y"),
        pytest.param("Zelensky", "Zelenskyy", True, id="a doubled letter"),
        pytest.param("Zelensky", "Zelenskiy", True, id="a doubled letter spelled otherwise"),
        pytest.param("Песков", "ПЕСКОВ", True, id="Cyrillic"),
        pytest.param("Vladimir Putin", "Putin", False, id="a part of a name"),
        pytest.param("Sergei Shoigu", "Sergei Lavrov", False, id="a name in common"),
        pytest.param("!", "?", False, id="no letters at all"),
    ],
)
def test_names_that_look_like_one_actor_are_told_of(
    case: Casebook, first: str, second: str, expected: bool
) -> None:
    case.actor("b", name=first).actor("a", name=second)
    assert found(case, "same_name") == ([("a", "b")] if expected else [])


def test_aliases_are_compared_and_a_pair_is_told_once(case: Casebook) -> None:
    case.actor("a", name="Zelensky", aliases=["Зеленський", "ZELENSKYY"])
    case.actor("b", name="The President", aliases=["Зеленский", "Зеленскии", "Zelenskiy"])
    [(refs, finding)] = findings(case, "same_name")
    assert refs == ("a", "b")
    assert finding == (
        "'Zelensky' (a) and 'Zelenskiy' (b) look like one actor: merge them with "
        "'claimtrack actor merge', or give them different names"
    )


def test_anonymous_sources_may_share_a_name(case: Casebook) -> None:
    case.actor("a", name="A source", kind="anonymous").actor("b", name="A source", kind="anonymous")
    case.actor("c", name="A Source")
    assert found(case, "same_name") == []
