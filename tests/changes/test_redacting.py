"""An identity that is redacted is gone from rows, captures, log and files; the log still proves."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, select, text

from casebook import Casebook
from changes.test_reverting import begin
from claimtrack import changes, db, history
from claimtrack.db import Session, connections, sessions
from claimtrack.errors import Conflict, InvalidValue, UnknownRef
from claimtrack.exchange import copies
from claimtrack.models import Actor, Base, Capture, Citation, Content, Document, Entry, Revision
from claimtrack.records import find
from claimtrack.schemas import NewActor, NewDocument, NewEntry
from claimtrack.vocab import Op
from commandline import CommandLine
from conftest import NewTarget, Typed, on_server
from test_replay import TRIGGERS, found

CANARY = "qanary"
BODY = "He met Ivan Qanary. Then Ivan\nQanary said: I am ready. It was so."


def populate(case: Casebook) -> None:
    """A person who is named in every table, in every way that people are named."""
    case.actor("russia", kind="state").actor("kremlin", kind="organisation", parent="russia")
    case.actor("ivan-qanary", name="Ivan Qanary", aliases=["I. Qanary"], parent="kremlin")
    case.actor("putin", aliases=["friend of IVAN QANARY", "Vladimir"])
    case.document("D", url="https://example.org/ivan-qanary", title="With Ivan Qanary", body=BODY)
    case.capture("D", b"<p>It was Ivan&nbsp;Qanary himself</p>")
    case.capture("D", b"<p>No name</p>", retrieved_by="Ivan Qanary")
    case.claim("C", actor="ivan-qanary", capacity="the cook", affirms="p")
    case.statement("S", denies="p", judge="ivan-qanary", summary="Ivan Qanary lies.")
    case.action("A", participants=[{"actor": "ivan-qanary", "role": "target"}])
    at = BODY.index("I am ready")
    case.cite("C", "D", exact="I am ready", start_pos=at, end_pos=at + 10)
    case.cite("S", "D", exact="met Ivan Qanary", start_pos=3, end_pos=18, prefix="He ")
    case.link("S", "contradicts", "C", rationale="ivan qanary said so").grade("C", "F6")
    case.put(NewActor, ref="ivan-qanary", name="Ivan R. Qanary")


@pytest.fixture
def case(session: Session) -> Casebook:
    made = Casebook(session)
    populate(made)
    return made


def redacted(session: Session, ref: str = "ivan-qanary", **given: list[str]) -> str:
    begin(session)
    plan = changes.plan_redaction(session, ref, **given)
    changes.redact(session, plan)
    return plan.identity.instead


def everything_said(session: Session) -> str:
    session.flush()
    tables = [*Base.metadata.tables, "fulltext"]
    return "\n".join(
        str(tuple(row))
        for table in tables
        for row in session.execute(text(f'SELECT * FROM "{table}"'))
        if table not in ("content", "casebook")
    )


def test_no_table_holds_the_identity_any_more(case: Casebook, session: Session) -> None:
    assert CANARY in everything_said(session).lower()
    redacted(session)
    assert CANARY not in everything_said(session).lower()
    assert "cook" not in everything_said(session)


def test_the_log_still_proves_the_casebook(case: Casebook, session: Session) -> None:
    before = history.get_anchor(session)
    redacted(session)
    assert found(session, before) == []


def test_the_log_has_one_redaction_for_each_row_that_named_it(
    case: Casebook, session: Session
) -> None:
    instead = redacted(session)
    query = select(Revision).where(Revision.op == Op.REDACT).order_by(Revision.seq)
    shifted = BODY.index("I am ready") + 2 * (len(instead) - len("Ivan Qanary"))
    rows = [f"{row.table_name} {row.row_key}" for row in session.scalars(query)]
    (taken,) = (row for row in rows if row.startswith(f"capture D/{instead}/"))
    (kept,) = (row for row in rows if row.startswith("capture D/") and row != taken)
    assert sorted(rows) == sorted(
        [
            *(f"actor {ref}" for ref in (instead, "putin")),
            *("document D", "entry C", "entry S", taken, kept),
            *(f"participation A/{instead}/target", f"stance S/p/{instead}"),
            *(f"citation C/D///{shifted}", "citation S/D///3", "link C/contradicts/S/coder"),
        ]
    )


def test_every_emptied_revision_is_listed_once(case: Casebook, session: Session) -> None:
    redacted(session)
    emptied = session.scalars(select(Revision.seq).where(Revision.row_key.is_(None))).all()
    listed = session.scalars(select(Revision.before).where(Revision.op == Op.REDACT)).all()
    seqs = [seq for before in listed for seq in json.loads(str(before))["emptied"]]
    assert sorted(seqs) == sorted(emptied) != []


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


def test_a_message_or_an_author_that_names_it_is_refused(case: Casebook, session: Session) -> None:
    plan = changes.plan_redaction(session, "ivan-qanary")
    for author, message in (("Ivan Qanary", None), ("coder", "for Ivan Qanary")):
        session.state.change = db.new_change(author, message)
        with pytest.raises(InvalidValue, match="does not name whom it redacts"):
            changes.redact(session, plan)
    assert found(session) == []


def test_messages_that_name_it_go_with_all_that_their_command_wrote(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary")
    session.state.change = db.new_change("coder", "told by Ivan Qanary")
    case.topic("t")
    redacted(session, "q")
    query = select(Revision.table_name, Revision.row_key).where(Revision.op == Op.REDACT)
    assert sorted(map(tuple, session.execute(query)))[1:] == [("topic", "t")]
    assert found(session) == []


def test_who_wrote_the_log_stays_and_is_told(session: Session) -> None:
    session.state.change = db.new_change("Ivan Qanary", None)
    Casebook(session).actor("q", name="Ivan Qanary")
    plan = changes.plan_redaction(session, "q")
    assert plan.authors == {"Ivan Qanary"}


def test_a_row_that_named_it_only_for_a_while_keeps_the_rest_of_its_history(
    session: Session,
) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").claim("C", summary="One.")
    case.put(NewEntry, ref="C", summary="Ivan Qanary says two.")
    case.put(NewEntry, ref="C", summary="Three.").put(NewEntry, ref="C", summary="Four.")
    redacted(session, "q")
    told = [(row.op, row.fields) for row in history.stream_history(session, "entry", "C")]
    assert [op for op, _ in told] == ["insert", "update", "redact"]
    assert told[1][1] == "summary: Three. -> Four."
    assert found(session) == []


def test_a_row_that_was_removed_is_redacted_too(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").claim("C", summary="Ivan Qanary says.")
    case.stance("C", "p", 2, judge="q")
    changes.remove(session, "entry", "C")
    redacted(session, "q")
    assert CANARY not in everything_said(session).lower()
    assert found(session) == []


def test_a_second_redaction_takes_over_what_the_first_one_listed(session: Session) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary").actor("r", name="Rita Rook")
    case.claim("C", summary="Ivan Qanary and Rita Rook say so.")
    first, second = redacted(session, "q"), redacted(session, "r")
    assert found(session) == []
    claim = find(session, Entry, "C")
    assert claim is not None
    assert claim.summary == f"{first} and {second} say so."
    query = select(Revision.before).where(Revision.op == Op.REDACT, Revision.row_key == "C")
    (listed,) = session.scalars(query).all()
    assert len(json.loads(str(listed))["emptied"]) == 2


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


# --- tampering that looks like a redaction --------------------------------------------------------


@pytest.fixture
def unguarded(case: Casebook, session: Session, backend: str) -> Session:
    redacted(session)
    for statement in TRIGGERS[backend]:
        session.execute(text(statement))
    return session


EMPTY = "row_key = NULL, message = NULL, before = NULL, after = NULL, salt = NULL"


def test_an_emptied_revision_that_no_redaction_lists_is_tampering(unguarded: Session) -> None:
    seq = unguarded.scalar(select(Revision.seq).where(Revision.row_key == "p"))
    unguarded.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {seq}"))
    fault = f"revision {seq} has been emptied, and no later revision says so"
    assert found(unguarded) == [("revision", "", fault)]


def test_a_redaction_that_was_itself_emptied_leaves_its_own_unlisted(unguarded: Session) -> None:
    seq = unguarded.scalar(select(Revision.seq).where(Revision.op == Op.REDACT).limit(1))
    unguarded.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {seq}"))
    ((_, _, finding),) = found(unguarded)
    assert finding.endswith("has been emptied, and no later revision says so")


def test_a_revision_emptied_in_part_has_been_changed(unguarded: Session) -> None:
    seq = unguarded.scalar(select(Revision.seq).where(Revision.row_key == "p"))
    unguarded.execute(text(f"UPDATE revision SET salt = NULL WHERE seq = {seq}"))
    fault = f"revision {seq} has been changed: its content is not that of its digest"
    assert found(unguarded) == [("revision", "", fault)]


def test_a_redaction_that_lists_what_was_never_emptied_is_tampering(unguarded: Session) -> None:
    session = unguarded
    seq = session.scalar(select(Revision.seq).where(Revision.row_key == "p"))
    image = history.Image("proposition", "p", {history.EMPTIED_KEY: [seq]})
    history.append(session, Op.REDACT, image, None)
    head = history.get_anchor(session).seq
    fault = f"revision {head} says that {seq} was emptied for it, and it was not"
    assert found(session) == [("revision", "", fault)]


def test_a_redaction_excuses_no_gap_but_its_own(case: Casebook, session: Session) -> None:
    """A revision that another row's redaction lists cannot stand in for a missing one."""
    entry = find(session, Entry, "A")
    assert entry is not None
    image = history.Image("entry", "A", {})
    claimed = history.Image("entry", "A", {"summary": "What A says."})
    redacted(session)
    history.append(session, Op.UPDATE, claimed, image)
    head = history.get_anchor(session).seq
    finding = f"revision {head} does not begin where the one before it ended"
    assert ("entry", "A", finding) in found(session)


