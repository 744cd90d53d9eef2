"""The inbox and the emergencies on screen: what is told, clicked, declared, approved."""

from datetime import UTC, datetime, timedelta

import pytest

from core import sweep
from core.emergencies import actions, resources
from core.jobs import actions as jobs
from core.kernel.unit_of_work import transaction
from core.notices import notices
from db.codes import Language, NoticeKind
from db.tables import Emergency, EmergencyResource, Job, Notice, ServiceRequest
from pages.ui.kit import gate, words
from tests.company_cast import Company
from tests.screen import Screen, counted
from tests.test_core_emergencies import ask, declare, equip
from tests.test_core_escalation import CLOCK, adopt


def escalated(company: Company) -> int:
    """A case whose owner was told an hour ago that half of its time is used; gives its id."""
    adopt(company, CLOCK)
    case_id = company.register(now=datetime.now(UTC) - timedelta(minutes=70))
    sweep.run(company.engine)
    assert [row.person_id for row in company.rows(Notice)] == [company["agent"].id]
    return case_id


def bell(screen: Screen) -> tuple[str, list[str]]:
    """What the bell above every page says: how many are new, and the newest of them."""
    menu = screen.app.get("menu_button")[0]
    assert menu.key == "bell"
    return menu.label, menu.options[:-1]


def unread(company: Company, who: str) -> int:
    return company.see(who, notices.newest_unread).unread


def test_an_empty_inbox_says_so(served: Company) -> None:
    screen = Screen(served, "agent").open("inbox")
    assert screen.title == "消息"
    assert "没有消息。" in screen.texts
    assert unread(served, "agent") == 0


def test_a_notice_is_bold_until_a_click_opens_its_case(served: Company) -> None:
    case_id = escalated(served)
    assert unread(served, "agent") == 1
    screen = Screen(served, "agent").open("inbox")
    assert "1 条未读" in screen.texts
    (button,) = [b for b in screen.app.button if b.key.startswith("notice_")]
    number = served.get(ServiceRequest, case_id).number
    assert "**" in button.label and number.replace("-", r"\-") in button.label
    assert r"时限已用 50%" in button.label
    screen.press(button.key)
    assert screen.title == number
    story = Screen(served, "agent").open("case", id=str(case_id), tab="history")
    assert "clock · 负责人" in story.texts
    assert served.rows(Notice)[0].read_at is not None
    screen.open("inbox")
    assert unread(served, "agent") == 0
    (button,) = [b for b in screen.app.button if b.key.startswith("notice_")]
    assert "**" not in button.label
    assert screen.press(button.key).title == number


def test_all_are_marked_at_once(served: Company) -> None:
    escalated(served)
    served.register(now=datetime.now(UTC) - timedelta(minutes=90))
    sweep.run(served.engine)
    screen = Screen(served, "agent").open("inbox").press("mark_all")
    assert all(row.read_at for row in served.rows(Notice))
    assert "未读" not in screen.texts


def test_the_bell_tells_what_is_new_and_leads_there(served: Company) -> None:
    case_id = escalated(served)
    number = served.get(ServiceRequest, case_id).number
    screen = Screen(served, "agent").open("account")
    count, newest = bell(screen)
    assert (count, len(newest)) == ("1", 1)
    assert number.replace("-", r"\-") in newest[0]
    screen.app.get("menu_button")[0].click_index(0)
    assert screen.run().title == number
    assert served.rows(Notice)[0].read_at is not None
    assert bell(screen) == ("0", [])
    screen.app.get("menu_button")[0].click_index(0)
    assert screen.run().title == "消息"


def test_what_is_asked_while_a_page_stands_open_is_said_once(served: Company) -> None:
    screen = Screen(served, "quality").open("account")
    served.complaint()
    assert not screen.run().app.toast  # the bell is not looked up at each run
    del screen.app.session_state[gate.KEPT]  # half a minute later
    screen.run()
    (said,) = [each.value for each in screen.app.toast]
    assert "轮到您办理" in said
    assert bell(screen)[0] == "1"
    assert not screen.run().app.toast


def test_two_notices_of_the_same_words_are_two_in_the_bell(served: Company) -> None:
    with transaction(served.engine, write=True) as session:
        for source in "ab":
            told = {"data": {"level": 1, "measure": "", "share": 50}, "at": datetime.now(UTC)}
            session.add(
                Notice(
                    person_id=served["agent"].id, kind=NoticeKind.WITHDRAWN, source=source, **told
                )
            )
    _count, newest = bell(Screen(served, "agent"))
    assert len(set(newest)) == 2
    assert len({each.strip("\u200b") for each in newest}) == 1


def test_a_managers_digest_opens_its_cases_and_each_of_them(served: Company) -> None:
    adopt(served, CLOCK)
    for minutes in (190, 200):
        served.register(now=datetime.now(UTC) - timedelta(minutes=minutes))
    sweep.run(served.engine)
    screen = Screen(served, "manager").open("inbox")
    (line,) = [b for b in screen.app.button if b.key.startswith("notice_")]
    assert "时限汇总：2 个时限升级到您" in line.label
    screen.press(line.key)
    assert "2 件升级到您。" in screen.texts
    first, _second = [b for b in screen.app.button if b.key.startswith("notice_")]
    numbers = {row.number for row in served.rows(ServiceRequest)}
    assert screen.press(first.key).title in numbers
    screen.open("inbox", part="digest")
    assert "1 件升级到您。" in screen.texts
    screen.press("mark_all")
    assert unread(served, "manager") == 0


