"""A person who is named in every table, and the redaction of it."""

from sqlalchemy import select, text

from casebook import Casebook
from changes.commands import begin
from claimtrack import changes
from claimtrack.db import Session
from claimtrack.models import Base, Revision
from claimtrack.schemas import NewActor

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


def redacted(session: Session, ref: str = "ivan-qanary", **given: list[str]) -> str:
    """Redact the person in a new change: the ref that it gets."""
    begin(session)
    plan = changes.plan_redaction(session, ref, **given)
    changes.redact(session, plan)
    return plan.identity.instead


def everything_said(session: Session) -> str:
    """Return the values of all rows and of the index of texts, as one text."""
    session.flush()
    tables = [*Base.metadata.tables, "fulltext"]
    return "\n".join(
        str(tuple(row))
        for table in tables
        for row in session.execute(text(f'SELECT * FROM "{table}"'))
        if table not in ("content", "casebook")
    )


EMPTY = "row_key = NULL, message = NULL, before = NULL, after = NULL, salt = NULL"


def emptied(session: Session, table: str, key: str) -> list[int]:
    """Empty the revisions of a row, as a redaction would."""
    rows = select(Revision.seq).where(Revision.table_name == table, Revision.row_key == key)
    seqs = list(session.scalars(rows))
    for seq in seqs:
        session.execute(text(f"UPDATE revision SET {EMPTY} WHERE seq = {seq}"))
    return seqs
