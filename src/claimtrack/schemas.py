"""What comes in: a model for each kind of record, the same for options, prompts, editor and files.

The keys are the columns of `models`, with refs where the tables have foreign keys. `DOSSIER` shapes
the file; its JSON Schema ships with the package.
"""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from claimtrack import dates, number_ranges, times, vocab
from claimtrack.errors import InvalidValue
from claimtrack.kinds import ACTOR, ENTRY


def _plain_text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("it holds a NUL character: remove it")
    return value


def _day(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return dates.parse_day(value, what="day")
    except InvalidValue as error:
        raise ValueError(str(error)) from None


def _zone(value: str) -> str:
    try:
        return times.check_zone(value)
    except InvalidValue as error:
        raise ValueError(str(error)) from None


def _number(value: object) -> object:
    if value is None:
        return value
    try:
        return number_ranges.read_number(value)
    except InvalidValue as error:
        raise ValueError(str(error)) from None


def _short_enough(value: str) -> str:
    if len(value.encode()) > _LONGEST_ADDRESS:
        raise ValueError(f"it is longer than {_LONGEST_ADDRESS:,} bytes: no address is")
    return value


def _media_type(value: str) -> str:
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+(;[ -~]*)?", value, re.ASCII) or len(value) > 255:
        raise ValueError(f"{value!r} is not a media type such as text/html")
    return value


_LONGEST_ADDRESS = 2_000  # PostgreSQL cannot index much more

LONGEST_TEXT = 100_000
"""Characters of one text at most; of a document's whole text, `LONGEST_BODY`."""
LONGEST_BODY = 50_000_000

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True),
    AfterValidator(_plain_text),
]
Words = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_plain_text)
]
"""Text whose white space counts: a quotation and its surroundings."""
Body = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_BODY), AfterValidator(_plain_text)
]
Ref = Annotated[str, StringConstraints(pattern=vocab.REF_PATTERN)]
Address = Annotated[Text, AfterValidator(_short_enough)]
MediaType = Annotated[Text, AfterValidator(_media_type)]
ActorName = Annotated[Text, Field(description="an actor's ref, name or alias")]
Day = Annotated[date, BeforeValidator(_day)]
Instant = Annotated[AwareDatetime, Field(description="a time with its offset")]
Zone = Annotated[Text, AfterValidator(_zone)]
Number = Annotated[float, BeforeValidator(_number)]
"""A bound of a figure; the parser of `number_ranges` refuses units, words and what is too large."""
_PLAIN_ZERO = AfterValidator(lambda value: value + 0.0)  # SQLite keeps no negative zero


