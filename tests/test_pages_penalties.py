"""Penalties on screen: seen by whom they concern, appealed against, decided by another one."""

from core.codes import ImprovementStatus, PenaltyStatus
from core.complaints.inputs import Investigate, Penalise
from core.kernel.inputs import parse
from db.tables import Complaint, Improvement, Notice, Penalty, Person
from tests.company_cast import Company
from tests.complaint_steps import CAUSE, take
from tests.screen import Screen, counted

NONE = "没有您可查看的处罚。"


def penalised(company: Company) -> Penalty:
    """The technician answers for a cause, and the manager decided on a fifth of the bonus."""
    id = company.complaint()
    technician = company["technician"].id
    answers = {"department": "after_sales", "person_id": technician, "share_percent": 100}
    cause = parse(Investigate, CAUSE | {"responsibles": [answers]})
    take(company, id, "notified", investigated=("quality", cause))
    decided = {"ground": "person", "percent": 20, "reason": "漏检", "person_id": technician}
    company.act("manager", Complaint, id, parse(Penalise, decided))
    (row,) = company.rows(Penalty)
    return row


def test_a_penalty_is_seen_by_its_person_and_not_by_a_colleague(served: Company) -> None:
    row = penalised(served)
    screen = Screen(served, "technician").open("penalties", id=str(row.id))
    assert screen.title == "责任处罚"
    assert "technician · 奖金的 20%" in screen.texts
    assert "漏检" in screen.texts and "E14" in screen.texts
    colleague = Screen(served, "technician.colleague").open("penalties", id=str(row.id))
    assert NONE in colleague.texts
    assert not colleague.app.dataframe and "漏检" not in colleague.texts


def test_the_audit_sees_it_and_only_reads(served: Company) -> None:
    row = penalised(served)
    screen = Screen(served, "auditor").open("penalties", id=str(row.id))
    assert "漏检" in screen.texts
    assert not [button for button in screen.app.button if (button.key or "").endswith("·send")]


def test_somebody_elses_penalty_asked_for_by_its_address_is_not_there(served: Company) -> None:
    row = penalised(served)
    screen = Screen(served, "technician").open("penalties", id=str(row.id + 1))
    assert "没有这条处罚，或您无权查看。" in screen.texts


def test_the_person_appeals_and_another_one_decides(served: Company) -> None:
    row = penalised(served)
    screen = Screen(served, "technician").open("penalties").choose_row("penalties", 0)
    screen.fill(appeal="").press("appeal·send")
    assert screen.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(appeal="当时没有量具").press("appeal·send")
    assert served.get(Penalty, row.id).status is PenaltyStatus.APPEALED
    manager = Screen(served, "manager").open("penalties", id=str(row.id))
    assert "处罚与您有关或由您决定，须由他人复核。" in manager.texts
    assert not [b for b in manager.app.button if (b.key or "").endswith("uphold·send")]
    leader = Screen(served, "leader").open("penalties", id=str(row.id))
    leader.fill(action="reduce").run()
    leader.fill(percent=10.0, review="量具确已送检").press("reduce·send")
    decided = served.get(Penalty, row.id)
    assert (decided.status, decided.percent) == (PenaltyStatus.REDUCED, 10)
    assert decided.reviewed_by_id == served["leader"].id


def test_the_notice_of_a_penalty_leads_to_it(served: Company) -> None:
    penalised(served)
    (notice,) = served.rows(Notice, person_id=served["technician"].id)
    screen = Screen(served, "technician").open("inbox")
    (button,) = [b for b in screen.app.button if b.key == f"notice_{notice.id}"]
    assert "有一项责任处罚与您有关，您可以申诉" in button.label
    screen.press(button.key)
    assert screen.title == "责任处罚"
    assert "漏检" in screen.texts


def test_a_head_sees_it_once_the_administrator_wrote_down_whom_they_head(served: Company) -> None:
    row = penalised(served)
    assert NONE in Screen(served, "handler").open("penalties").texts
    give_department(served, "technician")
    give_department(served, "handler", is_head=True)
    screen = Screen(served, "handler").open("penalties", id=str(row.id))
    assert "漏检" in screen.texts


def give_department(company: Company, who: str, *, is_head: bool = False) -> None:
    screen = Screen(company, "admin").open("people")
    names = list(screen.app.dataframe[0].value["用户名"])
    screen.choose_row("people", names.index(who))
    screen.fill(department="after_sales", is_head=is_head)
    screen.press(f"person·{company[who].id}_send")
    assert company.get(Person, company[who].id).department == "after_sales"
    assert "售后服务部" in screen.app.dataframe[0].value.to_string()


def test_the_list_of_penalties_is_one_query_of_its_own(served: Company) -> None:
    penalised(served)
    screen = Screen(served, "auditor").open("penalties")
    with counted() as statements:
        screen.run()
    asked = [text for text in statements if text.startswith(("SELECT", "INSERT", "UPDATE"))]
    assert 1 <= len(asked) <= 5, "\n\n".join(asked)


def test_whoever_owns_a_measure_finishes_it_without_reading_complaints(served: Company) -> None:
    id = served.complaint()
    take(served, id, "improved")
    screen = Screen(served, "support").open("measures")
    screen.fill(note="已加测硬度").press("finish_improvement·send")
    (row,) = served.rows(Improvement)
    assert row.status is ImprovementStatus.DONE
    assert Screen(served, "technician").open("measures").app.info
