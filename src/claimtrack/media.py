"""What captured bytes are, and the text in them.

Text is what a page shows, block by block, a line for each: tags taken out, entities read, white
space made one space, no-break spaces (U+00A0) among it. Plain text keeps its lines and its spaces,
no-break spaces made plain. Positions of quotations refer to it, in code points.
"""

import codecs
import html
import mimetypes
import quopri
import re
from email.message import Message

from claimtrack.errors import InvalidValue

LONGEST = 64 * 2**20
"""Bytes of which a text is made, at most: the tree of a page takes 30 times its size."""
HEAD = 1024
"""Bytes at the beginning of which is guessed what they are."""
UNKNOWN = "application/octet-stream"

_SIGNS = (
    (rb"%PDF-", "application/pdf"),
    (rb"\x89PNG\r\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8", "image/gif"),
    (rb"PK\x03\x04", "application/zip"),
    (
        rb"(?i)(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*<(!doctype html|html|head|body|meta|title|script|"
        rb"style|iframe|table|h1|div|font|br|p|a|b)[\s/>]",
        "text/html",
    ),
)
"""How bytes begin. Source: WHATWG MIME Sniffing Standard, section 7.1, and `meta`."""
_HTML = ("text/html", "application/xhtml+xml")
_NOT_SHOWN = "head, script, style, template, iframe"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_READ_AS = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030"}
"""What browsers take some encodings for. Source: WHATWG Encoding Standard, section 4.2."""
_NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined")


def guess_media_type(name: str, head: bytes) -> str:
    """Return what bytes are by the name of their file, else by how they begin."""
    by_name, packed = mimetypes.MimeTypes().guess_type(name)
    if by_name and not packed:
        return by_name
    for sign, media_type in _SIGNS:
        if re.match(sign, head, re.DOTALL):
            return media_type
    try:
        plain = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return UNKNOWN
    return UNKNOWN if packed or "\x00" in plain or not plain else "text/plain"


def text_of(content: bytes, media_type: str, encoding: str | None = None) -> str:
    """Return the text of an HTML page or of plain text; `encoding` overrides what it declares.

    Raises:
        InvalidValue: it is neither, cannot be decoded, is too long, or holds no text.
    """
    header = Message()
    header["content-type"] = media_type
    is_page = header.get_content_type() in _HTML
    if not is_page and header.get_content_maintype() != "text":
        raise InvalidValue("media type", media_type, f"text/plain, or {' or '.join(_HTML)}")
    if len(content) > LONGEST:
        raise InvalidValue("size", len(content), f"{LONGEST:,} bytes at most to make a text of")
    outside = encoding or str(header.get_content_charset() or "")
    inside = _declared(content[:HEAD]) if is_page else None
    decoded = _decoded(content, _marked(content) or outside or inside or "utf-8")
    text = _shown(decoded) if is_page else decoded.replace("\r\n", "\n").replace("\u00a0", " ")
    if not text.strip() or "\x00" in text:
        raise InvalidValue("text", text[:60], "words, and no NUL characters")
    return text


def readings_of(content: bytes, media_type: str) -> tuple[list[str], bool]:
    """Return the ways in which bytes can be read as text, and whether that is all there is to read.

    Of a page its source too: what stands in it and is not shown. Entities, escapes of JSON and
    quoted-printable are read; what is packed, such as PDF, base64 or a picture, is not.
    """
    readings = [content.decode(errors="replace")]
    try:
        readings.append(text_of(content, media_type))
        source = source_of(content, media_type)
    except InvalidValue:
        return readings, False
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), source)
    readings += [source, html.unescape(source), unescaped]
    printable = quopri.decodestring(content).decode(errors="replace")
    return [*dict.fromkeys([*readings, printable])], True


def source_of(content: bytes, media_type: str) -> str:
    """Return decoded bytes as they are, tags and all.

    Raises:
        InvalidValue: the encoding is unknown, or the bytes are in another.
    """
    header = Message()
    header["content-type"] = media_type
    outside = str(header.get_content_charset() or "")
    return _decoded(content, _marked(content) or outside or _declared(content[:HEAD]) or "utf-8")


def _marked(content: bytes) -> str | None:
    """Return the encoding that a mark at the beginning shows, which decides before all others.

    Source: WHATWG HTML Standard, section 13.2.3.2.
    """
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def _declared(head: bytes) -> str | None:
    """Return the encoding that a page names in itself; there UTF-16 can only mean UTF-8."""
    said = re.search(
        rb"""(?i)<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?\s*([\w.:-]+)""", head
    )
    name = said[1].decode("ascii", "replace") if said else None
    return "utf-8" if name and name.lower().startswith("utf-16") else name


def _decoded(content: bytes, encoding: str) -> str:
    try:
        known = codecs.lookup(encoding).name
        if known in _NO_CHARSETS:
            raise LookupError(encoding)
        return content.decode(_READ_AS.get(known, known))
    except LookupError:
        expected = "one that is known"
    except UnicodeDecodeError as error:
        expected = f"the one that the bytes are in, and byte {error.start} is not"
    raise InvalidValue("encoding", encoding, f"{expected}: name the right one with --encoding")


def _shown(page: str) -> str:
    """Return what a page shows, a line for each block that is not empty."""
    from justhtml import Drop, JustHTML

    tree = JustHTML(page, sanitize=False, scripting_enabled=False, transforms=[Drop(_NOT_SHOWN)])
    blocks = tree.to_text(separator="\x00", strip=False, separator_blocks_only=True).split("\x00")
    lines = (re.sub("[ \t\n\r\f\u00a0]+", " ", block).strip(" ") for block in blocks)
    return "\n".join(line for line in lines if line)
