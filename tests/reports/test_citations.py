"""The footnotes: which entry stands on which document, and via which note."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from casebook import Casebook
from claimtrack.errors import InvalidValue
from claimtrack.query.filters import Filters
from claimtrack.reports.citations import CitationRow, citations
from claimtrack.vocab import EntryKind
from conftest import Logged, count_queries


def log_notes(case: Casebook) -> None:
    case.actor("isw").actor("press").actor("putin")
    case.document("A", url="https://press.example/a", published="2024-01-02")
    case.document("A-2", url="https://press.example/a2", canonical="A")
    case.document("B", publisher="isw", published="2024-03")
    case.claim("C-1", affirms="p").cite("C-1", "B", "relay").cite("C-1", "A-2", "support")
    case.cite("C-1", "A", via="B", label="[10]", wording="verbatim", exact="so he said")
    case.cite("C-1", "A", via="B", label="[2]").cite("C-1", "A")
    case.statement("S-1", actor="putin", denies="q", date="2024-02", cites="A")
    case.statement("S-0", actor="putin", cites="A")
    case.link("S-1", "supersedes", "S-0")


@pytest.fixture
def notes(backend: str, logged: Logged) -> Iterator[Casebook]:
    """Two entries whose documents were found in the notes of a third, and one superseded."""
    with logged(backend, log_notes) as case:
        yield case


def places(case: Casebook, **wanted: Any) -> list[tuple[str, str, str | None, str]]:
    rows = citations(case.session, Filters(**wanted))
    return [(row.entry_ref, row.document_ref, row.via, row.label) for row in rows]


def test_citations_come_by_entry_document_via_and_label(notes: Casebook) -> None:
    assert places(notes) == [
        ("C-1", "A", "B", "[10]"),
        ("C-1", "A", "B", "[2]"),
        ("C-1", "A", None, ""),
        ("C-1", "A-2", None, ""),
        ("C-1", "B", None, ""),
        ("S-1", "A", None, ""),
    ]


def test_quotations_of_one_note_come_by_their_position(case: Casebook) -> None:
    case.document("D", body="one two three").claim("C")
    for exact, start in (("three", 8), ("one", 0), ("two", 4)):
        case.cite("C", "D", exact=exact, start_pos=start, end_pos=start + len(exact))
    case.cite("C", "D", exact="somewhere")
    found = [row.exact for row in citations(case.session)]
    assert found == ["one", "two", "three", "somewhere"]


def test_a_citation_has_the_columns_of_the_interface(notes: Casebook) -> None:
    with count_queries(notes.session) as sent:
        first = next(iter(list(citations(notes.session))))
    assert len(sent) == 1
    assert first == CitationRow(
        entry_ref="C-1",
        document_ref="A",
        role="primary",
        via="B",
        label="[10]",
        wording="verbatim",
        exact="so he said",
        url="https://press.example/a",
        publisher="press",
        published_from=date(2024, 1, 2),
        published_to=date(2024, 1, 2),
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param({"sources": ("B",)}, ["C-1 B"], id="a document"),
        pytest.param({"sources": ("isw",)}, ["C-1 B"], id="a publisher"),
        pytest.param(
            {"sources": ("A-2",)},
            ["C-1 A", "C-1 A", "C-1 A", "C-1 A-2", "S-1 A"],
            id="all addresses of a document, as support too",
        ),
        pytest.param({"actors": ("putin",)}, ["S-1 A"], id="actor"),
        pytest.param({"kinds": (EntryKind.STATEMENT,)}, ["S-1 A"], id="kind"),
        pytest.param({"propositions": ("q",)}, ["S-1 A"], id="proposition"),
        pytest.param({"denying": True}, ["S-1 A"], id="denying"),
        pytest.param({"since": date(2024, 1, 1)}, ["S-1 A"], id="dated since"),
        pytest.param(
            {"kinds": (EntryKind.STATEMENT,), "include_superseded": True},
            ["S-0 A", "S-1 A"],
            id="superseded entries when asked for",
        ),
        pytest.param(
            {"known_by": date(2024, 3, 30)},
            ["C-1 A", "C-1 A", "C-1 A", "C-1 A-2", "S-1 A"],
            id="only documents that were published by then",
        ),
        pytest.param({"known_by": date(2024, 1, 1)}, [], id="nothing was published yet"),
        pytest.param({"limit": 1, "offset": 3}, ["C-1 A-2"], id="page"),
        pytest.param(
            {"sort": ("-entry_ref", "published_from"), "limit": 2}, ["S-1 A", "C-1 A"], id="sort"
        ),
    ],
)
def test_citations_are_narrowed_by_filters(
    notes: Casebook, wanted: dict[str, Any], expected: list[str]
) -> None:
    assert [f"{entry} {document}" for entry, document, *_ in places(notes, **wanted)] == expected


def test_a_judge_asked_for_takes_a_stance_on_the_entry_or_links_it(case: Casebook) -> None:
    case.document("late", published="2024-03-01")
    case.claim("C", affirms="p", judge="isw", cites="A").claim("D", affirms="p", cites="A")
    case.claim("E", cites="A").link("E", "corroborates", "D", judge="isw", document="late")
    assert [entry for entry, *_ in places(case, asserted_by=("isw",))] == ["C", "D", "E"]
    assert places(case, asserted_by=("D",)) == []


def test_min_strength_wants_an_entry_that_is_as_sure(case: Casebook) -> None:
    case.claim("C", denies="p", cites="A").claim("D", stances={"p": 1}, cites="A")
    assert [entry for entry, *_ in places(case, min_strength=2)] == ["C"]


def test_an_unknown_column_to_sort_by_is_refused(case: Casebook) -> None:
    with pytest.raises(InvalidValue, match="'colour' is not valid: expected one of entry_ref"):
        places(case, sort=("colour",))
