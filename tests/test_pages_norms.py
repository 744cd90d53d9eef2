"""The rule book on screen: read, drafted, signed; what-if; why a limit is due then."""

from datetime import UTC, datetime

from core import rulebook
from core.norms import revisions
from core.norms.model import Norm
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