# --- the past -------------------------------------------------------------------------------------


def test_no_snapshot_is_made_of_what_was_redacted(
    case: Casebook, session: Session, tmp_path: Path
) -> None:
    then = history.get_anchor(session).seq
    redacted(session)
    now = history.get_anchor(session).seq
    with pytest.raises(Conflict, match=rf"rebuilt as it stood from revision {now} on"):
        copies.snapshot(session, tmp_path / "then.db", then)
    copies.snapshot(session, tmp_path / "now.db", now)
    with sessions.reading(db.connect(str(tmp_path / "now.db"))) as made:
        assert found(made) == []
        assert CANARY not in everything_said(made).lower()


def test_a_snapshot_from_before_it_was_ever_named_is_made(session: Session, tmp_path: Path) -> None:
    Casebook(session).topic("t")
    then = history.get_anchor(session).seq
    Casebook(session).actor("q", name="Ivan Qanary")
    redacted(session, "q")
    copies.snapshot(session, tmp_path / "then.db", then)
    with sessions.reading(db.connect(str(tmp_path / "then.db"))) as made:
        assert found(made) == []


def test_neither_a_redaction_nor_what_it_emptied_is_taken_back(session: Session) -> None:
    first = begin(session)
    Casebook(session).actor("q", name="Ivan Qanary")
    redacted(session, "q")
    second = session.state.change.id
    for change in (first, second):
        with pytest.raises(Conflict, match="what it said has been redacted"):
            changes.revert(session, change)


