"""Rows that say different things of one record: kept apart, refused or named, each time alike."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from casebook import Casebook
from claimtrack import changes, db
from claimtrack.changes import Outcome
from claimtrack.db import Session, sessions
from claimtrack.errors import InvalidRecords
from claimtrack.exchange.imports.import_files import ImportReport, import_files
from claimtrack.exchange.imports.profiles import Profile
from claimtrack.exchange.imports.row_files import ALL_ROWS, ImportOptions
from claimtrack.exchange.imports.updates import make_message
from claimtrack.models import Citation, Document, Entry, Participation, Revision, Stance
from claimtrack.records import get
from claimtrack.schemas import NewDocument, NewProposition
from conftest import AUTHOR, NewTarget

PAGE = {
    "ref": {"from": "p-", "digest": ["{url}"]},
    "publisher": "who",
    "url": "{url}",
    "published": "{date}",
    "title": "{title}",
}
CLAIM = {
    "make": "claim",
    "ref": "r-{id}",
    "actor": "who",
    "summary": "{what}",
    "date": "{date}",
    "citations": [{"document": "page", "role": "primary"}],
}
ROW = {"id": "1", "who": "Ann", "what": "One", "date": "2024-01-01", "url": "https://a.example/1"}
JUDGED = {
    "format": "json",
    "topics": {"t": {"ref": "t-{topic}", "name": "{topic_name}"}},
    "propositions": {"p": {"ref": "p-{pid}", "text": "{ptext}", "topic": "t"}},
}


class Importer:
    """Imports rows in one transaction, each time as an import of its own."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.report = ImportReport()

    def reads(
        self, *files: Sequence[Mapping[str, Any]], wanted: ImportOptions = ALL_ROWS, **said: Any
    ) -> list[str]:
        """Import files of rows, and return the notes."""
        profile = Profile.model_validate(
            {
                "claimtrack_profile": 1,
                "name": said.pop("name", "mine"),
                "about": "rows",
                "format": "csv",
                "optional": ["title"],
                "actors": {"who": {"name": "{who}", "kind": "outlet"}},
                "documents": {"page": PAGE},
                "records": [CLAIM],
                **said,
            }
        )
        self.session.state.change = db.new_change(AUTHOR, make_message(profile.name, None))
        paths = [self._written(rows, at, profile) for at, rows in enumerate(files)]
        try:
            self.report = import_files(self.session, profile, paths, wanted)
        finally:
            self.session.state.change = db.new_change(AUTHOR)
        return [note.replace(f"{self.folder}/", "") for note in self.report.notes.lines(99)]

    def refuses(self, *files: Sequence[Mapping[str, Any]], **said: Any) -> str:
        """Return why an import is refused, which leaves nothing behind."""
        with pytest.raises(InvalidRecords) as found, self.session.begin_nested():
            self.reads(*files, **said)
        self.session.expunge_all()
        return str(found.value).replace(f"{self.folder}/", "")

    def _written(self, rows: Sequence[Mapping[str, Any]], at: int, profile: Profile) -> Path:
        path = self.folder / f"{'ab'[at]}.{profile.format}"
        if profile.format == "json":
            path.write_text(json.dumps(rows), "utf-8")
            return path
        with path.open("w", newline="") as stream:
            writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def revisions(self) -> int:
        return self.session.scalar(select(func.count()).select_from(Revision)) or 0

    def pages(self) -> list[tuple[Any, ...]]:
        """Return what rows say of the documents, by title."""
        query = select(Document).order_by(Document.title)
        return [
            (row.publisher.name, row.title, str(row.published_from), str(row.published_to))
            for row in self.session.scalars(query)
        ]


@pytest.fixture
def importer(new_target: NewTarget, tmp_path: Path) -> Iterator[Importer]:
    with (
        new_target("sqlite") as made,
        sessions.writing(db.connect(made), author=AUTHOR, dry_run=True) as session,
    ):
        yield Importer(session, tmp_path)


def row(**said: Any) -> dict[str, Any]:
    return {**ROW, "title": "T", **said}


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


def stance(value: str, **said: Any) -> dict[str, Any]:
    return {"proposition": "p", "asserted_by": "who", "value": value, **said}


def judged(*stances: Any, **said: Any) -> dict[str, Any]:
    return {**JUDGED, "records": [{**CLAIM, "stances": list(stances)}], **said}


JUDGED_ROW = row(pid="1", ptext="It holds", topic="1", topic_name="Truce", v=2)


