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
        of_spans = {span.name: f"{span.meaning}; sets {_names_set_by(span)}" for span in self.spans}
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


def _names_set_by(span: Span) -> str:
    """Return the names of the fields that a span sets, as a list in a sentence."""
    *first, last = (*span.bounds, *span.sets)
    return f"{', '.join(first)} and {last}"


def _ref(hidden_with: str | None = None, searched: int = 1) -> Field:
    """Return the field `ref`, which is the same in all record types that have one."""
    return Field(
        "ref",
        "Unique identifier of the record in commands and files",
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
            "Usual name of the actor",
            required=True,
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=2,
            question="Name",
        ),
        Field(
            "kind",
            "Kind of actor",
            words=vocab.ActorKind,
            required=True,
            question="Kind",
        ),
        Field(
            "parent",
            "Actor that it serves, belongs to or is part of; empty: none, it is its own principal",
            refers_to="actor",
            hidden_with=SELF,
        ),
        Field(
            "access",
            "Access of an anonymous source, as its document describes it; empty: not anonymous",
            words=vocab.Access,
            only_of=("anonymous",),
            hidden_with=SELF,
            question="Level of access, as the document describes it",
        ),
        Field(
            "described_as",
            "Description of an anonymous source, in its document's words; empty: not anonymous",
            only_of=("anonymous",),
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=4,
            question="Description of the source, in the document's words",
        ),
        Field(
            "count_min",
            "Smallest number of people an anonymous source can be; empty: unspecified",
            of=int,
            hidden_with=SELF,
        ),
        Field(
            "count_max",
            "Largest number of people an anonymous source can be; empty: unspecified",
            of=int,
            hidden_with=SELF,
        ),
        Field(
            "aliases",
            "Other names and spellings, as a list; empty list: none",
            several=True,
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=3,
            option="alias",
            metavar="NAME",
            hint="one per --alias, replacing the stored list",
        ),
        Field(
            "protected",
            "Whether to protect this source: named by pseudonym, unless --include-protected is set",
            of=bool,
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
            "Date of publication, in the format of an entry's date",
            ("published_from", "published_to"),
            hint="such as 2024-05-24, 2024-05 or 2024",
        ),
    ),
    fields=(
        _ref(SELF),
        Field(
            "title",
            "Title of the document; empty: not recorded",
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=2,
        ),
        Field(
            "publisher",
            "Actor that published the document",
            refers_to="actor",
            required=True,
            question="Publisher (ref, name or alias of an actor)",
        ),
        Field(
            "url",
            "URL of the document; empty: none known",
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            searched=3,
            metavar="URL",
        ),
        Field("published_from", "Earliest possible day of publication; empty: unknown", of=date),
        Field(
            "published_to",
            "Latest possible day of publication; empty: the same as published_from",
            of=date,
        ),
        Field(
            "canonical",
            "Canonical document, if this is the same document at another address; empty: itself",
            refers_to="document",
            hidden_with=SELF,
        ),
        Field(
            "language",
            "Language of the document, as a BCP 47 tag; empty: not recorded",
            names_source=True,
            hidden_with=SELF,
            metavar="TAG",
            hint="such as en, ru or uk",
        ),
        Field("coverage", "How much of the document has been coded", words=vocab.Coverage),
        Field(
            "archive_url",
            "URL of an archived copy; empty: none",
            names_source=True,
            is_name=True,
            hidden_with=SELF,
            metavar="URL",
        ),
        Field(
            "body",
            "Text of the document, to which the positions of quotations refer; empty: not stored",
            names_source=True,
            hidden_with=SELF,
            searched=4,
            from_file=True,
            hint="read from a file",
        ),
        Field(
            "protected",
            "Whether it reveals a source: named by pseudonym, unless --include-protected is set",
            of=bool,
        ),
    ),
)

