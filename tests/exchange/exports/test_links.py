"""What exports make a link of, and text that no page, program or editor may obey."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from casebook import Casebook
from claimtrack import db
from claimtrack.addresses import to_web_uri
from claimtrack.db import Session, sessions
from claimtrack.exchange.exports import claimreview, graph, stix
from claimtrack.exchange.exports.briefing import markup, page
from claimtrack.exchange.exports.json_objects import dump_safe
from claimtrack.exchange.notes import Notes
from claimtrack.query.filters import Filters
from conftest import NewTarget

ACTING = "\x1b\x07\x7f\x85\u2028\u2029\u202e\u2066"
HOSTILE = f"]]></title></script><script>alert(1)</script>&amp;\"'{ACTING}\ufffe"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://ok.example/a?b=1&c#d", "https://ok.example/a?b=1&c#d"),
        ("HTTP://ok.example", "HTTP://ok.example"),
        (
            'https://ok.example/a)b" onclick=x <y>',
            "https://ok.example/a)b%22%20onclick=x%20%3Cy%3E",
        ),
        ("https://ok.example/\u202egnp.exe", "https://ok.example/%E2%80%AEgnp.exe"),
    ],
)
def test_an_address_of_the_web_is_a_link(address: str, expected: str) -> None:
    assert to_web_uri(address) == expected


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)"),
        *("java\nscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,x", "file:///etc"),
        *("vbscript:x", "ftp://a.example", "mailto:a@b.example", "//a.example", "www.a.example"),
        *("https:", "https://", "http:/a.example", "https:\\\\a.example", "https://?a", "shelf 3"),
        *("https://a\n.example", "https://a.example/\x00", "http://[::1", "", None),
    ],
)
def test_anything_else_is_none(address: str | None) -> None:
    assert to_web_uri(address) is None


def test_json_is_safe_in_a_script_element_and_says_the_same() -> None:
    text = dump_safe({"<a>": HOSTILE})
    assert not set(text) & set("<>&" + ACTING)
    assert json.loads(text) == {"<a>": HOSTILE}


@pytest.fixture
def session(new_target: NewTarget) -> Iterator[Session]:
    with (
        new_target("sqlite") as target,
        sessions.writing(db.connect(target), author="ann", dry_run=True) as made,
    ):
        yield made


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    made.actor("ev", name=HOSTILE).proposition("p", text=HOSTILE)
    for number, address in enumerate(("javascript:alert(1)", "https://ok.example/1")):
        made.document(f"d{number}", url=address, title=HOSTILE)
        made.claim(f"c{number}", actor="ev", summary=HOSTILE, affirms="p", cites=f"d{number}")
    made.assessment("j", actor="ev", summary=HOSTILE, cites="d1")
    made.stance("j", "p", -2, hedge=HOSTILE, rationale=HOSTILE).cite("j", "d0")
    session.flush()
    return made


def exported(session: Session, name: str, folder: Path) -> tuple[str, Notes]:
    out, notes, wanted = io.BytesIO(), Notes(), Filters()
    if name in graph.FORMATS:
        graph.FORMATS[name](session, out, wanted, notes)
    elif name == "stix":
        stix.write_stix(session, out, wanted, folder, notes)
    elif name == "claimreview":
        claimreview.write_claimreview(session, out, wanted, notes)
    else:
        plan = page.Plan(getattr(markup, name), HOSTILE)
        page.write_page(session, out, wanted, plan, folder, notes)
    return out.getvalue().decode(), notes


EVERY = [*graph.FORMATS, "stix", "claimreview", "MARKDOWN", "HTML"]


@pytest.mark.parametrize("name", EVERY)
def test_no_export_holds_what_an_editor_or_a_terminal_obeys(
    case: Casebook, session: Session, tmp_path: Path, name: str
) -> None:
    text, _ = exported(session, name, tmp_path)
    assert not set(text) & set(ACTING)
    assert "<script>" not in text.replace("\\<script\\>", "")


@pytest.mark.parametrize("name", ["stix", "claimreview"])
def test_an_address_that_is_no_link_is_in_no_url_and_is_noted(
    case: Casebook, session: Session, tmp_path: Path, name: str
) -> None:
    text, notes = exported(session, name, tmp_path)
    urls = set(urls_in(json.loads(text)))
    assert urls == {"https://ok.example/1"}
    told = "\n".join(notes.lines(99))
    assert "url 'javascript:alert(1)' is not a web address" in told


def urls_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "url":
                yield part
            else:
                yield from urls_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from urls_in(part)


@pytest.mark.parametrize("name", list(graph.FORMATS))
def test_a_graph_is_well_formed_whatever_its_texts_hold(
    session: Session, tmp_path: Path, name: str
) -> None:
    every = "".join(
        chr(code) for code in (*range(1, 0xD800), *range(0xE000, 0x10000), 0x1FFFE, 0x10FFFF)
    ).strip()
    case = Casebook(session).actor("a", name=HOSTILE)
    case.statement("s", actor="a", summary=f"a{every}b", affirms="p")
    case.statement("t", actor="a", summary=HOSTILE, denies="p")
    session.flush()
    text, notes = exported(session, name, tmp_path)
    root = Xml.fromstring(text.encode())  # noqa: S314 - our own file
    texts = {one.text for one in root.iter()} | {one.get("value") for one in root.iter()}
    held = {chr(code) for code in (*range(1, 9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
    shown = "".join("\ufffd" if letter in held else letter for letter in f"a{every}b")
    assert shown in texts
    [line] = notes.lines(9)
    assert line == (
        f"summary has a character that XML cannot hold: replaced by \ufffd ({len(held) + 3} times)"
    )
