"""The registry of record types: the fields of each, their meaning, and how programs treat them.

The comments of columns, the help of options, the descriptions in JSON Schemas, the questions of
prompts, the full-text index, redaction and protection are made from it. Models and schemas are
classes of their own, since they hold the constraints; a test compares them with this module.

Standard library only, so that `claimtrack --help` loads no database code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from claimtrack import vocab

SELF = "self"
"""Value of `Field.hidden_with`: the field is hidden while its own record is protected."""
_PROTECTABLE = ("actor", "document")
"""The record types that can be protected, and the fields that refer to the record of a row."""


@dataclass(frozen=True)
class Field:
    """One field of a record type.

    Attributes:
        name: Its key in dossiers and its column in files; a foreign key's column ends in `_id`.
        meaning: What the field holds; after `; empty: `, what an empty value means.
        of: The type of its value: `str`, `int`, `float`, `bool`, `date`, `datetime`.
        words: The vocabulary from which its value is taken, if any.
        refers_to: The name of the record type whose ref it holds, if any.
        several: Whether it holds a list.
        required: Whether every record must have a value.
        made: Whether the program sets the value, so that no user can.
        only_of: The values of the record's `kind` for which the field exists; empty for all kinds.
        judge: Whether it refers to the actor whose judgement the record is.
        names_source: Whether its text can name a source, so that redaction must search it. Must be
            set for every text; False only if the text is validated as a code that is never a name.
        hidden_with: The field that refers to the record whose protection hides this field's value;
            `SELF` if it is the record of the field itself.
        is_name: Whether its value identifies a protected record wherever it occurs, so that the
            pseudonym replaces it in messages and in the log.
        searched: Its position among the indexed texts of its record, from 1; 0 if the full-text
            index does not contain it.
        question: The prompt for a missing value; None if a user is not prompted for it.
        questions: Other prompts, by the kind of record.
        option: The name of its command-line option, if it differs from `name`; "" for no option.
        from_file: Whether its option takes the path of a file that contains the text.
        metavar: The placeholder of its value in `--help`; None for the usual one.
        hint: A further sentence in the help of its option.
        shown_as: Its label in `show`, if it differs from `name`.
    """

    name: str
    meaning: str
    of: type = str
    words: type[StrEnum] | None = None
    refers_to: str | None = None
    several: bool = False
    required: bool = False
    made: bool = False
    only_of: tuple[str, ...] = ()
    judge: bool = False
    names_source: bool | None = None
    hidden_with: str | None = None
    is_name: bool = False
    searched: int = 0
    question: str | None = None
    questions: Mapping[str, str] = field(default_factory=dict)
    option: str | None = None
    from_file: bool = False
    metavar: str | None = None
    hint: str = ""
    shown_as: str | None = None

    def __post_init__(self) -> None:
        """Refuse a text field without `names_source`.

        Raises:
            TypeError: It is not set.
        """
        if self.is_text and self.names_source is None:
            raise TypeError(
                f"{self.name}: decide whether this text can name a source (names_source)"
            )

    @property
    def is_text(self) -> bool:
        """Whether it holds free text: not a vocabulary word, not a ref, not set by the program."""
        return self.of is str and not (self.words or self.refers_to or self.made)

    @property
    def label(self) -> str:
        """Its label in `show`."""
        return self.shown_as or self.name.replace("_", " ")

    @property
    def column(self) -> str:
        """The name of its column in the database."""
        return f"{self.name}_id" if self.refers_to else self.name


@dataclass(frozen=True)
class Span:
    """A key that sets two date fields at once: `date` sets `date_from` and `date_to`.

    Attributes:
        name: Its key in dossiers, and the name of its option.
        meaning: What it holds.
        bounds: The names of the fields of the first and the last day.
        sets: The names of further fields that it sets.
        hint: A further sentence in the help of its option.
    """

    name: str
    meaning: str
    bounds: tuple[str, str]
    sets: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Nested:
    """A key of a record that holds a list of other records, such as the `stances` of an entry.

    Attributes:
        name: The key.
        of: The name of the record type of the list.
        meaning: What the list holds.
    """

    name: str
    of: str
    meaning: str


@dataclass(frozen=True)
class RecordType:
    """One type of record, which is one table.

    Attributes:
        name: Its name, and that of its table.
        key: The names of the fields that identify a record; `ref` if it has one.
        fields: Its fields, in the order of options and prompts.
        title: The name of the field that describes a record in lists, such as its `summary`; None
            if records of this type have no ref.
        spans: The keys that set two date fields at once.
        nested: The keys under which a record holds a list of other records.
        parent: For the records of such a list, the name of the field that refers to the record
            that holds them; else None.
    """

    name: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    title: str | None = None
    spans: tuple[Span, ...] = ()
    nested: tuple[Nested, ...] = ()
    parent: str | None = None

    def __post_init__(self) -> None:
        """Refuse fields whose protection would have no effect.

        Raises:
            TypeError: A field is hidden with something that cannot be protected, fields are hidden
                with two different records, or a name is not hidden.
        """
        for one in self.fields:
            if one.hidden_with not in (None, SELF) and (
                one.hidden_with not in _PROTECTABLE or one.hidden_with not in self.targets
            ):
                raise TypeError(
                    f"{self.name}.{one.name}: hidden_with is {one.hidden_with!r}, and takes SELF, "
                    f"or a field of the record called {' or '.join(_PROTECTABLE)}"
                )
            if one.is_name and one.hidden_with != SELF:
                raise TypeError(f"{self.name}.{one.name}: is_name needs hidden_with=SELF")
        if len({one.hidden_with for one in self.fields if one.hidden_with}) > 1:
            raise TypeError(f"{self.name}: all fields of a table are hidden with the same record")

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The fields by name."""
        return {one.name: one for one in self.fields}

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """The meaning of each key of a record: fields, spans and nested lists."""
        of_spans = {
            span.name: f"{span.meaning}; stands for {_stands_for(span)}" for span in self.spans
        }
        of_fields = {one.name: one.meaning for one in self.fields}
        return {**of_fields, **of_spans, **{one.name: one.meaning for one in self.nested}}

    @property
    def targets(self) -> Mapping[str, str]:
        """The name of the record type that each foreign key refers to, by the field's name."""
        return {one.name: one.refers_to for one in self.fields if one.refers_to}

    @property
    def judge(self) -> str | None:
        """The name of the field for the judge; None if the record is not a judgement."""
        return next((one.name for one in self.fields if one.judge), None)

    @property
    def above(self) -> str | None:
        """The name of the field that refers to a record of the same type, if there is one."""
        return next((one.name for one in self.fields if one.refers_to == self.name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields whose values identify a protected record."""
        return tuple(one.name for one in self.fields if one.is_name)

    def hidden_with(self, owner: str) -> tuple[Field, ...]:
        """Return the fields that are hidden while the record that `owner` refers to is protected.

        Args:
            owner: The name of a field that refers to a record, or `SELF`.
        """
        return tuple(one for one in self.fields if one.hidden_with == owner)

    @property
    def searched(self) -> tuple[str, ...]:
        """The names of the fields in the full-text index, in their order there."""
        found = (one for one in self.fields if one.searched)
        return tuple(one.name for one in sorted(found, key=lambda one: one.searched))

    def only_of(self, kind: str) -> Iterator[Field]:
        """Yield the fields that not all kinds of record have, but this one does."""
        yield from (one for one in self.fields if kind in one.only_of)


def _stands_for(span: Span) -> str:
    """Return the names of the fields that a span sets, as a list in a sentence."""
    *first, last = (*span.bounds, *span.sets)
    return f"{', '.join(first)} and {last}"


def _ref(hidden_with: str | None = None, searched: int = 1) -> Field:
    """Return the field `ref`, which is the same in all record types that have one."""
    return Field(
        "ref",
        "What people and files call it",
        required=True,
        names_source=True,
        hidden_with=hidden_with,
        searched=searched,
        option="",
    )


ACTOR = RecordType(
    "actor",
    key=("ref",),
    title="name",
    fields=(
        _ref(SELF),
        Field(
            "name",
            "Its usual name",
            required=True,
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=2,
            question="Name",
        ),
        Field(
            "kind",
            "Person, group, ..., anonymous source",
            words=vocab.ActorKind,
            required=True,
            question="Kind",
        ),
        Field(
            "parent",
            "Whom it serves, belongs to or is one of; empty: it is its own principal",
            refers_to="actor",
            hidden_with=SELF,
        ),
        Field(
            "access",
            "How near an anonymous source is said to be; empty: not anonymous",
            words=vocab.Access,
            only_of=("anonymous",),
            hidden_with=SELF,
            question="How near the source is said to be",
        ),
        Field(
            "described_as",
            "An anonymous source in its document's words; empty: not anonymous",
            only_of=("anonymous",),
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=4,
            question="The source in its document's words",
        ),
        Field(
            "count_min",
            "Fewest people an anonymous source can be; empty: unspecified",
            of=int,
            hidden_with=SELF,
        ),
        Field(
            "count_max",
            "Most people an anonymous source can be; empty: unspecified",
            of=int,
            hidden_with=SELF,
        ),
        Field(
            "aliases",
            "Other names and spellings, a list; empty list: none",
            several=True,
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=3,
            option="alias",
            metavar="NAME",
            hint="given once for each, all at once",
        ),
        Field(
            "protected", "A source whose identity stays inside unless asked for by flag", of=bool
        ),
    ),
)

DOCUMENT = RecordType(
    "document",
    key=("ref",),
    title="title",
    spans=(
        Span(
            "published",
            "When it was published, in the format of an entry's date",
            ("published_from", "published_to"),
            hint="as in 2024-05-24, 2024-05 or 2024",
        ),
    ),
    fields=(
        _ref(SELF),
        Field(
            "title",
            "Its title; empty: not recorded",
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=2,
        ),
        Field(
            "publisher",
            "The actor that published it",
            refers_to="actor",
            required=True,
            question="Publisher (ref, name or alias of an actor)",
        ),
        Field(
            "url",
            "Its address; empty: none known",
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=3,
            metavar="URL",
        ),
        Field("published_from", "Earliest day of publication; empty: unknown", of=date),
        Field("published_to", "Latest day of publication; empty: as published_from", of=date),
        Field(
            "canonical",
            "The document of which this is another address; empty: itself",
            refers_to="document",
            hidden_with=SELF,
        ),
        Field(
            "language",
            "BCP 47 tag; empty: not recorded",
            names_source=True,
            hidden_with=SELF,
            metavar="TAG",
            hint="such as en, ru or uk",
        ),
        Field("coverage", "How much of it has been coded", words=vocab.Coverage),
        Field(
            "archive_url",
            "An archived copy; empty: none",
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            metavar="URL",
        ),
        Field(
            "body",
            "Its text, to which positions of quotations refer; empty: not kept",
            names_source=True,
            hidden_with=SELF,
            searched=4,
            from_file=True,
            hint="read from a file",
        ),
        Field(
            "protected", "Would give a source away: stays inside unless asked for by flag", of=bool
        ),
    ),
)

TOPIC = RecordType(
    "topic",
    key=("ref",),
    title="name",
    fields=(
        _ref(searched=0),
        Field("name", "Its name", required=True, names_source=True, question="Name"),
        Field("parent", "The wider topic; empty: none", refers_to="topic"),
        Field("exclusive", "Only one of its propositions can be true", of=bool),
    ),
)

PROPOSITION = RecordType(
    "proposition",
    key=("ref",),
    title="text",
    fields=(
        _ref(),
        Field(
            "text",
            "The possible fact, as one sentence",
            required=True,
            names_source=True,
            searched=2,
            question="The possible fact, as one sentence",
        ),
        Field(
            "topic", "What it is about", refers_to="topic", required=True, question="Topic (ref)"
        ),
        Field("truth", "How it turned out; empty: not resolved", of=bool, option=""),
        Field("resolved_on", "The day it turned out so; empty: not resolved", of=date, option=""),
        Field(
            "resolved_by",
            "The entry that settles it; empty: none named",
            refers_to="entry",
            option="",
        ),
    ),
)

MEASURE = RecordType(
    "measure",
    key=("ref",),
    title="text",
    fields=(
        _ref(),
        Field(
            "text",
            "What its numbers count or measure, as a phrase",
            required=True,
            names_source=True,
            searched=2,
            question="What its numbers count or measure",
        ),
        Field(
            "topic",
            "The topic it belongs to",
            refers_to="topic",
            required=True,
            question="Topic (ref)",
        ),
        Field(
            "unit",
            "The unit of its numbers, such as strikes, people or USD",
            required=True,
            names_source=True,
            searched=3,
            question="Unit of its numbers, such as strikes",
        ),
        Field(
            "kind",
            "count: adds up over a period; level: holds at a time",
            words=vocab.MeasureKind,
            required=True,
            question="Does it add up over a period (count), or hold at a time (level)",
        ),
    ),
)

ENTRY = RecordType(
    "entry",
    key=("ref",),
    title="summary",
    spans=(
        Span(
            "date",
            "When: 2024-05-24, 2024-05, 2024, 2023-24 (winter), 2023-12/2024-02, 2024-05-24/.., "
            "2024-05-24 18:00+03:00",
            ("date_from", "date_to"),
            sets=("time_from", "time_to", "zone", "precision"),
        ),
        Span(
            "about",
            "The period that it speaks of, in the format of the date",
            ("about_from", "about_to"),
            sets=("about_time_from", "about_time_to", "about_zone"),
        ),
    ),
    nested=(
        Nested("participants", "participation", "Other actors, and what they are to the entry"),
        Nested("citations", "citation", "The documents that stand behind the entry"),
        Nested("stances", "stance", "What the entry affirms or denies"),
        Nested("figures", "figure", "The numbers that the entry gives"),
    ),
    fields=(
        _ref(),
        Field(
            "kind", "Claim, statement, action, ...", words=vocab.EntryKind, required=True, option=""
        ),
        Field(
            "summary",
            "What was said or done, in the coder's words",
            required=True,
            names_source=True,
            searched=2,
            question="Summary, in your own words",
        ),
        Field(
            "actor",
            "Who says, does, promises, judges or decides",
            refers_to="actor",
            required=True,
            questions={
                "claim": "Who claims it (ref, name or alias)",
                "statement": "Who states it (ref, name or alias)",
                "action": "Who does it (ref, name or alias)",
                "commitment": "Who promises it (ref, name or alias)",
                "assessment": "Who judges (ref, name or alias)",
                "window": "Who decides (ref, name or alias)",
            },
        ),
        Field(
            "capacity",
            "The office or role in which it spoke or acted; empty: not recorded",
            names_source=True,
            hidden_with="actor",
            searched=3,
            shown_as="in the capacity of",
        ),
        Field(
            "on_behalf_of",
            "For whom it spoke or acted then; empty: itself and what it belongs to",
            refers_to="actor",
        ),
        Field("date_from", "Earliest day it can have happened; empty: open or unknown", of=date),
        Field("date_to", "Latest day it can have happened; empty: open or unknown", of=date),
        Field(
            "time_from",
            "Earliest time of that day it can have happened, an instant; empty: not known",
            of=datetime,
            option="",
        ),
        Field(
            "time_to",
            "Latest time of that day it can have happened, an instant; empty: not known",
            of=datetime,
            option="",
        ),
        Field(
            "zone",
            "The source's offset or IANA zone, in which its times are shown; empty: no times",
            names_source=False,
            option="",
        ),
        Field(
            "date_text",
            "The date in the source's own words; empty: nothing beyond the bounds",
            names_source=True,
            searched=5,
        ),
        Field("precision", "How exactly it is dated; empty: undated", words=vocab.Precision),
        Field("about_from", "First day of the period spoken of; empty: open or not given", of=date),
        Field("about_to", "Last day of the period spoken of; empty: open or not given", of=date),
        Field(
            "about_time_from",
            "The time of day at which that period begins, an instant; empty: not given",
            of=datetime,
            option="",
        ),
        Field(
            "about_time_to",
            "The time of day at which that period ends, an instant; empty: not given",
            of=datetime,
            option="",
        ),
        Field(
            "about_zone",
            "The offset or IANA zone in which those two are shown; empty: no times",
            names_source=False,
            option="",
        ),
        Field(
            "place", "Where; empty: not recorded", names_source=True, searched=4, shown_as="where"
        ),
        Field(
            "action_code",
            "PLOVER category of an action, such as ASSAULT:drone; empty: not coded",
            only_of=("action",),
            names_source=True,
            metavar="CODE",
        ),
        Field(
            "latitude",
            "Degrees north (WGS 84) of an action; empty: not recorded",
            of=float,
            only_of=("action",),
        ),
        Field(
            "longitude",
            "Degrees east (WGS 84) of an action; empty: not recorded",
            of=float,
            only_of=("action",),
        ),
    ),
)

PARTICIPATION = RecordType(
    "participation",
    key=("entry", "actor", "role"),
    parent="entry",
    fields=(
        Field("entry", "The entry", refers_to="entry", required=True),
        Field("actor", "Who takes part", refers_to="actor", required=True),
        Field(
            "role", "What the actor is to the entry", words=vocab.ParticipationRole, required=True
        ),
    ),
)

CITATION = RecordType(
    "citation",
    key=("entry", "document", "via", "label", "start_pos"),
    parent="entry",
    fields=(
        Field(
            "entry", "What is cited for", refers_to="entry", required=True, question="Entry (ref)"
        ),
        Field(
            "document",
            "The document cited",
            refers_to="document",
            required=True,
            question="Document (ref)",
        ),
        Field("role", "How the document stands behind it", words=vocab.CitationRole, required=True),
        Field(
            "via",
            "The document in whose note it was found; empty: cited directly",
            refers_to="document",
        ),
        Field(
            "label",
            "The note's label there, such as [12]; empty text: none",
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "wording", "Whose words the summary renders; empty: not recorded", words=vocab.Wording
        ),
        Field(
            "exact",
            "The words quoted (Web Annotation TextQuoteSelector); empty: no quotation",
            names_source=True,
            hidden_with="document",
            option="quote",
        ),
        Field(
            "prefix",
            "The words before; empty: not recorded",
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "suffix",
            "The words after; empty: not recorded",
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "start_pos",
            "First code point of the quotation in the body, from 0; empty: not located",
            of=int,
            hidden_with="document",
            option="start",
        ),
        Field(
            "end_pos",
            "Code point after its last; empty: not located",
            of=int,
            hidden_with="document",
            option="end",
        ),
    ),
)

STANCE = RecordType(
    "stance",
    key=("entry", "proposition", "asserted_by"),
    parent="entry",
    fields=(
        Field("entry", "The entry", refers_to="entry", required=True, question="Entry (ref)"),
        Field(
            "proposition",
            "What it is a stance on",
            refers_to="proposition",
            required=True,
            question="Proposition (ref)",
        ),
        Field(
            "value",
            "-2 denies outright, -1 leans against, 0 leaves open, 1 leans for, 2 asserts",
            of=int,
            required=True,
            question="How far it affirms that, from 2 (asserts) to -2 (denies)",
            metavar="-2..2",
        ),
        Field("basis", "Plainly said, or inferred", words=vocab.Basis),
        Field("hedge", "The hedging words; empty: none", names_source=True),
        Field("condition", "What it hangs on; empty: nothing", names_source=True),
        Field(
            "likelihood",
            "ICD 203 term for the hedge; empty: the words give none",
            words=vocab.Likelihood,
        ),
        Field("confidence", "The judge's confidence; empty: not stated", words=vocab.Confidence),
        Field("rationale", "Why, in the judge's words; empty: self-evident", names_source=True),
        Field(
            "asserted_by",
            "Whose reading this is",
            refers_to="actor",
            judge=True,
            hint="by default the author",
        ),
        Field(
            "document",
            "Where this reading was published; empty: with the entry",
            refers_to="document",
            option="published-in",
        ),
    ),
)

FIGURE = RecordType(
    "figure",
    key=("entry", "measure", "asserted_by"),
    parent="entry",
    fields=(
        Field(
            "entry",
            "The entry that gives the number",
            refers_to="entry",
            required=True,
            question="Entry (ref)",
        ),
        Field(
            "measure",
            "The measure that the number is of",
            refers_to="measure",
            required=True,
            question="Measure (ref)",
        ),
        Field(
            "low", "The least that the number can be; empty: no lower bound", of=float, option=""
        ),
        Field(
            "high", "The most that the number can be; empty: no upper bound", of=float, option=""
        ),
        Field(
            "basis",
            "Whether the entry states the number, or the judge infers it",
            words=vocab.Basis,
        ),
        Field("hedge", "The words that hedge the number; empty: none", names_source=True),
        Field("condition", "What the number depends on; empty: on nothing", names_source=True),
        Field("rationale", "Why, in the judge's words; empty: self-evident", names_source=True),
        Field(
            "asserted_by",
            "Whose reading this is",
            refers_to="actor",
            judge=True,
            hint="by default the author",
        ),
        Field(
            "document",
            "Where this reading was published; empty: with the entry",
            refers_to="document",
            option="published-in",
        ),
    ),
)

LINK = RecordType(
    "link",
    key=("from", "relation", "to", "asserted_by"),
    fields=(
        Field(
            "from",
            "The entry that bears",
            refers_to="entry",
            required=True,
            question="Entry that bears on the other (ref)",
        ),
        Field(
            "relation",
            "How the first bears on the second",
            words=vocab.Relation,
            required=True,
            question="How it does",
        ),
        Field(
            "to",
            "The entry it bears on",
            refers_to="entry",
            required=True,
            question="Entry it bears on (ref)",
        ),
        Field("strength", "1 partial, possible, at odds; 2 outright", of=int),
        Field("rationale", "Why, in the judge's words; empty: self-evident", names_source=True),
        Field(
            "asserted_by",
            "Whose judgement this is",
            refers_to="actor",
            judge=True,
            hint="by default the author",
        ),
        Field(
            "document",
            "Where this judgement was published; empty: with its entries",
            refers_to="document",
            option="published-in",
        ),
    ),
)

GRADE = RecordType(
    "grade",
    key=("entry", "graded_by", "graded_on"),
    fields=(
        Field(
            "entry", "The entry graded", refers_to="entry", required=True, question="Entry (ref)"
        ),
        Field(
            "graded_by",
            "Who graded it",
            refers_to="actor",
            judge=True,
            hint="by default the author",
        ),
        Field(
            "graded_on",
            "The day of the grade",
            of=date,
            required=True,
            metavar="DATE",
            hint="by default today, in UTC",
        ),
        Field(
            "reliability",
            "Source reliability A to E; F cannot be judged, a missing value",
            words=vocab.Reliability,
            required=True,
        ),
        Field(
            "credibility",
            "Information credibility 1 to 5; 6 cannot be judged, a missing value",
            of=int,
            required=True,
        ),
        Field("rationale", "Why, in the rater's words; empty: self-evident", names_source=True),
    ),
)

CAPTURE = RecordType(
    "capture",
    key=("document", "sha256", "retrieved_at"),
    fields=(
        Field(
            "document", "The document of which it is a copy", refers_to="document", required=True
        ),
        Field(
            "sha256",
            "SHA-256 of its bytes, hexadecimal",
            required=True,
            made=True,
            hidden_with="document",
        ),
        Field(
            "retrieved_at",
            "When the bytes were retrieved, UTC",
            of=datetime,
            required=True,
            hidden_with="document",
        ),
        Field(
            "retrieved_by",
            "Who retrieved them",
            required=True,
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "media_type",
            "What they are, such as text/html; charset=utf-8",
            required=True,
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "size",
            "How many bytes they are",
            of=int,
            required=True,
            made=True,
            hidden_with="document",
        ),
    ),
)

KINDS: Mapping[str, RecordType] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ACTOR,
            DOCUMENT,
            TOPIC,
            ENTRY,
            PROPOSITION,
            MEASURE,
            PARTICIPATION,
            CITATION,
            STANCE,
            FIGURE,
            LINK,
            GRADE,
            CAPTURE,
        )
    }
)
"""Every record type by name, in an order in which rows can be inserted.

A type comes after those that its required foreign keys refer to.
"""

JUDGES: Mapping[str, str] = {kind.name: kind.judge for kind in KINDS.values() if kind.judge}
"""The field for the judge, by record type.

Without a value, the judge is the author of the change.
"""
ABOVE: Mapping[str, str] = {kind.name: kind.above for kind in KINDS.values() if kind.above}
"""The field that refers to a record of the same type, by record type."""
