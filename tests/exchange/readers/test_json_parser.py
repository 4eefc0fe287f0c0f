"""JSON: records with their lines, nodes of a type, and what is no JSON or cut off."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimtrack.errors import Invalid
from claimtrack.exchange.readers import json_parser, rows
from exchange.readers.read_rows import profile_of, read, refusal, rows_of

CUT_OFF = "the file ends before its JSON does: it may have been cut off"
ENDED = "the JSON has ended before this: put all records in one list, [{...}, {...}]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"id": 1, "what": "a"},\n {"id": 2, "what": "b"}]', id="a list"),
        pytest.param(
            '{"@type": "DataFeed", "dataFeedElement": [{"id": 1, "what": "a"},\n'
            '{"id": 2, "what": "b"}], "name": "feed"}',
            id="a list within an object",
        ),
        pytest.param(
            '{"about": {"items": ["x"]}, "dataFeedElement": [{"id": 1, "what": "a"}],\n"items":'
            '[{"id": 2, "what": "b"}]}',
            id="two lists within an object",
        ),
    ],
)
def test_json_is_read_record_by_record_with_their_lines(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read(path, profile_of("json")) == [(1, "1", "a"), (2, "2", "b")]


def test_one_object_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text('\n{"id": 1, "what": [1, 2]}', "utf-8")
    assert read(path, profile_of("json")) == [(2, "1", "[1, 2]")]


def test_records_longer_than_a_block_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    rows = [{"id": number, "what": "ж" * 200_000} for number in range(3)]
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    assert [row[1:] for row in read(path, profile_of("json"))] == [
        (str(row["id"]), row["what"]) for row in rows
    ]


def test_nodes_of_a_type_are_found_however_deep(tmp_path: Path) -> None:
    node = {"@type": ["Thing", "https://schema.org/Claim"], "id": 1, "what": "a"}
    path = tmp_path / "rows.json"
    path.write_text(json.dumps({"@graph": [{"item": {"x": [node]}}, {"@type": "Other"}]}), "utf-8")
    assert read(path, profile_of("json", rows="Claim")) == [(1, "1", "a")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            '{"@type": "Page", "crumbs": {"itemListElement": [{"@type": "Item"}]}, "main": ONE}',
            ["1"], id="beside the list of another node",
        ),
        pytest.param(
            '{"@type": "Page", "main": {"@type": "List", "itemListElement": [ONE]}, "other": TWO}',
            ["1", "2"], id="in and beside such a list",
        ),
        pytest.param(
            '{"@graph": [[ONE], "x", 7], "other": TWO}', ["1", "2"], id="in and beside its own"
        ),
        pytest.param(
            '{"@type": "Claim", "id": 9, "what": "", "items": [ONE]}', ["9"], id="around a list"
        ),
        pytest.param('[[ONE], {"items": [TWO]}]', ["1", "2"], id="in lists of lists"),
    ],
)  # fmt: skip
def test_nodes_are_found_wherever_they_stand(tmp_path: Path, text: str, found: list[str]) -> None:
    path = tmp_path / "rows.json"
    for number, name in enumerate(("ONE", "TWO"), 1):
        text = text.replace(name, f'{{"@type": "Claim", "id": {number}, "what": ""}}')
    path.write_text(text, "utf-8")
    assert [row[1] for row in read(path, profile_of("json", rows="Claim"))] == found


def test_a_node_whose_list_comes_before_its_type_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    path.write_text('{"items": [], "@type": "Claim"}', "utf-8")
    assert refusal(path, profile_of("json", rows="Claim")) == (
        "f.json:1: put the @type of this Claim before its list"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    counts=st.lists(st.integers(0, 3), max_size=3),
    keys=st.sampled_from([("items", "@graph", "dataFeedElement"), None]),
    block=st.integers(1, 100),
    at=st.integers(0, 10**6),
)
def test_json_is_read_whole_in_blocks_of_any_size_and_refused_cut_off_anywhere(
    tmp_path: Path, counts: list[int], keys: tuple[str, ...] | None, block: int, at: int
) -> None:
    lists = [[{"id": n, "what": "é\n"}] * count for n, count in enumerate(counts)]
    expected = [str(row["id"]) for one in lists for row in one]
    if keys:
        value: object = {"name": "[]", **dict(zip(keys, lists, strict=False)), "end": {"a": "]}"}}
    else:
        value = [row for one in lists for row in one]
    text = json.dumps(value, ensure_ascii=False, indent=1)
    path = tmp_path / "rows.json"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_parser, "_BLOCK", block)
        if lists:
            path.write_text(text, "utf-8")
            assert [row[1] for row in read(path, profile_of("json"))] == expected
        path.write_text(text[: at % (len(text) - 1) + 1], "utf-8")
        with pytest.raises(Invalid):
            rows_of(path, profile_of("json"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            b"[" * 100_000, "f.json:1: record 1: values nest too deeply: flatten them", id="nested"
        ),
        pytest.param(
            b'[{"a": ' + b"[" * 90 + b"]" * 90 + b"}]", "values nest too deeply: flatten them",
            id="nested less deeply",
        ),
        pytest.param(
            b'[{"id": 1},\n{"id": }]', "f.json:2: record 2: this is not JSON: expecting value",
            id="broken",
        ),
        pytest.param(
            b'[{"id": 1},\n', f"f.json:2: record 2: {CUT_OFF}", id="cut off",
        ),
        pytest.param(
            b'[{"id": 1}\n', f"f.json:2: record 1: {CUT_OFF}", id="cut off before a comma"
        ),
        pytest.param(
            b'{"id": 1,\n "items": [{"id": 2}]\n', f"f.json:3: {CUT_OFF}",
            id="an object cut off behind its list",
        ),
        pytest.param(
            b'{"items": [{"id": 2}], "name": "x',
            "f.json:1: this is not JSON: unterminated string starting at",
            id="an object cut off in a later key",
        ),
        pytest.param(
            b'[{"id": 1}]\n[{"id": 2}]', f"f.json:2: {ENDED}", id="two lists",
        ),
        pytest.param(b'{"id": 1}\n{"id": 2}', f"f.json:2: {ENDED}", id="two objects"),
        pytest.param(
            b'{"items": [{"id": 1}]} x', f"f.json:1: {ENDED}", id="something behind the end"
        ),
        pytest.param(
            b'[{"id": 1} {"id": 2}]', "f.json:1: record 1: this is not JSON: expecting ','",
            id="no comma",
        ),
        pytest.param(
            b'{"items": [], 7: 1}', "f.json:1: this is not JSON: expecting a key in quotes",
            id="a key that is none",
        ),
        pytest.param(
            b'[{"id": NaN}]',
            "f.json:1: record 1: it holds a number that is none, or has too many digits: put it in "
            "quotes",
            id="NaN",
        ),
        pytest.param(
            b'[{"id": ' + b"9" * 5000 + b"}]",
            "f.json:1: record 1: it holds a number that is none, or has too many digits: put it in "
            "quotes",
            id="a vast number",
        ),
        pytest.param(
            b'[{"id": "' + b"9" * (2 * rows.MAX_RECORD_LENGTH + 10) + b'"}]',
            "f.json:1: record 1: one record is longer than 16,777,216 characters: split the file",
            id="a vast record",
        ),
        pytest.param(
            b"{" + b",".join(b'"%d": "%s"' % (n, b"9" * 2**20) for n in range(20)) + b"}",
            "f.json:1: one record is longer than 16,777,216 characters: split the file",
            id="a vast object of small parts",
        ),
        pytest.param(
            b"7", "f.json:1: this is not JSON with records: write [{...}, {...}]", id="a number"
        ),
    ],
)  # fmt: skip
def test_json_that_cannot_be_read_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, told: str
) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(content)
    assert refusal(path, profile_of("json")) == told


def test_a_line_of_json_lines_that_is_wrong_stops_no_other(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": 1, "what": "a"}\n\n{"id"\n7\n{"id": 2}\n', "utf-8")
    rows = rows_of(path, profile_of("jsonl"))
    assert [(row.line, row.fault) for row in rows] == [
        (1, ""),
        (3, "this is not JSON: expecting ':' delimiter"),
        (4, "it is not a record: write {...}"),
        (5, ""),
    ]
