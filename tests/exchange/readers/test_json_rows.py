"""Rows of JSON under whatever key, their numbers, and the JSON-LD of saved pages."""

import json
from pathlib import Path

import pytest

from claimtrack.errors import InvalidRecords
from claimtrack.exchange.imports.profile_files import read_profile
from claimtrack.exchange.imports.profiles import Profile
from claimtrack.exchange.imports.row_files import open_rows
from claimtrack.exchange.notes import Notes
from commandline import CommandLine
from conftest import NewTarget
from exchange.readers.read_rows import profile_of, read, refusal, rows_of

ONE, TWO = {"id": 1, "what": "a"}, {"id": 2, "what": "b"}
JSON = profile_of("json")


def saved(folder: Path, content: object, name: str = "f.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def under(rows: str) -> Profile:
    return profile_of("json", rows=rows)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param({"id": 9, "messages": [ONE, TWO]}, "messages", id="a key"),
        pytest.param({"messages": [ONE, TWO], "id": 9}, "messages", id="before other keys"),
        pytest.param({"data": {"after": 7, "children": [ONE, TWO]}}, "data.children", id="a path"),
        pytest.param({"x": {"children": [ONE]}, "y": [{"children": [TWO]}]}, "children", id="deep"),
        pytest.param(
            {"chats": {"list": [{"messages": [ONE]}, {"no": 1}, {"messages": [TWO]}]}},
            "chats.list.messages",
            id="a path through lists",
        ),
        pytest.param([{"messages": [ONE]}, {"messages": [TWO]}], "messages", id="in a list"),
        pytest.param({"items": [ONE, TWO]}, "items", id="a key that is read without being named"),
        pytest.param({"hits": {"hits": [ONE, TWO]}}, "hits.hits", id="twice the same key"),
        pytest.param({"a": {"one": ONE}, "b": {"one": TWO}}, "one", id="an object, not a list"),
        pytest.param(
            {"x": [{"@type": "Claim", **ONE}, {"@type": "s:Claim", **TWO}]}, "Claim", id="a type"
        ),
    ],
)  # fmt: skip
def test_rows_are_found_under_the_key_or_path_or_type_that_the_profile_names(
    tmp_path: Path, content: object, rows: str
) -> None:
    found = read(saved(tmp_path, content), under(rows))
    assert [row[1:] for row in found] == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize(
    ("content", "rows", "told"),
    [
        pytest.param({"messages": [ONE], "replies": [TWO], "none": []}, "messages",
                     ["replies is not one of the records"], id="another list"),
        pytest.param({"of": 2, "data": {"more": True, "list": [ONE]}}, "data.list",
                     ["more is not one of the records", "of is not one of the records"],
                     id="on each level of a path"),
        pytest.param({"items": [ONE], "total": 7}, None,
                     ["total is not one of the records"], id="without rows"),
        pytest.param([{"@type": "Claim", **ONE}, 5, None], "Claim", ["record '5' is none"],
                     id="what is no object"),
        pytest.param({"@type": "WebPage", "name": "x"}, "Claim",
                     ["@type 'WebPage' is not a Claim"], id="another type"),
    ],
)  # fmt: skip
def test_what_stands_beside_the_records_is_noted(
    tmp_path: Path, content: object, rows: str | None, told: list[str]
) -> None:
    notes = Notes()
    content = [content, {"@type": "Claim", **ONE}] if told[0].startswith("@") else content
    profile = under(rows) if rows else JSON
    with open_rows(saved(tmp_path, content), profile, notes) as feed:
        assert len(list(feed.rows)) == 1
    assert [note.partition(",")[0].partition(":")[0] for note in notes.lines()] == told


def test_an_empty_list_under_the_key_has_no_rows(tmp_path: Path) -> None:
    contents: list[object] = [{"messages": []}, {"data": {"messages": []}}, [{"messages": []}]]
    for content in contents:
        assert rows_of(saved(tmp_path, content), under("messages")) == []


def test_what_is_no_record_under_the_key_is_told(tmp_path: Path) -> None:
    rows = rows_of(saved(tmp_path, {"messages": [ONE, "x", 7]}), under("messages"))
    assert [row.fault for row in rows] == ["", *["it is not a record: write {...}"] * 2]


