"""The measurements as Markdown tables: medians, ratios of medians, and how they grow."""

import math
import statistics
from collections.abc import Iterator, Sequence
from itertools import groupby

from kept import Log, Record
from parts import FEW, HOT, ORDINARY, OURS, STATUS

COMPARED = {
    "startup": "Start-up",
    "import": "Import",
    "contradictions": "All contradictions",
    "inside": "Where the time of all contradictions goes",
    "pages": "A page of contradictions",
    "log": "The proof of the log",
    "postgres": "On PostgreSQL",
}
GROWING = ("import", "contradictions", "whole", "exports")
"""The parts of which each command's growth is told."""
PEAK = 300
"""How many megabytes a command may take at most."""
SAME = 1.25
"""How many times the peak of a size the peak of the next may be, to be called the same."""
LINEAR = 1.1
"""The exponent up to which growth is called linear."""


def composed(log: Log) -> str:
    """Return all that has been measured, as a section of the README."""
    records = log.latest()
    parts = [_machines(log, records)]
    for part, heading in COMPARED.items():
        parts += _section(heading, _compared([one for one in records if one.part == part]))
    parts += _section("At the screen", _extra([one for one in records if one.part == "targets"]))
    parts += _section("The hot proposition", _hot([one for one in records if one.part == "hot"]))
    parts += _section("The whole, and how it grows", _growth(records))
    parts += ["### The commands", "```text\n" + "\n".join(_commands(records)) + "\n```"]
    return "\n\n".join(parts)


def _machines(log: Log, records: Sequence[Record]) -> str:
    sessions = sorted({record.session for record in records})
    machines = [log.machines[one] for one in sessions]
    told = dict.fromkeys(
        value for machine in machines for key, value in machine.items() if key != "session"
    )
    days = sorted({session.partition("T")[0] for session in sessions})
    when = " to ".join(dict.fromkeys((days[0], days[-1]))) if days else "no day"
    return f"Measured on {when}. " + ", ".join(told) + "."


def _section(heading: str, lines: Iterator[str]) -> list[str]:
    rows = list(lines)
    return [f"### {heading}", "\n".join(rows)] if len(rows) > 2 else []


def _header(*names: str) -> Iterator[str]:
    yield _line(*names)
    yield _line(*("---" for _ in names))


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


# --- jobs -----------------------------------------------------------------------------------------


def _by_trial(records: Sequence[Record]) -> Iterator[dict[str, list[Record]]]:
    """Yield the runs of each job of each trial, in the order in which they were measured."""
    trials: dict[tuple[str, int], dict[str, list[Record]]] = {}
    for record in records:
        jobs = trials.setdefault((record.title, record.size), {})
        jobs.setdefault(record.who, []).append(record)
    order = list(dict.fromkeys(title for title, _ in trials))
    yield from (
        trials[key] for key in sorted(trials, key=lambda key: (order.index(key[0]), key[1]))
    )


def _trouble(runs: Sequence[Record]) -> str:
    return next((run.trouble for run in runs if run.trouble), "")


def _seconds(runs: Sequence[Record]) -> float:
    return statistics.median(run.seconds for run in runs)


def _time(runs: Sequence[Record]) -> str:
    return _trouble(runs) or _told(_seconds(runs))


