"""Small casebooks drawn by chance from a seed, as the plain data of a dossier file.

A seed always gives the same casebook. Names, days and propositions are few, so that entries meet:
they share voices and principals, fall on one day, oppose, reply, repeat and supersede each other.
What is drawn is valid: it loads.
"""

from __future__ import annotations

import random
from typing import Any

Record = dict[str, Any]

ACTORS: list[Record] = [
    {"ref": "aland", "name": "Aland", "kind": "state"},
    {"ref": "al-ministry", "name": "Ministry of Aland", "kind": "organisation", "parent": "aland"},
    {"ref": "arlen", "name": "Ivo Arlen", "kind": "person", "parent": "aland"},
    {"ref": "pell", "name": "Otto Pell", "kind": "person", "parent": "al-ministry"},
    {"ref": "bland", "name": "Bland", "kind": "state"},
    {"ref": "bl-staff", "name": "Staff of Bland", "kind": "organisation", "parent": "bland"},
    {"ref": "cutter", "name": "Hugh Cutter", "kind": "person"},
    {"ref": "institute", "name": "The Institute", "kind": "organisation"},
    {"ref": "coder", "name": "Coders", "kind": "group"},
    {"ref": "paper", "name": "Paper", "kind": "outlet"},
    {"ref": "gazette", "name": "Gazette", "kind": "outlet"},
]
ANONYMOUS: list[Record] = [
    {"ref": "anon-a", "name": "Officials"},
    {"ref": "anon-al", "name": "Sources in Aland", "parent": "aland"},
    {"ref": "anon-al-1", "name": "A source in Aland", "parent": "anon-al"},
]
SIDES = {
    "aland": 3,
    "al-ministry": 2,
    "arlen": 3,
    "pell": 3,
    "bland": 1,
    "bl-staff": 2,
    "cutter": 1,
}
UNNAMED = ["anon-a", "anon-al", "anon-al-1"]
JUDGES = ["coder", "institute"]
TOPICS: list[Record] = [
    {"ref": "war", "name": "War"},
    {"ref": "truce", "name": "Truce", "parent": "war"},
    {"ref": "day", "name": "The day of the attack", "parent": "war", "exclusive": True},
    {"ref": "talks", "name": "Talks"},
]
PROPOSITIONS = {
    "keeps": "truce",
    "day-monday": "day",
    "day-tuesday": "day",
    "secret-talks": "talks",
    "at-war": "war",
}
MEASURES: list[Record] = [
    {"ref": "strikes", "text": "Strikes", "unit": "strikes", "kind": "count", "topic": "truce"},
    {"ref": "troops", "text": "Troops", "unit": "thousand", "kind": "level", "topic": "war"},
]
DAYS = [
    "2025-03-01",
    "2025-03-02",
    "2025-03-18",
    "2025-03-25",
    "2025-04-01",
    "2025-04-20",
    "2025-05-20",
]
LONGER = ["2025-03", "2025-04", "2025-21", "2025", "2025-03-02/2025-04-01", "2025-03-18/2025-05-20"]
HALF_KNOWN = ["../2025-03-18", "2025-03-18/..", "../2025-04-01", "2025-04-01/.."]
MOMENTS = [
    "2025-03-18 05:00+00:00",
    "2025-03-18 16:00+03:00",
    "2025-03-18 20:30+03:00",
    "2025-03-19 00:30+03:00",
    "2025-04-01 08:00Z",
    "2025-03-18 05:00Z/2025-04-01 20:00Z",
    "2025-03-18/2025-04-01 20:00Z",
]
KINDS = {"claim": 5, "statement": 6, "action": 5, "commitment": 3, "assessment": 2, "window": 1}
RELATIONS = {
    "responds_to": 5,
    "repeats": 4,
    "contradicts": 2,
    "reconciles": 3,
    "corroborates": 1,
    "concerns": 1,
    "supersedes": 1,
}
VALUES = {"commitment": [1, 0, 1, 2, 8], "action": [6, 3, 1, 1, 4], "claim": [5, 2, 2, 2, 5]}
ROLES = ["subject", "subject", "addressee", "co_actor", "co_actor"]


