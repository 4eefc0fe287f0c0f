"""One record as text for an editor: what it shows, what comes back, what is marked."""

from datetime import date

import pytest

from casebook import Casebook
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.dossier import sections
from claimtrack.exchange.dossier.editor_text import mark_fragment, read_fragment, to_fragment
from claimtrack.exchange.dossier.yaml_reader import parse
from claimtrack.schemas import New, NewActor, NewEntry
from claimtrack.vocab import Precision


@pytest.mark.parametrize("model", [*sections.SECTIONS.values(), *sections.NESTED.values()])
def test_an_empty_fragment_shows_every_field_with_what_it_means(model: type[New]) -> None:
    text = to_fragment(model, {})
    node, faults = parse(text)
    assert node is not None
    assert faults == []
    assert set(node.plain().values()) == {None}
    for key in node.value:
        above = text.split(f"\n{key}:")[0].splitlines()[-1]
        assert above.startswith("# ")


def test_a_record_comes_back_from_its_fragment(case: Casebook) -> None:
    case.actor("isw").document("D", publisher="isw")
    record = {
        "ref": "X",
        "kind": "action",
        "actor": "isw",
        "summary": "Text, with: signs\nand lines",
        "date_from": date(2024, 5, 1),
        "date_to": date(2024, 5, 31),
        "precision": Precision.MONTH,
        "latitude": 50.45,
        "citations": [{"document": "D", "role": "primary", "label": "[1]"}],
    }
    text = to_fragment(NewEntry, record)
    assert "\ndate: 2024-05\n" in text
    back = read_fragment(text, NewEntry)
    assert {key: value for key, value in back.items() if value not in (None, [])} == record


def test_bounds_that_no_date_says_stay_bounds() -> None:
    text = to_fragment(NewEntry, {"date_from": date(2024, 5, 1), "precision": "vague"})
    assert "\ndate_from: 2024-05-01\n" in text
    assert "\ndate:" not in text
    assert "\nabout:" in text


def test_what_is_decided_already_counts_and_an_empty_ref_does_not() -> None:
    text = "ref:\nname: A\naliases:\nparent:\n"
    assert read_fragment(text, NewActor, over={"ref": "N-1", "kind": "person"}) == {"name": "A"}


@pytest.mark.parametrize("text", ["", "\n", "# only comments\n"])
def test_a_fragment_that_was_emptied_gives_nothing(text: str) -> None:
    assert read_fragment(text, NewActor) == {}


def test_the_faults_of_a_fragment_are_marked_in_it_and_unmarked_again() -> None:
    text = (
        "ref: S-1\nkind: clam\nactor:\nsumary: x\ndate: 2024-13\n"
        "stances:\n  - {proposition: p, value: 3}\n"
    )
    with pytest.raises(InvalidRecords) as caught:
        read_fragment(text, NewEntry)
    marked = mark_fragment(text, [*caught.value.problems, "no proposition 'p'"])
    assert marked == (
        """\
#! no proposition 'p'
ref: S-1
#! kind 'clam' is not one of 'commitment', 'claim', 'statement', 'assessment', 'action' or 'window'
kind: clam
#! actor is empty: this entry needs it
actor:
#! unknown key sumary: did you mean summary?
sumary: x
#! date '2024-13' is not valid: expected a date such as 2024-05-24, 2024-05, 2024, 2023-24 (winter)
#! or 2023-12/2024-02, where one end may be open, as in 2024-05-24/..
date: 2024-13
stances:
#! value 3 is not valid: it should be less than or equal to 2
  - {proposition: p, value: 3}
"""
    )
    assert mark_fragment(marked, []) == text
    with pytest.raises(InvalidRecords) as again:
        read_fragment(marked, NewEntry)
    assert again.value.problems == caught.value.problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "- a\n", ["1:1: this is not a record: write 'key: value' in each line"], id="a list"
        ),
        pytest.param(
            "ref: a\n\tname: b\n",
            ["2:1: a tab is where YAML expects spaces: indent with spaces"],
            id="a tab",
        ),
        pytest.param(
            "ref: a\nname: A\nkind: anonymous\n",
            ["3:7: an anonymous actor needs access"],
            id="a rule between fields",
        ),
    ],
)
def test_a_fragment_that_is_wrong_says_where(text: str, told: list[str]) -> None:
    with pytest.raises(InvalidRecords) as caught:
        read_fragment(text, NewActor)
    assert caught.value.problems == told


def test_an_empty_date_text_leaves_the_words_of_a_date_alone() -> None:
    text = to_fragment(NewEntry, {"kind": "claim", "actor": "isw", "summary": "x"})
    assert "\ndate_text:\n" in text
    typed = text.replace("\ndate:\n", "\ndate: 2023-24\n")
    assert read_fragment(typed, NewEntry, over={"ref": "C-1"})["date_text"] == "2023-24"


def test_what_had_a_value_and_is_emptied_is_cleared() -> None:
    days = {"date_from": date(2024, 5, 1), "date_to": date(2024, 5, 31), "precision": "month"}
    record = {"ref": "C", "kind": "claim", "actor": "isw", "summary": "x", "place": "Kyiv", **days}
    text = to_fragment(NewEntry, record)
    typed = text.replace("place: Kyiv", "place:").replace("date: 2024-05", "date:")
    back = read_fragment(typed, NewEntry, over=record)
    cleared = {"place", "date_from", "date_to", "time_from", "time_to", "zone", "precision"}
    assert {key for key, value in back.items() if value is None} == cleared


def test_two_stances_of_one_judge_on_one_proposition_are_refused() -> None:
    text = (
        "ref: C\nkind: claim\nactor: isw\nsummary: x\nstances:\n"
        "  - {proposition: p, value: 2, asserted_by: coder}\n"
        "  - {proposition: p, value: 1}\n"
        "  - {proposition: p, value: -2, asserted_by: coder}\n"
    )
    with pytest.raises(InvalidRecords) as caught:
        read_fragment(text, NewEntry)
    assert caught.value.problems == [
        "8:5: stance p/coder is already here, in line 6: keep one of them"
    ]
