"""Closed vocabularies: each word is defined here, with its standard; the database checks them."""

from enum import StrEnum


class EntryKind(StrEnum):
    """What an analyst logs.

    * commitment: binds its maker
    * claim: unverified or off the record
    * statement: on the record, by a named person or office
    * assessment: judges
    * action: is done
    * window: a decision pending between two dates
    """

    COMMITMENT = "commitment"
    CLAIM = "claim"
    STATEMENT = "statement"
    ASSESSMENT = "assessment"
    ACTION = "action"
    WINDOW = "window"


class ActorKind(StrEnum):
    """Who acts or speaks. An anonymous actor is a source known by its access, never by name."""

    PERSON = "person"
    GROUP = "group"
    ORGANISATION = "organisation"
    STATE = "state"
    OUTLET = "outlet"
    ANONYMOUS = "anonymous"


class Access(StrEnum):
    """How near an anonymous source is said to be (source descriptor: ICD 206, level of access).

    * current, former, current_or_former: works, or worked, with whom it speaks of
    * close: "close to the Kremlin"
    * intermediary: carries messages
    * official: holds an office that is not named further
    * unspecified: the document does not say
    """

    CURRENT = "current"
    FORMER = "former"
    CURRENT_OR_FORMER = "current_or_former"
    CLOSE = "close"
    INTERMEDIARY = "intermediary"
    OFFICIAL = "official"
    UNSPECIFIED = "unspecified"


class Coverage(StrEnum):
    """How much of a document has been coded. Silence means something only in a complete one.

    * listed: known by its address alone
    * partial: some of it coded, or known through another document
    * complete: read and coded in full
    """

    LISTED = "listed"
    PARTIAL = "partial"
    COMPLETE = "complete"


class Precision(StrEnum):
    """How exactly an entry is dated; the bounds say when, this says how they were meant."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    VAGUE = "vague"


class ParticipationRole(StrEnum):
    """What an actor other than the agent is to an entry.

    Only an action has a target, only a commitment a counterparty.
    """

    SUBJECT = "subject"
    TARGET = "target"
    ADDRESSEE = "addressee"
    INTERMEDIARY = "intermediary"
    COUNTERPARTY = "counterparty"
    CO_ACTOR = "co_actor"


class CitationRole(StrEnum):
    """How a document stands behind an entry.

    * primary: the document in which it was first said, or which shows it
    * relay: a document that passes it on
    * support: a document that gives context; it does not make the entry known
    """

    PRIMARY = "primary"
    RELAY = "relay"
    SUPPORT = "support"


class Wording(StrEnum):
    """Whose words an entry's summary renders."""

    VERBATIM = "verbatim"
    PARAPHRASE = "paraphrase"
    TRANSLATION = "translation"


class Basis(StrEnum):
    """Whether the words plainly take the stance, or a reader infers it."""

    EXPLICIT = "explicit"
    INFERRED = "inferred"


class MeasureKind(StrEnum):
    """How the numbers of a measure relate to time.

    * count: adds up over a period and is never negative (events, casualties, money spent)
    * level: holds at a time (troops present, a price)
    """

    COUNT = "count"
    LEVEL = "level"


class Likelihood(StrEnum):
    """Estimative words of ICD 203 (2 January 2015), with their ranges.

    almost_no_chance 1-5 %, very_unlikely 5-20 %, unlikely 20-45 %, roughly_even 45-55 %,
    likely 55-80 %, very_likely 80-95 %, almost_certain 95-99 %.
    """

    ALMOST_NO_CHANCE = "almost_no_chance"
    VERY_UNLIKELY = "very_unlikely"
    UNLIKELY = "unlikely"
    ROUGHLY_EVEN = "roughly_even"
    LIKELY = "likely"
    VERY_LIKELY = "very_likely"
    ALMOST_CERTAIN = "almost_certain"


