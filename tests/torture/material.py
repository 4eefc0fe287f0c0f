"""Casebooks and dossiers to work on."""

import json
from pathlib import Path
from typing import Any

from torture.ground import Place, do


def dossier(prefix: str, entries: int) -> dict[str, Any]:
    """Return records of every kind, all their refs beginning alike; claims and their denials."""
    named = {name: f"{prefix}-{name}" for name in ("coder", "speaker", "paper", "t", "p", "d")}
    return {
        "claimtrack": 1,
        "asserted_by": named["coder"],
        "actors": [
            {"ref": named["coder"], "name": "Coder", "kind": "person"},
            {"ref": named["speaker"], "name": "Речник", "kind": "person", "aliases": ["Speaker"]},
            {"ref": named["paper"], "name": "Paper", "kind": "outlet"},
        ],
        "topics": [{"ref": named["t"], "name": f"Topic of {prefix}"}],
        "propositions": [{"ref": named["p"], "text": "It is so.", "topic": named["t"]}],
        "documents": [{"ref": named["d"], "publisher": named["paper"], "title": f"On {prefix}"}],
        "entries": [
            {
                "ref": f"{prefix}-{number}",
                "kind": "statement" if number % 2 else "claim",
                "actor": named["speaker"],
                "summary": f"What {prefix} has in its place {number}, said once more at length",
                "date": "2024-01-26",
                "citations": [{"document": named["d"], "role": "primary"}],
                "stances": [{"proposition": named["p"], "value": -2 if number % 2 else 2}],
            }
            for number in range(entries)
        ],
    }


def written(path: Path, prefix: str, entries: int) -> str:
    """Write such a dossier, and return its path."""
    path.write_text(json.dumps(dossier(prefix, entries), indent=1), encoding="utf-8")
    return str(path)


def casebook(place: Place, folder: Path, prefix: str, entries: int) -> str:
    """Make a casebook with such records, some of them changed later."""
    target = place.new()
    do(target, "init")
    do(target, "load", written(folder / f"{prefix}.yaml", prefix, entries))
    do(target, "topic", "edit", f"{prefix}-t", "--name", "Changed")
    do(target, "topic", "add", "Gone", "--ref", f"{prefix}-gone")
    do(target, "topic", "remove", f"{prefix}-gone")
    return target
