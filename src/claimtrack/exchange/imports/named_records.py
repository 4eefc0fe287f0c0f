"""Finds or creates the records that rows name, such as actors, each once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claimtrack import changes, dates, history
from claimtrack.changes import Outcome
from claimtrack.dates import Span
from claimtrack.errors import AmbiguousRef, Invalid, InvalidRecords
from claimtrack.exchange.imports import updates
from claimtrack.exchange.imports.document_updates import note_differences
from claimtrack.exchange.imports.profiles import DATES, ActorPart, Choice, Part, Profile, Rule
from claimtrack.exchange.imports.row_errors import add_columns, missing_actor_error
from claimtrack.exchange.imports.rules import (
    Cells,
    address_made,
    digest,
    evaluate_date,
    evaluate_rule,
    list_choices,
    ref_made,
    shown,
)
from claimtrack.exchange.imports.unwritten_values import Difference
from claimtrack.exchange.imports.updates import Source
from claimtrack.exchange.notes import Notes
from claimtrack.models import Actor, Named
from claimtrack.records import actors_called, find
from claimtrack.schemas import New, NewActor
from claimtrack.vocab import ActorKind

KEPT = 50_000
"""Names whose refs are cached; beyond that they are looked up again."""
_LONGEST_BEGINNING = 47
"""Characters of a ref before the digest."""
_ONE = ("language", "archive_url", "action_code")
"""Keys with a single value that any text can be."""
_Key = tuple[str, ...]


def make_distinct_ref(ref: str, *distinguishing: str) -> str:
    """Return a ref like another, followed by a digest of what distinguishes them."""
    return f"{ref[:_LONGEST_BEGINNING]}-{digest(*distinguishing)}".lstrip("-")


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor that a row names: the part of the profile, its own ref (if any), and its name."""

    part: ActorPart
    own: str
    name: str

    @property
    def key(self) -> tuple[str, str]:
        """The key that distinguishes it from other actors."""
        return self.own, self.name

    def is_called(self, actor: Actor) -> bool:
        """Return whether a stored actor has the ref or the name of this one."""
        names = (actor.ref, actor.name, *actor.aliases)
        return self.own == actor.ref if self.own else self.name in names


