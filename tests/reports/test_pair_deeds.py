"""Words and deeds that oppose each other: whose deed it is, and its timing."""

import pytest

from casebook import Casebook
from claimtrack.db import Session
from pair_rows import Given, log_actors, only, together, told

# --- whose deed -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["claim", "statement", "assessment"])
@pytest.mark.parametrize(
    ("words", "deed", "own"),
    [
        pytest.param({"actor": "state"}, {"actor": "state"}, True, id="its own"),
        pytest.param({"actor": "soldier"}, {"actor": "minister"}, True, id="of its principal"),
        pytest.param({"actor": "other"}, {"actor": "state"}, False, id="another's"),
        pytest.param(
            {"actor": "other", "of": "soldier"}, {"actor": "minister"}, True, id="subject"
        ),
        pytest.param(
            {"actor": "other", "to": "soldier"}, {"actor": "state"}, False, id="addressee"
        ),
        pytest.param(
            {"actor": "other", "with": "army"}, {"actor": "state"}, True, id="joint words"
        ),
        pytest.param({"actor": "state"}, {"actor": "other", "with": "army"}, True, id="joint deed"),
        pytest.param(
            {"actor": "state"}, {"actor": "other", "target": "army"}, False, id="done to it"
        ),
        pytest.param(
            {"actor": "state"}, {"actor": "other", "of": "army"}, False, id="a deed about it"
        ),
        pytest.param(
            {"actor": "state"},
            {"actor": "soldier", "on_behalf_of": "other"},
            False,
            id="its soldier for another",
        ),
        pytest.param(
            {"actor": "other", "on_behalf_of": "minister"},
            {"actor": "state"},
            True,
            id="words on its behalf",
        ),
        pytest.param(
            {"actor": "minister", "on_behalf_of": "other"},
            {"actor": "state"},
            False,
            id="its minister for another",
        ),
    ],
)
def test_a_deed_is_own_to_who_speaks_and_to_whom_it_speaks_of(
    case: Casebook, session: Session, kind: str, words: Given, deed: Given, own: bool
) -> None:
    log_actors(case)
    case.entry(kind, "W", affirms="p", date="2024-05", **together(words))
    case.action("X", denies="p", date="2024-06", **together(deed))
    assert only(session).klass == ("belied_by_action" if own else "countered_by_action")


# --- belied ---------------------------------------------------------------------------------------

JUNE = {"about": "2024-06"}


