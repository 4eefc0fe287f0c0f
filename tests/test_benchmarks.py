"""The benchmark's own parts: what it makes up, its peers, and how it measures. Nothing is timed."""

import csv
import sys
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import text

import kept
import measure
import outputs
import postgres
import programs
import results
import synthetic
from claimtrack import db
from commandline import CommandLine
from conftest import BACKENDS, Filled

ENTRIES = 2_000


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- what is made up ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    synthetic.write(folder, ENTRIES)
    return folder


def test_the_same_seed_makes_the_same_bytes(made: Path, tmp_path: Path) -> None:
    counts = synthetic.write(tmp_path, ENTRIES)
    for name in counts:
        assert (tmp_path / f"{name}.csv").read_bytes() == (made / f"{name}.csv").read_bytes()


def test_it_counts_what_it_writes(made: Path, tmp_path: Path) -> None:
    counts = synthetic.write(tmp_path, ENTRIES)
    assert counts["entry"] == ENTRIES
    assert counts == {name: len(table(made, name)) for name in counts}


def test_stances_are_spread_as_promised(made: Path) -> None:
    stances = table(made, "stance")
    assert set(Counter(row["entry"] for row in stances).values()) == {2}
    on = Counter(row["proposition"] for row in stances)
    hot = on.pop(synthetic.HOT)
    assert 0.01 < hot / ENTRIES < 0.03
    assert 9.5 < sum(on.values()) / len(on) <= 10
    denials = sum(int(row["value"]) < 0 for row in stances)
    assert 1 / 400 < denials / len(stances) < 1 / 100


def test_actors_are_ten_levels_deep_and_topics_not_exclusive(made: Path) -> None:
    parents = {row["ref"]: row["parent"] for row in table(made, "actor")}

    def depth(ref: str) -> int:
        return 1 + depth(parents[ref]) if parents[ref] else 1

    assert max(map(depth, parents)) == synthetic.LEVELS
    assert not any(row["exclusive"] for row in table(made, "topic"))


# --- peers do the same work -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def fill(made: Path) -> Callable[[str], None]:
    def filling(target: str) -> None:
        answer = CommandLine(target, "coder").run("import", "tables", str(made))
        assert answer.code == 0, answer.stderr

    return filling


def ours(target: str, *options: str) -> list[list[str]]:
    answer = CommandLine(target).run("report", "contradictions", "--format", "csv", *options)
    return list(csv.reader(StringIO(answer.stdout)))


def by_hand(target: str, sql: str) -> list[list[str]]:
    with db.connect(target).engine.connect() as connection:
        found = connection.execute(text(sql.replace(":", r"\:")))
        rows = [["" if one is None else str(one) for one in row] for row in found]
        return [list(found.keys()), *rows]


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_sql_by_hand_finds_the_rows_of_the_report(
    backend: str, filled: Filled, fill: Callable[[str], None]
) -> None:
    target = filled(backend, fill)
    sql = programs.contradictions()
    header, *rows = by_hand(target, sql.replace(*postgres.DAY) if "postgres" in target else sql)
    expected, *others = ours(target)
    assert header == expected
    assert len(rows) > 100
    assert sorted(rows) == sorted(others)


def test_the_page_by_hand_is_the_page_of_the_report(
    filled: Filled, fill: Callable[[str], None]
) -> None:
    target = filled("sqlite", fill)
    assert by_hand(target, programs.page_of_contradictions()) == ours(target, "--limit", "50")


# --- how it measures ------------------------------------------------------------------------------


def bench(folder: Path, log: Path | None = None, timeout: float = 60) -> measure.Bench:
    return measure.Bench(folder, kept.Log(log, {"machine": "this one"}), 2, timeout)


def printing(who: str, folder: Path, *lines: str) -> measure.Job:
    command = (sys.executable, "-c", f"print({chr(10).join(lines)!r})")
    return measure.Job(who, (command,), output=folder / f"{who}.csv")


def test_jobs_run_in_turn_and_each_run_is_kept(tmp_path: Path) -> None:
    jobs = [printing(who, tmp_path, "a", "1", "2") for who in ("claimtrack", "peer")]
    trial = measure.Trial("whole", 10, "it", jobs, 2, same=True)
    log = tmp_path / "log.jsonl"
    bench(tmp_path, log).measure(trial)
    records = kept.Log(log, {}).records
    assert [(one.who, one.run) for one in records] == [
        *(("claimtrack", 1), ("peer", 1)),
        *(("claimtrack", 2), ("peer", 2)),
    ]
    assert records[0].rows == 2
    assert records[0].megabytes > 1