TOPIC = RecordType(
    "topic",
    key=("ref",),
    title="name",
    fields=(
        _ref(searched=0),
        Field("name", "Name of the topic", required=True, names_source=True, question="Name"),
        Field("parent", "Broader topic that contains it; empty: none", refers_to="topic"),
        Field(
            "exclusive",
            "Whether only one of the propositions directly under it can be true",
            of=bool,
        ),
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
            "Possible fact that it states, in one sentence",
            required=True,
            names_source=True,
            searched=2,
            question="Proposition: a possible fact, in one sentence",
        ),
        Field(
            "topic",
            "Topic of the proposition",
            refers_to="topic",
            required=True,
            question="Topic (ref)",
        ),
        Field("truth", "Whether it turned out to be true; empty: not resolved", of=bool, option=""),
        Field(
            "resolved_on",
            "Day on which it turned out to be true or false; empty: not resolved",
            of=date,
            option="",
        ),
        Field(
            "resolved_by",
            "Entry that resolves it; empty: none named",
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
            "Quantity that the figures count or measure, as a phrase",
            required=True,
            names_source=True,
            searched=2,
            question="Quantity that the figures count or measure",
        ),
        Field(
            "topic",
            "Topic of the measure",
            refers_to="topic",
            required=True,
            question="Topic (ref)",
        ),
        Field(
            "unit",
            "Unit of the figures, such as strikes, people or USD",
            required=True,
            names_source=True,
            searched=3,
            question="Unit of the figures, such as strikes",
        ),
        Field(
            "kind",
            "Whether the figures add up over a period (count) or hold at a time (level)",
            words=vocab.MeasureKind,
            required=True,
            question="Do its figures add up over a period (count) or hold at a time (level)",
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
            "Date: 2024-05-24, 2024-05, 2024, 2023-24 (winter), 2023-12/2024-02, 2024-05-24/.., "
            "2024-05-24 18:00+03:00",
            ("date_from", "date_to"),
            sets=("time_from", "time_to", "zone", "precision"),
        ),
        Span(
            "about",
            "Period that the entry speaks about, in the format of its date",
            ("about_from", "about_to"),
            sets=("about_time_from", "about_time_to", "about_zone"),
        ),
    ),
    nested=(
        Nested("participants", "participation", "Other actors in the entry, each with a role"),
        Nested("citations", "citation", "Documents cited for the entry"),
        Nested("stances", "stance", "Propositions that the entry affirms, denies or leaves open"),
        Nested("figures", "figure", "Numbers that the entry gives, each for a measure"),
    ),
    fields=(
        _ref(),
        Field("kind", "Kind of entry", words=vocab.EntryKind, required=True, option=""),
        Field(
            "summary",
            "What was said or done, in the analyst's own words",
            required=True,
            names_source=True,
            searched=2,
            question="Summary, in your own words",
        ),
        Field(
            "actor",
            "Actor that claims, states, does, promises, judges or decides it",
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
            "Office or role in which the actor spoke or acted; empty: not recorded",
            names_source=True,
            hidden_with="actor",
            searched=3,
            shown_as="in the capacity of",
        ),
        Field(
            "on_behalf_of",
            "Actor on whose behalf it was said or done; empty: the actor itself and those above it",
            refers_to="actor",
        ),
        Field(
            "date_from",
            "Earliest possible day of what was said or done; empty: open or unknown",
            of=date,
        ),
        Field(
            "date_to",
            "Latest possible day of what was said or done; empty: open or unknown",
            of=date,
        ),
        Field(
            "time_from",
            "Earliest possible time of what was said or done, an instant; empty: not known",
            of=datetime,
            option="",
        ),
        Field(
            "time_to",
            "Latest possible time of what was said or done, an instant; empty: not known",
            of=datetime,
            option="",
        ),
        Field(
            "zone",
            "Offset or IANA zone in which these times are shown; empty: no times",
            names_source=False,
            option="",
        ),
        Field(
            "date_text",
            "Date in the source's own words; empty: nothing beyond date_from and date_to",
            names_source=True,
            searched=5,
        ),
        Field("precision", "Precision of the date; empty: undated", words=vocab.Precision),
        Field(
            "about_from",
            "First day of the period that the entry speaks about; empty: open or not stated",
            of=date,
        ),
        Field(
            "about_to",
            "Last day of the period that the entry speaks about; empty: open or not stated",
            of=date,
        ),
        Field(
            "about_time_from",
            "Time at which the period that the entry speaks about begins; empty: not stated",
            of=datetime,
            option="",
        ),
        Field(
            "about_time_to",
            "Time at which the period that the entry speaks about ends; empty: not stated",
            of=datetime,
            option="",
        ),
        Field(
            "about_zone",
            "Offset or IANA zone in which the times of that period are shown; empty: no times",
            names_source=False,
            option="",
        ),
        Field(
            "place",
            "Place where it was said or done; empty: not recorded",
            names_source=True,
            searched=4,
            shown_as="where",
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
            "Latitude of an action, in degrees north (WGS 84); empty: not recorded",
            of=float,
            only_of=("action",),
        ),
        Field(
            "longitude",
            "Longitude of an action, in degrees east (WGS 84); empty: not recorded",
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
        Field("entry", "Entry in which the actor takes part", refers_to="entry", required=True),
        Field("actor", "Actor that takes part", refers_to="actor", required=True),
        Field(
            "role", "Role of the actor in the entry", words=vocab.ParticipationRole, required=True
        ),
    ),
)