def test_a_proposition_with_another_text_is_refused(importer: Importer) -> None:
    said = judged(stance("{v}"))
    same = {**JUDGED_ROW, "id": "2", "ptext": "It  holds"}
    assert importer.reads([JUDGED_ROW, same], **said) == []
    other = {**JUDGED_ROW, "id": "3", "ptext": "It does not hold"}
    assert importer.refuses([other], **said) == (
        "a.json:1: record 1: "
        "proposition 'p-1' has another text than this row gives it, 'It holds' and "
        "'It does not hold': correct one of them, or let the profile make another ref"
    )
    better = NewProposition(ref="p-1", text="The truce holds", topic="t-1")
    changes.put(importer.session, better)
    assert importer.reads([JUDGED_ROW], **said) == []


def test_a_topic_with_another_name_is_named(importer: Importer) -> None:
    other = {**JUDGED_ROW, "id": "2", "topic_name": "Peace"}
    assert importer.reads([JUDGED_ROW, other], **judged(stance("{v}"))) == [
        "topic 't-1' name 'Peace' in a.json:1 differs: 'Truce' is kept (1 time)"
    ]


def test_two_stances_of_one_judge_are_one_or_refused(importer: Importer) -> None:
    both = judged(stance("{v}"), stance("{w}", rationale="{why}"))
    same = {**JUDGED_ROW, "w": 2, "why": "Because"}
    assert importer.reads([same], **both) == []
    [held] = importer.session.scalars(select(Stance))
    assert (held.value, held.rationale) == (2, "Because")
    assert importer.refuses([{**JUDGED_ROW, "id": "2", "w": -2, "why": ""}], **both) == (
        "a.json:1: record 1: "
        "two stances of 'ann' on 'p-1' differ, with value '2' and '-2': keep one, or let "
        "the profile give each its own proposition or judge"
    )


def test_a_stance_whose_judge_is_not_named_is_nobody_elses(importer: Importer) -> None:
    said = judged(stance("{v}", asserted_by="judge"))
    said["actors"] = {
        "who": {"name": "{who}", "kind": "outlet"},
        "judge": {"name": "{judge}", "kind": "person"},
    }
    assert importer.refuses([JUDGED_ROW], **said) == (
        "a.json:1: record 1: "
        "there is no judge of the stance: actor judge of the profile is made of judge, "
        "which is empty"
    )


def quoting(**said: Any) -> dict[str, Any]:
    page = {**PAGE, "each": {"from": "evidence"}, "url": None, "ref": "p-{part.page}"}
    cited = {"document": "page", "role": "support", "exact": "{part.quote}", **said}
    records = [{**CLAIM, "citations": [cited]}]
    return {"format": "json", "documents": {"page": page}, "records": records}


def test_two_quotations_of_one_document_are_refused_until_they_are_told_apart(
    importer: Importer,
) -> None:
    evidence = [{"page": "1", "quote": quote} for quote in ("one", "two", "two")]
    rows = [row(evidence=evidence)]
    told = importer.refuses(rows, **quoting())
    label = 'label: {digest: ["{part.quote}"]}'
    assert told == (
        "a.json:1: record 1: "
        "two citations of 'p-1' differ in exact: tell them apart in the profile, with "
        f"{label}"
    )
    importer.reads(rows, **quoting(label={"digest": ["{part.quote}"]}))
    quotes = {one.exact for one in importer.session.scalars(select(Citation))}
    assert quotes == {"one", "two"}


def test_a_quotation_is_kept_beside_a_citation_that_has_none(importer: Importer) -> None:
    evidence = [{"page": "1"}, {"page": "1", "quote": "one", "role": "relay"}]
    told = importer.reads([row(evidence=evidence)], **quoting(role=["{part.role}", "support"]))
    assert told == [
        "role 'relay' of a document that the row cites as 'support' is not taken over (1 time)",
        "url is not read by this profile (1 time)",
    ]
    [held] = importer.session.scalars(select(Citation))
    assert (held.exact, held.role) == ("one", "support")


