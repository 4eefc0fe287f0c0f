"""The dossier for an editor: what other programs read in it is what the reports say."""

import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from justhtml import JustHTML
from markdown_it import MarkdownIt
from sqlalchemy import select
from sqlalchemy.orm import Session

from casebook import Casebook
from claimtrack import dates, history
from claimtrack.errors import UnknownRef
from claimtrack.exchange import gathered, markup
from claimtrack.exchange.gathered import MOST_FOR
from claimtrack.exchange.mentions import quoted
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.page import Plan, write_page
from claimtrack.lookup import list_records
from claimtrack.models import Entry, Stance
from claimtrack.query.filters import Filters
from claimtrack.query.narrowing import PairFilters
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.citations import citations
from claimtrack.reports.contradictions import contradictions
from claimtrack.reports.hypotheses import describe_sum, hypotheses, sums
from claimtrack.vocab import Basis, Confidence, Likelihood
from commandline import CommandLine
from conftest import Typed
from test_claimreview import fill_more
from test_graph import FILTERS

LANGUAGES = {"markdown": markup.MARKDOWN, "html": markup.HTML}
HOSTILE = (
    '<script>alert(1)</script> [x](javascript:1) | *b* _i_ `c` [^1] & "q"\n# h\n\x1b[31m\u202e'
)


def fill_page(case: Casebook) -> None:
    fill_more(case)
    case.topic("either", exclusive=True)
    case.proposition("e1", topic="either").proposition("e2", topic="either")
    case.statement("X1", actor="boss", affirms="e1", date_from="2024-01-01", date_to="2024-01-01")
    case.action("X2", actor="boss", stances={"e1": -1, "e2": 2}).claim("Q", affirms="q")
    case.link("E", "corroborates", "Late", judge="linker")


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    fill_page(made)
    session.flush()
    return made


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Page:
    """A page as a reader of its language shows it."""

    def __init__(self, said: str, language: str) -> None:
        self.said = said
        rendered = said if language == "html" else self._rendered(said)
        self.tree: Any = JustHTML(rendered, sanitize=False, collect_errors=True)
        if language == "html":
            assert self.tree.errors == []

    @staticmethod
    def _rendered(said: str) -> str:
        body, _, notes = said.partition("## Notes\n")
        body = re.sub(r"(?<!\\)\[\^(\d+)\]", r'<sup><a href="#note-\1">\1</a></sup>', body)
        html: str = MarkdownIt("commonmark").enable("table").render(f"{body}## Notes\n")
        for number, note in re.findall(r"^\[\^(\d+)\]: (.+)$", notes, re.MULTILINE):
            inner = MarkdownIt("commonmark").renderInline(note)
            html += f'<p id="note-{number}">{number}. {inner}</p>'
        return html

    def claims(self) -> dict[str, dict[str, list[Any]]]:
        """The list items that speak for and against each claim, by its ref."""
        found: dict[str, dict[str, list[Any]]] = {}
        inside: dict[str, list[Any]] | None = None
        heading = ""
        for node in self.tree.query("h2, h3, p, ul"):
            text = shown(node)
            if node.name == "h2":
                inside = None
            elif node.name == "h3":
                inside = found.setdefault(text.partition(":")[0], {"p": []})
            elif node.name == "p":
                heading = text
                if inside is not None:
                    inside["p"].append(node)
            elif inside is not None:
                inside[heading] = node.query("li")
        return found

    def noted(self, node: Any) -> set[str]:
        """The notes that are marked in a part of the page."""
        marks = [one.attrs["href"].removeprefix("#") for one in node.query("sup a")]
        notes = {one.attrs.get("id"): shown(one) for one in self.tree.query("p")}
        return {notes[mark] for mark in marks}


def shown(node: Any) -> str:
    """The text of a part of a page, as it stands in a line."""
    if node.name == "#text":
        return str(node.data)
    return "".join(map(shown, node.children))


