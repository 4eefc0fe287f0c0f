"""The nouns that have add, list, show, edit and remove, and what each needs at least."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from claimtrack.kinds import KINDS, Field
from claimtrack.vocab import with_article


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
        more = KINDS[self.table].only_of(str(given.get("kind")))
        return (*self.needs, *(need_of(field) for field in more if field.question))


def need_of(field: Field, kind: str = "", *, read: Callable[[str], object] | None = None) -> Need:
    """Return a field that such a record cannot do without, as it is asked for."""
    question = field.questions.get(kind) or field.question or field.meaning
    words = tuple(word.value for word in field.words or ())
    return Need(field.name, question, noun=field.refers_to, words=words, read=read)


def needs_of_table(table: str, noun: str = "") -> tuple[Need, ...]:
    """Return what every record of a table, or of a noun in it, cannot do without."""
    return tuple(
        need_of(field, noun)
        for field in KINDS[table].fields
        if (field.question or noun in field.questions) and not field.only_of
    )


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


_OTHERS = {
    "actor": (
        "Actors: whoever says, does, promises, judges, decides or publishes.",
        '"Dmitry Peskov" --kind person --parent kremlin --ref peskov',
    ),
    "document": (
        "Documents: what shows that something was said or done.",
        '"Putin wants a ceasefire" --publisher reuters --published 2024-05-24',
    ),
    "topic": (
        "Topics: what propositions are about, in a tree.",
        "Ceasefire --parent negotiations",
    ),
    "proposition": (
        "Propositions: possible facts, on which entries take stances.",
        '"Putin is ready for a ceasefire" --topic ceasefire --ref ready',
    ),
}


def _noun(name: str, table: str, summary: str, example: str) -> Noun:
    main = KINDS[table].title or "ref"
    return Noun(name, table, main, needs_of_table(table, name), summary, example)


def _entry(name: str) -> Noun:
    summary, example = _ENTRIES[name]
    date = "--date 2024-01/2024-02" if name == "window" else "--date 2024-05-24"
    return _noun(name, "entry", summary, f"{example} {date}")


NOUNS = {
    **{name: _noun(name, name, *texts) for name, texts in _OTHERS.items()},
    **{name: _entry(name) for name in _ENTRIES},
}
