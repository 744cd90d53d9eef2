"""The board as an Excel workbook."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from io import BytesIO
from typing import Any

import xlsxwriter

from core.kpi.figures import (
    DEFINITIONS,
    AgeRow,
    Board,
    ClassRow,
    DimensionRow,
    Figure,
    FigureName,
    Row,
    Unit,
)

# A name or an opinion that begins with "=" stays what it is: text.
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FORMATS = {Unit.SHARE: "0.0%", Unit.SCORE: "0.00", Unit.HOURS: "0.0"} | {
    Unit.MONEY: "#,##0.00",
    Unit.COUNT: "0",
}
SHARED = ("value", "numerator", "denominator")
ROW = ("figure", "month", "station", *SHARED)
SHEETS: dict[str, tuple[str, ...]] = {
    "figures": ("id", "name", *SHARED, "target", "previous"),
    "months": ("figure", "month", *SHARED),
    "stations": ("figure", "station", *SHARED),
    "series": ROW,
    "dimensions": ("question", "month", *SHARED),
    "classes": ("figure", "case_class", "month", *SHARED),
    "ages_by_kind": ("age", "kind", "cases"),
    "ages_by_station": ("age", "station", "cases"),
}
MEASURED = frozenset({"value", "target", "previous"})


def export(board: Board, *, words: Mapping[str, str] | None = None) -> bytes:
    """A sheet for each part of the board; `words` turns the codes into the reader's language."""
    said = words or {}
    output = BytesIO()
    with xlsxwriter.Workbook(output, PLAIN) as workbook:
        formats = {unit: workbook.add_format({"num_format": f}) for unit, f in FORMATS.items()}
        bold = workbook.add_format({"bold": True})
        for name, columns in SHEETS.items():
            sheet = workbook.add_worksheet(said.get(name, name)[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(columns) - 1, 18)
            sheet.write_row(0, 0, [said.get(column, column) for column in columns], bold)
            for line, record in enumerate(records(getattr(board, name)), start=1):
                _write(sheet, line, columns, record, formats, said)
    return output.getvalue()


def _write(
    sheet: Any,
    line: int,
    columns: Sequence[str],
    record: Mapping[str, Any],
    formats: Mapping[Unit, Any],
    words: Mapping[str, str],
) -> None:
    unit = _unit(record)
    for place, column in enumerate(columns):
        value = record[column]
        text = words.get(value, value) if isinstance(value, str) else value
        sheet.write(line, place, text, formats[unit] if column in MEASURED else None)


def _unit(record: Mapping[str, Any]) -> Unit:
    name = record.get("figure") or record.get("name")
    return DEFINITIONS[FigureName(name)].unit if name else Unit.SCORE


def records(
    rows: Iterable[Row | DimensionRow | ClassRow | AgeRow | Figure],
) -> list[dict[str, Any]]:
    """Rows as plain records for a chart: codes as text, months as the ISO date of their first."""
    return [{key: _plain(value) for key, value in asdict(row).items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value