def _told(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if abs(seconds) < 1 else f"{seconds:,.2f} s"


def _peak(runs: Sequence[Record]) -> str:
    most = max(run.megabytes for run in runs)
    return f"{most:,.0f} MB" if most else ""


def _rate(runs: Sequence[Record]) -> str:
    rows = _rows(runs)
    return f"{rows / _seconds(runs):,.0f}" if rows and not _trouble(runs) else ""


def _rows(runs: Sequence[Record]) -> int | None:
    return next((run.rows for run in runs if run.rows is not None), None)


def _count(runs: Sequence[Record]) -> str:
    rows = _rows(runs)
    return "" if rows is None else f"{rows:,}"


def _ratio(ours: Sequence[Record], theirs: Sequence[Record]) -> tuple[float, str, str]:
    """Return the ratio of the medians, as it is told, and the range of the ratios."""
    mine, other = _trouble(ours), _trouble(theirs)
    ratio = _seconds(ours) / (_seconds(theirs) or math.nan)
    if mine.startswith("over") and not other:
        return math.inf, f"over {ratio:.2f}", ""
    if other.startswith("over") and not mine:
        return 0, f"under {ratio:.2f}", ""
    if mine or other:
        return math.nan, "", ""
    each = sorted(a.seconds / b.seconds for a, b in zip(ours, theirs, strict=False))
    return ratio, f"{ratio:.2f}", f"{each[0]:.2f} to {each[-1]:.2f}"


def _verdict(aim: float | None, came: float, unit: str = "") -> str:
    if aim is None or math.isnan(came):
        return ""
    return f"at most {aim:g}{unit}: {'reached' if came <= aim else 'missed'}"


def _verdict_on_peak(runs: Sequence[Record]) -> str:
    """What did not come to its end can only have missed the aim."""
    peak = max(run.megabytes for run in runs)
    return _verdict(PEAK, math.nan if _trouble(runs) and peak <= PEAK else peak, " MB")


# --- tables ---------------------------------------------------------------------------------------


def _compared(records: Sequence[Record]) -> Iterator[str]:
    yield from _header(
        *("what", "entries", "rows", "runs", "claimtrack", "rows a second", "peak", "peer"),
        *("its time", "rows a second", "peak", "ratio", "ratios", "aim"),
    )
    for jobs in _by_trial(records):
        (_, ours), *others = jobs.items()  # ours, or a part of it, is measured first
        for who, theirs in others:
            came, ratio, span = _ratio(ours, theirs)
            yield _line(
                ours[0].title,
                f"{ours[0].size:,}" if ours[0].size else "",
                _count(ours),
                str(len(ours)),
                *(_time(ours), _rate(ours), _peak(ours)),
                who,
                *(_time(theirs), _rate(theirs), _peak(theirs)),
                *(ratio, span, _verdict(theirs[0].aim, came)),
            )


def _extra(records: Sequence[Record]) -> Iterator[str]:
    yield from _header(
        *("what", "entries", "rows", "runs", "claimtrack", "rows a second"),
        *("`claimtrack status`", "extra", "peak", "aim"),
    )
    for jobs in _by_trial(records):
        status = jobs.pop(STATUS)
        for who, ours in jobs.items():
            pairs = zip(ours, status, strict=False)
            trouble = _trouble(ours)
            extra = statistics.median(a.seconds - b.seconds for a, b in pairs)
            yield _line(
                who,
                f"{ours[0].size:,}",
                _count(ours),
                str(len(ours)),
                *(_time(ours), _rate(ours), _time(status)),
                trouble or _told(extra),
                _peak(ours),
                _verdict(ours[0].aim, math.inf if trouble else extra, " s"),
            )


def _hot(records: Sequence[Record]) -> Iterator[str]:
    yield from _header(
        *("what", "entries", "runs", "rows", HOT, "peak", "rows", ORDINARY, "peak"),
        *("ratio", "ratios", "aim"),
    )
    for jobs in _by_trial(records):
        if len(jobs) < 2:  # it was cut short
            continue
        hot, ordinary = jobs[HOT], jobs[ORDINARY]
        came, ratio, span = _ratio(hot, ordinary)
        yield _line(
            hot[0].title,
            f"{hot[0].size:,}",
            str(len(hot)),
            *(cell(runs) for runs in (hot, ordinary) for cell in (_count, _time, _peak)),
            *(ratio, span),
            _verdict(hot[0].aim, came),
        )


def _growth(records: Sequence[Record]) -> Iterator[str]:
    """Tell of each command its time, peak and yield at each size, and the exponent over them."""
    ours = [one for one in records if one.part in GROWING and one.who == OURS]
    yield from _header(
        *("what", "entries", "runs", "rows or bytes", "time", "rows a second", "peak", "aim"),
        *("peak against the size before", "exponent from the size before"),
    )
    jobs = [job[OURS] for job in _by_trial(ours)]
    for _, group in groupby(jobs, key=lambda runs: runs[0].title):
        before: list[tuple[float, float]] = []
        smaller: Sequence[Record] = ()
        for runs in group:
            amount, told = _amount(runs)
            point = None if _trouble(runs) or not amount else (amount, _seconds(runs))
            yield _line(
                runs[0].title,
                f"{runs[0].size:,}",
                str(len(runs)),
                told,
                *(_time(runs), _rate(runs), _peak(runs)),
                _verdict_on_peak(runs),
                _peak_against(smaller, runs),
                _exponent([before[-1], point]) if before and point else "",
            )
            before += [point] if point else []
            smaller = runs
        if len(before) > 1:
            yield _line(runs[0].title, "all", *[""] * 7, _exponent(before))


def _peak_against(smaller: Sequence[Record], runs: Sequence[Record]) -> str:
    if not smaller or _trouble(smaller) or _trouble(runs):
        return ""
    times = max(run.megabytes for run in runs) / max(run.megabytes for run in smaller)
    aim = SAME if smaller[0].size >= FEW else None
    return ", ".join(filter(None, (f"{times:.2f}", _verdict(aim, round(times, 2)))))


def _amount(runs: Sequence[Record]) -> tuple[int | None, str]:
    rows, size = _rows(runs), runs[0].bytes
    if rows is not None:
        return rows, f"{rows:,} rows"
    return size, f"{size / 1e6:,.1f} MB" if size is not None else ""


def _exponent(points: Sequence[tuple[float, float]]) -> str:
    """Tell the exponent, unless what comes out is about as much at each size."""
    amounts = [amount for amount, _ in points]
    if max(amounts) < 2 * min(amounts):
        return ""
    came = round(slope(points), 2)
    return f"{came:.2f}, {_verdict(LINEAR, came)}"


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Return the exponent by which the second grows with the first: least squares of the logs."""
    amounts, times = ([math.log(value) for value in values] for values in zip(*points, strict=True))
    return statistics.linear_regression(amounts, times).slope


def _commands(records: Sequence[Record]) -> Iterator[str]:
    """Return the commands of each job, at the greatest size at which it was measured."""
    greatest: dict[tuple[str, str, str], Record] = {}
    for record in records:
        key = record.part, record.title, record.who
        if key not in greatest or record.size >= greatest[key].size:
            greatest[key] = record
    yield from dict.fromkeys(line for record in greatest.values() for line in record.commands)
