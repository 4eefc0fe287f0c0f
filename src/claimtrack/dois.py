"""DOIs: their spellings, and the one address for each.

Source: the DOI Handbook (doi.org/the-identifier/resources/handbook), 2.4 on case and 3.8 on the
address of a DOI; ISO 26324.
"""

import re
from urllib.parse import quote, unquote_to_bytes

_DOI_PREFIX = re.compile(
    r"(?P<address>(?:https?:)?(?://)?(?:dx\.|www\.)?doi\.org/+)"
    r"|(?:info:doi/|urn:doi:|doi(?:\s*[:=]|\s|(?=10\.))\s*/*)",
    re.IGNORECASE,
)
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f]+")
_ESCAPED_SLASH = re.compile(r"(10\.[0-9.]+)%2f", re.IGNORECASE)
_SECOND_DOI = re.compile(r"[;,|]+(?:https?:|doi:|10\.[0-9]{4,9}/)", re.IGNORECASE)
_ALLOWED_IN_A_PATH = "/:;()._-~!$&'*+,=@"
"""Source: RFC 3986, 3.3."""


def doi_address(text: str) -> str | None:
    """Return the address of a DOI in any spelling; None when the text is not a single DOI.

    It may be bare (`10.1000/Ex.1`), follow `doi:`, or be an address at doi.org. Letters become
    lower case, as DOIs ignore case, and characters that an address does not allow are escaped:
    `https://doi.org/10.1000/ex.1`.
    """
    rest = text.strip(" \t\r\n\ufeff\u200b\u2060")
    while found := _DOI_PREFIX.match(rest):
        rest = rest[found.end() :]
        if found["address"]:
            rest = re.split(r"[?#]", rest, maxsplit=1)[0]
    rest = _ESCAPED_SLASH.sub(r"\1/", rest.rstrip(";,"), count=1)
    if not _DOI.fullmatch(rest) or _SECOND_DOI.search(rest):
        return None
    name = unquote_to_bytes(rest.encode(errors="surrogatepass")).lower()
    return f"https://doi.org/{quote(name, safe=_ALLOWED_IN_A_PATH)}"