def test_a_list_of_names_is_no_person(importer: Importer) -> None:
    said: dict[str, Any] = {
        "format": "json",
        "actors": {"who": {"name": "{by.name}", "kind": "{kind}"}},
    }
    rows = [row(by=[{"name": "Ann"}, {"name": "Bo"}], kind="person")]
    assert importer.refuses(rows, **said) == (
        "a.json:1: record 1: "
        "by.name holds several names, 'Ann; Bo', and a person is one: take one by its "
        "number in the profile, and let the others be participants"
    )
    told = importer.reads([{**rows[0], "kind": "outlet"}], **said)
    assert told[0] == "by.name 'Ann; Bo' is a list, and is taken for one outlet (1 time)"
    told = importer.reads([{**rows[0], "kind": "group", "id": "2"}], **said)
    assert not any("is a list" in one for one in told)


def test_a_row_that_is_put_aside_leaves_no_note(importer: Importer) -> None:
    rejected: list[str] = []
    wanted = ImportOptions(None, lambda _feed, _row, why: rejected.append(why))
    rows = [row(), row(id="2", title="U", what=""), row(id="3")]
    assert importer.reads(rows, wanted=wanted) == []
    assert rejected == ["summary is empty: write something (column what)"]
    assert importer.report.made["claim", Outcome.ADDED] == 2


def test_columns_that_are_not_read_are_named_once(importer: Importer) -> None:
    assert importer.reads([row(lat=1, lon=2), row(id="2", lat=3, lon=4)]) == [
        "lat, lon are not read by this profile (2 times)"
    ]
    rows = [row(**{"@type": "x"}), row(id="2", more={"x": 1}, none=None)]
    assert importer.reads(rows, format="json") == ["more is not read by this profile (1 time)"]
    rows = [row(id="3", lat=1), row(id="4", lat=2, lon=3), row(id="5", lat="")]
    assert importer.reads(rows) == ["lat, lon (1) are not read by this profile (2 times)"]


@pytest.mark.parametrize(
    ("by", "told"),
    [
        pytest.param({"name": "Ann", "role": {"is": "liar"}, "none": ""}, "by.role", id="a key"),
        pytest.param([{"name": "Ann", "role": "liar"}], "by.role", id="in a list"),
        pytest.param({"name": "Ann", "@id": "x"}, "", id="of JSON-LD"),
    ],
)
def test_of_an_object_that_is_read_in_part_the_rest_is_named(
    importer: Importer, by: object, told: str
) -> None:
    said: dict[str, Any] = {
        "format": "json",
        "actors": {"who": {"name": ["{by.name}", "{who}"], "kind": "outlet"}},
    }
    notes = importer.reads([row(by=by)], **said)
    assert notes == ([f"{told} is not read by this profile (1 time)"] if told else [])


def test_of_the_parts_of_a_list_what_is_not_read_is_named(importer: Importer) -> None:
    evidence = [{"page": "1", "quote": "one"}, {"page": "2", "quote": "two", "seen": "2024"}]
    assert importer.reads([row(evidence=evidence)], **quoting()) == [
        "url, evidence.seen are not read by this profile (1 time)"
    ]


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


def test_a_row_that_makes_nothing_is_noted(importer: Importer) -> None:
    said: dict[str, Any] = {"records": [{**CLAIM, "when": {"kind": ["a"]}}]}
    rows = [row(kind="a"), row(kind="b"), row(kind="c")]
    assert importer.reads(rows, **said) == [
        "row makes nothing, as no 'when' of the profile fits it (2 times)"
    ]


@pytest.mark.parametrize(
    ("actors", "said", "told"),
    [
        pytest.param(
            {"who": {"name": "{who}", "kind": "outlet"}}, {"who": ""},
            "there is no actor: actor who of the profile is made of who, which is empty", id="one",
        ),
        pytest.param(
            {"who": {"name": "{made}", "kind": "outlet"}}, {"who": "n/a"},
            "there is no actor: actor who of the profile is made of who 'n/a', which gives none",
            id="a cell that gives none",
        ),
    ],
)  # fmt: skip
def test_an_actor_that_is_missing_is_named_with_its_columns(
    importer: Importer, actors: Any, said: Any, told: str
) -> None:
    let = {"made": {"from": "{who}", "map": {"n/a": None}, "unknown": "keep"}}
    assert importer.refuses([row(**said)], actors=actors, let=let) == f"a.csv:2: {told}"


def test_a_wrong_value_names_its_column(importer: Importer) -> None:
    said: dict[str, Any] = {"records": [{**CLAIM, "precision": "{how}"}]}
    told = importer.refuses([row(how="x", date="")], **said)
    assert told.startswith("a.csv:2: precision 'x' is not one of ")
    assert told.endswith(" (column how)")


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
