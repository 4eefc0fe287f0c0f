"""What anonymous sources leave unsaid, and whether their silence means something."""

from typing import Any

import pytest

from claimtrack.weigh.omissions import (
    Omission,
    TopicEvidence,
    Warrant,
    find_omission,
    get_verdict,
    get_warrant,
)


def topic(**given: Any) -> TopicEvidence:
    usual: dict[str, Any] = {"is_leaf": True, "on_record": ["S"], "is_claimed": False}
    return TopicEvidence(**{**usual, "judged_by": ["J-2", "J-1", "J-2"], **given})


@pytest.mark.parametrize(
    ("claims", "in_full", "expected"),
    [
        pytest.param(1, True, "addressed", id="a claim in a document coded in full"),
        pytest.param(2, False, "addressed", id="claims in one that was not"),
        pytest.param(0, True, "silent", id="none in one coded in full"),
        pytest.param(0, False, "not_coded", id="none in one that was not"),
    ],
)
def test_a_document_is_silent_only_when_it_was_coded_in_full(
    claims: int, in_full: bool, expected: str
) -> None:
    assert get_verdict(claims, in_full=in_full) == expected


@pytest.mark.parametrize(
    ("coded", "expected"),
    [
        pytest.param([True, True], "complete", id="all in full"),
        pytest.param([True, False], "not_coded_in_full", id="one in part"),
        pytest.param([], "not_coded_in_full", id="no document at all"),
    ],
)
def test_silence_is_warranted_when_every_document_was_coded_in_full(
    coded: list[bool], expected: str
) -> None:
    assert get_warrant(coded) == expected


@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"is_leaf": False}, id="there are topics below it"),
        pytest.param({"on_record": []}, id="nothing on record addresses it"),
        pytest.param({"is_claimed": True}, id="a claim addresses it"),
    ],
)
def test_a_topic_is_not_left_out(given: dict[str, Any]) -> None:
    assert find_omission(topic(**given), Warrant.COMPLETE) is None


def test_assessments_are_cited_where_silence_is_not_warranted() -> None:
    assert find_omission(topic(), Warrant.COMPLETE) == Omission(Warrant.COMPLETE, ())
    in_part = Warrant.NOT_CODED_IN_FULL
    assert find_omission(topic(), in_part) == Omission(in_part, ("J-1", "J-2"))
