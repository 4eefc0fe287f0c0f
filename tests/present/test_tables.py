"""Tables and texts that are laid out for a width."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.escaping import escape_controls
from claimtrack.present.columns import Cell, Column
from claimtrack.present.tables import cut, draw, draw_stacked, width_of, wrapped

COLUMNS = (
    Column("ref", lambda row: Cell((row[0],))),
    Column("summary", lambda row: Cell(text=row[1])),
)
ROWS = [("C10", "He said that he would leave, and stayed for three more years. " * 2)]


def table(width: int) -> list[str]:
    draw(out := io.StringIO(), COLUMNS, ROWS, width)
    return out.getvalue().splitlines()


@pytest.mark.parametrize("width", [24, 40, 80, 200])
def test_a_table_fits_the_width_that_it_is_given(width: int) -> None:
    lines = table(width)
    assert lines[0].split() == ["ref", "summary"]
    assert all(width_of(line) <= width for line in lines)


def test_a_table_without_room_for_its_texts_is_stacked() -> None:
    draw_stacked(stacked := io.StringIO(), COLUMNS, ROWS, 20)
    assert table(20) == stacked.getvalue().splitlines()


def test_a_text_that_is_cut_says_so() -> None:
    assert cut("a long text", 7) == "a long…"
    assert cut("a text", 7) == "a text"


@given(st.text(max_size=200), st.integers(2, 40))
def test_wrapped_lines_fit_and_lose_nothing_but_white_space(text: str, width: int) -> None:
    lines = wrapped(escape_controls(text), width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(escape_controls(text).split())