CITATION = RecordType(
    "citation",
    key=("entry", "document", "via", "label", "start_pos"),
    parent="entry",
    fields=(
        Field(
            "entry",
            "Entry for which the document is cited",
            refers_to="entry",
            required=True,
            question="Entry (ref)",
        ),
        Field(
            "document",
            "Document that is cited",
            refers_to="document",
            required=True,
            question="Document (ref)",
        ),
        Field(
            "role",
            "Whether the document is the first to show the entry, passes it on or gives context",
            words=vocab.CitationRole,
            required=True,
        ),
        Field(
            "via",
            "Document whose footnote cites this document; empty: cited directly",
            refers_to="document",
        ),
        Field(
            "label",
            "Label of that footnote, such as [12]; empty text: none",
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "wording",
            "How the summary renders the document's words; empty: not recorded",
            words=vocab.Wording,
        ),
        Field(
            "exact",
            "Words quoted (Web Annotation TextQuoteSelector); empty: no quotation",
            names_source=True,
            hidden_with="document",
            option="quote",
        ),
        Field(
            "prefix",
            "Words just before the quotation; empty: not recorded",
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "suffix",
            "Words just after the quotation; empty: not recorded",
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "start_pos",
            "Code point of the body at which the quotation starts, from 0; empty: not located",
            of=int,
            hidden_with="document",
            option="start",
        ),
        Field(
            "end_pos",
            "Code point after the last one of the quotation; empty: not located",
            of=int,
            hidden_with="document",
            option="end",
        ),
    ),
)

_READING_GROUNDS = (
    Field(
        "rationale",
        "Reasons for this reading, in the judge's words; empty: self-evident",
        names_source=True,
    ),
    Field(
        "asserted_by",
        "Judge, the actor that reads the entry this way",
        refers_to="actor",
        judge=True,
        hint="by default the author",
    ),
    Field(
        "document",
        "Document in which this reading was published; empty: published with the entry",
        refers_to="document",
        option="published-in",
    ),
)
"""The fields of a stance and of a figure that say who reads the entry this way, where and why."""

STANCE = RecordType(
    "stance",
    key=("entry", "proposition", "asserted_by"),
    parent="entry",
    fields=(
        Field(
            "entry",
            "Entry that takes the stance",
            refers_to="entry",
            required=True,
            question="Entry (ref)",
        ),
        Field(
            "proposition",
            "Proposition on which it takes the stance",
            refers_to="proposition",
            required=True,
            question="Proposition (ref)",
        ),
        Field(
            "value",
            "-2 denies outright, -1 leans against, 0 leaves open, 1 leans for, 2 asserts outright",
            of=int,
            required=True,
            question="How far the entry affirms it, from 2 (outright) to -2 (denies outright)",
            metavar="-2..2",
        ),
        Field(
            "basis",
            "Whether the entry takes the stance explicitly or the judge infers it",
            words=vocab.Basis,
        ),
        Field("hedge", "Hedging words of the source; empty: none", names_source=True),
        Field("condition", "Condition on which the stance depends; empty: none", names_source=True),
        Field(
            "likelihood",
            "Likelihood that the hedge expresses, as an ICD 203 term; empty: none expressed",
            words=vocab.Likelihood,
        ),
        Field("confidence", "Confidence of the judge; empty: not stated", words=vocab.Confidence),
        *_READING_GROUNDS,
    ),
)

