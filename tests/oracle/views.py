"""What of a casebook a question looks at: filters, and what was known by a day.

Implements section 3.5 of the model, `--asserted-by` (3.2), superseded entries (section 2, kinds),
and the filters that section 1 of the interface names.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Iterable
from typing import Any

from oracle.facts import (
    Casebook,
    Entry,
    Figure,
    Grade,
    Link,
    Proposition,
    Stance,
    as_date,
)
from oracle.times import Stretch, end_before, read_short


@dataclasses.dataclass(frozen=True)
class Options:
    """The options of the reports; what is None or False is not asked for."""

    known_by: str | None = None
    asserted_by: str | None = None
    include_superseded: bool = False
    include_reconciled: bool = False
    # Filters on entries
    kind: str | Collection[str] | None = None
    actor: str | None = None
    principal: str | None = None
    source: str | None = None
    since: str | None = None
    until: str | None = None
    affirming: bool = False
    denying: bool = False
    # Filters on what is spoken of
    topic: str | None = None
    proposition: str | None = None
    measure: str | None = None
    min_strength: int | None = None
    # Filters on pairs
    cls: str | Collection[str] | None = None
    status: str | Collection[str] | None = None
    timing: str | None = None
    subject_kind: str | None = None
    counter_kind: str | None = None
    max_days: int | None = None
    min_days: int | None = None
    within_principal: str | None = None
    # Single reports
    as_of: str | None = None
    within: int | None = None
    anonymous: bool = False


NO_OPTIONS = Options()


@dataclasses.dataclass
class View:
    """The part of a casebook that a question looks at.

    `known` are the entries that were known by the day, `entries` those of them that reports show
    (without the superseded ones, unless asked for). Both by ref.
    """

    casebook: Casebook
    known: dict[str, Entry]
    entries: dict[str, Entry]
    stances: list[Stance]
    figures: list[Figure]
    links: list[Link]
    grades: list[Grade]
    resolved: list[Proposition]

    def stances_of(self, entry: Entry) -> list[Stance]:
        """Every judge's stances of an entry."""
        return [stance for stance in self.stances if stance.entry == entry.ref]

    def figures_of(self, entry: Entry) -> list[Figure]:
        """Every judge's figures of an entry."""
        return [figure for figure in self.figures if figure.entry == entry.ref]

    def links_of(self, relation: str) -> list[Link]:
        """The links of one relation."""
        return [link for link in self.links if link.relation == relation]

    def links_on(self, relation: str, one: Entry, other: Entry) -> list[Link]:
        """The links of a symmetric relation between two entries."""
        pair = {one.ref, other.ref}
        return [link for link in self.links_of(relation) if {link.source, link.target} == pair]

    def propositions_of(self, entry: Entry) -> list[str]:
        """What an entry takes a stance on, by ref."""
        return sorted({stance.proposition for stance in self.stances_of(entry)})


def view_of(casebook: Casebook, options: Options = NO_OPTIONS) -> View:
    """Keep what was known by a day and what one judge asserted, and drop what was superseded.

    Section 3.5: `known_by` keeps entries that a `primary` or `relay` document of that day or
    before shows and whose own `date_from` is null or not later; stances, figures and links with a
    document of their own when that was published, the others with their entries; grades and
    resolutions that are not later. Decision: what was published later shows nothing yet.
    Section 3.2: `asserted_by` drops other judges' stances, figures and links that contradict,
    reconcile or corroborate. Decision: it names one judge, not those below it.
    Section 2: an entry that another supersedes leaves; the link counts as soon as it is known,
    whoever asserts it. Decision: a superseded entry still passes on what it repeats (section 4).
    """
    known = dict(sorted(casebook.entries.items()))
    if options.known_by is not None:
        day = as_date(options.known_by)
        known = {
            ref: as_cited(casebook, entry, day)
            for ref, entry in known.items()
            if known_by(casebook, entry, options)
        }
        grades = [grade for grade in casebook.grades if grade.graded_on <= day]
    else:
        grades = list(casebook.grades)
    links = [
        link
        for link in casebook.links
        if link.source in known and link.target in known and counts(casebook, link, options)
    ]
    if options.asserted_by is not None:
        links = [
            link
            for link in links
            if link.relation not in {"contradicts", "reconciles", "corroborates"}
            or link.asserted_by == options.asserted_by
        ]
    superseded = {link.target for link in links if link.relation == "supersedes"}
    entries = {
        ref: entry
        for ref, entry in known.items()
        if options.include_superseded or ref not in superseded
    }
    return View(
        casebook=casebook,
        known=known,
        entries=entries,
        stances=[
            stance
            for stance in casebook.stances
            if stance.entry in entries and counts(casebook, stance, options, judged=True)
        ],
        figures=[
            figure
            for figure in casebook.figures
            if figure.entry in entries and counts(casebook, figure, options, judged=True)
        ],
        links=links,
        grades=[grade for grade in grades if grade.entry in entries],
        resolved=[
            each
            for _, each in sorted(casebook.propositions.items())
            if each.resolved_on is not None
            and (options.known_by is None or each.resolved_on <= as_date(options.known_by))
        ],
    )


def as_cited(casebook: Casebook, entry: Entry, day: datetime.date) -> Entry:
    """An entry with those of its citations that were published by a day."""
    cited = tuple(each for each in entry.citations if casebook.published_by(each.document, day))
    return dataclasses.replace(entry, citations=cited)


