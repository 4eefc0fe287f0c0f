"""Topics that anonymous sources do not address, and whether their silence is evidence.

Silence is evidence only in documents that were coded in full (`document.coverage` is `complete`).

* A topic that has no topics below it is **omitted** by the anonymous sources of a principal when a
  statement or an action of the principal addresses it, and no claim of theirs does.
* The **warrant** of the omissions is `complete` when claims of these sources cite at least one
  document as `primary`, and every such document was coded in full. Else it is `not_coded_in_full`,
  and each omission cites the assessments that concern the statements and actions on record.
* A single document **addresses** a topic when a claim that cites it does. Else it is `silent` on
  the topic if it was coded in full, and `not_coded` if not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a document addresses a topic."""

    ADDRESSED = "addressed"
    SILENT = "silent"
    NOT_CODED = "not_coded"


class Warrant(StrEnum):
    """Whether the silence of sources on a topic is evidence."""

    COMPLETE = "complete"
    NOT_CODED_IN_FULL = "not_coded_in_full"


@dataclass(frozen=True, slots=True)
class TopicEvidence:
    """The entries of a principal and its anonymous sources that address one topic.

    Attributes:
        is_leaf: Whether the topic has no topics below it.
        on_record: The refs of the principal's statements and actions that address it.
        is_claimed: Whether a claim of an anonymous source of the principal addresses it.
        judged_by: The refs of the assessments with a `concerns` link to an entry of `on_record`.
    """

    is_leaf: bool
    on_record: Sequence[str]
    is_claimed: bool
    judged_by: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Omission:
    """The finding that anonymous sources omit a topic.

    Attributes:
        warrant: Whether their silence is evidence.
        warranted_by: If it is not by itself, the refs of the assessments cited for it, in order.
    """

    warrant: Warrant
    warranted_by: tuple[str, ...]


def get_verdict(claims: int, *, in_full: bool) -> Verdict:
    """Return whether a document addresses a topic.

    Args:
        claims: How many claims that cite the document address the topic.
        in_full: Whether the document was coded in full.
    """
    if claims:
        return Verdict.ADDRESSED
    return Verdict.SILENT if in_full else Verdict.NOT_CODED


def get_warrant(coded_in_full: Iterable[bool]) -> Warrant:
    """Return the warrant of omissions.

    Args:
        coded_in_full: For each document in which the sources speak, whether it was coded in full.
    """
    found = list(coded_in_full)
    return Warrant.COMPLETE if found and all(found) else Warrant.NOT_CODED_IN_FULL


def find_omission(topic: TopicEvidence, warrant: Warrant) -> Omission | None:
    """Return the omission of a topic, or None if the topic is not omitted."""
    if not topic.is_leaf or not topic.on_record or topic.is_claimed:
        return None
    cited = () if warrant is Warrant.COMPLETE else tuple(sorted(set(topic.judged_by)))
    return Omission(warrant, cited)
