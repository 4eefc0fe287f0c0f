"""Which entries oppose each other, and what that is called.

Implements sections 3.2 (subject and counter), 3.3 and 3.4 of the model.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable
from typing import Any

from oracle.facts import KINDS, Casebook, Entry
from oracle.grounds import Ground, grounds_between
from oracle.times import place, surely_before
from oracle.views import NO_OPTIONS, Options, View

WORDS_OF_BELIEF = ("claim", "statement", "assessment")


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two entries that oppose each other, or that a `reconciles` link alone joins (no class)."""

    subject: Entry
    counter: Entry
    grounds: tuple[Ground, ...]
    cls: str | None
    timing: str | None
    status: str
    reconciled_by: tuple[str, ...]

    @property
    def best(self) -> Ground | None:
        """Section 3.2: strength first, then explicit; a link decides only when it is alone."""
        derived = [ground for ground in self.grounds if ground.via != "link"]
        return max(
            derived or self.grounds, key=lambda each: (each.strength, each.explicit), default=None
        )

    @property
    def strength(self) -> int | None:
        """That of its best ground."""
        return None if self.best is None else self.best.strength

    @property
    def basis(self) -> str | None:
        """That of its best ground; a link has none."""
        if self.best is None or self.best.via == "link":
            return None
        return "explicit" if self.best.explicit else "inferred"

    @property
    def entries(self) -> tuple[Entry, Entry]:
        """Subject and counter."""
        return self.subject, self.counter

    def other(self, entry: Entry) -> Entry:
        """The one that an entry is opposed by."""
        return self.counter if entry == self.subject else self.subject


# ── Subject and counter (3.2) ───────────────────────────────────────────────────────────────────


def in_order(one: Entry, other: Entry) -> tuple[Entry, Entry]:
    """Section 3.2: which of two entries is shown as subject.

    The kind that comes first in commitment, claim, statement, assessment, action, window; else
    the earlier: by instant where both have one, else by `date_from`, or `date_to` where that is
    null, undated last; else the lower ref.
    """

    def key(entry: Entry, *, by_instant: bool) -> tuple[Any, ...]:
        end = entry.date.first or entry.date.last
        moment: Any = None
        if end is not None:
            moment = instant_of(entry) if by_instant else end.date
        return (KINDS.index(entry.kind), moment is None, moment or 0, entry.ref)

    both = instant_of(one) is not None and instant_of(other) is not None
    pair = sorted((one, other), key=lambda entry: key(entry, by_instant=both))
    return pair[0], pair[1]


def instant_of(entry: Entry) -> Any:
    """The earliest instant of an entry, else its latest, else None."""
    for end in (entry.date.first, entry.date.last):
        if end is not None and end.instant is not None:
            return end.instant
    return None


# ── Class and timing (3.3) ──────────────────────────────────────────────────────────────────────


def own_deed(casebook: Casebook, action: Entry, entry: Entry) -> bool:
    """Section 3.3: a deed is own to an entry.

    A principal of the action's agent or co-actors is the principal of the entry's agent, of one
    of its co-actors, or of one of its `subject` participants.
    """
    doers = {action.agent, *action.co_actors}
    spoken_of = {actor for role, actor in entry.participants if role == "subject"}
    others = {entry.agent, *entry.co_actors, *spoken_of}
    return bool(
        {casebook.principal_of(actor) for actor in doers}
        & {casebook.principal_of(actor) for actor in others}
    )


def could_break(casebook: Casebook, one: Entry, other: Entry) -> bool:
    """Section 3.3, breach, but for the grounds.

    A commitment and an action that share a voice; the action neither surely before it nor outside
    its period.
    """
    return (
        one.kind == "commitment"
        and other.kind == "action"
        and casebook.share_a_voice(one, other)
        and not surely_before(other.date, one.date)
        and (one.period.empty or place(other.span, one.period) != "outside")
    )


def is_breach(casebook: Casebook, one: Entry, other: Entry, grounds: Iterable[Ground]) -> bool:
    """Section 3.3: the class breach, with at least one unconditional ground."""
    return could_break(casebook, one, other) and any(not each.conditional for each in grounds)


def timing_of(one: Entry, other: Entry, grounds: Iterable[Ground], *, breach: bool) -> str | None:
    """Section 3.3: is it sure that the deed lies where it has to?

    Given only where an action meets an entry that has a period, and for a breach; where only a
    link supports the pair, for a breach alone. Possible when the action's span is only possibly
    inside the period, or the action of a breach is not surely after the commitment; else certain.
    """
    if not breach and all(ground.via == "link" for ground in grounds):
        return None
    reasons = []
    for first, second in ((one, other), (other, one)):
        if second.kind == "action" and not first.period.empty:
            reasons.append(place(second.span, first.period) == "possibly")
        if breach and first.kind == "commitment":
            reasons.append(not surely_before(first.date, second.date))
    if not reasons:
        return None
    return "possible" if any(reasons) else "certain"


