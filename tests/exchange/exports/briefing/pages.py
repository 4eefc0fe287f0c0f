"""A casebook for briefings, and a page as a reader of its language shows it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from justhtml import JustHTML
from markdown_it import MarkdownIt

from claimtrack.db import Session
from claimtrack.exchange.exports.briefing import markup
from claimtrack.exchange.exports.briefing.page import Plan, write_page
from claimtrack.exchange.notes import Notes
from claimtrack.query.filters import Filters
from claimtrack.reports.contradictions import ContradictionRow

LANGUAGES = {"markdown": markup.MARKDOWN, "html": markup.HTML}


class Page:
    """A page as a reader of its language shows it."""

    def __init__(self, said: str, language: str) -> None:
        self.said = said
        rendered = said if language == "html" else self._rendered(said)
        self.tree: Any = JustHTML(rendered, sanitize=False, collect_errors=True)
        if language == "html":
            assert self.tree.errors == []

    @staticmethod
    def _rendered(said: str) -> str:
        body, _, notes = said.partition("## Notes\n")
        body = re.sub(r"(?<!\\)\[\^(\d+)\]", r'<sup><a href="#note-\1">\1</a></sup>', body)
        html: str = MarkdownIt("commonmark").enable("table").render(f"{body}## Notes\n")
        for number, note in re.findall(r"^\[\^(\d+)\]: (.+)$", notes, re.MULTILINE):
            inner = MarkdownIt("commonmark").renderInline(note)
            html += f'<p id="note-{number}">{number}. {inner}</p>'
        return html

    def section(self, heading: str) -> Iterator[Any]:
        """The headings, paragraphs, lists and tables below a heading."""
        inside = False
        for node in self.tree.query("h2, h3, p, ul, table"):
            if node.name == "h2":
                inside = shown(node) == heading
            elif inside:
                yield node

    def claims(self) -> dict[str, dict[str, list[Any]]]:
        """The list items that speak for and against each contested claim, by its ref."""
        found: dict[str, dict[str, list[Any]]] = {}
        inside: dict[str, list[Any]] = {}
        heading = ""
        for node in self.section("Contested claims"):
            if node.name == "h3":
                inside = found.setdefault(shown(node).partition(":")[0], {"p": []})
            elif node.name == "p":
                heading = shown(node)
                inside.setdefault("p", []).append(node)
            else:
                inside[heading] = node.query("li")
        return found

    def chronology(self) -> dict[str, tuple[Any, list[Any]]]:
        """The paragraph and the list items of each other entry, by its ref, in order."""
        found: dict[str, tuple[Any, list[Any]]] = {}
        ref = ""
        for node in self.section("Chronology of all other entries"):
            if node.name == "p" and node.query("strong"):
                ref = shown(node.query("strong")[1])
                assert ref not in found
                found[ref] = node, []
            elif node.name == "ul":
                found[ref][1].extend(node.query("li"))
        return found

    def noted(self, node: Any) -> set[str]:
        """The notes that are marked in a part of the page."""
        marks = [one.attrs["href"].removeprefix("#") for one in node.query("sup a")]
        notes = {one.attrs.get("id"): shown(one) for one in self.tree.query("p")}
        return {notes[mark] for mark in marks}


def shown(node: Any) -> str:
    """The text of a part of a page, as it stands in a line."""
    if node.name == "#text":
        return str(node.data)
    return "".join(map(shown, node.children))


def written(
    session: Session,
    folder: Path,
    language: str,
    wanted: Filters = Filters(),  # noqa: B008
    **plan: Any,
) -> Page:
    out, spare = io.BytesIO(), folder / str(len(list(folder.iterdir())))
    spare.mkdir()
    known = Plan(LANGUAGES[language], **{"title": "A title", **plan})
    write_page(session, out, wanted, known, spare, Notes())
    return Page(out.getvalue().decode(), language)


def refs(items: list[Any]) -> list[str]:
    """Return the refs of the entries that items of a list name."""
    return [shown(item.query("strong")[1]) for item in items]


def ends(row: ContradictionRow) -> set[str]:
    """Return the refs of the two entries of a pair."""
    return {row.subject_ref, row.counter_ref}
