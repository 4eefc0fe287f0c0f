"""The briefing for an editor: what other programs read in it is what the casebook holds."""

import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from justhtml import JustHTML
from markdown_it import MarkdownIt
from sqlalchemy import select

from casebook import Casebook
from claimtrack import dates, history
from claimtrack.db import Session
from claimtrack.errors import UnknownRef
from claimtrack.exchange.exports.briefing import contested, lines, markup
from claimtrack.exchange.exports.briefing.contested import MOST_FOR
from claimtrack.exchange.exports.briefing.lookups import quoted
from claimtrack.exchange.exports.briefing.page import Plan, write_page
from claimtrack.exchange.notes import Notes
from claimtrack.lookup import list_records
from claimtrack.models import Entry, Stance
from claimtrack.query.filters import Filters
from claimtrack.reports.affirmations import affirmations
from claimtrack.reports.citations import citations
from claimtrack.reports.contradictions import ContradictionRow, contradictions
from claimtrack.reports.hypotheses import describe_sum, hypotheses, sums
from claimtrack.vocab import Basis, Confidence, GroupBy, Likelihood
from commandline import CommandLine
from conftest import Typed, count_queries
from exchange.exports.test_claimreview import fill_more
from exchange.exports.test_graph import FILTERS

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

    def section(self, heading: str) -> Iterator[Any]:
        """The headings, paragraphs, lists and tables below a heading."""
        inside = False
        for node in self.tree.query("h2, h3, p, ul, table"):
            if node.name == "h2":
                inside = shown(node) == heading
            elif inside:
                yield node

    def claims(self) -> dict[str, dict[str, list[Any]]]:
        """The list items that speak for and against each contested claim, by its ref."""
        found: dict[str, dict[str, list[Any]]] = {}
        inside: dict[str, list[Any]] = {}
        heading = ""
        for node in self.section("Contested claims"):
            if node.name == "h3":
                inside = found.setdefault(shown(node).partition(":")[0], {"p": []})
            elif node.name == "p":
                heading = shown(node)
                inside.setdefault("p", []).append(node)
            else:
                inside[heading] = node.query("li")
        return found

    def chronology(self) -> dict[str, tuple[Any, list[Any]]]:
        """The paragraph and the list items of each other entry, by its ref, in order."""
        found: dict[str, tuple[Any, list[Any]]] = {}
        ref = ""
        for node in self.section("Chronology of all other entries"):
            if node.name == "p" and node.query("strong"):
                ref = shown(node.query("strong")[1])
                assert ref not in found
                found[ref] = node, []
            elif node.name == "ul":
                found[ref][1].extend(node.query("li"))
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


