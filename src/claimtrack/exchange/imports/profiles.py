"""The schema of profiles: YAML files that say what the columns of a file mean.

`profile_files` reads one and reports its mistakes; `rules` evaluates its rules on a row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    create_model,
    model_validator,
)

from claimtrack.exchange.imports.profile_texts import (
    Delimiter,
    Encoding,
    Pattern,
    Template,
    When,
    Words,
    as_list,
    placeholders,
)
from claimtrack.exchange.imports.ratings import normalise_words
from claimtrack.kinds import ENTRY, RecordType
from claimtrack.vocab import REF_PATTERN

Format = Literal["csv", "tsv", "json", "jsonl", "xlsx", "bibtex", "csl-json", "ris"]
Made = Literal[
    "claim", "statement", "action", "commitment", "assessment", "window", "document", "actor"
]


def _once(names: list[str] | None) -> list[str] | None:
    if len(set(names or ())) < len(names or ()):
        raise ValueError("a column name occurs twice: rename one")
    return names


DATES = ("date", "about", "published", "date_from", "date_to", "about_from", "about_to")
"""The keys whose rules make dates."""


class Part(BaseModel):
    """What every part of a profile shares: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


def _short(*, alone: str) -> Any:
    """Accept a part written as a text alone, or as a list of alternatives."""

    def spelled(value: object) -> object:
        if isinstance(value, list):
            return {"first": value}
        return value if isinstance(value, dict) else {alone: value}

    return BeforeValidator(spelled)


def _folded(value: dict[str, int]) -> dict[str, int]:
    folded: dict[str, int] = {}
    for words, meaning in value.items():
        if folded.setdefault(normalise_words(words), meaning) != meaning:
            raise ValueError(f"{words!r} has two values: write it once, without case and full stop")
    return folded


class Scale(Part):
    """A number on another scale, 1 to 5 unless you set its ends, converted to -2 to 2."""

    value: Template
    worst: Template | None = None
    best: Template | None = None
    words: Annotated[
        Template | None,
        Field(description="Words of the rating; if they disagree with the number, neither counts"),
    ] = None
    meaning: Annotated[
        dict[str, Annotated[int, Field(ge=-2, le=2)]],
        AfterValidator(_folded),
        Field(description="Values of these words, ignoring case and a full stop at the end"),
    ] = {}


class Rule(Part):
    """How a value is derived from a row.

    A text is a template, in which {column} is replaced by a cell; it is empty if one of its cells
    is. A list holds alternatives: the first that is not empty is used.
    """

    from_: Annotated[Template | None, Field(alias="from", description="A template")] = None
    first: Annotated[
        list["RuleOf"] | None,
        Field(description="Alternatives: the first that is not empty is used"),
    ] = None
    join: Annotated[
        list[Template] | None, Field(description="Templates to join, without the empty ones")
    ] = None
    with_: Annotated[str, Field(alias="with", description="Separator of joined templates")] = "; "
    sort: Annotated[bool, Field(description="Whether to sort joined templates alphabetically")] = (
        False
    )
    scale: Annotated[Scale | None, Field(description="A number to convert to -2 to 2")] = None
    digest: Annotated[
        list[Template] | None, Field(description="Templates whose digest is appended to the value")
    ] = None
    when: Annotated[
        When | None,
        Field(description="Only for rows whose cells have these values (true: any, false: none)"),
    ] = None
    pattern: Annotated[
        Pattern | None,
        Field(description="Regular expression for the part to use: its group, if it has one"),
    ] = None
    map: Annotated[
        dict[str, Words | None] | None,
        Field(description="Replacement of each text; null: no value"),
    ] = None
    match: Annotated[
        dict[Pattern, Words | None] | None,
        Field(description="Replacement of each text that matches a regular expression"),
    ] = None
    unknown: Annotated[
        Literal["refuse", "keep", "empty"],
        Field(
            description="How to treat a text that no map or pattern matches, or that is not a date"
        ),
    ] = "refuse"
    otherwise: Annotated[Words | None, Field(description="Replacement of such a text")] = None
    day_first: Annotated[bool | None, Field(description="Whether 05/02 is 5 February")] = None
    formats: Annotated[list[str], Field(description="Date formats, in the syntax of strptime")] = []
    widen: Annotated[
        Literal["week", "month", "year"] | None,
        Field(description="Period to which the date is widened"),
    ] = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of which it makes a value, those of its alternatives included."""
        names = [name for _, one in iter_parts(self) for name in named_in(one, conditions=False)]
        return tuple(dict.fromkeys(names))

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The columns that it names, in its conditions too, by a path such as `author.name`."""
        names = (name for _, part in iter_parts(self) for name in named_in(part))
        return tuple(dict.fromkeys(name for name in names if "." in name))


RuleOf = Annotated[Rule, _short(alone="from")]


class Use(Part):
    """The record that the profile describes to use, and for which rows."""

    use: str
    when: When | None = None


def _uses(value: object) -> object:
    return [one if isinstance(one, dict) else {"use": one} for one in as_list(value)]


