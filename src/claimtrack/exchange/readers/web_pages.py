"""Rows of a saved web page: the records of its JSON-LD."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from claimtrack import media
from claimtrack.errors import Invalid, InvalidValue
from claimtrack.exchange.notes import Notes
from claimtrack.exchange.readers.json_parser import Text
from claimtrack.exchange.readers.json_rows import NOTHING, stream_records
from claimtrack.exchange.readers.rows import MAX_RECORD_LENGTH, Row
from claimtrack.exchange.readers.text_files import Lines

_MARKUP = re.compile(rb"(\xef\xbb\xbf)?\s*<(\?xml|!doctype)\b", re.IGNORECASE)
_MHTML = re.compile(rb"(From|MIME-Version|Content-Type|Subject|Snapshot-[\w-]+): ", re.IGNORECASE)
_HTML = "text/html"


def is_page(head: bytes) -> bool:
    """Return whether a file that begins with these bytes is a web page or other markup."""
    return media.guess_media_type("", head) == _HTML or bool(_MARKUP.match(head))


def refuse_page(path: Path, head: bytes, form: str) -> None:
    """Refuse a web page where another format is expected, and say how to import it.

    Raises:
        Invalid: it is one.
    """
    if _MHTML.match(head) and b"multipart/related" in head.lower():
        raise Invalid(f"{path}: this is a web page saved as MHTML: save it as HTML alone")
    if form != "json" and is_page(head):
        raise Invalid(
            f"{path}: this is a saved web page or XML, and the profile is of {form}: save its rows "
            "in that format; reviews in its JSON-LD are read with the profile claimreview"
        )


def page_rows(path: Path, content: bytes, selector: str | None, notes: Notes) -> Iterator[Row]:
    """Yield the records of a page's JSON-LD; a script that is not JSON is a row with a fault.

    Raises:
        Invalid: the page is too long, is not in its declared encoding, or has no JSON-LD of the
            type.
    """
    if len(content) > media.MAX_TEXT_BYTES:
        raise Invalid(
            f"{path}: the page is longer than {media.MAX_TEXT_BYTES:,} bytes: save its JSON-LD"
        )
    try:
        source = media.decode_source(content, _HTML)
    except InvalidValue as error:
        problem = "the page is not in the encoding that it declares: save it as UTF-8"
        raise Invalid(f"{path}: {problem}") from error
    found, scripts = 0, list(_scripts(source))
    for line, script in scripts:
        lines = Lines(
            path, BytesIO(script.encode(errors="surrogateescape")), "utf-8", MAX_RECORD_LENGTH
        )
        try:
            for row in stream_records(Text(lines, line), selector, notes, found):
                found += 1
                yield row
        except Invalid as error:
            found += 1
            problem = str(error).partition(": ")[2]
            yield Row(line, fault=f"JSON-LD of the page: {problem}", written=[script], record=found)
    if not scripts:
        problem = "this is a saved web page without JSON-LD: look for its rows in another file"
        raise Invalid(f"{path}: {problem}")
    if selector and not found:
        raise Invalid(f"{path}: {NOTHING.format(selector)}, in the JSON-LD of the page")


def _scripts(source: str) -> Iterator[tuple[int, str]]:
    """Yield each JSON-LD script of a page, with the line where it begins."""
    from justhtml import JustHTML

    tree = JustHTML(source, sanitize=False, scripting_enabled=False, track_node_locations=True)
    for script in tree.query("script[type]"):
        kind = str((script.attrs or {}).get("type")).partition(";")[0].strip().lower()
        texts = [part for part in script.children or () if part.name == "#text"]
        if kind == "application/ld+json" and texts:
            text = "".join(str(part.data or "") for part in texts)
            yield texts[0].origin_line or 1, text.removeprefix("<!--").removesuffix("-->")
