"""What has been measured, kept as it comes in: a file of JSON lines, one for each run."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Record:
    """One run of one job."""

    session: str
    part: str
    size: int
    title: str
    who: str
    run: int
    seconds: float
    megabytes: float
    rows: int | None
    bytes: int | None
    trouble: str
    aim: float | None
    commands: Sequence[str]


class Log:
    """The records of a file, of earlier sessions and of this one."""

    def __init__(self, path: Path | None, machine: dict[str, str]) -> None:
        self.session = datetime.now(UTC).isoformat(timespec="seconds")
        self.records: list[Record] = []
        self.machines: dict[str, dict[str, str]] = {}
        self._path = path
        if path and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._take(json.loads(line))
        self._machine = {"session": self.session, **machine}

    def add(self, record: Record) -> None:
        """Keep a record; with the first of a session, on which machine it was measured."""
        if self.session not in self.machines:
            self._put(self._machine)
        self._put(asdict(record))

    def on(self, name: str, told: str) -> None:
        """Keep something more about the machine, from here on."""
        self._machine = {**self.machines.get(self.session, self._machine), name: told}
        if self.session in self.machines:
            self._put(self._machine)

    def latest(self) -> list[Record]:
        """Return the records of the last session in which each title was measured at its size."""
        last = {_key(record): record.session for record in self.records}
        return [record for record in self.records if record.session == last[_key(record)]]

    def _put(self, values: Mapping[str, Any]) -> None:
        if self._path:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(dict(values)) + "\n")
        self._take(values)

    def _take(self, values: Mapping[str, Any]) -> None:
        if "part" in values:
            self.records.append(Record(**values))
        else:
            self.machines[str(values["session"])] = {key: str(one) for key, one in values.items()}


def _key(record: Record) -> tuple[str, int, str]:
    return record.part, record.size, record.title
