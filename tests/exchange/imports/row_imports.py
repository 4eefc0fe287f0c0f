"""A profile and rows for imports by the command line, and what has been imported."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from commandline import CommandLine

PROFILE = """\
claimtrack_profile: 1
name: mine
about: Estimates of a spreadsheet
format: csv
optional: [place]
dates: {day_first: true}
actors:
  who: {name: "{source}", kind: organisation}
  site: {name: {from: "{url}", pattern: "https?://([^/]+)"}, kind: outlet}
documents:
  page: {ref: {from: page-, digest: ["{url}"]}, publisher: site, url: "{url}", title: "{title}"}
records:
  - make: claim
    ref: "mine-{id}"
    actor: who
    summary: "{source} says {what}"
    date: "{day}"
    participants: [{actor: who, role: subject, when: {own: "yes"}}]
    citations: [{document: page, role: primary, label: "{id}"}]
"""
HEADER = "id,source,what,day,url,title,own"
ROWS = (
    "1,CIA,60000,17/9/2024,https://a.example/1,First,yes",
    "2,MoD,70000,05/02/2024,https://a.example/1,First,no",
    "3,Mod,80000,2024,https://b.example/2,Second,no",
)


def written(folder: Path, rows: Sequence[str] = ROWS, name: str = "rows.csv") -> str:
    """Write rows to a CSV file with the header of the profile: its path."""
    path = folder / name
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return str(path)


def listed(line: CommandLine, *words: str) -> list[dict[str, Any]]:
    """Return the rows that a command prints as JSON."""
    rows: list[dict[str, Any]] = json.loads(line.does(*words, "--format", "json"))
    return rows


def cited(line: CommandLine) -> list[tuple[Any, ...]]:
    """Return where each entry is cited from, as the report on citations has it."""
    rows = listed(line, "report", "citations")
    return [(row["entry_ref"], row["url"], row["label"], row["publisher"]) for row in rows]


REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://facts.example/1",
    "datePublished": "2024-05-02",
    "claimReviewed": "The bridge is gone",
    "author": {"@type": "Organization", "name": "Desk"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "Ivan"},
        "datePublished": "2024-05-01",
        "appearance": [{"url": "https://post.example/1"}],
    },
    "reviewRating": {"ratingValue": "1", "worstRating": 1, "bestRating": 5, "alternateName": "No"},
}
