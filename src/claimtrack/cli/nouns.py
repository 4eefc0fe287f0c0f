"""The nouns with the commands add, list, show, edit and remove, and the required fields of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from claimtrack.kinds import KINDS, Field
from claimtrack.vocab import with_article


@dataclass(frozen=True)
class Need:
    """A required field, its prompt, and which answers are valid.

    Attributes:
        key: The key of the field.
        question: The prompt.
        noun: The record type whose ref an answer must be, if any.
        words: The vocabulary from which an answer must be, if any.
        read: Raises an error for an invalid answer, if any check is needed. If it returns a
            dictionary, these are the fields that the answer stands for.
        example: A valid answer, if a record without those fields is invalid.
    """

    key: str
    question: str
    noun: str | None = None
    words: tuple[str, ...] = ()
    read: Callable[[str], object] | None = None
    example: str | None = None

    @property
    def flag(self) -> str:
        """The option that sets the field."""
        return "--" + self.key.replace("_", "-")

    @property
    def placeholder(self) -> str | None:
        """A valid value for checking a record in which the field is still missing.

        None if other checks depend on the value.
        """
        if self.read or self.key == "kind":
            return self.example
        return self.words[0] if self.words else f"{self.key}.missing"


@dataclass(frozen=True)
class Noun:
    """A record type, or a kind of entry, as the command line has it.

    Attributes:
        name: Its name in commands and sentences.
        table: Its table.
        main: The key of the field that is the argument of `add`.
        needs: Its required fields.
        summary: The help of its group of commands.
        example: The arguments in the example of `add`.
    """

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
        return "entries" if self.name == "entry" else f"{self.name}s"

    def needs_of(self, values: Mapping[str, object]) -> tuple[Need, ...]:
        """Return the required fields of a record with these values; they depend on its `kind`."""
        more = KINDS[self.table].only_of(str(values.get("kind")))
        return (*self.needs, *(need_of(field) for field in more if field.question))


def need_of(field: Field, kind: str = "", *, read: Callable[[str], object] | None = None) -> Need:
    """Return a field as a required field of a kind of record, with its prompt."""
    question = field.questions.get(kind) or field.question or field.meaning
    words = tuple(word.value for word in field.words or ())
    return Need(field.name, question, noun=field.refers_to, words=words, read=read)


def needs_of_table(table: str, noun: str = "") -> tuple[Need, ...]:
    """Return the required fields of all records of a table, or of a kind of entry."""
    return tuple(
        need_of(field, noun)
        for field in KINDS[table].fields
        if (field.question or noun in field.questions) and not field.only_of
    )


_ENTRIES = {
    "claim": (
        "Claims: what somebody says, unverified or off the record.",
        '"Ready for a ceasefire" --actor SRC-1',
    ),
    "statement": (
        "Statements: what a named person or office says on the record.",
        '"No such talks" --actor peskov',
    ),
    "action": ("Actions: what somebody does.", '"Drones strike the port" --actor russia'),
    "commitment": (
        "Commitments: what somebody promises.",
        '"Will respect the borders" --actor russia',
    ),
    "assessment": (
        "Assessments: what an analyst or other observer concludes.",
        '"A feint" --actor isw',
    ),
    "window": (
        "Windows: periods in which a decision is pending.",
        '"Vote on the aid bill" --actor usa',
    ),
}


_OTHERS = {
    "actor": (
        "Actors: people, groups, states, outlets and anonymous sources.",
        '"Dmitry Peskov" --kind person --parent kremlin --ref peskov',
    ),
    "document": (
        "Documents: the publications that entries cite.",
        '"Putin wants a ceasefire" --publisher reuters --published 2024-05-24',
    ),
    "topic": (
        "Topics: the subjects of propositions, in a tree.",
        "Ceasefire --parent negotiations",
    ),
    "proposition": (
        "Propositions: possible facts, which entries affirm or deny.",
        '"Putin is ready for a ceasefire" --topic ceasefire --ref ready',
    ),
    "measure": (
        "Measures: what figures are of.",
        '"Strikes on energy sites" --topic truce --unit strikes --kind count --ref strikes',
    ),
}


def _noun(name: str, table: str, summary: str, example: str) -> Noun:
    main = KINDS[table].title or "ref"
    return Noun(name, table, main, needs_of_table(table, name), summary, example)


def _entry(name: str) -> Noun:
    summary, example = _ENTRIES[name]
    date = "--date 2024-01/2024-02" if name == "window" else "--date 2024-05-24"
    return _noun(name, "entry", summary, f"{example} {date}")


ENTRIES = Noun("entry", "entry", "summary", (), "Entries of all kinds, in one list.", example="")
"""All kinds of entry, for the command that lists them together."""
NOUNS = {
    **{name: _noun(name, name, *texts) for name, texts in _OTHERS.items()},
    **{name: _entry(name) for name in _ENTRIES},
}
