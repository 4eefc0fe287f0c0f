"""What a pair of entries is called; words and deeds are in `test_pair_deeds`."""

from collections.abc import Mapping

import pytest

from casebook import Casebook
from claimtrack.db import Session
from pair_rows import Given, log_actors, only, together, told

Kinds = tuple[str, str]

STRANGERS: Mapping[Kinds, str] = {
    ("commitment", "commitment"): "dispute",
    ("commitment", "claim"): "dispute",
    ("commitment", "statement"): "dispute",
    ("commitment", "assessment"): "assessed_against",
    ("commitment", "action"): "dispute",
    ("commitment", "window"): "dispute",
    ("claim", "claim"): "source_conflict",
    ("claim", "statement"): "at_odds_with_record",
    ("claim", "assessment"): "assessed_against",
    ("claim", "action"): "countered_by_action",
    ("claim", "window"): "dispute",
    ("statement", "statement"): "dispute",
    ("statement", "assessment"): "assessed_against",
    ("statement", "action"): "countered_by_action",
    ("statement", "window"): "dispute",
    ("assessment", "assessment"): "assessed_against",
    ("assessment", "action"): "countered_by_action",
    ("assessment", "window"): "assessed_against",
    ("action", "action"): "dispute",
    ("action", "window"): "dispute",
    ("window", "window"): "dispute",
}
OF_ONE_ACTOR: Mapping[Kinds, str] = {
    **STRANGERS,
    ("commitment", "action"): "breach",
    ("claim", "action"): "at_odds_with_action",
    ("statement", "action"): "at_odds_with_action",
    ("assessment", "action"): "at_odds_with_action",
    ("statement", "statement"): "inconsistent_line",
}


@pytest.mark.parametrize(
    ("actors", "expected"),
    [
        pytest.param(("a", "b"), STRANGERS, id="strangers"),
        pytest.param(("a", "a"), OF_ONE_ACTOR, id="one actor"),
    ],
)
def test_the_kinds_of_undated_entries_name_the_class(
    case: Casebook, session: Session, actors: Kinds, expected: Mapping[Kinds, str]
) -> None:
    for number, (one, other) in enumerate(expected):
        case.entry(one, f"a{number}", actor=actors[0], affirms=f"p{number}")
        case.entry(other, f"b{number}", actor=actors[1], denies=f"p{number}")
    found = told(session, "subject_kind", "counter_kind", "klass")
    assert {(one, other): klass for one, other, klass in found} == expected


# --- breach ---------------------------------------------------------------------------------------

ON_10_MAY = {"date": "2024-05-10"}
IN_MAY = {"date": "2024-05"}


@pytest.mark.parametrize(
    ("promise", "deed", "timing"),
    [
        pytest.param(ON_10_MAY, {"date": "2024-05-11"}, "certain", id="after it"),
        pytest.param(ON_10_MAY, {"date": "2031"}, "certain", id="long after it"),
        pytest.param(ON_10_MAY, {"date": "2024-05-10"}, "possible", id="on its day"),
        pytest.param(ON_10_MAY, {"date": "2024-04/2024-06"}, "possible", id="perhaps before it"),
        pytest.param(ON_10_MAY, {}, "possible", id="an undated deed"),
        pytest.param(ON_10_MAY, {"date_from": "2024-05-11"}, "possible", id="its end is not known"),
        pytest.param(ON_10_MAY, {"date_to": "2024-05-31"}, "possible", id="nor its beginning"),
        pytest.param(IN_MAY, {"date": "2024-06-01"}, "certain", id="after a vague promise"),
        pytest.param(IN_MAY, {"date": "2024-05-31"}, "possible", id="within a vague promise"),
        pytest.param({}, {"date": "2031"}, "possible", id="an undated promise"),
        pytest.param({"date_to": "2024-05-10"}, {"date": "2031"}, "certain", id="no beginning"),
        pytest.param({"date_from": "2024-05-10"}, {"date": "2031"}, "possible", id="no end"),
        pytest.param(
            {**ON_10_MAY, "about": "2024-06"}, {"date": "2024-06-30"}, "certain", id="in its period"
        ),
        pytest.param(
            {**ON_10_MAY, "about": "2024-06"},
            {"date": "2024-06-30/2024-07-01"},
            "possible",
            id="perhaps after its period",
        ),
        pytest.param(
            {**ON_10_MAY, "about_to": "2024-06-30"},
            {"date": "2024-06-30"},
            "certain",
            id="until its end",
        ),
        pytest.param(
            {**ON_10_MAY, "about_from": "2024-06-01"},
            {"date": "2031"},
            "certain",
            id="a period that is open",
        ),
        pytest.param(
            {**ON_10_MAY, "about": "2024-05-01/2024-05-31"},
            {"date": "2024-05-10"},
            "possible",
            id="in its period, on the day of the promise",
        ),
        pytest.param(
            {**ON_10_MAY, "about": "2024-06"},
            {"date": "2024-07-02", "about": "2024-06-15"},
            "certain",
            id="what the deed speaks of",
        ),
        pytest.param(
            {**ON_10_MAY, "about": "2024-06"},
            {"date": "2024-06-15", "about_from": "2024-06-15"},
            "possible",
            id="what the deed speaks of has no end",
        ),
    ],
)
def test_a_deed_that_is_not_surely_in_time_is_a_possible_breach(
    case: Casebook, session: Session, promise: Given, deed: Given, timing: str
) -> None:
    case.commitment("K", affirms="p", **promise).action("X", denies="p", **deed)
    assert told(session, "klass", "timing") == [("breach", timing)]


