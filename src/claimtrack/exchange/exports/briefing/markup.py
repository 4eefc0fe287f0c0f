"""The two markup languages of a briefing: Markdown with footnotes, and one printable HTML file.

Text from the casebook goes through `text`, or is an address, so that it cannot become markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Protocol

from claimtrack.addresses import to_web_uri
from claimtrack.escaping import escape_controls, escape_markdown

_STYLE = """\
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem;
  font: 1rem/1.5 Charter, Georgia, serif; color: #1a1a1a; background: #fff;
  overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; font-family: system-ui, sans-serif; break-after: avoid; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #999; }
h3 { margin-top: 2rem; font-size: 1.05rem; }
li, tr, p { break-inside: avoid; }
p:has(+ ul) { break-after: avoid; }
li { margin: .3rem 0; }
table { border-collapse: collapse; font-size: .85rem; }
th, td { border: 1px solid #bbb; padding: .2rem .5rem; text-align: left; vertical-align: top; }
thead { display: table-header-group; }
sup a { text-decoration: none; }
@page { margin: 2cm; }
@media print {
  body { max-width: none; margin: 0; padding: 0; font-size: 10.5pt; }
  a { color: inherit; }
  a[rel]::after { content: " (" attr(href) ")"; }
}
"""


class Markup(Protocol):
    """A markup language. Texts within a line are markup already, except where noted."""

    def begin(self, title: str) -> str:
        """Return the beginning of a page; `title` is plain text."""

    def end(self) -> str:
        """Return the end of the page."""

    def text(self, plain: str) -> str:
        """Return plain text as markup, on one line."""

    def strong(self, inner: str) -> str:
        """Return emphasised text."""

    def link(self, url: str | None, inner: str) -> str:
        """Return a link to a plain address; where it must not be a link, the address is shown."""

    def mark(self, number: int, *, first: bool) -> str:
        """Return the mark of a footnote; the note links back to its first mark."""

    def heading(self, level: int, inner: str, place: str = "") -> str:
        """Return a heading; links refer to it by `place`, a ref."""

    def paragraph(self, inner: str, place: str = "") -> str:
        """Return a paragraph; links refer to it by `place`, a ref."""

    def reference(self, place: str, inner: str) -> str:
        """Return a link to the heading or paragraph of a `place`, if the language has any."""

    def items(self, several: Iterable[str]) -> Iterator[str]:
        """Yield the parts of a list."""

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        """Yield the parts of a table."""

    def note(self, number: int, inner: str) -> str:
        """Return the footnote with a number."""


class _Markdown:
    """CommonMark with the tables and footnotes of GitHub, Pandoc and others."""

    def begin(self, title: str) -> str:
        return self.heading(1, self.text(title))

    def end(self) -> str:
        return ""

    def text(self, plain: str) -> str:
        return escape_markdown(" ".join(plain.split()))

    def strong(self, inner: str) -> str:
        return f"**{inner}**"

    def link(self, url: str | None, inner: str) -> str:
        uri = to_web_uri(url)
        if uri:
            return f"[{inner}](<{uri}>)"
        return f"{inner} ({self.text(url)})" if url else inner

    def mark(self, number: int, *, first: bool) -> str:
        return f"[^{number}]"

    def heading(self, level: int, inner: str, place: str = "") -> str:
        return f"{'#' * level} {inner}\n\n"

    def paragraph(self, inner: str, place: str = "") -> str:
        return f"{inner}\n\n"

    def reference(self, place: str, inner: str) -> str:
        return inner

    def items(self, several: Iterable[str]) -> Iterator[str]:
        for inner in several:
            yield f"- {inner}\n"
        yield "\n"

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        yield f"| {' | '.join(head)} |\n|{' --- |' * len(head)}\n"
        for row in rows:
            yield f"| {' | '.join(row)} |\n"
        yield "\n"

    def note(self, number: int, inner: str) -> str:
        return f"[^{number}]: {inner}\n"


class _Html:
    """HTML 5 in one file: with its style, without scripts, and without external resources."""

    def begin(self, title: str) -> str:
        shown = self.text(title)
        policy = "default-src 'none'; style-src 'unsafe-inline'"
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{shown}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n"
            f"<h1>{shown}</h1>\n"
        )

    def end(self) -> str:
        return "</body>\n</html>\n"

    def text(self, plain: str) -> str:
        return escape(escape_controls(" ".join(plain.split())))

    def strong(self, inner: str) -> str:
        return f"<strong>{inner}</strong>"

    def link(self, url: str | None, inner: str) -> str:
        uri = to_web_uri(url)
        if uri:
            return f'<a href="{escape(uri)}" rel="noreferrer">{inner}</a>'
        return f"{inner} ({self.text(url)})" if url else inner

    def mark(self, number: int, *, first: bool) -> str:
        place = f' id="mark-{number}"' if first else ""
        return f'<sup{place}><a href="#note-{number}">{number}</a></sup>'

    def heading(self, level: int, inner: str, place: str = "") -> str:
        return f"<h{level}{self._id(place)}>{inner}</h{level}>\n"

    def paragraph(self, inner: str, place: str = "") -> str:
        return f"<p{self._id(place)}>{inner}</p>\n"

    def reference(self, place: str, inner: str) -> str:
        return f'<a href="#entry-{escape(place)}">{inner}</a>'

    def items(self, several: Iterable[str]) -> Iterator[str]:
        yield "<ul>\n"
        for inner in several:
            yield f"<li>{inner}</li>\n"
        yield "</ul>\n"

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
        yield f"<table>\n<thead><tr>{self._cells('th', head)}</tr></thead>\n<tbody>\n"
        for row in rows:
            yield f"<tr>{self._cells('td', row)}</tr>\n"
        yield "</tbody>\n</table>\n"

    def note(self, number: int, inner: str) -> str:
        back = f'<a href="#mark-{number}">{number}</a>'
        return f'<p id="note-{number}">{back}. {inner}</p>\n'

    def _id(self, place: str) -> str:
        return f' id="entry-{escape(place)}"' if place else ""

    def _cells(self, name: str, cells: Sequence[str]) -> str:
        return "".join(f"<{name}>{inner}</{name}>" for inner in cells)


MARKDOWN: Markup = _Markdown()
HTML: Markup = _Html()