def known_by(casebook: Casebook, entry: Entry, options: Options) -> bool:
    """Section 3.5, for an entry."""
    assert options.known_by is not None
    day = as_date(options.known_by)
    if entry.date.first is not None and entry.date.first.date > day:
        return False
    return any(
        citation.role in {"primary", "relay"} and casebook.published_by(citation.document, day)
        for citation in entry.citations
    )


def counts(
    casebook: Casebook,
    row: Stance | Figure | Link,
    options: Options,
    *,
    judged: bool = False,
) -> bool:
    """Section 3.5, for a row with a document of its own, and `--asserted-by`."""
    if judged and options.asserted_by not in {None, row.asserted_by}:
        return False
    if options.known_by is None or row.document is None:
        return True
    return casebook.published_by(row.document, as_date(options.known_by))


# ── Filters ─────────────────────────────────────────────────────────────────────────────────────


def one_of(asked: str | Collection[str] | None, value: str | None) -> bool:
    """A filter that names one value or several."""
    if asked is None:
        return True
    return value == asked if isinstance(asked, str) else value in asked


def about_it(casebook: Casebook, propositions: Iterable[str], options: Options) -> bool:
    """Some proposition is the one asked for and lies in the topic asked for or below it."""
    return any(
        options.proposition in {None, proposition}
        and (
            options.topic is None
            or casebook.propositions[proposition].topic in casebook.topics_below(options.topic)
        )
        for proposition in propositions
    )


def measures_it(casebook: Casebook, measures: Iterable[str], options: Options) -> bool:
    """Some measure is the one asked for and lies in the topic asked for or below it."""
    return any(
        options.measure in {None, measure}
        and (
            options.topic is None
            or casebook.measures[measure].topic in casebook.topics_below(options.topic)
        )
        for measure in measures
    )


def entry_asked_for(view: View, entry: Entry, options: Options) -> bool:
    """The filters on an entry itself: kind, actor, principal, source, dates, affirming, denying.

    An actor takes in everyone below it (decision: who acts on its behalf too), and so does a
    principal; a source is a document, or all of a publisher's (decision: one that shows the entry,
    not one in support).
    Decision: since and until keep entries whose date bounds may overlap the stretch, as
    windows do (an unknown end may be anywhere, an undated entry matches nothing). Affirming and
    denying ask for a stance of that sign on what the topic and proposition filters name; both ask
    for either.
    """
    casebook = view.casebook
    if not one_of(options.kind, entry.kind):
        return False
    if options.actor is not None and not (
        is_below(casebook, entry.actor, options.actor)
        or is_below(casebook, entry.agent, options.actor)
    ):
        return False
    if not on_behalf_of(casebook, entry, options.principal):
        return False
    if options.source is not None and not cites(casebook, entry, options.source):
        return False
    if options.since is not None or options.until is not None:
        asked = Stretch(read_short(options.since)[0], read_short(options.until)[1])
        if entry.date.empty or end_before(entry.date.last, asked.first):
            return False
        if end_before(asked.last, entry.date.first):
            return False
    if not options.affirming and not options.denying:
        return True
    signed = [
        each.proposition
        for each in view.stances_of(entry)
        if (options.affirming and each.value > 0) or (options.denying and each.value < 0)
    ]
    return about_it(casebook, signed, options)


def is_below(casebook: Casebook, actor: str, above: str) -> bool:
    """An actor is another one, or below it."""
    return above in {actor, *casebook.ancestors(actor)}


def on_behalf_of(casebook: Casebook, entry: Entry, principal: str | None) -> bool:
    """The agent of an entry is the one asked for, or below it; or nobody is asked for."""
    return principal is None or is_below(casebook, entry.agent, principal)


def cites(casebook: Casebook, entry: Entry, source: str) -> bool:
    """Some `primary` or `relay` document of an entry is this one, or one of this publisher.

    Decisions: under another address a document is the same one; it may have been published after
    the day by which the entry was known.
    """
    named = {
        casebook.canonical(ref).ref
        for ref, document in casebook.documents.items()
        if source == ref or is_below(casebook, document.publisher, source)
    }
    shows = casebook.documents_of(casebook.entries[entry.ref], "primary", "relay")
    return any(document.ref in named for document in shows)


def listed(view: View, entry: Entry, options: Options) -> bool:
    """All filters on an entry of a report of entries, with what it speaks of and how strongly."""
    if not entry_asked_for(view, entry, options):
        return False
    stances = [
        stance
        for stance in view.stances_of(entry)
        if abs(stance.value) >= (options.min_strength or 0)
    ]
    if options.min_strength is not None and not stances:
        return False
    if options.topic is None and options.proposition is None and options.measure is None:
        return True
    if options.measure is None and about_it(
        view.casebook, [stance.proposition for stance in stances], options
    ):
        return True
    if options.proposition is not None:
        return False
    return measures_it(
        view.casebook, [figure.measure for figure in view.figures_of(entry)], options
    )


def read_options(options: dict[str, Any]) -> Options:
    """Options by name; `class` is a word of Python, so its field is `cls`."""
    return Options(**{"cls" if name == "class" else name: each for name, each in options.items()})