class New(BaseModel):
    """What every incoming record shares: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")

    table: ClassVar[str]
    spans: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Keys that are short for two bounds, as people write dates."""
    times: ClassVar[Mapping[str, tuple[str, str, str]]] = {}
    """Of such keys that may have times of day, the keys of the two times and of their zone."""

    @classmethod
    def spelled(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values, with each key that is short for several columns replaced by those.

        Times are returned in UTC, with their zone.

        Raises:
            ValueError: such a key cannot be read, or is there together with one of those.
        """
        spelled = dict(values)
        for name, (first, last) in cls.spans.items():
            if name in cls.times:
                spelled = _with_timed_span(spelled, name, (first, last), cls.times[name])
            else:
                spelled = _with_span(spelled, name, first, last)
        return spelled

    @model_validator(mode="before")
    @classmethod
    def _spell(cls, values: Any) -> Any:
        return cls.spelled(values) if isinstance(values, Mapping) else values


class NewActor(New):
    """Whoever says, does, promises, judges, decides or publishes."""

    table = "actor"

    ref: Ref
    name: Text
    kind: vocab.ActorKind
    parent: ActorName | None = None
    access: vocab.Access | None = None
    described_as: Text | None = None
    count_min: Annotated[int, Field(ge=1, le=vocab.MOST)] | None = None
    count_max: Annotated[int, Field(ge=1, le=vocab.MOST)] | None = None
    aliases: list[Text] = []
    protected: bool = False

    @model_validator(mode="after")
    def _anonymous_or_not(self) -> Self:
        anonymous = self.kind is vocab.ActorKind.ANONYMOUS
        for name in (one.name for one in ACTOR.only_of(vocab.ActorKind.ANONYMOUS)):
            if anonymous and getattr(self, name) is None:
                raise ValueError(f"an anonymous actor needs {name}")
            if not anonymous and getattr(self, name) is not None:
                raise ValueError(f"only an anonymous actor has {name}")
        if self.count_min and self.count_max and self.count_min > self.count_max:
            raise ValueError("count_min is more than count_max: swap them")
        if self.count_max is not None and self.count_min is None:
            raise ValueError("count_max needs count_min")
        if self.parent == self.ref:
            raise ValueError(f"parent {self.parent!r} is the actor itself")
        own_names = {self.name, self.ref}
        self.aliases = [name for name in dict.fromkeys(self.aliases) if name not in own_names]
        return self


class NewDocument(New):
    """Something published that shows what was said or done."""

    table = "document"
    spans = {"published": ("published_from", "published_to")}

    ref: Ref
    url: Address | None = None
    canonical: Ref | None = None
    publisher: ActorName
    title: Text | None = None
    language: Text | None = None
    published_from: Day | None = None
    published_to: Day | None = None
    coverage: vocab.Coverage = vocab.Coverage.LISTED
    archive_url: Text | None = None
    body: Body | None = None
    protected: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        _in_order(self, "published_from", "published_to")
        if self.canonical == self.ref:
            raise ValueError(f"canonical {self.canonical!r} is the document itself")
        return self


class NewTopic(New):
    """What propositions are about."""

    table = "topic"

    ref: Ref
    name: Text
    parent: Ref | None = None
    exclusive: bool = False

    @model_validator(mode="after")
    def _not_itself(self) -> Self:
        if self.parent == self.ref:
            raise ValueError(f"parent {self.parent!r} is the topic itself")
        return self


class NewProposition(New):
    """A possible fact, neither asserted nor denied."""

    table = "proposition"

    ref: Ref
    text: Text
    topic: Ref
    truth: bool | None = None
    resolved_on: Day | None = None
    resolved_by: Ref | None = None

    @model_validator(mode="after")
    def _resolved(self) -> Self:
        if (self.truth is None) != (self.resolved_on is None):
            raise ValueError("truth and resolved_on must be set together")
        if self.resolved_by is not None and self.truth is None:
            raise ValueError("resolved_by needs truth and resolved_on")
        return self


class NewParticipation(New):
    """An actor other than the agent, and what it is to the entry."""

    table = "participation"

    actor: ActorName
    role: vocab.ParticipationRole


class NewCitation(New):
    """A document that stands behind an entry, and where in it."""

    table = "citation"

    document: Ref
    role: vocab.CitationRole
    via: Ref | None = None
    label: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    wording: vocab.Wording | None = None
    exact: Words | None = None
    prefix: Words | None = None
    suffix: Words | None = None
    start_pos: Annotated[int, Field(ge=0, le=vocab.MOST)] | None = None
    end_pos: Annotated[int, Field(ge=1, le=vocab.MOST)] | None = None

    @model_validator(mode="after")
    def _positions(self) -> Self:
        if (self.start_pos is None) != (self.end_pos is None):
            raise ValueError("start_pos and end_pos must be set together")
        if self.start_pos is not None and self.end_pos is not None:
            if self.exact is None:
                raise ValueError("start_pos and end_pos need exact, the words at that position")
            if self.start_pos >= self.end_pos:
                raise ValueError(f"end_pos {self.end_pos} is not after start_pos {self.start_pos}")
        return self


class NewStance(New):
    """How far an entry affirms or denies a proposition, as one judge reads it."""

    table = "stance"

    proposition: Ref
    value: Annotated[int, Field(ge=-2, le=2)]
    basis: vocab.Basis = vocab.Basis.EXPLICIT
    hedge: Text | None = None
    condition: Text | None = None
    likelihood: vocab.Likelihood | None = None
    confidence: vocab.Confidence | None = None
    rationale: Text | None = None
    asserted_by: ActorName | None = None
    document: Ref | None = None


class NewMeasure(New):
    """What figures are of: something counted over a period, or a level at a time."""

    table = "measure"

    ref: Ref
    text: Text
    topic: Ref
    unit: Text
    kind: vocab.MeasureKind


class NewFigure(New):
    """The number that an entry gives for a measure, as one judge reads it."""

    table = "figure"

    measure: Ref
    low: Number | None = None
    high: Number | None = None
    basis: vocab.Basis = vocab.Basis.EXPLICIT
    hedge: Text | None = None
    condition: Text | None = None
    rationale: Text | None = None
    asserted_by: ActorName | None = None
    document: Ref | None = None

    @classmethod
    def spelled(cls, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields; a bound without the other one clears the other.

        The two are one number: a new lower bound beside an old upper bound would make a range that
        nobody gave.
        """
        spelled = super().spelled(given)
        if "low" in spelled or "high" in spelled:
            spelled = {**spelled, "low": spelled.get("low"), "high": spelled.get("high")}
        return spelled

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError(
                "a figure needs low, high or both: equal for an exact number, low alone for "
                "'at least', high alone for 'at most'"
            )
        if self.low is not None and self.high is not None and self.low > self.high:
            low, high = (number_ranges.format_number(bound) for bound in (self.low, self.high))
            raise ValueError(f"low {low} is more than high {high}: exchange them")
        return self


class NewEntry(New):
    """Something claimed, stated, done, promised, judged or to be decided, by one actor."""

    table = "entry"
    spans = {
        "date": ("date_from", "date_to"),
        "about": ("about_from", "about_to"),
    }
    times = {
        "date": ("time_from", "time_to", "zone"),
        "about": ("about_time_from", "about_time_to", "about_zone"),
    }

    ref: Ref
    kind: vocab.EntryKind
    actor: ActorName
    on_behalf_of: ActorName | None = None
    capacity: Text | None = None
    summary: Text
    date_from: Day | None = None
    date_to: Day | None = None
    time_from: Instant | None = None
    time_to: Instant | None = None
    zone: Zone | None = None
    precision: vocab.Precision | None = None
    date_text: Text | None = None
    about_from: Day | None = None
    about_to: Day | None = None
    about_time_from: Instant | None = None
    about_time_to: Instant | None = None
    about_zone: Zone | None = None
    place: Text | None = None
    action_code: Text | None = None
    latitude: Annotated[float, Field(ge=-90, le=90), _PLAIN_ZERO] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180), _PLAIN_ZERO] | None = None
    participants: list[NewParticipation] = []
    citations: list[NewCitation] = []
    stances: list[NewStance] = []
    figures: list[NewFigure] = []

    @classmethod
    def spelled(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Spell `date` as precision too and, where the bounds lose something, as words."""
        spelled = super().spelled(values)
        if "date" in values:
            written = values["date"]
            span = None if written is None else _timed_span(written, "date", values.get("zone"))
            spelled.setdefault("precision", span and span.precision)
            if span and times.has_unstored_detail(str(written), span):
                spelled.setdefault("date_text", str(written).strip())
        return spelled

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        _in_order(self, "date_from", "date_to")
        _in_order(self, "about_from", "about_to")
        for name, keys in self.times.items():
            _check_times(self, self.spans[name], keys)
        for one in ENTRY.fields:
            if one.only_of and self.kind not in one.only_of and getattr(self, one.name) is not None:
                of = " and ".join(f"{kind}s" for kind in one.only_of)
                raise ValueError(f"{one.name} is for {of}, and this is a {self.kind}")
        for participant in self.participants:
            refuse_misplaced_role(self.kind, participant.role)
        return self


ZONED_KEYS = {zone: (name, first, last) for name, (first, last, zone) in NewEntry.times.items()}
"""For the key of each zone of an entry, the keys of the dates and times that it is for."""


class NewLink(New):
    """One judgement of how one entry bears on another, by one judge."""

    model_config = ConfigDict(populate_by_name=True)
    table = "link"

    from_: Annotated[Ref, Field(alias="from")]
    relation: vocab.Relation
    to: Ref
    strength: Annotated[int, Field(ge=1, le=2)] = 2
    asserted_by: ActorName | None = None
    rationale: Text | None = None
    document: Ref | None = None

    @model_validator(mode="after")
    def _not_itself(self) -> Self:
        if self.from_ == self.to:
            raise ValueError(f"an entry cannot be linked to itself ({self.to!r})")
        return self


class NewGrade(New):
    """An Admiralty grade that one rater gave an entry on one day."""

    table = "grade"

    entry: Ref
    graded_by: ActorName | None = None
    graded_on: Day
    reliability: vocab.Reliability
    credibility: Annotated[int, Field(ge=1, le=6)]
    rationale: Text | None = None


class NewCapture(New):
    """What is known of the bytes of a document beside themselves; not a part of a dossier."""

    table = "capture"

    document: Ref
    media_type: MediaType
    retrieved_at: AwareDatetime
    retrieved_by: Text


class Dossier(New):
    """A dossier file: records of every kind, in any order."""

    claimtrack: Literal[1]
    withheld: bool = False
    asserted_by: ActorName | None = None
    zone: Zone | None = None
    actors: list[NewActor] = []
    documents: list[NewDocument] = []
    topics: list[NewTopic] = []
    propositions: list[NewProposition] = []
    measures: list[NewMeasure] = []
    entries: list[NewEntry] = []
    links: list[NewLink] = []
    grades: list[NewGrade] = []


def refuse_misplaced_role(kind: vocab.EntryKind, role: vocab.ParticipationRole) -> None:
    """Raise ValueError for a counterparty of anything but a commitment, a target of no action."""
    role_of = {
        vocab.ParticipationRole.COUNTERPARTY: vocab.EntryKind.COMMITMENT,
        vocab.ParticipationRole.TARGET: vocab.EntryKind.ACTION,
    }
    if role in role_of and kind is not role_of[role]:
        right, actual = (vocab.with_article(one) for one in (role_of[role], kind))
        raise ValueError(f"the role {role} is for {right}, and this is {actual}")


def _in_order(record: New, first: str, last: str) -> None:
    low, high = getattr(record, first), getattr(record, last)
    if low is not None and high is not None and low > high:
        raise ValueError(f"{first} {low} is after {last} {high}: it would end before it begins")


def _span(value: object, what: str) -> dates.Span:
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise ValueError(f"{what} {value!r} is not a date such as 2024-05-24, 2024-05 or 2024")
    try:
        return dates.parse_span(str(value), what=what)
    except InvalidValue as error:
        raise ValueError(str(error)) from None


def _with_span(values: Mapping[str, Any], name: str, first: str, last: str) -> dict[str, Any]:
    """Spell one key of a date as people write it as its two bounds; null clears both."""
    if name not in values:
        return dict(values)
    if first in values or last in values:
        raise ValueError(f"give {name}, or {first} and {last}, not both")
    spelled = {key: value for key, value in values.items() if key != name}
    if values[name] is None:
        return {**spelled, first: None, last: None}
    span = _span(values[name], name)
    return {**spelled, first: span.first, last: span.last}


def _timed_span(value: object, what: str, zone: object) -> times.TimedSpan:
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        raise ValueError(f"{what} {value!r} is not a date such as 2024-05-24, 2024-05 or 2024")
    try:
        return times.parse_span(str(value), what=what, zone=None if zone is None else str(zone))
    except InvalidValue as error:
        raise ValueError(str(error)) from None


def _with_timed_span(
    values: Mapping[str, Any], name: str, bounds: tuple[str, str], keys: tuple[str, str, str]
) -> dict[str, Any]:
    """Spell one key of a date as its bounds, its times and their zone, and times as instants.

    A date without times clears those of an earlier date, and so does null.
    """
    spelled = {key: value for key, value in values.items() if key != name}
    time_keys, zone_key = keys[:2], keys[2]
    if name in values:
        if any(bound in values for bound in bounds):
            raise ValueError(f"give {name}, or {' and '.join(bounds)}, not both")
        span = None
        if values[name] is not None:
            span = _timed_span(values[name], name, values.get(zone_key))
        if span is not None and span.has_time:
            if given := [key for key in time_keys if values.get(key) is not None]:
                raise ValueError(f"give the time in {name}, or as {given[0]}, not both")
            read = dict(zip(time_keys, (span.time_from, span.time_to), strict=True))
            spelled |= {**read, zone_key: span.zone}
        else:
            spelled = {**dict.fromkeys(keys), **spelled}
        ends = (span.first, span.last) if span else (None, None)
        spelled |= dict(zip(bounds, ends, strict=True))
    return _with_instants(spelled, time_keys, zone_key)


def _with_instants(
    values: dict[str, Any], time_keys: tuple[str, ...], zone_key: str
) -> dict[str, Any]:
    """Read the times of a record: into instants, with the zone of the first if none is named."""
    zone = values.get(zone_key)
    zones: dict[str, str] = {}
    for key in time_keys:
        if values.get(key) is None:
            continue
        try:
            at, found = times.parse_time(values[key], what=key, zone=zone and str(zone))
        except InvalidValue as error:
            raise ValueError(str(error)) from None
        values, zones = {**values, key: at}, {**zones, key: found}
    if len(set(zones.values())) > 1:
        raise ValueError(
            f"{' and '.join(zones)} have different offsets: name the zone in which both are "
            f"shown as {zone_key}, such as Europe/Kyiv"
        )
    return {**values, zone_key: next(iter(zones.values()))} if zones else values


def _check_times(record: New, bounds: tuple[str, str], keys: tuple[str, str, str]) -> None:
    """Refuse times without their day or zone, on another day there, or in the wrong order."""
    zone = getattr(record, keys[2])
    for bound, key in zip(bounds, keys[:2], strict=True):
        at, day = getattr(record, key), getattr(record, bound)
        if at is None:
            continue
        if day is None:
            raise ValueError(f"{key} needs {bound}, the day on which that time is")
        if zone is None:
            raise ValueError(f"{key} needs {keys[2]}, such as +03:00 or Europe/Kyiv")
        shown = times.to_local(at, zone)
        if shown.date() != day:
            raise ValueError(
                f"{key} {times.format_span(None, day, None, shown)} is not on {bound} {day}: "
                f"correct one of them, or the zone ({zone})"
            )
    first, last = (getattr(record, key) for key in keys[:2])
    if first is not None and last is not None and first > last:
        raise ValueError(f"{keys[0]} is after {keys[1]}: it would end before it begins")


@cache
def lists_of(model: type[New]) -> dict[str, type[New]]:
    """Return the keys of a model that hold lists of records, with the model of each."""
    found = {}
    for name, field in model.model_fields.items():
        of = get_args(field.annotation)
        if of and isinstance(of[0], type) and issubclass(of[0], New):
            found[name] = of[0]
    return found


@cache
def keys_of(model: type[New]) -> list[str]:
    """Return the keys that a record of a model may have, in order."""
    columns = [field.alias or name for name, field in model.model_fields.items()]
    return [*columns, *model.spans]


Dossier.table = "dossier"
