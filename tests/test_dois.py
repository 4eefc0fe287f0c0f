"""DOIs: which spellings are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimtrack.dois import doi_address


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("10.1000/Ex.1", id="alone"),
        pytest.param(" 10.1000/ex.1,\n", id="white space and a comma"),
        pytest.param("doi:10.1000/EX.1", id="doi:"),
        pytest.param("DOI: 10.1000/ex.1", id="DOI: and a space"),
        pytest.param("DOI 10.1000/ex.1", id="DOI"),
        pytest.param("doi10.1000/ex.1", id="without a sign"),
        pytest.param("https://doi.org/10.1000/ex.1", id="its address"),
        pytest.param("http://dx.doi.org/10.1000/ex.1", id="its address of old"),
        pytest.param("HTTPS://WWW.DOI.ORG/10.1000/EX.1", id="capitals"),
        pytest.param("doi.org/10.1000/ex.1", id="no scheme"),
        pytest.param("//doi.org/10.1000/ex.1", id="any scheme"),
        pytest.param("https://doi.org/10.1000%2Fex%2E1", id="escaped"),
        pytest.param("https://doi.org/10.1000/ex.1?utm_source=x#top", id="a query"),
        pytest.param("https://doi.org/https://doi.org/10.1000/ex.1", id="twice"),
        pytest.param("doi:https://doi.org/doi:10.1000/ex.1", id="thrice"),
        pytest.param("info:doi/10.1000/ex.1", id="info"),
        pytest.param("urn:doi:10.1000/ex.1", id="urn"),
        pytest.param("\u200b10.1000/ex.1\ufeff", id="invisible signs"),
    ],
)
def test_a_doi_in_any_spelling_has_one_address(text: str) -> None:
    assert doi_address(text) == "https://doi.org/10.1000/ex.1"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("10.1000/(2001)12<3:EX>2.0", "10.1000/(2001)12%3C3:ex%3E2.0", id="SICI"),
        pytest.param("doi:10.1000/a#b?c", "10.1000/a%23b%3Fc", id="signs of addresses"),
        pytest.param("10.1000.10/É", "10.1000.10/%C3%89", id="a letter beyond ASCII"),
    ],
)
def test_signs_that_no_address_may_hold_are_escaped(text: str, address: str) -> None:
    assert doi_address(text) == f"https://doi.org/{address}"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("n/a", id="words"),
        pytest.param("10.1000", id="half of one"),
        pytest.param("10.10/x", id="no such registrant"),
        pytest.param("10.1000/a b", id="white space"),
        pytest.param("10.1000/a; 10.1000/b", id="two"),
        pytest.param("10.1000/a;10.1000/b", id="two without a space"),
        pytest.param("https://doi.org/abcde", id="a short address"),
        pytest.param("https://x.example/10.1000/a", id="an address of others"),
        pytest.param("https://x.example/?u=https://doi.org/10.1000/a", id="within another"),
        pytest.param("see 10.1000/a", id="in a sentence"),
    ],
)
def test_what_is_no_single_doi_has_no_address(text: str) -> None:
    assert doi_address(text) is None


@given(st.text(max_size=20), st.sampled_from(["", "doi:", "https://doi.org/"]))
def test_the_address_of_a_doi_is_its_own_address_whatever_it_holds(name: str, begun: str) -> None:
    address = doi_address(f"{begun}10.1000/{name}")
    if address is not None:
        assert address.isascii()
        assert doi_address(address) == address
        assert doi_address(address.swapcase()) == address
