"""The profiles of UCDP, ACLED and VIINA, which ship: what their events become."""

import re
from pathlib import Path

from commandline import CommandLine
from exchange.imports.row_imports import cited, listed


def test_events_of_ucdp_keep_their_bounds_and_no_perpetrator_is_invented(
    line: CommandLine, tmp_path: Path
) -> None:
    header = (
        "id,type_of_violence,dyad_name,side_a,side_b,source_article,where_description,adm_1,"
        "latitude,longitude,country,date_prec,date_start,date_end"
    )
    articles = '"""Agency,2014-05-03,One, and ""two"""";""Paper,2014-05-04,Three"""'
    rows = [
        f"7,1,Government of A - B,Government of A,B,{articles},near X,North,50.5,30.25,U,2,"
        "05/02/2014 00:00,5/3/2014 12:00:00 AM",
        "8,3,Government of A - Civilians,Government of A,Civilians,no article,,North,1,2,U,4,"
        "10/13/2014 12:00:00 AM,11/12/2014 12:00:00 AM",
    ]
    path = tmp_path / "ged.csv"
    path.write_bytes("\n".join([header, *rows, ""]).replace("near X", "near Xé").encode("cp1252"))
    line.does("import", "ucdp-ged", str(path))
    one, other = listed(line, "action", "list")
    kept = ("actor", "date_from", "date_to", "summary")
    assert [one[key] for key in kept] == [
        "government-of-a-b",
        "2014-05-02",
        "2014-05-03",
        "Government of A against B at near Xé",
    ]
    assert [other[key] for key in kept[:3]] == ["government-of-a", "2014-10-13", "2014-11-12"]
    dumped = line.does("dump")
    assert "{actor: civilians, role: target}" in dumped
    assert "{actor: b, role: co_actor}" in dumped
    assert "{actor: government-of-a, role: co_actor}" in dumped
    assert "precision: vague" in dumped
    assert "date_text: within a month (UCDP date_prec 4)" in dumped
    assert dumped.count("action_code: ASSAULT") == 2
    titles = {row["title"] for row in listed(line, "document", "list")}
    assert {'One, and "two"', "Three", "no article"} <= titles
    assert "stances" not in dumped
    assert {row[2] for row in cited(line)} == {"7", "8"}


def test_events_of_acled_have_the_dyad_for_their_actor_in_either_order(
    line: CommandLine, tmp_path: Path
) -> None:
    header = (
        "event_id_cnty,event_date,time_precision,sub_event_type,actor1,actor2,country,admin1,"
        "location,latitude,longitude,source,notes"
    )
    rows = [
        "U1,26 May 2024,1,Air/drone strike,Side A,Side B,U,North,Town,50,36,One; Two,First",
        "U2,26/05/2024 00:00:00,3,Armed clash,Side B,Side A,U,,Town,50,36,One,",
        "U3,2024-05-26,2,Peaceful protest,Side A,,U,,Town,50,36,One,Third",
    ]
    path = tmp_path / "acled.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    line.does("import", "acled", str(path))
    found = [
        (row["actor"], row["date_from"], row["date_to"]) for row in listed(line, "action", "list")
    ]
    assert found == [
        ("side-a-side-b", "2024-05-26", "2024-05-26"),
        ("side-a-side-b", "2024-05-01", "2024-05-31"),
        ("side-a", "2024-05-20", "2024-06-01"),
    ]
    dumped = line.does("dump")
    assert (dumped.count("role: co_actor"), dumped.count("role: target")) == (4, 0)
    assert re.findall(r"action_code: (\S+)", dumped) == ["ASSAULT", "ASSAULT", "PROTEST"]


def test_events_of_viina_have_nobody_for_their_actor(line: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "viina.csv"
    path.write_text(
        "event_id,date,asciiname,ADM1_NAME,ADM2_NAME,address,longitude,latitude,source,url,text,"
        "lang\n5,20240526,Town,North,,,36.2,50.0,paper,https://example.org/1,Обстріл,ua\n",
        encoding="utf-8",
    )
    line.does("import", "viina", str(path))
    [row] = listed(line, "action", "list")
    assert (row["ref"], row["actor"], row["date_from"]) == (
        "viina-5",
        "viina-unattributed",
        "2024-05-26",
    )
    [actor] = listed(line, "actor", "show", "viina-unattributed")
    assert actor["kind"] == "anonymous"
    assert "language: uk" in line.does("dump")
