"""Methods of the library, and the commands that print what they return."""

from collections.abc import Callable
from typing import Any

from claimtrack.api import Casebook
from claimtrack.api.rows import Rows

METHODS: dict[str, Callable[[Casebook], Rows[Any]]] = {
    "report contradictions": lambda book: book.contradictions(),
    "report contradictions --class denial --class dispute --until 2024 --sort -strength": (
        lambda book: book.contradictions(
            class_=["denial", "dispute"], until="2024", sort="-strength"
        )
    ),
    "report contradictions --known-by 2024-01-26 --min-days -3 --limit 5": lambda book: (
        book.contradictions(known_by="2024-01-26", min_days=-3, limit=5)
    ),
    "report citations --source S2": lambda book: book.citations(source="S2"),
    "report positions --principal russia --anonymous": lambda book: book.positions(
        principal="russia", anonymous=True
    ),
    "report coverage --principal russia": lambda book: book.coverage("russia"),
    "report coverage --principal russia --omissions": lambda book: book.omissions("russia"),
    "report windows --since 2024": lambda book: book.windows(since="2024"),
    "report hypotheses ceasefire-ready feigned": lambda book: book.hypotheses(
        "ceasefire-ready", "feigned"
    ),
    "report hypotheses ceasefire-ready feigned --sums": lambda book: book.hypothesis_sums(
        "ceasefire-ready", "feigned"
    ),
    "report track-record": lambda book: book.track_record(),
    "actor list": lambda book: book.list_actors(),
    "document list": lambda book: book.list_documents(),
    "topic list": lambda book: book.list_topics(),
    "proposition list": lambda book: book.list_propositions(),
    "claim list --affirming --topic ceasefire": lambda book: book.list_entries(
        kind="claim", affirming=True, topic=["ceasefire"]
    ),
    "stance list": lambda book: book.list_stances(),
    "link list": lambda book: book.list_links(),
    "grade list": lambda book: book.list_grades(),
    "search ceasefire --kind claim --limit 3": lambda book: book.search(
        "ceasefire", kind="claim", limit=3
    ),
    "check": lambda book: book.check(),
}
"""What to call, by the command that prints the same."""
