"""Facts as `weigh` takes them, made of a dossier that has been read as plain data."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from claimtrack import dates
from claimtrack.facts import (
    UNLINKED,
    EntryFacts,
    FigureFacts,
    Moment,
    PairLinks,
    Span,
    StanceFacts,
)
from claimtrack.vocab import EntryKind

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
            date=_span(entry, "date") or Span(None, None),
            about=_span(entry, "about"),
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


def _span(entry: Mapping[str, Any], name: str) -> Span | None:
    first, last = entry.get(f"{name}_from"), entry.get(f"{name}_to")
    if entry.get(name) is not None:
        read = dates.parse_span(str(entry[name]))
        first, last = read.first, read.last
    if first is None and last is None:
        return None
    return Span(_moment(first), _moment(last))


def _moment(day: Any) -> Moment | None:
    if day is None:
        return None
    return Moment(day if isinstance(day, date) else date.fromisoformat(str(day)))