def test_a_peer_that_writes_other_rows_is_refused(tmp_path: Path) -> None:
    jobs = (printing("claimtrack", tmp_path, "a", "1"), printing("peer", tmp_path, "a", "2"))
    with pytest.raises(measure.Unequal, match="they write different rows"):
        bench(tmp_path).measure(measure.Trial("whole", 10, "it", jobs, 2, same=True))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        pytest.param(("no-such-program",), "not installed", id="not installed"),
        pytest.param((sys.executable, "-c", "raise SystemExit('no')"), "failed: no", id="failed"),
        pytest.param((sys.executable, "-c", "while True: pass"), "over 0 s", id="over its time"),
    ],
)
def test_what_has_no_figure_is_told_once_and_not_run_again(
    command: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    trial = measure.Trial("whole", 10, "it", (measure.Job("claimtrack", (command,)),), 2)
    timeout = 0.2 if told.startswith("over") else 60
    bench_of = bench(tmp_path, timeout=timeout)
    assert [one.trouble for one in bench_of.measure(trial)] == [told]
    assert told in results.composed(bench_of.log)


def test_what_the_rest_needs_is_never_stopped(tmp_path: Path) -> None:
    job = printing("claimtrack", tmp_path, "a")
    trial = measure.Trial("import", 10, "it", (job,), 1, warm=False, limited=False)
    assert [one.trouble for one in bench(tmp_path, timeout=0).measure(trial)] == [""]


def test_rows_are_the_same_in_any_order_and_as_json(tmp_path: Path) -> None:
    one, other, third = (tmp_path / name for name in ("a.csv", "b.csv", "c.json"))
    one.write_text("a,b\n1,\n2,x\n", encoding="utf-8")
    other.write_text('a,b\n2,"x"\n1,\n', encoding="utf-8")
    third.write_text('[{"a": 1, "b": null}, {"a": 2, "b": "x"}]', encoding="utf-8")
    assert outputs.digest(one) == outputs.digest(other) == outputs.digest(third)
    other.write_text("a,b\n2,x\n2,x\n", encoding="utf-8")
    assert outputs.digest(one) != outputs.digest(other)


# --- what is told ---------------------------------------------------------------------------------


def record(session: str, size: int, seconds: float, **more: object) -> kept.Record:
    values = {
        **{"session": session, "part": "whole", "size": size, "title": "it", "who": "claimtrack"},
        **{"run": 1, "seconds": seconds, "megabytes": 60.0, "rows": size, "bytes": None},
        **{"trouble": "", "aim": None, "commands": ["claimtrack it"]},
    }
    return kept.Record(**{**values, **more})  # type: ignore[arg-type]


def test_a_later_session_replaces_what_it_measured_anew() -> None:
    log = kept.Log(None, {})
    first, second = record("1", 10, 1.0), record("1", 100, 2.0)
    log.records = [first, second, again := record("2", 10, 3.0)]
    assert log.latest() == [second, again]


def test_the_exponent_is_the_slope_of_the_logarithms() -> None:
    assert results.slope([(10, 1), (100, 10), (1_000, 100)]) == pytest.approx(1)
    assert results.slope([(10, 1), (100, 100)]) == pytest.approx(2)


def test_a_part_of_the_program_is_compared_as_the_whole_is() -> None:
    log = kept.Log(None, {})
    for who, seconds in (("its part: log", 6.0), ("bare Python", 2.0)):
        log.add(record(log.session, 10, seconds, part="log", who=who, aim=3.0))
    told = results.composed(log)
    assert "| bare Python |" in told
    assert "at most 3: reached" in told


def test_what_runs_over_its_time_bounds_the_ratio_and_misses_the_aim() -> None:
    log = kept.Log(None, {})
    for who, seconds, trouble in (("claimtrack", 600.0, "over 600 s"), ("peer", 100.0, "")):
        log.add(record(log.session, 10, seconds, part="import", who=who, trouble=trouble, aim=7.0))
    told = results.composed(log)
    assert "| over 600 s |" in told
    assert "| over 6.00 |" in told
    assert "at most 7: missed" in told
