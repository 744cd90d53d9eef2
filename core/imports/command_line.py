"""The import as a command: `python -m core import FILE --map NAME`."""

import argparse
import sys
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine

from core.house import HOUSE
from core.imports import saved_maps
from core.imports.errors import FileRefused, RowProblem
from core.imports.files import SourceFile
from core.imports.mapping import ColumnMap
from core.imports.plan import Preview, plan
from core.imports.rejects import rejects
from core.imports.run import Outcome, run
from core.kernel.errors import InvalidInput, NotFound, Refused
from core.kernel.unit_of_work import Actor, system_actor, transaction, unit_of_work
from core.people import company

SHOWN = 20
REASONS = {
    "empty": "The file is empty.",
    "unknown_type": "Files of the type .{extension} cannot be read; these can: {known}.",
    "misnamed": "The file is called .{extension}, but what it holds is: {found}.",
    "not_a_table": "The file holds no table with at least two columns.",
    "encoding": "The text cannot be decoded: line {line} makes no sense as {tried}.",
    "too_large": "The file is too large to be read safely.",
    "too_many_rows": "The file has more than {most} rows; split it.",
    "columns_missing": "These columns are missing: {names}. The file has: {found}.",
    "columns_double": "These columns stand in the file more than once: {names}.",
    "no_rows": "The file has a header and no rows.",
    "looks_shifted": "The columns look shifted: in {rows} of the first {of} rows the column"
    " {column!r} is wrong ({problem}; line {line} holds {value!r}).",
    "password": "The workbook is protected by a password.",
    "sheet_missing": "There is no sheet {sheet!r}; the workbook has: {found}.",
    "unreadable": "The file is damaged and cannot be read.",
}


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What the command takes."""
    command.add_argument("file", type=Path)
    command.add_argument("--map", required=True, help="name of a shipped or saved map")
    command.add_argument("--dry-run", action="store_true", help="only show what would happen")
    command.add_argument("--rejects", type=Path, help="where to write the bad rows, as CSV")


def main(engine: Engine, chosen: argparse.Namespace) -> int:
    """Import as the tool itself; 0 when rows are in, 1 when nothing of the file was taken."""
    try:
        actor = _actor(engine)
        with unit_of_work(engine, actor, HOUSE, write=False) as uow:
            map = saved_maps.load_map(uow, chosen.map)
        file = SourceFile(chosen.file.name, chosen.file)
        if not chosen.file.is_file():
            raise NotFound(subject="file", id=str(chosen.file))
        result = _carry_out(engine, actor, file, map, chosen)
    except Refused as error:
        _say(f"Nothing was imported. {_words(error)}", sys.stderr)
        return 1
    _report(result, dry=chosen.dry_run)
    if chosen.rejects:
        chosen.rejects.write_bytes(rejects(result.problems, file=file, map=map))
    return 0 if result.total > result.bad else 1


def _actor(engine: Engine) -> Actor:
    with transaction(engine, write=False) as session:
        found = company.find(session)
    if found is None:
        raise NotFound(subject="company")
    return system_actor(found.time_zone, found.name)


def _carry_out(
    engine: Engine, actor: Actor, file: SourceFile, map: ColumnMap, chosen: argparse.Namespace
) -> Preview | Outcome:
    if chosen.dry_run:
        with unit_of_work(engine, actor, HOUSE, write=False) as uow:
            return plan(uow, file=file, map=map)
    try:
        return run(engine, actor, file=file, map=map, map_name=chosen.map, progress=_progress)
    finally:
        _say("", sys.stderr)


def _progress(done: int, total: int) -> bool:
    sys.stderr.write(f"\r{done} of {total} rows")
    sys.stderr.flush()
    return True


def _report(result: Preview | Outcome, *, dry: bool) -> None:
    added = result.new if isinstance(result, Preview) else result.added
    verb = "would be imported" if dry else "imported"
    _say(f"{result.total} rows: {added} {verb}, {result.known} known already, {result.bad} bad")
    _say(f"new customers: {result.new_customers}, new products: {result.new_products}")
    if result.unknown_stations:
        _say(f"unknown stations: {', '.join(result.unknown_stations)}")
    for problem in result.problems[:SHOWN]:
        _say(_line(problem))
    if result.problem_count > SHOWN:
        _say(f"... {result.problem_count - SHOWN} more; --rejects FILE writes the bad rows")


def _line(problem: RowProblem) -> str:
    column = f", column {problem.column}" if problem.column else ""
    value = f": {problem.value!r}" if problem.value else ""
    return f"line {problem.line}{column}: {problem.code}{value}"


def _words(error: Refused) -> str:
    if isinstance(error, FileRefused):
        shown = {k: ", ".join(v) if isinstance(v, list) else v for k, v in error.details.items()}
        text = REASONS[error.reason.value].format(**shown)
        hints = error.details.get("alike", {})
        alike = [f"{new!r} may be {old!r}" for old, new in hints.items() if new]
        return " ".join([text, *([f"{'; '.join(alike)}."] if alike else [])])
    if isinstance(error, InvalidInput):
        return f"The map is not complete: {', '.join(p.field for p in error.problems)}."
    return _MISSING.get(error.details.get("subject", ""), f"({error.code})")


_MISSING = {
    "company": "The tool is not set up yet: open it in a browser first.",
    "import_map": "There is no map of this name.",
    "file": "There is no such file.",
}


def _say(text: str, stream: TextIO | None = None) -> None:
    (stream or sys.stdout).write(f"{text}\n")
