"""Small casebooks that exports are tested with, and the filters that they are exported with."""

from casebook import Casebook
from claimtrack.query.filters import Filters


def populate(case: Casebook) -> None:
    """Log records of every kind, with texts that a format may mistake for something else."""
    case.topic("war").topic("t", parent="war").actor("boss").actor("a", parent="boss")
    case.actor("z", aliases=["é; x", 'q"'], name="=1+1")
    case.claim("C", affirms="p", date_from="2024-01-25", date_to="2024-01-25", cites="D")
    case.cite("C", "D", label="[1]", exact='=words\n"two"')
    case.statement("S", actor="a", denies="p", responds_to="C").grade("C", "F6")
    case.action(
        "A",
        latitude=48.5,
        longitude=-0.25,
        stances={"p": -1},
        participants=[{"actor": "a", "role": "target"}],
    )
    case.window("W", date_from="2024-01-01").claim("E", stances={"q": 1})
    case.capture("D", b"as it came").link("C", "contradicts", "S", strength=1)


FILTERS = {
    "all": Filters(),
    "of a principal": Filters(principal="boss"),
    "on a proposition": Filters(propositions=("p",)),
    "nothing opposed": Filters(propositions=("q",)),
}


def fill(case: Casebook) -> None:
    """Log an assessment and what judges say, in addition to what `populate` logs."""
    populate(case)
    case.document("R", url="https://example.org/é?a=1 b#c").assessment("J", cites="R")
    case.stance("J", "p", -1, hedge="far from likely", judge="reader", basis="inferred")
    case.measure("strikes", topic="topic").figure("J", "strikes", "30..50", judge="reader")
    case.grade("C", "B2", graded_on="2024-02-01").link("S", "repeats", "A", rationale="the words")


def fill_more(case: Casebook) -> None:
    """Log further claims and documents, in addition to what `fill` logs."""
    fill(case)
    case.claim("N", denies="p", date_from="2024-05-01", date_to="2024-05-31", cites="D")
    case.claim("O", stances={"p": 0}).claim("Late", affirms="p", date_from="2024-05-01")
    case.document("Y", url="https://example.org/y", published="2023-12-31").cite("C", "Y", "relay")
    case.cite("C", "R", "support").assessment("K", affirms="q").cite("K", "Y", "support")
    case.assessment("L", stances={"p": -2}, cites="D")
    case.document("X", url="https://example.org/x").stance("L", "p", 1, document="X", judge="b")
