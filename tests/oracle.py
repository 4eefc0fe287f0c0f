"""Contradictions of a small casebook worked out naively from the model, to compare reports with.

It reads whole tables and compares every entry with every other: short and slow on purpose. It
shares no code with the reports.
"""

from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimtrack.models import Citation, Entry, Link, Stance

ORDER = ["commitment", "claim", "statement", "assessment", "action", "window"]
FIRST, LAST = date.min, date.max


class Ground(NamedTuple):
    """One pair of stances, or one link."""

    via: str
    strength: int
    explicit: bool
    propositions: frozenset[str]
    conditions: frozenset[str]
    judges: frozenset[str]


def contradictions(
    session: Session,
    *,
    known_by: date | None = None,
    judges: tuple[str, ...] = (),
    superseded: bool = False,
    reconciled: bool = False,
) -> list[dict[str, Any]]:
    """Return what the report says of each pair, in its order."""

    def counts(row: Stance | Link) -> bool:
        if judges and row.asserted_by.ref not in judges and not is_fact(row):
            return False
        return not known_by or row.document is None or published(row.document, known_by)

    def known(entry: Entry) -> bool:
        if not known_by:
            return True
        shown = [c for c in citations if c.entry is entry and c.role != "support"]
        by_then = any(published(c.document, known_by) for c in shown)
        return by_then and (entry.date_from is None or entry.date_from <= known_by)

    citations = session.scalars(select(Citation)).all()
    links = [link for link in session.scalars(select(Link)) if counts(link)]
    stances = [stance for stance in session.scalars(select(Stance)) if counts(stance)]
    entries = [entry for entry in session.scalars(select(Entry)) if known(entry)]
    better = {
        link.to
        for link in links
        if link.relation == "supersedes" and (link.from_ in entries or link.document)
    }
    entries = [entry for entry in entries if superseded or entry not in better]
    rows = []
    for pair in combinations(entries, 2):
        subject, counter = sorted(pair, key=rank)
        both = [link for link in links if {link.from_, link.to} == set(pair)]
        grounds = [*by_stance(subject, counter, stances), *by_link(both)]
        if not grounds or disjoint(subject, counter) or disjoint(counter, subject):
            continue
        row = told(subject, counter, grounds, both)
        if reconciled or row["status"] != "reconciled":
            rows.append(row)
    return sorted(rows, key=lambda row: (row["subject_ref"], row["counter_ref"]))


def published(document: Any, day: date) -> bool:
    """Whether a document, or its canonical one, was out by a day."""
    either = [document, *([document.canonical] if document.canonical else [])]
    days = [found.published_to or found.published_from for found in either]
    return any(found and found <= day for found in days)


def rank(entry: Entry) -> tuple[int, bool, date, str]:
    """What makes one of two entries the subject."""
    day = entry.date_from or entry.date_to
    return ORDER.index(entry.kind), day is None, day or LAST, entry.ref


def is_fact(row: Stance | Link) -> bool:
    """Whether a link holds whichever judges are asked for."""
    return isinstance(row, Link) and row.relation in ("repeats", "supersedes")


def by_stance(first: Entry, second: Entry, stances: list[Stance]) -> list[Ground]:
    """The pairs of stances by which two entries oppose each other."""
    found = []
    for one in (stance for stance in stances if stance.entry is first):
        for other in (stance for stance in stances if stance.entry is second):
            p, q = one.proposition, other.proposition
            opposite = p is q and one.value * other.value < 0
            rivals = p is not q and p.topic is q.topic and p.topic.exclusive
            if opposite or (rivals and one.value > 0 and other.value > 0):
                found.append(
                    Ground(
                        "proposition" if opposite else "exclusive_topic",
                        min(abs(one.value), abs(other.value)),
                        "inferred" not in (one.basis, other.basis),
                        frozenset({p.ref, q.ref}),
                        frozenset(words for words in (one.condition, other.condition) if words),
                        frozenset({one.asserted_by.ref, other.asserted_by.ref}),
                    )
                )
    return found


def by_link(both: list[Link]) -> list[Ground]:
    """The links by which they do."""
    nothing: frozenset[str] = frozenset()
    return [
        Ground("link", n.strength, False, nothing, nothing, frozenset({n.asserted_by.ref}))
        for n in both
        if n.relation == "contradicts"
    ]


def disjoint(one: Entry, other: Entry) -> bool:
    """Whether the first speaks of a period that ends before that of the second begins."""
    ends = period(one, other)
    begins = period(other, one)
    given = any(ends) and any(begins)
    return bool(given and ends[1] and begins[0] and ends[1] < begins[0])


def period(entry: Entry, other: Entry) -> tuple[date | None, date | None]:
    """What an entry speaks of; against a commitment an action speaks of its own days."""
    if entry.kind == "action" and other.kind == "commitment":
        return entry.date_from, entry.date_to
    return entry.about_from, entry.about_to


def told(subject: Entry, counter: Entry, grounds: list[Ground], both: list[Link]) -> dict[str, Any]:
    """What the report says of a pair."""
    derived = [ground for ground in grounds if ground.via != "link"]
    best = max(derived or grounds, key=lambda ground: (ground.strength, ground.explicit))
    relations = {link.relation for link in both}
    linked = "confirmed" if derived else "linked"
    status = linked if "contradicts" in relations else "derived"
    return {
        "subject_ref": subject.ref,
        "counter_ref": counter.ref,
        "klass": klass(subject, counter, grounds, both),
        "status": "reconciled" if "reconciles" in relations else status,
        "strength": best.strength,
        "basis": ("explicit" if best.explicit else "inferred") if derived else None,
        "via": {ground.via for ground in grounds},
        "propositions": sorted(set().union(*(ground.propositions for ground in grounds))),
        "conditions": sorted(set().union(*(ground.conditions for ground in grounds))),
        "asserted_by": sorted(set().union(*(ground.judges for ground in grounds))),
        "days": days(subject, counter),
    }


def klass(subject: Entry, counter: Entry, grounds: list[Ground], both: list[Link]) -> str:
    """What a pair is called."""
    kinds = (str(subject.kind), str(counter.kind))
    same = principal(subject) == principal(counter)
    if kinds == ("commitment", "action") and same and subject.date_from:
        in_time = (counter.date_to or LAST) >= subject.date_from
        if in_time and any(not ground.conditions for ground in grounds):
            return "breach"
    if kinds == ("claim", "claim"):
        return "source_conflict"
    if "action" in kinds and {"claim", "statement", "assessment"} & set(kinds):
        return "belied_by_action"
    if "assessment" in kinds:
        return "assessed_against"
    replies = [link.from_ for link in both if link.relation == "responds_to"]
    if any(reply.kind == "statement" for reply in replies):
        return "denial"
    if kinds == ("claim", "statement"):
        return "at_odds_with_record"
    if kinds == ("statement", "statement") and same and days(subject, counter):
        return "reversal"
    return "dispute"


def principal(entry: Entry) -> str:
    """The root above the one for whom an entry was made."""
    actor = entry.on_behalf_of or entry.actor
    while actor.parent:
        actor = actor.parent
    return actor.ref


def days(subject: Entry, counter: Entry) -> int | None:
    """The signed gap between two entries, 0 when they overlap."""
    if not (subject.date_from or subject.date_to) or not (counter.date_from or counter.date_to):
        return None
    if (subject.date_to or LAST) < (counter.date_from or FIRST):
        return ((counter.date_from or FIRST) - (subject.date_to or LAST)).days
    if (counter.date_to or LAST) < (subject.date_from or FIRST):
        return ((counter.date_to or LAST) - (subject.date_from or FIRST)).days
    return 0