@pytest.mark.parametrize(
    ("words", "deed", "sure", "timing"),
    [
        pytest.param({"date": "2024-05"}, {"date": "2024-06-01"}, True, None, id="words before"),
        pytest.param({"date": "2024-06-01"}, {"date": "2024-06-01"}, False, None, id="same day"),
        pytest.param({"date": "2024-07"}, {"date": "2024-06-01"}, False, None, id="words after"),
        pytest.param({"date": "2024-05"}, {}, False, None, id="an undated deed"),
        pytest.param({}, {"date": "2024-06-01"}, False, None, id="undated words"),
        pytest.param({"date_from": "2024-05-01"}, {"date": "2024-06-01"}, False, None, id="open"),
        pytest.param(
            {"date": "2024-05", **JUNE}, {"date": "2024-06-30"}, True, "certain", id="foretold"
        ),
        pytest.param(
            {"date": "2024-07", **JUNE}, {"date": "2024-06-30"}, True, "certain", id="looking back"
        ),
        pytest.param({**JUNE}, {"date": "2024-06-30"}, True, "certain", id="undated, of a period"),
        pytest.param(
            {"date": "2024-05", **JUNE},
            {"date": "2024-05-31/2024-06-01"},
            False,
            "possible",
            id="perhaps before the period",
        ),
        pytest.param({"date": "2024-05", **JUNE}, {}, False, "possible", id="undated, of a period"),
        pytest.param(
            {"date": "2024-05", "about_from": "2024-06-01"},
            {"date": "2031"},
            True,
            "certain",
            id="an open period",
        ),
        pytest.param(
            {"date": "2024-05", **JUNE},
            {"date": "2024-07-10", "about": "2024-06-10"},
            True,
            "certain",
            id="what the deed speaks of",
        ),
        pytest.param(
            {"date": "2024-05", **JUNE},
            {"date": "2024-06-10", "about_to": "2024-06-10"},
            False,
            "possible",
            id="what the deed speaks of has no beginning",
        ),
        pytest.param(
            {"date": "2024-05"},
            {"date": "2024-06-10", "about": "2024-06"},
            True,
            None,
            id="a deed that speaks of a period",
        ),
    ],
)
def test_words_are_belied_by_an_own_deed_that_is_surely_in_time(
    case: Casebook, session: Session, words: Given, deed: Given, sure: bool, timing: str | None
) -> None:
    case.statement("S", affirms="p", **words).action("X", denies="p", **deed)
    expected = "belied_by_action" if sure else "at_odds_with_action"
    assert told(session, "klass", "timing") == [(expected, timing)]


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param(((2, "explicit"), (-2, "explicit")), "belied_by_action", id="outright"),
        pytest.param(((1, "explicit"), (-2, "explicit")), "at_odds_with_action", id="leaning"),
        pytest.param(((2, "explicit"), (-1, "explicit")), "at_odds_with_action", id="by a hint"),
        pytest.param(((2, "inferred"), (-2, "explicit")), "at_odds_with_action", id="inferred"),
        pytest.param(((2, "explicit"), (-2, "inferred")), "at_odds_with_action", id="a reading"),
    ],
)
def test_words_are_belied_only_outright_and_explicitly(
    case: Casebook,
    session: Session,
    stances: tuple[tuple[int, str], tuple[int, str]],
    expected: str,
) -> None:
    case.statement("S", date="2024-05").action("X", date="2024-06")
    for ref, (value, basis) in zip("SX", stances, strict=True):
        case.stance(ref, "p", value, basis=basis)
    assert only(session).klass == expected


def test_a_link_alone_belies_nothing_and_has_no_timing(case: Casebook, session: Session) -> None:
    case.statement("S", date="2024-05", about="2024-06").action("X", date="2024-06-10")
    case.link("S", "contradicts", "X")
    assert told(session, "klass", "timing") == [("at_odds_with_action", None)]


# --- timing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "deed", "timing"),
    [
        pytest.param({}, {"date": "2024-06"}, None, id="no period"),
        pytest.param(JUNE, {"date": "2024-06-10"}, "certain", id="inside"),
        pytest.param(JUNE, {"date": "2024-06-30/2024-07-01"}, "possible", id="perhaps outside"),
    ],
)
def test_timing_is_given_where_a_deed_meets_a_period(
    case: Casebook, session: Session, words: Given, deed: Given, timing: str | None
) -> None:
    case.claim("C", affirms="p", **words).window("W", affirms="q", **words)
    case.action("X", actor="x", denies="p", stances={"q": -2}, **deed)
    case.statement("S", denies="p", stances={"q": -2}, **words)
    assert told(session, "subject_ref", "counter_ref", "klass", "timing") == [
        ("C", "S", "at_odds_with_record", None),
        ("C", "X", "countered_by_action", timing),
        ("S", "W", "dispute", None),
        ("X", "W", "dispute", timing),
    ]


@pytest.mark.parametrize(
    ("one", "other", "timing"),
    [
        pytest.param({"date": "2024-06"}, {"date": "2024-06"}, None, id="neither has a period"),
        pytest.param(
            {"date": "2024-06-10"}, {"date": "2024", "about": "2024-06"}, "certain", id="inside"
        ),
        pytest.param(
            {"date": "2024"}, {"date": "2024", "about": "2024-06"}, "possible", id="one reason"
        ),
        pytest.param(
            {"date": "2024", "about": "2024-06"},
            {"date": "2024", "about": "2024-06-10"},
            "possible",
            id="one inside, the other not",
        ),
    ],
)
def test_of_two_deeds_either_may_lie_outside_the_period_of_the_other(
    case: Casebook, session: Session, one: Given, other: Given, timing: str | None
) -> None:
    case.action("X", affirms="p", **one).action("Y", denies="p", **other)
    assert told(session, "klass", "timing") == [("dispute", timing)]
