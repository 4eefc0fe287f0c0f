"""Made-up casebooks of any size, as the CSV files of their tables.

Two stances an entry, ten entries a proposition, and one hot proposition with 2 % of all entries on
it; one denial to 200 affirmations; no exclusive topics; actors ten levels deep, in a tree under 20
principals; one or two citations an entry, over 1,300 days in their order; every fifth linked to
one before it. The same seed makes the same bytes.
"""

import csv
import json
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from claimtrack.exchange.tables.csv_tables import columns_of

HOT = "hot"
"""The ref of the proposition on which 2 % of all entries take a stance."""
ORDINARY = "p0"
"""The ref of one of the others."""
TOPICS = 100
PRINCIPALS = 20
LEVELS = 10

_WORDS = (
    *("talks", "ceasefire", "border", "grain", "corridor", "prisoner", "exchange", "sanctions"),
    *("drone", "strike", "reserve", "brigade", "ministry", "envoy", "summit", "draft", "treaty"),
    *("guarantee", "withdrawal", "mobilisation", "harvest", "pipeline", "port", "convoy"),
)
_KINDS = ("claim", "statement", "action", "commitment", "assessment", "window")
_WEIGHTS = (30, 36, 18, 5, 10.9, 0.1)
_BEGIN = date(2022, 2, 24)
_DAYS = 1_300

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def write(folder: Path, entries: int, *, seed: int = 1) -> dict[str, int]:
    """Write the tables of a casebook into a folder, and return how many rows each has."""
    counts = {}
    for name, (header, rows) in _tables(entries, seed).items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns_of(name), restval="")
            writer.writeheader()
            counts[name] = 0
            for row in rows:
                writer.writerow(dict(zip(header, row, strict=True)))
                counts[name] += 1
    return counts


def _tables(entries: int, seed: int) -> dict[str, Table]:
    """Return the header and the rows of each table; each draws from a chance of its own."""

    def chance(name: str) -> random.Random:
        return random.Random(f"{seed}/{name}")

    return {
        "actor": (("ref", "name", "kind", "parent", "access", "described_as"), _actors(entries)),
        "document": (
            ("ref", "url", "publisher", "published_from", "published_to"),
            _documents(entries, chance("document")),
        ),
        "topic": (("ref", "name", "parent"), _topics()),
        "entry": (
            ("ref", "kind", "actor", "summary", "date_from", "date_to", "precision"),
            _entries(entries, chance("entry")),
        ),
        "proposition": (("ref", "text", "topic"), _propositions(entries)),
        "participation": (("entry", "actor", "role"), _participations(entries)),
        "citation": (
            ("entry", "document", "role", "label", "via", "start_pos"),
            _citations(entries, chance("citation")),
        ),
        "stance": (
            ("entry", "proposition", "asserted_by", "value", "basis"),
            _stances(entries, chance("stance")),
        ),
        "link": (
            ("from", "to", "relation", "strength", "asserted_by"),
            _links(entries, chance("link")),
        ),
    }


def _people(entries: int) -> int:
    return max(PRINCIPALS * LEVELS, entries // 50)


def _actors(entries: int) -> Iterator[Sequence[Any]]:
    yield "coder", "The coder", "person", "", "", ""
    yield "press", "The press", "outlet", "", "", ""
    width = (_people(entries) - PRINCIPALS) // (LEVELS - 1)
    for number in range(_people(entries)):
        level = 0 if number < PRINCIPALS else min(1 + (number - PRINCIPALS) // width, LEVELS - 1)
        above = number % PRINCIPALS if level == 1 else number - width
        anonymous = level == LEVELS - 1
        kind = "anonymous" if anonymous else "person" if level else "state"
        words = ("official", f"an official, number {number}") if anonymous else ("", "")
        yield f"a{number}", f"Actor {number}", kind, f"a{above}" if level else "", *words


def _documents(entries: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    for number in range(max(1, entries // 20)):
        day = _day(chance)
        yield f"d{number}", f"https://example.org/{number}", "press", day, day


def _topics() -> Iterator[Sequence[Any]]:
    for number in range(TOPICS):
        yield f"t{number}", f"Topic {number}", f"t{number % 10}" if number >= 10 else ""


def _entries(entries: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    people = _people(entries)
    for number in range(entries):
        (kind,) = chance.choices(_KINDS, _WEIGHTS)
        said = " ".join(chance.choices(_WORDS, k=9))
        day = (_BEGIN + timedelta(days=number * _DAYS // entries)).isoformat()
        yield f"e{number}", kind, f"a{chance.randrange(people)}", f"Of {said}.", day, day, "day"


def _propositions(entries: int) -> Iterator[Sequence[Any]]:
    yield HOT, "The proposition that everybody speaks of.", "t99"
    for number in range(max(1, entries // 5)):
        yield f"p{number}", f"Possible fact number {number}.", f"t{10 + number % (TOPICS - 10)}"


def _participations(entries: int) -> Iterator[Sequence[Any]]:
    for number in range(0, entries, 10):
        yield f"e{number}", f"a{number % _people(entries)}", "subject"


def _citations(entries: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    documents = max(1, entries // 20)
    for number in range(entries):
        yield f"e{number}", f"d{chance.randrange(documents)}", "primary", "", "", ""
        if number % 5 == 0:
            yield f"e{number}", f"d{chance.randrange(documents)}", "support", "[1]", "", ""


def _stances(entries: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    propositions = max(1, entries // 5)
    for number in range(entries):
        first = number % propositions
        hot = chance.random() < 0.02
        for proposition in (f"p{first}", HOT if hot else f"p{(first + 1) % propositions}"):
            value = -chance.randint(1, 2) if chance.random() < 1 / 201 else chance.randint(1, 2)
            basis = "explicit" if abs(value) > 1 else "inferred"
            yield f"e{number}", proposition, "coder", value, basis


def _links(entries: int, chance: random.Random) -> Iterator[Sequence[Any]]:
    for number in range(5, entries, 5):
        other = number - 1 - chance.randrange(min(number, 1_000))
        relation = chance.choices(
            ("responds_to", "corroborates", "repeats", "concerns", "contradicts"), (4, 3, 1, 1, 0.1)
        )[0]
        yield f"e{number}", f"e{other}", relation, 2, "coder"


def _day(chance: random.Random) -> str:
    return (_BEGIN + timedelta(days=chance.randrange(_DAYS))).isoformat()


if __name__ == "__main__":
    print(json.dumps(write(Path(sys.argv[1]), int(sys.argv[2]))))