def test_the_lists_of_an_object_are_named_where_the_key_is_not_there(tmp_path: Path) -> None:
    content = {"posts": [ONE, TWO], "meta": {"users": [ONE], "tags": ["x"]}, "n": []}
    assert refusal(saved(tmp_path, content), under("messages")) == (
        "f.json:1: there is no messages in the file: neither an @type messages nor a list under "
        "the key messages; its lists of objects are posts (2), meta.users (1): name one as 'rows' "
        "in the profile"
    )


@pytest.mark.parametrize(
    ("content", "ids"),
    [
        pytest.param({"id": 5, "messages": [ONE, TWO]}, ["1", "2"], id="more columns in the list"),
        pytest.param({"x": [{"id": 7}], "messages": [ONE, TWO]}, ["1", "2"], id="the best list"),
        pytest.param({"id": 5, "what": "c", "parts": [ONE]}, ["5"], id="all in the object"),
        pytest.param({"id": 5, "what": [ONE, TWO]}, ["5"], id="the list is a column"),
        pytest.param({"items": [ONE], "others": [TWO]}, ["1"], id="a list that is always read"),
    ],
)
def test_without_a_key_the_rows_are_where_the_columns_of_the_profile_are(
    tmp_path: Path, content: object, ids: list[str]
) -> None:
    assert [str(row.cells["id"]) for row in rows_of(saved(tmp_path, content), JSON)] == ids


@pytest.mark.parametrize(
    "content",
    [
        pytest.param({"a": [ONE], "b": [TWO, TWO]}, id="two that fit"),
        pytest.param({"x": 1, "a": [{"y": 1}], "b": [{"y": 1}] * 2}, id="none that fits"),
    ],
)
def test_where_the_rows_are_is_asked_if_it_is_not_clear(tmp_path: Path, content: object) -> None:
    assert refusal(saved(tmp_path, content), JSON) == (
        "f.json:1: which of the lists in this object holds the rows is not clear; its lists of "
        "objects are a (1), b (2): name one as 'rows' in the profile"
    )


def test_a_list_under_a_key_may_be_longer_than_a_record(tmp_path: Path) -> None:
    long = [{"id": n, "what": "x" * 1_000_000} for n in range(18)]
    path = saved(tmp_path, {"name": "n", "messages": long})
    assert len(rows_of(path, under("messages"))) == len(rows_of(path, JSON)) == 18


def test_records_of_json_are_numbered(tmp_path: Path) -> None:
    for content in ([ONE, TWO, 7], {"items": [ONE, TWO, 7]}, {"messages": [ONE, TWO, 7]}):
        assert [row.record for row in rows_of(saved(tmp_path, content), JSON)] == [1, 2, 3]
    assert [row.record for row in rows_of(saved(tmp_path, ONE), JSON)] == [0]
    nodes = {"@graph": [{"x": [{"@type": "A", **ONE}, {"@type": "A", **TWO}]}]}
    assert [row.record for row in rows_of(saved(tmp_path, nodes), under("A"))] == [1, 2]
    assert refusal(saved(tmp_path, '[{"id": 1}, {"id": 2}, {"id" 3}]'), JSON) == (
        "f.json:1: record 3: this is not JSON: expecting ':' delimiter"
    )


def test_the_number_of_a_record_is_told_where_something_in_it_is_wrong(
    tmp_path: Path, new_target: NewTarget
) -> None:
    profile = saved(
        tmp_path,
        "claimtrack_profile: 1\nname: mine\nabout: rows\nformat: json\n"
        'actors: {who: {name: "{what}", kind: group, ref: "x-{id}"}}\n'
        "records: [{make: actor, use: who}]\n",
        "p.yaml",
    )
    path = saved(tmp_path, [ONE, {"id": 2, "what": "x\0"}, TWO])
    with new_target("sqlite") as target:
        answer = CommandLine(target).refuses("import", str(profile), str(path))
    told = f"{path}:1: record 2: what holds a NUL, or half a character: remove it"
    assert answer == (2, told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            '[{"id": 1, "what": "a"}, {"id": 2, "what": {"x": 1, "x": 2}}]',
            "f.json:1: record 2: one object has the key 'x' twice, with two values: leave one",
            id="in a list",
        ),
        pytest.param(
            '{"id": 1, "what": "a",\n"what": "b"}',
            "f.json:2: the object has the key 'what' twice: leave one",
            id="at the top",
        ),
        pytest.param('[{"id": 1, "id": 1, "what": "a"}]', "", id="of one value"),
    ],
)
def test_a_key_with_two_values_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert refusal(saved(tmp_path, text), JSON) == told


