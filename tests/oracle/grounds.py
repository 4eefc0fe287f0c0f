"""On what grounds two entries oppose each other, and when two agree.

Implements sections 3.2 and 3.6 of the model.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable

from oracle.facts import Entry, Figure, Stance
from oracle.times import NOTHING, Stretch, disjoint, place, surely_before, within
from oracle.views import View


@dataclasses.dataclass(frozen=True)
class Ground:
    """One reason why two entries oppose each other; `rows` are its two stances or figures."""

    via: str
    strength: int
    explicit: bool
    rows: tuple[Stance | Figure, ...] = ()
    judges: frozenset[str] = frozenset()

    @property
    def conditional(self) -> bool:
        """Section 3.3: either of its two stances or figures has a condition; a link has none."""
        return any(row.condition for row in self.rows)

    @property
    def propositions(self) -> set[str]:
        """What its stances are on."""
        return {row.proposition for row in self.rows if isinstance(row, Stance)}

    @property
    def measures(self) -> set[str]:
        """What its figures are on."""
        return {row.measure for row in self.rows if isinstance(row, Figure)}


# ── Grounds (3.2) ───────────────────────────────────────────────────────────────────────────────


def grounds_between(view: View, one: Entry, other: Entry) -> tuple[Ground, ...]:
    """Section 3.2: every ground on which two different entries oppose each other.

    Grounds of stances and figures fall away where time keeps the two entries apart; links stay.
    """
    found: list[Ground] = []
    if not kept_apart(one, other):
        found += stance_grounds(view, one, other)
        found += figure_grounds(view, one, other)
    found += [
        Ground("link", link.strength, False, (), frozenset({link.asserted_by}))
        for link in view.links_on("contradicts", one, other)
    ]
    return tuple(found)


def kept_apart(one: Entry, other: Entry) -> bool:
    """Section 3.2: time keeps two entries apart.

    Both have a period and these are disjoint; or one is an action, the other has a period, and
    the action's span is outside it; or one is a commitment and the other an action that is surely
    before it.
    """
    if not one.period.empty and not other.period.empty and disjoint(one.period, other.period):
        return True
    return any(
        second.kind == "action"
        and (
            (not first.period.empty and place(second.span, first.period) == "outside")
            or (first.kind == "commitment" and surely_before(second.date, first.date))
        )
        for first, second in ((one, other), (other, one))
    )


def stance_grounds(view: View, one: Entry, other: Entry) -> Iterable[Ground]:
    """Grounds 1 and 2: opposite signs on one proposition; two exclusive propositions affirmed."""
    casebook = view.casebook
    for mine, theirs in itertools.product(view.stances_of(one), view.stances_of(other)):
        via = None
        topic = casebook.propositions[mine.proposition].topic
        if mine.proposition == theirs.proposition:
            if mine.value * theirs.value < 0:
                via = "proposition"
        elif (
            casebook.topics[topic].exclusive
            and casebook.propositions[theirs.proposition].topic == topic
            and mine.value > 0
            and theirs.value > 0
            and not (affirmed_under(view, one, topic) & affirmed_under(view, other, topic))
        ):
            via = "exclusive_topic"
        if via is not None:
            yield Ground(
                via,
                min(abs(mine.value), abs(theirs.value)),
                mine.basis == theirs.basis == "explicit",
                (mine, theirs),
                frozenset({mine.asserted_by, theirs.asserted_by}),
            )


def affirmed_under(view: View, entry: Entry, topic: str) -> set[str]:
    """The propositions directly under a topic that an entry affirms, by any judge."""
    return {
        stance.proposition
        for stance in view.stances_of(entry)
        if stance.value > 0 and view.casebook.propositions[stance.proposition].topic == topic
    }


def figure_grounds(view: View, one: Entry, other: Entry) -> Iterable[Ground]:
    """Ground 3: two figures of one measure that cannot both be right.

    Strength 2, or 1 when either is inferred or hedged.
    """
    for mine, theirs in itertools.product(view.figures_of(one), view.figures_of(other)):
        if mine.measure != theirs.measure:
            continue
        kind = view.casebook.measures[mine.measure].kind
        if cannot_both_be_right(kind, (one, mine), (other, theirs)):
            explicit = mine.basis == theirs.basis == "explicit"
            sure = explicit and not mine.hedge and not theirs.hedge
            judges = frozenset({mine.asserted_by, theirs.asserted_by})
            yield Ground("figure", 2 if sure else 1, explicit, (mine, theirs), judges)


def figure_period(entry: Entry, kind: str) -> Stretch:
    """Section 3.2: the period of a figure is its entry's `about`.

    Without one, of a level the day of an entry of a single day. Decisions: the `about` of a
    commitment is taken as it is, without the start that 3.1 supplies; the day is the day, whatever
    the time of it.
    """
    if not entry.about.empty:
        return entry.about
    if kind == "level" and entry.date.first is not None and entry.date.last is not None:
        first, last = entry.date.first.date, entry.date.last.date
        if first == last:
            return Stretch(
                dataclasses.replace(entry.date.first, instant=None),
                dataclasses.replace(entry.date.last, instant=None),
            )
    return NOTHING


def cannot_both_be_right(kind: str, one: tuple[Entry, Figure], other: tuple[Entry, Figure]) -> bool:
    """Section 3.2, ground 3.

    Level: one period lies within the other, and the ranges are disjoint. Count: the periods are
    the same and the ranges disjoint, or one lies within the other and its low number is above the
    other's high number. The date bounds of an action serve only as what lies within.
    """
    for (inner, small), (outer, great) in ((one, other), (other, one)):
        container = figure_period(outer, kind)
        own = figure_period(inner, kind)
        contained = own
        if own.empty and inner.kind == "action" and not inner.date.empty:
            contained = inner.date
        if container.empty or contained.empty:
            continue
        if kind == "count" and own == container and ranges_disjoint(small, great):
            return True
        if not within(contained, container):
            continue
        if kind == "level" and ranges_disjoint(small, great):
            return True
        if kind == "count" and above(small, great):
            return True
    return False


def above(one: Figure, other: Figure) -> bool:
    """The low number of the one is above the high number of the other."""
    return one.low is not None and other.high is not None and one.low > other.high


def ranges_disjoint(one: Figure, other: Figure) -> bool:
    """No number lies in both ranges; an open end reaches everywhere."""
    return above(one, other) or above(other, one)


# ── Agreement (3.6) ─────────────────────────────────────────────────────────────────────────────


def agree(view: View, one: Entry, other: Entry) -> bool:
    """Section 3.6: they take the same side on a proposition and time does not keep them apart.

    Or a `corroborates` link joins them.
    """
    if view.links_on("corroborates", one, other):
        return True
    return not kept_apart(one, other) and any(
        mine.proposition == theirs.proposition and mine.value * theirs.value > 0
        for mine, theirs in itertools.product(view.stances_of(one), view.stances_of(other))
    )
