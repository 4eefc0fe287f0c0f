"""The table of filters from which options, query strings and keyword arguments are read.

Options of a single report or export format are declared in `reports.REPORTS` and
`exchange.exports.FORMATS`, as the same type.

Standard library only, so that `--help` loads no database code. The values that are read here go
into `query.filters.Filters` and `query.pair_filters.PairFilters`.
"""

import keyword
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import Any, TypeVar

from claimtrack import dates
from claimtrack.errors import InvalidValue
from claimtrack.vocab import (
    MOST,
    Answer,
    EntryKind,
    PairClass,
    PairStatus,
    PromiseState,
    Timing,
)

WordT = TypeVar("WordT", bound=StrEnum)


def read_text(value: Any) -> str:
    """Return a value that must be a text.

    Raises:
        ValueError: It is not a text, or cannot be encoded; the message says what is expected.
    """
    if not isinstance(value, str):
        raise ValueError("a text")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("text in UTF-8") from None
    return value


def read_word(value: Any, words: type[WordT]) -> WordT:
    """Return a value as a word of a vocabulary, from the word or its text.

    Raises:
        ValueError: It is not one of them; the message lists the words.
    """
    for word in words:
        if value == word.value:
            return word
    raise ValueError(f"one of {', '.join(word.value for word in words)}")


def read_flag(value: Any) -> bool:
    """Return the truth value of a flag: a bool, or `true`, `1`, `false` or `0` as text.

    Raises:
        ValueError: It is none of these; the message says what is expected.
    """
    named = {"true": True, "1": True, "false": False, "0": False}
    found = value if isinstance(value, bool) else named.get(str(value).lower())
    if found is None:
        raise ValueError("true or false")
    return found


def read_number(
    value: Any, of: type[int] | type[float], low: float | None, high: float | None
) -> Any:
    """Return a number, from a number or a text.

    Raises:
        ValueError: It is no such number, or not from `low` to `high`; the message says what is
            expected.
    """
    expected = "a whole number" if of is int else "a number"
    expected += "" if low is None else f" from {low}"
    expected += "" if high is None else f"{' up' if low is None else ''} to {high}"
    is_other = isinstance(value, bool) or (of is int and isinstance(value, float))
    try:
        number = of(value)
    except (OverflowError, TypeError, ValueError):
        raise ValueError(expected) from None
    if is_other or (low is not None and number < low) or (high is not None and number > high):
        raise ValueError(expected)
    return number


class Bound(Enum):
    """Which day a filter uses of a date that spans several days, such as 2024-05."""

    FIRST = "first"
    LAST = "last"
    BOTH = "both"


@dataclass(frozen=True)
class Option:
    """A filter, or another option that commands, query strings and the library share.

    Attributes:
        name: Its name in a query string and, with hyphens, as an option.
        field: The attribute of the filters object, or the parameter of the function, that it sets.
        help: Its help text; for a vocabulary, without the list of words, which `--help` appends.
        of: The type of its value: `str`, `int`, `bool`, `date` or a vocabulary.
        several: Whether it can be repeated; if so, the attribute is a tuple.
        nouns: The record types whose refs it takes; empty if it takes no refs.
        metavar: The placeholder of its value in `--help`.
        bound: For a date, which day it uses; with `Bound.BOTH` it takes a period, as a pair of
            days.
        low: The least number, if any.
        high: The greatest number, if any.
        default: The default value that `--help` shows; None to show none.
        negatable: For a flag, whether there is also `--no-NAME`, because unset is not false.
        widens: Whether it adds rows, unlike other filters, which exclude rows.
    """

    name: str
    field: str
    help: str
    of: type = str
    several: bool = False
    nouns: tuple[str, ...] = ()
    metavar: str = "REF"
    bound: Bound | None = None
    low: int | None = None
    high: int | None = None
    default: Any = None
    negatable: bool = False
    widens: bool = False

    @property
    def keyword(self) -> str:
        """Its name as a keyword argument; `class_` for `class`, which Python reserves."""
        return f"{self.name}_" if keyword.iskeyword(self.name) else self.name

    @property
    def flag(self) -> str:
        """Its name as a command-line option, such as `--known-by`."""
        return f"--{self.name.replace('_', '-')}"

    def read(self, value: Any) -> Any:
        """Convert a text to the type of the option; a value of that type is returned unchanged.

        For a repeatable option, takes one value or an iterable of values and returns a tuple.

        Raises:
            InvalidValue: The value is invalid for this option.
        """
        if not self.several:
            return self._read(value)
        one = isinstance(value, str) or not isinstance(value, Iterable)
        return tuple(self._read(each) for each in ([value] if one else value))

    def _read(self, value: Any) -> Any:
        """Return one value as the type of the option.

        Raises:
            InvalidValue: The text is no such value.
        """
        if self.of is date:
            return self._day(value)
        try:
            if issubclass(self.of, StrEnum):
                return read_word(value, self.of)
            if self.of is bool:
                return read_flag(value)
            if self.of is int:
                high = MOST if self.high is None else self.high
                return read_number(value, int, self.low, high)
            return read_text(value)
        except ValueError as error:
            raise InvalidValue(self.flag, str(value), str(error)) from None

    def _day(self, value: Any) -> date | tuple[date, date]:
        """Convert a value to the day that `bound` names, or to a period."""
        if self.bound is Bound.BOTH:
            span = dates.parse_span(str(value), what=self.flag)
            if span.first is None or span.last is None:
                expected = "a period with both ends, as in 2022-02-24/2024-05-24"
                raise InvalidValue(self.flag, str(value), expected)
            return span.first, span.last
        if isinstance(value, datetime):
            try:
                return date(value.year, value.month, value.day)
            except (TypeError, ValueError):  # NaT, the missing time of pandas, is a datetime
                raise InvalidValue(self.flag, str(value), "a date") from None
        if isinstance(value, date):
            return value
        span = dates.parse_span(str(value), what=self.flag)
        day = span.first if self.bound is Bound.FIRST else span.last
        if day is None:
            expected = "a date with that end, such as 2024-05-24 or 2024-05"
            raise InvalidValue(self.flag, str(value), expected)
        return day