class NamedMaker:
    """Finds or creates the records that rows name, each once, and notes where rows differ."""

    def __init__(self, source: Source, profile: Profile, notes: Notes) -> None:
        self.source, self.session, self.profile = source, source.session, profile
        self.notes, self.differences = notes, source.differences
        self.removed = 0
        """How often a record was left out because it has been removed from the casebook."""
        self.counted: list[tuple[str, Outcome]] = []
        """The type and the outcome of each record of this row."""
        self._met: set[int] = set()
        self._marks: list[int] = []
        self._refs: dict[_Key, str] = {}
        self._new: list[_Key] = []
        self._differing: dict[_Key, tuple[Difference, ...]] = {}

    def begin(self, where: str) -> None:
        """Begin a row at a place in a file."""
        self._new, self._marks, self.counted = [], [], []
        self.differences.begin(where)

    def forget(self) -> None:
        """Forget the records of the last row, which was rolled back."""
        for key in self._new:
            self._refs.pop(key, None)
            self._differing.pop(key, None)
        self._met.difference_update(self._marks)

    def remembered(self, key: _Key) -> str | None:
        """Return the ref of a record that a row of this import has described identically.

        None if none.
        """
        ref = self._refs.get(key)
        if ref is not None:
            self.differences.again(self._differing.get(key, ()))
        return ref

    def remember(self, key: _Key, ref: str, noted: int) -> str:
        """Remember a ref, and the differences of this row from number `noted` on."""
        if len(self._refs) >= KEPT:
            self._refs.clear()
            self._differing.clear()
        self._refs[key] = ref
        if found := tuple(self.differences.of_row[noted:]):
            self._differing[key] = found
        self._new.append(key)
        return ref

    def is_marked(self, what: str, ref: str) -> bool:
        """Return whether a ref has been marked in this import, and mark it."""
        mark = int(digest(what, ref), 16)
        if mark in self._met:
            return True
        self._met.add(mark)
        self._marks.append(mark)
        return False

    def is_gone(self, stored: Named | None, model: type[Named], ref: str) -> bool:
        """Return whether a missing record was removed: its ref is never used again."""
        return stored is None and history.was_key_used(self.session, model.__tablename__, ref)

    def put(self, model: type[New], values: Mapping[str, Any], noun: str, part: Part) -> None:
        """Write the record that a part of the profile makes; return its ref.

        Raises:
            Invalid, NotFound, Conflict: it is wrong, or cannot be written.
        """
        try:
            self.counted.append((noun, updates.put(self.source, model, values)))
        except InvalidRecords as error:
            raise add_columns(error, part, self.profile) from error

    def fields(self, part: Part, cells: Cells) -> dict[str, Any]:
        """Return the plain values that the rules of a part make, by key; None where they are empty.

        Dates are returned as bounds with their precision.
        """
        values: dict[str, Any] = {}
        for key, rule in part:
            if key == "ref" or not isinstance(rule, Rule):
                continue
            if key == "url":
                values[key] = address_made(rule, cells, key) or None
            elif key in DATES:
                values |= self._date(key, evaluate_date(rule, cells, key), cells)
            else:
                values[key] = evaluate_rule(rule, cells, key) or values.get(key)
                self._note_list(key, rule, values[key], cells)
        return values

    def _date(self, key: str, read: tuple[Span, str] | None, cells: Cells) -> dict[str, Any]:
        """Return the columns that a date fills, by the key of its rule.

        Only an entry stores the original text of a date, if bounds and precision lose some of it.
        """
        span, text = read or (None, "")
        first, last = (span.first, span.last) if span else (None, None)
        if key == "date":
            words = text if dates.has_unstored_detail(text) else None
            precision = span and span.precision
            return {"date_from": first, "date_to": last, "precision": precision, "date_text": words}
        if span and (
            doubt := dates.describe_lost_detail(text, span, is_published=key == "published")
        ):
            cells.notes.add(key, text, doubt)
        if key.endswith("_from"):
            return {key: first}
        return {key: last} if key.endswith("_to") else {f"{key}_from": first, f"{key}_to": last}

    def _note_list(self, key: str, rule: Rule, text: str | None, cells: Cells) -> None:
        """Note a list that is taken as one value."""
        if text and key in _ONE:
            for name in filter(cells.is_several, self.profile.columns_of(rule)):
                cells.notes.add(name, text, f"is a list, and is read as one {key}")

    # --- actors -------------------------------------------------------------------------------

    def actor(self, choice: Choice | None, cells: Cells) -> str | None:
        """Return the ref of the first actor of a choice that the row names, created if missing."""
        named = self.named(choice, cells)
        return None if named is None else self._actor(named, cells)

    def needed_actor(self, what: str, choice: Choice | None, cells: Cells) -> str:
        """Return the ref of the first actor of a choice that the row names.

        Raises:
            Invalid: It names none; the sentence says what the actor is needed for.
        """
        ref = self.actor(choice, cells)
        if ref is None:
            raise missing_actor_error(what, choice, cells)
        return ref

    def named(self, choice: Choice | None, cells: Cells) -> NamedActor | None:
        """Return the first actor of a choice that the row names; None if it names none."""
        for use in list_choices(choice, cells):
            part = self.profile.actors[use]
            if name := evaluate_rule(part.name, cells, "name"):
                return NamedActor(part, ref_made(part.ref, cells) if part.ref else "", name)
        return None

    def _actor(self, named: NamedActor, cells: Cells) -> str:
        """Return the ref of an actor, found by the source's ref, else by its exact name.

        Two spellings are two actors, even if the same ref would be generated for both. A stored
        actor stays unchanged, and differences are noted.
        """
        values = {**self.fields(named.part, cells), "name": named.name}
        above = self.named(named.part.parent, cells)
        key = ("actor", named.own, *map(str, values.values()), *(above.key if above else ()))
        if (ref_found := self.remembered(key)) is not None:
            return ref_found
        noted = len(self.differences.of_row)
        self._refuse_several(named, values, cells)
        stored = self.find_actor(named)
        if stored is None:
            return self.remember(key, self._new_actor(named, values, cells), noted)
        if named.name in (stored.name, *stored.aliases, stored.ref):
            del values["name"]
        parent = above and self.find_actor(above)
        note_differences(self.source, stored, {**values, "parent": parent and parent.ref})
        return self.remember(key, stored.ref, noted)

    def _refuse_several(self, named: NamedActor, values: Mapping[str, Any], cells: Cells) -> None:
        """Refuse a list of names for one person; for any other actor but a group, note it."""
        columns = self.profile.columns_of(named.part.name)
        lists = [name for name in columns if cells.is_several(name)]
        if not lists or values["kind"] in (ActorKind.GROUP, ActorKind.ANONYMOUS):
            return
        if values["kind"] == ActorKind.PERSON:
            raise Invalid(
                f"{lists[0]} holds several names, {shown(named.name)}, and a person is one: take "
                "one by its number in the profile, and let the others be participants"
            )
        cells.notes.add(lists[0], named.name, f"is a list, and is read as one {values['kind']}")

    def find_actor(self, named: NamedActor) -> Actor | None:
        """Return the stored actor with the ref or the name that a row gives; None if there is none.

        Raises:
            AmbiguousRef: several have that name.
        """
        name_or_ref = named.own or named.name
        stored = find(self.session, Actor, named.own) if named.own else None
        several = [] if stored else self.session.scalars(actors_called(name_or_ref).limit(2)).all()
        if len(several) > 1:
            raise AmbiguousRef(
                f"several actors are called {name_or_ref!r}, {several[0].ref} and {several[1].ref} "
                "among them: map it to the name of one in the profile"
            )
        return stored or (several[0] if several else None)

    def _new_actor(self, named: NamedActor, values: Mapping[str, Any], cells: Cells) -> str:
        ref = named.own or self._free_ref(named.name)
        parent = self.actor(named.part.parent, cells)
        filled = {key: value for key, value in {**values, "parent": parent}.items() if value}
        filled |= {"ref": ref, "aliases": list(named.part.aliases)}
        self.put(NewActor, filled, "actor", named.part)
        return ref

    def _free_ref(self, name: str) -> str:
        """Return a ref made of a name; with a digest if the plain one is or was in use."""
        ref = changes.make_slug(name)
        if ref and not history.was_key_used(self.session, "actor", ref):
            return ref
        return make_distinct_ref(ref, name)
