"""Filters as keywords, and the sentences in which a wrong one is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, cast

import pandas
import pytest

from claimtrack.api import Casebook, keywords
from claimtrack.errors import (
    ClaimtrackError,
    InvalidValue,
    MissingFile,
    UnknownRef,
    Usage,
)
from claimtrack.exchange.exports import FORMATS
from claimtrack.query import options
from claimtrack.reports.claims import ClaimFilters


@pytest.mark.parametrize(
    ("typed", "table"),
    [
        pytest.param(keywords.CountingKeywords, options.COUNTING, id="counting"),
        pytest.param(keywords.EntryKeywords, (*options.SCOPE, *options.PAGE), id="entries"),
        pytest.param(
            keywords.PairKeywords,
            (*options.SCOPE, *options.PAGE, *options.PAIRS),
            id="pairs",
        ),
        pytest.param(
            keywords.AnswerKeywords,
            (*options.SCOPE, *options.PAGE, *options.ANSWERS),
            id="answers",
        ),
        pytest.param(
            keywords.PromiseKeywords,
            (*options.SCOPE, *options.PAGE, *options.PROMISES),
            id="promises",
        ),
    ],
)
def test_the_typed_keywords_are_those_of_the_table(
    typed: Any, table: tuple[options.Option, ...]
) -> None:
    assert set(typed.__annotations__) == {option.keyword for option in table}


def test_the_keywords_of_claims_are_those_of_their_filters() -> None:
    own = set(keywords.ClaimKeywords.__annotations__) - set(keywords.EntryKeywords.__annotations__)
    assert own == set(ClaimFilters.__dataclass_fields__)


def test_the_keywords_of_exports_are_those_of_the_formats() -> None:
    known = {option.keyword for format in FORMATS for option in (*format.filters, *format.options)}
    assert set(keywords.ExportKeywords.__annotations__) == known


@pytest.mark.parametrize(
    ("filters", "error", "sentence"),
    [
        pytest.param({"topic": "nope"}, UnknownRef, "no topic 'nope'", id="no such ref"),
        pytest.param({"tpic": "nato"}, Usage, "there is no filter 'tpic'", id="no such filter"),
        pytest.param({"kind": "foo"}, InvalidValue, "--kind 'foo' is not valid", id="no word"),
        pytest.param({"since": "2024-13"}, InvalidValue, "--since '2024-13'", id="no date"),
        pytest.param({"until": "2024/.."}, InvalidValue, "a date with that end", id="no end"),
        pytest.param({"limit": -1}, InvalidValue, "a whole number from 0", id="too few"),
        pytest.param({"min_strength": "3"}, InvalidValue, "from 1 to 2", id="too many"),
        pytest.param({"limit": 1.5}, InvalidValue, "a whole number", id="a fraction"),
        pytest.param({"affirming": "perhaps"}, InvalidValue, "true or false", id="no flag"),
        pytest.param({"topic": [7]}, InvalidValue, "--topic '7' is not valid", id="no text"),
        pytest.param({"sort": "nothing"}, InvalidValue, "nothing", id="no column"),
        pytest.param({"since": float("nan")}, InvalidValue, "--since 'nan'", id="no number"),
        pytest.param({"contested": "perhaps"}, InvalidValue, "true or false", id="no claims"),
        pytest.param({"contestd": True}, Usage, "contested, denying", id="misspelled"),
    ],
)
def test_a_wrong_filter_is_refused_in_a_sentence(
    casebook: Casebook, filters: dict[str, Any], error: type[ClaimtrackError], sentence: str
) -> None:
    with pytest.raises(error, match=sentence.replace("(", r"\(")):
        casebook.claims(**filters)


def test_texts_and_values_of_filters_mean_the_same(casebook: Casebook) -> None:
    by_text = casebook.contradictions(since="2024-01", min_strength=2, include_reconciled=True)
    by_value = casebook.contradictions(since=date(2024, 1, 1), min_strength=2, entry=())
    assert list(by_text) == list(by_value)
    query: Any = {"min_strength": "2", "affirming": "true", "denying": "0", "limit": "4"}
    assert len(casebook.list_entries(**query)) == 4


def test_times_are_taken_as_their_day_and_flags_as_texts(casebook: Casebook) -> None:
    day = casebook.contradictions(since=date(2024, 5, 24))
    moment = datetime(2024, 5, 24, 12, tzinfo=UTC)
    assert list(casebook.contradictions(since=moment)) == list(day)
    assert list(casebook.contradictions(since=pandas.Timestamp("2024-05-24"))) == list(day)
    with pytest.raises(InvalidValue, match="--since 'NaT'"):
        casebook.contradictions(since=pandas.NaT)
    flag: Any = "false"
    assert list(casebook.claims(contested=flag)) == list(casebook.claims())


MISUSES: dict[str, Callable[[Casebook], object]] = {
    "no principal": lambda book: book.coverage(""),
    "several principals": lambda book: book.omissions(cast(Any, ["russia"])),
    "a number for a ref": lambda book: book.show(cast(Any, 9)),
    "numbers for refs": lambda book: book.pair(cast(Any, 1), cast(Any, 2)),
    "a list of hypotheses": lambda book: book.hypotheses(cast(Any, ["ready", "feigned"])),
    "a number for words": lambda book: book.search(cast(Any, 2024)),
    "a negative limit": lambda book: book.search("ceasefire", limit=-1),
    "a text for a flag": lambda book: book.positions(anonymous=cast(Any, "perhaps")),
    "a filter of another report": lambda book: cast(Any, book.pair)("C9", "ST2", limit=3),
    "rows to iterate": lambda book: book.iterate(cast(Any, book.claims())),
    "no rows to iterate": lambda book: book.iterate(cast(Any, book.show), "C9"),
    "a name to iterate": lambda book: book.iterate(cast(Any, "claims")),
    "a format that is none": lambda book: book.export("pdf", "x.pdf"),
    "an option of another format": lambda book: book.export("xlsx", "x.xlsx", title="A title"),
    "a file that ends otherwise": lambda book: book.export("graph", "x.txt"),
    "an export into no folder": lambda book: book.export("xlsx", "/no/such/folder/x.xlsx"),
    "an export into a folder": lambda book: book.export("xlsx", "/"),
    "no word of a format": lambda book: book.export("html", "x.html", group_by="day"),
    "a file in no folder": lambda book: book.dump("/no/such/folder/all.yaml"),
}


@pytest.mark.parametrize("misuse", MISUSES)
def test_a_misuse_is_refused_in_a_sentence(casebook: Casebook, misuse: str) -> None:
    with pytest.raises((InvalidValue, Usage, MissingFile)) as refused:
        MISUSES[misuse](casebook)
    assert ": " in str(refused.value) or " takes " in str(refused.value)
