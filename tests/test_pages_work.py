"""The main job through the screens: intake, dispatch, job, follow-up, and bad input on the way."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import update

from core.kernel.inputs import parse
from core.kernel.unit_of_work import transaction
from core.norms import revisions
from core.norms.model import Norm
from core.requests.intake import Register, register
from db.codes import FollowUpStatus, JobStatus, RequestKind, RequestStatus
from db.tables import Customer, FollowUp, FormKey, Job, ServiceRequest, SignIn, Visit
from tests import stored_rows
from tests.company_cast import PASSWORD, REPAIR, Company
from tests.screen import Screen


def now() -> datetime:
    return datetime.now(UTC)


def register_now(company: Company, **facts: object) -> int:
    return company.register(now=now(), **facts)


def intake(company: Company) -> Screen:
    screen = Screen(company, "agent").open("intake")
    screen.fill(who="13900001111").run()
    return screen.fill(customer_name="李雷", symptom="不制冷", address="中山路 1 号")


def test_a_call_is_registered_with_its_customer_and_product(served: Company) -> None:
    register_now(served)  # its product is in the catalogue from now on
    screen = intake(served)
    assert screen.field("phone").value == "13900001111"
    screen.fill(brand="海尔").run().fill(model="XQG100")
    screen.fill(serial="sn 9", purchased_on=now().date()).press("intake_send")
    case = served.rows(ServiceRequest)[-1]
    assert screen.title == case.number
    assert case.owner_id == served["agent"].id
    assert (case.charge.value, case.charge_reason.value) == ("free", "in_warranty")
    customer = served.rows(Customer)[-1]
    assert (customer.name, customer.phone_key) == ("李雷", "8613900001111")
    assert "A1 受理后24小时内与顾客约定上门时间" in screen.texts


def test_all_bad_fields_are_named_at_once_and_what_was_typed_stays(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    screen.fill(customer_name="", phone="x", symptom="", address="y" * 400).press("intake_send")
    assert screen.errors == ["有 4 项需要修改，尚未保存，已填内容都在。"]
    assert screen.field("phone").value == "x"
    assert screen.field("address").value == "y" * 400
    assert not served.rows(ServiceRequest)


def test_a_second_click_on_the_same_form_is_one_case(served: Company) -> None:
    screen = intake(served).press("intake_send")
    (key,) = served.rows(FormKey)
    first = served.rows(ServiceRequest)[0].id
    command = parse(Register, REPAIR)
    again = served.submit("agent", lambda uow: register(uow, command), key.key)
    assert again == first
    assert len(served.rows(ServiceRequest)) == 1
    screen.press("next_call")
    assert screen.field("symptom").value == ""


def test_a_known_product_shows_its_warranty_and_the_same_fault(served: Company) -> None:
    register_now(served, serial="AB1", fault_area="noise", phone="13800138000")
    screen = Screen(served, "agent").open("intake")
    screen.fill(who="ab1").run()
    screen.fill(fault_area="noise").run()
    assert "该产品同一故障此前报过 1 次（S8）。" in screen.texts
    assert "该产品还有 1 件未结案。" in screen.texts
    screen.fill(symptom="又响了").press("intake_send")
    first, second = served.rows(ServiceRequest)
    assert first.asset_id == second.asset_id
    assert len(served.rows(Customer)) == 1


def test_an_answer_on_the_spot_closes_a_consultation(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    screen.fill(kind=RequestKind.CONSULTATION).run()
    screen.fill(customer_name="韩梅", phone="025-8888999", symptom="怎么除垢", answer="用柠檬酸")
    screen.press("intake_send")
    (case,) = served.rows(ServiceRequest)
    assert case.status is RequestStatus.CLOSED
    assert case.answer == "用柠檬酸"


def test_the_whole_way_from_dispatch_to_the_unhappy_customer(served: Company) -> None:
    case_id = register_now(served, purchased_on=now().date())
    dispatch(served)
    report(served)
    call(served)
    case, complaint = served.rows(ServiceRequest)
    assert case.status is RequestStatus.CLOSED
    assert (complaint.kind, complaint.origin_id) == (RequestKind.COMPLAINT, case_id)
    screen = Screen(served, "manager").open("case", id=str(case_id))
    assert complaint.number in "".join(link.label for link in screen.app.button)


def dispatch(company: Company) -> None:
    screen = Screen(company, "dispatcher").open("dispatch").choose_row("dispatch", 0)
    options = screen.field("technician_id").options
    assert options[0].startswith("technician · North")
    assert options[-1].startswith("technician.stranger · South")
    screen.fill(technician_id=company["technician"].id).press("dispatch·send")
    (job,) = company.rows(Job)
    assert (job.status, job.technician_id) == (JobStatus.ASSIGNED, company["technician"].id)


def report(company: Company) -> None:
    (job,) = company.rows(Job)
    screen = Screen(company, "technician").open("job", id=str(job.id))
    screen.press("agree_visit·send").turn_to("arrive").press("arrive·send")
    screen.open("case", id=str(job.request_id))
    assert screen.field("confirmed_by").value == ""
    screen.fill(result="fixed", cause="皮带断裂", work_done="更换皮带")
    screen.fill(unticked_reason="客户催促，未逐项勾选", symptom_found="as_told")
    screen.press("finish_job·send")
    assert screen.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(confirmed_by="王小明").press("finish_job·send")
    (job,) = company.rows(Job)
    assert (job.status, job.work_done) == (JobStatus.DONE, "更换皮带")
    (visit,) = company.rows(Visit)
    assert visit.arrived_at and visit.ended_at


def call(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(FollowUp).values(due_on=now().date() - timedelta(days=1)))
    screen = Screen(company, "agent").open("followups")
    screen.fill(attitude=2, result=3, opinion="来得太晚").press("record_answers·send")
    (called,) = company.rows(FollowUp)
    assert (called.status, called.score) == (FollowUpStatus.ANSWERED, 2.5)


def test_two_people_on_one_case_the_slower_one_is_told(served: Company) -> None:
    case_id = register_now(served)
    slow = Screen(served, "dispatcher").open("case", id=str(case_id))
    slow.fill(technician_id=served["technician"].id)
    served.act("manager", ServiceRequest, case_id, served.dispatch("technician.colleague"))
    slow.press("dispatch·send")
    assert "其他人刚刚修改了此记录" in slow.errors[0]
    (job,) = served.rows(Job)
    assert job.technician_id == served["technician.colleague"].id


def test_another_stations_case_is_not_there(served: Company) -> None:
    case_id = register_now(served)
    stranger = Screen(served, "agent.stranger").open("case", id=str(case_id))
    assert stranger.errors == ["未找到，或您无权查看。"]
    assert not stranger.app.title


def test_what_a_person_typed_is_text_and_never_markup(served: Company) -> None:
    case_id = register_now(served, symptom="<b>响</b> **很** [x](http://example.com) :red[y]")
    screen = Screen(served, "agent").open("case", id=str(case_id))
    assert r"\<b\>响\</b\> \*\*很\*\*" in screen.texts
    assert "**很**" not in screen.texts.replace(r"\*", "")


def test_an_ended_sign_in_keeps_what_was_typed(served: Company) -> None:
    screen = intake(served)
    end_all(served)
    screen.press("intake_send")
    assert "登录已失效" in screen.texts
    screen.app.text_input[0].set_value("agent")
    screen.app.text_input[1].set_value(PASSWORD)
    screen.app.button[0].click()
    screen.run()
    assert screen.field("symptom").value == "不制冷"
    assert screen.field("customer_name").value == "李雷"
    screen.press("intake_send")
    assert len(served.rows(ServiceRequest)) == 1


def end_all(company: Company) -> None:
    with transaction(company.engine, write=True) as session:
        session.execute(update(SignIn).values(ended_at=now()))


def test_a_past_window_is_refused_in_words(served: Company) -> None:
    register_now(served)
    dispatch(served)
    (job,) = served.rows(Job)
    screen = Screen(served, "technician").open("job", id=str(job.id))
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=2)
    screen.fill(agreed_from=past, agreed_to=past + timedelta(hours=1)).press("agree_visit·send")
    assert ":red[时间已过。]" in screen.texts
    assert not served.rows(Visit)


def test_the_rule_books_own_fields_are_asked_stored_and_shown(served: Company) -> None:
    fields = [
        {"name": "floor", "kind": "number", "text": {"zh_CN": "楼层", "en": "Floor"}},
        {
            "name": "way_up",
            "kind": "choice",
            "required": True,
            "text": {"zh_CN": "上楼方式", "en": "Way up"},
            "choices": [{"name": "lift", "text": {"zh_CN": "有电梯", "en": "Lift"}}],
        },
    ]
    data = revisions.shipped("appliance").dump() | {"extra_fields": fields}
    norm = Norm.model_validate(data)
    served.do("admin", revisions.adopt, norm=norm, on=now().date(), signed_by="x", now=now())
    screen = intake(served).press("intake_send")
    assert screen.errors == ["有 1 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(**{"extra.way_up": "lift", "extra.floor": 12.0}).press("intake_send")
    (case,) = served.rows(ServiceRequest)
    assert case.extra == {"way_up": "lift", "floor": 12.0}
    shown = Screen(served, "agent").open("case", id=str(case.id)).texts
    assert "有电梯" in shown
    assert "楼层" in shown


def test_two_customers_of_one_name_and_phone_are_told_apart(served: Company) -> None:
    for _ in range(2):
        with transaction(served.engine, write=True) as session:
            stored_rows.customer(session, name="李雷", phone="13911112222")
    screen = Screen(served, "agent").open("intake")
    screen.fill(who="13911112222").run()
    options = screen.app.radio[0].options
    assert len(options) == len(set(options)) == 3
