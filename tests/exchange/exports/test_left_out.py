"""What each export leaves out is counted and named, on stderr and nowhere else."""

from pathlib import Path

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.db import sessions
from commandline import CommandLine
from conftest import Filled
from exchange.exports.exported_casebooks import populate


def log_odds(target: str) -> None:
    """Log what formats have no place for: long texts, odd characters, addresses that are none."""
    with sessions.writing(db.connect(target), author="ann") as session:
        case = Casebook(session)
        populate(case)
        case.proposition("idle").document("unused").topic("empty")
        case.document("shelf", url="shelf mark 3", title="A book").cite("C", "shelf", "relay")
        odd = "a\x01b" + "x" * 40_000
        case.statement("Odd", actor="a", summary=odd, denies="p").cite("E", "shelf", "support")
        case.link("Odd", "corroborates", "S", judge="a").statement("New", actor="a", affirms="p")
        case.link("New", "supersedes", "E").assessment("J", affirms="p", cites="shelf")
        case.link("J", "concerns", "C").statement("Far", actor="z", affirms="p")


@pytest.fixture
def line(filled: Filled) -> CommandLine:
    """At a casebook that every test leaves as it is."""
    return CommandLine(filled("sqlite", log_odds))


PROFILE = """\
claimtrack_profile: 1
name: mine
about: rows
format: csv
actors: {press: {name: A paper, kind: outlet}}
documents: {d: {ref: paper, publisher: press}}
records:
  - {make: claim, ref: "r-{id}", actor: press, summary: said,
     place: {from: "{what}", map: {x: X}, unknown: empty},
     citations: [{document: d, role: primary}]}
"""
PAIR = "pair of the contradictions report has its other end outside the filters: left out ("
NARROWED = ("--principal", "boss")


def test_all_notes_are_printed_to_whoever_asks(line: CommandLine, tmp_path: Path) -> None:
    more = tuple(f"F{number}" for number in range(12))
    profile = tmp_path / "p.yaml"
    profile.write_text(PROFILE)
    path = tmp_path / "rows.csv"
    path.write_text("".join(["id,what\n", *(f"{ref},word {ref}\n" for ref in more)]))
    words = ("import", "--dry-run", str(profile), str(path))
    short, whole = (line.run(*words, *asked).stderr for asked in ((), ("--all-notes",)))
    assert "warning: and 4 more notes like these: --all-notes prints them\n" in short
    for ref in more:
        assert f"warning: place 'word {ref}' is unknown to the profile, and is left empty" in whole
    assert "more notes" not in whole
    exports = [
        line.run("export", "stix", str(tmp_path / "x"), *asked).stderr.splitlines()
        for asked in ((), ("--all-notes",))
    ]
    assert len(exports[0]) <= len(exports[1])
    assert not any("more notes" in one for one in exports[1])


@pytest.mark.parametrize(
    ("name", "file", "options", "expected"),
    [
        pytest.param("datapackage", "x", (), [], id="datapackage"),
        pytest.param(
            *("datapackage", "x", NARROWED),
            [
                "entry is outside the filters: left out (6 times)",
                "link has its other end outside the filters, or does not count: left out (",
            ],
            id="datapackage, narrowed",
        ),
        pytest.param(
            *("xlsx", "x", ()),
            [
                "entry is superseded by another: left out without --include-superseded (1 time)",
                "contradictions.subject_summary is longer than the 32,767 characters of a",
            ],
            id="xlsx",
        ),
        pytest.param(
            *("graph", "x.gexf", NARROWED),
            [
                "entry is outside the filters: left out (",
                PAIR,
                "summary has a character that XML cannot hold: replaced by \ufffd (1 time)",
            ],
            id="graph, narrowed",
        ),
        pytest.param(
            *("stix", "x", ()),
            [
                "topic has no object in STIX: left out, but for its ref (",
                "capture has no object in STIX: left out (1 time)",
                "document is cited for no entry: left out (1 time)",
                "document is included without its title and text (1 time)",
                "proposition 'idle' has no stance on it: left out (1 time)",
                "url 'shelf mark 3' is not a web address: it is exported as address, not as url (",
            ],
            id="stix",
        ),
        pytest.param(
            *("stix", "x", NARROWED),
            [
                "entry is outside the filters: left out (6 times)",
                PAIR,
            ],
            id="stix, narrowed",
        ),
        pytest.param(
            *("claimreview", "x", ()),
            [
                "claim is superseded by another: left out without --include-superseded (1 time)",
                "quotation of a claim cannot be represented in schema.org, and is left out (1 "
                "time)",
                "url 'shelf mark 3' is not a web address, and is left out (",
                "review by J is left out: a ClaimReview needs a web address, and no "
                "document of it has one (",
            ],
            id="claimreview",
        ),
        pytest.param(
            *("claimreview", "x", ("--include-superseded",)),
            [
                "citation (support) of a claim cannot be represented in schema.org, "
                "and is left out (1 time)"
            ],
            id="claimreview with what is superseded",
        ),
        pytest.param(
            *("markdown", "x", NARROWED),
            ["entry is outside the filters: left out (6 times)"],
            id="markdown, narrowed",
        ),
        pytest.param(
            *("html", "x", ()),
            ["entry is superseded by another: left out without --include-superseded (1 time)"],
            id="html",
        ),
    ],
)
def test_an_export_says_what_it_leaves_out(
    line: CommandLine,
    tmp_path: Path,
    name: str,
    file: str,
    options: tuple[str, ...],
    expected: list[str],
) -> None:
    answer = line.run("export", name, str(tmp_path / file), *options)
    *told, last = answer.stderr.splitlines()
    assert (answer.code, answer.stdout, last) == (0, "", f"wrote {tmp_path / file}")
    for sentence in expected:
        assert any(one.startswith(f"warning: {sentence}") for one in told), (sentence, told)
    assert bool(told) is bool(expected)
