"""Every part of the rule book is edited on screen: ladders, classes, requirements, the survey."""

from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from core import kpi, sweep
from core.followups.actions import RecordAnswers
from core.kernel.errors import InvalidInput
from core.kernel.inputs import parse
from core.kpi import FigureName
from core.norms import revisions
from core.norms.model import Norm
from core.requests.asked import FIELDS
from core.requests.intake import Register
from core.rulebook import book as rulebook
from core.rulebook.book import BrokenNorm
from core.rulebook.changes import changes
from db.codes import Language
from db.tables import FollowUp, Limit, NormDraft, NormRevision, SurveyAnswer
from pages.ui.kit import words
from pages.ui.rulebook import editing, sentences, tables
from tests.company_cast import Company
from tests.screen import Screen
from tests.test_pages_norms import change

# Where the book came from is a fact, and not a rule.
GIVEN = {"pack"}


def now() -> datetime:
    return datetime.now(UTC)


def drafting(served: Company) -> Screen:
    served.do("manager", rulebook.keep_draft, revisions.shipped("appliance"))
    return tab(Screen(served, "manager").open("norms"), "草案")


def tab(screen: Screen, name: str) -> Screen:
    screen.app.session_state["norm_tabs"] = name
    return screen.run()


def shown(screen: Screen, table: str) -> Any:
    (drawn,) = [t for t in screen.app.get("dataframe") if f"-draft_{table}·" in t.proto.id]
    return drawn


def kept(served: Company) -> Norm:
    (row,) = served.rows(NormDraft)
    return Norm.model_validate(row.data)


def named(chinese: str, english: str, **more: object) -> dict[str, object]:
    return {"text.zh_CN": chinese, "text.en": english, **more}


def test_every_part_of_the_model_has_an_editor(served: Company) -> None:
    on_screen = [key for keys in editing.groups().values() for key in keys]
    assert len(on_screen) == len(set(on_screen))
    assert {key for key in on_screen if "." not in key} == Norm.model_fields.keys() - GIVEN
    assert set(on_screen) >= tables.TABLES.keys()


@pytest.mark.parametrize("key", [key for key in tables.TABLES if key not in ("principles",)])
def test_every_field_of_a_row_has_a_column(key: str) -> None:
    table = tables.TABLES[key]
    cells = {cell.field for cell in table.cells}
    if isinstance(table, tables.Keyed):
        model = get_args(Norm.model_fields[key].annotation)[1]
        fields = set() if table.value else set(model.model_fields)
    else:
        fields = set(tables.model_of(key).model_fields) - ({"name"} if table.is_named else set())
    # A length is said by an amount and a unit, or by a moment.
    length = {"unit", "amount", "moment"} if "length" in cells else set()
    assert fields - length <= cells
    for cell in table.cells:
        if hasattr(cell, "outer"):
            assert f"{key}.{cell.field}" in tables.TABLES


def test_what_may_be_asked_at_registration_is_a_field_of_it() -> None:
    assert set(FIELDS) <= Register.model_fields.keys()


def test_a_ladder_a_class_and_a_field_come_with_what_stands_inside_them(served: Company) -> None:
    screen = drafting(served)
    change(screen, "ladders", added=(named("加班", "Out of hours"),))
    change(screen, "classes", added=(named("噪音", "Noise", kinds=["complaint"], clause="E15"),))
    field = named("电梯品牌", "Lift brand", kind="choice", kinds=["repair"], required=False)
    change(screen, "extra_fields", added=(field,))
    screen.run()
    # What is typed is still there, and the other tables choose from it.
    assert shown(screen, "ladders").value["text.en"].tolist()[-1] == "Out of hours"
    steps = (
        {"ladder": "out_of_hours", "after_minutes": 1.5, "to": "leader"},
        {"ladder": "out_of_hours", "share": 60, "to": "owner"},
    )
    change(screen, "ladders.steps", added=steps)
    change(screen, "classes.parts", added=(named("夜间", "At night", **{"class": "noise"}),))
    choice = named("甲", "Otis", extra_field="lift_brand")
    change(screen, "extra_fields.choices", added=(choice,))
    change(screen, "limits", {0: {"ladder": "out_of_hours"}})
    screen.press("draft_send")
    assert not screen.errors, screen.texts
    norm = kept(served)
    told = [(step.share, step.after_minutes, step.to) for step in norm.steps_of("out_of_hours")]
    assert told == [(0.6, None, "owner"), (None, 90, "leader")]
    assert norm.limits[0].ladder == "out_of_hours"
    (noise,) = [each for each in norm.classes if each.name == "noise"]
    assert [part.name for part in noise.parts] == ["at_night"]
    assert [each.name for each in norm.extra_fields[-1].choices] == ["otis"]


