"""Times of day as people write them, and the instants that they name."""

from datetime import UTC, date, datetime

import pytest

from claimtrack import times
from claimtrack.errors import InvalidValue
from claimtrack.schemas import NewEntry
from claimtrack.vocab import Precision

DAY = date(2025, 4, 19)
ENTRY = {"ref": "K", "kind": "statement", "actor": "kremlin", "summary": "Something"}


def utc(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An instant in April 2025."""
    return datetime(2025, 4, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at", "precision", "zone"),
    [
        pytest.param("2025-04-19 18:00+03:00", utc(19, 15), "minute", "+03:00", id="offset"),
        pytest.param("2025-04-19T18:00+03:00", utc(19, 15), "minute", "+03:00", id="with T"),
        pytest.param("2025-04-19T15:00Z", utc(19, 15), "minute", "+00:00", id="Z"),
        pytest.param("2025-04-19 18:00:30+0300", utc(19, 15, 0, 30), "minute", "+03:00", id="s"),
        pytest.param("2025-04-19 18+03", utc(19, 15), "hour", "+03:00", id="an hour alone"),
        pytest.param("2025-04-19 18:00+03:00~", utc(19, 15), "vague", "+03:00", id="about then"),
    ],
)
def test_a_time_is_an_instant_and_the_local_day(
    text: str, at: datetime, precision: str, zone: str
) -> None:
    read = times.parse_span(text)
    assert (read.first, read.last) == (DAY, DAY)
    assert (read.time_from, read.time_to, read.zone) == (at, at, zone)
    assert read.precision == precision


def test_an_interval_may_have_a_time_at_each_end() -> None:
    read = times.parse_span("2025-04-19 18:00+03:00/2025-04-21 00:00+03:00")
    assert (read.first, read.last) == (DAY, date(2025, 4, 21))
    assert (read.time_from, read.time_to) == (utc(19, 15), utc(20, 21))


@pytest.mark.parametrize(
    ("text", "time_from", "time_to", "precision"),
    [
        pytest.param("2025-04-19/2025-04-19 18:00+03:00", None, utc(19, 15), "day", id="last"),
        pytest.param("2025-04-19 18:00+03:00/2025-05", utc(19, 15), None, "month", id="first"),
        pytest.param("2025-04-19 18:00+03:00/..", utc(19, 15), None, "minute", id="open"),
    ],
)
def test_one_end_may_have_a_time_and_the_other_none(
    text: str, time_from: datetime | None, time_to: datetime | None, precision: str
) -> None:
    read = times.parse_span(text)
    assert (read.time_from, read.time_to, read.precision) == (time_from, time_to, precision)


def test_a_zone_supplies_the_offset_of_the_season() -> None:
    winter, summer = (
        times.parse_span(f"2025-{month}-19 18:00", zone="Europe/Kyiv") for month in ("01", "07")
    )
    assert winter.time_from == datetime(2025, 1, 19, 16, tzinfo=UTC)
    assert summer.time_from == datetime(2025, 7, 19, 15, tzinfo=UTC)
    assert winter.zone == summer.zone == "Europe/Kyiv"


def test_the_day_is_the_local_day_of_the_zone_in_which_a_time_is_shown() -> None:
    read = times.parse_span("2025-04-18T22:30Z", zone="Europe/Kyiv")
    assert (read.first, read.time_from) == (DAY, utc(18, 22, 30))


@pytest.mark.parametrize(
    ("text", "zone", "message"),
    [
        pytest.param("2025-04-19 18:00", None, "a time with its offset", id="no offset"),
        pytest.param("2025-03-30 03:30", "Europe/Kyiv", r"skip .*\+02:00 or \+03:00", id="gap"),
        pytest.param(
            "2025-10-26 03:30",
            "Europe/Kyiv",
            r"twice, so write 2025-10-26 03:30\+03:00 or 2025-10-26 03:30\+02:00",
            id="repeat",
        ),
        pytest.param("2025-04-19 24:00Z", None, "00:00 to 23:59:59", id="hour 24"),
        pytest.param("2025-02-30 10:00Z", None, "the calendar has no 2025-02-30", id="no day"),
        pytest.param("2025-04-19 10:00+19:00", None, "an offset such as", id="no offset in use"),
        pytest.param("2025-04-19 10:00", "Europe/Kiew", "or a zone such as", id="no zone"),
        pytest.param("2025-04-19 10:00", "localtime", "or a zone such as", id="of the machine"),
        pytest.param(
            "2025-03-30 01:00+02:00/2025-03-30 05:00+03:00", None, "one offset", id="two offsets"
        ),
        pytest.param(
            "2025-04-19 18:00Z/2025-04-19 17:00Z", None, "an interval in order", id="disorder"
        ),
        pytest.param("2025-04-20/2025-04-19 17:00Z", None, "in order", id="days in disorder"),
        pytest.param("2025-04-19 17:00Z/soon", None, "a date such as", id="no second date"),
        pytest.param("0001-01-01 00:00+03:00", None, "from the year 0001", id="before all"),
    ],
)
def test_what_names_no_single_instant_is_refused(text: str, zone: str | None, message: str) -> None:
    with pytest.raises(InvalidValue, match=message):
        times.parse_span(text, zone=zone)


def test_an_offset_settles_a_time_that_clocks_show_twice() -> None:
    read = times.parse_span("2025-10-26 03:30+02:00", zone="Europe/Kyiv")
    assert read.time_from == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-04-19 18:00+03:00",
        "2025-04-19 18:00:30+03:00",
        "2025-04-19 18:00+03:00/2025-04-21 00:00+03:00",
        "2025-04-19/2025-04-19 18:00+03:00",
        "../2025-04-19 18:00+05:30",
        "2025-04",
    ],
)
def test_a_date_is_written_as_it_was_read(text: str) -> None:
    read = times.parse_span(text)
    local = [at and times.to_local(at, read.zone or "") for at in (read.time_from, read.time_to)]
    assert times.format_span(read.first, read.last, *local) == text


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        pytest.param(Precision.HOUR, utc(19, 13, 29, 59), id="hour"),
        pytest.param(Precision.MINUTE, utc(19, 13, 0, 59), id="minute"),
        pytest.param(None, utc(19, 13, 0, 59), id="not given"),
    ],
)
def test_a_time_runs_to_the_end_of_its_local_hour_or_of_its_minute(
    precision: Precision | None, expected: datetime
) -> None:
    assert times.run_to_end(utc(19, 13), "+05:30", precision) == expected


# --- records --------------------------------------------------------------------------------------


def test_a_time_as_a_key_brings_its_offset_as_the_zone() -> None:
    entry = NewEntry.model_validate(
        {**ENTRY, "date": "2025-04-19", "time_to": "2025-04-19T17:50+03:00"}
    )
    assert (entry.time_from, entry.time_to, entry.zone) == (None, utc(19, 14, 50), "+03:00")
    assert entry.precision is Precision.DAY


def test_the_period_has_times_and_a_zone_of_its_own() -> None:
    entry = NewEntry.model_validate(
        {**ENTRY, "about": "2025-04-19 18:00+03:00/2025-04-21 00:00+03:00"}
    )
    assert (entry.about_time_from, entry.about_time_to) == (utc(19, 15), utc(20, 21))
    assert (entry.about_zone, entry.zone) == ("+03:00", None)


def test_a_date_without_a_time_clears_the_times() -> None:
    spelled = NewEntry.spelled({"date": "2025-04-19"})
    assert [spelled[key] for key in ("time_from", "time_to", "zone")] == [None] * 3


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"time_from": "2025-04-19T17:50Z"}, "time_from needs date_from", id="no day"),
        pytest.param(
            {"date": "2025-04-18", "time_to": "2025-04-19T17:50Z"}, "is not on date_to", id="day"
        ),
        pytest.param(
            {"date": "2025-04-19", "time_from": "2025-04-19T9Z"}, "a time with its", id="no time"
        ),
        pytest.param(
            {"date": "2025-04-19", "time_from": "2025-04-19T17:50"}, "name the zone", id="zone"
        ),
        pytest.param(
            {
                "date": "2025-04-19",
                "time_from": "2025-04-19T17:50Z",
                "time_to": "2025-04-19T16:50Z",
            },
            "time_from is after time_to",
            id="disorder",
        ),
        pytest.param(
            {
                "date": "2025-04-19",
                "time_from": "2025-04-19T10:50Z",
                "time_to": "2025-04-19T16:50+01:00",
            },
            "different offsets",
            id="two offsets",
        ),
        pytest.param(
            {"date": "2025-04-19 10:00Z", "time_to": "2025-04-19T17:50Z"}, "not both", id="twice"
        ),
        pytest.param(
            {
                "date_from": "2025-04-19",
                "time_from": datetime(2025, 4, 19, 10, tzinfo=UTC),
                "zone": "Kyiv",
            },
            "or a zone such as",
            id="no zone",
        ),
    ],
)
def test_a_time_needs_its_day_and_a_zone_and_is_on_that_day_there(
    values: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        NewEntry.model_validate({**ENTRY, **values})


def test_a_default_zone_is_for_times_without_one_alone() -> None:
    keys = {"zone": ("date",), "about_zone": ("about",)}
    values = {"date": "2025-04-19 10:00", "about": "2025-04-19"}
    assert times.with_default_zone(values, keys, "Europe/Kyiv") == {**values, "zone": "Europe/Kyiv"}
    with_own = {"date": "2025-04-19 10:00", "zone": "+02:00"}
    assert times.with_default_zone(with_own, keys, "Europe/Kyiv") == with_own