Choice = Annotated[
    list[Use], BeforeValidator(_uses, json_schema_input_type=str | Use | list[str | Use])
]


class Each(Part):
    """A cell that holds several values, to be split."""

    from_: Annotated[str, Field(alias="from", description="Name of the column, not a template")]
    split: Annotated[str | None, Field(min_length=1, description="Separator of the values")] = None
    strip: Annotated[str, Field(description="Characters to strip from both ends of the cell")] = ""
    pattern: Annotated[
        Pattern | None, Field(description="Regular expression whose named groups become columns")
    ] = None
    unknown: Annotated[
        Literal["refuse", "keep", "empty"],
        Field(description="How to treat a value that does not match"),
    ] = "refuse"


class ActorPart(Part):
    """An actor to create, unless one with that ref or name exists."""

    ref: RuleOf | None = None
    name: RuleOf
    kind: RuleOf
    parent: Choice | None = None
    access: RuleOf | None = None
    described_as: RuleOf | None = None
    aliases: list[Words] = []


class DocumentPart(Part):
    """A document to create, unless one with that ref or URL exists."""

    each: Each | None = None
    ref: RuleOf
    publisher: Choice
    url: RuleOf | None = None
    title: RuleOf | None = None
    language: RuleOf | None = None
    published: RuleOf | None = None
    coverage: RuleOf | None = None
    archive_url: RuleOf | None = None
    body: RuleOf | None = None


class TopicPart(Part):
    """A topic to create, unless one with that ref exists."""

    ref: RuleOf
    name: RuleOf


class PropositionPart(Part):
    """A proposition to create, unless one with that ref exists."""

    ref: RuleOf
    text: RuleOf
    topic: Choice


class MeasurePart(Part):
    """A measure made on the way, unless one of that ref is there."""

    ref: RuleOf
    text: RuleOf
    topic: Choice
    unit: RuleOf
    kind: RuleOf


class ParticipantPart(Part):
    """Another actor in an entry, and its role."""

    each: Each | None = None
    actor: Choice
    role: RuleOf
    when: When | None = None


class CitationPart(Part):
    """A document that an entry cites."""

    document: Choice
    role: RuleOf
    via: Choice | None = None
    label: RuleOf | None = None
    wording: RuleOf | None = None
    exact: RuleOf | None = None
    when: When | None = None


class StancePart(Part):
    """A stance of an entry; none is created if the value is empty."""

    proposition: Choice
    value: RuleOf
    asserted_by: Choice
    basis: RuleOf | None = None
    hedge: RuleOf | None = None
    rationale: RuleOf | None = None
    document: Choice | None = None
    when: When | None = None


class FigurePart(Part):
    """The number that an entry gives for a measure; none is taken where the number is empty."""

    measure: Choice
    number: Annotated[
        RuleOf | None, Field(description="A number, or a range such as 30..50, 80.. or ..10")
    ] = None
    low: RuleOf | None = None
    high: RuleOf | None = None
    asserted_by: Choice
    basis: RuleOf | None = None
    hedge: RuleOf | None = None
    condition: RuleOf | None = None
    rationale: RuleOf | None = None
    document: Choice | None = None
    when: When | None = None


def _with_plain_keys(kind: RecordType) -> Any:
    """Return a part that has a rule for each plain field of a record type: no ref, no list."""
    keys: list[str] = []
    for one in kind.fields:
        keys += [span.name for span in kind.spans if span.bounds[0] == one.name]
        keys += [] if one.refers_to or one.several or one.name in ("ref", "kind") else [one.name]
    rules: dict[str, Any] = dict.fromkeys(keys, (RuleOf | None, None))
    return create_model(f"{kind.name.capitalize()}Keys", __base__=Part, **rules)


_EntryKeys = _with_plain_keys(ENTRY)


class RecordPart(_EntryKeys, Part):  # type: ignore[misc, valid-type]  # made of kinds
    """A record made from a row: an entry, or one of the documents or actors described above."""

    make: Made
    when: When | None = None
    use: str | None = None
    ref: RuleOf | None = None
    actor: Choice | None = None
    on_behalf_of: Choice | None = None
    participants: list[ParticipantPart] = []
    citations: list[CitationPart] = []
    stances: list[StancePart] = []
    figures: list[FigurePart] = []


