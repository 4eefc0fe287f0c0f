"""Commands killed at random moments: what they had done is there whole, or not at all."""

import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from random import Random

from alembic import command
from alembic.config import Config

from claimtrack import db
from db.old_schemas import config, copy_rows
from torture.ground import Ended, Ground, Place, Process, Server, do, head, rows, tried
from torture.material import casebook, written

EARLIEST = "0001"
WRECKS = 0.2
"""How often the server is killed, and not the command."""


class Scene(ABC):
    """One command at one kind of database, over and over."""

    name: str
    told = 0
    """Lines in which the command tells what it is about to do."""

    def __init__(self, place: Place, ground: Ground, folder: Path) -> None:
        self.place, self.ground, self.folder = place, ground, folder
        self.number = 0

    @abstractmethod
    def ready(self) -> list[str]:
        """Make ready for the next run of the command, and return its line."""

    @abstractmethod
    def check(self, ended: Ended) -> None:
        """See that what was acknowledged is there, and no half of anything else."""

    def checked(self, writes: int) -> None:
        """Count revisions that were found to stand."""
        self.ground.counts["writes"] += writes

    def author(self) -> str:
        """Return the author of the present run, by whom its revisions are known."""
        return f"{self.name} {self.number}"


class Writing(Scene):
    """A command that changes one casebook, which is kept from kill to kill."""

    def __init__(self, place: Place, ground: Ground, folder: Path) -> None:
        super().__init__(place, ground, folder)
        self.target = casebook(place, folder, "begun", ground.entries)
        self.head = head(self.target)
        self.size: int | None = None

    def ready(self) -> list[str]:
        self.number += 1
        return ["--db", self.target, "--author", self.author(), *self.line()]

    @abstractmethod
    def line(self) -> list[str]:
        """Return the command with its arguments."""

    def check(self, ended: Ended) -> None:
        before, found = seq_of(self.head), self.written()
        do(self.target, "log", "verify", "--expect-head", self.head)
        self.head = head(self.target)
        if ended.code == 0 and self.size is None:
            self.size = found
        ended.must(found in (0, self.size), f"{found} revisions, where 0 or {self.size} are whole")
        ended.must(ended.code != 0 or found == self.size, "it was acknowledged, and is not there")
        ended.must(seq_of(self.head) == before + found, "the log has more than was written")
        self.checked(found)

    def written(self) -> int:
        """Return how many revisions the present run has left."""
        query = "SELECT count(*) FROM revision WHERE author = :author"
        return int(rows(self.target, query, author=self.author())[0][0])


class Load(Writing):
    """Dossiers of everything."""

    name = "load"

    def line(self) -> list[str]:
        return ["load", written(self.folder / "more.yaml", f"m{self.number}", self.ground.entries)]


class Add(Writing):
    """Claims, each with a stance, a citation and its judge."""

    name = "add"

    def line(self) -> list[str]:
        related = ["--document", "begun-d", "--proposition", "begun-p", "--value", "2"]
        return ["claim", "add", f"Claim {self.number}", "--actor", "begun-speaker", *related]


class Edit(Writing):
    """Entries changed."""

    name = "edit"

    def line(self) -> list[str]:
        changed = ["--summary", f"Changed {self.number}", "--date", "2024-02"]
        return ["claim", "edit", "begun-0", *changed]


class Revert(Writing):
    """Dossiers taken back."""

    name = "revert"
    _change: str | None = None

    def line(self) -> list[str]:
        if self._change is None:
            path = written(self.folder / "again.yaml", f"r{self.number}", self.ground.entries)
            author = f"before {self.number}"
            do(self.target, "load", path, author=author)
            query = "SELECT DISTINCT change FROM revision WHERE author = :author"
            self._change = str(rows(self.target, query, author=author)[0][0])
            self.head = head(self.target)
        return ["revert", self._change]

    def check(self, ended: Ended) -> None:
        super().check(ended)
        if self.written():
            self._change = None


class Redact(Writing):
    """Sources redacted, with what they claimed."""

    name = "redact"
    told = 4
    _source: str | None = None

    def line(self) -> list[str]:
        if self._source is None:
            self._source = f"Sekret{self.number}"
            author = f"before {self.number}"
            kind = ["--kind", "person", "--ref", self._source]
            do(self.target, "actor", "add", f"{self._source} Smith", *kind, author=author)
            said = ["claim", "add", f"So {self._source} said", "--actor", self._source]
            do(self.target, *said, author=author)
            self.head = head(self.target)
        return ["actor", "redact", self._source, "--yes"]

    def check(self, ended: Ended) -> None:
        super().check(ended)
        if self.place.kind == "sqlite" and ended.code == 0:
            files = Path(self.target).parent.glob(f"{Path(self.target).name}*")
            held = any(str(self._source).encode() in file.read_bytes() for file in files)
            ended.must(not held, "it was acknowledged, and the name is still in the files")
        if self.written():
            self._source = None