def draw_dossier(
    seed: int,
    *,
    entries: int | None = None,
    figures: bool = False,
    times: bool = False,
    unrelated: bool = False,
) -> Record:
    """Draw a casebook of 3 to 14 entries, or of so many.

    `figures`, `times` and `unrelated` add measures and figures, times of day, and links that say
    that a pair has nothing to do with each other. Each leaves the draws of the rest as they are.
    """
    chance = chance_of(seed)
    dossier: Record = {
        "claimtrack": 1,
        "asserted_by": "coder",
        "actors": ACTORS + [anonymous(actor) for actor in ANONYMOUS],
        "documents": draw_documents(chance),
        "topics": TOPICS,
        "propositions": [draw_proposition(chance, ref) for ref in PROPOSITIONS],
    }
    documents = [document["ref"] for document in dossier["documents"]]
    number = entries or chance.randint(3, 14)
    dossier["entries"] = [draw_entry(chance, f"E{each}", documents) for each in range(number)]
    refs = [entry["ref"] for entry in dossier["entries"]]
    dossier["links"] = draw_links(chance, dossier["entries"], documents)
    dossier["grades"] = draw_grades(chance, dossier["entries"])
    if figures:
        dossier["measures"] = MEASURES
        add_figures(chance_of(f"figures {seed}"), dossier["entries"])
    if times:
        add_times(chance_of(f"times {seed}"), dossier["entries"])
    if unrelated:
        one, other = chance_of(f"unrelated {seed}").sample(refs, 2)
        dossier["links"].append({"from": one, "relation": "unrelated", "to": other})
    return dossier


def chance_of(seed: int | str) -> random.Random:
    """Draws that a seed repeats."""
    return random.Random(seed)  # noqa: S311 (no secret is drawn)


def anonymous(actor: Record) -> Record:
    """An anonymous actor with what such an actor must have."""
    return {
        **actor,
        "kind": "anonymous",
        "access": "unspecified",
        "described_as": actor["name"].lower(),
    }


