"""The gap between words and deeds: which deeds of a principal belie what it said."""

import pytest

from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.positions import positions
from claimtrack.vocab import EntryKind
from reports.position_rows import gaps

# --- the gap between words and deeds --------------------------------------------------------------


def test_the_gap_names_the_principals_own_opposing_actions(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia")
    case.actor("army", parent="russia").actor("usa", kind="state")
    case.statement("S", actor="putin", affirms="p")
    case.action("A-b", actor="army", stances={"p": -1}, judge="isw")
    case.action("A-a", actor="nobody", on_behalf_of="russia", denies="p")
    case.action("A-for", actor="army", affirms="p")
    case.action("A-open", actor="army", stances={"p": 0})
    case.action("A-usa", actor="usa", denies="p")
    case.statement("S-against", actor="putin", denies="p")
    assert gaps(case.session, Filters(actors=("putin",))) == {
        "S": ("A-a", "A-b"),
        "S-against": ("A-for",),
    }


def test_claims_and_promises_have_gaps_and_deeds_have_none(case: Casebook) -> None:
    case.actor("source", kind="anonymous", parent="speaker")
    case.claim("C", actor="source", affirms="p").commitment("K", affirms="p")
    case.action("A-1", affirms="p").action("A-2", denies="p")
    found = {row.entry_ref: row.gap for row in positions(case.session, anonymous=True)}
    assert found == {"A-1": (), "A-2": (), "C": ("A-2",), "K": ("A-2 (possible)",)}


def test_a_deed_that_the_principal_did_with_another_is_its_own(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("putin", parent="russia").actor("army", parent="ally")
    case.statement("S", actor="putin", affirms="p")
    together = [{"actor": "russia", "role": "co_actor"}]
    case.action("A", actor="army", denies="p", participants=together)
    case.action("A-ally", actor="army", denies="p")
    assert gaps(case.session)["S"] == ("A",)


def test_a_deed_of_whom_words_speak_is_no_gap_of_who_speaks(case: Casebook) -> None:
    case.actor("russia", kind="state").actor("usa", kind="state")
    of = [{"actor": "russia", "role": "subject"}]
    case.statement("S", actor="usa", affirms="p", participants=of)
    case.action("A", actor="russia", denies="p")
    assert gaps(case.session)["S"] == ()


@pytest.mark.parametrize(
    ("about", "date", "expected"),
    [
        pytest.param("2024", "2024-06-01", ("A",), id="inside"),
        pytest.param("2024", "2023-12/2024-01", ("A (possible)",), id="partly outside"),
        pytest.param("2024", None, ("A (possible)",), id="an undated deed"),
        pytest.param(None, None, ("A",), id="no period"),
        pytest.param("2024", "2023", (), id="outside"),
    ],
)
def test_a_deed_that_may_lie_outside_the_period_is_marked(
    case: Casebook, about: str | None, date: str | None, expected: tuple[str, ...]
) -> None:
    case.statement("S", affirms="p", **({"about": about} if about else {}))
    case.action("A", denies="p", **({"date": date} if date else {}))
    assert gaps(case.session)["S"] == expected


def test_a_breach_is_a_possible_gap_where_the_order_is_not_known(case: Casebook) -> None:
    case.commitment("K", date="2024-01-02", affirms="p")
    case.action("A-1", date="2024-01-01", denies="p").action("A-2", date="2024-01-02", denies="p")
    case.action("A-3", date="2024-01-03", denies="p")
    assert gaps(case.session)["K"] == ("A-2 (possible)", "A-3")


def test_an_action_against_one_stance_is_no_gap_of_another(case: Casebook) -> None:
    case.statement("S", stances={"p": 2, "q": 2})
    case.stance("S", "p", 0, judge="isw")
    case.action("A", denies="p")
    found = [
        (row.proposition, row.asserted_by, row.gap)
        for row in positions(case.session, Filters(kinds=(EntryKind.STATEMENT,)))
    ]
    assert found == [("p", "coder", ("A",)), ("p", "isw", ()), ("q", "coder", ())]


def test_an_action_for_another_proposition_of_an_exclusive_topic_is_a_gap(case: Casebook) -> None:
    case.topic("outcome", exclusive=True)
    case.proposition("war", topic="outcome").proposition("peace", topic="outcome")
    case.statement("S", affirms="peace").action("A", affirms="war")
    assert gaps(case.session) == {"S": ("A",), "A": ()}


@pytest.mark.parametrize("value", [-1, 0])
def test_affirming_another_of_an_exclusive_topic_is_no_gap_of_what_was_not_affirmed(
    case: Casebook, value: int
) -> None:
    case.topic("outcome", exclusive=True)
    case.proposition("war", topic="outcome").proposition("peace", topic="outcome")
    case.statement("S", stances={"peace": value}).action("A", affirms="war")
    assert gaps(case.session)["S"] == ()


def test_a_link_is_no_gap_of_a_stance_of_which_it_says_nothing(case: Casebook) -> None:
    case.statement("S", stances={"p": 2, "q": 0}).action("A").link("A", "contradicts", "S")
    assert [row.gap for row in positions(case.session)] == [(), ()]
    case.stance("A", "p", -1)
    found = positions(case.session, Filters(kinds=(EntryKind.STATEMENT,)))
    assert [(row.proposition, row.gap) for row in found] == [("p", ("A",)), ("q", ())]


def test_a_pair_that_one_of_its_judges_reconciles_stays_a_gap(case: Casebook) -> None:
    case.statement("S", affirms="p").action("A", denies="p", judge="isw")
    case.link("A", "reconciles", "S")
    assert gaps(case.session)["S"] == ("A",)
    case.link("A", "reconciles", "S", judge="isw")
    assert gaps(case.session)["S"] == ()


@pytest.mark.parametrize(
    ("about", "reconciled", "superseded", "expected"),
    [
        pytest.param("2024", False, False, ("A",), id="opposed"),
        pytest.param("2022", False, False, (), id="about disjoint periods"),
        pytest.param("2024", True, False, (), id="reconciled"),
        pytest.param("2024", False, True, (), id="superseded"),
    ],
)
def test_what_does_not_stand_as_an_opposition_is_no_gap(
    case: Casebook, about: str, reconciled: bool, superseded: bool, expected: tuple[str, ...]
) -> None:
    case.statement("S", affirms="p", about="2024")
    case.action("A", denies="p", about=about)
    if reconciled:
        case.link("A", "reconciles", "S")
    if superseded:
        case.action("A-new").link("A-new", "supersedes", "A")
    assert gaps(case.session)["S"] == expected


# --- filters --------------------------------------------------------------------------------------


def test_an_entry_that_judges_read_either_way_is_no_deed_against_itself(case: Casebook) -> None:
    case.action("A", affirms="p").stance("A", "p", -1, judge="isw")
    assert [row.gap for row in positions(case.session)] == [(), ()]
