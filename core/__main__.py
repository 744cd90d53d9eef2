"""The command line: migrate, import, demo, verify, vectors."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from core import history
from core.imports import command_line
from core.unit_of_work import system_actor, unit_of_work
from db import migrate
from db.session import make_engine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m core")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database to the newest tables")
    vectors = commands.add_parser("vectors", help="compare due dates with a file of examples")
    vectors.add_argument("file", type=Path)
    importing = commands.add_parser("import", help="bring in a CSV or Excel file by a map")
    command_line.add_arguments(importing)
    commands.add_parser("demo", help="found a ready-made company in a database that has none")
    commands.add_parser("verify", help="check the history: every row against the one before it")
    chosen = parser.parse_args(arguments)
    if chosen.command == "vectors":
        from core import vectors as examples

        return examples.main(chosen.file)
    engine = make_engine()
    try:
        return _in_database(engine, chosen)
    finally:
        engine.dispose()


def _in_database(engine: Engine, chosen: argparse.Namespace) -> int:
    migrate.upgrade(engine)
    if chosen.command == "import":
        return command_line.main(engine, chosen)
    if chosen.command == "demo":
        return _demo(engine)
    if chosen.command == "verify":
        return _verify(engine)
    return 0


def _demo(engine: Engine) -> int:
    from core import demo

    if demo.has_company(engine):
        print("The database belongs to a company already: nothing was changed.")
        return 0
    print("Founding the demo company; this takes about a minute.", flush=True)
    demo.build(engine, now=datetime.now(UTC))
    print(f"Done. {len(demo.accounts(engine))} people may sign in; password: {demo.PASSWORD}")
    return 0


def _verify(engine: Engine) -> int:
    with unit_of_work(engine, system_actor(), write=False) as uow:
        broken = history.verify(uow)
    for row in broken:
        print(f"{row.subject} {row.subject_id}: row {row.sequence} is not as it was written")
    print(f"{len(broken)} rows of the history were altered." if broken else "The history is whole.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