def weighted(chance: random.Random, weights: dict[str, int]) -> str:
    """Draw a key by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def draw_documents(chance: random.Random) -> list[Record]:
    """Draw documents: some dated by halves or not at all, some copies of another."""
    found: list[Record] = []
    for number in range(5):
        document: Record = {
            "ref": f"D{number}",
            "url": f"https://example.org/{number}",
            "publisher": chance.choice(["paper", "gazette", "institute"]),
            "coverage": chance.choice(["listed", "partial", "complete", "complete"]),
        }
        if chance.random() < 0.85:
            document["published"] = chance.choice([*DAYS, "2025-03", *HALF_KNOWN[:2]])
        if number > 2 and chance.random() < 0.4:
            document["canonical"] = f"D{chance.randrange(2)}"
        found.append(document)
    return found


def draw_proposition(chance: random.Random, ref: str) -> Record:
    """Draw a proposition, resolved more often than not."""
    proposition: Record = {"ref": ref, "topic": PROPOSITIONS[ref], "text": f"That is, {ref}"}
    if chance.random() < 0.6:
        proposition["truth"] = chance.random() < 0.5
        proposition["resolved_on"] = chance.choice(DAYS[3:])
    return proposition


def draw_entry(chance: random.Random, ref: str, documents: list[str]) -> Record:
    """Draw an entry with its dates, participants, citations and stances."""
    kind = weighted(chance, KINDS)
    actor = weighted(chance, SIDES)
    if kind == "claim" and chance.random() < 0.75:
        actor = chance.choice(UNNAMED)
    if kind == "assessment" and chance.random() < 0.8:
        actor = "institute"
    entry: Record = {"ref": ref, "kind": kind, "actor": actor, "summary": f"{ref} {kind}"}
    if chance.random() < 0.15:
        entry["on_behalf_of"] = weighted(chance, SIDES)
    entry |= draw_dates(chance, kind)
    participants = {
        (weighted(chance, SIDES), chance.choice(ROLES))
        for _ in range(chance.choice([0, 0, 0, 1, 2]))
    }
    entry["participants"] = [{"actor": actor, "role": role} for actor, role in sorted(participants)]
    entry["citations"] = [
        {
            "document": document,
            "role": chance.choices(["primary", "relay", "support"], [6, 2, 1])[0],
        }
        for document in chance.sample(documents, chance.choice([0, 1, 1, 1, 2]))
    ]
    entry["stances"] = draw_stances(chance, kind, documents)
    return entry


def draw_dates(chance: random.Random, kind: str) -> Record:
    """Draw when it was said or done, and the period it speaks of, with a precision that fits."""
    found: Record = {}
    draw = chance.random()
    if draw < 0.77:
        found["date"] = chance.choice(DAYS)
    elif draw < 0.87:
        found |= {"date": chance.choice(LONGER), "precision": "vague"}
    elif draw < 0.94:
        found |= {"date": chance.choice(HALF_KNOWN), "precision": "vague"}
    often = {"commitment": 0.5, "action": 0.15, "window": 0.1}.get(kind, 0.3)
    if chance.random() < often:
        found["about"] = chance.choice([*DAYS, *LONGER, *LONGER, *HALF_KNOWN])
    return found


def draw_stances(chance: random.Random, kind: str, documents: list[str]) -> list[Record]:
    """Draw stances: few propositions, now and then by two judges, some inferred or conditional."""
    number = chance.choice([0, 1, 1, 1, 2, 2, 3]) if kind != "window" else chance.choice([0, 0, 1])
    found = []
    weights = [4, 1, 2, 1, 1] if chance.random() < 0.9 else [1, 1, 1, 1, 1]
    for proposition in dict.fromkeys(chance.choices(list(PROPOSITIONS), weights, k=number)):
        judges = chance.choice([["coder"], ["coder"], ["coder"], ["institute"], JUDGES])
        for judge in judges:
            stance: Record = {
                "proposition": proposition,
                "asserted_by": judge,
                "value": chance.choices([-2, -1, 0, 1, 2], VALUES.get(kind, VALUES["claim"]))[0],
                "basis": chance.choices(["explicit", "inferred"], [4, 1])[0],
            }
            if chance.random() < (0.3 if kind == "commitment" else 0.07):
                stance["condition"] = chance.choice(["if asked", "as long as Bland does"])
            if chance.random() < 0.1:
                stance["hedge"] = "perhaps"
            if chance.random() < 0.1:
                stance["document"] = chance.choice(documents)
            found.append(stance)
    return found


def draw_links(chance: random.Random, entries: list[Record], documents: list[str]) -> list[Record]:
    """Draw links, several on some pairs, of both judges.

    `supersedes` leads to lower numbers; more often than not a statement is what replies, and an
    assessment what concerns another entry. Now and then an entry repeats two others.
    """
    found: dict[tuple[str, ...], Record] = {}
    for _ in range(chance.randint(0, len(entries) + 4)):
        one, other = draw_near(chance, entries, 2)
        for relation in {
            weighted(chance, RELATIONS): None for _ in range(chance.choice([1, 1, 2]))
        }:
            pair = [one, other]
            if relation == "supersedes":
                pair.sort(key=entries.index, reverse=True)
            elif chance.random() < 0.7:
                kind = {"responds_to": "statement", "concerns": "assessment"}.get(relation)
                pair.sort(key=lambda entry: entry["kind"] != kind)
            source, target = (entry["ref"] for entry in pair)
            for judge in chance.choice([["coder"], ["coder"], ["institute"], JUDGES]):
                link: Record = {
                    "from": source,
                    "relation": relation,
                    "to": target,
                    "asserted_by": judge,
                    "strength": chance.choices([1, 2], [1, 2])[0],
                }
                if chance.random() < 0.1:
                    link["document"] = chance.choice(documents)
                found[(*sorted((source, target)), relation, judge)] = link
    if len(entries) > 3 and chance.random() < 0.25:
        whole, *parts = draw_near(chance, entries, 3)
        for part in parts:
            link = {"from": whole["ref"], "relation": "repeats", "to": part["ref"], "strength": 2}
            one, other = sorted((whole, part), key=lambda entry: str(entry["ref"]))
            key = (one["ref"], other["ref"], "repeats", "coder")
            found[key] = {**link, "asserted_by": "coder"}
    return list(found.values())


def draw_near(chance: random.Random, entries: list[Record], number: int) -> list[Record]:
    """Draw entries; more often than not they speak of a proposition of the first one."""
    first = chance.choice(entries)
    spoken_of = {stance["proposition"] for stance in first["stances"]}
    others = [entry for entry in entries if entry is not first]
    near = [
        entry
        for entry in others
        if any(stance["proposition"] in spoken_of for stance in entry["stances"])
    ]
    enough = len(near) >= number - 1 and chance.random() < 0.7
    return [first, *chance.sample(near if enough else others, number - 1)]


def draw_grades(chance: random.Random, entries: list[Record]) -> list[Record]:
    """Draw grades of claims, some by two judges on one day."""
    found: dict[tuple[str, str, str], Record] = {}
    for entry in entries:
        if entry["kind"] != "claim":
            continue
        for _ in range(chance.choice([0, 0, 1, 2])):
            judge, day = chance.choice(JUDGES), chance.choice(DAYS[2:4])
            found[entry["ref"], judge, day] = {
                "entry": entry["ref"],
                "graded_by": judge,
                "graded_on": day,
                "reliability": chance.choice("ABF"),
                "credibility": chance.choice([1, 2, 6]),
            }
    return list(found.values())


def add_figures(chance: random.Random, entries: list[Record]) -> None:
    """Add figures to most entries: open ranges, hedges, two judges."""
    for entry in entries:
        figures = []
        for measure in chance.sample(["strikes", "troops"], chance.choice([0, 1, 1, 2])):
            for judge in chance.choice([["coder"], ["coder"], JUDGES]):
                low, high = sorted(chance.choices([10, 30, 45, 80, 120], k=2))
                bounds = chance.choice([(low, high), (low, high), (low, low), (low, None)])
                figure: Record = {"measure": measure, "asserted_by": judge}
                figure["low"], figure["high"] = bounds if chance.random() < 0.85 else (None, high)
                figure["basis"] = chance.choices(["explicit", "inferred"], [4, 1])[0]
                if chance.random() < 0.2:
                    figure["hedge"] = "about"
                if chance.random() < 0.15:
                    figure["condition"] = "if asked"
                figures.append(figure)
        entry["figures"] = figures


def add_times(chance: random.Random, entries: list[Record]) -> None:
    """Give the dates of some entries, and the periods of some, a time of day."""
    for entry in entries:
        if chance.random() < 0.5:
            entry["date"] = chance.choice(MOMENTS)
            entry["precision"] = chance.choice(["minute", "minute", "hour"])
        if chance.random() < 0.3:
            entry["about"] = chance.choice(MOMENTS)


# ── Options ─────────────────────────────────────────────────────────────────────────────────────


def draw_options(seed: int, *, figures: bool = False) -> Record:
    """Draw the options of a report, by the names of the interface: most often one or two.

    `figures` draws the filter on measures as well.
    """
    chance = chance_of(f"options {seed}")
    draws: Record = {
        "known_by": chance.choice(DAYS[1:]),
        "asserted_by": chance.choice(JUDGES),
        "include_superseded": True,
        "include_reconciled": True,
        "kind": chance.choice([*KINDS, *KINDS, "assessment"]),
        "actor": chance.choice(["aland", "al-ministry", "pell", "bland", "anon-al"]),
        "principal": chance.choice(["aland", "bland", "cutter"]),
        "source": chance.choice(["paper", "D0", "D1"]),
        "since": chance.choice(DAYS),
        "until": chance.choice(DAYS),
        "affirming": True,
        "denying": True,
        "topic": chance.choice(["war", "truce", "day"]),
        "proposition": chance.choice(list(PROPOSITIONS)),
        "min_strength": chance.choice([1, 2]),
    }
    if figures:
        draws["measure"] = chance.choice(["strikes", "troops"])
    names = chance.sample(sorted(draws), chance.choice([0, 1, 1, 2, 2, 3]))
    return {name: draws[name] for name in names}


def draw_pair_options(seed: int) -> Record:
    """Draw one or two of the options that only the contradictions report has."""
    chance = chance_of(f"pairs {seed}")
    draws: Record = {
        "class": chance.choice(["breach", "denial", "reversal", "dispute", "at_odds_with_action"]),
        "status": chance.choice(["disputed", "confirmed", "linked", "derived"]),
        "timing": chance.choice(["certain", "possible"]),
        "subject_kind": chance.choice(list(KINDS)),
        "counter_kind": chance.choice(list(KINDS)),
        "max_days": chance.choice([0, 3, 20]),
        "min_days": chance.choice([-20, 0, 1]),
        "within_principal": chance.choice(["aland", "bland"]),
    }
    names = chance.sample(sorted(draws), chance.choice([1, 1, 2]))
    return {name: draws[name] for name in names}