@pytest.mark.parametrize(
    ("promise", "deed", "expected"),
    [
        pytest.param({"actor": "state"}, {"actor": "state"}, "breach", id="the same actor"),
        pytest.param({"actor": "state"}, {"actor": "soldier"}, "breach", id="two below"),
        pytest.param({"actor": "soldier"}, {"actor": "state"}, "breach", id="two above"),
        pytest.param(
            {"actor": "minister"}, {"actor": "soldier"}, "inconsistent_line", id="of one state"
        ),
        pytest.param(
            {"actor": "minister", "on_behalf_of": "state"},
            {"actor": "soldier"},
            "breach",
            id="a promise on its behalf",
        ),
        pytest.param(
            {"actor": "state"},
            {"actor": "other", "on_behalf_of": "army"},
            "breach",
            id="a deed on its behalf",
        ),
        pytest.param(
            {"actor": "state"},
            {"actor": "soldier", "on_behalf_of": "other"},
            "breach",
            id="its soldier for another",
        ),
        pytest.param(
            {"actor": "other", "with": "army"}, {"actor": "soldier"}, "breach", id="a joint promise"
        ),
        pytest.param(
            {"actor": "state"}, {"actor": "other", "with": "army"}, "breach", id="a joint deed"
        ),
        pytest.param(
            {"actor": "other", "with": "minister"},
            {"actor": "soldier"},
            "dispute",
            id="of one state with a co-actor, another agent",
        ),
        pytest.param({"actor": "state"}, {"actor": "other"}, "dispute", id="another"),
    ],
)
def test_a_breach_is_of_one_voice(
    case: Casebook, session: Session, promise: Given, deed: Given, expected: str
) -> None:
    log_actors(case)
    case.commitment("K", affirms="p", date="2024-05", **together(promise))
    case.action("X", denies="p", date="2024-06", **together(deed))
    assert only(session).klass == expected


@pytest.mark.parametrize(
    ("conditions", "link", "expected"),
    [
        pytest.param([("if", None)], False, "inconsistent_line", id="the commitment's"),
        pytest.param([(None, "if")], False, "inconsistent_line", id="the action's"),
        pytest.param([("if", "when")], False, "inconsistent_line", id="both"),
        pytest.param([("if", None), (None, "if")], False, "inconsistent_line", id="every ground"),
        pytest.param([("if", None), (None, None)], False, "breach", id="not every ground"),
        pytest.param([("if", None)], True, "breach", id="a link has no condition"),
        pytest.param([], True, "breach", id="a link alone"),
    ],
)
def test_a_breach_needs_a_ground_without_a_condition(
    case: Casebook,
    session: Session,
    conditions: list[tuple[str | None, str | None]],
    link: bool,
    expected: str,
) -> None:
    case.commitment("K", date="2024").action("A", date="2024")
    for number, (own, its) in enumerate(conditions):
        case.stance("K", f"p{number}", 2, condition=own)
        case.stance("A", f"p{number}", -2, condition=its)
    if link:
        case.link("K", "contradicts", "A")
    row = only(session)
    assert row.klass == expected
    assert row.conditions == tuple(
        sorted({words for pair in conditions for words in pair if words})
    )


