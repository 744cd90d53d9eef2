"""The command line: migrate, import, demo, vectors, verify."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from db import migrate
from db.session import make_engine


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m core")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database to the newest tables")
    vectors = commands.add_parser("vectors", help="compare due dates with a file of examples")
    vectors.add_argument("file", type=Path)
    chosen = parser.parse_args(arguments)
    if chosen.command == "vectors":
        from core import vectors as examples

        return examples.main(chosen.file)
    migrate.upgrade(make_engine())
    return 0


if __name__ == "__main__":
    sys.exit(main())
