"""Rows that wait to be sorted: in which order they come back, and that nobody else sees them."""

from pathlib import Path

import pytest

from claimtrack.query.external_sort import sort_on_disk


@pytest.mark.parametrize(
    ("values", "descending", "expected"),
    [
        pytest.param([[2], [1], [3]], [False], "102", id="ascending"),
        pytest.param([[2], [1], [3]], [True], "201", id="descending"),
        pytest.param([[1], [1], [0]], [False], "201", id="equal ones keep their order"),
        pytest.param([[1], [1], [0]], [True], "012", id="also descending"),
        pytest.param([[None], [1], [0]], [False], "210", id="what is missing last"),
        pytest.param([[None], [1], [0]], [True], "120", id="also descending, missing last"),
        pytest.param([["b"], ["B"], ["é"]], [False], "102", id="texts by code point"),
        pytest.param([["Ω"], ["😀"], ["ﬀ"]], [False], "021", id="beyond the first plane"),
        pytest.param([[("a", "b")], [("a",)], [()]], [False], "102", id="lists part by part"),
        pytest.param([[("a b",)], [("a", "c")], [("a",)]], [False], "210", id="not as one text"),
        pytest.param([[1, 2], [0, 1], [1, 1]], [True, False], "201", id="two columns"),
    ],
)
def test_rows_come_back_in_order(
    values: list[list[object]], descending: list[bool], expected: str
) -> None:
    rows = [(value, (number,)) for number, value in enumerate(values)]
    assert "".join(str(key) for (key,) in sort_on_disk(rows, descending)) == expected


def test_keys_of_several_parts_come_back_whole() -> None:
    assert list(sort_on_disk([([1], (10, 2)), ([0], (3, 44))], [False])) == [(3, 44), (10, 2)]


def test_the_rows_wait_where_no_name_leads_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMPDIR", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    rows = (([f"{number % 97} {'x' * 200}"], (number,)) for number in range(30_000))
    found = sort_on_disk(rows, [False])
    first = next(found)
    assert first == (0,)
    assert list(tmp_path.iterdir()) == []
    assert len(list(found)) == 29_999
