"""BibTeX: addresses and dates of works."""

import pytest

from exchange.readers.works import bibtex


@pytest.mark.parametrize(
    ("fields", "url", "told"),
    [
        pytest.param(r"howpublished={\url{https://a.example/x_y}}", "https://a.example/x_y", [],
                     id="howpublished"),
        pytest.param(r"note={Last seen 2020, \url{https://a.example}}", "https://a.example", [],
                     id="note"),
        pytest.param(r"howpublished={\href{https://a.example}{here}}", "https://a.example", [],
                     id="a link"),
        pytest.param("howpublished={https://a.example}", "https://a.example", [], id="alone"),
        pytest.param("note={as https://a.example says}", None, [], id="an address of others"),
        pytest.param("bdsk-url-1={https://a.example}", "https://a.example", [], id="BibDesk"),
        pytest.param("url={https://a.example https://b.example}", "https://a.example",
                     ["url 'https://b.example' is a second address"], id="Mendeley"),
        pytest.param(r"url={https://a.example}, note={\url{https://b.example}}",
                     "https://a.example", ["note 'https://b.example' is a second address"],
                     id="two fields"),
        pytest.param(r"url={https://a.example}, howpublished={\url{https://a.example}}",
                     "https://a.example", [], id="the same twice"),
        pytest.param("url={https://a.example}, doi={10.1000/A}, "
                     "bdsk-url-1={http://dx.doi.org/10.1000/a}", "https://a.example", [],
                     id="that of the DOI"),
        pytest.param("url={www.a.example/x}", "", ["url 'www.a.example/x' is not an address, and "
        "is"],
                     id="no scheme"),
        pytest.param("url={doi:10.1000/A}", "https://doi.org/10.1000/a", [], id="a DOI"),
    ],
)  # fmt: skip
def test_the_address_of_a_work_is_found_and_further_ones_are_noted(
    fields: str, url: str | None, told: list[str]
) -> None:
    [row], notes = bibtex(f"@misc{{a, {fields}}}")
    assert row.cells.get("url") == url
    assert [note[: len(one)] for note, one in zip(notes, told, strict=True)] == told


@pytest.mark.parametrize(
    ("fields", "issued", "told"),
    [
        pytest.param("year=2020", "2020", [], id="year"),
        pytest.param("year=2020, month=5", "2020-05", [], id="number"),
        pytest.param("year=2020, month=MAY", "2020-05", [], id="macro"),
        pytest.param("year=2020, month={Sept.}", "2020-09", [], id="abbreviated"),
        pytest.param("year=2020, month={OCTOBER}", "2020-10", [], id="capitals"),
        pytest.param('year=2020, month="10~" # jan', "2020-01-10", [], id="day and macro"),
        pytest.param('year=2020, month=jan # "~10th"', "2020-01-10", [], id="macro and day"),
        pytest.param('year=2020, month=jul # "--" # aug', "2020-07/2020-08", [], id="two months"),
        pytest.param("year=2020, month=jan, day={5}", "2020-01-05", [], id="day"),
        pytest.param("year=2020, month={Spring}", "2020-21", [], id="season"),
        pytest.param("year={2019/2020}", "2019/2020", [], id="years"),
        pytest.param("year={2019--2020}", "2019/2020", [], id="years with a dash"),
        pytest.param("year={c. 1950}", "1950~", [], id="circa"),
        pytest.param("year={1723~}, month=may", "1723-05~", [], id="about"),
        pytest.param("date={2019-05-01/..}", "2019-05-01/..", [], id="open"),
        pytest.param("date={2019}, year=2019, month=may", "2019-05", [], id="more exact"),
        pytest.param("date={1723~}, year=1723", "1723~", [], id="qualified"),
        pytest.param("date={2019-05}, year=2020", "2019-05",
                     ["year '2020' is not the date that date gives, and is left out (1 time)"],
                     id="two dates"),
        pytest.param("date={soon}, year=2020", "2020",
                     ["date 'soon' is not a date that can be read, and is left out (1 time)"],
                     id="one is none"),
        pytest.param("year={in press}", None,
                     ["year 'in press' is not a date that can be read, and is left out (1 time)"],
                     id="in press"),
        pytest.param("year={2020-21}", None,
                     ["year '2020-21' may be two years or a season, and is left out (1 time)"],
                     id="a year of a school"),
        pytest.param("year=2020, month={Mai}", "2020",
                     ["month 'Mai' is not a month that can be read, and is left out (1 time)"],
                     id="no month"),
        pytest.param("year=2020, month={Dec/Jan}", "2020",
                     ["month 'Dec/Jan' is not a month that can be read, and is left out (1 time)"],
                     id="months of two years"),
        pytest.param("year=2020, month=feb, day=31", "2020-02",
                     ["day '31' is not a day that can be read, and is left out (1 time)"],
                     id="no such day"),
        pytest.param("year=2020, day=3", "2020",
                     ["day '3' has no month, and is left out (1 time)"], id="no month"),
        pytest.param("year={2020/2021}, month=3", "2020/2021",
                     ["month '3' is left out: it is not of one year, but of 2020/2021 (1 time)"],
                     id="a month of two years"),
        pytest.param("month=may", None,
                     ["month 'may' has no year, and is left out (1 time)"],
                     id="no year"),
    ],
)  # fmt: skip
def test_the_date_of_a_work_of_bibtex_is_read_or_noted(
    fields: str, issued: str | None, told: list[str]
) -> None:
    [row], notes = bibtex(f"@misc{{a, {fields}}}")
    assert (row.cells.get("issued"), notes) == (issued, told)


def test_month_macros_mean_their_month_whatever_a_file_makes_of_them() -> None:
    [row], _ = bibtex("@string{jan={Januar}}@misc{a, year=2020, month=jan, title=jan}")
    assert (row.cells["issued"], row.cells["title"]) == ("2020-01", "Januar")
