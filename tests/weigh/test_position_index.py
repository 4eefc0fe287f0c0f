"""The steps of many words, which a few of them decide."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from claimtrack.facts import Moment, Span, Utterance
from claimtrack.weigh.position_index import PositionIndex
from claimtrack.weigh.position_steps import Position, Step, find_step

STATE, KREMLIN, PESKOV, PUTIN, OTHER, ALLY = 10, 11, 12, 13, 20, 21
PEOPLE = [
    ({STATE}, {STATE}, STATE),
    ({KREMLIN}, {KREMLIN, STATE}, STATE),
    ({PESKOV}, {PESKOV, KREMLIN, STATE}, STATE),
    ({PUTIN}, {PUTIN, STATE}, STATE),
    ({ALLY}, {ALLY, OTHER}, OTHER),
    ({KREMLIN, ALLY}, {KREMLIN, STATE, ALLY, OTHER}, STATE),
    ({ALLY, PUTIN}, {ALLY, OTHER, PUTIN, STATE}, OTHER),
    *(({minister}, {minister, OTHER}, OTHER) for minister in range(30, 37)),
]
"""The voices of words, those with all above them, and the principal."""
DAYS = [4, 30, 300]
"""Over how many days words are spread."""


def moment(chance: random.Random, day: int, zones: list[int]) -> Moment:
    """A day, or where there are zones now and then an hour of it."""
    if not zones or chance.random() < 0.5:
        return Moment(date(2025, 1, 1) + timedelta(days=day))
    minutes = chance.choice([0, 30, 720, 1410])
    instant = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day, minutes=minutes)
    return Moment((instant + timedelta(hours=chance.choice(zones))).date(), instant)


def draw_span(chance: random.Random, days: int, zones: list[int]) -> Span:
    """A date: most often a day, now and then longer, or known at one end, or not at all."""
    day = chance.randrange(days)
    first = moment(chance, day, zones)
    last = moment(chance, day + chance.choice([0, 0, 0, 0, 1, 5, 60]), zones)
    if first.day > last.day or (first.instant and last.instant and first.instant > last.instant):
        last = first
    first_known, last_known = chance.choices(
        [(True, True), (False, True), (True, False), (False, False)], [8, 1, 1, 1]
    )[0]
    return Span(first if first_known else None, last if last_known else None)


def draw_words(seed: str, zones: list[int]) -> list[Position]:
    chance = random.Random(seed)  # noqa: S311 (no secret is drawn)
    days = chance.choice(DAYS)
    words = []
    for key in range(chance.choice([3, 13, 20, 60])):
        voices, above, principal = chance.choice(PEOPLE)
        spoken = Utterance(
            key, draw_span(chance, days, zones), frozenset(voices), frozenset(above), principal
        )
        words.append(Position(spoken, chance.choice([-2, -1, 0, 0, 1, 1, 1, 2])))
    return words


@pytest.mark.parametrize(
    "zones",
    [
        pytest.param([], id="days"),
        pytest.param([0], id="hours of one zone"),
        pytest.param([-11, 0, 3, 13], id="hours of several zones"),
    ],
)
def test_the_step_is_that_from_all_the_words(zones: list[int]) -> None:
    found = set()
    for seed in range(60):
        words = draw_words(f"{zones} {seed}", zones)
        index = PositionIndex(words)
        for word in words:
            expected = find_step(word, [other for other in words if other is not word])
            assert index.find_step(word.entry.id) == expected, seed
            found.add(expected)
    assert found == {None, *Step}


@dataclass(frozen=True)
class Watched:
    """What somebody said, which counts how often its date is looked at."""

    id: int
    day: int
    looked_at: list[int]
    voices: frozenset[int]
    ancestry: frozenset[int]
    principal: int = STATE

    @property
    def date(self) -> Span:
        """A day, and one more look at it."""
        self.looked_at[0] += 1
        day = Moment(date(2022, 1, 1) + timedelta(days=self.day))
        return Span(day, day)


@pytest.mark.parametrize(
    ("days", "spokesmen"),
    [
        pytest.param(10_000, 0, id="one voice"),
        pytest.param(10_000, 500, id="an office and many spokesmen"),
        pytest.param(10, 0, id="few days"),
        pytest.param(1, 0, id="one day"),
    ],
)
def test_each_of_many_words_is_compared_with_few(days: int, spokesmen: int) -> None:
    chance, count = random.Random(1), 2_000  # noqa: S311 (no secret is drawn)
    looked_at, words = [0], []
    for key in range(count):
        voice = frozenset({100 + key % spokesmen if spokesmen and key % 2 else STATE})
        watched = Watched(key, chance.randrange(days), looked_at, voice, voice | {STATE})
        words.append(Position(watched, chance.randint(-2, 2)))
    index = PositionIndex(words)
    for word in words:
        index.find_step(word.entry.id)
    assert looked_at[0] < 1_000 * count
