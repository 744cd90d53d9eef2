"""The roster on screen: certificates, weeks, absences, regions, and one's own page."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from core import sweep
from core.process import workflow
from core.roster import absences, qualifications, regions
from core.roster.absences import AskAbsence
from db.codes import AbsenceStatus, DayStart, NoticeKind
from db.tables import Absence, Notice, Person, Qualification, Region, Shift
from pages.ui.frame.screens import SCREENS
from tests.company_cast import ZONE, Company
from tests.screen import Screen


def today() -> date:
    return datetime.now(ZONE).date()


def roster(served: Company, who: str, part: str = "", **context: str) -> Screen:
    screen = Screen(served, who, **context)
    return screen.open("roster", **({"roster_part": part} if part else {}))


def certificate(company: Company, who: str = "technician", **facts: Any) -> int:
    command = qualifications.Qualify(kind="electrician", **facts)
    return company.do("manager", qualifications.add, command, person_id=company[who].id)


def asked(company: Company, who: str = "technician") -> int:
    begins = datetime.now(UTC) + timedelta(days=2)
    command = AskAbsence(begins_at=begins, ends_at=begins + timedelta(days=1), reason="leave")
    return company.do(who, absences.ask, command, now=datetime.now(UTC))


def table(screen: Screen, name: str) -> Any:
    (found,) = [t for t in screen.app.dataframe if f"-{name}_table·" in t.proto.id]
    return found.value


def test_who_finds_the_roster_in_the_menu() -> None:
    (screen,) = [each for each in SCREENS if each.file == "roster"]
    assert (screen.permission, screen.or_permission) == ("roster:read", "absence:ask")


def test_what_is_due_for_renewal_stands_first_and_is_marked(served: Company) -> None:
    certificate(served, valid_until=today() + timedelta(days=400))
    certificate(served, "technician.colleague", valid_until=today() + timedelta(days=9))
    certificate(served, valid_until=today() - timedelta(days=1))
    screen = roster(served, "manager")
    rows = table(screen, "qualifications")
    assert list(rows["有效期至"].str.startswith("▲"))[:3] == [True, True, False]
    assert "还剩 9 天" in rows["有效期至"][1] and "已过期" in rows["有效期至"][0]
    assert "2 个证件" in screen.texts


def test_a_certificate_is_added_renewed_and_removed(served: Company) -> None:
    screen = roster(served, "dispatcher")
    screen.app.selectbox(key="qualification_person").set_value(served["technician"].id)
    screen.run().fill(kind="electrician", number="京A-1", valid_until=today())
    screen.press("qualify·" + str(served["technician"].id) + "_send")
    (row,) = served.rows(Qualification, kind="electrician")
    assert (row.person_id, row.number, row.valid_until) == (
        *(served["technician"].id, "京A-1", today()),
    )
    screen.choose_row("qualifications", 0)
    screen.fill(valid_until=today() + timedelta(days=300)).press(f"qualification·{row.id}_send")
    assert served.get(Qualification, row.id).valid_until == today() + timedelta(days=300)
    assert not screen.errors
    screen.press(f"qualification·{row.id}_remove")
    assert served.rows(Qualification, kind="electrician") == []


def test_a_week_is_set_and_taken_back(served: Company) -> None:
    screen = roster(served, "manager", "shifts")
    screen.fill(valid_from=today()).press("week·company_send")
    assert [row.weekday.value for row in served.rows(Shift)] == ["mon", "tue", "wed", "thu", "fri"]
    assert table(screen, "weeks")["工作时间"][0] == "周一–周五 08:30–12:00, 13:00–17:30"
    screen.choose_row("weeks", 0).press("_remove")
    assert served.rows(Shift) == []


def test_a_dispatcher_sets_weeks_of_the_own_station_only(served: Company) -> None:
    screen = roster(served, "dispatcher", "shifts")
    owners = screen.app.selectbox(key="week_owner").options
    assert "North" in owners and "technician" in owners
    assert not {"South", "technician.stranger", "全公司"} & set(owners)


def test_an_absence_is_approved_by_the_station(served: Company) -> None:
    id = asked(served)
    screen = roster(served, "dispatcher", "absences").choose_row("absences", 0)
    screen.press("approve_absence·send")
    row = served.get(Absence, id)
    assert (row.status, row.decided_by_id) == (AbsenceStatus.APPROVED, served["dispatcher"].id)


def test_nobody_is_offered_to_decide_on_the_own_absence(served: Company) -> None:
    asked(served, "dispatcher")
    screen = roster(served, "dispatcher", "absences").choose_row("absences", 0)
    assert [p.options for p in screen.app.pills if p.key and p.key.endswith("·action")] == [
        ["撤回"]
    ]


def test_the_home_page_leads_to_what_waits(served: Company) -> None:
    asked(served)
    screen = Screen(served, "dispatcher").open("home")
    assert ("待批请假", "1") in [(each.label, each.value) for each in screen.app.metric]


def test_the_inbox_says_who_asks_and_what_ends_and_leads_there(served: Company) -> None:
    id = asked(served)
    certificate(served, valid_until=today() + timedelta(days=9))
    sweep.run(served.engine)
    screen = Screen(served, "dispatcher").open("inbox")
    said = "\n".join([screen.texts, *(str(button.label) for button in screen.app.button)])
    assert "technician 申请请假" in said and "technician 的证件" in said
    act = {"id": id, "command": absences.ApproveAbsence(), "seen_version": 1}
    served.do("dispatcher", workflow.act, absences.PROCESS, **act)
    screen = Screen(served, "technician", locale="en-US").open("inbox")
    said = "\n".join([screen.texts, *(str(button.label) for button in screen.app.button)])
    assert "请假已批准" in said or "You may be away" in said
    (row,) = served.rows(Notice, kind=NoticeKind.RENEWAL, person_id=served["technician"].id)
    assert row.data["until"] == (today() + timedelta(days=9)).isoformat()


def test_a_region_is_added_and_an_address_is_tried(served: Company) -> None:
    screen = roster(served, "manager", "regions")
    screen.fill(name="浦东", station_id=1, places="浦东新区\n张江路")
    screen.fill(responsible_id=served["technician"].id).press("region_send")
    (row,) = served.rows(Region)
    assert row.responsible_id == served["technician"].id
    screen.app.text_input(key="region_address").set_value("上海市浦东新区世纪大道 1 号")
    assert "浦东 · North · technician" in screen.run().texts
    screen.choose_row("regions", 0).fill(places="唐镇").press(f"region·{row.id}_send")
    assert served.see("agent", regions.region_of, address="上海市浦东新区") is None


def test_a_technician_has_a_page_of_the_own(served: Company) -> None:
    certificate(served, valid_until=today() + timedelta(days=9))
    asked(served, "technician.colleague")
    screen = roster(served, "technician")
    assert "我的班次" in screen.texts and "technician.colleague" not in screen.texts
    begins = datetime.combine(today(), time(9)) + timedelta(days=3)
    screen.fill(begins_at=begins, ends_at=begins + timedelta(hours=5), reason="sick")
    screen.press(f"absence·{served['technician'].id}_send")
    (row,) = served.rows(Absence, person_id=served["technician"].id)
    assert (row.status, row.reason.value) == (AbsenceStatus.ASKED, "sick")
    screen.turn_to("withdraw_absence").press("withdraw_absence·send")
    assert served.get(Absence, row.id).status is AbsenceStatus.WITHDRAWN
    screen.fill(day_start=DayStart.HOME, address="浦东新区唐镇 8 号")
    screen.press(f"start·{served['technician'].id}_send")
    assert served.get(Person, served["technician"].id).day_start is DayStart.HOME


@pytest.mark.parametrize("part", ["certificates", "shifts", "absences", "regions", "starts"])
@pytest.mark.parametrize("who", ["manager", "auditor", "admin", "leader"])
def test_every_part_opens_empty_and_in_english(served: Company, part: str, who: str) -> None:
    screen = roster(served, who, part, locale="en-US")
    assert not screen.errors


def test_who_may_not_be_sent_is_refused_in_words(served: Company) -> None:
    for row in served.rows(Qualification, kind="repairer"):
        served.do("manager", qualifications.remove, id=row.id, seen_version=row.version)
    case_id = served.register(now=datetime.now(UTC))
    screen = Screen(served, "dispatcher").open("case", id=str(case_id))
    screen.fill(technician_id=served["technician"].id)
    screen.press("dispatch·send")
    assert "没有维修职业资格证" in screen.texts


def test_a_list_of_certificates_is_pasted_and_added(served: Company) -> None:
    screen = roster(served, "manager")
    (area,) = [t for t in screen.app.text_area if "certificates" in str(t.key)]
    area.set_value("姓名\t证件\n张三\t电工证\n")
    assert "张三" in "\n".join(screen.run().errors)
    (area,) = [t for t in screen.app.text_area if "certificates" in str(t.key)]
    area.set_value("姓名\t证件\ntechnician\t电工证\n")
    screen.run().press("many_certificates_send")
    (row,) = served.rows(Qualification, kind="electrician")
    assert row.person_id == served["technician"].id