FIGURE = RecordType(
    "figure",
    key=("entry", "measure", "asserted_by"),
    parent="entry",
    fields=(
        Field(
            "entry",
            "Entry that gives the figure",
            refers_to="entry",
            required=True,
            question="Entry (ref)",
        ),
        Field(
            "measure",
            "Measure that the figure is for",
            refers_to="measure",
            required=True,
            question="Measure (ref)",
        ),
        Field("low", "Lower bound of the figure; empty: none", of=float, option=""),
        Field("high", "Upper bound of the figure; empty: none", of=float, option=""),
        Field(
            "basis",
            "Whether the entry states the figure explicitly or the judge infers it",
            words=vocab.Basis,
        ),
        Field("hedge", "Hedging words of the source; empty: none", names_source=True),
        Field("condition", "Condition on which the figure depends; empty: none", names_source=True),
        *_READING_GROUNDS,
    ),
)

LINK = RecordType(
    "link",
    key=("from", "relation", "to", "asserted_by"),
    fields=(
        Field(
            "from",
            "First entry, such as the reply",
            refers_to="entry",
            required=True,
            question="First entry, such as the reply (ref)",
        ),
        Field(
            "relation",
            "How the first entry relates to the second",
            words=vocab.Relation,
            required=True,
            question="Relation of the first entry to the second",
        ),
        Field(
            "to",
            "Second entry, such as the one replied to",
            refers_to="entry",
            required=True,
            question="Second entry, such as the one replied to (ref)",
        ),
        Field("strength", "Strength of the relation: 1 partial or possible, 2 outright", of=int),
        Field(
            "rationale",
            "Reasons for this judgement, in the judge's words; empty: self-evident",
            names_source=True,
        ),
        Field(
            "asserted_by",
            "Judge, the actor that sees this relation",
            refers_to="actor",
            judge=True,
            hint="by default the author",
        ),
        Field(
            "document",
            "Document in which this judgement was published; empty: published with the entries",
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
            "entry",
            "Entry that is graded",
            refers_to="entry",
            required=True,
            question="Entry (ref)",
        ),
        Field(
            "graded_by",
            "Judge, the actor that graded the entry",
            refers_to="actor",
            judge=True,
            hint="by default the author",
        ),
        Field(
            "graded_on",
            "Day on which the entry was graded",
            of=date,
            required=True,
            metavar="DATE",
            hint="by default today, in UTC",
        ),
        Field(
            "reliability",
            "Reliability of the source, A best, E worst; F (cannot be judged) is a missing value",
            words=vocab.Reliability,
            required=True,
        ),
        Field(
            "credibility",
            "Credibility of the content, 1 best, 5 worst; 6 (cannot be judged) is a missing value",
            of=int,
            required=True,
        ),
        Field(
            "rationale",
            "Reasons for the grade, in the judge's words; empty: self-evident",
            names_source=True,
        ),
    ),
)

CAPTURE = RecordType(
    "capture",
    key=("document", "sha256", "retrieved_at"),
    fields=(
        Field("document", "Document of which this is a copy", refers_to="document", required=True),
        Field(
            "sha256",
            "SHA-256 of the bytes, in hexadecimal",
            required=True,
            made=True,
            hidden_with="document",
        ),
        Field(
            "retrieved_at",
            "Time at which the bytes were retrieved, in UTC",
            of=datetime,
            required=True,
            hidden_with="document",
        ),
        Field(
            "retrieved_by",
            "Who retrieved the bytes",
            required=True,
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "media_type",
            "Media type of the bytes, such as text/html; charset=utf-8",
            required=True,
            names_source=True,
            hidden_with="document",
        ),
        Field(
            "size",
            "Number of bytes",
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
