"""The rule book on screen: read, drafted, signed; what-if; why a limit is due then."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.norms import revisions
from core.norms.model import Norm
from core.rulebook import book as rulebook
from core.rulebook.changes import changes
from db.codes import Language
from db.tables import History, Limit, NormDraft, NormRevision, ServiceRequest
from pages.ui.kit import words
from pages.ui.rulebook import parts, sentences
from tests.company_cast import Company
from tests.screen import Screen


def now() -> datetime:
    return datetime.now(UTC)


def tab(screen: Screen, name: str) -> Screen:
    screen.app.session_state["norm_tabs"] = name
    return screen.run()


def quicker(amount: int) -> Norm:
    data = revisions.shipped("appliance").dump()
    for rule in data["limits"]:
        if rule["name"] == "repair_response":
            rule["amount"] = amount
    return Norm.model_validate(data)


def test_the_clauses_are_read_with_their_limits(served: Company) -> None:
    screen = Screen(served, "auditor").open("norms")
    tables = [frame.value for frame in screen.app.dataframe]
    assert "A2" in set(tables[0]["条款"])
    assert "响应报修" in set(tables[0]["时限"])


def test_a_draft_is_started_signed_and_in_force(served: Company) -> None:
    screen = tab(Screen(served, "manager").open("norms"), "草案")
    screen.press("draft_start")
    assert len(served.rows(NormDraft)) == 1
    served.do("manager", rulebook.keep_draft, quicker(60))
    screen = tab(Screen(served, "manager").open("norms"), "差异")
    assert "响应报修（A2）：由 24 小时 改为 1 小时" in screen.texts.replace("\\", "")
    screen.fill(sentences_stay=True)
    screen.press("sign_send")
    assert [row.number for row in served.rows(NormRevision)] == [1, 2]
    case_id = served.register(now=now())
    (limit,) = served.rows(Limit, request_id=case_id, name="repair_response")
    assert limit.amount == 60


def test_what_if_shows_the_cases_that_change_side_and_writes_nothing(served: Company) -> None:
    case_id = served.register(now=now())
    served.act("dispatcher", ServiceRequest, case_id, served.dispatch(), now=now())
    served.do("manager", rulebook.keep_draft, quicker(60))
    before = len(served.rows(History))
    screen = Screen(served, "manager").open("what_if").press("what_if_send")
    assert {metric.label: metric.value for metric in screen.app.metric} == {
        "评判件数": "1",
        "结果改变": "0",
    }
    assert len(served.rows(History)) == before


def test_a_due_time_is_explained_where_it_stands(served: Company) -> None:
    case_id = served.register(now=now(), kind="complaint")
    screen = Screen(served, "agent").open("case", id=str(case_id), tab="history")
    names = {row.name: row.id for row in served.rows(Limit, request_id=case_id)}
    screen.fill(**{f"why_{case_id}": names["complaint_solved"]}).run()
    assert "第 1 版" in screen.texts
    ledger = screen.app.dataframe[0].value
    assert ledger["累计计入"].iloc[-1] > 0


def change(
    screen: Screen,
    table: str,
    edited: dict[int, dict[str, object]] | None = None,
    added: tuple[dict[str, object], ...] = (),
    deleted: tuple[int, ...] = (),
) -> None:
    """What the browser sends of a table of the draft."""
    (drawn,) = [t for t in screen.app.get("dataframe") if f"-draft_{table}·" in t.proto.id]
    screen.app.session_state[drawn.proto.id.split("-", 2)[2]] = {
        "edited_rows": edited or {},
        "added_rows": list(added),
        "deleted_rows": list(deleted),
    }


def drafting(served: Company) -> Screen:
    served.do("manager", rulebook.keep_draft, revisions.shipped("appliance"))
    return tab(Screen(served, "manager").open("norms"), "草案")


def test_tables_change_the_draft(served: Company) -> None:
    screen = drafting(served)
    shipped = revisions.shipped("appliance")
    change(screen, "limits", {0: {"amount": 3, "unit": "working_hours"}})
    change(screen, "hours", {6: {"windows": "09:00-12:00，13:00-15:00"}})
    change(screen, "routes", {0: {"region": "浦口"}})
    change(screen, "return_conditions", {0: {"freight": "customer"}})
    change(screen, "check_lists.items", {0: {"text.en": "Clean clothes"}})
    screen.field("draft_closed").set_value("2026-12-31")
    screen.field("draft_open").set_value("2027-01-02 09:00-12:00")
    screen.press("draft_send")
    (kept,) = served.rows(NormDraft)
    draft = Norm.model_validate(kept.data)
    assert (draft.limits[0].unit, draft.limits[0].amount) == ("working_minutes", 180)
    assert draft.hours.weekly["sun"] == [("09:00", "12:00"), ("13:00", "15:00")]
    assert (draft.hours.closed, draft.hours.open) == (
        ("2026-12-31",),
        {"2027-01-02": [("09:00", "12:00")]},
    )
    assert draft.routes[0].region == "浦口"
    assert draft.return_conditions[0].freight == "customer"
    assert draft.check_lists[0].items[0].text["en"] == "Clean clothes"
    changed = {each.part for each in changes(shipped, draft)}
    assert changed == {"limits", "hours", "routes", "return_conditions", "check_lists"}


def test_a_broken_draft_is_kept_and_says_what_is_wrong(served: Company) -> None:
    screen = drafting(served)
    change(screen, "hours", {0: {"windows": "12:00-09:00"}})
    screen.press("draft_send")
    screen = tab(Screen(served, "manager").open("norms"), "差异")
    assert "工作日历 · 工作时间有误" in screen.texts
    assert not [button for button in screen.app.button if button.key == "sign_send"]


def test_a_file_becomes_the_draft_and_a_wrong_one_is_refused(served: Company) -> None:
    screen = tab(Screen(served, "manager").open("norms"), "版本与文件")
    screen.app.file_uploader[0].upload("norm.yaml", rulebook.to_yaml(quicker(60)))
    screen.run().press("norm_file_send")
    (kept,) = served.rows(NormDraft)
    assert Norm.model_validate(kept.data) == quicker(60)
    screen = tab(Screen(served, "manager").open("norms"), "版本与文件")
    screen.app.file_uploader[0].upload("norm.yaml", b"repeat_days: soon")
    screen.run().press("norm_file_send")
    assert screen.errors[0].startswith("有 ")
    assert "重复故障天数 · 请填写整数。 soon" in screen.texts.replace("\\", "")


def kept_draft(served: Company) -> Norm:
    (row,) = served.rows(NormDraft)
    return Norm.model_validate(row.data)


def test_an_untouched_draft_is_kept_as_it_is(served: Company) -> None:
    for pack in revisions.pack_names():
        served.do("manager", rulebook.keep_draft, revisions.shipped(pack))
        screen = tab(Screen(served, "manager").open("norms"), "草案").press("draft_send")
        assert not screen.errors
        assert not changes(revisions.shipped(pack), kept_draft(served))


def test_a_draft_is_shown_in_words_and_not_in_codes(served: Company) -> None:
    screen = drafting(served)
    tables = [t for t in screen.app.get("dataframe") if "-draft_limits·" in t.proto.id]
    first = tables[0].value.iloc[0]
    assert (first["amount"], first["unit"]) == (24, "clock_hours")
    columns = tables[0].proto.columns
    for word in ("响应报修", "小时", "一般", "报修"):
        assert json.dumps(word) in columns


def test_rows_are_added_and_taken_out(served: Company) -> None:
    screen = drafting(served)
    before = revisions.shipped("appliance")
    new_limit = {"name": "message_replied", "amount": 4, "unit": "clock_hours", "clause": "E1"}
    change(screen, "limits", added=(new_limit,), deleted=(0,))
    change(screen, "routes", added=({"region": "浦口", "station": "浦口站", "clause": "E6"},))
    item = {"list": "conduct", "text.zh_CN": "出示报价", "text.en": "Quote shown"}
    change(screen, "check_lists.items", added=(item,))
    change(screen, "approvals", deleted=(0,))
    screen.press("draft_send")
    assert not screen.errors
    after = kept_draft(served)
    added = after.limits[-1]
    assert (added.name, added.amount, added.clause) == ("message_replied", 240, "E1")
    assert added.met
    assert before.limits[0].name not in {rule.name for rule in after.limits}
    # An added route stands before the one that takes every case.
    assert (after.routes[-2].station, after.routes[-1]) == ("浦口站", before.routes[-1])
    assert after.check_lists[0].items[-1].text["zh_CN"] == "出示报价"
    assert len(after.approvals) == len(before.approvals) - 1


def test_a_wrong_cell_is_refused_with_table_row_and_column(served: Company) -> None:
    screen = drafting(served)
    change(screen, "limits", {1: {"amount": 0}})
    change(screen, "return_conditions", {0: {"freight": None}})
    screen.press("draft_send")
    said = screen.texts.replace("\\", "")
    assert "时限 · 第 2 行 · 约定上门 · 请填写数值。" in said
    assert "退换货条件 · 第 1 行 · 质检确认的质量缺陷 · 运费承担 · 缺少此项" in said


def test_the_new_sentence_is_asked_for_where_a_number_changes(served: Company) -> None:
    screen = drafting(served)
    change(screen, "limits", {0: {"amount": 48}})
    screen.run()
    assert "有 2 句条款原文与数字不一致" in screen.texts
    field = screen.field("sentence·clauses·A2·zh_CN")
    assert (field.label, field.value) == (
        "响应报修（A2），现为 48 小时 · 简体中文",
        "受理后24小时内响应报修",
    )
    field.set_value("受理后48小时内响应报修")
    screen.press("draft_send")
    assert kept_draft(served).clauses["A2"]["zh_CN"] == "受理后48小时内响应报修"
    screen = tab(Screen(served, "manager").open("norms"), "差异")
    assert "Repair answered within 24 hours" in screen.texts.replace("\\", "")
    screen.press("sign_send")
    assert len(served.rows(NormRevision)) == 1
    screen.fill(sentences_stay=True).press("sign_send")
    assert len(served.rows(NormRevision)) == 2


# A code or a missing value instead of words.
CODE = re.compile(r"\b[a-z]+_[a-z]+\b|None")


def each_shorter(old: Norm) -> Iterator[tuple[str, Norm]]:
    """The rule book without the first row of each part."""
    for part in parts.PARTS:
        yield part, Norm.model_construct(**{**dict(old), part: getattr(old, part)[1:]})


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_row_that_goes_is_a_sentence_in_both_languages(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    for pack in revisions.pack_names():
        old = revisions.shipped(pack)
        for part, new in each_shorter(old):
            found = changes(old, new)
            said = [line for each in found for line in sentences.said(old, new, each)]
            assert said or not getattr(old, part), part
            assert not CODE.search(" ".join(said)), said


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_cell_of_every_part_has_words(
    language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "language", lambda: language)
    for pack in revisions.pack_names():
        norm = revisions.shipped(pack)
        for part, cells in parts.PARTS.items():
            for row in parts.rows_of(norm, part):
                for cell in cells:
                    text = f"{cell.label}: {cell.said(norm, row, language)}"
                    assert not CODE.search(text), (part, text)