def test_the_log_says_what_is_left_to_say(session: Session) -> None:
    Casebook(session).actor("q", name="Ivan Qanary")
    instead = redacted(session, "q")
    *told, begun = [(row.op, row.record, row.fields) for row in history.stream_log(session)]
    assert begun[1].startswith("casebook ")
    assert told == [
        (
            "redact",
            f"actor {instead}",
            f"emptied: 2; aliases: []; kind: person; name: {instead}; protected: false; "
            f"ref: {instead}",
        ),
        ("insert", "actor", "redacted: what it said was taken out of the log"),
    ]


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def line(typed: Typed) -> CommandLine:
    return typed(populate)


def files_of(target: str) -> list[Path]:
    """The files that hold a casebook, the write-ahead log of SQLite among them."""
    if "://" not in target:
        return sorted(Path(target).parent.glob("claimtrack.db*"))
    on_server(target, "CHECKPOINT")
    with db.connect(target).engine.connect() as connection:
        folder = connection.scalar(text("SHOW data_directory"))
        number = connection.scalar(
            text("SELECT oid FROM pg_database WHERE datname = :name"),
            {"name": make_url(target).database},
        )
    return sorted(Path(str(folder), "base", str(number)).iterdir())


def holding(target: str) -> list[str]:
    canary = CANARY.encode()
    return [path.name for path in files_of(target) if canary in path.read_bytes().lower()]


