"""Decks to make files of: the words of both languages, and figures of any size."""

from dataclasses import replace
from datetime import date

import pytest

from core.decks import WORDS, Decision, Deck, Grid, said
from core.kpi.figures import ADDED, DEFINITIONS, FigureName, Unit
from core.kpi.frozen import FrozenFigure, Point
from db.codes import Language

EN = {code: code.replace("_", " ").capitalize() for code in (*WORDS, *FigureName)}
ZH = EN | {
    "figure": "指标",
    "value": "实际",
    "target": "目标",
    "previous": "上期",
    "year_before": "去年同期",
    "numerator": "分子",
    "denominator": "分母",
    "figures": "指标",
    "months": "按月",
    "stations": "按网点",
    "month": "月份",
    "station": "网点",
    "no_station": "未分网点",
    "reached": "达标",
    "missed": "未达标",
    "no_target": "未设目标",
    "no_value": "数据不足",
    "better": "改善",
    "worse": "变差",
    "same": "持平",
    "decisions": "决议",
    "decision": "内容",
    "owner": "责任人",
    "due": "期限",
    "done": "完成",
    "open": "未完成",
    "no_decision": "没有决议",
    "hours": "小时",
    "points": "分",
    "money": "元",
    "cases": "件",
    "continued": "续",
    "minutes": "会议纪要",
    "people": "参会人",
    "note": "说明",
    "worst": "最差在前",
    "satisfaction": "客户满意度",
    "unhappy": "不满意率",
    "timely_resolution": "及时解决率",
    "resolution_hours": "平均解决时长",
    "complaint_rate": "客户投诉率",
    "follow_up_rate": "回访率",
    "received": "受理量",
}
SPOKEN = {Language.ZH: ZH, Language.EN: EN}
F = FigureName
TOPS = {Unit.SHARE: 1.0, Unit.SCORE: 10.0, Unit.HOURS: 48.0} | {
    Unit.MONEY: 1.0,
    Unit.COUNT: 1.0,
}


def point(name: FigureName, at: int, **of: object) -> Point:
    """A point with counts of its own; every figure divides its numerator by its denominator."""
    unit, cases = DEFINITIONS[name].unit, 40 + at
    counts = unit in ADDED
    numerator = cases if counts else round(cases * TOPS[unit] * (60 + 7 * at % 40) / 100)
    value = numerator if counts else numerator / cases
    return Point(value=value, numerator=numerator, denominator=cases, **of)


def figure(
    name: FigureName, *, months: int = 6, stations: int = 3, **changed: object
) -> FrozenFigure:
    """A figure of so many months and stations."""
    whole, definition = point(name, 5), DEFINITIONS[name]
    goal = {Unit.SHARE: 0.9, Unit.SCORE: 9.0, Unit.HOURS: 24.0}.get(definition.unit)
    made = FrozenFigure(
        name=name,
        id=definition.id,
        unit=definition.unit,
        value=whole.value,
        numerator=whole.numerator,
        denominator=whole.denominator,
        target=goal,
        previous=whole.value and whole.value * 0.97,
        year_before=whole.value,
        lower_is_better=definition.lower_is_better,
        months=tuple(
            point(name, at, month=date(2024 + at // 12, at % 12 + 1, 1)) for at in range(months)
        ),
        stations=tuple(
            point(name, at, station_id=at + 1, station=f"第{at + 1}网点 Station {at + 1}")
            for at in range(stations)
        ),
    )
    return made.model_copy(update=changed)


def decision(at: int, **changed: object) -> Decision:
    usual = {
        "text": f"第{at}项：每周检查超时的维修单并逐件说明原因",
        "owner": f"张{at}",
        "due": date(2025, 1 + at % 12, 1 + at % 28),
        "done": at % 3 == 0,
        "figure": FigureName.TIMELY_RESOLUTION if at % 2 else None,
    }
    return Decision(**usual | changed)


def deck(*figures: FrozenFigure, **changed: object) -> Deck:
    """A deck of the figures; of every figure when none is named."""
    usual = {
        "title": "2025年1月售后质量会议",
        "subtitle": "2025-01 · 全部网点 · 2025-02-03 09:00",
        "figures": figures or tuple(figure(name) for name in FigureName),
        "decisions": (decision(1), decision(2)),
        "notes": {FigureName.TIMELY_RESOLUTION: "城北网点最差，主要原因是等待配件。"},
        "people": ("李经理", "Wang Wei"),
    }
    return Deck(**usual | changed)


HOSTILE = "=1+1 #pagebreak() *a* $x$ \\ <b>&amp; {{ x }} {% y %} \x07\x0b“引号” @ref [c] // 注"
KEPT = HOSTILE.replace("\x07", "").replace("\x0b", "")
FEW = deck(figure(F.TIMELY_RESOLUTION), figure(F.RECEIVED))
SIZES = {
    "usual": FEW,
    "no figure": replace(FEW, figures=()),
    "no decision": replace(FEW, decisions=(), people=(), notes={}),
    "60 decisions": replace(FEW, decisions=tuple(decision(at) for at in range(60))),
    "no value": deck(figure(F.UNHAPPY, months=0, stations=0, value=None, previous=None)),
    "no month": deck(figure(F.UNHAPPY, months=0)),
    "1 month": deck(figure(F.SATISFACTION, months=1, stations=1, target=None)),
    "24 months": deck(figure(F.RESOLUTION_HOURS, months=24)),
    "40 stations": deck(figure(F.COMPLAINT_RATE, stations=40)),
    "long title": replace(FEW, title="售后质量会议 Quality " * 8, subtitle="全部网点 " * 80),
    "long texts": deck(
        figure(F.TIMELY_RESOLUTION),
        notes={F.TIMELY_RESOLUTION: "网点说明 reason " * 200},
        decisions=(decision(1, text="逐件说明\n" * 300), decision(3, owner="W" * 400)),
        people=tuple(f"第{at}位 Somebody" for at in range(120)),
    ),
    "report": replace(
        FEW,
        decisions=None,
        tables=(
            Grid(
                "主要故障",
                ("事项", "件数", "占比", "均分"),
                (Unit.COUNT, Unit.SHARE, Unit.SCORE),
                ((HOSTILE, (12, 0.375, None)), ("噪音", (3, 0.25, 8.5))),
            ),
            Grid("产品", ("事项", "件数"), (Unit.COUNT,), ()),
        ),
    ),
    "hostile": deck(
        figure(
            F.TIMELY_RESOLUTION,
            stations=0,
        ).model_copy(
            update={"stations": (Point(station=HOSTILE, value=0.5, numerator=2, denominator=4),)}
        ),
        title=HOSTILE,
        subtitle=HOSTILE,
        notes={F.TIMELY_RESOLUTION: HOSTILE},
        decisions=(decision(1, text=HOSTILE, owner=HOSTILE),),
        people=(HOSTILE,),
    ),
}
both = pytest.mark.parametrize("words", SPOKEN.values(), ids=[each.value for each in Language])
sizes = pytest.mark.parametrize("made", SIZES.values(), ids=SIZES)


def squeezed(text: str) -> str:
    return "".join(text.split())


def said_in(made: Deck) -> list[str]:
    """What people wrote in a deck."""
    tidy = said.tidy(made)
    decided = [text for each in tidy.decided for text in (each.text, each.owner)]
    notes = [tidy.notes.get(each.name, "") for each in tidy.figures]
    lines = [name for table in tidy.tables for name, _cells in table.lines]
    return [tidy.title, tidy.subtitle, ", ".join(tidy.people), *notes, *decided, *lines]
