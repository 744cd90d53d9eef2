"""On the screens: what is missing before somebody is sent, guidance from afar, work at the station."""

from datetime import timedelta

from core.norms import revisions
from core.requests import inputs, ready
from db.codes import JobStatus, RequestStatus, ServiceWay
from db.tables import Job, ServiceRequest, Visit
from tests.company_cast import Company
from tests.screen import Screen
from tests.test_core_norms_packs import NORMS
from tests.test_pages_work import now

BARE = {"brand": "", "model": "", "purchased_on": None, "address": ""}


def bare(company: Company, **facts: object) -> int:
    return company.register(now=now(), **BARE | facts)


def test_the_form_asks_what_is_missing_and_sends_with_one_press(served: Company) -> None:
    served.register(now=now(), symptom="漏水")  # puts a product into the catalogue
    case_id = bare(served, customer_name="李雷", phone="13900139000")
    screen = Screen(served, "dispatcher").open("dispatch", id=str(case_id))
    assert "派工前还缺：地址、品牌、型号" in screen.texts
    (table,) = [each.value for each in screen.app.dataframe]
    assert sorted(table["还缺"]) == ["", "地址、品牌、型号"]
    screen.fill(technician_id=served["technician"].id)
    screen.press("dispatch·send")
    assert "派工前须先登记" in screen.texts
    assert not served.rows(Job)
    (piece,) = screen.field("piece").options
    assert piece == "海尔 XQG100"
    screen.field("piece").set_value(screen.field("piece").options[0])
    screen.fill(address="文德街 1 号").press("dispatch·send")
    case = served.get(ServiceRequest, case_id)
    assert (case.status, case.address) == (RequestStatus.IN_PROGRESS, "文德街 1 号")
    assert case.asset_id and len(served.rows(Job, request_id=case_id)) == 1


def test_guidance_comes_first_is_kept_and_told_to_the_technician(served: Company) -> None:
    served.do("admin", revisions.adopt, norm=NORMS["enterprise"], on=now().date(), signed_by="a")
    case_id = served.register(now=now())
    screen = Screen(served, "dispatcher").open("case", id=str(case_id))
    assert "派工前还缺：远程指导" in screen.texts
    assert "查电源、断电重启" in screen.texts
    screen.fill(by="video", tried="断电重启无效", result="not_solved").press("guide·send")
    assert "远程指导 ·" in screen.texts and "断电重启无效" in screen.texts
    assert "派工前还缺" not in screen.texts
    served.act("dispatcher", ServiceRequest, case_id, served.dispatch(), now=now())
    (job,) = served.rows(Job)
    shown = Screen(served, "technician").open("job", id=str(job.id))
    assert "视频 · 未解决 · 断电重启无效" in shown.texts


def test_the_receipt_says_what_is_missing_before_somebody_can_be_sent(served: Company) -> None:
    case_id = bare(served)
    screen = Screen(served, "agent").open("intake", receipt=str(case_id))
    assert "派工前还缺：地址、品牌、型号" in screen.texts


def test_the_way_is_chosen_at_intake_and_work_at_the_station_is_taken_in(served: Company) -> None:
    screen = Screen(served, "agent").open("intake")
    screen.fill(who="张三").run()
    screen.fill(customer_name="张三", phone="13900000001", symptom="不转", way=ServiceWay.STATION)
    screen.press("intake_send")
    (case,) = served.rows(ServiceRequest)
    assert case.way is ServiceWay.STATION
    case_id = served.register(now=now(), way="station", address="")
    served.act("dispatcher", ServiceRequest, case_id, served.dispatch(), now=now())
    (job,) = served.rows(Job)
    page = Screen(served, "technician").open("job", id=str(job.id))
    assert "到店" in page.texts
    page.press("take_in·send")
    assert served.get(Job, job.id).status is JobStatus.ON_SITE
    (visit,) = served.rows(Visit)
    assert visit.arrived_at and visit.agreed_to - visit.agreed_from == timedelta(minutes=75)


def test_a_list_is_narrowed_to_a_way_by_its_address(served: Company) -> None:
    served.register(now=now())
    served.register(now=now(), way="station", symptom="到店检修")
    screen = Screen(served, "dispatcher").open("dispatch", dispatch_way="station")
    (table,) = [each.value for each in screen.app.dataframe]
    assert list(table["问题描述"]) == ["到店检修"]


def test_the_story_says_which_clause_was_not_kept_and_which_paper_was_made(served: Company) -> None:
    served.do("admin", revisions.adopt, norm=NORMS["dealer"], on=now().date(), signed_by="a")
    case_id = served.register(now=now())
    page = Screen(served, "manager").open("case", id=str(case_id))
    assert "派工前还缺：行驶里程（公里）、售后服务申请受理单、远程指导" in page.texts
    served.do("agent", ready.note_paper, case_id=case_id, paper="acceptance_slip", now=now())
    anyway = inputs.DispatchAnyway(
        technician_id=served["technician"].id, exception_reason="高速上抛锚"
    )
    served.act("manager", ServiceRequest, case_id, anyway, now=now())
    said = Screen(served, "manager").open("case", id=str(case_id), tab="history").texts
    assert "高速上抛锚" in said and "偏离 D8、偏离 D27" in said
    assert "已出具单据** · 售后服务申请受理单" in said
