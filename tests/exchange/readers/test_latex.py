"""Values in LaTeX: what is decoded, and what is kept as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.exchange.readers.latex import decode_latex
from exchange.readers.works import bibtex


@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        pytest.param("title", "A 10% rise -- ``so''", "A 10% rise \u2013 “so”", id="percent"),
        pytest.param("title", r"5\% of A\\% B", "5% of A % B", id="escaped percent"),
        pytest.param("title", "A\n\t long  {T}itle~x", "A long Title x", id="white space"),
        pytest.param("title", r"\href{https://x.example}{here} {\it not}", "here not", id="href"),
        pytest.param("title", "cut off \\verb", "cut off \\verb", id="what cannot be decoded"),
        pytest.param("publisher", r"Q & A, AT\&T", "Q & A, AT&T", id="ampersand"),
        pytest.param(
            "url", "https://x.example/a%20b?q=1&r=_2#t", "https://x.example/a%20b?q=1&r=_2#t",
            id="address",
        ),
        pytest.param("url", "https://x.example/~u/a--b", "https://x.example/~u/a--b", id="tilde"),
        pytest.param(
            "url", r"\url{https://x.example/a\%20b\_c\&d\~{}e{\_}f\#g}",
            "https://x.example/a%20b_c&d~e_f#g", id="escaped address",
        ),
        pytest.param(
            "url", r"{https://x.example/{\textasciitilde}a/\textasciitilde{}b/$\sim$c}",
            "https://x.example/~a/~b/~c", id="tildes of other programs",
        ),
        pytest.param("DOI", "10.1002/(SICI)1097%3A1", "10.1002/(SICI)1097%3A1", id="doi"),
        pytest.param("doi", r"10.1007/978\_1", "10.1007/978_1", id="escaped doi"),
        pytest.param("eprint", "a~b%c", "a~b%c", id="eprint"),
        pytest.param("file", r"C\:\_a%~\%.pdf", r"C\:\_a%~\%.pdf", id="file"),
        pytest.param("date", "1723~", "1723~", id="date"),
    ],
)  # fmt: skip
def test_latex_is_decoded_where_it_is_latex_and_no_sign_is_lost(
    field: str, written: str, expected: str
) -> None:
    [row], _ = bibtex(f"@misc{{a, {field} = {{{written}}}, edition = 2}}\n")
    assert (row.cells[field.lower()], row.cells["edition"]) == (expected, "2")


def test_an_accent_does_not_end_a_quoted_value() -> None:
    [row], _ = bibtex('@misc{a, author = "K. G\\"odel", title = "a {"}b{"} c"}')
    assert (row.cells["author"], row.cells["title"]) == ("K. Gödel", 'a "b" c')


@given(
    st.text("aZ0-._~:/?#[]@!$&'()*+,;=%", max_size=40),
    st.sampled_from(["url", "doi", "eprint"]),
)
def test_an_address_of_bibtex_is_kept_whatever_its_signs(address: str, field: str) -> None:
    [row], _ = bibtex(f"@misc{{a, {field} = {{https://x.example/{address}x}}}}")
    assert row.cells[field] == f"https://x.example/{address}x"


@given(st.text("aB .,-'!?()[]:;\n{}", max_size=20))
def test_text_without_commands_is_decoded_as_pylatexenc_does(plain: str) -> None:
    balanced = plain.replace("{", "{a}").replace("}}", "}")
    if balanced.count("{") == balanced.count("}"):
        assert decode_latex(balanced) == decode_latex(f"{balanced}\\relax")
