"""Facts as `weigh` takes them, made of a dossier that has been read as plain data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from claimtrack.facts import (
    UNLINKED,
    EntryFacts,
    FigureFacts,
    PairLinks,
    Span,
    StanceFacts,
)
from claimtrack.query.entry_facts import get_span
from claimtrack.schemas import NewEntry
from claimtrack.vocab import EntryKind, Precision

SHOWS = ("primary", "relay")


class DossierFacts:
    """The facts of a dossier; keys are made of refs, and the same for one ref of any table."""

    def __init__(self, dossier: Mapping[str, Any]) -> None:
        self._keys: dict[str, int] = {}
        self._dossier = dossier
        self._judge = dossier.get("asserted_by")
        self.actors = {one["ref"]: one for one in dossier.get("actors", ())}
        self._topics = {one["ref"]: one for one in dossier.get("topics", ())}
        self._topic_of = {one["ref"]: one["topic"] for one in dossier.get("propositions", ())}
        self._measures = {one["ref"]: one for one in dossier.get("measures", ())}
        documents = dossier.get("documents", ())
        own = {one["ref"]: one["publisher"] for one in documents}
        self._publisher = {one["ref"]: own[one.get("canonical") or one["ref"]] for one in documents}
        entries = dossier.get("entries", ())
        self.entries = {one["ref"]: self._entry(one) for one in entries}
        self.repeats: dict[int, tuple[tuple[int, int], ...]] = defaultdict(tuple)
        self._links: dict[frozenset[str], PairLinks] = {}
        for link in dossier.get("links", ()):
            self._add_link(link)

    def key(self, ref: str) -> int:
        """Return the key that stands for a ref."""
        return self._keys.setdefault(ref, len(self._keys) + 1)

    def ref(self, key: int) -> str:
        """Return the ref for which a key stands."""
        return list(self._keys)[key - 1]

    def refs(self, keys: Iterable[int]) -> list[str]:
        """Return refs in order."""
        return sorted(map(self.ref, keys))

    def links(self, one: str, other: str) -> PairLinks:
        """Return what judges recorded of two entries."""
        return self._links.get(frozenset({one, other}), UNLINKED)

    def facts(self, ref: str) -> EntryFacts:
        """Return the facts of an entry."""
        return self.entries[ref]

    def _add_link(self, link: Mapping[str, Any]) -> None:
        one, other, strength = link["from"], link["to"], link.get("strength", 2)
        judge = self.key(link.get("asserted_by", self._judge))
        if link["relation"] == "repeats":
            self.repeats[self.key(one)] += ((self.key(other), strength),)
        pair = frozenset({one, other})
        found = self._links.get(pair, UNLINKED)
        parts = {
            name: {**getattr(found, name)} for name in ("contradicts", "reconciles", "corroborates")
        }
        replies = set(found.replies)
        if link["relation"] in parts:
            parts[link["relation"]][judge] = strength
        elif link["relation"] == "responds_to":
            replies.add(self.key(one))
        self._links[pair] = PairLinks(**parts, replies=frozenset(replies))

    def _up(self, ref: str) -> list[str]:
        found = [ref]
        while (parent := self.actors.get(found[-1], {}).get("parent")) is not None:
            found.append(parent)
        return found

    def _entry(self, entry: Mapping[str, Any]) -> EntryFacts:
        agent = entry.get("on_behalf_of") or entry["actor"]
        of_role = defaultdict(list)
        for one in entry.get("participants", ()):
            of_role[one["role"]].append(one["actor"])
        voices = {entry["actor"], agent, *of_role["co_actor"]}
        shows = [one for one in entry.get("citations", ()) if one.get("role", "primary") in SHOWS]
        first_hand = [one for one in shows if one.get("role", "primary") == "primary"]
        return EntryFacts(
            id=self.key(entry["ref"]),
            ref=entry["ref"],
            kind=EntryKind(entry["kind"]),
            actor=self.key(entry["actor"]),
            anonymous=self.actors.get(entry["actor"], {}).get("kind") == "anonymous",
            voices=frozenset(map(self.key, voices)),
            ancestry=frozenset(self.key(up) for voice in voices for up in self._up(voice)),
            actor_ancestry=frozenset(map(self.key, self._up(entry["actor"]))),
            principal=self.key(self._up(agent)[-1]),
            principals=frozenset(
                self.key(self._up(one)[-1]) for one in (agent, *of_role["co_actor"])
            ),
            subjects=frozenset(self.key(self._up(one)[-1]) for one in of_role["subject"]),
            date=_date_of(entry),
            about=_period_of(entry),
            stances=tuple(map(self._stance, entry.get("stances", ()))),
            figures=tuple(map(self._figure, entry.get("figures", ()))),
            publishers=frozenset(self.key(self._publisher[one["document"]]) for one in shows),
            primary_publishers=frozenset(
                self.key(self._publisher[one["document"]]) for one in first_hand
            ),
            shown=bool(shows),
        )

    def _stance(self, stance: Mapping[str, Any]) -> StanceFacts:
        topic = self._topic_of[stance["proposition"]]
        exclusive = self._topics[topic].get("exclusive")
        return StanceFacts(
            proposition=self.key(stance["proposition"]),
            judge=self.key(stance.get("asserted_by", self._judge)),
            value=stance["value"],
            explicit=stance.get("basis", "explicit") == "explicit",
            condition=stance.get("condition"),
            exclusive_topic=self.key(topic) if exclusive else None,
        )

    def _figure(self, figure: Mapping[str, Any]) -> FigureFacts:
        return FigureFacts(
            measure=self.key(figure["measure"]),
            judge=self.key(figure.get("asserted_by", self._judge)),
            low=figure.get("low"),
            high=figure.get("high"),
            explicit=figure.get("basis", "explicit") == "explicit",
            hedged=bool(figure.get("hedge")),
            condition=figure.get("condition"),
            counts=self._measures[figure["measure"]]["kind"] == "count",
        )


def _date_of(entry: Mapping[str, Any]) -> Span:
    spelled = _spelled(entry)
    precision = spelled.get("precision")
    return get_span(
        _day(spelled.get("date_from")),
        _day(spelled.get("date_to")),
        spelled.get("time_from"),
        spelled.get("time_to"),
        spelled.get("zone"),
        Precision(precision) if precision else None,
    )


def _period_of(entry: Mapping[str, Any]) -> Span | None:
    spelled = _spelled(entry)
    first, last = (_day(spelled.get(name)) for name in ("about_from", "about_to"))
    if first is last is None:
        return None
    instants = spelled.get("about_time_from"), spelled.get("about_time_to")
    return get_span(first, last, *instants, None, None)


def _spelled(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a record with its dates as days and instants."""
    return NewEntry.spelled({key: value for key, value in entry.items() if value is not None})


def _day(day: Any) -> date | None:
    return day if day is None or isinstance(day, date) else date.fromisoformat(str(day))
