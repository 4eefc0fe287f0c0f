"""The sentences that explain the class of a pair, or why two entries do not oppose each other."""

from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import select

from claimtrack import dates
from claimtrack.db import Session
from claimtrack.facts import EntryFacts, FigureFacts, PairLinks, Span
from claimtrack.models import Topic
from claimtrack.number_ranges import format_range
from claimtrack.query.display_values import DisplayValues
from claimtrack.reports.wording import ORDER_NOT_KNOWN, OUTSIDE_PERIOD
from claimtrack.weigh.attribution import get_shared_principals, get_shared_voices
from claimtrack.weigh.chronology import get_period, is_surely_before
from claimtrack.weigh.classification import Pair
from claimtrack.weigh.criteria import (
    Criterion,
    Doubt,
    TimeRelation,
    compare_times,
    get_agreed_exclusive_topics,
    get_unopposed_stances,
    list_criteria,
    list_doubts,
)
from claimtrack.weigh.figures import get_figure_period
from claimtrack.weigh.opposition import (
    TimeExclusion,
    find_time_exclusion,
    list_figure_grounds,
    list_stance_grounds,
)

_DOUBTS = {Doubt.ORDER: ORDER_NOT_KNOWN, Doubt.PERIOD: OUTSIDE_PERIOD}
_RELATIONS = {
    TimeRelation.INSIDE: "surely inside",
    TimeRelation.POSSIBLY_INSIDE: "possibly inside",
    TimeRelation.OUTSIDE: "outside",
}


