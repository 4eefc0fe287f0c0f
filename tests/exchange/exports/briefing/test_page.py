"""The briefing as a page: how it was made, what it leaves out, and text that is no markup."""

import re
from collections import Counter
from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import history
from claimtrack.db import Session
from claimtrack.exchange.exports.briefing import contested, lines
from claimtrack.lookup import list_records
from claimtrack.models import Entry
from claimtrack.query.filters import Filters
from commandline import CommandLine
from conftest import count_queries
from exchange.exports.briefing.pages import Page, shown, written

HOSTILE = (
    '<script>alert(1)</script> [x](javascript:1) | *b* _i_ `c` [^1] & "q"\n# h\n\x1b[31m\u202e'
)


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
        f"3 entries are in this briefing. {outside} entries are outside the filters, left out. "
        "1 entry is superseded, and left out without --include-superseded."
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