class Making(Scene):
    """A command that makes a casebook, new each time."""

    target: str | None = None
    head: str | None = None
    """The anchor that it has when it is made; any while empty."""

    def ready(self) -> list[str]:
        self.number += 1
        if self.target:
            self.place.drop(self.target)
        self.target = self.begin()
        return self.line(self.target)

    def begin(self) -> str:
        """Return the database to make it in: nothing yet, for some an empty file."""
        target = self.place.new()
        if self.place.kind == "sqlite" and self.number % 3 == 0:
            Path(target).touch()
        return target

    @abstractmethod
    def line(self, target: str) -> list[str]:
        """Return the command with its arguments."""

    def check(self, ended: Ended) -> None:
        target = self.target or ""
        whole = self.is_whole(target)
        ended.must(ended.code != 0 or whole, "it was acknowledged, and is not there")
        if not whole:
            again = Process(self.line(target)).ended()
            again.must(again.code == 0, "it could not be run again after a kill")
            again.must(self.is_whole(target), "it was run again, and is not there")
        if self.place.kind == "sqlite":
            left = [name for name in os.listdir(Path(target).parent) if name.startswith(".")]
            ended.must(not left, f"left behind: {left}")

    def is_whole(self, target: str) -> bool:
        """Whether the casebook is there; if not, there must be none."""
        expected = ["--expect-head", self.head] if self.head else []
        found = tried(target, "log", "verify", *expected)
        if found.code == 0:
            self.checked(seq_of(head(target)))
        else:
            found.refused(self.code_before())
        return found.code == 0

    def code_before(self) -> int:
        """Return how a command ends where nothing has been made: there is no casebook."""
        return 3


class Init(Making):
    """A new casebook."""

    name = "init"

    def line(self, target: str) -> list[str]:
        return ["--db", target, "init"]


class Upgrade(Making):
    """A casebook with rows in every table, upgraded from the first version of the schema."""

    name = "init, upgrade"

    def __init__(self, place: Place, ground: Ground, folder: Path) -> None:
        super().__init__(place, ground, folder)
        source = casebook(place, folder, "old", ground.entries)
        self.head, self._old = head(source), place.new()
        if place.kind == "sqlite":
            Path(self._old).touch()
        with db.connect(self._old).engine.connect() as connection:
            made: Config = config(connection)
            command.upgrade(made, EARLIEST)
            copy_rows(db.connect(source), connection)
            connection.commit()

    def begin(self) -> str:
        return self.place.new(like=self._old)

    def line(self, target: str) -> list[str]:
        return ["--db", target, "init"]

    def code_before(self) -> int:
        return 1


class Copy(Making):
    """A casebook copied from the other kind of database, or the same."""

    name = "copy"

    def __init__(self, place: Place, ground: Ground, folder: Path) -> None:
        super().__init__(place, ground, folder)
        self._sources = [
            casebook(each, folder, "source", ground.entries) for each in ground.places()
        ]
        self._heads = [head(source) for source in self._sources]

    def line(self, target: str) -> list[str]:
        self.head = self._heads[self.number % 2]
        return ["copy", self._sources[self.number % 2], target]


class Restore(Making):
    """A backup over another casebook, which is damaged for some; it stays until the new one is."""

    name = "restore"

    def __init__(self, place: Place, ground: Ground, folder: Path) -> None:
        super().__init__(place, ground, folder)
        source = casebook(place, folder, "kept", ground.entries)
        self._standing = casebook(place, folder, "standing", 1)
        self.head = head(source)
        self._backup = str(folder / "kept.db")
        do(source, "backup", self._backup)
        self._before = head(self._standing)

    def begin(self) -> str:
        target = self.place.new(like=self._standing)
        self._damaged = self.place.kind == "sqlite" and self.number % 2 == 1
        if self._damaged:
            os.truncate(target, self.ground.chance.randrange(1, os.path.getsize(target)))
        return target

    def line(self, target: str) -> list[str]:
        return ["--db", target, "restore", self._backup, "--replace"]

    def is_whole(self, target: str) -> bool:
        found = tried(target, "log", "verify", "--expect-head", self.head or "")
        if found.code == 0:
            self.checked(seq_of(self.head or ""))
        elif self._damaged:
            found.must(found.code in (1, 3), "it is damaged, and must say so")
        else:
            do(target, "log", "verify", "--expect-head", self._before)
        return found.code == 0


