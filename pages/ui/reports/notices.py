"""What people are told of a report that was made, and where it leads."""

from datetime import date

from core.codes import NoticeKind
from core.kpi import Unit
from core.notices.notices import NoticeView
from core.reports.making import MADE
from core.reports.view import READ
from pages.ui.kit import gate, words
from pages.ui.kit.told import N_, Data, Lines, Place, Say
from pages.ui.kpi import amounts

WHOLE = N_("{report}, {period}: {missed}")
OF_STATION = N_("{report}, {station}, {period}: {missed}")
MISSED = N_("{figure} {value}, target {target}")
NONE_MISSED = N_("no figure is off target")


def _made(say: Say, data: Data) -> str:
    since, until = (date.fromisoformat(str(data[name])) for name in ("since", "until"))
    missed = words.clauses((_missed(say, each) for each in data["missed"]), say.language)
    return say.text(OF_STATION if data["station"] else WHOLE).format(
        report=data["title"].get(say.language.value, ""),
        station=data["station"],
        period=words.days(since, until, say.language),
        missed=missed or say.text(NONE_MISSED),
    )


def _missed(say: Say, figure: Data) -> str:
    value, target = (
        amounts.said(figure[name], Unit(figure["unit"]), say.language)
        for name in ("value", "target")
    )
    name = say.code("FigureName", str(figure["name"]))
    return say.text(MISSED).format(figure=name, value=value, target=target)


LINES: Lines = {(NoticeKind.REPORT, MADE): _made}


def place(notice: NoticeView) -> Place | None:
    """To the report."""
    if notice.kind is not NoticeKind.REPORT or not gate.allowed(READ):
        return None
    return Place("reports", {"id": str(notice.data["report"])})