class Confidence(StrEnum):
    """How well founded a judgement is (ICD 203); never merged with its likelihood."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Relation(StrEnum):
    """How one entry bears on another, in one judge's view.

    * corroborates, contradicts: for and against, where no proposition captures it
    * reconciles: the two oppose each other on paper and are compatible
    * unrelated: the two have nothing to do with each other; no report changes with it
    * repeats: has it from the other (strength 1: may have); breaks independence
    * responds_to: replies to the other
    * supersedes: takes the other's place
    * concerns: speaks about the other

    The first four have no direction.
    """

    CORROBORATES = "corroborates"
    CONTRADICTS = "contradicts"
    RECONCILES = "reconciles"
    UNRELATED = "unrelated"
    REPEATS = "repeats"
    RESPONDS_TO = "responds_to"
    SUPERSEDES = "supersedes"
    CONCERNS = "concerns"


SYMMETRIC = (
    Relation.CORROBORATES,
    Relation.CONTRADICTS,
    Relation.RECONCILES,
    Relation.UNRELATED,
)
"""Relations that hold both ways: stored once, lower ref first."""


class Reliability(StrEnum):
    """Source reliability on the Admiralty scale (NATO STANAG 2511).

    A completely, B usually, C fairly, D not usually reliable, E unreliable; F cannot be judged: a
    missing value, not the lowest.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Op(StrEnum):
    """What a revision did to its row."""

    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"
    REDACT = "redact"
    """What earlier revisions said of it was taken out of the log, for good."""


class PairClass(StrEnum):
    """What a pair of opposing entries is called; the first that fits (`weigh.classification`)."""

    BREACH = "breach"
    SOURCE_CONFLICT = "source_conflict"
    BELIED_BY_ACTION = "belied_by_action"
    AT_ODDS_WITH_ACTION = "at_odds_with_action"
    COUNTERED_BY_ACTION = "countered_by_action"
    ASSESSED_AGAINST = "assessed_against"
    DENIAL = "denial"
    AT_ODDS_WITH_RECORD = "at_odds_with_record"
    REVERSAL = "reversal"
    INCONSISTENT_LINE = "inconsistent_line"
    DISPUTE = "dispute"


class Timing(StrEnum):
    """Whether the span of a deed surely falls into the period it is compared with."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class PairStatus(StrEnum):
    """What judges say of a pair; the first that fits (`weigh.classification`)."""

    RECONCILED = "reconciled"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    LINKED = "linked"
    DERIVED = "derived"


class Answer(StrEnum):
    """How a reply answers an entry; the first that fits (`weigh.answers`)."""

    DENIES = "denies"
    DISPUTES = "disputes"
    CONFIRMS = "confirms"
    EVADES = "evades"
    ANSWERS = "answers"
    UNANSWERED = "unanswered"


class PromiseState(StrEnum):
    """What became of a commitment by a day; the first that fits (`weigh.promises`)."""

    BROKEN = "broken"
    POSSIBLY_BROKEN = "possibly_broken"
    EXPIRED = "expired"
    OPEN = "open"


class GroupBy(StrEnum):
    """By what contradictions are grouped: what opposes one subject, or what is on a proposition."""

    SUBJECT = "subject"
    PROPOSITION = "proposition"


class OutputFormat(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    MARKDOWN = "markdown"


REF_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
"""A ref: 1 to 64 letters, digits, dots, underscores and hyphens, a letter or digit first."""

MOST = 2**31 - 1
"""The largest whole number that is taken: what an integer column of either database holds."""

MOST_BYTES = 256 * 2**20
"""The largest capture that is taken: either database keeps it, and a machine holds it at once."""

REF_PREFIX = {
    "claim": "C",
    "statement": "S",
    "action": "A",
    "commitment": "K",
    "assessment": "J",
    "window": "W",
    "actor": "N",
    "document": "D",
    "topic": "T",
    "proposition": "P",
    "measure": "M",
}
"""The letter of a generated ref, by noun: the third claim without a ref of its own is C-3."""


def column_of(field: str) -> str:
    """Return the column that the field of a row stands for, without what Python wants of it."""
    return "class" if field == "klass" else field.rstrip("_")


def fields_of(row: type) -> tuple[str, ...]:
    """Return the names of the fields of a type of rows: a dataclass or a named tuple."""
    return tuple(getattr(row, "_fields", None) or row.__dataclass_fields__)  # type: ignore[attr-defined]


def with_article(noun: str) -> str:
    """Return a noun with the article that it takes."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