class Backup(Scene):
    """Backups over older ones, each of a casebook that has one more change."""

    name = "backup"

    def __init__(self, place: Place, ground: Ground, folder: Path) -> None:
        super().__init__(place, ground, folder)
        self._source, self._file = (
            casebook(place, folder, "source", ground.entries),
            folder / "kept.db",
        )
        do(self._source, "backup", str(self._file))
        self._kept = head(self._source)

    def ready(self) -> list[str]:
        self.number += 1
        do(self._source, "topic", "edit", "source-t", "--name", f"Changed {self.number}")
        return ["--db", self._source, "backup", str(self._file)]

    def check(self, ended: Ended) -> None:
        now, kept = head(self._source), head(str(self._file))
        ended.must(kept in (self._kept, now), "the backup is neither the older nor the newer one")
        ended.must(ended.code != 0 or kept == now, "it was acknowledged, and is not there")
        do(str(self._file), "log", "verify")
        self._kept = kept
        self.checked(seq_of(kept))
        left = [name for name in os.listdir(self.folder) if name.startswith(".")]
        ended.must(len(left) <= 1, f"left behind by more than the last one: {left}")


SCENES: tuple[type[Scene], ...] = (
    Load, Add, Edit, Revert, Redact, Init, Upgrade, Copy, Restore, Backup,
)  # fmt: skip


def seq_of(anchor: str) -> int:
    """Return the sequence of an anchor."""
    return int(anchor.split()[1])


# --- the kills ------------------------------------------------------------------------------------


class Measured:
    """How long a command takes: in all, in statements, and from its commit on."""

    def __init__(self) -> None:
        self.seconds, self.statements, self.commit = 0.0, 1, 0.0

    def note(self, process: Process, ended_at: float) -> None:
        """Remember a run that came to its end."""
        self.seconds = ended_at - process.begun
        self.statements = max(process.statements, 1)
        self.commit = ended_at - (process.committing_at or ended_at)


def wait_for_moment(process: Process, usual: Measured, chance: Random) -> str:
    """Wait for a random moment in a running command: by the clock, by statement, at the commit."""
    how = chance.choice(("clock", "statement", "commit"))
    share = chance.random()
    statement = chance.randint(1, usual.statements)
    until = process.begun + share * usual.seconds if how == "clock" else None
    while True:
        if how == "statement" and process.statements >= statement:
            return f"statement {statement}"
        if how == "commit" and process.committing_at and until is None:
            until = process.committing_at + share * usual.commit
        left = 1.0 if until is None else until - time.perf_counter()
        if left <= 0:
            return f"{how} {share:.3f} of {usual.commit if how == 'commit' else usual.seconds}"
        if not process.listen(left):
            return "the end"


def play(scene: Scene, kills: int) -> Iterator[tuple[bool, str]]:
    """Kill a command as often as said, checking after each; yield whether the server was killed."""
    usual, done = Measured(), 0
    for _ in range(1 + 20 * kills):
        process = Process(scene.ready())
        if not usual.seconds:
            moment = "the end"
        else:
            moment = wait_for_moment(process, usual, scene.ground.chance)
        wreck = isinstance(scene.place, Server) and scene.ground.chance.random() < WRECKS
        if moment == "the end":
            ended = process.ended()
            usual.note(process, time.perf_counter())
            ended.must(ended.code == 0, "it had to go well")
        elif wreck:
            ended = without_server(scene.ground.server, process, scene.told)
        else:
            process.kill()
            ended = process.ended()
        scene.check(ended)
        if moment != "the end" and (wreck or ended.code is None):
            done += 1
            yield wreck, moment
        if done == kills:
            return
    raise AssertionError(f"{scene.name} ended before it was killed, again and again")


def without_server(server: Server, process: Process, told: int) -> Ended:
    """Kill the server of a command, see what it says, and start the server again."""
    server.kill()
    ended = process.ended()
    if ended.code != 0:
        ended.refused(1, told)
    server.start()
    return ended


def crash(ground: Ground, kills: int, *, kinds: int) -> None:
    """Kill every command on both kinds of databases, or on the one and the other in turn."""
    first = ground.chance.randrange(2)
    for number, scene_of in enumerate(SCENES, first):
        places = ground.places()
        for place in (places[number % 2], places[1 - number % 2])[:kinds]:
            folder = ground.folder / f"{scene_of.__name__}-{place.kind}"
            folder.mkdir()
            scene = scene_of(place, ground, folder)
            for wreck, moment in play(scene, kills):
                ground.counts[f"kill {scene.name} {place.kind}"] += 1
                ground.counts["server kills"] += wreck
                ground.counts[f"moment {moment.split()[0]}"] += 1
            ground.say(f"{scene.name} on {place.kind}: kills survived: {kills}")
