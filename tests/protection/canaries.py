"""A casebook whose protected records hold canaries, and the check that no text gives them away."""

import re

from sqlalchemy import select

from casebook import Casebook
from claimtrack import db, protection
from claimtrack.db import sessions
from claimtrack.models import Actor, Document, Revision
from claimtrack.schemas import NewActor

COUNTS = (71234567, 81234567)


def log_secrets(target: str) -> None:
    """Log a protected source and document among others; whatever gives them away says canary."""
    with sessions.writing(db.connect(target), author="ann", message="of Canary Name") as session:
        case = Casebook(session).actor("russia", kind="state").actor("four", parent="russia")
        case.actor(
            "canary-ref",
            name="Canary Old",
            aliases=["Canary Alias"],
            kind="anonymous",
            parent="four",
            access="current_or_former",
            described_as="canary words",
            count_min=COUNTS[0],
            count_max=COUNTS[1],
            protected=True,
        )
        case.put(NewActor, ref="canary-ref", name="Canary Name")
        case.actor("canary-judge", protected=True)
        case.actor("below", parent="canary-ref").topic("talks")
        case.document(
            "canary-doc",
            url="https://canary.example/1",
            title="Canary Title",
            archive_url="https://canary.example/2",
            body="the canary body",
            published="2024-05-01",
            protected=True,
        )
        case.proposition("ready", topic="talks").window("W", date_from="2024-05-01")
        case.claim(
            "C9",
            actor="canary-ref",
            capacity="canary office",
            summary="He is ready to talk",
            affirms="ready",
            date_from="2024-05-01",
            date_to="2024-05-01",
        )
        cited = {"label": "[canary]", "exact": "canary body", "prefix": "the canary"}
        case.cite("C9", "canary-doc", **cited, start_pos=4, end_pos=15)
        case.claim("C8", actor="four", affirms="ready", summary="He is ready").cite("C8", "open")
        case.statement("S", denies="ready", responds_to="C9", judge="canary-judge")
        case.figure("C9", "deaths", "7", judge="canary-judge", document="canary-doc")
        case.action("A", actor="below", stances={"ready": -1}).grade("C9", "F6")


def assert_silent(said: str) -> None:
    """Check that a text gives nothing protected away."""
    given_away = re.search(r"canary|71234567|81234567|current_or_former", said, re.IGNORECASE)
    assert given_away is None, said


def filled_in(target: str, words: list[str]) -> list[str]:
    """Replace CHANGE and PSEUDONYM in the words of a command by those of a casebook."""
    if not {"CHANGE", "PSEUDONYM", "DOCUMENT"}.intersection(words):
        return words
    with sessions.reading(db.connect(target), protection.protect) as session:
        change = session.scalars(select(Revision.change).limit(1)).one()
        document = session.scalars(select(Document.ref).where(Document.protected)).one()
        source = session.scalars(select(Actor.ref).where(Actor.protected).limit(1)).one()
    stands = {"CHANGE": change, "PSEUDONYM": source, "DOCUMENT": document}
    return [stands.get(word, word) for word in words]
