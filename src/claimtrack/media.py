"""Media types of captured bytes, and the text in them.

The text of a page is what a browser would show, one line for each block: without tags, entities
decoded, white space collapsed to one space, no-break spaces (U+00A0) included. Plain text keeps its
lines and spaces; only no-break spaces become spaces. Positions of quotations count the code points
of this text.
"""

import codecs
import html
import mimetypes
import quopri
import re
from email.message import Message

from claimtrack.errors import InvalidValue

MAX_TEXT_BYTES = 64 * 2**20
"""Bytes of a capture to extract text from, at most: the tree of a page takes 30 times its size."""
SNIFFED_BYTES = 1024
"""Bytes at the beginning of a file by which its media type is guessed."""
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
"""Beginnings of files by media type.

Source: WHATWG MIME Sniffing Standard, section 7.1, and `meta`.
"""
_HTML = ("text/html", "application/xhtml+xml")
_NOT_SHOWN = "head, script, style, template, iframe"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_READ_AS = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030"}
"""Encodings that browsers treat as others. Source: WHATWG Encoding Standard, section 4.2."""
_NO_CHARSETS = ("idna", "punycode", "raw-unicode-escape", "unicode-escape", "utf-7", "undefined")


def guess_media_type(name: str, head: bytes) -> str:
    """Return the media type of a file by its name, else by its first bytes.

    `application/octet-stream` when neither decides.
    """
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


def extract_text(content: bytes, media_type: str, encoding: str | None = None) -> str:
    """Return the text of an HTML page or of plain text.

    Args:
        content: The bytes.
        media_type: Their media type, which may name an encoding.
        encoding: The encoding to use instead of what the media type or the page names.

    Raises:
        InvalidValue: it is neither, cannot be decoded, is longer than `MAX_TEXT_BYTES`, or holds no
            text.
    """
    header = Message()
    header["content-type"] = media_type
    is_page = header.get_content_type() in _HTML
    if not is_page and header.get_content_maintype() != "text":
        raise InvalidValue("media type", media_type, f"text/plain, or {' or '.join(_HTML)}")
    if len(content) > MAX_TEXT_BYTES:
        raise InvalidValue(
            "size", len(content), f"{MAX_TEXT_BYTES:,} bytes at most to make a text of"
        )
    outside = encoding or str(header.get_content_charset() or "")
    inside = _get_declared_encoding(content[:SNIFFED_BYTES]) if is_page else None
    decoded = _decode(content, _get_bom_encoding(content) or outside or inside or "utf-8")
    text = (
        _render_text(decoded) if is_page else decoded.replace("\r\n", "\n").replace("\u00a0", " ")
    )
    if not text.strip() or "\x00" in text:
        raise InvalidValue("text", text[:60], "words, and no NUL characters")
    return text


def list_decodings(content: bytes, media_type: str) -> tuple[list[str], bool]:
    """Return every text that bytes can be read as, and whether these hold all there is to read.

    For a search for words that must not remain. Besides the text: the source of a page with its
    tags, entities, JSON escapes and quoted-printable decoded. Compressed or encoded content, such
    as PDF, base64 or a picture, is not read; then the second value is False.
    """
    readings = [content.decode(errors="replace")]
    try:
        readings.append(extract_text(content, media_type))
        source = decode_source(content, media_type)
    except InvalidValue:
        return readings, False
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda code: chr(int(code[1], 16)), source)
    readings += [source, html.unescape(source), unescaped]
    printable = quopri.decodestring(content).decode(errors="replace")
    return [*dict.fromkeys([*readings, printable])], True


def decode_source(content: bytes, media_type: str) -> str:
    """Return bytes decoded as text, with all tags.

    Raises:
        InvalidValue: the encoding is unknown, or the bytes are not in it.
    """
    header = Message()
    header["content-type"] = media_type
    outside = str(header.get_content_charset() or "")
    return _decode(
        content,
        _get_bom_encoding(content)
        or outside
        or _get_declared_encoding(content[:SNIFFED_BYTES])
        or "utf-8",
    )


def _get_bom_encoding(content: bytes) -> str | None:
    """Return the encoding of a byte order mark, which outranks all declarations; None without one.

    Source: WHATWG HTML Standard, section 13.2.3.2.
    """
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def _get_declared_encoding(head: bytes) -> str | None:
    """Return the encoding that a page declares; None without one.

    A page that declares UTF-16 in ASCII letters can only be UTF-8 (WHATWG HTML, 13.2.3.2).
    """
    found = re.search(
        rb"""(?i)<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?\s*([\w.:-]+)""", head
    )
    name = found[1].decode("ascii", "replace") if found else None
    return "utf-8" if name and name.lower().startswith("utf-16") else name


def _decode(content: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        if name in _NO_CHARSETS:
            raise LookupError(encoding)
        return content.decode(_READ_AS.get(name, name))
    except LookupError:
        expected = "one that is known"
    except UnicodeDecodeError as error:
        expected = f"the one that the bytes are in, and byte {error.start} is not"
    raise InvalidValue("encoding", encoding, f"{expected}: name the right one with --encoding")


def _render_text(page: str) -> str:
    """Return the text that a page shows, a line for each block that is not empty."""
    from justhtml import Drop, JustHTML

    tree = JustHTML(page, sanitize=False, scripting_enabled=False, transforms=[Drop(_NOT_SHOWN)])
    blocks = tree.to_text(separator="\x00", strip=False, separator_blocks_only=True).split("\x00")
    lines = (re.sub("[ \t\n\r\f\u00a0]+", " ", block).strip(" ") for block in blocks)
    return "\n".join(line for line in lines if line)
