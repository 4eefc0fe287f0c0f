"""The nouns that have add, list, show, edit and remove, and what each needs at least."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from claimtrack.vocab import Access, ActorKind, with_article


@dataclass(frozen=True)
class Need:
    """A field that a record cannot do without: how it is asked for, and what an answer can be.

    An answer is the ref of a `noun`, one of the `words`, or what `read` does not refuse.
    """

    key: str
    question: str
    noun: str | None = None
    words: tuple[str, ...] = ()
    read: Callable[[str], object] | None = None

    @property
    def flag(self) -> str:
        """The option that gives it."""
        return "--" + self.key.replace("_", "-")

    @property
    def stand_in(self) -> str | None:
        """What fits in its place, as long as it is missing; None where more hangs on it."""
        if self.read or self.key == "kind":
            return None
        return self.words[0] if self.words else f"{self.key}.missing"


@dataclass(frozen=True)
class Noun:
    """A noun: its name in sentences, its table, its main text and what it cannot do without."""

    name: str
    table: str
    main: str
    needs: tuple[Need, ...]
    summary: str
    example: str

    @property
    def a(self) -> str:
        """The noun with its article."""
        return with_article(self.name)

    @property
    def plural(self) -> str:
        """The noun in the plural."""
        return f"{self.name}s"

    def needs_of(self, given: Mapping[str, object]) -> tuple[Need, ...]:
        """Return what such a record needs: an anonymous actor needs more than others."""
        anonymous = (self.table, given.get("kind")) == ("actor", "anonymous")
        return self.needs + ANONYMOUS_NEEDS if anonymous else self.needs


_WHO = {
    "claim": "Who claims it",
    "statement": "Who states it",
    "action": "Who does it",
    "commitment": "Who promises it",
    "assessment": "Who judges",
    "window": "Who decides",
}
_ENTRIES = {
    "claim": ("Claims: unverified, or off the record.", '"Ready for a ceasefire" --actor SRC-1'),
    "statement": ("Statements: on the record.", '"No such talks" --actor peskov'),
    "action": ("Actions: what is done.", '"Drones strike the port" --actor russia'),
    "commitment": (
        "Commitments: what binds its maker.",
        '"Will respect the borders" --actor russia',
    ),
    "assessment": ("Assessments: what someone judges.", '"A feint" --actor isw'),
    "window": ("Windows: a decision pending.", '"Vote on the aid bill" --actor usa'),
}


def _entry(name: str) -> Noun:
    summary, example = _ENTRIES[name]
    needs = (
        Need("summary", "Summary, in your own words"),
        Need("actor", f"{_WHO[name]} (ref, name or alias)", noun="actor"),
    )
    date = "--date 2024-01/2024-02" if name == "window" else "--date 2024-05-24"
    return Noun(name, "entry", "summary", needs, summary, f"{example} {date}")


NOUNS = {
    "actor": Noun(
        "actor",
        "actor",
        "name",
        (
            Need("name", "Name"),
            Need("kind", "Kind", words=tuple(kind.value for kind in ActorKind)),
        ),
        "Actors: whoever says, does, promises, judges, decides or publishes.",
        '"Dmitry Peskov" --kind person --parent kremlin --ref peskov',
    ),
    "document": Noun(
        "document",
        "document",
        "title",
        (Need("publisher", "Publisher (ref, name or alias of an actor)", noun="actor"),),
        "Documents: what shows that something was said or done.",
        '"Putin wants a ceasefire" --publisher reuters --published 2024-05-24',
    ),
    "topic": Noun(
        "topic",
        "topic",
        "name",
        (Need("name", "Name"),),
        "Topics: what propositions are about, in a tree.",
        "Ceasefire --parent negotiations",
    ),
    "proposition": Noun(
        "proposition",
        "proposition",
        "text",
        (
            Need("text", "The possible fact, as one sentence"),
            Need("topic", "Topic (ref)", noun="topic"),
        ),
        "Propositions: possible facts, on which entries take stances.",
        '"Putin is ready for a ceasefire" --topic ceasefire --ref ready',
    ),
    **{name: _entry(name) for name in _ENTRIES},
}

ANONYMOUS_NEEDS = (
    Need("access", "How near the source is said to be", words=tuple(a.value for a in Access)),
    Need("described_as", "The source in its document's words"),
)
"""What an anonymous actor needs beside."""
