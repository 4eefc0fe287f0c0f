"""Small facts for tests of `weigh`, by keyword."""

from datetime import UTC, date, datetime
from typing import Any

from claimtrack.facts import EntryFacts, Moment, Span, StanceFacts
from claimtrack.vocab import EntryKind

UNKNOWN = Span(None, None)


def moment(text: str | None) -> Moment | None:
    """Read a day, or an instant such as 2025-04-19T15:00."""
    if text is None:
        return None
    instant = datetime.fromisoformat(text).replace(tzinfo=UTC) if "T" in text else None
    return Moment(date.fromisoformat(text[:10]), instant)


def span(text: str) -> Span:
    """Read a day, or two with a slash between, of which either may be missing."""
    first, _, last = text.partition("/")
    return Span(moment(first or None), moment((last if "/" in text else first) or None))


def says(proposition: int = 1, value: int = 2, **given: Any) -> StanceFacts:
    """Make a stance: an explicit one of judge 90."""
    return StanceFacts(proposition, **{"judge": 90, "value": value, "explicit": True, **given})


def fact(
    kind: str,
    key: int,
    *stances: StanceFacts,
    on: str | None = None,
    about: str | None = None,
    actor: int = 10,
    over: tuple[int, ...] = (),
    **given: Any,
) -> EntryFacts:
    """Make an entry E<key> by an actor below those of `over`, the principal last, and shown."""
    root = over[-1] if over else actor
    return EntryFacts(
        id=key,
        ref=f"E{key}",
        kind=EntryKind(kind),
        actor=actor,
        date=span(on) if on else UNKNOWN,
        about=span(about) if about else None,
        stances=stances,
        **{
            "anonymous": False,
            "voices": frozenset({actor}),
            "ancestry": frozenset({actor, *over}),
            "actor_ancestry": frozenset({actor, *over}),
            "principal": root,
            "principals": frozenset({root}),
            "subjects": frozenset[int](),
            "publishers": frozenset({80}),
            "primary_publishers": frozenset({80}),
            "shown": True,
            **given,
        },
    )