def class_of(view: View, pair: Pair) -> str:
    """Section 3.3: the first class that matches; `pair` has its timing and, of a breach, class."""
    casebook = view.casebook
    subject, counter = pair.entries
    kinds = (subject.kind, counter.kind)
    if is_breach(casebook, subject, counter, pair.grounds):
        return "breach"
    if kinds == ("claim", "claim"):
        return "source_conflict"
    if subject.kind in WORDS_OF_BELIEF and counter.kind == "action":
        if not own_deed(casebook, counter, subject):
            return "countered_by_action"
        belied = pair.strength == 2 and pair.basis == "explicit"
        in_time = pair.timing == "certain" or (
            pair.timing is None and surely_before(subject.date, counter.date)
        )
        return "belied_by_action" if belied and in_time else "at_odds_with_action"
    if "assessment" in kinds:
        return "assessed_against"
    if denies(view, subject, counter) or denies(view, counter, subject):
        return "denial"
    if set(kinds) == {"claim", "statement"}:
        return "at_odds_with_record"
    shared = casebook.share_a_voice(subject, counter)
    ordered = surely_before(subject.date, counter.date) or surely_before(counter.date, subject.date)
    not_by_figures = any(ground.via != "figure" for ground in pair.grounds)
    if kinds == ("statement", "statement") and shared and ordered and not_by_figures:
        return "reversal"
    one_line = shared or casebook.principal(subject) == casebook.principal(counter)
    if kinds in {("statement", "statement"), ("commitment", "action")} and one_line:
        return "inconsistent_line"
    return "dispute"


def denies(view: View, reply: Entry, entry: Entry) -> bool:
    """Section 3.3: a statement that responds to the other and is a denial of it, if they oppose.

    It shares no voice with the other and is not surely before it.
    """
    return reply.kind == "statement" and replies(view, reply, entry)


def replies(view: View, reply: Entry, entry: Entry) -> bool:
    """A `responds_to` reply, of any judge, by somebody else and not surely before the entry."""
    return (
        any(
            link.source == reply.ref and link.target == entry.ref
            for link in view.links_of("responds_to")
        )
        and not view.casebook.share_a_voice(reply, entry)
        and not surely_before(reply.date, entry.date)
    )


# ── Status (3.4) ────────────────────────────────────────────────────────────────────────────────


def status_of(view: View, one: Entry, other: Entry, grounds: tuple[Ground, ...]) -> str:
    """Section 3.4: the first status that matches."""
    links = view.links_on("reconciles", one, other)
    sure = {link.asserted_by for link in links if link.strength == 2}
    judges = frozenset[str]().union(*(ground.judges for ground in grounds))
    if judges <= sure:
        return "reconciled"
    if links:
        return "disputed"
    kinds = {ground.via for ground in grounds}
    if kinds == {"link"}:
        return "linked"
    return "confirmed" if "link" in kinds else "derived"


# ── Pairs ───────────────────────────────────────────────────────────────────────────────────────


def pairs_of(view: View) -> list[Pair]:
    """Every pair of entries that oppose each other, also reconciled ones, by refs."""
    found = []
    for one, other in itertools.combinations(view.entries.values(), 2):
        grounds = grounds_between(view, one, other)
        if not grounds:
            continue
        subject, counter = in_order(one, other)
        breach = is_breach(view.casebook, subject, counter, grounds)
        pair = Pair(
            subject,
            counter,
            grounds,
            None,
            timing_of(subject, counter, grounds, breach=breach),
            status_of(view, one, other, grounds),
            reconcilers(view, one, other),
        )
        found.append(dataclasses.replace(pair, cls=class_of(view, pair)))
    return sorted(found, key=lambda pair: (pair.subject.ref, pair.counter.ref))


def reconcilers(view: View, one: Entry, other: Entry) -> tuple[str, ...]:
    """Section 3.4: who reconciles a pair, at either strength."""
    return tuple(sorted({link.asserted_by for link in view.links_on("reconciles", one, other)}))


def reconciled_without_grounds(view: View) -> list[Pair]:
    """Section 3.4: `reconciles` links between entries that do not oppose each other."""
    found = {}
    for link in view.links_of("reconciles"):
        if link.source not in view.entries or link.target not in view.entries:
            continue
        one, other = view.entries[link.source], view.entries[link.target]
        if not grounds_between(view, one, other):
            subject, counter = in_order(one, other)
            found[subject.ref, counter.ref] = Pair(
                subject, counter, (), None, None, "reconciled", reconcilers(view, one, other)
            )
    return list(found.values())


def standing_pairs(view: View, options: Options = NO_OPTIONS) -> list[Pair]:
    """Section 3.4: the pairs that reports count: all but reconciled ones, unless asked for."""
    return [
        pair for pair in pairs_of(view) if options.include_reconciled or pair.status != "reconciled"
    ]
