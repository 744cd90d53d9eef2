"""The page of the history's check: the last one, a new one, and the heads."""

from sqlalchemy import update

from core.process import heads
from db.tables import HistoryCheck, ServiceRequest
from tests import behind
from tests.company_cast import Company
from tests.screen import Screen


def test_the_audit_checks_the_history_and_sees_what_is_wrong(served: Company) -> None:
    case_id = served.register()
    screen = Screen(served, "auditor").open("proof")
    assert "还没有校验过历史记录。" in screen.texts
    screen.press("proof_check")
    assert "历史完整" in screen.texts
    with behind.back(served.engine) as session:
        session.execute(update(ServiceRequest).values(symptom="别的"))
    screen.press("proof_check")
    (table,) = [each.value for each in screen.app.dataframe]
    assert list(table.iloc[0]) == [
        "数据与历史不符",
        f"requests {case_id}",
        "symptom",
        "洗衣机不转了",
        "别的",
    ]
    assert [each.places for each in served.rows(HistoryCheck)] == [0, 1]
    screen.press("proof_head")
    assert "第 1 份摘要" in screen.texts
    found = served.see("auditor", lambda uow: heads.kept(uow.session))
    assert [each.number for each in found] == [1]
