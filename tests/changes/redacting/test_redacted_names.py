"""Which names, words and refs a redaction looks for, and where."""

from typing import Any

import pytest
from sqlalchemy import select

from casebook import Casebook
from changes.redacting.identities import everything_said, redacted
from claimtrack import changes
from claimtrack.db import Session
from claimtrack.models import Content, Entry
from claimtrack.records import find
from claimtrack.schemas import NewActor
from tampering import found

NAMED: list[Any] = [
    pytest.param("Straß", "STRASS and straß", "{0} and {0}", id="in capitals"),
    pytest.param("José", "Jose\u0301 and JOSÉ", "{0} and {0}", id="composed or not"),
    pytest.param(
        "Jose", "Jose\u0301 and Jose", "Jose\u0301 and {0}", id="a mark goes on with a word"
    ),
    pytest.param("राम", "रामा राम", "रामा {0}", id="marks of other scripts too"),
    pytest.param(
        "A-B", "A\u2011B, A-\nB and A-B-C", "{0}, {0} and A-B-C", id="hyphens of any kind"
    ),
    pytest.param("a.b*", "a.b* axb", "{0} axb", id="no pattern"),
    pytest.param('O"N', 'so O"N said', "so {0} said", id="quoted in JSON"),
]


@pytest.mark.parametrize(("name", "text", "expected"), NAMED)
def test_names_are_found_as_they_are_written(
    session: Session, name: str, text: str, expected: str
) -> None:
    Casebook(session).actor("q", name=name).claim("C", summary=text)
    instead = redacted(session, "q")
    claim = find(session, Entry, "C")
    assert claim is not None
    assert claim.summary == expected.format(instead)
    assert found(session) == []


PAGES: list[Any] = [
    pytest.param("<title>Пётр</title><p>x</p>".encode("cp1251"), "text/html; charset=windows-1251",
                 id="a title in another encoding"),
    pytest.param("<img alt='Пётр'><p>x</p>".encode(), "text/html", id="an attribute"),
    pytest.param(b"<p>x</p><script>{'a': '\\u041f\\u0451\\u0442\\u0440'}</script>", "text/html",
                 id="an escape of JSON"),
    pytest.param(b"<title>&#1055;&#1105;&#1090;&#1088;</title>x", "text/html", id="entities"),
    pytest.param(b"=D0=9F=D1=91=D1=82=D1=80 said", "text/plain", id="quoted-printable"),
    pytest.param("Пётр".encode("utf-16"), "text/plain", id="marked UTF-16"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "media_type"), PAGES)
def test_captures_are_searched_whole(session: Session, content: bytes, media_type: str) -> None:
    case = Casebook(session).actor("q", name="Пётр").document("D")
    case.capture("D", content, media_type=media_type)
    redacted(session, "q")
    assert session.scalars(select(Content.sha256)).all() == []


def test_words_like_a_name_in_captures_are_told(session: Session) -> None:
    case = Casebook(session).actor("q", name="Olga Ivanova").actor("k9", name="Kim Lee")
    case.document("D").capture(
        "D", b"Ms Ivanova; Olga_Ivanova; Kim; Kimono", media_type="text/plain"
    )
    assert set(changes.plan_redaction(session, "q").near) == {"Ivanova", "Olga_Ivanova"}
    assert set(changes.plan_redaction(session, "k9").near) == {"Kim"}


def test_refs_that_hold_a_name_are_made_anew(session: Session) -> None:
    case = Casebook(session).actor("zed", name="Zed Quill").document("zed.notes")
    case.claim("C", cites="zed.notes")
    redacted(session, "zed")
    assert "zed" not in everything_said(session).lower()
    assert found(session) == []


def test_what_merged_actors_were_once_called_goes_too(session: Session) -> None:
    case = Casebook(session).actor("o0", name="First Fox").actor("o1", name="Jan Rybak")
    case.put(NewActor, ref="o1", name="Code Nine")
    changes.merge_actors(session, "o0", "o1")
    case.actor("k1", name="Kept").claim("C", summary="Jan Rybak and First Fox phoned")
    changes.merge_actors(session, "o1", "k1")
    instead = redacted(session, "k1")
    claim = find(session, Entry, "C")
    assert claim is not None
    assert claim.summary == f"{instead} and {instead} phoned"


def test_an_alias_that_is_the_ref_of_another_actor_does_not_take_its_names(
    session: Session,
) -> None:
    Casebook(session).actor("other", name="Somebody Else").actor("q", aliases=["other"])
    plan = changes.plan_redaction(session, "q")
    assert "Somebody Else" not in plan.identity.names


def test_a_source_that_was_removed_is_redacted_out_of_the_log(session: Session) -> None:
    Casebook(session).actor("SRC-10", name="Boris Gone")
    changes.remove(session, "actor", "SRC-10")
    redacted(session, "SRC-10")
    assert "gone" not in everything_said(session).lower()
    assert found(session) == []


def test_words_of_a_vocabulary_name_nobody(session: Session) -> None:
    case = Casebook(session).actor("q", name="Person").claim("C", summary="A claim.")
    case.topic("t", name="Other")
    plan = changes.plan_redaction(session, "q", also=["statement", "person"])
    assert {key for _, key in plan.emptied} == {"q"}
