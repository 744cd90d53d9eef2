"""Cells of working hours: opening hours of week days, days that are closed or open besides."""

from typing import Any

import streamlit as st

from core.codes import Language
from core.norms.model import Norm
from pages.ui.kit import words
from pages.ui.kit.words import _
from pages.ui.rulebook.cells import Cell, Flag, Row, typed_in

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Windows = list[list[str]]


class Week(Cell):
    """The opening hours of every day of the week."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A column for each day."""
        example = _("Open, as in 08:30-12:00, 13:30-17:30")
        return {
            f"{self.field}.{day}": st.column_config.TextColumn(
                words.in_domain("weekday", day), help=example
            )
            for day in DAYS
        }

    def spread(self, row: Row) -> Row:
        """Each day's hours in a line."""
        week = row.get(self.field) or {}
        return {f"{self.field}.{day}": spelled(week.get(day) or ()) or None for day in DAYS}

    def gather(self, typed: Row) -> Row:
        """The days on which something is open."""
        week = {day: read(typed_in(typed[f"{self.field}.{day}"])) for day in DAYS}
        return {self.field: {day: windows for day, windows in week.items() if windows}}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """Day by day."""
        week = row.get(self.field) or {}
        days = (
            f"{words.in_domain('weekday', day)} {spelled(week[day])}" for day in DAYS if day in week
        )
        return "；".join(days)


class ClosedDays(Cell):
    """Days on which nobody works."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A line."""
        return {self.field: st.column_config.TextColumn(self.label, help="2026-12-31, 2027-01-04")}

    def spread(self, row: Row) -> Row:
        """In a line."""
        return {self.field: ", ".join(row.get(self.field) or ()) or None}

    def gather(self, typed: Row) -> Row:
        """One by one."""
        text = (typed_in(typed[self.field]) or "").replace("，", ",")
        return {self.field: [day.strip() for day in text.split(",") if day.strip()]}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """In a line."""
        return words.listed(row.get(self.field) or (), language)


class OpenDays(ClosedDays):
    """Days with opening hours of their own."""

    def columns(self, norm: Norm) -> dict[str, Any]:
        """A line, the days apart by semicolons."""
        example = "2026-02-14 09:00-12:00; 2026-02-15 09:00-12:00"
        return {self.field: st.column_config.TextColumn(self.label, help=example)}

    def spread(self, row: Row) -> Row:
        """In a line."""
        days = (f"{day} {spelled(at)}" for day, at in (row.get(self.field) or {}).items())
        return {self.field: "; ".join(days) or None}

    def gather(self, typed: Row) -> Row:
        """One by one."""
        lines = (typed_in(typed[self.field]) or "").replace("；", ";").split(";")
        return {self.field: opened(lines)}

    def said(self, norm: Norm, row: Row, language: Language) -> str:
        """In a line."""
        return self.spread(row)[self.field] or ""


class Holidays(Flag):
    """Whether the public holidays are kept."""

    def gather(self, typed: Row) -> Row:
        """The public holidays that the calendar knows."""
        return {self.field: "CN" if typed_in(typed[self.field]) else None}


def spelled(windows: Any) -> str:
    """Opening hours in a line."""
    return ", ".join("-".join(window) for window in windows)


def read(text: str | None) -> Windows:
    """Opening hours as they were typed."""
    parts = [part.strip() for part in (text or "").replace("，", ",").split(",") if part.strip()]
    return [[side.strip() for side in part.split("-", 1)] for part in parts]


def opened(lines: list[str]) -> dict[str, Windows]:
    """Days with their opening hours, each from a line."""
    return {line.split()[0]: read(line.strip()[10:]) for line in lines if line.strip()}
