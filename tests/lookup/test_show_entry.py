"""An entry that is shown: its fields, what speaks for and against it, and its history."""

from datetime import date
from typing import Any

from casebook import Casebook
from claimtrack import changes
from claimtrack.lookup import (
    show,
)
from claimtrack.lookup.rows import AssertedRow, BearingRow, LinkedRow
from lookup.shown_records import row_of, sections


def against(ref: str, by: str, how: str, summary: str, **given: Any) -> BearingRow:
    """A row of what speaks against the claim of `log_world`."""
    usual: dict[str, Any] = {
        "actor": "putin",
        "status": "derived",
        "timing": None,
        "time_from": None,
        "time_to": None,
        "strength": 2,
        "basis": "explicit",
        "propositions": ("ready",),
        "measures": (),
        "conditions": (),
        "asserted_by": ("coder",),
        "links": (),
    }
    return BearingRow(ref=ref, by=by, how=how, summary=summary, **{**usual, **given})


def test_a_claim_is_shown_as_a_dossier(world: Casebook) -> None:
    world.claim("C-2", actor="source", date="2024-02-02", summary="As well.", affirms="ready")
    world.assessment("J-1", actor="isw", summary="Not so.", date="2024-04-01", denies="ready")
    world.statement("S-2", actor="putin", summary="Yes.", date="2024-01-05", affirms="ready")
    world.link("C-1", "corroborates", "C-2", strength=1, rationale="The same words.")
    shown = show(world.session, "claim", "C-1", with_history=True)
    assert shown.title == "claim C-1"
    assert dict(shown.fields) == {
        "summary": "He is ready.",
        "who": "A source (source)",
        "described as": "a source",
        "principal": "Russia (russia)",
        "when": "2024-01",
    }
    found = sections(shown)
    assert list(found) == [
        "Asserts",
        "Speaks for it",
        "Speaks against it",
        "Links",
        "Grades",
        "Footnotes",
        "History",
    ]
    assert [(row.proposition, row.value) for row in found["Asserts"]] == [("over", 0), ("ready", 2)]
    assert [(row.by, row.ref, row.how, row.links) for row in found["Speaks for it"]] == [
        ("words", "S-2", "same side", ()),
        (
            *("sources", "C-2", "same side, corroborates"),
            ("corroborates 1 by coder: The same words.",),
        ),
    ]
    day, march, april = date(2024, 2, 1), date(2024, 3, 5), date(2024, 4, 1)
    assert found["Speaks against it"] == (
        against(
            *("J-1", "assessments", "assessed_against", "Not so."),
            actor="isw",
            date_from=april,
            date_to=april,
            days=61,
        ),
        against(
            *("A-1", "deeds", "at_odds_with_action", "An offensive."),
            date_from=march,
            date_to=march,
            days=34,
            basis="inferred",
            asserted_by=("coder", "isw"),
        ),
        against("S-1", "words", "denial", "No.", date_from=day, date_to=day, days=1, strength=1),
    )
    assert [row.graded_by for row in found["Grades"]] == ["isw"]
    assert [row.document_ref for row in found["Footnotes"]] == ["D-1"]
    assert [(row.how, row.ref) for row in found["Links"]] == [
        ("supersedes", "C-0"),
        ("answered by", "S-1"),
    ]
    assert [row.record for row in found["History"]] == [
        "entry C-1",
        "citation C-1/D-1///",
        "stance C-1/ready/coder",
        "stance C-1/over/isw",
        "link S-1/responds_to/C-1/coder",
        "link C-1/supersedes/C-0/isw",
        "grade C-1/isw/2024-01-01",
        "link C-1/corroborates/C-2/coder",
    ]


