"""The rule book on screen: read, drafted, signed; what-if; why a limit is due then."""

from datetime import UTC, datetime

from core.norms import revisions
from core.norms.model import Norm
from core.rulebook import book as rulebook
from db.tables import History, Limit, NormDraft, NormRevision, ServiceRequest
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
    rows = screen.app.dataframe[0].value.to_dict("records")
    assert rows == [{"位置": "limits.repair_response.amount", "现行": "1440", "草案": "60"}]
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
    screen = Screen(served, "agent").open("case", id=str(case_id))
    names = {row.name: row.id for row in served.rows(Limit, request_id=case_id)}
    screen.fill(**{f"why_{case_id}": names["complaint_solved"]}).run()
    assert "第 1 版" in screen.texts
    ledger = screen.app.dataframe[0].value
    assert ledger["累计计入"].iloc[-1] > 0


def edits(rows: dict[int, dict[str, object]]) -> dict[str, object]:
    return {"edited_rows": rows, "added_rows": [], "deleted_rows": []}


def drafting(served: Company) -> Screen:
    served.do("manager", rulebook.keep_draft, revisions.shipped("appliance"))
    return tab(Screen(served, "manager").open("norms"), "草案")


def test_tables_change_the_draft(served: Company) -> None:
    screen = drafting(served)
    shipped = revisions.shipped("appliance")
    screen.app.session_state["draft_limits"] = edits({0: {"amount": 77}})
    screen.app.session_state["draft_hours"] = edits({6: {"windows": "09:00-12:00，13:00-15:00"}})
    screen.app.session_state["draft_routes"] = edits({0: {"region": "浦口"}})
    screen.app.session_state["draft_conditions"] = edits({0: {"freight": "customer"}})
    screen.app.session_state["draft_check_lists"] = edits({0: {"en": "Clean clothes"}})
    screen.field("draft_closed").set_value("2026-12-31")
    screen.field("draft_open").set_value("2027-01-02 09:00-12:00")
    screen.press("draft_send")
    (kept,) = served.rows(NormDraft)
    draft = Norm.model_validate(kept.data)
    assert draft.limits[0].amount == 77
    assert draft.hours.weekly["sun"] == [("09:00", "12:00"), ("13:00", "15:00")]
    assert (draft.hours.closed, draft.hours.open) == (
        ("2026-12-31",),
        {"2027-01-02": [("09:00", "12:00")]},
    )
    assert draft.routes[0].region == "浦口"
    assert draft.return_conditions[0].freight == "customer"
    assert draft.check_lists[0].items[0].text["en"] == "Clean clothes"
    changed = {difference.path.split(".")[0] for difference in rulebook.differences(shipped, draft)}
    assert changed == {"limits", "hours", "routes", "return_conditions", "check_lists"}


def test_a_broken_draft_is_kept_and_says_what_is_wrong(served: Company) -> None:
    screen = drafting(served)
    screen.app.session_state["draft_hours"] = edits({0: {"windows": "12:00-09:00"}})
    screen.press("draft_send")
    screen = tab(Screen(served, "manager").open("norms"), "差异")
    assert "hours" in screen.texts
    assert "工作时间有误" in screen.texts
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
    assert "repeat_days" in screen.texts.replace("\\", "")