class Numbers(Part):
    """How the numbers of a file are written."""

    thousands: Annotated[
        Literal[",", ".", " ", "'", "\u00a0", "\u202f"] | None,
        Field(description="What stands between thousands, as in 1,200"),
    ] = None
    decimal: Annotated[
        Literal[".", ","], Field(description="What stands before decimals, as in 0.5")
    ] = "."

    @model_validator(mode="after")
    def _differ(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError(
                f"{self.decimal!r} stands between thousands and before decimals: say decimal too"
            )
        return self


class Dates(Part):
    """Date formats of the file; ISO 8601 is always accepted."""

    day_first: Annotated[bool | None, Field(description="Whether 05/02 is 5 February")] = None
    formats: Annotated[list[str], Field(description="Date formats, in the syntax of strptime")] = []


class Profile(Part):
    """What the columns of a file mean, and which records are made from a row."""

    claimtrack_profile: Literal[1]
    name: Annotated[str, Field(pattern=REF_PATTERN)]
    about: Annotated[str, Field(min_length=1)]
    format: Format
    encoding: Annotated[Encoding | None, Field(description="Detected if not set")] = None
    delimiter: Annotated[Delimiter | None, Field(description="Detected if not set")] = None
    sheet: Annotated[
        str | None,
        Field(description="Sheet of the workbook; default: the first that is not hidden"),
    ] = None
    named: Annotated[
        list[Annotated[Words, Field(min_length=1)]] | None,
        Field(
            alias="columns",
            min_length=1,
            description="Names of the columns, for a file without a header",
        ),
        AfterValidator(_once),
    ] = None
    rows: Annotated[
        str | None, Field(description="JSON only: the key of the list of rows, or their @type")
    ] = None
    guarded: Annotated[
        bool, Field(description="Whether the file is from claimtrack, with ' before formulas")
    ] = False
    empty: Annotated[
        list[Words], Field(description="Cell texts to treat as empty, such as n/a")
    ] = []
    optional: Annotated[list[str], Field(description="Columns that may be missing")] = []
    dates: Dates = Dates()
    numbers: Numbers = Numbers()
    let: Annotated[
        dict[str, RuleOf], Field(description="Derived values, to be used like columns")
    ] = {}
    actors: dict[str, ActorPart] = {}
    documents: dict[str, DocumentPart] = {}
    topics: dict[str, TopicPart] = {}
    propositions: dict[str, PropositionPart] = {}
    measures: dict[str, MeasurePart] = {}
    records: Annotated[list[RecordPart], Field(min_length=1)]

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that stand for a value: of columns, of paths into them, of values made."""
        return frozenset(name for _, part in iter_parts(self) for name in named_in(part))

    @cached_property
    def names_of_parts(self) -> frozenset[str]:
        """The paths of what a part of a list has under the keys that are named: `part.url`."""
        below = [name.removeprefix("part") for name in self.names if name.startswith("part.")]
        lists = {
            part.from_ for _, part in iter_parts(self) if isinstance(part, Each) and not part.split
        }
        return frozenset(f"{name}{key}" for name in lists for key in below)

    @cached_property
    def parents(self) -> frozenset[str]:
        """The names below which others lead: `author` where `author.name` is named."""
        return parents_of(self.names)

    def columns_of(self, rule: Rule) -> list[str]:
        """Return the columns of a file of which a rule makes a value."""
        columns = {
            name: self.columns_of(self.let[name]) for name in rule.columns if name in self.let
        }
        return list(
            dict.fromkeys(one for name in rule.columns for one in columns.get(name, [name]))
        )

    def alternatives(self, rule: Rule | None) -> list[Rule]:
        """Return the alternatives of which the first that is not empty counts, if there are any."""
        while rule is not None and rule.from_ and (name := rule.from_.strip("{}")) in self.let:
            rule = self.let[name]
        return list(rule.first or ()) if rule is not None else []

    @model_validator(mode="after")
    def _fits_its_format(self) -> Self:
        if self.named is not None and self.format not in ("csv", "tsv", "xlsx"):
            raise ValueError(f"columns are for csv, tsv and xlsx, and format is {self.format}")
        if self.rows is not None and self.format != "json":
            raise ValueError(f"rows is for json, and format is {self.format}")
        return self

    def columns(self) -> set[str]:
        """Return the columns that a file must have: all that are named, but for the optional."""
        computed = {"part", *self.let}
        for each in (part for _, part in iter_parts(self) if isinstance(part, Each)):
            computed |= set(re.compile(each.pattern or "").groupindex)
        return {
            name
            for name in self.names
            if name not in computed and name not in self.optional and not name.startswith("part.")
        }


def parents_of(names: Iterable[str]) -> frozenset[str]:
    """Return the names with names below them: `author` for `author.name`."""
    steps = (name.split(".") for name in names)
    return frozenset(".".join(one[:at]) for one in steps for at in range(1, len(one)))


def iter_parts(
    part: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], Part]]:
    """Yield a part and all parts within it, each with the keys and positions that lead to it."""
    if isinstance(part, Part):
        yield path, part
        for name, field in type(part).model_fields.items():
            yield from iter_parts(getattr(part, name), (*path, field.alias or name))
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from iter_parts(value, (*path, key))
    elif isinstance(part, list):
        for at, value in enumerate(part):
            yield from iter_parts(value, (*path, at))


def named_in(part: Part, *, conditions: bool = True) -> Iterator[str]:
    """Yield the columns that a part itself uses, in its condition too."""
    templates: tuple[str | None, ...] = ()
    if isinstance(part, Each):
        yield part.from_
    elif isinstance(part, Scale):
        templates = part.value, part.worst, part.best, part.words
    elif isinstance(part, Rule):
        templates = part.from_, *(part.join or ()), *(part.digest or ())
    for template in templates:
        yield from placeholders(template or "")
    yield from (getattr(part, "when", None) or ()) if conditions else ()