def test_rows_inside_a_row_are_taken_out_and_a_code_is_never_used_twice(served: Company) -> None:
    screen = drafting(served)
    change(screen, "classes.parts", added=(named("又一", "Defect", **{"class": "service"}),),
           deleted=(1,))  # fmt: skip
    change(screen, "ladders.steps", deleted=(0,))
    change(screen, "survey", added=(named("环境", "环境", clause="E20"),))
    screen.press("draft_send")
    assert not screen.errors, screen.texts
    norm = kept(served)
    quality, service = norm.classes[:2]
    assert [part.name for part in quality.parts] == ["defect", "out_of_tolerance", "failure"]
    assert service.parts[-1].name == "defect_2"
    assert len(norm.steps_of("usual")) == 3
    assert norm.survey[-1].name == "own"


def test_what_is_still_named_is_not_taken_away(served: Company) -> None:
    screen = drafting(served)
    before = kept(served)
    change(screen, "departments", deleted=(1,))
    change(screen, "ladders", deleted=(2,))
    screen.press("draft_send")
    said = screen.texts.replace("\\", "")
    assert (
        "责任部门 · 质量管理部 仍被引用，不能删去：责任路由 · 第 3 行、责任路由 · 第 7 行" in said
    )
    assert "逐级上报 · 应急 仍被引用，不能删去：时限 · 第" in said
    assert not changes(before, kept(served))
    # What was typed is still there: without what names it the row may go.
    change(screen, "routes", {n: {"department": "technical"} for n in (2, 6)})
    change(screen, "limits", {n: {"ladder": "usual"} for n in range(len(before.limits))})
    screen.run().press("draft_send")
    assert not screen.errors, screen.texts
    assert [each.name for each in kept(served).ladders] == ["usual", "urgent"]
    assert "quality_control" not in {each.name for each in kept(served).departments}


def test_a_clause_that_is_cited_is_not_taken_away() -> None:
    old = revisions.shipped("appliance")
    data = old.model_dump(mode="json")
    del data["clauses"]["E20"]
    with pytest.raises(BrokenNorm) as refused:
        rulebook.amended(old, data)
    (fault,) = refused.value.faults
    assert (fault.place, fault.code) == ("clauses.E20", "still_named")
    assert fault.details["by"] == tuple(f"survey.{n}" for n in range(len(old.survey)))


def test_a_wrong_cell_is_named_by_table_row_and_column(served: Company) -> None:
    screen = drafting(served)
    change(screen, "ladders.steps", {1: {"to": None}}, added=({"share": 10, "to": "owner"},))
    change(screen, "requirements", {0: {"stage": None}})
    change(screen, "clauses", added=({"clause": "A2", "text.zh_CN": "又", "text.en": "Again"},))
    change(screen, "extra_fields", {0: {"kind": "choice"}})
    before = kept(served)
    screen.press("draft_send")
    said = screen.texts.replace("\\", "")
    steps = len(tables.TABLES["ladders.steps"].rows(before.model_dump(mode="json")))
    assert "逐级上报 · 各级 · 第 2 行 · 通知谁 · 缺少此项" in said
    assert f"逐级上报 · 各级 · 第 {steps + 1} 行 · 逐级上报 · 缺少此项" in said
    assert "必填要求 · 第 1 行 · 环节 · 缺少此项" in said
    assert f"条款原文 · 第 {len(before.clauses) + 1} 行 · 条款 · 出现两次 A2" in said
    assert "自定义字段 · 第 1 行 · 楼层" in said
    assert not changes(before, kept(served))


