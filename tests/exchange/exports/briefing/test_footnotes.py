"""Footnotes of the briefing: which documents an entry cites, and as what."""

import json
import re
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import dates
from claimtrack.db import Session
from claimtrack.exchange.exports.briefing.lookups import quoted
from claimtrack.reports.citations import citations
from commandline import CommandLine
from exchange.exports.briefing.pages import Page, shown, written


def test_each_entry_marks_the_documents_that_it_cites(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language)
    homes = {ref: told["p"][0] for ref, told in page.claims().items()}
    homes |= {ref: node for ref, (node, _) in page.chronology().items()}
    for ref, node in homes.items():
        cited = {row.document_ref for row in citations(session) if row.entry_ref == ref}
        notes = page.noted(node)
        told = [re.match(r"\d+\. Actor press \(press\), (\w+)", note) for note in notes]
        assert sorted(found[1] if found else "" for found in told) == sorted(cited)
    assert '“=words "two"” (found in D [1]); ' in shown(homes["C"])
    links = [one.attrs["href"] for one in page.tree.query("a") if one.attrs["href"][:1] != "#"]
    assert "https://example.org/%C3%A9?a=1%20b#c" in links


def test_a_document_has_one_note_however_often_and_by_whichever_address_it_is_cited(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.document("Main", title="The text", url="https://example.org/main")
    case.document("Copy", canonical="Main", url="https://example.com/copy")
    case.cite("C", "Copy").cite("S", "Main").cite("S", "Copy", label="[2]").cite("X1", "Main")
    session.flush()
    page = written(session, tmp_path, language)
    notes = [shown(one) for one in page.tree.query("p") if "note-" in str(one.attrs.get("id"))]
    (note,) = (one for one in notes if "Main" in one or "Copy" in one)
    assert re.fullmatch(
        r"\d+\. Actor press \(press\), The text \(Main\); also at https://example\.com/copy\.", note
    )
    assert len(notes) == len(set(notes))
    marked = [node for node in page.tree.query("p, li") if note in page.noted(node)]
    assert len(marked) > 2


def test_the_marks_say_what_a_document_is_to_an_entry(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.statement("Cites", cites="First", affirms="alone")
    case.cite(
        "Cites", "Then", "relay", via="First", label="[7]", exact="mots", wording="translation"
    )
    case.cite("Cites", "Beside", "support")
    session.flush()
    node, _ = written(session, tmp_path, language).chronology()["Cites"]
    _, _, sources = shown(node).partition(" Sources: ")
    assert re.fullmatch(
        r"\d+; passed on by \d+ “mots” \(translated\) \(found in First \[7\]\); "
        r"for context \d+\.",
        sources,
    )


def test_what_an_entry_mentioned_stands_on_is_told_apart(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.statement("Told", denies="p", cites="First").cite("Told", "Beside", "support")
    session.flush()
    items = written(session, tmp_path, language).claims()["C"]["Speaks against it"]
    (told,) = (shown(item) for item in items if "Told," in shown(item))
    assert re.search(r"What Told says\.\d+ \(for context \d+\) \(outright", told)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("some words", "“some words”"),
        ("“some words”", "“some words”"),
        ("«untrue» and “incorrect.”", "«untrue» and “incorrect.”"),
        ("“some” words", "““some” words”"),
        ('"', '“"”'),
    ],
)
def test_quoted_words_that_have_quotation_marks_get_no_others(words: str, told: str) -> None:
    assert quoted(words) == told


def test_the_numbers_of_notes_that_follow_each_other_stay_apart(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.document("Other").cite("C", "Other")
    session.flush()
    marked = [
        [shown(mark) for mark in node.query("sup")]
        for node in written(session, tmp_path, language).tree.query("p, li")
        if "".join(map(shown, node.query("sup"))) in shown(node)
    ]
    assert max(map(len, marked)) == 1


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        pytest.param("199X", "1990/1999", id="a decade"),
        pytest.param("2004-XX", "2004", id="a year"),
        pytest.param("../2004-05", "../2004-05-31", id="an open beginning"),
        pytest.param("2004-05-01/..", "2004-05-01", id="an open end"),
    ],
)
def test_a_cited_document_is_shown_as_exactly_dated_as_it_is(
    line: CommandLine, tmp_path: Path, language: str, published: str, expected: str
) -> None:
    line.does("document", "edit", "R", "--published", published)
    cited = json.loads(line.does("report", "citations", "--format", "json", "--source", "R"))
    span = dates.parse_span(published)
    assert {(row["published_from"], row["published_to"]) for row in cited} == {
        (span.first and str(span.first), span.last and str(span.last))
    }
    footnote = rf"{cited[0]['publisher']}, {re.escape(expected)}[;\s]"
    for words in (("show", cited[0]["entry_ref"]), ("report", "citations")):
        assert re.search(footnote, line.does(*words))
    line.does("export", language, str(tmp_path / "page"))
    page = Page((tmp_path / "page").read_text(encoding="utf-8"), language)
    notes = [shown(one) for one in page.tree.query("p") if "note-" in str(one.attrs.get("id"))]
    assert any(re.search(rf"R\b.*, {re.escape(expected)}[.:;]", note) for note in notes), notes