def test_the_inbox_is_ones_own(served: Company) -> None:
    escalated(served)
    assert "没有消息。" in Screen(served, "agent.colleague").open("inbox").texts


@pytest.mark.parametrize("page", ["inbox", "emergencies"])
def test_the_lists_are_at_most_five_queries(served: Company, page: str) -> None:
    equip(served)
    for _ in range(3):
        declare(served)
    screen = Screen(served, "manager").open(page)
    with counted() as statements:
        screen.run()
    asked = [text for text in statements if text.startswith(("SELECT", "INSERT", "UPDATE"))]
    assert 1 <= len(asked) <= 5, "\n\n".join(asked)


def test_an_emergency_is_declared_on_screen(served: Company) -> None:
    equip(served)
    number = served.get(ServiceRequest, served.register()).number
    screen = Screen(served, "agent").open("emergencies", number=number)
    assert screen.field("number").value == number
    screen.fill(level=None, happened="").press("emergency_send")
    assert screen.errors == ["有 2 项需要修改，尚未保存，已填内容都在。"]
    screen.fill(level=1, happened="冷库漏氨").press("emergency_send")
    (row,) = served.rows(Emergency)
    assert (row.level, row.happened, row.drill) == (1, "冷库漏氨", False)
    assert number in screen.app.dataframe[0].value.to_string()
    assert unread(served, "leader") == 1


def test_the_notice_of_an_emergency_leads_there(served: Company) -> None:
    equip(served)
    emergency_id = declare(served)
    screen = Screen(served, "dispatcher").open("inbox")
    screen.press(f"notice_{served.rows(Notice, person_id=served['dispatcher'].id)[0].id}")
    assert screen.title == "应急"
    assert "冷库漏氨" in screen.texts
    assert "dispatcher" in screen.texts and "leader" in screen.texts
    screen.open("emergencies", id=str(emergency_id)).press("respond·send")
    assert served.get(Emergency, emergency_id).status == "responded"


def test_a_technician_reads_what_was_sent_and_opens_the_job(served: Company) -> None:
    now = datetime.now(UTC)
    served.dispatched(now=now, symptom="排在前面的")
    case_id, job_id = served.dispatched(now=now, phone="13900001111", symptom="不制冷了")
    assert unread(served, "technician") == 2
    number = served.get(ServiceRequest, case_id).number.replace("-", r"\-")
    screen = Screen(served, "technician").open("inbox")
    (button,) = [b for b in screen.app.button if number in b.label]
    assert "派给您的工单，请与客户预约" in button.label
    screen.press(button.key)
    assert screen.title == "王小明"
    assert [b.key for b in screen.app.button if b.key.endswith("·send")] == [
        f"job·{job_id}·agree_visit·send"
    ]
    # What is no job of one's own any more opens as a case.
    served.act("dispatcher", Job, job_id, jobs.WithdrawJob(note="客户暂缓"), now=now)
    screen.open("inbox")
    (button,) = [b for b in screen.app.button if number in b.label]
    assert "派工已撤回，不必上门" in button.label
    assert screen.press(button.key).title == served.get(ServiceRequest, case_id).number
    assert unread(served, "technician") == 1


def test_only_another_one_may_approve_a_resource(served: Company) -> None:
    equip(served)
    emergency_id = declare(served)
    ask(served, "manager", emergency_id)
    approve = "approve_resource·send"
    asker = Screen(served, "manager").open("emergencies").choose_row("emergencies_open", 0)
    assert "抽排车 × 2" in asker.texts
    assert not [b for b in asker.app.button if b.key and b.key.endswith(approve)]
    leader = Screen(served, "leader").open("emergencies", id=str(emergency_id))
    leader.press(approve)
    (row,) = served.rows(EmergencyResource)
    assert (row.status, row.decided_by_id) == ("approved", served["leader"].id)
    assert "已批准" in leader.texts


def test_closed_emergencies_are_kept_apart(served: Company) -> None:
    equip(served)
    emergency_id = declare(served)
    screen = Screen(served, "manager").open("emergencies", id=str(emergency_id))
    screen.press("respond·send")
    screen.turn_to("handle").fill(note="已堵漏").press("handle·send")
    screen.turn_to("close_emergency").fill(lesson="每季检查").press("close_emergency·send")
    assert served.get(Emergency, emergency_id).lesson == "每季检查"
    screen = Screen(served, "manager").open("emergencies")
    assert "没有应急事件。" in screen.texts
    screen.app.segmented_control(key="emergencies_which").set_value("closed")
    screen.run().choose_row("emergencies_closed", 0)
    assert "每季检查" in screen.texts


def test_another_stations_emergency_is_not_there(served: Company) -> None:
    equip(served)
    emergency_id = declare(served)
    stranger = Screen(served, "agent.stranger").open("emergencies", id=str(emergency_id))
    assert stranger.errors == ["未找到，或您无权查看。"]
    assert not stranger.app.dataframe


@pytest.mark.parametrize("language", Language, ids=str)
def test_every_action_and_fact_has_words(language: Language) -> None:
    catalogue = words.catalogue(language)
    wanted = [("fact", "request.escalated")]
    for process in (actions.PROCESS, resources.PROCESS):
        wanted += [("fact", f"{process.subject}.{rule.fact}") for rule in process.rules]
        wanted += [("action", rule.action.name) for rule in process.rules if rule.action]
    for name in ("declared_at", "declared_by", "told", "asked_by", "decided_by", "next_due"):
        wanted.append(("field", name))
    assert not [each for each in wanted if catalogue.pgettext(*each) == each[1]]