@pytest.mark.parametrize(
    ("deed", "expected"),
    [
        pytest.param({"date": "2024-06-15"}, ("breach", "certain"), id="in its period"),
        pytest.param({"date": "2024-06/2024-07"}, ("breach", "possible"), id="perhaps"),
        pytest.param({"date": "2024-07-01"}, ("inconsistent_line", None), id="after its period"),
        pytest.param({"date": "2024-05-09"}, ("inconsistent_line", None), id="before the promise"),
    ],
)
def test_a_link_makes_a_breach_only_of_a_deed_in_time(
    case: Casebook, session: Session, deed: Given, expected: tuple[str, str | None]
) -> None:
    case.commitment("K", affirms="p", date="2024-05-10", about="2024-06")
    case.action("X", **deed).link("K", "contradicts", "X")
    assert told(session, "klass", "timing") == [expected]


# --- replies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kinds", "reply", "expected"),
    [
        pytest.param(("claim", "statement"), "BA", "denial", id="a statement answers a claim"),
        pytest.param(("claim", "statement"), "AB", "at_odds_with_record", id="a claim answers it"),
        pytest.param(("claim", "statement"), None, "at_odds_with_record", id="nobody answers"),
        pytest.param(("statement", "statement"), "BA", "denial", id="of two statements one"),
        pytest.param(("statement", "statement"), "AB", "denial", id="or the other"),
        pytest.param(("statement", "statement"), None, "dispute", id="or neither"),
        pytest.param(("commitment", "statement"), "BA", "denial", id="a commitment"),
        pytest.param(("window", "statement"), "BA", "denial", id="a window"),
        pytest.param(("claim", "claim"), "BA", "source_conflict", id="claims conflict"),
        pytest.param(("commitment", "claim"), "BA", "dispute", id="a claim denies nothing"),
        pytest.param(("action", "statement"), "BA", "countered_by_action", id="deeds first"),
        pytest.param(("assessment", "statement"), "BA", "assessed_against", id="judgements first"),
    ],
)
def test_a_denial_is_a_statement_that_replies(
    case: Casebook, session: Session, kinds: Kinds, reply: str | None, expected: str
) -> None:
    case.entry(kinds[0], "A", actor="one", affirms="p")
    case.entry(kinds[1], "B", actor="another", denies="p")
    if reply:
        case.link(reply[0], "responds_to", reply[1])
    assert only(session).klass == expected


@pytest.mark.parametrize(
    ("claim", "reply", "expected"),
    [
        pytest.param(ON_10_MAY, {"date": "2024-05-11"}, "denial", id="later"),
        pytest.param(ON_10_MAY, {"date": "2024-05-10"}, "denial", id="on the day"),
        pytest.param(ON_10_MAY, {"date": "2024-05-09"}, "at_odds_with_record", id="before it"),
        pytest.param(ON_10_MAY, {}, "denial", id="an undated reply"),
        pytest.param({}, {"date": "2024-05-09"}, "denial", id="to an undated claim"),
        pytest.param(IN_MAY, {"date": "2024-05-02"}, "denial", id="perhaps before it"),
        pytest.param(ON_10_MAY, {"date_to": "2024-05-09"}, "at_odds_with_record", id="by then"),
        pytest.param(ON_10_MAY, {"date_from": "2024-05-01"}, "denial", id="its end is not known"),
    ],
)
def test_what_was_said_before_denies_nothing(
    case: Casebook, session: Session, claim: Given, reply: Given, expected: str
) -> None:
    case.claim("C", affirms="p", **claim).statement("S", denies="p", responds_to="C", **reply)
    assert only(session).klass == expected