_KNOWN_BY = Option(
    "known_by",
    "known_by",
    "Use only what had been published by this date.",
    of=date,
    metavar="DATE",
    bound=Bound.LAST,
)
_ASSERTED_BY = Option(
    "asserted_by",
    "asserted_by",
    "Use only stances, figures and links by this judge; can be repeated.",
    several=True,
    nouns=("actor",),
)

COUNTING: tuple[Option, ...] = (_KNOWN_BY, _ASSERTED_BY)
"""The filters that limit which stances and links are taken into account, not which entries."""

SCOPE: tuple[Option, ...] = (
    Option("kind", "kinds", "Match entries of this kind", of=EntryKind, several=True),
    Option(
        "actor",
        "actors",
        "Match entries of this actor, or of any actor below it; can be repeated.",
        several=True,
        nouns=("actor",),
    ),
    Option(
        "principal",
        "principal",
        "Match entries on behalf of this actor, or of any actor below it.",
        nouns=("actor",),
    ),
    Option(
        "source",
        "sources",
        "Match entries shown by this document, or by any of this publisher; can be repeated.",
        several=True,
        nouns=("document", "actor"),
    ),
    Option(
        "topic",
        "topics",
        "Match entries on this topic, or on any topic below it; can be repeated.",
        several=True,
        nouns=("topic",),
    ),
    Option(
        "proposition",
        "propositions",
        "Match entries on this proposition; can be repeated.",
        several=True,
        nouns=("proposition",),
    ),
    Option(
        "measure",
        "measures",
        "With a figure for this measure; repeatable.",
        several=True,
        nouns=("measure",),
    ),
    Option(
        "since",
        "since",
        "Match entries dated, or possibly dated, on or after this date.",
        of=date,
        metavar="DATE",
        bound=Bound.FIRST,
    ),
    Option(
        "until",
        "until",
        "Match entries dated, or possibly dated, on or before this date.",
        of=date,
        metavar="DATE",
        bound=Bound.LAST,
    ),
    _KNOWN_BY,
    _ASSERTED_BY,
    Option(
        "min_strength",
        "min_strength",
        "Minimum strength of the stance or contradiction: 1, or 2 (outright).",
        of=int,
        metavar="N",
        low=1,
        high=2,
    ),
    Option("affirming", "affirming", "Match entries that affirm a selected proposition.", of=bool),
    Option("denying", "denying", "Match entries that deny a selected proposition.", of=bool),
    Option(
        "include_superseded",
        "include_superseded",
        "Also entries that another entry supersedes.",
        of=bool,
        widens=True,
    ),
)
"""The filters on entries, and those of `COUNTING`."""

TABLE_ROWS = 50
"""The number of rows of a table without `--limit`; other formats have no limit."""