def ends(row: ContradictionRow) -> set[str]:
    return {row.subject_ref, row.counter_ref}


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_each_contested_claim_has_what_speaks_for_and_against_it(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    found = written(session, tmp_path, language, wanted).claims()
    rows = list(contradictions(session, wanted))
    claims = {row.ref for row in list_records(session, "claim", wanted)}
    assert list(found) == sorted(claims & {ref for row in rows for ref in ends(row)})
    for ref, told in found.items():
        affirmed = [row.ref for row in affirmations(session, wanted, Entry.ref == ref)]
        assert refs(told.get("Speaks for it", [])) == affirmed
        against = told["Speaks against it"]
        said = [shown(item.query("strong")[0]).replace(" ", "_") for item in against]
        pairs = [row for row in rows if ref in ends(row)]
        expected = sorted((*(ends(row) - {ref}), str(row.klass)) for row in pairs)
        assert list(zip(refs(against), said, strict=True)) == expected


@pytest.mark.parametrize("wanted", FILTERS.values(), ids=FILTERS)
def test_every_other_entry_stands_in_the_chronology_by_date_the_undated_last(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    case.window("W", date_from="2024-02-01", date_to="2024-03-01", affirms="p")
    case.assessment("Open", date_to="2023-05-01", denies="q", actor="boss")
    session.flush()
    page = written(session, tmp_path, language, wanted)
    rows = {row.ref: row for row in list_records(session, "entry", wanted)}
    found, told = page.chronology(), page.claims()
    assert {*found, *told} == set(rows) != set()
    assert found.keys().isdisjoint(told)
    days = [
        (str(rows[ref].date_from or rows[ref].date_to or "9999"), ref)  # as ISO dates sort
        for ref in found
    ]
    assert days == sorted(days)
    for ref, (node, _) in found.items():
        row = rows[ref]
        when = dates.format_span(row.date_from, row.date_to) or "undated"
        assert shown(node.query("strong")[0]).startswith(when)
        assert f"{row.kind} by Actor {row.actor} ({row.actor})" in shown(node)
        assert row.summary in shown(node)


def test_an_entry_of_the_chronology_has_its_stances_its_words_for_the_date_and_its_period(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.actor("kremlin", parent="boss")
    case.statement(
        "Told",
        actor="a",
        on_behalf_of="kremlin",
        date_from="2024-02-01",
        date_to="2024-02-29",
        date_text="in February",
        about_from="2024-03-01",
        stances={"new": 2, "newer": 0},
    )
    session.flush()
    node, items = written(session, tmp_path, language).chronology()["Told"]
    assert shown(node) == (
        "2024-02 (“in February”), about 2024-03-01/.., Told, statement by Actor a (a) on behalf of "
        "Actor kremlin (kremlin), of Actor boss (boss): What Told says."
    )
    assert [shown(item) for item in items] == [
        "affirms “Proposition new.” (new) outright (explicit; in the reading of Actor coder "
        "(coder))",
        "leaves open “Proposition newer.” (newer) (explicit; in the reading of Actor coder "
        "(coder))",
    ]


def test_what_speaks_against_a_claim_tells_grounds_judges_and_days(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    found = written(session, tmp_path, language).claims()
    (denial,) = (one for one in found["C"]["Speaks against it"] if "S," in shown(one))
    told = shown(denial)
    assert told.startswith("denial: S, statement by Actor a (a), of Actor boss (boss), undated:")
    assert told.endswith(
        "(outright, explicit; on “Proposition p.” (p); found by proposition and link; "
        "judged by Actor coder (coder); confirmed)"
    )
    (linked,) = (one for one in found["Late"]["Speaks for it"] if "E," in shown(one))
    assert "(outright; linked as corroborating; judged by Actor linker" in shown(linked)


def test_a_breach_of_which_the_order_is_not_known_says_so(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.commitment("K", actor="boss", affirms="kept")
    case.action("Deed", actor="boss", denies="kept", date_from="2024-01-01", date_to="2024-01-01")
    session.flush()
    (told,) = (
        shown(one)
        for one in written(session, tmp_path, language).tree.query("li")
        if shown(one).startswith("K, ")
    )
    assert "Against it, breach, order not known: Deed, action by Actor boss (boss)" in told


def test_a_disputed_pair_says_who_contradicts_who_reconciles_and_why(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Yes", affirms="r", judge="bea").statement("No", denies="r", judge="bea")
    case.link("Yes", "reconciles", "No", judge="cam", rationale="*another* week")
    session.flush()
    (against,) = written(session, tmp_path, language).claims()["Yes"]["Speaks against it"]
    assert shown(against).endswith(
        "judged by Actor bea (bea); disputed: Actor bea (bea) contradicts, Actor cam (cam) "
        "reconciles (*another* week))"
    )


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
        "denies “Proposition p.” (p) weakly (inferred; hedged: may; on the condition: if it "
        "rains; likelihood: very unlikely; confidence: low; in the reading of Actor coder (coder))",
        "leaves open “Proposition q.” (q) (explicit; in the reading of Actor coder (coder))",
    ]


def test_what_is_reconciled_stands_apart_and_makes_no_claim_contested(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Yes", affirms="r").statement("No", denies="r").claim("Other")
    case.link("Yes", "reconciles", "No", rationale="they speak of two weeks")
    case.link("Yes", "reconciles", "Other")
    session.flush()
    page = written(session, tmp_path, language)
    (items,) = (node for node in page.section("Reconciled") if node.name == "ul")
    other, denied = (shown(item) for item in items.query("li"))
    assert denied.startswith("Yes, claim by ")
    assert "Beside it, reconciled: No, statement by " in denied
    assert "(otherwise at odds with record; outright, explicit; on “Proposition r.” (r)" in denied
    assert denied.endswith("reconciled: Actor coder (coder) reconciles (they speak of two weeks))")
    assert "Yes, claim by" in other
    assert "(nothing recorded sets them against each other; reconciled: Actor coder" in other
    assert "Yes" not in page.claims()
    assert "Yes" in page.chronology()


def test_of_many_that_speak_for_a_claim_the_first_are_told_and_the_others_counted(
    session: Session, tmp_path: Path, language: str
) -> None:
    case = Casebook(session).claim("C", affirms="p").statement("T", denies="p")
    for number in range(MOST_FOR + 2):
        case.statement(f"S{number:02}", affirms="p")
    session.flush()
    found = written(session, tmp_path, language).claims()["C"]
    assert refs(found["Speaks for it"]) == [f"S{number:02}" for number in range(MOST_FOR)]
    assert "And 2 more: 'claimtrack show C --all' has them." in map(shown, found["p"])


def test_it_is_the_same_in_however_many_pieces_it_is_looked_up(
    case: Casebook, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    for name in "LMNO":
        case.statement(name, denies="p")
    case.link("L", "reconciles", "C")
    expected = written(session, tmp_path, language).said
    for many in (1, 2, 3):
        for module in (lines, contested):
            monkeypatch.setattr(module, "AT_ONCE", many)
        assert written(session, tmp_path, language).said == expected


def test_as_many_statements_are_sent_for_many_entries_as_for_few(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    sent = []
    for number in range(2):
        for name in range(20 * number):
            case.statement(f"N{name}", denies="p", cites="D").claim(f"M{name}", affirms=f"m{name}")
        session.flush()
        with count_queries(session) as queries:
            written(session, tmp_path, language)
        sent.append(len(queries))
    assert sent[0] == sent[1]


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


def test_contested_claims_come_first_then_other_pairs_then_all_other_entries(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    page = written(session, tmp_path, language)
    assert [shown(node) for node in page.tree.query("h2")] == [
        "Contested claims",
        "Other contradictions",
        "Reconciled",
        "Chronology of all other entries",
        "Hypotheses: Topic either",
        "Notes",
    ]


def others(page: Page, heading: str = "Other contradictions") -> list[tuple[str, str]]:
    """The pairs that are listed below a heading."""
    items = [item for node in page.section(heading) for item in node.query("li")]
    told = [shown(item) for item in items if "Against it," in shown(item)]
    pairs = (re.match(r"([\w.-]+), .* Against it, [^:]*: ([\w.-]+), ", one) for one in told)
    return [(pair[1], pair[2]) for pair in pairs if pair]


@pytest.mark.parametrize(
    "wanted",
    [*FILTERS.values(), Filters(kinds=("statement",))],  # type: ignore[arg-type]
    ids=[*FILTERS, "statements alone"],
)
def test_no_pair_of_the_report_is_missing(
    case: Casebook, session: Session, tmp_path: Path, language: str, wanted: Filters
) -> None:
    case.claim("Against", denies="q", actor="boss")
    session.flush()
    page = written(session, tmp_path, language, wanted)
    claims = page.claims()
    of_claims = {
        frozenset((ref, other))
        for ref, told in claims.items()
        for other in refs(told["Speaks against it"])
    }
    rows = list(contradictions(session, wanted))
    expected = [(row.subject_ref, row.counter_ref) for row in rows if not ends(row) & {*claims}]
    assert others(page) == expected
    assert of_claims | set(map(frozenset, expected)) == {frozenset(ends(row)) for row in rows}


def test_other_pairs_are_grouped_by_subject(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.statement("X3", actor="a", affirms="e2")
    session.flush()
    page = written(session, tmp_path, language, group_by=GroupBy.SUBJECT)
    claims = page.claims()
    expected: dict[str, list[str]] = {}
    for row in contradictions(session):
        if not ends(row) & {*claims}:
            expected.setdefault(row.subject_ref, []).append(row.counter_ref)
    found: dict[str, list[str]] = {}
    for node in page.section("Other contradictions"):
        if node.name == "h3":
            found[shown(node).partition(":")[0]] = []
        elif node.name == "ul":
            found[list(found)[-1]] += refs(node.query("li"))
    assert found == expected
    assert max(map(len, found.values())) > 1


def test_contradictions_are_grouped_by_proposition(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("L").link("L", "contradicts", "Q", judge="linker")
    session.flush()
    page = written(session, tmp_path, language, group_by=GroupBy.PROPOSITION)
    heading = "Contradictions by proposition"
    titles = [shown(node) for node in page.section(heading) if node.name == "h3"]
    assert titles[-1] == "On no proposition"
    named = {one for row in contradictions(session) for one in row.propositions}
    assert titles[:-1] == sorted(f"{one}: Proposition {one}." for one in named)
    assert ("L", "Q") in others(page, heading)
    sides: dict[str, list[str]] = {}
    side = ""
    for node in page.section(heading):
        if node.name == "h3":
            side = shown(node)[:2]
        elif node.name == "p":
            side = f"{side[:2]} {shown(node)}"
        else:
            sides[side] = [shown(item) for item in node.query("li")]
    assert sides["e1 Affirm it:"] == ["Actor boss (boss), 2024-01-01: statement X1 (outright)"]
    assert sides["e1 Affirm e2 instead:"] == ["Actor boss (boss), undated: action X2 (outright)"]
    assert sides["e1 Deny it:"] == ["Actor boss (boss), undated: action X2 (weakly)"]
    told = [shown(node) for node in page.section(heading) if node.name == "p"]
    assert any(
        re.fullmatch(r"1 pair: \w[\w ]+ 1; in the reading of Actor coder.*", one) for one in told
    )


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


def test_it_says_how_it_was_made(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    wanted = Filters(topics=("topic",), min_strength=1)
    page = written(session, tmp_path, language, wanted, title="Talks & <more>")
    told = [shown(one) for one in page.tree.query("p")]
    assert shown(page.tree.query("h1")[0]) == "Talks & <more>"
    assert told[0].endswith(str(history.get_anchor(session)))
    assert told[1] == "Narrowed to topics: topic; min strength: 1."


def test_it_says_how_many_entries_it_holds_and_what_it_leaves_out(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Better", affirms="q").link("Better", "supersedes", "Q")
    session.flush()
    page = written(session, tmp_path, language, Filters(propositions=("q",)))
    outside = len(list(list_records(session, "entry"))) - 3
    told = [shown(one) for one in page.tree.query("p")]
    assert told[2] == (
        f"3 entries are here. {outside} entries are outside the filters, left out. "
        "1 entry is superseded, left out but with --include-superseded."
    )


def test_where_there_is_nothing_it_says_so(session: Session, tmp_path: Path, language: str) -> None:
    page = written(session, tmp_path, language)
    assert page.said.count("None.") == 5


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
    assert more == 1
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
    entries = {f"entry-{row.ref}" for row in list_records(session, "entry")}
    assert entries == {one for one in ids if one.startswith("entry-")}
    assert entries & targets


def test_an_entry_that_is_not_on_the_page_is_told_without_a_link(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    page = written(session, tmp_path, "html", Filters(principal="boss"))
    entries = {
        f"entry-{row.ref}" for row in list_records(session, "entry", Filters(principal="boss"))
    }
    ids = {node.attrs["id"] for node in page.tree.query("*") if "id" in (node.attrs or {})}
    targets = {
        a.attrs["href"][1:] for a in page.tree.query("a") if a.attrs["href"][:7] == "#entry-"
    }
    assert targets <= entries <= ids
    assert "C, claim by" in page.said.replace("<strong>", "").replace("</strong>", "")


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


def test_what_only_a_link_sets_beside_a_claim_is_not_said_to_take_its_side(
    case: Casebook, session: Session, tmp_path: Path, language: str
) -> None:
    case.claim("Linked", affirms="q", actor="a").statement("Against", denies="q", actor="boss")
    case.statement("Mute", actor="boss").link("Linked", "corroborates", "Mute", judge="linker")
    session.flush()
    told = written(session, tmp_path, language).claims()["Linked"]["Speaks for it"]
    (mute,) = [shown(one) for one in told if "Mute" in shown(one)]
    assert mute.startswith("corroborates: Mute, statement by")