def test_hours_of_a_station_and_a_target_are_kept_as_they_are_said(served: Company) -> None:
    screen = drafting(served)
    hours = {"station": "浦口站", "weekly.mon": "09:00-12:00", "open": "2027-01-02 09:00-10:00"}
    change(screen, "station_hours", added=(hours | {"public_holidays": False},))
    change(screen, "targets", {1: {"target": 85}})
    change(screen, "principles", deleted=(0,))
    screen.press("draft_send")
    assert not screen.errors, screen.texts
    norm, before = kept(served), revisions.shipped("appliance")
    station = norm.station_hours["浦口站"]
    assert (station.weekly, station.public_holidays) == ({"mon": [("09:00", "12:00")]}, None)
    assert station.open == {"2027-01-02": [("09:00", "10:00")]}
    assert norm.targets == before.targets | {"timely_resolution": 0.85}
    assert norm.principles == before.principles[1:]


PIECE = {"brand": "乐晒", "model": "LS-H80", "serial": "SN-1"}


def answers(**scores: int) -> RecordAnswers:
    return parse(RecordAnswers, {"scores": scores})


def test_what_is_signed_is_obeyed_by_the_next_case(served: Company) -> None:
    screen = drafting(served)
    asked = {"stage": "registered", "kinds": ["repair"], "fields": ["serial"], "clause": "A14"}
    change(screen, "requirements", added=(asked | {"papers": []},))
    change(screen, "ladders.steps", {0: {"share": 40}})
    change(screen, "survey", added=(named("环境", "Tidiness", clause="E20"),), deleted=(1,))
    change(screen, "targets", {1: {"target": 85}})
    screen.press("draft_send")
    screen = tab(Screen(served, "manager").open("norms"), "差异")
    said = screen.texts.replace("\\", "")
    assert "新增：登记时 · 报修（A14）；必填字段 序列号/车牌" in said
    assert "新增：一般，各级 用到 40.0% 时通知负责人" in said
    assert "删除：一般，各级 用到 80.0% 时通知负责人" in said
    assert "新增：环境（E20）" in said
    screen.press("sign_send")
    assert len(served.rows(NormRevision)) == 2
    board = served.see("manager", kpi.board, asked=kpi.Asked(now().date(), now().date()), now=now())
    assert board.figure(FigureName.TIMELY_RESOLUTION).target == 0.85
    with pytest.raises(InvalidInput) as refused:
        served.register(now=now())
    assert [problem.field for problem in refused.value.problems] == ["serial"]
    case_id = served.register(now=now(), **PIECE)
    sweep.run(served.engine, now=now())
    (limit,) = served.rows(Limit, request_id=case_id, name="repair_response")
    assert limit.next_step_at == limit.started_at + timedelta(hours=0.4 * 24)
    _case, call_id = served.finished(now=now(), **(PIECE | {"serial": "SN-2"}))
    with pytest.raises(InvalidInput):
        served.act("agent", FollowUp, call_id, answers(skill=9), now=now())
    served.act("agent", FollowUp, call_id, answers(tidiness=9), now=now())
    assert [row.question for row in served.rows(SurveyAnswer)] == ["tidiness"]


@pytest.mark.parametrize("language", Language, ids=str)
def test_rows_inside_a_row_that_change_are_sentences(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    old = revisions.shipped("appliance")
    data = old.model_dump(mode="json")
    data["classes"][0]["parts"][0]["clause"] = "E14"
    data["ladders"][0]["steps"][1]["to"] = "leader"
    new = Norm.model_validate(data)
    said = [line for each in changes(old, new) for line in sentences.said(old, new, each)]
    assert (
        said
        == {
            Language.ZH: [
                "产品质量（E15），子类 产品缺陷，条款：由 E15 改为 E14",
                "一般，各级 用到 100.0% 时通知公司领导，通知谁：由 网点负责人 改为 公司领导",
            ],
            Language.EN: [
                "Product quality (E15), Sub-classes Defect, Clause: from E15 to E14",
                "Usual, Steps 100.0% used up: Company leader, Who is told: from Head of the station "
                "to Company leader",
            ],
        }[language]
    )


def test_a_revision_from_before_ladders_had_names_is_read() -> None:
    old = revisions.shipped("appliance")
    data = old.dump()
    data["ladders"] = {each["name"]: each["steps"] for each in data["ladders"]}
    assert Norm.model_validate(data) == old
