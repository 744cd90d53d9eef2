"""Figures from stored facts (norms 10): the board, the cases behind each figure, a workbook."""

from core.kpi.ages import open_cases_behind
from core.kpi.asked import Asked
from core.kpi.behind import cases_behind
from core.kpi.boards import board, by_month
from core.kpi.breakdowns import Breakdown, Part, breakdown
from core.kpi.counted import Dimension
from core.kpi.figures import (
    DEFINITIONS,
    NO_STATION,
    Age,
    AgeRow,
    Board,
    ClassRow,
    DimensionRow,
    Figure,
    FigureName,
    Row,
    Side,
    Unit,
)
from core.kpi.frozen import Frozen, FrozenFigure, freeze
from core.kpi.reasons import Point, Reason, explained
from core.kpi.workbook import export, records

__all__ = [
    "DEFINITIONS",
    "NO_STATION",
    "Age",
    "AgeRow",
    "Asked",
    "Board",
    "Breakdown",
    "ClassRow",
    "Dimension",
    "DimensionRow",
    "Figure",
    "FigureName",
    "Frozen",
    "FrozenFigure",
    "Part",
    "Point",
    "Reason",
    "Row",
    "Side",
    "Unit",
    "board",
    "breakdown",
    "by_month",
    "cases_behind",
    "explained",
    "export",
    "freeze",
    "open_cases_behind",
    "records",
]