def test_an_entry_shows_every_field_that_it_has(world: Casebook) -> None:
    world.actor("envoy", name="An envoy").actor("eu", name="European Union")
    world.entry(
        "action",
        "A-9",
        actor="putin",
        on_behalf_of="eu",
        capacity="president",
        summary="A strike.",
        date_from="2024-05-01",
        date_text="in spring",
        about="2024-05",
        place="Kharkiv",
        action_code="ASSAULT:drone",
        latitude=50.0,
        longitude=36.25,
        participants=[
            {"actor": "envoy", "role": "intermediary"},
            {"actor": "isw", "role": "co_actor"},
        ],
    )
    world.document("D-3", publisher="isw", published="2024-01-01")
    world.cite("A-9", "D-3", role="relay").cite("A-9", "D-1", exact="boom", wording="verbatim")
    assert show(world.session, "entry", "A-9").fields == (
        ("summary", "A strike."),
        ("who", "Vladimir Putin (putin)"),
        ("in the capacity of", "president"),
        ("on behalf of", "European Union (eu)"),
        ("principal", "European Union (eu)"),
        ("co-actor", "ISW (isw)"),
        ("intermediary", "An envoy (envoy)"),
        ("when", '2024-05-01/.. ("in spring")'),
        ("about", "2024-05"),
        ("where", "Kharkiv"),
        ("action code", "ASSAULT:drone"),
        ("coordinates", "50.0, 36.25"),
    )


def test_a_record_keeps_its_columns_by_their_own_names(world: Casebook) -> None:
    shown = show(world.session, "claim", "C-1")
    assert (shown.table, shown.record["actor"], shown.record["on_behalf_of"]) == (
        "entry",
        "source",
        None,
    )
    assert (shown.record["date_from"], shown.record["participants"]) == (date(2024, 1, 1), [])
    assert "Settles" in shown.headings
    assert show(world.session, "actor", "putin").record["aliases"] == ["Путин"]


def test_an_asserted_row_keeps_the_words_and_the_hedges(world: Casebook) -> None:
    hedged = {"hedge": "may", "likelihood": "likely", "confidence": "low", "condition": "if asked"}
    world.stance("A-1", "over", 1, rationale="Because.", **hedged)
    found = sections(show(world.session, "action", "A-1"))["Asserts"]
    assert found[0] == AssertedRow(
        proposition="over",
        text="It is over.",
        value=1,
        basis="explicit",
        hedge="may",
        condition="if asked",
        likelihood="likely",
        confidence="low",
        asserted_by="coder",
        rationale="Because.",
    )


def test_what_speaks_for_a_denial_denies_as_well(world: Casebook) -> None:
    found = sections(show(world.session, "statement", "S-1"))
    assert [(row.ref, row.by, row.strength) for row in found["Speaks for it"]] == [
        ("A-1", "deeds", 1)
    ]
    assert [(row.ref, row.by) for row in found["Speaks against it"]] == [("C-1", "sources")]


def test_what_is_reconciled_comes_last_and_is_marked(world: Casebook) -> None:
    for judge in ("coder", "isw"):
        world.link("A-1", "reconciles", "C-1", judge=judge)
    found = sections(show(world.session, "claim", "C-1"))
    assert [(row.ref, row.status) for row in found["Speaks against it"]] == [
        ("S-1", "derived"),
        ("A-1", "reconciled"),
    ]
    assert [row.ref for row in found["Links"]] == ["C-0", "S-1"]


def test_what_opposes_nothing_and_is_reconciled_all_the_same_speaks_against_nothing(
    world: Casebook,
) -> None:
    world.claim("C-2", affirms="ready").link("C-1", "reconciles", "C-2")
    found = sections(show(world.session, "claim", "C-2"))
    assert [row.ref for row in found["Speaks against it"]] == ["A-1", "S-1"]
    assert [(row.how, row.ref) for row in found["Links"]] == [("reconciles", "C-1")]


def test_a_link_is_in_one_section(world: Casebook) -> None:
    world.claim("C-2", affirms="ready").link("C-1", "corroborates", "C-2", judge="isw")
    world.link("C-1", "contradicts", "S-1", judge="isw", rationale="Plainly.")
    found = sections(show(world.session, "claim", "C-1"))
    told = {row.ref: row.links for row in found["Speaks against it"]}
    assert told == {"A-1": (), "S-1": ("contradicts 2 by isw: Plainly.",)}
    assert [row.links for row in found["Speaks for it"]] == [("corroborates 2 by isw",)]
    assert {row.how for row in found["Links"]} == {"supersedes", "answered by"}