def test_the_bytes_are_gone_from_the_files(line: CommandLine) -> None:
    if "://" in line.target:
        on_server(line.target, "CHECKPOINT")
    assert holding(line.target) != []
    answer = line.run("actor", "redact", "ivan-qanary", "--yes")
    assert answer.code == 0, answer
    assert holding(line.target) == []
    assert "account for every row" in line.run("log", "verify").stderr


def test_what_goes_is_told_and_nothing_is_written_without_a_yes(line: CommandLine) -> None:
    line.does("topic", "add", "The Qanary affair", "--ref", "affair")
    code, said = line.refuses("actor", "redact", "Ivan R. Qanary")
    assert code == 2
    assert "  stance: S/p/ivan-qanary\n" in said
    assert "looked for 4 names: 'I. Qanary', 'Ivan Qanary', 'Ivan R. Qanary', 'ivan-" in said
    assert "warning: 1 word like a name will stay (Qanary): give --also for" in said
    assert said.endswith("this cannot be taken back: give --yes to go on without being asked")
    answer = line.run("actor", "redact", "ivan-qanary", "--dry-run")
    assert (answer.code, line.revisions()) == (0, line.revisions())
    assert answer.stderr.endswith("nothing was written\n")


def test_a_casebook_that_its_log_does_not_bear_out_is_not_redacted(line: CommandLine) -> None:
    with db.connect(line.target).engine.begin() as connection:
        connection.execute(text("UPDATE entry SET place = 'Kyiv' WHERE ref = 'S'"))
    code, said = line.refuses("actor", "redact", "ivan-qanary", "--yes")
    assert code == 1
    assert said.startswith("the log does not account for the casebook (entry S: it stands other")


def test_a_copy_of_a_redacted_casebook_is_whole(
    line: CommandLine, backend: str, new_target: NewTarget
) -> None:
    line.does("actor", "redact", "ivan-qanary", "--yes")
    other = "postgresql" if backend == "sqlite" else "sqlite"
    with new_target(other) as target:
        line.does("copy", line.target, target)
        assert holding(target) == []
        assert "account for every row" in CommandLine(target).run("log", "verify").stderr


def test_a_file_that_others_read_is_compacted_later(
    new_target: NewTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.1)
    with new_target("sqlite") as target:
        line = CommandLine(target)
        db.init(db.connect(target))  # its write-ahead log is on
        line.does("actor", "add", "Ivan Qanary", "--ref", "q", "--kind", "person")
        with sessions.reading(db.connect(target)) as reader:
            assert reader.scalars(select(Actor.ref)).all() == ["q"]
            answer = line.run("actor", "redact", "q", "--yes")
            assert answer.code == 1
            assert "the actor is redacted, and what was taken out is still in" in answer.stderr
            assert "run 'claimtrack compact' as soon as it can be" in answer.stderr
        line.does("compact")
        assert holding(target) == []


def test_a_change_of_one_document_leaves_the_others(session: Session) -> None:
    case = (
        Casebook(session)
        .actor("q", name="Ivan Qanary")
        .put(NewDocument, ref="E", publisher="q", title="Other")
    )
    case.document("F", title="Third", body="No name here")
    case.claim("C").cite("C", "F", exact="name", start_pos=3, end_pos=7)
    redacted(session, "q")
    query = select(Revision.row_key).where(Revision.op == Op.REDACT)
    assert "F" not in session.scalars(query.where(Revision.table_name == "document")).all()


# --- what is looked for, and where ----------------------------------------------------------------


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


# --- redactions that an intruder would write ------------------------------------------------------


def emptied(session: Session, table: str, key: str) -> list[int]:
    """Empty the revisions of a row, as a redaction would."""
    rows = select(Revision.seq).where(Revision.table_name == table, Revision.row_key == key)
    seqs = list(session.scalars(rows))
    for seq in seqs:
        session.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {seq}"))
    return seqs


def forge(session: Session, table: str, key: str, seqs: list[int], after: Any) -> int:
    image = history.Image(table, key, {history.EMPTIED_KEY: seqs})
    history.append(session, Op.REDACT, image, after and history.Image(table, key, after))
    return history.get_anchor(session).seq


