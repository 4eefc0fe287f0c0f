"""Whether an entry falls in a decision window, and how sure that is."""

import pytest

from claimtrack.weigh.windows import find_certainty
from weighed import UNKNOWN, span


@pytest.mark.parametrize(
    ("entry", "window", "expected"),
    [
        pytest.param("2024-01-15", "2024-01-01/2024-01-31", "certain", id="inside"),
        pytest.param("2024-01-01/2024-01-31", "2024-01-01/2024-01-31", "certain", id="as long"),
        pytest.param("2024-01-01/2024-02-01", "2024-01-01/2024-01-31", "possible", id="longer"),
        pytest.param("2024-02-01", "2024-01-01/2024-01-31", None, id="after"),
        pytest.param("2023-12-31", "2024-01-01/2024-01-31", None, id="before"),
        pytest.param("/2024-01-15", "2024-01-01/2024-01-31", "possible", id="an unknown beginning"),
        pytest.param("2024-01-15/", "2024-01-01/2024-01-31", "possible", id="an unknown end"),
        pytest.param("2024-01-01", "2024-01-01/", "certain", id="the known day of an open window"),
        pytest.param("2024-01-02", "2024-01-01/", "possible", id="later than its known day"),
        pytest.param("2024-01-31", "/2024-01-31", "certain", id="the day on which it closed"),
        pytest.param("2024-01-30", "/2024-01-31", "possible", id="earlier than that"),
        pytest.param("2024-01-15T10:00", "2024-01-15T09:00/2024-01-31", "certain", id="an hour on"),
        pytest.param("2024-01-15T08:00", "2024-01-15T09:00/2024-01-31", None, id="an hour before"),
        pytest.param(
            "2024-01-15", "2024-01-15T09:00/2024-01-31", "possible", id="some time of the first day"
        ),
    ],
)
def test_the_dates_tell_whether_an_entry_falls_in_a_window(
    entry: str, window: str, expected: str | None
) -> None:
    assert find_certainty(span(entry), span(window)) == expected


def test_what_is_undated_falls_nowhere() -> None:
    assert find_certainty(UNKNOWN, span("2024-01-01")) is None
    assert find_certainty(span("2024-01-01"), UNKNOWN) is None