def test_a_link_with_what_is_superseded_stays_a_link(world: Casebook) -> None:
    world.claim("C-2").claim("C-3").link("C-3", "supersedes", "C-2")
    world.link("C-1", "contradicts", "C-2").link("C-1", "corroborates", "C-2", judge="isw")
    found = sections(show(world.session, "claim", "C-1"))
    assert "Speaks for it" not in found
    assert [(row.how, row.ref) for row in found["Links"]] == [
        ("supersedes", "C-0"),
        ("answered by", "S-1"),
        ("contradicts", "C-2"),
        ("corroborates", "C-2"),
    ]


def test_the_strongest_come_first_and_assessments_behind_what_is_as_strong(
    world: Casebook,
) -> None:
    for ref, kind, value, day in (
        *(("J-1", "assessment", -2, "2024-01-01"), ("S-2", "statement", -2, "2024-05-01")),
        *(("S-3", "statement", -1, "2024-01-01"), ("C-3", "claim", -2, "2024-06-01")),
        *(("J-4", "assessment", 2, "2024-01-01"), ("C-4", "claim", 2, "2024-06-01")),
    ):
        world.entry(kind, ref, stances={"ready": value}, date=day, actor="isw")
    found = sections(show(world.session, "claim", "C-1"))
    assert [row.ref for row in found["Speaks for it"]] == ["C-4", "J-4"]
    refs = [row.ref for row in found["Speaks against it"]]
    assert refs == ["C-3", "S-2", "J-1", "A-1", "S-1", "S-3"]


def test_superseded_entries_speak_neither_for_nor_against(world: Casebook) -> None:
    world.stance("C-0", "ready", 2).claim("C-7", denies="ready").claim("C-8", denies="ready")
    world.link("C-8", "supersedes", "C-7")
    found = sections(show(world.session, "claim", "C-1"))
    assert "Speaks for it" not in found
    assert [row.ref for row in found["Speaks against it"]] == ["C-8", "A-1", "S-1"]


def test_a_superseded_entry_shows_what_opposed_it(world: Casebook) -> None:
    shown = show(world.stance("C-0", "ready", 2).session, "claim", "C-0")
    found = sections(shown)
    assert [row.ref for row in found["Speaks against it"]] == ["A-1", "S-1"]
    commands = {section.heading: section.command for section in shown.sections}
    listing = "claimtrack report contradictions --entry C-0 --include-superseded"
    assert commands["Speaks against it"] == listing
    assert found["Links"] == (
        LinkedRow(
            how="superseded by",
            ref="C-1",
            kind="claim",
            actor="source",
            summary="He is ready.",
            strength=2,
            asserted_by="isw",
            rationale=None,
        ),
    )


def test_an_entry_shows_what_it_settles(world: Casebook) -> None:
    changes.put(
        world.session,
        row_of("proposition", ref="over", text="It is over.", topic="war", truth=False),
    )
    found = sections(show(world.session, "action", "A-1"))
    assert [row.ref for row in found["Settles"]] == ["over"]


def test_an_entry_alone_shows_its_history_where_that_is_wanted(case: Casebook) -> None:
    case.window("W-1", summary="A vote.")
    shown = show(case.session, "window", "W-1", with_history=True)
    assert shown.fields == (("summary", "A vote."), ("who", "Actor speaker (speaker)"))
    assert [section.heading for section in shown.sections] == ["History"]
    shown = show(case.session, "window", "W-1")
    assert (shown.sections, "History" in shown.headings) == ((), False)


def test_of_each_section_so_many_rows_are_taken_and_all_are_counted(world: Casebook) -> None:
    for number in range(5):
        ref = f"C-5{number}"
        world.claim(
            ref, actor="putin", stances={"ready": 2}, cites="D-2", date=f"2024-05-1{number}"
        )
    for noun, ref, heading, expected in (
        ("claim", "C-1", "Speaks for it", (["C-50", "C-51"], 5)),
        ("actor", "putin", "Entries", (["S-1", "A-1"], 7)),
        ("document", "D-2", "Cited for", (["C-50", "C-51"], 6)),
        ("proposition", "ready", "Affirmed", (["C-1", "C-50"], 6)),
    ):
        [section] = [
            one for one in show(world.session, noun, ref, most=2).sections if one.heading == heading
        ]
        refs = [
            getattr(row, "ref", "") or getattr(row, "entry", "") or row.entry_ref
            for row in section.rows
        ]
        assert (refs, section.total) == expected
