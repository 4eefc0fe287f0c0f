"""Rows that say different things of one record: of documents, dates, titles and actors."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from casebook import Casebook
from claimtrack import changes
from claimtrack.models import Citation, Document, Entry, Participation, Revision
from claimtrack.records import get
from claimtrack.schemas import NewDocument
from exchange.imports.imported_rows import CLAIM, PAGE, ROW, Importer, row

OTHER = {"id": "2", "who": "Bob", "date": "2024-02-01", "title": "U"}


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(PAGE, id="a ref made of the address"),
        pytest.param({**PAGE, "ref": "p-{id}"}, id="a ref of its own"),
    ],
)
def test_a_row_that_names_another_publisher_cites_a_document_of_its_own(
    importer: Importer, page: dict[str, Any]
) -> None:
    rows = [row(), row(**OTHER), row(**{**OTHER, "id": "3"})]
    told = importer.reads(rows, documents={"page": page})
    assert told[0].endswith(
        "publisher 'Bob' in a.csv:3, a.csv:4 is not that of 'Ann': a document of its own is cited, "
        "without the address (2 times)"
    ) or (page is not PAGE and len(told) == 2)
    ann, bob = ("Ann", "T", *["2024-01-01"] * 2), ("Bob", "U", *["2024-02-01"] * 2)
    assert set(importer.pages()) == {ann, bob}
    query = select(Citation).join(Entry).order_by(Entry.ref)
    cited = [one.document.publisher.name for one in importer.session.scalars(query)]
    assert cited == ["Ann", "Bob", "Bob"]
    before = importer.revisions()
    for again in (rows, rows[1:], rows[:1]):
        importer.reads(again, documents={"page": page})
    assert importer.revisions() == before


def test_across_files_a_publisher_is_kept_apart_too_and_a_corrected_one_is_not(
    importer: Importer,
) -> None:
    importer.reads([row()])
    importer.reads([row(**OTHER)])
    assert [page[0] for page in importer.pages()] == ["Ann", "Bob"]
    [first] = importer.session.scalars(select(Document).where(Document.url.is_not(None)))
    given = {"ref": first.ref, "publisher": "bob", "url": first.url, "title": first.title}
    changes.put(importer.session, NewDocument(**given, published_from="2024-01-01"))
    importer.reads([row()])
    assert [page[0] for page in importer.pages()] == ["Bob", "Bob"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param([["1"], ["2"]], id="earlier first"),
        pytest.param([["2"], ["1"]], id="later first"),
        pytest.param([["1", "2"]], id="in one file"),
        pytest.param([["2", "1"]], id="in one file, later first"),
    ],
)
def test_a_document_is_published_no_earlier_than_any_row_says(
    importer: Importer, files: list[list[str]]
) -> None:
    rows = {"1": row(), "2": row(id="2", date="2024-02-01")}
    told = [importer.reads([rows[id_] for id_ in ids]) for ids in files]
    assert importer.pages() == [("Ann", "T", "2024-01-01", "2024-02-01")]
    assert "differs: '2024-01-01/2024-02-01' is kept" in told[-1][0]
    before = importer.revisions()
    for ids in [*files, *files]:
        assert (
            "differs: '2024-01-01/2024-02-01' is kept"
            in importer.reads([rows[id_] for id_ in ids])[0]
        )
    assert importer.revisions() == before


def test_a_corrected_date_is_written_where_nothing_else_relies_on_the_document(
    importer: Importer,
) -> None:
    importer.reads([row(date="2024-03-01")])
    told = importer.reads([row()])
    assert importer.pages() == [("Ann", "T", "2024-01-01", "2024-01-01")]
    assert told[0].endswith("is changed by this import (1 time)")


def test_a_row_that_gives_no_date_or_title_takes_none_away(importer: Importer) -> None:
    rows = [row(title="", date=""), row(id="2")]
    assert importer.reads(rows) == []
    assert importer.pages() == [("Ann", "T", "2024-01-01", "2024-01-01")]
    before = importer.revisions()
    assert importer.reads(rows) == []
    assert importer.revisions() == before


def test_of_titles_the_first_is_kept_and_the_rows_of_the_others_are_named(
    importer: Importer,
) -> None:
    rows = [row(), row(id="2", title="U"), row(id="3", title="U"), row(id="4")]
    [told] = importer.reads(rows)
    assert told.endswith("title 'U' in a.csv:3, a.csv:4 differs: 'T' is kept (2 times)")
    before = importer.revisions()
    assert importer.reads(rows) == [told]
    assert (importer.revisions(), importer.pages()[0][1]) == (before, "T")


@pytest.mark.parametrize(
    ("key", "value"),
    [pytest.param("title", "U", id="a document"), pytest.param("what", "Two", id="an entry")],
)
def test_two_files_do_not_turn_a_record_over_at_each_import(
    importer: Importer, key: str, value: str
) -> None:
    first, second = [row()], [row(**{key: value})]
    importer.reads(first)
    assert any("is changed by this import" in told for told in importer.reads(second))
    before = importer.revisions()
    for _ in range(2):
        [told] = importer.reads(first)
        assert told.endswith(f"was replaced by an earlier import: '{value}' is kept (1 time)")
        assert importer.reads(second) == []
    assert importer.revisions() == before


def test_what_is_new_is_taken_whole_with_what_was_given_before(importer: Importer) -> None:
    said: dict[str, Any] = {"records": [{**CLAIM, "place": "{place}"}]}
    for what, place in (("One", "A"), ("Two", "B"), ("One", "C")):
        importer.reads([row(what=what, place=place)], **said)
    entry = get(importer.session, Entry, "r-1")
    assert (entry.summary, entry.place) == ("One", "C")


def test_what_hangs_on_an_entry_settles_where_files_differ(importer: Importer) -> None:
    said: dict[str, Any] = {
        "records": [{**CLAIM, "participants": [{"actor": "by", "role": "subject"}]}],
        "actors": {name: {"name": f"{{{name}}}", "kind": "outlet"} for name in ("who", "by")},
    }
    first, second = [row(by="X")], [row(by="Y")]
    for rows in (first, second):
        told = importer.reads(rows, **said)
    assert told == ["participation of entry 'r-1' is no longer given, and is removed (1 time)"]
    for rows in (first, second, first):
        told = importer.reads(rows, **said)
    assert told == ["participation of entry 'r-1' is not given each time, and stays (1 time)"]
    before = importer.revisions()
    for rows in (second, first):
        importer.reads(rows, **said)
    assert importer.revisions() == before
    names = {one.actor.name for one in importer.session.scalars(select(Participation))}
    assert names == {"X", "Y"}


def test_a_document_of_ones_own_is_cited_and_what_rows_say_otherwise_is_named(
    importer: Importer,
) -> None:
    case = Casebook(importer.session)
    case.document("D", url=ROW["url"], publisher="a", title="Mine", published="2024-01-15")
    told = importer.reads([row()])
    begins, ends = "document 'D' ", " is kept (1 time)"
    assert [one.removeprefix(begins).removesuffix(ends) for one in told] == [
        "publisher 'Ann' in a.csv:2 differs: 'Actor a'",
        "title 'T' in a.csv:2 differs: 'Mine'",
        "published '2024-01-01' in a.csv:2 differs: '2024-01-15'",
    ]


def test_an_address_that_another_document_has_is_left_out(importer: Importer) -> None:
    said: dict[str, Any] = {"documents": {"page": {**PAGE, "ref": "p-{page}"}}}
    importer.reads([row(page="1"), row(page="2", id="2", url="https://a.example/2")], **said)
    before = importer.revisions()
    told = importer.reads([row(page="2", id="2")], **said)
    assert told == [
        "document 'p-2' url 'https://a.example/1' in a.csv:2 is the address of another document, "
        "and is left out (1 time)"
    ]
    assert importer.revisions() == before


def test_of_a_protected_document_no_value_is_named(importer: Importer) -> None:
    case = Casebook(importer.session)
    case.document("D", url=ROW["url"], publisher="a", title="Secret", protected=True)
    told = importer.reads([row()])
    assert told[0] == "publisher of a protected document in a.csv:2 differs: it is kept (1 time)"
    assert not any(word in one for word in ("Secret", "'T'", "'D'") for one in told)


@pytest.mark.parametrize(
    ("actor", "first", "second", "told"),
    [
        pytest.param(
            {"name": "{who}", "kind": "{kind}"}, {"kind": "person"}, {"kind": "outlet"},
            "actor 'ann' kind 'outlet' in a.csv:3 differs: 'person' is kept (1 time)", id="kind",
        ),
        pytest.param(
            {"ref": "a", "name": "{who}", "kind": "outlet"}, {}, {"who": "Bob"},
            "actor 'a' name 'Bob' in a.csv:3 differs: 'Ann' is kept (1 time)", id="name",
        ),
        pytest.param(
            {"name": "{who}", "kind": "outlet", "parent": "top"}, {"top": "X"}, {"top": "Y"},
            "actor 'ann' parent 'y' in a.csv:3 differs: 'x' is kept (1 time)", id="parent",
        ),
    ],
)  # fmt: skip
def test_of_rows_that_differ_on_an_actor_the_first_counts_and_the_others_are_named(
    importer: Importer, actor: Any, first: Any, second: Any, told: str
) -> None:
    actors = {"who": actor, "top": {"name": "{top}", "kind": "group"}}
    made = {"make": "actor", "use": "top", "when": {"top": True}}
    said: dict[str, Any] = {"actors": actors, "records": [made, CLAIM], "optional": ["top", "kind"]}
    rows = [row(**first), row(id="2", url="https://a.example/2", **second)]
    for _ in range(2):
        assert importer.reads(rows, **said) == [told]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(["2024-01-01", "2024-06/.."], ("2024-01-01", "2024-06-01"), id="open end"),
        pytest.param(["../2024-05", "2024-06"], ("None", "2024-06-30"), id="open beginning"),
        pytest.param(["../2024-05", "../2024-04"], ("None", "2024-05-31"), id="both open"),
    ],
)
def test_bounds_that_hold_open_ones_too_do_not_hang_on_the_order_of_rows(
    importer: Importer, dates: list[str], expected: tuple[str, str]
) -> None:
    page = {**PAGE, "ref": "p", "published": "{seen}"}
    rows = [row(id=f"{at}", seen=seen) for at, seen in enumerate(dates)]
    for order in (rows, rows[::-1], rows):
        told = importer.reads(order, documents={"page": page})
        assert any("differs: " in note for note in told)
        [(*_, first, last)] = importer.pages()
        assert (first, last) == expected


def test_dates_that_somebody_has_corrected_stay_until_a_row_gives_a_later_one(
    importer: Importer,
) -> None:
    days = ("01", "15", "25")
    rows = [row(id=str(at), date=f"2024-01-{day}") for at, day in enumerate(days)]
    importer.reads(rows)
    [page] = importer.session.scalars(select(Document))
    given = {"ref": page.ref, "publisher": "ann", "url": page.url, "title": page.title}
    day = date(2024, 1, 1)
    changes.put(importer.session, NewDocument(**given, published_from=day, published_to=day))
    assert importer.reads(rows) == []
    assert importer.pages() == [("Ann", "T", "2024-01-01", "2024-01-01")]
    importer.reads([*rows, row(id="9", date="2024-02-01")])
    assert importer.pages() == [("Ann", "T", "2024-01-01", "2024-02-01")]


def test_bounds_of_publication_are_written_once_for_all_rows(importer: Importer) -> None:
    importer.reads([row(id=str(day), date=f"2024-01-{day}") for day in range(10, 20)])
    assert importer.pages() == [("Ann", "T", "2024-01-10", "2024-01-19")]
    changed = Revision.table_name == "document"
    assert len(importer.session.scalars(select(Revision).where(changed)).all()) == 2


def test_imports_by_two_profiles_keep_what_the_first_said_and_bounds_that_hold_both_dates(
    importer: Importer,
) -> None:
    claim = {**CLAIM, "ref": "s-{id}"}
    for _ in range(2):
        importer.reads([row()])
        told = importer.reads([row(date="2024-02-01", title="U")], name="other", records=[claim])
        importer.reads([row()])
        assert importer.pages() == [("Ann", "T", "2024-01-01", "2024-02-01")]
        assert "title 'U' in a.csv:2 differs: 'T' is kept" in told[0]
    before = importer.revisions()
    importer.reads([row(date="2024-02-01", title="U")], name="other", records=[claim])
    assert importer.revisions() == before