@pytest.mark.parametrize(
    ("one", "reply", "expected"),
    [
        pytest.param({"actor": "state"}, {"actor": "other"}, "denial", id="a stranger"),
        pytest.param({"actor": "minister"}, {"actor": "soldier"}, "denial", id="of one state"),
        pytest.param({"actor": "state"}, {"actor": "soldier"}, "reversal", id="below"),
        pytest.param({"actor": "soldier"}, {"actor": "state"}, "reversal", id="above"),
        pytest.param(
            {"actor": "other"}, {"actor": "state", "with": "other"}, "reversal", id="together"
        ),
        pytest.param(
            {"actor": "minister"},
            {"actor": "other", "on_behalf_of": "state"},
            "reversal",
            id="on its behalf",
        ),
    ],
)
def test_nobody_denies_what_is_of_the_same_voice(
    case: Casebook, session: Session, one: Given, reply: Given, expected: str
) -> None:
    log_actors(case)
    case.statement("S", affirms="p", date="2024-05", **together(one))
    case.statement("T", denies="p", date="2024-06", responds_to="S", **together(reply))
    assert only(session).klass == expected


def test_a_reply_to_another_entry_denies_nothing_here(case: Casebook, session: Session) -> None:
    case.claim("C", affirms="p").claim("D").statement("S", denies="p", responds_to="D")
    assert only(session).klass == "at_odds_with_record"


# --- statements among themselves ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"date": "2023"}, {"date": "2024"}, "reversal", id="one after the other"),
        pytest.param({"date": "2024"}, {"date": "2023"}, "reversal", id="one before the other"),
        pytest.param({"date": "2023"}, {"date": "2023/2024"}, "inconsistent_line", id="overlap"),
        pytest.param(ON_10_MAY, ON_10_MAY, "inconsistent_line", id="on one day"),
        pytest.param({"date": "2023"}, {"date_from": "2024-01-01"}, "reversal", id="open end"),
        pytest.param(
            {"date": "2023"}, {"date_to": "2024-01-01"}, "inconsistent_line", id="open beginning"
        ),
        pytest.param({"date": "2023"}, {}, "inconsistent_line", id="one undated"),
        pytest.param({}, {}, "inconsistent_line", id="both undated"),
    ],
)
def test_one_voice_reverses_itself_only_where_the_order_is_known(
    case: Casebook, session: Session, one: Given, other: Given, expected: str
) -> None:
    case.statement("S", affirms="p", **one).statement("T", denies="p", **other)
    assert only(session).klass == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"actor": "state"}, {"actor": "soldier"}, "reversal", id="two below"),
        pytest.param({"actor": "soldier"}, {"actor": "state"}, "reversal", id="two above"),
        pytest.param(
            {"actor": "minister"}, {"actor": "soldier"}, "inconsistent_line", id="of one state"
        ),
        pytest.param(
            {"actor": "state"},
            {"actor": "minister", "on_behalf_of": "other"},
            "reversal",
            id="its minister, for another",
        ),
        pytest.param(
            {"actor": "soldier"},
            {"actor": "minister", "on_behalf_of": "other"},
            "dispute",
            id="one of its ministers, for another",
        ),
        pytest.param(
            {"actor": "other", "with": "army"},
            {"actor": "third", "with": "soldier"},
            "reversal",
            id="by their co-actors",
        ),
        pytest.param(
            {"actor": "other", "with": "minister"},
            {"actor": "third", "with": "soldier"},
            "dispute",
            id="co-actors of one state, agents of two",
        ),
        pytest.param({"actor": "state"}, {"actor": "other"}, "dispute", id="strangers"),
    ],
)
def test_who_shares_no_voice_reverses_nothing(
    case: Casebook, session: Session, one: Given, other: Given, expected: str
) -> None:
    log_actors(case)
    case.actor("third")
    case.statement("S", affirms="p", date="2023", **together(one))
    case.statement("T", denies="p", date="2024", **together(other))
    assert only(session).klass == expected


def test_a_link_makes_a_reversal_as_stances_do(case: Casebook, session: Session) -> None:
    case.statement("S", date="2023").statement("T", date="2024").link("S", "contradicts", "T")
    assert told(session, "klass", "timing") == [("reversal", None)]
