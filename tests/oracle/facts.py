"""The facts of a casebook, read from the plain data of dossier files.

Implements section 2 of the model as far as the reports need it, and section 3 of the interface.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable
from typing import Any

from oracle.times import Date, End, Stretch, read_short, read_stretch, run_to_the_end

KINDS = ("commitment", "claim", "statement", "assessment", "action", "window")
WORDS = ("claim", "statement", "commitment")
SYMMETRIC = ("corroborates", "contradicts", "reconciles", "unrelated")


@dataclasses.dataclass(frozen=True)
class Actor:
    ref: str
    kind: str
    parent: str | None


@dataclasses.dataclass(frozen=True)
class Document:
    ref: str
    url: str | None
    publisher: str
    canonical: str | None
    published: Stretch
    coverage: str | None


@dataclasses.dataclass(frozen=True)
class Topic:
    ref: str
    parent: str | None
    exclusive: bool


@dataclasses.dataclass(frozen=True)
class Proposition:
    ref: str
    topic: str
    truth: bool | None
    resolved_on: Date | None


@dataclasses.dataclass(frozen=True)
class Measure:
    ref: str
    topic: str
    unit: str
    kind: str


@dataclasses.dataclass(frozen=True)
class Citation:
    document: str
    role: str


@dataclasses.dataclass(frozen=True)
class Stance:
    entry: str
    proposition: str
    asserted_by: str
    value: int
    basis: str
    hedge: str | None
    condition: str | None
    likelihood: str | None
    document: str | None


@dataclasses.dataclass(frozen=True)
class Figure:
    entry: str
    measure: str
    asserted_by: str
    low: float | None
    high: float | None
    basis: str
    hedge: str | None
    condition: str | None
    document: str | None


@dataclasses.dataclass(frozen=True)
class Link:
    source: str
    target: str
    relation: str
    strength: int
    asserted_by: str
    document: str | None


@dataclasses.dataclass(frozen=True)
class Grade:
    entry: str
    graded_by: str
    graded_on: Date
    reliability: str | None
    credibility: int | None


@dataclasses.dataclass(frozen=True)
class Entry:
    ref: str
    kind: str
    actor: str
    on_behalf_of: str | None
    summary: str
    date: Stretch
    about: Stretch
    participants: tuple[tuple[str, str], ...]
    citations: tuple[Citation, ...]

    @property
    def agent(self) -> str:
        """Section 2, notes: its `on_behalf_of`, else its actor."""
        return self.on_behalf_of or self.actor

    @property
    def co_actors(self) -> tuple[str, ...]:
        """Its participants with role co_actor."""
        return tuple(actor for role, actor in self.participants if role == "co_actor")

    @property
    def voices(self) -> frozenset[str]:
        """Section 2, notes: its actor, its `on_behalf_of` and its co-actors."""
        return frozenset({self.actor, self.agent, *self.co_actors})

    @property
    def period(self) -> Stretch:
        """Section 3.1: its `about`; of a commitment with a missing start replaced by its own.

        Empty when there is none.
        """
        if self.kind == "commitment" and self.about.first is None:
            return Stretch(self.date.first, self.about.last)
        return self.about

    @property
    def span(self) -> Stretch:
        """Section 3.1, of an action: its `about`, else its date bounds."""
        return self.date if self.about.empty else self.about


@dataclasses.dataclass
class Casebook:
    """Everything that was recorded, by ref."""

    actors: dict[str, Actor] = dataclasses.field(default_factory=dict)
    documents: dict[str, Document] = dataclasses.field(default_factory=dict)
    topics: dict[str, Topic] = dataclasses.field(default_factory=dict)
    propositions: dict[str, Proposition] = dataclasses.field(default_factory=dict)
    measures: dict[str, Measure] = dataclasses.field(default_factory=dict)
    entries: dict[str, Entry] = dataclasses.field(default_factory=dict)
    stances: list[Stance] = dataclasses.field(default_factory=list)
    figures: list[Figure] = dataclasses.field(default_factory=list)
    links: list[Link] = dataclasses.field(default_factory=list)
    grades: list[Grade] = dataclasses.field(default_factory=list)

    def ancestors(self, actor: str) -> list[str]:
        """The parents of an actor, the nearest first."""
        found: list[str] = []
        parent = self.actors[actor].parent if actor in self.actors else None
        while parent is not None:
            found.append(parent)
            parent = self.actors[parent].parent
        return found

    def principal_of(self, actor: str) -> str:
        """Section 2, notes: the root above an actor, which may be itself."""
        return [actor, *self.ancestors(actor)][-1]

    def principal(self, entry: Entry) -> str:
        """P(e): the principal of its agent."""
        return self.principal_of(entry.agent)

    def anonymous(self, entry: Entry) -> bool:
        """Its actor is of kind anonymous."""
        return entry.actor in self.actors and self.actors[entry.actor].kind == "anonymous"

    def share_a_voice(self, one: Entry, other: Entry) -> bool:
        """Section 2, notes: a voice of one is a voice of the other, or an ancestor of one."""
        return any(
            mine == theirs or mine in self.ancestors(theirs) or theirs in self.ancestors(mine)
            for mine in one.voices
            for theirs in other.voices
        )

    def canonical(self, document: str) -> Document:
        """The document that a document stands for.

        Decision: wherever a document counts (known by, publishers, origins, coverage), its
        canonical one counts in its place, up to the last of a chain.
        """
        seen = {document}
        found = self.documents[document]
        while found.canonical is not None and found.canonical not in seen:
            seen.add(found.canonical)
            found = self.documents[found.canonical]
        return found

    def documents_of(self, entry: Entry, *roles: str) -> list[Document]:
        """The documents that an entry cites in one of these roles."""
        return [self.canonical(each.document) for each in entry.citations if each.role in roles]

    def urls(self, entry: Entry) -> list[str]:
        """The addresses of all documents that an entry cites, each once, by code point."""
        cited = (self.documents[each.document] for each in entry.citations)
        return sorted({document.url for document in cited if document.url})

    def shown(self, entry: Entry) -> bool:
        """Some document shows it: a `primary` or `relay` citation, never `support`."""
        return bool(self.documents_of(entry, "primary", "relay"))

    def publishers(self, entries: Iterable[Entry], *roles: str) -> set[str]:
        """The publishers of the documents that these entries cite in one of these roles."""
        return {
            document.publisher for entry in entries for document in self.documents_of(entry, *roles)
        }

    def topics_below(self, topic: str) -> set[str]:
        """A topic and everything below it."""
        found = {topic}
        while True:
            more = {ref for ref, each in self.topics.items() if each.parent in found} - found
            if not more:
                return found
            found |= more

    def published_by(self, document: str, day: Date) -> bool:
        """Section 3.5: `published_to`, else `published_from`, is on or before a day."""
        published = self.canonical(document).published
        end = published.last or published.first
        return end is not None and end.date <= day


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────


def read_casebook(*dossiers: dict[str, Any], author: str = "author") -> Casebook:
    """Read the plain data of dossier files; of two records with one ref, later keys win.

    `author` is the judge where neither a row nor its file names one.
    """
    casebook = Casebook()
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for dossier in dossiers:
        judge = dossier.get("asserted_by") or author
        for table in ("actors", "documents", "topics", "propositions", "measures", "entries"):
            for record in dossier.get(table) or []:
                whole = merged.setdefault((table, record["ref"]), {"zone": dossier.get("zone")})
                for key, value in record.items():
                    if key in {"stances", "figures"}:
                        rows = [{"asserted_by": judge, **row} for row in value or []]
                        whole.setdefault(key, []).extend(rows)
                    elif key in {"participants", "citations"}:
                        whole.setdefault(key, []).extend(value or [])
                    else:
                        whole[key] = value
        for row in dossier.get("links") or []:
            casebook.links.append(read_link({"asserted_by": judge, **row}))
        for row in dossier.get("grades") or []:
            casebook.grades.append(read_grade({"graded_by": judge, **row}))
    for (table, _), record in merged.items():
        add_record(casebook, table, record)
    casebook.links = list({link_key(link): link for link in casebook.links}.values())
    return casebook


def link_key(link: Link) -> tuple[str, str, str, str]:
    """What makes a link one: its entries (in any order when symmetric), relation and judge."""
    return link.source, link.target, link.relation, link.asserted_by


def add_record(casebook: Casebook, table: str, record: dict[str, Any]) -> None:
    """Add one merged record to the casebook."""
    ref = record["ref"]
    if table == "actors":
        casebook.actors[ref] = Actor(ref, record["kind"], record.get("parent"))
    elif table == "documents":
        casebook.documents[ref] = Document(
            ref,
            record.get("url"),
            record["publisher"],
            record.get("canonical"),
            read_stretch(record, "published", "published_time", None),
            record.get("coverage"),
        )
    elif table == "topics":
        casebook.topics[ref] = Topic(ref, record.get("parent"), bool(record.get("exclusive")))
    elif table == "propositions":
        resolved = read_short(record.get("resolved_on"))[0]
        casebook.propositions[ref] = Proposition(
            ref, record["topic"], record.get("truth"), resolved.date if resolved else None
        )
    elif table == "measures":
        casebook.measures[ref] = Measure(
            ref, record["topic"], record.get("unit", ""), record["kind"]
        )
    else:
        add_entry(casebook, record)


def add_entry(casebook: Casebook, record: dict[str, Any]) -> None:
    """Add an entry with its stances and figures."""
    ref = record["ref"]
    date = read_stretch(record, "date", "time", record.get("zone"))
    casebook.entries[ref] = Entry(
        ref=ref,
        kind=record["kind"],
        actor=record["actor"],
        on_behalf_of=record.get("on_behalf_of"),
        summary=record.get("summary", ""),
        date=run_to_the_end(date, record.get("precision")),
        about=read_stretch(
            record, "about", "about_time", record.get("about_zone") or record.get("zone")
        ),
        participants=tuple(
            (each["role"], each["actor"]) for each in record.get("participants") or []
        ),
        citations=tuple(
            Citation(each["document"], each.get("role", "primary"))
            for each in record.get("citations") or []
        ),
    )
    stances = {
        (row["proposition"], row["asserted_by"]): Stance(
            ref,
            row["proposition"],
            row["asserted_by"],
            int(row["value"]),
            row.get("basis") or "explicit",
            row.get("hedge"),
            row.get("condition"),
            row.get("likelihood"),
            row.get("document"),
        )
        for row in record.get("stances") or []
    }
    figures = {
        (row["measure"], row["asserted_by"]): Figure(
            ref,
            row["measure"],
            row["asserted_by"],
            row.get("low"),
            row.get("high"),
            row.get("basis") or "explicit",
            row.get("hedge"),
            row.get("condition"),
            row.get("document"),
        )
        for row in record.get("figures") or []
    }
    casebook.stances.extend(stances.values())
    casebook.figures.extend(figures.values())


def read_link(row: dict[str, Any]) -> Link:
    """Read a link; the lower ref comes first where the relation is symmetric."""
    source, target = row["from"], row["to"]
    if row["relation"] in SYMMETRIC and target < source:
        source, target = target, source
    return Link(
        source,
        target,
        row["relation"],
        int(row.get("strength") or 2),
        row["asserted_by"],
        row.get("document"),
    )


def read_grade(row: dict[str, Any]) -> Grade:
    """Read a grade."""
    graded_on = read_short(row["graded_on"])[0]
    assert graded_on is not None
    return Grade(
        row["entry"],
        row["graded_by"],
        graded_on.date,
        row.get("reliability"),
        row.get("credibility"),
    )


def iso(end: End | None) -> str | None:
    """The date of an end as reports print it."""
    return None if end is None else end.date.isoformat()


def as_date(value: str | datetime.date) -> Date:
    """A day that an option names."""
    return value if isinstance(value, datetime.date) else Date.fromisoformat(value)