class CriteriaSentences:
    """Writes the criteria of a pair as sentences; protected actors appear under a pseudonym."""

    def __init__(self, session: Session, shown: DisplayValues) -> None:
        self._session, self._shown = session, shown
        self._pseudonyms: Collection[str] = session.state.mask.pseudonyms

    def actors(self, keys: Iterable[int]) -> str:
        """Return the refs of actors, in order."""
        return ", ".join(sorted(self._shown.actors[key] for key in keys))

    def of_class(self, pair: Pair) -> Iterator[str]:
        """Yield a sentence for each criterion that decided the class of a pair."""
        return (self._met(one, pair) for one in list_criteria(pair))

    def _met(self, criterion: Criterion, pair: Pair) -> str:
        """Return the sentence on one criterion of a pair."""
        subject, counter = pair.subject, pair.counter
        match criterion:
            case Criterion.VOICE:
                return self._of_voices(subject, counter)
            case Criterion.OWN_DEED:
                return self._of_owners(counter, subject)
            case Criterion.PRINCIPAL:
                return self._of_principals(subject, counter)
            case Criterion.REPLY:
                return _describe_replies(subject, counter, pair.links)
            case Criterion.ORDER:
                return _describe_order(subject, counter)
            case Criterion.PERIOD:
                return self.of_times(subject, counter)
            case Criterion.CONDITION:
                return _describe_conditions(pair)
            case Criterion.FIGURES:
                return "only their figures differ, and another number is no other position"
            case Criterion.STRENGTH:
                return _describe_strength(pair)

    def _of_voices(self, subject: EntryFacts, counter: EntryFacts) -> str:
        """Return the sentence on the voices that two entries share."""
        shared = get_shared_voices(subject, counter)
        both = f"{subject.ref} and {counter.ref} share"
        if not shared:
            return f"{both} no voice"
        # What a protected source belongs to, up to its principal, must not be revealed.
        secret = {self._shown.actors[key] for key in subject.voices | counter.voices}
        if not secret.isdisjoint(self._pseudonyms):
            return f"{both} a voice"
        return f"{both} the voice of {self.actors(shared)}"

    def _of_owners(self, deed: EntryFacts, entry: EntryFacts) -> str:
        """Return the sentence on how a deed's principal is concerned by an entry."""
        own = get_shared_principals(deed, entry)
        if not own:
            owners = self.actors(deed.principals)
            clause = f"who neither speaks in {entry.ref} nor is spoken of"
            return f"{deed.ref} is of the principal {owners}, {clause}"
        if speaking := own & entry.principals:
            return f"{deed.ref} and {entry.ref} are both of the principal {self.actors(speaking)}"
        spoken_of = self.actors(own)
        return f"{deed.ref} is of the principal {spoken_of}, of whom {entry.ref} speaks"

    def _of_principals(self, subject: EntryFacts, counter: EntryFacts) -> str:
        mine, theirs = (self.actors([one.principal]) for one in (subject, counter))
        if mine == theirs:
            return f"the principal of both is {mine}"
        return f"the principal of {subject.ref} is {mine}, that of {counter.ref} is {theirs}"

    def of_times(self, subject: EntryFacts, counter: EntryFacts) -> str:
        """Return a sentence on how the times of two entries relate (`criteria.compare_times`)."""
        times = compare_times(subject, counter)
        if times is None:
            return "not compared: " + _without_period(subject, counter)
        span, period = _span(times.span), _span(times.period)
        if times.relation in _RELATIONS:
            sentence = f"{times.one.ref} ({span}) lies {_RELATIONS[times.relation]}"
            return f"{sentence} the period of {times.other.ref} ({period})"
        common = "some" if times.relation is TimeRelation.OVERLAP else "no"
        both = f"{times.one.ref} speaks of {span}, {times.other.ref} of {period}"
        return f"{both}: {common} time in common"

    def of_doubts(self, pair: Pair) -> Iterator[str]:
        """Yield a sentence for each reason why the timing of a pair is only possible."""
        return (_DOUBTS[doubt] for doubt in list_doubts(pair))

    # --- why two entries do not oppose each other -------------------------------------------------

    def of_no_opposition(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[str]:
        """Yield sentences on why two entries do not oppose each other."""
        found = list(self.of_falling_away(subject, counter))
        if not found:
            found += self._of_shared(subject, counter)
            found += self._of_settled(subject, counter)
            found += self._of_figures(subject, counter)
        yield from found or ["they share no proposition and no measure"]
        yield "no judge whose links count finds that they contradict each other"

    def of_falling_away(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[str]:
        """Yield a sentence on why stances and figures are no ground; nothing if they are one."""
        exclusion = find_time_exclusion(subject, counter)
        if exclusion is None:
            return
        stances = list_stance_grounds(subject, counter)
        names = self._propositions(
            {one.proposition for pair in stances for one in (pair.one, pair.other)}
        )
        names += self._measures(
            {pair.one.measure for pair in list_figure_grounds(subject, counter)}
        )
        if names:
            why = self._of_exclusion(exclusion, subject, counter)
            yield f"what they say of {', '.join(names)} is not a ground: {why}"

    def _of_settled(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[str]:
        for topic in self._topics(get_agreed_exclusive_topics(subject, counter)):
            yield (
                f"both affirm one proposition of the exclusive topic {topic}, so that no other of "
                "it sets them apart"
            )

    def _of_exclusion(
        self, exclusion: TimeExclusion, subject: EntryFacts, counter: EntryFacts
    ) -> str:
        """Return the sentence on the dates by which two entries cannot oppose each other."""
        if exclusion is not TimeExclusion.DEED_BEFORE_PROMISE:
            return self.of_times(subject, counter)
        promise, deed = subject, counter
        return (
            f"{deed.ref} ({_span(deed.date)}) is surely before the promise of {promise.ref} "
            f"({_span(promise.date)})"
        )

    def _of_shared(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[str]:
        """Yield a sentence on the propositions on which two entries do not oppose each other."""
        stances = get_unopposed_stances(subject, counter)
        refs = self._shown.propositions.get_many(one.proposition for one, _ in stances)
        sentences = set()
        for mine, theirs in stances:
            ref = refs[mine.proposition]
            open_in = [
                entry.ref
                for entry, stance in ((subject, mine), (counter, theirs))
                if stance.value == 0
            ]
            if open_in:
                sentences.add(f"{' and '.join(open_in)} leave{'s' * (len(open_in) < 2)} {ref} open")
            else:
                sentences.add(f"both {'affirm' if mine.value > 0 else 'deny'} {ref}")
        return iter(sorted(sentences))

    def _of_figures(self, subject: EntryFacts, counter: EntryFacts) -> Iterator[str]:
        """Yield a sentence on each measure for which both give figures that can both be right."""
        shared = [
            (mine, theirs)
            for mine in subject.figures
            for theirs in counter.figures
            if mine.measure == theirs.measure
        ]
        names = self._shown.measures.get_many(mine.measure for mine, _ in shared)
        sides = {
            f"{names[mine.measure]}: {describe_figure(subject, mine)}, and "
            f"{describe_figure(counter, theirs)}, can both be right"
            for mine, theirs in shared
        }
        return iter(sorted(sides))

    def _propositions(self, keys: Collection[int]) -> list[str]:
        return sorted(self._shown.propositions.get_many(keys).values())

    def _measures(self, keys: Collection[int]) -> list[str]:
        return sorted(self._shown.measures.get_many(keys).values())

    def _topics(self, keys: Collection[int]) -> list[str]:
        if not keys:
            return []
        query = select(Topic.ref).where(Topic.id.in_(keys)).order_by(Topic.ref)
        return list(self._session.scalars(query))


def describe_figure(entry: EntryFacts, figure: FigureFacts) -> str:
    """Return a figure of an entry with its period: `30..50 in 2024-05 (S-3)`."""
    number = format_range(figure.low, figure.high)
    return f"{number} ({entry.ref}, {describe_figure_period(entry, figure)})"


def describe_figure_period(entry: EntryFacts, figure: FigureFacts) -> str:
    """Return the period of a figure in words."""
    period = get_figure_period(entry, figure)
    if period is None:
        return "no period"
    return _span(period.span) if period.is_proper else f"no period, done {_span(period.span)}"


def _describe_replies(subject: EntryFacts, counter: EntryFacts, links: PairLinks) -> str:
    replies = [
        f"{reply.ref} responds to {answered.ref}"
        for reply, answered in ((subject, counter), (counter, subject))
        if reply.id in links.replies
    ]
    return " and ".join(replies) or "neither responds to the other"


def _describe_order(subject: EntryFacts, counter: EntryFacts) -> str:
    for one, other in ((subject, counter), (counter, subject)):
        if is_surely_before(one, other):
            return (
                f"{one.ref} ({_span(one.date)}) is surely before {other.ref} ({_span(other.date)})"
            )
    dates_of = " and ".join(f"{one.ref} ({_span(one.date)})" for one in (subject, counter))
    return f"neither of {dates_of} is surely before the other"


def _describe_conditions(pair: Pair) -> str:
    if pair.opposition is not None and pair.opposition.unconditional:
        return "a ground depends on no condition"
    return "every ground depends on a condition"


def _describe_strength(pair: Pair) -> str:
    found = pair.opposition
    assert found is not None  # noqa: S101 - it has a class
    basis = {True: ", explicit", False: ", inferred", None: ", by a link alone"}[found.explicit]
    return f"the best ground has strength {found.strength}{basis}"


def _without_period(subject: EntryFacts, counter: EntryFacts) -> str:
    without = [one.ref for one in (subject, counter) if get_period(one) is None]
    return (
        f"{without[0]} speaks of no period" if len(without) == 1 else "neither speaks of a period"
    )


def _span(span: Span) -> str:
    first, last = (None if end is None else end.day for end in span)
    return dates.format_span(first, last) or "undated"
