"""Rows and captures that named an identity which is redacted: what goes, and what stays."""

import pytest
from sqlalchemy import select

from casebook import Casebook
from changes.commands import begin
from changes.redacting.identities import CANARY, everything_said, redacted
from claimtrack import changes
from claimtrack.db import Session
from claimtrack.errors import Conflict, InvalidValue, UnknownRef
from claimtrack.models import Actor, Capture, Citation, Content, Document, Entry
from claimtrack.records import find
from tampering import found


def test_no_table_holds_the_identity_any_more(case: Casebook, session: Session) -> None:
    assert CANARY in everything_said(session).lower()
    redacted(session)
    assert CANARY not in everything_said(session).lower()
    assert "cook" not in everything_said(session)


def test_kind_and_root_principal_stay(case: Casebook, session: Session) -> None:
    actor = find(session, Actor, redacted(session))
    assert actor is not None
    assert actor.parent is not None
    assert (actor.kind, actor.parent.ref, actor.aliases) == ("person", "russia", [])
    assert actor.name == actor.ref


def test_a_principal_of_its_own_keeps_none(session: Session) -> None:
    Casebook(session).actor("alone", name="Al One")
    actor = find(session, Actor, redacted(session, "alone"))
    assert actor is not None
    assert actor.parent is None


def test_of_an_anonymous_source_description_access_and_count_go(session: Session) -> None:
    given = {"access": "close", "described_as": "two cooks of his", "count_min": 2, "count_max": 2}
    Casebook(session).actor("X", kind="anonymous", name="Cooks", protected=True, **given)
    Casebook(session).claim("C", summary="The two cooks of his say so.")
    instead = redacted(session, "X")
    actor = find(session, Actor, instead)
    assert actor is not None
    assert (actor.described_as, actor.access) == ("redacted", "unspecified")
    assert (actor.count_min, actor.count_max, actor.protected) == (None, None, False)
    claim = find(session, Entry, "C")
    assert claim is not None
    assert claim.summary == f"The {instead} say so."


def test_names_in_text_become_the_new_ref(case: Casebook, session: Session) -> None:
    instead = redacted(session)
    document, statement, putin = (
        find(session, Document, "D"),
        find(session, Entry, "S"),
        find(session, Actor, "putin"),
    )
    assert document and statement and putin  # noqa: PT018 - they are there
    assert document.url == f"https://example.org/{instead}"
    assert document.title == f"With {instead}"
    assert statement.summary == f"{instead} lies."
    assert putin.aliases == [f"friend of {instead}", "Vladimir"]


def test_a_quotation_stands_where_its_words_now_stand(case: Casebook, session: Session) -> None:
    instead = redacted(session)
    document = find(session, Document, "D")
    quoted = {one.entry.ref: one for one in session.scalars(select(Citation))}
    assert document is not None
    assert document.body == f"He met {instead}. Then {instead} said: I am ready. It was so."
    for one in quoted.values():
        assert document.body[one.start_pos : one.end_pos] == one.exact
    assert quoted["C"].exact == "I am ready"
    assert quoted["S"].exact == f"met {instead}"


def test_a_quotation_that_cuts_a_name_takes_in_all_that_stands_for_it(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").document("D", body="By Ivan Qanary now")
    case.claim("C").cite("C", "D", exact="Qanary now", start_pos=8, end_pos=18)
    case.cite("C", "D", label="b", exact="By Ivan", start_pos=0, end_pos=7)
    instead = redacted(session, "q")
    told = session.scalars(select(Citation.exact).order_by(Citation.label)).all()
    assert told == [f"{instead} now", f"By {instead}"]


def test_a_capture_that_names_it_goes_whole_and_others_stay(
    case: Casebook, session: Session
) -> None:
    redacted(session)
    left = session.scalars(select(Content.bytes)).all()
    assert left == [b"<p>No name</p>"]
    assert (
        session.scalars(select(Capture.sha256)).all()
        == session.scalars(select(Content.sha256)).all()
    )


def test_the_bytes_of_a_capture_that_was_taken_back_go_too(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").document("D")
    change = begin(session)
    case.capture("D", b"Ivan Qanary", media_type="text/plain")
    begin(session)
    changes.revert(session, change)
    assert session.scalars(select(Content.bytes)).all() == [b"Ivan Qanary"]
    redacted(session, "q")
    assert session.scalars(select(Content.bytes)).all() == []
    assert found(session) == []


def test_what_cannot_be_searched_is_told_and_goes_when_its_document_is_given(
    session: Session,
) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").document("D", body="A text")
    case.capture("D", b"%PDF\xff", media_type="application/pdf")
    case.claim("C").cite("C", "D", exact="text", start_pos=2, end_pos=6)
    plan = changes.plan_redaction(session, "q")
    assert [(document, kind) for _, document, kind in plan.unsearched] == [("D", "application/pdf")]
    redacted(session, "q", documents=["D"])
    document, citation = find(session, Document, "D"), session.scalars(select(Citation)).one()
    assert document is not None
    assert document.body is None
    assert (citation.exact, citation.start_pos) == ("text", None)
    assert session.scalars(select(Content.sha256)).all() == []
    assert found(session) == []


def test_further_words_go_and_refs_that_are_names_are_made_anew(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").claim("talk-with-qanary", affirms="p")
    case.statement("S", summary="Qanary lies.", responds_to="talk-with-qanary")
    plan = changes.plan_redaction(session, "q")
    assert set(plan.near) == {"Qanary", "talk-with-qanary", "source-talk-with-qanary"}
    also = ["Qanary", "talk-with-qanary", "source-talk-with-qanary"]
    redacted(session, "q", also=also)
    assert CANARY not in everything_said(session).lower()
    assert found(session) == []


def test_a_word_without_letters_is_refused(case: Casebook, session: Session) -> None:
    with pytest.raises(InvalidValue, match="letter or a digit"):
        changes.plan_redaction(session, "putin", also=["..."])


def test_redacting_the_redacted_again_gives_it_another_ref(session: Session) -> None:
    Casebook(session).actor("q", name="Ivan Qanary").claim("C", actor="q")
    first = redacted(session, "q")
    second = redacted(session, first)
    assert first not in everything_said(session)
    assert find(session, Actor, second) is not None
    assert found(session) == []


def test_two_rows_that_would_become_the_same_are_refused(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary")
    case.document("D", url="https://x.org/Ivan%20Qanary q").document("E", url="https://x.org/Q q")
    with pytest.raises(Conflict, match="two rows would be the same"):
        redacted(session, "q", also=["Ivan%20Qanary", "Q"])


def test_an_unknown_actor_or_document_is_refused(session: Session) -> None:
    Casebook(session).actor("q")
    with pytest.raises(UnknownRef, match="no actor 'nobody'"):
        changes.plan_redaction(session, "nobody")
    with pytest.raises(UnknownRef, match="no document 'D'"):
        changes.plan_redaction(session, "q", documents=["D"])


def test_what_stands_below_is_named(case: Casebook, session: Session) -> None:
    assert changes.plan_redaction(session, "russia").below == ("kremlin",)


def test_a_generated_ref_whose_first_revision_was_emptied_is_not_given_again(
    session: Session,
) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary")
    assert changes.next_ref(session, "claim") == "C-1"
    case.claim("C-1", actor="q")
    redacted(session, "q")
    assert changes.next_ref(session, "claim") == "C-2"
