"""What anonymous sources leave unsaid, and whether their silence means something (model.md 5).

A topic without topics below it is **omitted** by a principal's anonymous sources when some
statement or action of the principal addresses it and none of their claims does. The **warrant** of
that is `complete` when there are documents in which they speak first hand, and each was coded in
full; else it is `not_coded_in_full`, and the assessments that concern what is on record are cited.

Of one such document, a topic is `addressed` when claims in it address it; else the document is
`silent` on it when it was coded in full, and `not_coded` when it was not: silence means something
only in a document that was coded in full.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a document says of a topic."""

    ADDRESSED = "addressed"
    SILENT = "silent"
    NOT_CODED = "not_coded"


class Warrant(StrEnum):
    """Whether it means something that sources do not speak of a topic."""

    COMPLETE = "complete"
    NOT_CODED_IN_FULL = "not_coded_in_full"


@dataclass(frozen=True, slots=True)
class TopicRecord:
    """What there is on a topic.

    Attributes:
        is_leaf: Whether there is no topic below it.
        on_record: The refs of the principal's statements and actions that address it.
        is_claimed: Whether a claim of an anonymous source of the principal addresses it.
        judged_by: The refs of the assessments that concern one of those on record.
    """

    is_leaf: bool
    on_record: Sequence[str]
    is_claimed: bool
    judged_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """That a topic is left out.

    Attributes:
        warrant: Whether that means something.
        warranted_by: Where it does not by itself, the refs of the assessments that are cited.
    """

    warrant: Warrant
    warranted_by: tuple[str, ...]


def verdict(claims: int, *, in_full: bool) -> Verdict:
    """Return what a document says of a topic that so many claims in it address."""
    if claims:
        return Verdict.ADDRESSED
    return Verdict.SILENT if in_full else Verdict.NOT_CODED


def find_warrant(coded_in_full: Iterable[bool]) -> Warrant:
    """Return the warrant of silence; of each document in which sources speak, whether in full."""
    found = list(coded_in_full)
    return Warrant.COMPLETE if found and all(found) else Warrant.NOT_CODED_IN_FULL


def find_omission(topic: TopicRecord, warrant: Warrant) -> Omission | None:
    """Return that a topic is left out, or None where it is not."""
    if not topic.is_leaf or not topic.on_record or topic.is_claimed:
        return None
    cited = () if warrant is Warrant.COMPLETE else tuple(sorted(set(topic.judged_by)))
    return Omission(warrant, cited)