def page(*scripts: str, head: str = "") -> str:
    inner = "\n".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return f"<!DOCTYPE html>\n<html><head>{head}\n{inner}</head>\n<body><p>5 < 7</p></body></html>"


def test_json_ld_in_a_saved_page_is_read_with_its_lines(tmp_path: Path) -> None:
    claim = json.dumps({"@type": "Claim", "id": 1, "what": "Q&amp;A </p>"}, indent=1)
    other = json.dumps({"@graph": [{"@type": "Claim", **TWO}, {"@type": "Page"}]})
    text = page(claim, '{"@type": "Crumbs"}', other, head="<script>var x = {};</script>")
    assert read(saved(tmp_path, text), under("Claim")) == [(3, "1", "Q&amp;A </p>"), (9, "2", "b")]
    assert read(saved(tmp_path, page(f"[{claim}]"), "f.html"), JSON)[0][1] == "1"


def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    path = tmp_path / "f.html"
    text = page(
        json.dumps({"@type": "Claim", "id": 1, "what": "Київ"}, ensure_ascii=False),
        head="<meta charset=windows-1251>",
    )
    path.write_bytes(text.encode("cp1251"))
    assert read(path, under("Claim")) == [(3, "1", "Київ")]


def test_a_script_of_a_page_that_is_no_json_stops_no_other(tmp_path: Path) -> None:
    text = page('{"@type": "Claim", "what": "a\nb"}', json.dumps({"@type": "Claim", **TWO}))
    rows = rows_of(saved(tmp_path, text), under("Claim"))
    assert [(row.line, row.fault, row.cells.get("id")) for row in rows] == [
        (3, "JSON-LD of the page: this is not JSON: invalid control character at", None),
        (5, "", 2),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            page(), "this is a saved web page without JSON-LD: look for its rows in another file",
            id="no JSON-LD",
        ),
        pytest.param(
            page('{"@type": "Page"}'),
            "there is no Claim in the file: neither an @type Claim nor a list under the key Claim, "
            "in the JSON-LD of the page",
            id="nothing of the type",
        ),
        pytest.param(
            "<?xml version='1.0'?><rss><item/></rss>",
            "this is a saved web page without JSON-LD: look for its rows in another file", id="XML",
        ),
    ],
)  # fmt: skip
def test_a_page_without_the_rows_that_are_wanted_is_refused(
    tmp_path: Path, text: str, told: str
) -> None:
    assert refusal(saved(tmp_path, text), under("Claim")) == f"f.json: {told}"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param(
            "format: json\ncolumns: [id]",
            "columns are for csv, tsv and xlsx, and format is json",
            id="columns of JSON",
        ),
        pytest.param(
            "format: csv\nrows: x", "rows is for json, and format is csv", id="rows of a CSV"
        ),
        pytest.param(
            "format: csv\ncolumns: [id, id]", "a column name occurs twice: rename one", id="twice"
        ),
        pytest.param("format: csv\ncolumns: []", "columns is empty: write something", id="none"),
    ],
)  # fmt: skip
def test_a_profile_that_says_what_its_format_does_not_have_is_refused(
    tmp_path: Path, said: str, told: str
) -> None:
    path = saved(
        tmp_path,
        f"claimtrack_profile: 1\nname: mine\nabout: rows\n{said}\n"
        "actors: {who: {name: '{id}', kind: group}}\nrecords: [{make: actor, use: who}]\n",
        "p.yaml",
    )
    with pytest.raises(InvalidRecords, match=told):
        read_profile(path)
