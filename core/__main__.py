"""The command line: migrate, import, demo, verify, backup, restore, rollup, unlock, …"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from core.backups import command_line as backups
from core.erasing import register
from core.house import HOUSE
from core.imports import command_line
from core.kernel import database
from core.kernel.database import Standing
from core.kernel.errors import Hindered, NotFound
from core.kernel.hindrances import Hindrance
from core.kernel.unit_of_work import system_actor, unit_of_work
from core.kpi import upkeep
from core.people import attempts, passwords, people, records
from core.process import adopting, heads, proof
from db import migrate
from db.codes import AccessKind
from db.session import make_engine, reading_engine
from db.tables import Company

# Findings that are printed one by one.
MOST_SAID = 100
# These work on a company that is there. A wrong address would be a new, empty database otherwise.
MADE = frozenset({Standing.READY, Standing.OLD_TABLES})
EXISTING = {
    **dict.fromkeys(("verify", "move"), frozenset({Standing.READY})),
    **dict.fromkeys(("import", "rollup", "unlock", "password", "backup", "heads"), MADE),
}
HINDERED = {
    Hindrance.DISK: "the disk of the database is full, or fails.",
    Hindrance.AWAY: "the database does not answer.",
    Hindrance.BUSY: "somebody else is writing for a long time; try again.",
    Hindrance.READ_ONLY: "the database takes nothing: it is read-only.",
}
UNFIT = {
    Standing.OLD_TABLES: "It has the tables of an older version: run `python -m core migrate`.",
    Standing.NEW_TABLES: "It has tables that this version of the tool does not know.",
    Standing.NO_COMPANY: "It holds no company: the tool is not set up yet. Open it in a browser.",
    Standing.NO_TABLES: "It holds no tables of this tool.",
    Standing.NO_FILE: "There is no such file: the tool is not set up there.",
    Standing.UNREADABLE: "It cannot be read as a database.",
    Standing.NO_ADDRESS: "It is no address of a SQLite or PostgreSQL database.",
}


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
    commands.add_parser("verify", help="play the history forward and compare every row and file")
    commands.add_parser("stored", help="say what is stored about whom, from the tables themselves")
    commands.add_parser("heads", help="sign what all of the history is now")
    backup = commands.add_parser("backup", help="copy everything to a folder, and check the copy")
    backup.add_argument("folder", type=Path)
    restore = commands.add_parser("restore", help="bring a backup back where nothing is")
    restore.add_argument("place", type=Path, help="the folder of one backup")
    moving = commands.add_parser("move", help="take the company over to another database")
    moving.add_argument("--to", required=True, metavar="URL", help="an empty SQLite or PostgreSQL")
    moving.add_argument("--files", type=Path, metavar="FOLDER", help="bring the files here as well")
    rollup = commands.add_parser("rollup", help="count the figures of what changed")
    how = rollup.add_mutually_exclusive_group()
    how.add_argument("--check", action="store_true", help="compare them with the cases, slowly")
    how.add_argument("--rebuild", action="store_true", help="count every case anew")
    unlock = commands.add_parser("unlock", help="let a name try to sign in again at once")
    whose = unlock.add_mutually_exclusive_group(required=True)
    whose.add_argument("name", nargs="?")
    whose.add_argument("--all", action="store_true", help="every name and every address")
    password = commands.add_parser("password", help="make a new password for a person")
    password.add_argument("name")
    chosen = parser.parse_args(arguments)
    if chosen.command == "vectors":
        from core.norms import vectors as examples  # noqa: PLC0415 - only this command needs it

        return examples.main(chosen.file)
    if chosen.command == "stored":
        print(register.markdown(), end="")
        return 0
    if chosen.command == "restore":
        return backups.restore(chosen.place, datetime.now(UTC))
    if chosen.command in EXISTING:
        standing, why = database.standing()
        if standing not in EXISTING[chosen.command]:
            return _not_done(standing, why)
    engine = reading_engine() if chosen.command == "verify" else make_engine()
    try:
        return _in_database(engine, chosen)
    except Hindered as error:
        print(
            f"Not done: {HINDERED[error.details['reason']]} Nothing was half saved.",
            file=sys.stderr,
        )
        return 1
    finally:
        engine.dispose()


def _not_done(standing: Standing, why: str) -> int:
    print(f"Nothing was done with {database.place()} (DATABASE_URL).", file=sys.stderr)
    print(UNFIT[standing], why, file=sys.stderr)
    return 1


def _in_database(engine: Engine, chosen: argparse.Namespace) -> int:
    if chosen.command == "verify":
        return _verify(engine)
    if chosen.command == "backup":
        return backups.backup(engine, chosen.folder, datetime.now(UTC))
    if chosen.command == "move":
        return _move(engine, chosen)
    migrate.upgrade(engine)
    adopted = adopting.adopt(engine, system_actor(), HOUSE)
    if adopted:
        print(f"{adopted} rows that the history did not know are written into it.")
    if chosen.command == "heads":
        return _take_head(engine)
    if chosen.command == "import":
        return command_line.main(engine, chosen)
    if chosen.command == "demo":
        return _demo(engine)
    if chosen.command == "rollup":
        return _rollup(engine, chosen)
    if chosen.command == "unlock":
        return _unlock(engine, chosen.name)
    if chosen.command == "password":
        return _password(engine, chosen.name)
    return 0


def _demo(engine: Engine) -> int:
    from core import demo  # noqa: PLC0415 - heavy, and only this command needs it

    if demo.has_company(engine):
        print("The database belongs to a company already: nothing was changed.")
        return 0
    print("Founding the demo company; this takes some minutes.", flush=True)
    demo.build(engine, now=datetime.now(UTC))
    print(f"Done. {len(demo.accounts(engine))} people may sign in; password: {demo.PASSWORD}")
    return 0


def _move(engine: Engine, chosen: argparse.Namespace) -> int:
    if failed := backups.move(engine, chosen.to, chosen.files):
        return failed
    there = reading_engine(chosen.to)
    try:
        return _verify(there)
    finally:
        there.dispose()


def _verify(engine: Engine) -> int:
    try:
        with unit_of_work(engine, system_actor(), HOUSE, write=False) as uow:
            found = proof.verify(uow, tell=_tell)
            newest = len(heads.kept(uow.session))
    except DBAPIError as error:  # pages of the file that were not looked at before
        return _not_done(Standing.UNREADABLE, str(error.orig))
    for each in found[:MOST_SAID]:
        print(each)
    if not found:
        print(f"The history is whole: every row and file is as it says. Heads compared: {newest}.")
        return 0
    print(f"{len(found)} places are not as the history says; the first: {found[0]}")
    return 1


def _tell(step: str, part: int, parts: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{step} {part}/{parts or part}\033[K", end="\r", file=sys.stderr, flush=True)


def _take_head(engine: Engine) -> int:
    with unit_of_work(engine, system_actor(), HOUSE, write=True) as uow:
        head = heads.take(uow)
    print(f"Head {head.number} over {head.rows} rows is in {heads.file()}: {head.signature}")
    return 0


def _rollup(engine: Engine, chosen: argparse.Namespace) -> int:
    with unit_of_work(engine, system_actor(), HOUSE, write=False) as uow:
        company = uow.session.get_one(Company, 1)
    tool = system_actor(company.time_zone, company.name)
    if chosen.check:
        wrong = upkeep.check(engine, tool, print)
        print(f"{wrong} differences." if wrong else "Every figure is as its cases say.")
        return 1 if wrong else 0
    if chosen.rebuild:
        upkeep.rebuild(engine, tool, print)
    else:
        upkeep.keep(engine, tool, most=sys.maxsize, wait=True)
    print("Every case is counted.")
    return 0


def _unlock(engine: Engine, name: str | None) -> int:
    with unit_of_work(engine, system_actor(), HOUSE, write=True) as uow:
        if name is not None and not people.is_known(uow, username=name):
            print(_nobody(name))
            return 1
        gone = attempts.unlock(uow.session, name)
        records.changed(uow, AccessKind.UNLOCKED, None, attempts.clean_name(name or ""))
    print(f"{gone} wrong tries were forgotten: {name or 'everybody'} may try again at once.")
    if name is not None:
        print("If the address itself has to wait, unlock --all.")
    return 0


def _password(engine: Engine, name: str) -> int:
    try:
        with unit_of_work(engine, system_actor(), HOUSE, write=True) as uow:
            made = passwords.renew_password(uow, username=name)
    except NotFound:
        print(_nobody(name))
        return 1
    print(f"The new password of {name}, shown this once: {made}")
    print("All sign-ins of this person have ended. Let them choose a password of their own.")
    return 0


def _nobody(name: str) -> str:
    return f"Nobody here has the user name {name!r}: nothing was changed."


if __name__ == "__main__":
    sys.exit(main())