LIMIT = Option(
    "limit",
    "limit",
    f"Maximum number of rows; the default is {TABLE_ROWS} in tables, no limit in other formats.",
    of=int,
    metavar="N",
    low=0,
)
OFFSET = Option("offset", "offset", "Skip the first N rows.", of=int, metavar="N", low=0)
SORT = Option(
    "sort",
    "sort",
    "Sort by this column; -COLUMN sorts in descending order; can be repeated.",
    several=True,
    metavar="COLUMN",
)
PAGE: tuple[Option, ...] = (LIMIT, OFFSET, SORT)
"""The options for the page and the order of rows."""

ENTRIES: tuple[Option, ...] = (*SCOPE, *PAGE)
"""The filters of most reports and lists."""

CLAIMS: tuple[Option, ...] = tuple(
    Option(name, name, about, of=bool)
    for name, about in {
        "contested": "Only claims that another entry opposes.",
        "uncontradicted": "Only claims that no entry opposes.",
        "uncorroborated": "Only claims that no other origin supports, not even possibly.",
        "single_origin": "Only claims that no other origin certainly supports.",
        "anonymous": "Only claims by anonymous sources.",
    }.items()
)
"""The filters that only the report `claims` has."""

ANSWERS: tuple[Option, ...] = (
    Option(
        "within",
        "within",
        "Only replies that came within so many days; an entry without one is unanswered.",
        of=int,
        metavar="N",
        low=0,
    ),
    Option("answer", "answers", "Only these answers", of=Answer, several=True),
)
"""The filters that only the report `answers` has."""

PROMISES: tuple[Option, ...] = (
    Option(
        "as_of",
        "as_of",
        "As of this day; today without it. Promises and deeds that begin later are left out.",
        of=date,
        metavar="DATE",
        bound=Bound.LAST,
    ),
    Option("state", "states", "Only promises in this state", of=PromiseState, several=True),
)
"""The filters that only the report `promises` has."""

ANONYMOUS = Option(
    "anonymous",
    "anonymous",
    "Also claims by anonymous sources, treated like statements on record.",
    of=bool,
    widens=True,
)
"""The filter that only the report `positions` has."""

PERIOD = Option(
    "period",
    "period",
    "Test whether dates cluster in the windows, over this period of observation.",
    of=date,
    metavar="FROM/TO",
    bound=Bound.BOTH,
)
"""The period of the clustering test of the report `windows`."""

PAIRS: tuple[Option, ...] = (
    Option("class", "classes", "Only pairs of this class", of=PairClass, several=True),
    Option(
        "subject_kind", "subject_kinds", "Only subjects of this kind", of=EntryKind, several=True
    ),
    Option(
        "counter_kind", "counter_kinds", "Only counters of this kind", of=EntryKind, several=True
    ),
    Option(
        "min_days",
        "min_days",
        "Minimum number of days from subject to counter; may be negative.",
        of=int,
        metavar="N",
    ),
    Option(
        "max_days",
        "max_days",
        "Maximum number of days between the two, in either direction.",
        of=int,
        metavar="N",
        low=0,
    ),
    Option(
        "timing",
        "timings",
        "Only pairs in which an action falls into the period in question, certainly or possibly",
        of=Timing,
        several=True,
    ),
    Option("status", "statuses", "Only pairs of this status", of=PairStatus, several=True),
    Option(
        "include_reconciled",
        "include_reconciled",
        "Also pairs that all their judges reconciled, and pairs that a judge reconciled "
        "although the two entries do not oppose each other.",
        of=bool,
        widens=True,
    ),
    Option(
        "entry",
        "entries",
        "Only pairs with this entry on either side; can be repeated.",
        several=True,
        nouns=("entry",),
    ),
    Option(
        "within_principal",
        "within_principal",
        "Only pairs with both entries on behalf of this actor, or of any actor below it.",
        nouns=("actor",),
    ),
)
"""The filters on pairs of entries."""

RAW = Option(
    "raw",
    "raw",
    "Write CSV cells unchanged; by default, text that a spreadsheet would run as a formula is "
    "escaped with an apostrophe.",
    of=bool,
)
BOM = Option(
    "bom",
    "bom",
    "Begin CSV with a byte order mark, which Excel needs to read non-ASCII text. Default on "
    "Windows for files that end in .csv.",
    of=bool,
    negatable=True,
)


def read_options(options: Iterable[Option], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the converted values of options, by their `field`.

    Options that `values` does not contain, or whose value is None, are left out.

    Args:
        options: The options.
        values: Texts or values, by the keyword of each option (`Option.keyword`).

    Raises:
        InvalidValue: A value is invalid for its option.
    """
    return {
        option.field: option.read(value)
        for option in options
        if (value := values.get(option.keyword)) is not None
    }
