"""Command lines typed at a casebook, and what comes back."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from claimtrack import db, lookup
from claimtrack.cli import app
from claimtrack.db import sessions


@dataclass(frozen=True)
class Answer:
    """What a command printed on stdout and stderr, and its exit code."""

    stdout: str
    stderr: str
    code: int


@dataclass(frozen=True)
class CommandLine:
    """Types commands at one database, as one author."""

    target: str
    author: str = "Test Analyst"

    def run(self, *args: str, **options: Any) -> Answer:
        """Return what a command does; an error that is none of ours goes through to the test."""
        line = ["--db", self.target, "--author", self.author, *args]
        found = self._invoked(line, options)
        return Answer(found.stdout_bytes.decode(), found.stderr, found.exit_code)

    def run_bytes(self, *args: str) -> bytes:
        """Return what a command prints, as it comes."""
        line = ["--db", self.target, "--author", self.author, *args]
        stdout: bytes = self._invoked(line, {}).stdout_bytes
        return stdout

    def _invoked(self, line: list[str], options: dict[str, Any]) -> Any:
        return CliRunner().invoke(
            app, line, prog_name="claimtrack", catch_exceptions=False, **options
        )

    def does(self, *args: str, **options: Any) -> str:
        """Return what a command prints that must go well."""
        answer = self.run(*args, **options)
        assert answer.code == 0, answer
        return answer.stdout

    def refuses(self, *args: str, **options: Any) -> tuple[int, str]:
        """Return the exit code and the sentence of a command that must fail and write nothing."""
        before = self.revisions()
        answer = self.run(*args, **options)
        assert (answer.stdout, self.revisions()) == ("", before)
        assert answer.stderr.endswith("\n")
        return answer.code, answer.stderr.removesuffix("\n")

    def revisions(self) -> int:
        """Return how many revisions the log has."""
        with sessions.reading(db.connect(self.target)) as session:
            return lookup.status(session).revisions


def read_csv(text: str) -> list[dict[str, str]]:
    """Return the rows of CSV that a command printed, by column."""
    return list(csv.DictReader(io.StringIO(text)))
