"""Dossier files, read into checked records; nothing is written here.

The errors of all files are collected and raised together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from claimtrack import changes, protection, times
from claimtrack.db import Session
from claimtrack.errors import InvalidValue, MissingFile, StorageFailure
from claimtrack.exchange.dossier.parsed_record import (
    Faults,
    Item,
    check_role,
    fill,
    fits,
    refuse_repeated,
    rows,
    spell,
    take,
    validate,
)
from claimtrack.exchange.dossier.references import RefResolver
from claimtrack.exchange.dossier.sections import SECTIONS, named_by
from claimtrack.exchange.dossier.yaml_reader import Node, Place, parse, place_in
from claimtrack.kinds import ABOVE, JUDGES, KINDS
from claimtrack.models import Entry
from claimtrack.records import IN_ORDER, NAMED, find, key_of
from claimtrack.schemas import ZONED_KEYS, Dossier
from claimtrack.validation import unknown_key_message
from claimtrack.vocab import SYMMETRIC

MAX_BYTES = 64 * 1024 * 1024
VERSION = 1

Unread = Mapping[Path, MissingFile | StorageFailure]
"""The files that could not be opened, each with the error."""


def read(session: Session, paths: Sequence[Path], faults: Faults) -> tuple[list[Item], Unread]:
    """Return the records of dossier files, each checked by itself and against the others.

    Errors are added to `faults`, and the records concerned have `failed`. If a file could not be
    read, references to missing records are no errors, since that file may contain them.
    """
    items: list[Item] = []
    unread: dict[Path, MissingFile | StorageFailure] = {}
    complete = True
    for path in dict.fromkeys(paths):
        try:
            node = _open(path, faults)
        except (MissingFile, StorageFailure) as error:
            node, unread[path] = None, error
        if node is None or not _has_version(str(path), node, faults):
            complete = False
        else:
            items.extend(_take_file(str(path), node, faults))
    items = _unveiled(session, items)
    checker = Checker(session, items, faults)
    for item in items:
        checker.check(item, references=complete)
    items = [item for item in items if item.model is not Dossier]
    refuse_repeated(items, faults)
    _refuse_circles([item for item in items if item.record is not None], faults)
    return items, unread


def tell_unread(unread: Unread, faults: Faults) -> None:
    """Add the unreadable files to the faults; without other faults, raise their error.

    Raises:
        MissingFile: A file does not exist, and there are no other errors.
        StorageFailure: A file cannot be read, and there are no other errors.
    """
    if unread and not faults.found:
        missing = [str(path) for path, error in unread.items() if isinstance(error, MissingFile)]
        if missing:
            raise MissingFile(f"there is no file {' and no file '.join(missing)}: check the name")
        raise next(iter(unread.values()))
    for path, error in unread.items():
        faults.add(str(path), Place(1, 1), str(error))


# --- files --------------------------------------------------------------------------------------


def _open(path: Path, faults: Faults) -> Node | None:
    """Return the mapping in a file; None if the file has none, or cannot be parsed."""
    text = _text_of(path, faults)
    if text is None:
        return None
    node, found = parse(text)
    for fault in found:
        faults.add(str(path), *fault)
    if node is None and not found:
        faults.add(str(path), Place(1, 1), "the file is empty: begin it with 'claimtrack: 1'")
    if node is not None and not isinstance(node.value, dict):
        faults.add(str(path), node.place, "this is not a dossier: begin it with 'claimtrack: 1'")
        return None
    return node


def _text_of(path: Path, faults: Faults) -> str | None:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        faults.add(str(path), Place(1, 1), "this is a folder: name the dossier files in it")
        return None
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFile(f"there is no file {path}: check the name") from None
    except OSError as error:
        raise StorageFailure(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        text = "the file is larger than 64 MiB: split it, or import the data as tables"
        faults.add(str(path), Place(1, 1), text)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode()
        text = (
            f"the byte 0x{error.object[error.start]:02x} is not UTF-8: save the file as UTF-8 text"
        )
        faults.add(str(path), place_in(before, len(before)), text)
        return None


def _has_version(file: str, node: Node, faults: Faults) -> bool:
    """Whether the version of a file is supported; a file without a version has the current one."""
    version = node.value.get("claimtrack")
    if version is None:
        text = "claimtrack is missing: begin the file with 'claimtrack: 1'"
        faults.add(file, node.place, text)
    elif type(version.value) is not int:
        text = f"claimtrack {version.plain()!r} is not a version: write 'claimtrack: 1'"
        faults.add(file, version.place, text)
    elif version.value != VERSION:
        text = f"the version {version.value} of the format is unknown: this claimtrack reads 1"
        faults.add(file, version.place, text)
        return False
    return True


def _take_file(file: str, node: Node, faults: Faults) -> list[Item]:
    """Return the records of a file, and one item for its keys outside the sections."""
    header = Item(Dossier, file, node)
    judge = node.value.get("asserted_by")
    if judge is not None:
        header.values["asserted_by"] = judge.plain()
        if judge.value is not None and not isinstance(judge.value, str):
            faults.add(file, judge.place, "asserted_by is not text: name an actor, in quotes")
            judge = None
    zone = _take_zone(file, node, header, faults)
    items = [header]
    for key, value in node.value.items():
        if key in SECTIONS:
            for row in rows(file, key, value, faults):
                items.extend(take(Item(SECTIONS[key], file, row), faults))
        elif key == "withheld":
            header.values[key] = value.value
            if not isinstance(value.value, bool):
                faults.add(file, value.place, "withheld is not true or false: write one of them")
        elif key not in ("claimtrack", "asserted_by", "zone"):
            faults.add(file, node.keys[key], unknown_key_message(Dossier, key))
    for item in items:
        if (
            item.table in ("stance", "figure", "link")
            and item.values.get("asserted_by") is None
            and judge
        ):
            item.values["asserted_by"] = judge.value
        if item.table == "entry" and zone is not None:
            item.values = times.with_default_zone(item.values, ZONED_KEYS, zone)
    return items


def _take_zone(file: str, node: Node, header: Item, faults: Faults) -> str | None:
    """Return the zone of the times in a file that have none of their own; None without one."""
    zone = node.value.get("zone")
    if zone is None or zone.value is None:
        return None
    header.values["zone"] = zone.plain()
    try:
        return times.check_zone(str(zone.plain()))
    except InvalidValue as error:
        faults.add(file, zone.place, str(error))
        return None


def _unveiled(session: Session, items: Sequence[Item]) -> list[Item]:
    """Return the records of masked files with the refs of this casebook for its pseudonyms.

    Such a file lacks the fields of protected records and the citations of protected documents;
    these records stay unchanged. Pseudonyms of another casebook are ordinary refs.
    """
    partial = {item.file for item in items if item.values.get("withheld") is True}
    refs_by_pseudonym = protection.get_refs_by_pseudonym(session.connection()) if partial else {}
    unveiled = []
    for item in items:
        if item.file in partial:
            own = refs_by_pseudonym.get((item.table, str(item.values.get("ref"))))
            cited = [("document", str(item.values.get(key))) for key in ("document", "via")]
            if own or (item.table == "citation" and not refs_by_pseudonym.keys().isdisjoint(cited)):
                continue
            for key, table in _targets(item).items():
                value = item.values.get(key)
                item.values[key] = refs_by_pseudonym.get((table, str(value)), value)
                if value is None:
                    del item.values[key]
        unveiled.append(item)
    return unveiled


# --- records by themselves, and what they refer to ----------------------------------------------


class Checker:
    """Validates items together with the stored values of their records, and sets `Item.record`."""

    def __init__(self, session: Session, items: Sequence[Item], faults: Faults) -> None:
        self.session, self.faults = session, faults
        author = changes.get_author(session)
        allowed: dict[str, set[str]] = defaultdict(set, actor={changes.make_slug(author)})
        for item in items:
            for key, table in {**_targets(item), "ref": item.table}.items():
                if table in NAMED and isinstance(item.values.get(key), str):
                    allowed[table].add(item.values[key])
        records = [(item.table, item.values) for item in items if item.ref is not None]
        self.resolver = RefResolver(session, records, allowed)
        self.judge = self.resolver.judge(author)
        self.judge_to_be = self.judge or changes.choose_judge_ref(session)

    def check(self, item: Item, *, references: bool) -> None:
        """Validate an item and set its record; errors are added to the faults.

        Without `references`, references to missing records are no errors.
        """
        before = len(self.faults.found)
        self._point(item, references)
        if item.model is not Dossier:
            self._set_record(item)
            check_role(item, self._kind_of(item.owner), self.faults)
        item.failed |= item.record is None or len(self.faults.found) > before

    def _set_record(self, item: Item) -> None:
        filled = fill(item, self.faults)
        judge = JUDGES.get(item.table)
        if judge and item.values.get(judge) is None and self.judge:
            item.values[judge] = self.judge
        changes.warn_of_lost_dates(self.session, item.model, item.values)
        values, spelled = spell(item, self.faults)
        stored = self._may_be_stored(item)
        partial = stored or not filled or not spelled
        if not (fits(item, values, self.faults, partial=partial) and filled and spelled):
            return
        if stored:
            owner = find(self.session, Entry, str(item.owner.ref)) if item.owner else None
            values = changes.merge_with_stored(self.session, item.model, values, entry=owner)
        validate(item, values, self.faults)
        item.key = self._key(item)

    def _kind_of(self, owner: Item | None) -> object:
        """Return the kind of an entry, from the file or else the database; it may be invalid."""
        if owner is None or "kind" in owner.values:
            return owner and owner.values["kind"]
        stored = find(self.session, Entry, str(owner.ref))
        return stored and stored.kind

    def _point(self, item: Item, references: bool) -> None:
        """Replace each name of an actor by its ref; a reference to no record is an error."""
        for key, table in _targets(item).items():
            name = item.values.get(key)
            if not isinstance(name, str) or not name:
                continue
            ref, why = self.resolver.find(table, name)
            if ref is not None:
                item.values[key] = ref
            elif references and key in item.node.value:
                self.faults.add(item.file, item.node.at([key]), why)

    def _may_be_stored(self, item: Item) -> bool:
        """Whether all records that the key of a record refers to are in the database."""
        if item.owner is not None and not self._may_be_stored(item.owner):
            return False
        tables = {**KINDS[item.table].targets, "ref": item.table}
        keys = [*named_by(item.model), JUDGES.get(item.table, "")]
        named = [(tables[key], item.values.get(key)) for key in keys if key in tables]
        return all(
            isinstance(ref, str) and self.resolver.stored(table, ref) for table, ref in named
        )

    def _key(self, item: Item) -> str:
        """Return the key of a valid record in the log."""
        if item.record is None:
            return ""
        record = item.record.model_dump(by_alias=True)
        if item.owner is not None:
            record["entry"] = item.owner.ref
        if item.table in JUDGES:
            record[JUDGES[item.table]] = record[JUDGES[item.table]] or self.judge_to_be
        if record.get("relation") in SYMMETRIC and record["to"] < record["from"]:
            record["from"], record["to"] = record["to"], record["from"]
        return key_of(item.table, record)


def _targets(item: Item) -> Mapping[str, str]:
    return {"asserted_by": "actor"} if item.model is Dossier else KINDS[item.table].targets


# --- records among themselves -------------------------------------------------------------------


def _refuse_circles(records: Sequence[Item], faults: Faults) -> None:
    """Add an error for records that are below each other in a circle."""
    above = _above(records)
    for item in records:
        circle = [item]
        while (upper := above.get(circle[-1])) is not None and upper not in circle:
            circle.append(upper)
        item.failed |= upper is not None
        if upper is item and item.key == min(one.key for one in circle):
            listed = " in ".join(one.key for one in [*circle, item])
            text = (
                f"{ABOVE[item.table]} creates a cycle ({listed}): choose one that is not below it"
            )
            faults.add(item.file, item.node.at([ABOVE[item.table]]), text)


def _above(records: Sequence[Item]) -> dict[Item, Item]:
    """Return the parent of each record whose parent is in the same load."""
    named = {(item.table, item.key): item for item in records}
    found = {
        item: named.get((item.table, getattr(item.record, ABOVE[item.table])))
        for item in records
        if item.table in ABOVE
    }
    return {item: upper for item, upper in found.items() if upper is not None}


def untouched(items: Sequence[Item]) -> list[Item]:
    """Return the valid records that refer to valid records only."""
    failed = {(item.table, item.ref) for item in items if item.failed and item.ref is not None}
    return [
        item
        for item in items
        if not item.failed
        and not (item.owner and item.owner.failed)
        and not any(
            (table, item.values.get(key)) in failed for key, table in _targets(item).items()
        )
    ]


def in_order(records: Sequence[Item]) -> list[Item]:
    """Return the records in an order in which each comes after those that it refers to.

    Entries come before propositions, which they may resolve, and before their nested rows.
    """
    above = _above(records)

    def rank(item: Item) -> tuple[int, int]:
        depth, upper = 0, above.get(item)
        while upper is not None:
            depth, upper = depth + 1, above.get(upper)
        return IN_ORDER.index(item.table), depth

    return sorted(records, key=rank)
