"""What only documents have: captures, and the texts that are made of them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from claimtrack.cli.completion import refs
from claimtrack.cli.fields import text_option
from claimtrack.cli.input_files import read_bytes
from claimtrack.cli.options import Db, Message, command, masked, print_message
from claimtrack.cli.output_options import AnchorOption, ToOutput, anchored
from claimtrack.cli.output_streams import opened_bytes, say
from claimtrack.vocab import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimtrack.changes import MovedQuotation


DocumentRef = Annotated[
    str,
    typer.Argument(
        metavar="REF",
        help="The ref of the document.",
        autocompletion=refs("document"),
        show_default=False,
    ),
]


def _capture_option(flag: str) -> Any:
    about = "Capture to use, by the first digits of its SHA-256; default: the newest."
    return text_option(flag, metavar="PREFIX", about=about)


def declare(app: typer.Typer) -> None:
    """Add the commands to those of documents."""
    for name, function in (
        ("capture", _capture),
        ("captures", _captures),
        ("export-capture", _export_capture),
        ("verify", _verify),
        ("text", _text),
    ):
        command(app, name)(function)


def _capture(
    *,
    db: Db,
    ref: DocumentRef,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE|-", help="File to store; - for stdin.", show_default=False),
    ],
    media_type: Annotated[
        str | None,
        text_option(
            "--media-type",
            metavar="TYPE",
            about="Media type, such as 'text/html; charset=utf-8'; default: guessed from the name "
            "and the first bytes.",
        ),
    ] = None,
    retrieved_at: Annotated[
        str | None,
        text_option(
            "--retrieved-at",
            metavar="TIME",
            about="Time of retrieval, in UTC if it has no offset; default: now.",
        ),
    ] = None,
    retrieved_by: Annotated[
        str | None,
        text_option(
            "--retrieved-by", metavar="NAME", about="Who retrieved it; default: the author."
        ),
    ] = None,
    message: Message = None,
) -> None:
    """Store a copy of a document, byte for byte.

    Also stores its SHA-256, which is printed, its media type and size, and when and by whom it was
    retrieved. A document can have several captures; identical bytes are stored once.

    Examples:
      claimtrack document capture RTR-0524 page.html
      claimtrack document capture RTR-0524 page.html --retrieved-at 2024-05-24T12:00+02:00
      claimtrack document capture RTR-0524 - --retrieved-by Ann < page.html
    """
    from claimtrack import changes, dates, media
    from claimtrack.schemas import NewCapture
    from claimtrack.validation import validate_record

    taken = dates.parse_instant(retrieved_at) if retrieved_at is not None else datetime.now(UTC)
    content = read_bytes(file, MOST_BYTES + 1)
    what = media_type or media.guess_media_type(file.name, content[: media.SNIFFED_BYTES])
    given = {"document": ref, "media_type": what, "retrieved_at": taken}
    record = validate_record(NewCapture, {**given, "retrieved_by": retrieved_by or db.author})
    with db.writing(message) as session:
        row = changes.capture(session, record, content)
        digest, size = row.sha256, row.size
    print_message(f"captured {ref}: {size:,} byte{'' if size == 1 else 's'} of {record.media_type}")
    say(digest)


def _captures(db: Db, ref: DocumentRef, out: ToOutput) -> None:
    """List the captures of a document, oldest first, without their bytes.

    Examples:
      claimtrack document captures RTR-0524
    """
    from claimtrack.lookup import CaptureRow, list_captures

    with db.reading(out) as session:
        out.emit(list_captures(session, ref), CaptureRow)


def _export_capture(
    db: Db,
    ref: DocumentRef,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|-",
            show_default=False,
            help="Write to this file, readable only by its owner; - for stdout.",
        ),
    ],
    sha256: Annotated[str | None, _capture_option("--sha256")] = None,
    anchor: AnchorOption = False,
) -> None:
    """Write the bytes of a capture to a file, after verifying their hash.

    Examples:
      claimtrack document export-capture RTR-0524 --output page.html
      claimtrack document export-capture RTR-0524 --sha256 9f86d0 --output - | less
    """
    from claimtrack.lookup import bytes_of, get_capture

    with db.reading(anchored(output, anchor=anchor)) as session:
        content = bytes_of(session, get_capture(session, ref, sha256).sha256)
        with opened_bytes(output) as stream:
            stream.write(content)


def _verify(
    db: Db,
    out: ToOutput,
    ref: Annotated[
        str | None,
        typer.Argument(
            metavar="REF",
            help="Verify only the captures of this document.",
            autocompletion=refs("document"),
            show_default=False,
        ),
    ] = None,
) -> None:
    """Verify the hashes of all captures, and list those whose bytes have changed.

    The exit code is 1 if there are any. To verify that the log accounts for every capture, use
    'claimtrack log verify'.

    Examples:
      claimtrack document verify
      claimtrack document verify RTR-0524
    """
    from claimtrack.lookup import CaptureFinding, verify_captures
    from claimtrack.protection import WITHHELD

    found = 0
    with db.checking() as session:

        def noted() -> "Iterator[Any]":
            nonlocal found
            for row in verify_captures(session, ref):
                found += 1
                named = row.document and masked(row.document)
                digest = row.sha256 if named == row.document else WITHHELD
                yield replace(row, document=named, sha256=digest)

        out.emit(noted(), CaptureFinding)
    if found:
        print_message("some captures have changed since they were taken")
        raise typer.Exit(1)
    print_message("no capture has changed since it was taken")


def _text(
    db: Db,
    ref: DocumentRef,
    capture: Annotated[str | None, _capture_option("--capture")] = None,
    encoding: Annotated[
        str | None,
        text_option(
            "--encoding",
            metavar="NAME",
            about="Encoding of the bytes, such as windows-1251; default: the one they declare.",
        ),
    ] = None,
    message: Message = None,
) -> None:
    """Extract the text of a document from a capture, which stays unchanged.

    The capture must be HTML or plain text. Every quotation of the document is located in the new
    text. A quotation that is not found is reported; it keeps its words and loses its position.

    Examples:
      claimtrack document text RTR-0524
      claimtrack document text RTR-0524 --capture 9f86d0
    """
    from claimtrack import changes, media
    from claimtrack.lookup import bytes_of, get_capture
    from claimtrack.models import Document
    from claimtrack.records import get, is_withheld

    with db.checking() as session:
        stored = get_capture(session, ref, capture)
        content = bytes_of(session, stored.sha256)
    text = media.extract_text(content, stored.media_type, encoding)
    with db.writing(message) as session:
        found = changes.replace_text(session, ref, text)
        withheld = is_withheld(session, get(session, Document, ref))
    if withheld:
        lost = sum(row.now is None for row in found)
        print_message(
            f"document {ref} has its text: of {len(found)} quotations, {lost} without a position"
        )
        return
    print_message(
        f"document {ref} has {len(text):,} characters of text, from capture {stored.sha256[:12]}"
    )
    for row in found:
        print_message(_describe_move(row))


def _describe_move(row: "MovedQuotation") -> str:
    words = row.exact if len(row.exact) <= 60 else f"{row.exact[:57]}..."
    quotation = f"quotation {words!r} of {row.entry}"
    labelled = f", under the label {row.label!r}" if row.label else ""
    if row.now is None:
        return f"lost: {quotation} is not in the text: it is kept without a position{labelled}"
    if row.was is None:
        return f"found: {quotation} at {row.now}{labelled}"
    if row.was == row.now:
        return f"found: {quotation} at {row.now} as before"
    return f"found: {quotation} at {row.now}, before at {row.was}{labelled}"
