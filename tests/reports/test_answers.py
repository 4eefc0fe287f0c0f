"""The report of answers: who replied to what, how, and what has no reply."""

from collections.abc import Iterator
from typing import Any

import pytest

from against_oracle import SCOPES, alike, as_filters, as_options, draw, plain
from casebook import Casebook
from claimtrack.query.filters import Filters
from claimtrack.reports.answers import AnswerFilters, answers
from claimtrack.vocab import Answer, EntryKind
from conftest import Loaded, Logged, count_queries
from oracle import answers as expected_answers
from oracle import read_casebook

SEEDS = (1, 7, 13, 14, 25, 63)
"""Casebooks with replies: together they have every answer."""
ASKED: dict[str, dict[str, Any]] = {
    "all": {},
    "within a few days": {"within": 20},
    "within a day": {"within": 0},
    "of an actor": {"actor": "aland"},
    "of a kind": {"kind": "commitment"},
    "on a topic": {"topic": "truce", "within": 40},
    "since": {"since": "2025-03-18"},
}


@pytest.mark.both_databases
def test_answers_are_what_the_oracle_says_in_every_scope(backend: str, loaded: Loaded) -> None:
    found_answers, rows = set[str](), 0
    for seed in SEEDS:
        drawn = draw(seed)
        casebook = read_casebook(drawn)
        with loaded(backend, drawn) as session:
            for scope in SCOPES.values():
                for filters in ASKED.values():
                    asked = {**scope, **filters}
                    own = AnswerFilters(within=filters.get("within"))
                    found = plain(answers(session, as_filters(asked), own))
                    expected = expected_answers(casebook, as_options(asked))
                    found_answers.update(row["answer"] for row in expected)
                    rows += len(expected)
                    alike(found, expected, (seed, asked), without="other_replies")
    assert found_answers == set(Answer)
    assert rows > 200


def log_replies(case: Casebook) -> None:
    case.claim("C", date="2025-03-10", affirms="p")
    case.statement("S", actor="a", date="2025-03-11", denies="p", responds_to="C")
    case.statement("T", actor="b", date="2025-03-20", stances={"p": 0}, responds_to="C")
    case.commitment("K", actor="a", date="2025-03-12")
    case.action("X", actor="b", date="2025-03-13", responds_to="K")
    case.commitment("L", actor="a", date="2025-03-14")
    case.statement("U", actor="a", date="2025-03-15", responds_to="L")


@pytest.fixture
def replies(backend: str, logged: Logged) -> Iterator[Casebook]:
    """A claim with two replies, a promise with one, and one to which its own maker replied."""
    with logged(backend, log_replies) as case:
        yield case


def list_answers(case: Casebook, *, own: AnswerFilters | None = None, **filters: Any) -> list[Any]:
    found = answers(case.session, Filters(**filters), own)
    return [(row.entry_ref, row.reply_ref, row.answer, row.days) for row in found]


@pytest.mark.both_databases
def test_each_reply_has_a_row_and_each_unanswered_claim_or_statement(replies: Casebook) -> None:
    assert list_answers(replies) == [
        ("C", "S", "denies", 1),
        ("C", "T", "evades", 10),
        ("K", "X", "answers", 1),
        ("S", None, "unanswered", None),
        ("T", None, "unanswered", None),
        ("U", None, "unanswered", None),
    ]


def test_an_entry_that_was_answered_too_late_is_unanswered_and_names_the_replies(
    replies: Casebook,
) -> None:
    found = answers(replies.session, Filters(kinds=(EntryKind.CLAIM,)), AnswerFilters(within=0))
    (row,) = found
    assert (row.answer, row.reply_ref, row.other_replies) == ("unanswered", None, ("S", "T"))
    (row,) = answers(replies.session, Filters(kinds=(EntryKind.CLAIM,)), AnswerFilters(within=1))
    assert (row.answer, row.reply_ref, row.other_replies) == ("denies", "S", ())


def test_rows_are_filtered_by_their_answer_before_the_page_is_cut(replies: Casebook) -> None:
    unanswered = AnswerFilters(answers=(Answer.UNANSWERED, Answer.EVADES))
    found = list_answers(replies, own=unanswered, limit=2)
    assert [row[:2] for row in found] == [("C", "T"), ("S", None)]


def test_answers_of_every_kind_together_are_all_rows(replies: Casebook) -> None:
    by_answer = [list_answers(replies, own=AnswerFilters(answers=(one,))) for one in Answer]
    found = [row for rows in by_answer for row in rows]
    assert sorted(found, key=repr) == sorted(list_answers(replies), key=repr)


def test_a_superseded_reply_is_none(replies: Casebook) -> None:
    replies.action("Y", actor="b", date="2025-03-13").link("Y", "supersedes", "X")
    assert "K" not in [row[0] for row in list_answers(replies)]
    assert "K" in [row[0] for row in list_answers(replies, include_superseded=True)]


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        pytest.param("-entry_ref", ("U", None), id="stored"),
        pytest.param("-days", ("C", "T"), id="computed"),
        pytest.param("actor", ("K", "X"), id="fetched"),
    ],
)
def test_answers_are_sorted_by_any_column(
    replies: Casebook, sort: str, first: tuple[str, str | None]
) -> None:
    assert list_answers(replies, sort=(sort,), limit=1)[0][:2] == first


def test_statements_do_not_grow_with_the_answers(replies: Casebook) -> None:
    sent = []
    for some in (range(3), range(3, 30)):
        for number in some:
            replies.claim(f"D{number}", affirms="p")
            replies.statement(f"R{number}", denies="p", responds_to=f"D{number}")
        replies.session.expire_all()
        with count_queries(replies.session) as statements:
            list(answers(replies.session))
        sent.append(len(statements))
    assert sent[0] == sent[1]