def image_said(session: Session, table: str, key: str) -> dict[str, Any]:
    query = select(Revision.after).where(Revision.table_name == table, Revision.row_key == key)
    return dict(json.loads(str(session.scalars(query.order_by(Revision.seq)).all()[-1])))


def test_a_redaction_that_empties_nothing_covers_no_change(
    case: Casebook, session: Session
) -> None:
    session.execute(text("UPDATE actor SET name = 'Other' WHERE ref = 'russia'"))
    after = {**image_said(session, "actor", "russia"), "name": "Other"}
    head = forge(session, "actor", "russia", [], after)
    fault = f"revision {head} is a redaction, and does not say what was emptied for it"
    assert found(session) == [("revision", "", fault)]


def test_a_redaction_covers_no_change_of_a_row_whose_last_revision_stands(
    case: Casebook, session: Session
) -> None:
    case.put(NewActor, ref="russia", aliases=["RU"])
    query = select(Revision.seq).where(Revision.row_key == "russia").order_by(Revision.seq)
    first = session.scalars(query).first()
    session.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {first}"))
    session.execute(text("UPDATE actor SET name = 'Other' WHERE ref = 'russia'"))
    after = {**image_said(session, "actor", "russia"), "name": "Other"}
    head = forge(session, "actor", "russia", [int(first or 0)], after)
    fault = f"revision {head} redacts more than what was emptied"
    assert found(session) == [("actor", "russia", fault)]


@pytest.mark.parametrize("table", ["actor", "document"])
def test_a_redaction_covers_no_removal_of_another_row(session: Session, table: str) -> None:
    case = Casebook(session).actor("russia").document("D").document("E")
    session.flush()
    seqs = emptied(session, "document", "E")
    session.execute(text("DELETE FROM document WHERE ref = 'E'"))
    key = {"actor": "russia", "document": "D"}[table]
    head = forge(session, table, key, seqs, image_said(case.session, table, key))
    fault = {
        "actor": (
            "revision",
            f"revision {head} says that {seqs[0]} was emptied for it, and it was not",
        ),
        "document": ("document", "by the log 2 rows stand, and in the database 1"),
    }[table]  # fmt: skip
    assert [(one, finding) for one, _, finding in found(session)] == [fault]


@pytest.mark.parametrize("before", ["{}", "x", "[1]", "null", '{"emptied":3}', '{"emptied":[[1]]}'])
def test_a_redaction_that_lists_nothing_readable_is_named(
    case: Casebook, session: Session, before: str, backend: str
) -> None:
    head = forge(session, "actor", "russia", [1], image_said(session, "actor", "russia"))
    for statement in TRIGGERS[backend]:
        session.execute(text(statement))
    revision = session.get_one(Revision, head)
    images = (before, revision.after)
    chained = {name: getattr(revision, name) for name in Revision.__table__.columns.keys()}  # noqa: SIM118
    chained["content_digest"] = history.digest(str(revision.salt), "russia", None, images)
    chained["op"] = "redact"
    session.execute(
        text(
            "UPDATE revision SET before = :before, content_digest = :digest, hash = :hash "
            "WHERE seq = :seq"
        ),
        {
            "before": before,
            "digest": chained["content_digest"],
            "hash": history.link_hash(chained),
            "seq": head,
        },
    )
    fault = f"revision {head} is a redaction, and does not say what was emptied for it"
    assert found(session) == [("revision", "", fault)]


def test_postgresql_is_compacted_once_nobody_sees_the_old_rows(
    new_target: NewTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 1)
    with new_target("postgresql") as target:
        line = CommandLine(target)
        line.does("actor", "add", "Ivan Qanary", "--ref", "q", "--kind", "person")
        with psycopg.connect(target) as other:
            other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            other.execute("SELECT 1 FROM pg_class LIMIT 1")
            answer = line.run("actor", "redact", "q", "--yes")
            assert answer.code == 1
            assert "what was taken out is still in the files" in answer.stderr
        line.does("compact")
        assert holding(target) == []


def test_a_generated_ref_whose_first_revision_was_emptied_is_not_given_again(
    session: Session,
) -> None:
    case = Casebook(session).actor("q", name="Ivan Qanary")
    assert changes.next_ref(session, "claim") == "C-1"
    case.claim("C-1", actor="q")
    redacted(session, "q")
    assert changes.next_ref(session, "claim") == "C-2"
