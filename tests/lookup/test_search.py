"""Full text: the same records on both databases, whatever is typed; and entries that look alike."""

from collections.abc import Iterator
from typing import Any

import pytest

from casebook import Casebook
from claimtrack import changes, lookup
from claimtrack.db import Session
from claimtrack.errors import InvalidValue
from claimtrack.lookup import SearchRow, search, similar_entries
from claimtrack.schemas import NewEntry
from conftest import Logged, count_queries


def found(session: Session, words: str, **given: Any) -> list[tuple[str, str]]:
    return [(row.kind, row.ref) for row in search(session, words, **given)]


def log_library(case: Casebook) -> None:
    case.actor("zelensky", name="Volodymyr Zelensky", aliases=["Зеленський", "Зелёный"])
    case.actor("walesa", name="Lech Wałęsa-Müller")
    case.claim("C-12", actor="zelensky", summary="Talks were negotiated through a back channel.")
    case.statement("S-1", summary="Nobody is negotiating; the war goes on.", place="Łódź")
    case.proposition("ready", text="The Kremlin is ready to negotiate.")
    case.document("NYT-1223", url="https://www.nytimes.example/2023/12/putin-quietly")
    case.document("D", title="Путин и Зеленский", body="A ceasefire, quietly.")


@pytest.fixture
def library(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A few records of every kind that is searched."""
    with logged(backend, log_library) as case:
        yield case


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("negotiate", {"C-12", "S-1", "ready"}, id="English stems"),
        pytest.param("NEGOTIATIONS talks", {"C-12"}, id="every word must be there"),
        pytest.param("ПУТИН OR Lodz", {"D", "S-1"}, id="either of two words"),
        pytest.param('Lodz OR "back channel"', {"C-12", "S-1"}, id="a word or a phrase"),
        pytest.param(
            "negotiate channel OR Lodz", {"C-12", "S-1"}, id="one word, and either of two"
        ),
        pytest.param("or Lodz", {"S-1"}, id="in small letters no operator"),
        pytest.param("OR Lodz OR", {"S-1"}, id="nothing to choose between"),
        pytest.param("negotiate -talks", {"S-1", "ready"}, id="a word to leave out"),
        pytest.param('negotiate -"back channel"', {"S-1", "ready"}, id="a phrase to leave out"),
        pytest.param("negotiate -the", {"C-12", "S-1", "ready"}, id="too common to leave out"),
        pytest.param("nobody absent", {"S-1"}, id="some words where no record has all"),
        pytest.param("nobody absent -war", set(), id="some words, and one to leave out"),
        pytest.param("the war", {"S-1"}, id="the commonest words do not count"),
        pytest.param("Зеленська", set(), id="another Cyrillic name"),
        pytest.param("зеленый", {"zelensky"}, id="Cyrillic e for yo"),
        pytest.param("ПУТИН", {"D"}, id="Cyrillic capitals"),
        pytest.param("Lodz", {"S-1"}, id="a letter with a stroke as a plain one"),
        pytest.param("Łodz", {"S-1"}, id="without diacritics"),
        pytest.param("muller", {"walesa"}, id="half of a hyphenated name"),
        pytest.param("nytimes", {"NYT-1223"}, id="a word of an address"),
        pytest.param("1223", {"NYT-1223"}, id="the number of a ref"),
        pytest.param("c-12", {"C-12"}, id="a ref, in any case"),
        pytest.param("back-channel", {"C-12"}, id="a hyphen where the text has a space"),
        pytest.param('"back channel"', {"C-12"}, id="a phrase"),
        pytest.param("“back channel”", {"C-12"}, id="a phrase in curly quotation marks"),
        pytest.param('"channel back"', set(), id="a phrase the other way round"),
        pytest.param("channel back", {"C-12"}, id="words in any order"),
        pytest.param("ceasefire", {"D"}, id="the text of a document"),
        pytest.param("quietly", {"D", "NYT-1223"}, id="the same word in several fields"),
        pytest.param("what's nobody's", {"S-1"}, id="apostrophes"),
        pytest.param("kremlin* NEAR (", {"ready"}, id="an operator of the database is a word"),
        pytest.param("NOT nobody", {"S-1"}, id="not is too common to count"),
        pytest.param('nobody "', {"S-1"}, id="a quotation mark that is not closed"),
        pytest.param("words:nobody", set(), id="a column is no column"),
        pytest.param("nobody\x00", {"S-1"}, id="a character that no text can hold"),
        pytest.param("\ud800 nobody", {"S-1"}, id="half a character"),
        pytest.param("x" * 5000, set(), id="a word longer than any"),
    ],
)
def test_records_are_found_by_their_words(
    library: Casebook, words: str, expected: set[str]
) -> None:
    assert {ref for _, ref in found(library.session, words)} == expected


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("", id="nothing"),
        pytest.param('"* ( ) - : ^', id="only signs"),
        pytest.param("the of is NOT or", id="only the commonest words"),
    ],
)
def test_a_search_for_nothing_is_refused_in_one_sentence(session: Session, words: str) -> None:
    with pytest.raises(InvalidValue, match=r"^search words .* is not valid: expected a word"):
        list(search(session, words))


def test_a_search_for_nothing_but_what_to_leave_out_is_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="a word or number besides those to leave out"):
        list(search(session, "-war -truce"))


def test_rows_say_whether_they_match_all_of_the_search(library: Casebook) -> None:
    assert {row.matched for row in search(library.session, "negotiate")} == {"all"}
    assert {row.matched for row in search(library.session, "nobody absent")} == {"some"}
    with count_queries(library.session) as sent:
        list(search(library.session, "nobody absent"))
    assert len(sent) == 3


def test_a_pasted_page_is_refused_in_one_sentence(session: Session) -> None:
    with pytest.raises(InvalidValue, match="at most 200 words"):
        list(search(session, " ".join(f"w{n}" for n in range(201))))


def test_as_many_words_as_are_allowed_can_be_asked_for(session: Session) -> None:
    assert found(session, " ".join(f"w{n}" for n in range(200))) == []


def test_a_row_shows_kind_ref_and_what_people_know_the_record_by(library: Casebook) -> None:
    rows = {row.ref: row for row in search(library.session, "quietly")}
    address = "https://www.nytimes.example/2023/12/putin-quietly"
    assert (rows["D"].kind, rows["D"].text) == ("document", "Путин и Зеленский")
    assert (rows["NYT-1223"].kind, rows["NYT-1223"].text) == ("document", address)
    [claim] = search(library.session, "channel")
    score = claim.score
    assert score > 0
    text = "Talks were negotiated through a back channel."
    assert claim == SearchRow(kind="claim", ref="C-12", text=text, score=score, matched="all")


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        pytest.param((), [("claim", "C-12"), ("proposition", "ready"), ("statement", "S-1")]),
        pytest.param(("statement",), [("statement", "S-1")]),
        pytest.param(("entry",), [("claim", "C-12"), ("statement", "S-1")]),
        pytest.param(("proposition", "claim"), [("claim", "C-12"), ("proposition", "ready")]),
        pytest.param(("actor",), []),
    ],
)
def test_a_search_can_be_narrowed_to_kinds(
    library: Casebook, kinds: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    assert sorted(found(library.session, "negotiate", kinds=kinds)) == expected


def test_an_unknown_kind_is_refused(session: Session) -> None:
    with pytest.raises(InvalidValue, match="kind 'topic' is not valid: expected one of actor"):
        list(search(session, "war", kinds=("topic",)))


def test_the_best_come_first_and_equals_by_ref(case: Casebook) -> None:
    case.statement("S-2", summary="The bridge.").statement("S-1", summary="The bridge.")
    case.statement("S-3", summary="A bridge too far to be of any use in a long winter of war.")
    case.statement("S-4", summary="Something else.")
    scores = [(row.ref, row.score) for row in search(case.session, "bridge")]
    assert [ref for ref, _ in scores] == ["S-1", "S-2", "S-3"]
    assert scores[0][1] == scores[1][1] > scores[2][1] > 0
    assert found(case.session, "bridge", limit=1) == [("statement", "S-1")]


def test_a_search_sends_two_statements(library: Casebook) -> None:
    with count_queries(library.session) as sent:
        assert found(library.session, "negotiate")
    assert len(sent) == 2


def log_people(case: Casebook) -> None:
    case.actor("p1", name="Dmitry Peskov").actor("p2", name="Дмитрий Песков")
    case.actor("p3", name="Dmytro Pieskov").actor("luk", name="Serhii Lukianenko")
    case.actor("luk-uk", name="Сергій Лук'яненко").actor("zelensky", name="Volodymyr Zelensky")
    case.actor("harry", name="Harry Hill").actor("garry", name="Garry Gill")
    case.claim("C-1", actor="p1", summary="Песков исключил встречу.")
    case.document("D", title="Путин и Зеленский")


@pytest.fixture
def people(backend: str, logged: Logged) -> Iterator[Casebook]:
    """Actors with names in two scripts, and what was said of them."""
    with logged(backend, log_people) as case:
        yield case


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("Peskov", {"p1", "p2", "p3", "C-1"}, id="Latin"),
        pytest.param("Песков", {"p1", "p2", "p3", "C-1"}, id="Cyrillic"),
        pytest.param("Pieskov", {"p1", "p2", "p3", "C-1"}, id="as in Ukrainian"),
        pytest.param("dmitri peskov", {"p1", "p2", "p3"}, id="two words"),
        pytest.param('"Dmitry Peskov"', {"p1", "p2", "p3"}, id="a phrase"),
        pytest.param("Peskov absent -meeting", {"p1", "p2", "p3", "C-1"}, id="some of the words"),
        pytest.param("Peskov встречу", {"C-1"}, id="with a word that is there"),
        pytest.param("Lukyanenko", {"luk", "luk-uk"}, id="an apostrophe in the name"),
        pytest.param("Лук'яненко", {"luk", "luk-uk"}, id="an apostrophe in the search"),
        pytest.param("Зеленський", {"zelensky"}, id="a spelling that nothing has"),
        pytest.param("Harry", {"harry"}, id="a name that is none of these languages"),
    ],
)
def test_a_person_is_found_under_every_spelling_that_the_casebook_has(
    people: Casebook, words: str, expected: set[str]
) -> None:
    assert {ref for _, ref in found(people.session, words)} == expected


def test_what_is_removed_or_reworded_is_no_longer_found(library: Casebook) -> None:
    session = library.session
    changes.remove(session, "entry", "S-1")
    library.claim("C-12", actor="zelensky", summary="Reworded.")
    assert found(session, "nobody") == []
    assert found(session, "channel") == []
    assert found(session, "rewording") == [("claim", "C-12")]


def test_the_body_of_a_book_can_be_indexed(case: Casebook) -> None:
    words = " ".join(f"{n:x}cafe{n * 7919 % 99991:x}" for n in range(150_000))
    case.document("BOOK", title="A long book", body=words)
    assert found(case.session, "long book") == [("document", "BOOK")]


# --- entries that look alike ----------------------------------------------------------------------


def alike(session: Session, **given: Any) -> list[str]:
    record = {"ref": "NEW", "kind": "claim", "actor": "putin", **given}
    return [row.ref for row in similar_entries(session, NewEntry.model_validate(record))]


def log_told(case: Casebook) -> None:
    case.actor("putin", name="Vladimir Putin", aliases=["Путин"]).actor("peskov")
    case.document("D").document("D-copy", canonical="D").document("E")
    summary = "Russia would freeze the war along the present front lines"
    case.claim("C-1", actor="putin", summary=summary, date="2024-01", cites="D")


@pytest.fixture
def told(backend: str, logged: Logged) -> Iterator[Casebook]:
    """One claim by Putin of January 2024 that cites a document."""
    with logged(backend, log_told) as case:
        yield case


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ["C-1"], id="same actor, no date"),
        pytest.param({"actor": "Путин"}, ["C-1"], id="the actor by an alias"),
        pytest.param({"date": "2024-01-31"}, ["C-1"], id="dates overlap"),
        pytest.param({"date": "2024-01-20/.."}, ["C-1"], id="dates overlap, one end open"),
        pytest.param({"date": "2024-02"}, [], id="dates do not overlap"),
        pytest.param({"actor": "peskov"}, [], id="another actor"),
        pytest.param({"actor": "nobody"}, [], id="an actor that is not there"),
        pytest.param({"actor": "peskov", "cites": "D"}, ["C-1"], id="the same document"),
        pytest.param({"actor": "peskov", "cites": "D-copy"}, ["C-1"], id="another address of it"),
        pytest.param({"actor": "peskov", "cites": "E"}, [], id="another document"),
        pytest.param({"summary": "Freezing talks with Russia."}, [], id="other words"),
        pytest.param({"summary": "To be, or not to be."}, [], id="only the commonest words"),
        pytest.param({"ref": "C-1"}, [], id="never itself"),
    ],
)
def test_an_entry_that_looks_alike_is_named(
    told: Casebook, given: dict[str, Any], expected: list[str]
) -> None:
    given = {"summary": "Russia will freeze the war along present front lines", **given}
    if cites := given.pop("cites", None):
        given["citations"] = [{"document": cites, "role": "relay"}]
    assert alike(told.session, **given) == expected


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        pytest.param("alpha bravo charlie delta", ["C-1"], id="4 of 4 words"),
        pytest.param("alpha bravo kilo", [], id="2 of 5 words"),
        pytest.param("alpha bravo", ["C-1"], id="2 of 4 words"),
        pytest.param("ALPHA, bravo, charlie; kilo lima", ["C-1"], id="3 of 6 words"),
        pytest.param("alpha bravo charlie kilo lima mike", [], id="3 of 7 words"),
    ],
)
def test_half_of_all_the_words_of_both_make_them_alike(
    case: Casebook, summary: str, expected: list[str]
) -> None:
    case.actor("putin").statement("C-1", actor="putin", summary="alpha bravo charlie delta")
    assert alike(case.session, summary=summary) == expected


def test_the_most_alike_comes_first(case: Casebook) -> None:
    case.actor("putin")
    for ref, summary in (
        ("C-1", "alpha bravo charlie kilo"),
        ("C-2", "alpha bravo charlie delta"),
        ("C-3", "alpha bravo charlie lima"),
    ):
        case.claim(ref, actor="putin", summary=summary)
    found = similar_entries(
        case.session,
        NewEntry(ref="NEW", kind="claim", actor="putin", summary="alpha bravo charlie delta"),
    )
    assert [row.ref for row in found] == ["C-2", "C-1", "C-3"]
    assert found == sorted(
        lookup.list_records(case.session, "claim"), key=lambda row: [*"213"].index(row.ref[-1])
    )


def test_a_very_long_summary_can_be_compared(case: Casebook) -> None:
    summary = " ".join(f"word{n}" for n in range(3000))
    case.actor("putin").claim("C-1", actor="putin", summary=summary)
    assert alike(case.session, summary=summary) == ["C-1"]


def test_a_text_of_very_many_words_is_indexed_as_far_as_both_databases_can(
    case: Casebook, session: Session
) -> None:
    words = " ".join(chr(0x4E00 + n // 200) + chr(0x4E00 + n % 200) * 2 for n in range(40_000))
    case.document("D", body=f"{words} {words[::-1]}")
    assert [row.ref for row in search(session, words[:3])] == ["D"]