def written(
    session: Session,
    folder: Path,
    language: str,
    wanted: Filters = Filters(),  # noqa: B008
    **plan: Any,
) -> Page:
    out, spare = io.BytesIO(), folder / str(len(list(folder.iterdir())))
    spare.mkdir()
    known = Plan(LANGUAGES[language], **{"title": "A title", **plan})
    write_page(session, out, wanted, known, spare, Notes())
    return Page(out.getvalue().decode(), language)


def refs(items: list[Any]) -> list[str]:
    return [shown(item.query("strong")[1]) for item in items]


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_each_claim_stands_with_what_speaks_for_and_against_it(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    page = written(session, tmp_path, language, wanted)
    claims = {row.ref for row in list_records(session, "claim", wanted)}
    found = page.claims()
    assert set(found) == claims
    for ref in claims:
        affirmed = [row.ref for row in affirmations(session, wanted, Entry.ref == ref)]
        assert refs(found[ref].get("Speaks for it", [])) == affirmed
        pairs = [
            row
            for row in contradictions(session, wanted, PairFilters(include_reconciled=True))
            if ref in (row.subject_ref, row.counter_ref)
        ]
        against = found[ref].get("Speaks against it", [])
        others = {(row.klass, *{row.subject_ref, row.counter_ref} - {ref}) for row in pairs}
        said = [shown(item.query("strong")[0]).replace(" ", "_") for item in against]
        assert set(zip(said, refs(against), strict=True)) == others
        assert len(against) == len(pairs)


def test_what_speaks_against_a_claim_tells_grounds_judges_and_days(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    found = written(session, tmp_path, language).claims()
    (denial,) = (one for one in found["C"]["Speaks against it"] if "S," in shown(one))
    told = shown(denial)
    assert told.startswith("denial: S, statement by Actor a (a), undated: What S says.")
    assert told.endswith(
        "(outright, explicit; on “Proposition p.” (p); found by proposition; link, confirmed; "
        "in the reading of Actor coder (coder))"
    )
    (linked,) = (one for one in found["Late"]["Speaks for it"] if "E," in shown(one))
    assert "(outright; linked as corroborating; in the reading of Actor linker" in shown(linked)


def test_what_a_claim_asserts_is_told_with_its_hedges(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Hedged", stances={"p": -1, "q": 0})
    session.flush()
    first = session.scalars(
        select(Stance).join(Entry).where(Entry.ref == "Hedged", Stance.value == -1)
    )
    stance = first.one()
    stance.hedge, stance.condition, stance.confidence = "may", "if it rains", Confidence.LOW
    stance.likelihood, stance.basis = Likelihood.VERY_UNLIKELY, Basis.INFERRED
    session.flush()
    found = written(session, tmp_path, language).claims()
    assert [shown(item) for item in found["Hedged"]["Asserts"]] == [
        "denies “Proposition p.” (p) in part (inferred; hedged: may; on the condition: if it "
        "rains; likelihood: very unlikely; confidence: low; in the reading of Actor coder (coder))",
        "leaves open “Proposition q.” (q) (explicit; in the reading of Actor coder (coder))",
    ]


def test_a_denial_that_is_reconciled_is_told_and_makes_no_claim_contested(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Yes", affirms="r").statement("No", denies="r").link("Yes", "reconciles", "No")
    session.flush()
    page = written(session, tmp_path, language)
    (against,) = page.claims()["Yes"]["Speaks against it"]
    assert "found by proposition, reconciled" in shown(against)
    headings = [shown(node).partition(":")[0] for node in page.tree.query("h2, h3")]
    assert headings.index("Yes") > headings.index("Claims that nothing contradicts")


def test_of_many_that_speak_for_a_claim_the_first_are_told_and_the_others_counted(
    session: Session, tmp_path: Path, language: str
) -> None:
    case = Casebook(session).claim("C", affirms="p")
    for number in range(MOST_FOR + 2):
        case.statement(f"S{number:02}", affirms="p")
    session.flush()
    found = written(session, tmp_path, language).claims()["C"]
    assert refs(found["Speaks for it"]) == [f"S{number:02}" for number in range(MOST_FOR)]
    assert shown(found["p"][-1]) == "And 2 more: 'claimtrack show C' has them all."


def test_it_is_the_same_in_however_many_pieces_it_is_looked_up(
    case: Casebook, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    for name in "LMNO":
        case.statement(name, denies="p")
    case.link("L", "reconciles", "C")
    expected = written(session, tmp_path, language).said
    for many in (1, 2, 3):
        monkeypatch.setattr(gathered, "AT_ONCE", many)
        assert written(session, tmp_path, language).said == expected


def test_a_page_without_a_matrix_says_why(session: Session, tmp_path: Path, language: str) -> None:
    case = Casebook(session)
    case.claim("C", affirms="p")
    session.flush()
    assert any(
        shown(one).startswith("No matrix: there is no exclusive topic")
        for one in written(session, tmp_path, language).tree.query("p")
    )


def test_the_days_between_are_told_from_the_claim(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("P", denies="p", date_from="2024-01-20", date_to="2024-01-20")
    session.flush()
    found = written(session, tmp_path, language).claims()
    (later,) = (one for one in found["P"]["Speaks against it"] if "C," in shown(one))
    (earlier,) = (one for one in found["C"]["Speaks against it"] if "P," in shown(one))
    assert "; 5 days later;" in shown(later)
    assert "; 5 days earlier;" in shown(earlier)


def test_contested_claims_come_first_and_pairs_without_a_claim_after_them(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language)
    headings = [
        shown(node).partition(":")[0] if node.name == "h3" else shown(node)
        for node in page.tree.query("h2, h3")
    ]
    rows = list(contradictions(session))
    pairs = {ref for row in rows for ref in (row.subject_ref, row.counter_ref)}
    claims = sorted(row.ref for row in list_records(session, "claim"))
    assert headings == [
        "Contested claims",
        *(ref for ref in claims if ref in pairs),
        "Claims that nothing contradicts",
        *(ref for ref in claims if ref not in pairs),
        "Contradictions without a claim",
        "Hypotheses: Topic either",
        "Notes",
    ]
    without = [
        (row.subject_ref, row.counter_ref)
        for row in rows
        if "claim" not in (row.subject_kind, row.counter_kind)
    ]
    said = [shown(one) for one in page.tree.query("li") if "Against it," in shown(one)]
    assert len(said) == len(without) > 0
    for text, (subject, counter) in zip(said, without, strict=True):
        assert text.startswith(f"{subject}, ")
        assert f": {counter}, " in text


def test_the_matrix_is_that_of_the_report(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language, weighed=("p", "q"))
    tables = page.tree.query("table")
    for table, names in zip(tables, (["p", "q"], ["either"]), strict=True):
        matrix = hypotheses(session, names)
        rows = [[shown(cell) for cell in row.query("th, td")] for row in table.query("tr")]
        assert rows[0] == ["Entry", *matrix.hypotheses, "Diagnosticity"]
        expected = [
            [row.entry_ref, *row.cells, "" if row.diagnosticity is None else str(row.diagnosticity)]
            for row in matrix.rows
        ]
        assert [[row[0].partition(",")[0], *row[1:]] for row in rows[1:-1]] == expected != []
        against = map("; ".join, map(describe_sum, sums(session, matrix.hypotheses)))
        assert rows[-1] == ["Inconsistency", *against, ""]


def test_each_claim_has_a_note_for_each_document_that_it_cites(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language)
    found = page.claims()
    for ref in found:
        cited = [row.document_ref for row in citations(session) if row.entry_ref == ref]
        notes = page.noted(found[ref]["p"][0])
        told = [re.match(r"\d+\. Actor press \(press\), (\w+)", note) for note in notes]
        assert sorted(found[1] if found else "" for found in told) == sorted(cited)
    (quoted,) = (note for note in page.noted(found["C"]["p"][0]) if "[1]" in note)
    assert re.fullmatch(
        r"\d+\. Actor press \(press\), D: “=words "
        r'"two"”; found in D \[1\]\.',
        quoted,
    )
    links = [one.attrs["href"] for one in page.tree.query("a") if one.attrs["href"][:1] != "#"]
    assert "https://example.org/%C3%A9?a=1%20b#c" in links


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


def test_it_says_how_it_was_made(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    wanted = Filters(topics=("topic",), min_strength=1)
    page = written(session, tmp_path, language, wanted, title="Talks & <more>")
    told = [shown(one) for one in page.tree.query("p")]
    assert shown(page.tree.query("h1")[0]) == "Talks & <more>"
    assert told[0].endswith(str(history.anchor(session)))
    assert told[1] == "Narrowed to topics: topic; min strength: 1."


def test_where_there_is_nothing_it_says_so(session: Session, tmp_path: Path, language: str) -> None:
    page = written(session, tmp_path, language)
    assert page.said.count("None.") == 4


def test_no_text_of_the_casebook_becomes_markup(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    plain = written(session, tmp_path, language, weighed=("p", "q"))
    case.document("Evil", url="javascript:alert(1)//>](x)", title=f"</title>{HOSTILE}")
    case.actor("b", name=HOSTILE, aliases=[]).cite("C", "Evil", label=HOSTILE[:20], exact=HOSTILE)
    for ref in ("p", "q"):
        case.proposition(ref, text=HOSTILE)
    for ref in ("C", "S", "X1"):
        session.query(Entry).filter_by(ref=ref).one().summary = HOSTILE
    session.flush()
    page = written(session, tmp_path, language, weighed=("p", "q"))

    def tags(one: Page) -> Counter[str]:
        names = (node.name for node in one.tree.query("*"))
        return Counter(name for name in names if name not in ("#text", "sup", "a"))

    more = sum("(Evil)" in shown(one) for one in page.tree.query("p"))
    assert tags(page) == tags(plain) + Counter(p=more)
    assert more > 1
    hrefs = {one.attrs["href"] for one in page.tree.query("a")}
    assert {href.partition(":")[0] for href in hrefs if href[:1] != "#"} == {"https"}
    assert "\x1b" not in page.said
    assert "\u202e" not in page.said
    heading = shown(page.tree.query("h3")[0])
    told = HOSTILE.replace("\n", " ").replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")
    assert heading == f"C: {told}"


def test_an_html_page_needs_nothing_from_elsewhere_and_knows_paper(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    page = written(session, tmp_path, "html")
    names = {node.name for node in page.tree.query("*")}
    assert names.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "video"})
    assert re.search(r"url\(|@import", page.said) is None
    _, _, paper = page.said.partition("@media print")
    assert 'a[rel]::after { content: " (" attr(href) ")"; }' in paper
    links = [one.attrs for one in page.tree.query("a") if one.attrs["href"][:1] != "#"]
    assert all("rel" in attrs for attrs in links)
    assert links
    ids = [node.attrs["id"] for node in page.tree.query("*") if "id" in (node.attrs or {})]
    assert len(ids) == len(set(ids))
    targets = {a.attrs["href"][1:] for a in page.tree.query("a") if a.attrs["href"][:1] == "#"}
    assert targets <= set(ids)


def test_an_unknown_hypothesis_is_named(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    with pytest.raises(UnknownRef):
        written(session, tmp_path, language, weighed=("p", "nothing"))


# --- the commands ---------------------------------------------------------------------------------


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(fill_page)


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


def test_a_page_says_that_it_withholds_something(
    line: CommandLine, tmp_path: Path, language: str
) -> None:
    line.does("document", "edit", "R", "--title", "Canary", "--protected")
    words = ["export", language, str(tmp_path / "page")]
    said = []
    for more in ((), ("--include-protected",)):
        line.does(*words, *more, "--hypothesis", "p", "--hypothesis", "q")
        said.append((tmp_path / "page").read_text(encoding="utf-8"))
    assert ["named by pseudonym" in one for one in said] == [True, False]
    assert ["example.org/%C3" in one for one in said] == [False, True]
